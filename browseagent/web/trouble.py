"""What can go wrong on the way to a page, as data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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
