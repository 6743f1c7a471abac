"""Addresses, origins and who may be reached. Pure: the egress gate asks, this answers.

What the person typed may be anywhere, their own network included. What a page names (a redirect, a
link, a subresource, a script's request) must be on the public internet, except at the very origin
that the person typed.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

Address = IPv4Address | IPv6Address

# Named ranges first, so that a refusal can say which; `is_global` has the last word on the rest.
_RANGES = tuple(
    (ip_network(cidr), name)
    for cidr, name in (
        ("169.254.169.254/32", "cloud metadata"),
        ("168.63.129.16/32", "cloud metadata"),  # Azure's wire server: metadata in public space
        ("100.100.100.200/32", "cloud metadata"),
        ("fd00:ec2::254/128", "cloud metadata"),
        ("0.0.0.0/8", "this-host"),
        ("127.0.0.0/8", "loopback"),
        ("169.254.0.0/16", "link-local"),
        ("10.0.0.0/8", "private"),
        ("172.16.0.0/12", "private"),
        ("192.168.0.0/16", "private"),
        ("100.64.0.0/10", "carrier-grade NAT"),
        ("192.0.0.0/24", "reserved"),
        ("192.88.99.0/24", "6to4 relay"),
        ("198.18.0.0/15", "benchmarking"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
        ("::/128", "this-host"),
        ("::1/128", "loopback"),
        ("::ffff:0:0/96", "IPv4-mapped"),
        ("::ffff:0:0:0/96", "IPv4-translated"),
        ("::/96", "IPv4-compatible"),
        ("64:ff9b::/96", "NAT64"),
        ("64:ff9b:1::/48", "NAT64"),
        ("2001::/32", "Teredo"),
        ("2002::/16", "6to4"),
        ("3fff::/20", "documentation"),
        ("5f00::/16", "reserved"),
        ("fc00::/7", "private"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "site-local"),
        ("ff00::/8", "multicast"),
    )
)
_NUMERIC = re.compile(r"^(0x[0-9a-f]*|[0-9]+)(\.(0x[0-9a-f]*|[0-9]+)){0,3}\.?$", re.IGNORECASE)


def parse_host(host: str) -> Address | None:
    """The address that a URL's host spells, in any spelling that a browser or the C library takes;
    None where it is a name."""
    bare = host.strip("[]").split("%", 1)[0]
    try:
        return ipaddress.ip_address(bare)
    except ValueError:
        pass
    if not _NUMERIC.match(bare):
        return None
    try:
        return IPv4Address(socket.inet_aton(bare.rstrip(".")))
    except OSError:
        return None


def not_public(address: Address) -> str | None:
    """Why an address is not the public internet's (``loopback``, ``private``, ``NAT64``, …), or None.

    Addresses that carry another one inside (IPv4-mapped, NAT64, 6to4, Teredo) are refused whatever
    they carry: where they lead is decided by a translator that we do not see.
    """
    for network, name in _RANGES:
        if address.version == network.version and address in network:
            return name
    if not address.is_global or address.is_multicast or address.is_reserved:
        return "reserved"
    return None


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


def origin_of(url: str) -> Origin | None:
    """The origin of an http or https URL; None where it is no such URL."""
    import httpx

    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, UnicodeError, ValueError):
        return None
    if parsed.scheme not in ("http", "https") or not parsed.host:
        return None
    return Origin(plain_host(parsed.host), parsed.port or (443 if parsed.scheme == "https" else 80))


def same_origin(one: str, other: str) -> bool:
    """Whether two http or https URLs have one scheme, host and port: what is meant for one may go to the
    other."""
    import httpx

    origin = origin_of(one)
    if origin is None or origin != origin_of(other):
        return False
    return httpx.URL(one).scheme == httpx.URL(other).scheme


def absolute(url: str, location: str) -> str:
    """Where a redirect leads. What is no http URL is given as it stands, to be refused."""
    import httpx

    try:
        return plain_url(str(httpx.URL(url).join(location.strip())))
    except (httpx.InvalidURL, UnicodeError):
        return location


def plain_url(url: str) -> str:
    """A URL without a user's name and password: those are said once, by the person, and go nowhere else."""
    scheme, mark, rest = url.partition("://")
    host = re.split(r"[/?#\\]", rest, maxsplit=1)[0]
    return f"{scheme}{mark}{rest[host.rindex('@') + 1 :]}" if "@" in host else url


def forward_of(value: str, base: str) -> str:
    """Where ``Refresh`` (the header, or ``<meta http-equiv>``) leads within ten seconds: an absolute URL, or
    empty where it only loads the same address anew."""
    match = _REFRESH.match(value)
    if match is None or int(match[1]) > 10 or not match[2].strip():
        return ""
    target = absolute(base, match[2].strip())
    return "" if target.partition("#")[0] == base.partition("#")[0] else target


_REFRESH = re.compile(r"^\s*(\d+)(?:\.\d*)?\s*[;,]?\s*(?:url\s*=\s*)?[\"']?([^\"']*)", re.IGNORECASE)
