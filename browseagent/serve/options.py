"""How a server was started. Frozen; nothing here is changed by a request."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address

from browseagent.errors import UsageError

PORT = 8421


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """What the person who started the server allows."""

    host: str = "127.0.0.1"
    port: int = PORT
    token: str = ""
    """What a program sends as ``Authorization: Bearer``; empty: only this machine's own user is served."""
    allow_private: bool = False
    """Whether an address in a request may be on a private network."""
    allow_writes: bool = False
    """Whether watches may be made, changed and removed."""
    with_watches: bool = False
    """Whether the watches are checked when they are due, in this process."""
    at_once: int = 8
    """Requests that are done at the same time: some get their page while the model computes for another, one
    at a time."""
    waiting: int = 64
    """Requests that may wait for their turn; the next is told to come again later."""

    @property
    def on_loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        return is_loopback(self.host)

    def check(self) -> None:
        """Raises UsageError for a server that anyone on the network could use."""
        if not self.on_loopback and not self.token:
            raise UsageError(
                f"{self.host} can be reached from other machines, and no token was given",
                hint="Write a secret of at least 16 characters into a file and give it with --token-file.",
            )


def is_loopback(host: str) -> bool:
    """Whether a host name or an address is this machine's own, by its form alone."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
