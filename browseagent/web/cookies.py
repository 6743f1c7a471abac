"""Cookies and storage: what a session brings to a page and what the page left, for httpx and Chromium alike,
so that a login in one serves the other; and cookie files."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from http.cookiejar import Cookie as JarCookie
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, Any

from browseagent.errors import UsageError
from browseagent.session import Cookie, Session, Storage, changed
from browseagent.web.port import ProfileStore

if TYPE_CHECKING:
    import httpx

_LOCAL = ".local"
"""What http.cookiejar puts behind a host without a dot."""
_FLAGS = {"TRUE": True, "FALSE": False}
_HTTP_ONLY = "#HttpOnly_"
_FIELDS = "domain, subdomains, path, secure, expires, name, value"


@dataclass(frozen=True, slots=True)
class StorageState:
    """Cookies and storage as a page gets them."""

    cookies: tuple[Cookie, ...] = field(default=(), repr=False)
    storage: tuple[Storage, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Sessions:
    """Gets what sessions carry from where profiles are kept, and puts it back."""

    profiles: ProfileStore | None = None

    async def bring(self, session: Session) -> StorageState:
        """What a session brings to a page. A cookie of the person's file goes before the profile's."""
        if not session.profile:
            return StorageState(session.cookies)
        profile = await asyncio.to_thread(self._store().load, session.profile)
        both = {cookie.key: cookie for cookie in (*profile.cookies, *session.cookies)}
        return StorageState(tuple(both.values()), profile.storage)

    async def keep(self, session: Session, before: StorageState, after: StorageState) -> None:
        """Notes in the profile what a page changed; without a profile nothing is kept."""
        if not session.profile:
            return
        storage = tuple(entry for entry in after.storage if entry not in before.storage)
        kept = replace(changed(before.cookies, after.cookies), storage=storage)
        if kept:
            await asyncio.to_thread(self._store().merge, session.profile, kept)

    def _store(self) -> ProfileStore:
        if self.profiles is None:
            raise UsageError("a profile was named, and there is no place for profiles")
        return self.profiles


def jar_of(cookies: Iterable[Cookie]) -> httpx.Cookies:
    """Cookies as httpx sends them. A cookie of one host goes to no subdomain (http.cookiejar would send it
    there), and none is taken that a site sets for all of ``.co.uk``."""
    import httpx

    alone = DefaultCookiePolicy.DomainStrictNonDomain
    jar = CookieJar(DefaultCookiePolicy(strict_domain=True, strict_ns_domain=alone))
    for cookie in cookies:
        jar.set_cookie(_to_jar(cookie))
    return httpx.Cookies(jar)


def from_jar(jar: httpx.Cookies) -> tuple[Cookie, ...]:
    """The cookies in httpx's jar."""
    return tuple(_from_jar(cookie) for cookie in jar.jar)


def _to_jar(cookie: Cookie) -> JarCookie:
    bare = cookie.domain.lstrip(".")
    domain = cookie.domain if "." in bare or ":" in bare else f"{cookie.domain}{_LOCAL}"
    return JarCookie(
        version=0,
        name=cookie.name,
        value=cookie.value,
        port=None,
        port_specified=False,
        domain=domain,
        domain_specified=domain.startswith("."),
        domain_initial_dot=domain.startswith("."),
        path=cookie.path,
        path_specified=True,
        secure=cookie.secure,
        expires=None if cookie.expires < 0 else int(cookie.expires),
        discard=cookie.expires < 0,
        comment=None,
        comment_url=None,
        rest={"HttpOnly": ""} if cookie.http_only else {},
    )


def _from_jar(cookie: JarCookie) -> Cookie:
    domain = cookie.domain
    single = domain.removesuffix(_LOCAL)
    if domain.endswith(_LOCAL) and "." not in single:
        domain = single
    return Cookie(
        cookie.name,
        cookie.value or "",
        domain,
        cookie.path,
        -1 if cookie.expires is None else cookie.expires,
        cookie.secure,
        cookie.has_nonstandard_attr("HttpOnly") or cookie.has_nonstandard_attr("httponly"),
    )


def to_browser(cookie: Cookie) -> dict[str, Any]:
    """A cookie as Playwright takes it."""
    fields: dict[str, Any] = {
        "name": cookie.name,
        "value": cookie.value,
        "domain": cookie.domain,
        "path": cookie.path,
        "expires": cookie.expires,
        "secure": cookie.secure,
        "httpOnly": cookie.http_only,
    }
    if cookie.same_site in ("Strict", "Lax", "None"):
        fields["sameSite"] = cookie.same_site
    return fields


def from_browser(fields: Any) -> Cookie:
    """A cookie as Playwright gives it."""
    return Cookie(
        fields["name"],
        fields["value"],
        fields["domain"],
        fields["path"],
        fields.get("expires", -1),
        fields.get("secure", False),
        fields.get("httpOnly", False),
        fields.get("sameSite", ""),
    )


def parse_cookie_file(text: str, now: float) -> tuple[Cookie, ...]:
    """The cookies of a file in Netscape's format (as browsers' add-ons and curl write it) that have not
    expired at ``now`` (seconds since 1970). One cookie a line, seven fields apart by tabs. Raises ValueError
    with the number of the line that is none, and never repeats what is in it."""
    if text.lstrip()[:1] in ("[", "{"):
        raise ValueError("this is JSON; export the cookies in Netscape's format (cookies.txt)")
    cookies = []
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        http_only = line.startswith(_HTTP_ONLY)
        if not line.strip() or (line.startswith("#") and not http_only):
            continue
        try:
            cookies.append(_of_line(line.removeprefix(_HTTP_ONLY), http_only))
        except ValueError as error:
            raise ValueError(f"line {number}: {error}") from None
    if not cookies:
        raise ValueError("there is no cookie in it")
    return tuple(cookie for cookie in cookies if cookie.expires < 0 or cookie.expires > now)


def _of_line(line: str, http_only: bool) -> Cookie:
    fields = line.split("\t")
    if len(fields) != 7:
        raise ValueError(f"there are {len(fields)} fields, and seven are needed ({_FIELDS}), apart by tabs")
    domain, subdomains, path, secure, expires, name, value = fields
    if subdomains not in _FLAGS or secure not in _FLAGS:
        raise ValueError("its second and fourth fields (subdomains, secure) must be TRUE or FALSE")
    bare = domain.lstrip(".").lower()
    if not bare or any(character.isspace() or character in "/;," for character in bare):
        raise ValueError("its first field is no domain")
    if not path.startswith("/"):
        raise ValueError("its third field (path) must begin with a slash")
    try:
        until = float(expires or 0)
    except ValueError:
        raise ValueError("its fifth field (expires) is no number of seconds") from None
    if not until < 1e12:
        raise ValueError("its fifth field (expires) is no time in seconds")
    if not name or not f"{name}{value}".isprintable() or ";" in value:
        raise ValueError("its name or value holds what no cookie can hold")
    return Cookie(
        name=name,
        value=value,
        domain=f".{bare}" if _FLAGS[subdomains] else bare,
        path=path,
        expires=until if until > 0 else -1,
        secure=_FLAGS[secure],
        http_only=http_only,
    )
