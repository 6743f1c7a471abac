"""Who is served. Pure: the headers of a request and who sent it in, a verdict out.

A page of another site that a person has open may send requests here too: from its own origin
(cross-site request forgery), or after its name was pointed at this machine (DNS rebinding). So ``Host``
must be a name of this server, and ``Origin``, where there is one, must be this server's.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from browseagent.serve.options import ServeOptions, is_loopback

COOKIE = "browseagent"
"""The name of the cookie that a sign-in leaves."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

Who = Literal["user", "stranger", "unknown"]
"""Whose process sent a request from this machine: the one who started the server, another, or one that the
system does not tell."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not served."""

    status: int
    message: str
    hint: str = ""


def refuse(
    options: ServeOptions, method: str, path: str, headers: Mapping[str, str], cookie: str, who: Who
) -> Refusal | None:
    """Why a request is not served; None where it is. ``headers`` by lower-case name, ``cookie`` the value of
    ours, ``who`` sent it, where it came over loopback or our socket."""
    host = headers.get("host", "")
    if not _is_ours(host, options):
        return Refusal(403, f"this server is not {host or 'nameless'}", "Use the address that it printed.")
    if not _same_origin(headers, host, safe=method in SAFE):
        return Refusal(403, "a page of another site may not send this request")
    if path in ("/healthz", "/readyz", "/sign-in") or path.startswith("/static/") or _is_feed(path):
        return None  # they tell nothing, or have a key of their own
    if options.token and _has_token(options.token, headers, cookie):
        return None
    if who == "user":
        return None
    hint = "Send Authorization: Bearer TOKEN." if options.token else "Only who started it is served."
    return Refusal(401, "this server does not know you", hint)


def signature(token: str, about: str) -> str:
    """What proves that somebody knew the token, for one purpose."""
    return hmac.new(token.encode(), about.encode(), hashlib.sha256).hexdigest()


def _has_token(token: str, headers: Mapping[str, str], cookie: str) -> bool:
    scheme, _, given = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), token.encode()):
        return True
    return bool(cookie) and hmac.compare_digest(cookie.encode(), signature(token, "cookie").encode())


def _is_ours(host: str, options: ServeOptions) -> bool:
    """Whether a Host header names this server: on loopback by an address or ``localhost``, with its port."""
    parts = _authority(host)
    if parts is None:
        return False
    name, port = parts
    if options.on_loopback:
        return is_loopback(name) and port in (options.port, None)
    return True  # elsewhere the token decides, and the name is the operator's


def _authority(host: str) -> tuple[str, int | None] | None:
    try:
        parts = urlsplit(f"//{host}")
        name, port = parts.hostname, parts.port
    except ValueError:
        return None
    if not name or parts.username is not None or parts.path or parts.query or parts.fragment:
        return None
    return name, port


def _same_origin(headers: Mapping[str, str], host: str, *, safe: bool) -> bool:
    """Whether a request comes from our own page, or from no page at all."""
    origin = headers.get("origin")
    if origin is not None:
        parts = urlsplit(origin)
        return parts.scheme in ("http", "https") and parts.netloc.lower() == host.lower()
    site = headers.get("sec-fetch-site", "")
    if safe:  # a link elsewhere, a bookmark: it changes nothing, and its answer is not theirs to read
        return site in ("", "none", "same-origin") or headers.get("sec-fetch-mode") == "navigate"
    return site in ("", "none", "same-origin")


def _is_feed(path: str) -> bool:
    return path == "/feed.atom" or (path.startswith("/watches/") and path.endswith("/feed.atom"))
