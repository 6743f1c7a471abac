"""What can go wrong on the way to a page, what it makes of the page, and what to do about it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from browseagent.records import Outcome

if TYPE_CHECKING:
    from browseagent.web.lane import Lane


class TroubleKind(StrEnum):
    """Where it went wrong. Decided by whoever saw it; turned into an outcome by ``outcome.judge``."""

    URL = "url"
    POLICY = "policy"
    ROBOTS = "robots"
    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    PROTOCOL = "protocol"
    REDIRECTS = "redirects"
    TIMEOUT = "timeout"
    TOO_LARGE = "too_large"
    BOMB = "bomb"
    ENCODING = "encoding"
    DOWNLOAD = "download"
    CRASH = "crash"
    NO_BROWSER = "no_browser"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that went wrong, in words that a person can follow."""

    kind: TroubleKind
    detail: str


MEANT: Mapping[TroubleKind, tuple[Outcome, str]] = {
    TroubleKind.URL: (Outcome.UNREACHABLE, "Check the address."),
    TroubleKind.POLICY: (
        Outcome.POLICY,
        "Give the address itself on the command line if you mean to reach it.",
    ),
    TroubleKind.ROBOTS: (
        Outcome.ROBOTS,
        "Name the page yourself, without --obey-robots, if its owner allows that.",
    ),
    TroubleKind.DNS: (Outcome.UNREACHABLE, "Check the spelling of the host and your network connection."),
    TroubleKind.CONNECT: (Outcome.UNREACHABLE, "Check the address and the port, or try again later."),
    TroubleKind.TLS: (
        Outcome.UNREACHABLE,
        "Somebody may be in between, or the site's certificate needs renewal; try again later.",
    ),
    TroubleKind.PROTOCOL: (Outcome.UNREACHABLE, "Try again later."),
    TroubleKind.REDIRECTS: (
        Outcome.HTTP_ERROR,
        "The site may want cookies or a login; open it in a browser to see.",
    ),
    TroubleKind.TIMEOUT: (Outcome.TIMEOUT, "Try again with a longer --timeout."),
    TroubleKind.TOO_LARGE: (Outcome.TOO_LARGE, "Download it yourself and give a part of it as a file."),
    TroubleKind.BOMB: (Outcome.TOO_LARGE, "Do not open it."),
    TroubleKind.ENCODING: (Outcome.UNSUPPORTED, "Try --via chromium."),
    TroubleKind.DOWNLOAD: (Outcome.UNSUPPORTED, "Download it yourself and give it as a file."),
    TroubleKind.CRASH: (Outcome.UNREACHABLE, "Try --via http."),
    TroubleKind.NO_BROWSER: (Outcome.UNREACHABLE, "Run `browseagent doctor`, or try --via http."),
    TroubleKind.ABSENT: (
        Outcome.TIMEOUT,
        "Check the selector (--screenshot shows the page), or give it a longer --timeout.",
    ),
}
"""The outcome of each, and what to do about it."""
_CODE = re.compile(r"net::(ERR_[A-Z0-9_]+)")
_KINDS: tuple[tuple[str, TroubleKind, str], ...] = (
    ("ERR_CERT_DATE", TroubleKind.TLS, "no secure connection to {host}: its certificate has expired"),
    (
        "ERR_CERT_COMMON_NAME",
        TroubleKind.TLS,
        "no secure connection to {host}: its certificate is for another name",
    ),
    (
        "ERR_CERT_AUTHORITY",
        TroubleKind.TLS,
        "no secure connection to {host}: its certificate was issued by nobody this machine trusts",
    ),
    ("ERR_CERT_", TroubleKind.TLS, "no secure connection to {host}: its certificate is not valid ({code})"),
    ("ERR_SSL_", TroubleKind.TLS, "no secure connection to {host} ({code})"),
    ("ERR_BAD_SSL", TroubleKind.TLS, "no secure connection to {host} ({code})"),
    ("ERR_TOO_MANY_REDIRECTS", TroubleKind.REDIRECTS, "the server redirects in a circle"),
    ("ERR_UNSAFE_REDIRECT", TroubleKind.POLICY, "the server redirects to what is not http or https"),
    ("ERR_UNKNOWN_URL_SCHEME", TroubleKind.POLICY, "the server redirects to what is not http or https"),
    ("ERR_UNSAFE_PORT", TroubleKind.POLICY, "browsers refuse that port, for it belongs to another service"),
    (
        "ERR_CONTENT_DECODING",
        TroubleKind.ENCODING,
        "the page is not the compressed data that the server announced",
    ),
    ("ERR_NAME_NOT_RESOLVED", TroubleKind.DNS, "{host} was not found (DNS)"),
    ("ERR_INVALID_URL", TroubleKind.URL, "{url} is no usable URL"),
    ("ERR_INSUFFICIENT_RESOURCES", TroubleKind.CRASH, "Chromium ran out of memory"),
    ("ERR_CONTENT_LENGTH", TroubleKind.PROTOCOL, "{host} broke off in the middle of the page"),
    ("ERR_INCOMPLETE_CHUNKED", TroubleKind.PROTOCOL, "{host} broke off in the middle of the page"),
    ("ERR_TIMED_OUT", TroubleKind.TIMEOUT, "{host} did not answer in time"),
    ("ERR_CONNECTION_TIMED_OUT", TroubleKind.TIMEOUT, "{host} did not answer in time"),
)


def explain(message: str, url: str, lane: Lane) -> Trouble:
    """What a failed navigation means. What the gate noted goes before what Chromium guessed."""
    if lane.exhausted is not None:
        return lane.exhausted
    found = re.search(r" at (\S+)$", message)
    where = found[1] if found else url
    host = urlsplit(where).hostname or where
    noted = lane.trouble_of(where)
    if noted is not None:
        return noted
    match = _CODE.search(message)
    code = match[1] if match else ""
    for prefix, kind, words in _KINDS:
        if code.startswith(prefix):
            return Trouble(kind, words.format(host=host, url=where, code=code))
    if "Timeout" in message:
        return Trouble(TroubleKind.TIMEOUT, f"{host} did not answer in time")
    if not code and "invalid URL" in message:
        return Trouble(TroubleKind.URL, f"{where} is no usable URL")
    return Trouble(TroubleKind.PROTOCOL, f"{host} gave no usable answer ({code or message[:200]})")


def sentence(detail: str) -> str:
    """The detail as a sentence; a host name that it begins with stays as it is."""
    named = bool(re.match(r"\S+[.:]\w", detail))
    text = detail if named else detail[:1].upper() + detail[1:]
    return text if text.endswith((".", "!", "?")) else text + "."
