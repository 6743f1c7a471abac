"""What one page may reach: the decisions of the egress gate, for one page.

A lane knows the origin that the person typed, if they typed it, resolves each name once and keeps
the answer for its life (so an answer that changes between two look-ups changes nothing), and notes
every refusal, so that the page's outcome can say what happened.
"""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, field

from browseagent.web.dial import Dialer, Resolver
from browseagent.web.limits import Limits
from browseagent.web.policy import Address, Origin, Policy, origin_of, parse_host
from browseagent.web.trouble import Trouble, TroubleKind

RESOLVE_SECONDS = 10.0
"""glibc asks each name server twice for five seconds; one that answers later is as good as none."""
CONNECT_SECONDS = 10.0
"""Three SYN retransmissions (1, 3 and 7 s) fit; a server that needs more is unreachable."""

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Refused(Exception):
    """The gate did not connect; ``trouble`` says why."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.detail)
        self.trouble = trouble


@dataclass(slots=True)
class Lane:
    """The trust context of one page. Lives as long as the page does."""

    policy: Policy
    limits: Limits
    resolve: Resolver
    dial: Dialer
    main: Origin | None = None
    """The origin of the page itself: never treated as a tracker."""
    typed: bool = False
    """Whether the person typed ``main``."""
    personal: set[Origin] = field(default_factory=set)
    """Typed origins that were reached at an address that only the person's word allows; added to here. A
    name that was found at a public address is not among them, whatever it resolves to later."""
    token: str = field(default_factory=lambda: secrets.token_hex(16))
    """Marks the gate's own replies, so that no server can pass its reply off as the gate's."""
    troubles: dict[Origin, Trouble] = field(default_factory=dict)
    """The last trouble with each origin."""
    exhausted: Trouble | None = None
    """Set once the page has used up what one page may use."""
    received: int = 0
    connections: int = 0
    _pins: dict[str, asyncio.Future[tuple[Address, ...]]] = field(default_factory=dict)

    def granted(self, origin: Origin) -> bool:
        """Whether the person typed that origin (or its plain-HTTP form, for the step up to TLS)."""
        if not self.typed or self.main is None:
            return False
        step_up = self.main.port == 80 and origin == Origin(self.main.host, 443)
        return origin == self.main or step_up

    def trouble_of(self, url: str) -> Trouble | None:
        """The last trouble with the origin of a URL, or None."""
        origin = origin_of(url)
        return self.troubles.get(origin) if origin is not None else None

    def count(self, received: int) -> bool:
        """Counts bytes that came in; False once the page has had more than its share."""
        self.received += received
        if self.received > self.limits.page_bytes and self.exhausted is None:
            megabytes = self.limits.page_bytes // 1_000_000
            self.exhausted = Trouble(
                TroubleKind.TOO_LARGE, f"the page and what it loads exceed {megabytes} MB"
            )
        return self.exhausted is None

    async def connect(self, origin: Origin) -> Streams:
        """A connection to an origin that may be reached. Raises :class:`Refused`, and notes why."""
        try:
            return await self._connect(origin)
        except Refused as refused:
            self.troubles[origin] = refused.trouble
            raise

    async def _connect(self, origin: Origin) -> Streams:
        self.connections += 1
        if self.connections > self.limits.page_connections and self.exhausted is None:
            self.exhausted = Trouble(
                TroubleKind.TOO_LARGE, f"the page opened more than {self.limits.page_connections} connections"
            )
        if self.exhausted is not None:
            raise Refused(self.exhausted)
        reason = self.policy.refuse_name(origin.host)
        if reason is None and origin != self.main and self.policy.is_tracker(origin.host):
            reason = f"{origin.host} is a tracker"
        if reason is not None:
            raise Refused(Trouble(TroubleKind.POLICY, reason))
        allowed = self._allowed(origin, await self._addresses(origin.host))
        return await self._first_that_answers(origin, allowed)

    def _allowed(self, origin: Origin, addresses: tuple[Address, ...]) -> list[Address]:
        """Those addresses that may be reached. A typed name that is also on the public internet is
        held to it: a second, private address beside a public one is how rebinding starts."""
        allowed: list[Address] = []
        why = ""
        for granted in dict.fromkeys((False, self.granted(origin))):
            for address in addresses:
                reason = self.policy.refuse_address(origin.host, address, granted=granted)
                if reason is None:
                    allowed.append(address)
                else:
                    why = why or reason
            if allowed:
                if granted:
                    self.personal.add(origin)
                return allowed
        raise Refused(Trouble(TroubleKind.POLICY, why or f"{origin.host} has no address that may be reached"))

    async def _addresses(self, host: str) -> tuple[Address, ...]:
        literal = parse_host(host)
        if literal is not None:
            return (literal,)
        pin = self._pins.get(host)
        if pin is None:
            pin = self._pins[host] = asyncio.ensure_future(self._look_up(host))
        try:
            # Shielded: several connections share one look-up, and one that gives up ends no other.
            return await asyncio.shield(pin)
        except OSError as error:
            raise Refused(Trouble(TroubleKind.DNS, f"{host} was not found (DNS: {error})")) from error

    async def _look_up(self, host: str) -> tuple[Address, ...]:
        try:
            async with asyncio.timeout(RESOLVE_SECONDS):
                addresses = await self.resolve(host)
        except TimeoutError as error:
            raise OSError(f"no answer within {RESOLVE_SECONDS:.0f} s") from error
        if not addresses:
            raise OSError("no address")
        return addresses

    async def _first_that_answers(self, origin: Origin, addresses: list[Address]) -> Streams:
        error: OSError | None = None
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                for address in addresses:
                    try:
                        return await self.dial(address, origin.port)
                    except OSError as failure:
                        error = error or failure
        except TimeoutError:
            detail = f"{origin.host} did not take the connection within {CONNECT_SECONDS:.0f} s"
            raise Refused(Trouble(TroubleKind.CONNECT, detail)) from None
        why = error.strerror if error is not None and error.strerror else str(error)
        raise Refused(Trouble(TroubleKind.CONNECT, f"{origin.host}:{origin.port} did not connect: {why}"))

    def end(self) -> None:
        """Ends look-ups still under way."""
        for pin in self._pins.values():
            if pin.done() and not pin.cancelled():
                pin.exception()  # Read, so that asyncio does not log it as never retrieved.
            pin.cancel()
