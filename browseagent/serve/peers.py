"""Whose process is at the other end of a connection over loopback, as far as the system tells."""

from __future__ import annotations

import os
import socket
import struct
import sys
from contextlib import suppress
from ipaddress import ip_address

from browseagent.serve.access import Who

Ends = tuple[str, int]
_SOCK_DIAG, _BY_FAMILY, _ASKED, _ERROR = 4, 20, 1, 2
"""Of netlink(7) and sock_diag(7)."""
_DEADLINE = 1.0
_HEAD = struct.Struct("=IHHII")
_FOUND = struct.Struct("=4x48x12xII")
"""Of an ``inet_diag_msg``: the user and the inode, behind the state, the ends, the timer and the queues."""


def who_is(peer: Ends | None, ours: Ends | None) -> Who:
    """Who sent what came from ``peer`` to ``ours``. Linux tells the user of a socket by its two ends; where
    the system does not tell (macOS, Windows) it is unknown."""
    if peer is not None and ours is not None and sys.platform == "linux":
        with suppress(OSError), socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, _SOCK_DIAG) as asking:
            asking.settimeout(_DEADLINE)
            asking.send(_question(peer, ours))
            return _whose(asking.recv(65536), os.getuid())
    return "unknown"


def _question(peer: Ends, ours: Ends) -> bytes:
    """Asks for the one TCP socket whose own end is ``peer`` and whose other end is ``ours``."""
    addresses = [ip_address(each[0]).packed for each in (peer, ours)]
    family = socket.AF_INET if len(addresses[0]) == 4 else socket.AF_INET6
    ends = struct.pack("!HH", peer[1], ours[1]) + b"".join(each.ljust(16, b"\0") for each in addresses)
    of_any = struct.pack("=I", 0) + b"\xff" * 8  # any interface, any cookie
    body = struct.pack("=BBBBI", family, socket.IPPROTO_TCP, 0, 0, 0xFFFFFFFF) + ends + of_any
    return _HEAD.pack(_HEAD.size + len(body), _BY_FAMILY, _ASKED, 1, 0) + body


def _whose(reply: bytes, me: int) -> Who:
    """A socket that its process has closed is told as root's, without an inode: whose it was is not known."""
    if len(reply) < _HEAD.size + _FOUND.size or _HEAD.unpack_from(reply)[1] == _ERROR:
        return "unknown"
    user, inode = _FOUND.unpack_from(reply, _HEAD.size)
    if not inode:
        return "unknown"
    return "user" if user in (me, 0) else "stranger"
