"""What shapes a page besides its URL: who asks, from where, and what is done on the page.

A :class:`Session` is that as one record. Whatever is in it may change what comes back, so pages are
stored under its :meth:`~Session.variant` too, and a page had with one session is never served to another.
What only chooses from a page that came (:class:`~browseagent.records.Elements`) is not part of it.

A :class:`Profile` is what a session keeps between runs, a :class:`Kept` what one page changed in it.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

from browseagent.errors import UsageError
from browseagent.session_fields import FIELDS, check_all


@dataclass(frozen=True, slots=True)
class Cookie:
    """One cookie and to whom it belongs (RFC 6265). Its value is not shown by ``repr``."""

    name: str
    value: str = field(repr=False)
    domain: str
    """``example.org``: that host alone; ``.example.org``: its subdomains too."""
    path: str = "/"
    expires: float = -1
    """Seconds since 1970; -1: with the browser's end."""
    secure: bool = False
    http_only: bool = False
    same_site: str = ""
    """Strict, Lax, None, or empty where nobody said."""

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes two cookies one."""
        return self.name, self.domain, self.path


Storage = Mapping[str, Any]
"""What one origin keeps in the browser, as Playwright writes it: ``origin``, ``localStorage``, ``indexedDB``.
"""


@dataclass(frozen=True, slots=True)
class Profile:
    """Cookies and storage that are kept between runs."""

    identity: str
    """Made at random when the profile was made, and anew by each login: pages stored before it are not
    pages of the one who is logged in."""
    cookies: tuple[Cookie, ...] = field(default=(), repr=False)
    storage: tuple[Storage, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Kept:
    """What one page changed in the cookies and storage that it was given."""

    cookies: tuple[Cookie, ...] = field(default=(), repr=False)
    """New, or with another value."""
    gone: frozenset[tuple[str, str, str]] = frozenset()
    """Keys of the cookies that it took away."""
    storage: tuple[Storage, ...] = field(default=(), repr=False)
    """The whole storage of each origin that was seen."""

    def __bool__(self) -> bool:
        return bool(self.cookies or self.gone or self.storage)


@dataclass(frozen=True, slots=True)
class Session:
    """How pages are asked for. Empty fields ask for nothing. Raises UsageError for impossible values.

    Values that may be secret (cookies, headers, addresses with passwords) are not shown by ``repr``.
    """

    profile: str = ""
    """Name of the profile whose cookies and storage are used and kept."""
    cookies: tuple[Cookie, ...] = field(default=(), repr=False)
    """Brought along for this run; not written into the profile."""
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """Sent to the origin that the person named, and to no other."""
    user_agent: str = ""
    """In place of our own name."""
    contact: str = ""
    """Added to our own name, so that a site can say what is wrong."""
    proxy: str = field(default="", repr=False)
    """``http``, ``https`` or ``socks5`` URL of an upstream proxy, behind the egress gate."""
    locale: str = ""
    timezone: str = ""
    viewport: tuple[int, int] | None = None
    """Width and height in pixels."""
    clicks: tuple[str, ...] = ()
    """CSS selectors of what is clicked, in order, once the page is loaded."""
    wait_for: str = ""
    """CSS selector of what must be seen (after the clicks) before the page is read."""
    browser_url: str = field(default="", repr=False)
    """A browser that runs already, in place of one of our own."""
    obey_robots: bool = False
    """Whether robots.txt binds even for what a person named."""
    media: bool = False
    """Whether images, fonts, audio and video are loaded."""
    trackers: bool = False
    """Whether pages may reach known trackers."""

    def __post_init__(self) -> None:
        try:
            check_all(self)
        except ValueError as error:
            raise UsageError(str(error)) from None
        names = [name.lower() for name, _ in self.headers]
        if len(set(names)) < len(names):
            raise UsageError("a header is given twice", hint="Join its values with a comma.")
        if self.browser_url and self.proxy:
            raise UsageError(
                "a proxy cannot be set for a browser that runs already",
                hint="Set it where that browser runs.",
            )

    @property
    def needs_browser(self) -> str:
        """The option that only a browser can carry out, or an empty string."""
        asked = (field.option for name, field in FIELDS.items() if field.by_browser and getattr(self, name))
        return next(asked, "")

    @property
    def stranger(self) -> Session:
        """The same way to the network, with nothing that is secret or done on a page."""
        return Session(user_agent=self.user_agent, contact=self.contact, proxy=self.proxy, locale=self.locale)

    def variant(self, identity: str = "") -> str:
        """The name under which pages had with this session are stored beside those had without: empty
        for a session that asks for nothing, else words for a person and a hash of every field.

        ``identity`` is that of the profile. The words name headers and hosts; no value of a header or
        cookie is in them.
        """
        asked = {own.name: getattr(self, own.name) for own in fields(self) if getattr(self, own.name)}
        if not asked:
            return ""
        if "cookies" in asked:
            asked["cookies"] = [asdict(cookie) for cookie in self.cookies]
        known = json.dumps([identity, sorted(asked.items())]).encode()
        return f"{self._words()} [{hashlib.sha256(known).hexdigest()[:20]}]"

    def _words(self) -> str:
        said = ((field, getattr(self, name)) for name, field in FIELDS.items())
        told = "; ".join(field.words(value) for field, value in said if value)
        return told if len(told) <= 200 else told[:199] + "…"


def signed_in(url: str, session: Session) -> tuple[str, Session]:
    """An address without the name and password in it, and the session that says them to its site alone."""
    try:
        parts = urlsplit(url)
        name, password = unquote(parts.username or ""), unquote(parts.password or "")
    except ValueError:
        return url, session  # no address: whoever opens it says so
    if not parts.netloc or "@" not in parts.netloc:
        return url, session
    plain = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    if any(header.lower() == "authorization" for header, _ in session.headers) or not name:
        return plain, session
    said = base64.b64encode(f"{name}:{password}".encode()).decode("ascii")
    return plain, replace(session, headers=(*session.headers, ("Authorization", f"Basic {said}")))


def changed(before: tuple[Cookie, ...], after: tuple[Cookie, ...]) -> Kept:
    """What became of some cookies."""
    had = {cookie.key: cookie for cookie in before}
    has = {cookie.key: cookie for cookie in after}
    return Kept(
        cookies=tuple(cookie for key, cookie in has.items() if not _same(had.get(key), cookie)),
        gone=frozenset(had.keys() - has.keys()),
    )


def _same(had: Cookie | None, has: Cookie) -> bool:
    """Whether a cookie is what it was. httpx forgets SameSite and Chromium cuts off what is too far in
    the future: neither is a change that a server made."""
    if had is None:
        return False
    alike = replace(has, same_site=had.same_site, expires=had.expires) == had
    return alike and abs(had.expires - has.expires) < 3600


def merged(profile: Profile, kept: Kept, now: float) -> Profile:
    """The profile after a page. ``now`` in seconds since 1970: what has expired by then is dropped."""
    cookies = {cookie.key: cookie for cookie in profile.cookies if cookie.key not in kept.gone}
    cookies |= {cookie.key: cookie for cookie in kept.cookies}
    alive = tuple(cookie for cookie in cookies.values() if cookie.expires < 0 or cookie.expires > now)
    storage = {entry["origin"]: entry for entry in (*profile.storage, *kept.storage)}
    return replace(profile, cookies=alive, storage=tuple(storage.values()))
