"""Whose process is at the other end of a connection over loopback, as far as the system tells."""

from __future__ import annotations

import os
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path

from browseagent.serve.access import Who

_TABLES = ("/proc/net/tcp", "/proc/net/tcp6")
Ends = tuple[str, int]


def who_is(peer: Ends | None, ours: Ends | None, *, tables: tuple[str, ...] = _TABLES) -> Who:
    """Who sent what came from ``peer`` to ``ours``. Linux lists each socket with its user (proc(5)); where
    there is no such list (macOS, Windows) it is unknown."""
    if peer is None or ours is None or not hasattr(os, "getuid"):
        return "unknown"
    wanted = (_plain(peer), _plain(ours))
    for table in tables:
        try:
            text = Path(table).read_text(encoding="ascii")
        except OSError:
            continue
        for local, remote, user in _sockets(text):
            if (local, remote) == wanted:
                return "user" if user in (os.getuid(), 0) else "stranger"
    return "unknown"


def _sockets(text: str) -> Iterator[tuple[Ends, Ends, int]]:
    """(local end, remote end, user) of each line of ``/proc/net/tcp``."""
    for line in text.splitlines()[1:]:
        fields = line.split()
        yield _ends(fields[1]), _ends(fields[2]), int(fields[7])


def _ends(written: str) -> Ends:
    """``0100007F:1F90`` as ``("127.0.0.1", 8080)``: words of four bytes in the machine's own order."""
    digits, port = written.split(":")
    words = [bytes.fromhex(digits[at : at + 8])[::-1] for at in range(0, len(digits), 8)]
    return _plain((str(ip_address(b"".join(words))), int(port, 16)))


def _plain(ends: Ends) -> Ends:
    """An IPv4 address that was written as one of IPv6 is that address."""
    address = ip_address(ends[0])
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address), ends[1]
