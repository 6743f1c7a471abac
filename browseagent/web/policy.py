"""Who may be reached. Pure: the egress gate asks, this answers.

What the person typed may be anywhere, their own network included. What a page names (a redirect, a
link, a subresource, a script's request) must be on the public internet, except at the very origin
that the person typed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from browseagent.web.addresses import Address, not_public, parse_host


@dataclass(frozen=True, slots=True)
class Origin:
    """Host (lower case, no brackets, no trailing dot) and port."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Policy:
    """What the user refuses, and what they open."""

    refused_hosts: tuple[str, ...] = ()
    """Host names (with all their subdomains), addresses or networks in CIDR form never to reach."""
    refused_trackers: tuple[str, ...] = ()
    """Like ``refused_hosts``, for what a page loads; not for a page itself."""
    allow_private: bool = False
    """Whether what a page names may be on a private network too."""

    def refuse_name(self, host: str) -> str | None:
        """Why a host may not be asked for at all, before it is resolved; None where it may."""
        for entry in self.refused_hosts:
            if "/" not in entry and covers(entry, host):
                return f"{host} is on your list of refused hosts"
        return None

    def is_tracker(self, host: str) -> bool:
        """Whether a host is refused as a subresource."""
        return any(covers(entry, host) for entry in self.refused_trackers)

    def refuse_address(self, host: str, address: Address, *, granted: bool) -> str | None:
        """Why that address may not be reached; None where it may. ``granted``: the person typed it."""
        for entry in self.refused_hosts:
            if _network_holds(entry, address):
                return f"{address} is on your list of refused networks"
        if granted or self.allow_private:
            return None
        kind = not_public(address)
        if kind is None:
            return None
        where = str(address) if host == str(address) else f"{host} ({address})"
        return f"{where} is not on the public internet ({kind} address)"


def covers(entry: str, host: str) -> bool:
    """Whether a listed name is that host or a parent domain of it. ``*.`` before it changes nothing."""
    listed = entry.lower().removeprefix("*.").strip(".")
    return host == listed or host.endswith("." + listed)


def plain_host(host: str) -> str:
    """A host as policies compare it: lower case, no brackets, no trailing dot; addresses canonical."""
    address = parse_host(host)
    if address is not None:
        return str(address)
    bare = host.strip("[]").rstrip(".").lower()
    try:
        return bare.encode("idna").decode("ascii") if not bare.isascii() else bare
    except UnicodeError:
        return bare


_SPLIT = re.compile(r"^(?:\[(?P<six>[^\]]*)\]|(?P<host>[^:/@\s]*))(?::(?P<port>\d{1,5}))?$")


def split_authority(authority: str, default_port: int) -> Origin | None:
    """``host[:port]`` as an origin; None where it is malformed, or holds user information."""
    match = _SPLIT.match(authority)
    if match is None:
        return None
    host = match["six"] if match["six"] is not None else match["host"]
    port = int(match["port"]) if match["port"] else default_port
    if not host or not 0 < port < 65536:
        return None
    return Origin(plain_host(host), port)


def _network_holds(entry: str, address: Address) -> bool:
    try:
        if "/" in entry:
            return address in ip_network(entry, strict=False)
        return address == ip_address(entry.strip("[]"))
    except ValueError:
        return False
