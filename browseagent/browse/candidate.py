"""A page that may be read next, as what led to it describes it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from urllib.parse import unquote_plus, urldefrag, urlsplit

_SUFFIX = re.compile(r"\.(?:html?|php|aspx?|jsp|md|txt|xml)$", re.IGNORECASE)
_INDEX_FILE = re.compile(r"/(?:index|default)\.\w{2,5}$", re.IGNORECASE)
_INDEX = re.compile(r"/(?:index|default)$", re.IGNORECASE)


class Lead(StrEnum):
    """What led to a candidate."""

    LINK = "link"
    NEXT = "next page"
    LISTS = "list of pages"
    SITEMAP = "sitemap"
    LLMS = "llms.txt"
    SEARCH = "search form"


@dataclass(frozen=True)
class Candidate:
    """An address and what is said of it where it was found."""

    url: str
    """Absolute, without fragment."""
    lead: Lead
    found_on: str
    """URL of the page that has the link, the form, or of the sitemap."""
    anchor: str = ""
    """The words of the link itself."""
    heading: str = ""
    """The heading that it stands under."""
    around: str = ""
    """The words beside it."""
    depth: int = 0
    """Links between a page that the person named and this one."""

    @cached_property
    def address(self) -> str:
        """The words of the URL's path and query."""
        return address_words(self.url)


def plain_url(url: str) -> str:
    """A URL without its fragment, its host in lower case: two links to one page are one candidate."""
    url = urldefrag(url).url
    parts = urlsplit(url)
    return parts._replace(scheme=parts.scheme.lower(), netloc=parts.netloc.lower()).geturl()


def page_key(url: str) -> str:
    """What two addresses of one page have in common: ``/bins/index.html`` is ``/bins/``."""
    parts = urlsplit(plain_url(url))
    path = _INDEX_FILE.sub("", parts.path)
    return parts._replace(path=path.rstrip("/")).geturl()


def part_of(url: str) -> str:
    """The part of its site that a page belongs to: the first folder of its path, or nothing."""
    first, slash, _ = urlsplit(url).path.lstrip("/").partition("/")
    return first if slash else ""


def address_words(url: str) -> str:
    """The words that an address spells, its suffix left out."""
    parts = urlsplit(url)
    path = _INDEX.sub("", _SUFFIX.sub("", parts.path.rstrip("/")))
    return " ".join(re.findall(r"\w+", unquote_plus(f"{path} {parts.query}").replace("_", " ")))
