"""Which addresses the loop may follow."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

_NO_PAGE = re.compile(
    r"\.(?:jpe?g|png|gif|svg|webp|avif|ico|bmp|mp[34]|m4[av]|webm|ogg|wav|avi|mov|zip|gz|tgz|bz2|xz|7z|rar|exe"
    r"|msi|dmg|deb|rpm|apk|iso|css|js|mjs|json|xml|rss|atom|woff2?|ttf|ics|docx?|xlsx?|pptx?|epub)$",
    re.IGNORECASE,
)
"""What a path ends with that leads to no page with text (or to one that says nothing a page does not)."""
_ACTS = re.compile(
    r"(?:^|/)(?:log-?(?:out|in|off|on)|sign-?(?:out|in|off)|unsubscribe|delete|add-to-(?:cart|basket|bag)|basket"
    r"|cart|checkout)(?:\.\w+)?(?:/|\?|$)|[?&](?:action|do)=(?:logout|delete|remove)|[?&]add-to-cart=",
    re.IGNORECASE,
)
"""Addresses that do something, or ask who is there: no question is answered there, and opening one may have
an effect. Whole names of a path only: a page on the housing register is a page."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The hosts of the pages that the person named, and the domains that they allowed beside these."""

    hosts: frozenset[str]
    """Hosts with port where it is not the usual one; ``www.`` is left out."""
    domains: tuple[str, ...] = ()
    """With all their subdomains."""

    def covers(self, url: str) -> bool:
        """Whether a page at that address may be read without the person having named it."""
        try:
            parts = urlsplit(url)
            host = parts.hostname or ""
        except ValueError:
            return False
        if parts.scheme.lower() not in ("http", "https") or not host or "@" in parts.netloc:
            return False
        if site_of(url) in self.hosts:
            return True
        return any(host == domain or host.endswith("." + domain) for domain in self.domains)


def scope_of(urls: list[str], domains: tuple[str, ...] = ()) -> Scope:
    """The scope of a run whose sources these URLs are."""
    plain = tuple(domain.lower().removeprefix("*.").strip(".") for domain in domains)
    return Scope(frozenset(filter(None, map(site_of, urls))), plain)


def site_of(url: str) -> str:
    """The host of a web address, and its port where that is not the usual one; empty for any other URL."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return ""
    if not host or parts.scheme.lower() not in ("http", "https"):
        return ""
    usual = 443 if parts.scheme.lower() == "https" else 80
    bare = host.lower().removeprefix("www.")
    return bare if port in (None, usual) else f"{bare}:{port}"


def is_page(url: str) -> bool:
    """Whether an address may lead to a page with text, and opening it is only looking."""
    parts = urlsplit(url)
    return not _NO_PAGE.search(parts.path) and not _ACTS.search(f"{parts.path}?{parts.query}")
