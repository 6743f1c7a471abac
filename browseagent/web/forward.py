"""The heads of the messages that the egress gate forwards: parsing and rewriting. Pure but for
:func:`read_head`."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass

from browseagent.web.policy import Origin, split_authority

CHUNK = 65_536
_LONGEST, _TOO_LONG = 2**18, "sent a header section of more than 256 kB"
_HOP = {
    "connection",
    "proxy-connection",
    "keep-alive",
    "proxy-authorization",
    "proxy-authenticate",
    "upgrade",
    "te",
}
_REQUEST = re.compile(r"^([A-Z]+) (\S+) HTTP/1\.[01]$")
_STATUS = re.compile(r"^HTTP/1\.[01] (\d{3})(?: .*)?$")
_ABSOLUTE = re.compile(r"^http://([^/?#]*)(.*)$", re.IGNORECASE)


class HeadError(Exception):
    """A head that is not HTTP, or not one that the gate forwards."""


@dataclass(frozen=True, slots=True)
class RequestHead:
    """A client's request to the gate."""

    method: str
    origin: Origin
    target: str = ""
    """Path and query, as the server gets them; empty for CONNECT."""
    headers: tuple[str, ...] = ()
    """Header lines that are passed on."""
    length: int = 0
    """Bytes of the request's body."""

    def to_server(self) -> bytes:
        """The head as it is sent on: origin form, one request a connection."""
        lines = (f"{self.method} {self.target} HTTP/1.1", *self.headers, "Connection: close", "", "")
        return "\r\n".join(lines).encode("latin-1")


async def read_head(reader: asyncio.StreamReader) -> list[str]:
    """The lines of a message's head; some servers end them without a carriage return. Raises ``HeadError``
    where it is too long."""
    lines: list[str] = []
    size = 0
    try:
        while True:
            raw = await reader.readuntil(b"\n")
            size += len(raw)
            if size > _LONGEST:
                raise HeadError(_TOO_LONG)
            if line := raw.rstrip(b"\r\n").decode("latin-1"):
                lines.append(line)
            elif lines:
                return lines
    except asyncio.LimitOverrunError as error:
        raise HeadError(_TOO_LONG) from error
    except asyncio.IncompleteReadError as error:
        first = lines[0] if lines else error.partial.decode("latin-1")
        if first and not first.startswith(("HTTP/", "GET", "POST", "CONNECT", "HEAD")):
            raise HeadError("sent something that is not HTTP") from error
        raise


def request_head(lines: list[str]) -> RequestHead:
    """A client's request, checked. Raises ``HeadError``."""
    match = _REQUEST.match(lines[0])
    if match is None:
        raise HeadError("not an HTTP request")
    method, target = match[1], match[2]
    if method == "CONNECT":
        origin = split_authority(target, 443)
        if origin is None:
            raise HeadError(f"not a host and port: {target[:200]}")
        return RequestHead(method, origin)
    absolute = _ABSOLUTE.match(target)
    origin = split_authority(absolute[1].rpartition("@")[2], 80) if absolute else None
    if absolute is None or origin is None:
        raise HeadError(f"not an http URL: {target[:200]}")
    kept, length = _kept(lines[1:])
    path = absolute[2].partition("#")[0]
    path = path if path.startswith("/") else "/" + path
    authority = absolute[1].rpartition("@")[2]
    return RequestHead(method, origin, path, (f"Host: {authority}", *kept), length)


def _kept(lines: list[str]) -> tuple[list[str], int]:
    """Header lines without those that concern one connection only, and the body's length."""
    kept: list[str] = []
    length = 0
    for line in lines:
        name, _, value = line.partition(":")
        lowered = name.strip().lower()
        if lowered == "transfer-encoding":
            raise HeadError("a request body of unknown length is not forwarded")
        if lowered == "content-length":
            if not value.strip().isdigit():
                raise HeadError("a malformed Content-Length")
            length = int(value)
        if lowered not in _HOP and lowered != "host":
            kept.append(line)
    return kept, length


def response_head(lines: list[str]) -> bytes | None:
    """A server's response head as the client gets it; None for an interim (1xx) response."""
    match = _STATUS.match(lines[0])
    if match is None:
        raise HeadError("sent something that is not HTTP")
    if match[1].startswith("1"):
        return None
    kept = [line for line in lines[1:] if line.partition(":")[0].strip().lower() not in _HOP]
    return "\r\n".join((lines[0], *kept, "Connection: close", "", "")).encode("latin-1")
