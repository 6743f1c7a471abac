"""Chromium's network errors (``net::ERR_…``) as trouble in words. Pure."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from browseagent.web.lane import Lane
from browseagent.web.trouble import Trouble, TroubleKind

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
