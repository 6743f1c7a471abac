"""How the values of a :class:`~browseagent.session.Session` are written, and what is refused. Pure.

Each function gives the value in its one form or raises ``ValueError`` with a sentence for a person. None
of the sentences repeats what may be secret: the value of a header, a password in a proxy's address.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo, available_timezones

_PROFILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_DEVICE = re.compile(r"(?i)con|prn|aux|nul|com\d|lpt\d")
"""Names that no folder can have on Windows, whatever follows a dot."""
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_LOCALE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_VIEWPORT = re.compile(r"(\d{1,5})[xX×](\d{1,5})")
_MAIL = re.compile(r"[^\s()<>;,@]+@[^\s()<>;,@]+\.[^\s()<>;,@]+")
_CONNECTION = frozenset(
    "connection content-length host keep-alive proxy-authorization proxy-connection te trailer "  # noqa: SIM905
    "transfer-encoding upgrade accept-encoding".split()
)
"""Headers that belong to a connection or to how a body is read: setting them breaks the exchange."""
_OTHERS = {
    "cookie": "--cookie-file, which also says to whom each cookie belongs",
    "user-agent": "--user-agent",
    "accept-language": "--locale",
}
_LONGEST = 8_000
SMALLEST, LARGEST = 100, 8_192
"""Pixels of a side of the window: less shows no page, more is above what Chromium draws in one piece."""
PROXY_PORTS = {"http": 80, "https": 443, "socks5": 1080}


def profile_name(text: str) -> str:
    """The name of a profile, which is also a folder's."""
    if not _PROFILE.fullmatch(text) or text.endswith(".") or _DEVICE.fullmatch(text.partition(".")[0]):
        raise ValueError(
            f"{text[:80]!r} is no name for a profile; letters, digits, dots, dashes and underscores "
            "make one, 64 at most, a letter or digit first, no dot last, and no device of Windows such as con"
        )
    return text


def header(name: str, value: str) -> tuple[str, str]:
    """A request header. Its value is never repeated in an error."""
    if not _TOKEN.fullmatch(name):
        raise ValueError("a header is written 'Name: value'")
    lowered = name.lower()
    if lowered in _OTHERS:
        raise ValueError(f"{name} is set with {_OTHERS[lowered]}")
    if lowered in _CONNECTION:
        raise ValueError(f"{name} belongs to the connection and cannot be set")
    if len(value) > _LONGEST or not value.isprintable() or not value.isascii():
        raise ValueError(f"the value of {name} must be at most {_LONGEST:,} printable ASCII characters")
    return name, value


def written_header(text: str) -> tuple[str, str]:
    """The name and value of ``Name: value``."""
    name, colon, value = text.partition(":")
    if not colon:
        raise ValueError("a header is written 'Name: value'")
    return header(name.strip(), value.strip())


def user_agent(text: str) -> str:
    """What to say in User-Agent."""
    if not text.strip() or len(text) > 512 or not text.isprintable() or not text.isascii():
        raise ValueError("a user agent is 1 to 512 printable ASCII characters")
    return text


def contact(text: str) -> str:
    """An address at which whoever runs the program can be reached."""
    if len(text) <= 200 and text.isascii():
        if _MAIL.fullmatch(text):
            return text
        parts = _split(text)
        if parts is not None and parts.scheme in ("http", "https") and not re.search(r"[\s()<>;]", text):
            return text
    raise ValueError(
        f"{text[:80]!r} is no contact address; write name@example.org or https://example.org/bot"
    )


def locale(text: str) -> str:
    """A language, with a region where it matters."""
    if not _LOCALE.fullmatch(text) or len(text) > 35:
        raise ValueError(f"{text[:80]!r} is no locale; write de, de-AT or zh-Hant-TW")
    return text


def time_zone(text: str) -> str:
    """A time zone of the IANA database."""
    known = available_timezones()
    try:
        valid = text in known if known else bool(ZoneInfo(text))
    except (ValueError, OSError):
        valid = False
    if not valid:
        raise ValueError(f"{text[:80]!r} is no time zone; write Europe/Berlin or UTC")
    return text


def viewport(width: int, height: int) -> tuple[int, int]:
    """The size of the window in pixels."""
    if not (SMALLEST <= width <= LARGEST and SMALLEST <= height <= LARGEST):
        raise ValueError(f"a window is {SMALLEST} to {LARGEST} pixels wide and high, not {width}x{height}")
    return width, height


def written_viewport(text: str) -> tuple[int, int]:
    """The width and height of ``1280x800``."""
    match = _VIEWPORT.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text[:80]!r} is no window; write its width and height as 1280x800")
    return viewport(int(match[1]), int(match[2]))


def proxy(text: str) -> str:
    """The address of an upstream proxy."""
    parts = _split(text)
    scheme = parts.scheme if parts is not None else ""
    if scheme in ("socks5h", "socks4", "socks4a", "socks"):
        raise ValueError(
            f"{scheme}:// is not taken: names are resolved and checked here, not by the proxy; write socks5://"
        )
    if parts is None or scheme not in PROXY_PORTS:
        raise ValueError("a proxy is http://HOST:PORT, https://HOST:PORT or socks5://HOST:PORT")
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError("a proxy's address has no path")
    return text.rstrip("/")


def browser_url(text: str) -> str:
    """The address of a browser that runs already."""
    parts = _split(text)
    if parts is None or parts.scheme not in ("ws", "wss", "http", "https"):
        raise ValueError("a running browser is ws://HOST:PORT/…, or http://HOST:PORT of its DevTools")
    return text


def _split(text: str) -> SplitResult | None:
    """The parts of a URL that names a host; None for what does not, or holds white space."""
    try:
        parts = urlsplit(text)
        if not parts.hostname or parts.port == 0 or re.search(r"\s", text):
            return None
    except ValueError:
        return None
    return parts
