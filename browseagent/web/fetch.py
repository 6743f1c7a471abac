"""The web room's front door: :class:`Web`, a :class:`~browseagent.web.port.Fetcher`.

httpx and Playwright, half a second of imports, are imported when the first page has to come from the network.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from browseagent.errors import UsageError
from browseagent.records import Outcome, Page, Via
from browseagent.records.clock import utc_now
from browseagent.session import signed_in
from browseagent.web import escalate, manners
from browseagent.web.cookies import Sessions
from browseagent.web.dial import Dialer, Resolver, system_dialer, system_resolver, tls_context
from browseagent.web.egress import Egress
from browseagent.web.limits import Limits
from browseagent.web.manners import LANGUAGES, Identity, Manners, user_agent
from browseagent.web.outcome import judge, page_of
from browseagent.web.policy import Policy, absolute, origin_of
from browseagent.web.pool import Pool
from browseagent.web.port import ProfileStore, Request
from browseagent.web.response import Response
from browseagent.web.signs import TRACKERS
from browseagent.web.trouble import Trouble, TroubleKind

if TYPE_CHECKING:
    from browseagent.web.chromium import Chromium
    from browseagent.web.http import HttpFetcher
    from browseagent.web.robots import Robots, Rules

CLOSING = 0.25
"""Seconds of a page's deadline that are kept for judging it and letting go of it."""
_FORBIDDEN = "robots.txt asks programs not to read this page; it was read because you named it"
MARKDOWN_SECONDS = 5.0
"""For the Markdown form of a page to come, when the page itself has come."""
FORWARDS = 5
"""Pages in a row that do nothing but send their reader on."""
Get = Callable[[Request, float], Awaitable[Response]]
ROBOTS_SECONDS = 0.3
"""How much longer than its page a robots.txt is waited for that only adds a note."""


class Web:
    """Gets pages by httpx and Chromium, all through one egress gate.

    ``media`` loads images, fonts, audio and video, ``trackers`` lets pages reach known trackers,
    ``obey_robots`` keeps to robots.txt even for what a person typed, ``delay`` is the pause in seconds
    between two pages of a host that pages named. ``profiles`` is where profiles are kept; without it no
    session may name one.

    An async context manager. Nothing is opened before the first page needs it; everything is closed on
    every way out, cancellation included. ``fetch`` may be called from several tasks at once.
    """

    def __init__(
        self,
        *,
        chromium: Path | None = None,
        policy: Policy | None = None,
        limits: Limits | None = None,
        contact: str = "",
        language: str = LANGUAGES,
        resolve: Resolver = system_resolver,
        dial: Dialer = system_dialer,
        profiles: ProfileStore | None = None,
        media: bool = False,
        trackers: bool = False,
        obey_robots: bool = False,
        delay: float = manners.DELAY,
        browsers: Sequence[str] = (),
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self.limits = limits or Limits()
        self.policy = policy or Policy()
        if not trackers:
            refused = (*self.policy.refused_trackers, *TRACKERS)
            self.policy = replace(self.policy, refused_trackers=refused)
        self._obey_robots = obey_robots
        self._manners = Manners(delay)
        self.identity = Identity(user_agent(contact), language)
        self._now = now
        self._sessions = Sessions(profiles)
        self._egress = Egress(self.policy, limits=self.limits, resolve=resolve, dial=dial)
        self._executable = chromium
        self.browsers = Pool(browsers)
        """Those that run already, by turns, where a page names none itself; without any, one of our own."""
        self._media = media
        self._browsers: dict[tuple[str, bool], Chromium] = {}
        self._http: HttpFetcher | None = None
        self._robots: Robots | None = None

    async def __aenter__(self) -> Web:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Ends Chromium and closes every connection. Safe to call twice."""
        # A task of its own: where closing itself is cancelled (a second Ctrl-C), it still goes on to
        # its end, and the cancellation is passed on after it.
        closing = asyncio.ensure_future(self._close())
        cancelled: asyncio.CancelledError | None = None
        while not closing.done():
            try:
                await asyncio.shield(closing)
            except asyncio.CancelledError as error:
                cancelled = error
        if cancelled is not None:
            raise cancelled
        closing.result()

    async def _close(self) -> None:
        try:
            if self._robots is not None:
                await self._robots.aclose()
            await asyncio.gather(*(browser.aclose() for browser in self._browsers.values()))
        finally:
            await self._egress.__aexit__(None, None, None)

    def browser(self, running: str = "", *, media: bool = False) -> Chromium:
        """The browser to use: one of our own, or the one that runs at an address. What a picture is taken
        of is loaded with its images and fonts, which is a matter of how a browser was started."""
        from browseagent.web.chromium import Chromium

        key = (running, media or self._media)
        if key not in self._browsers:
            self._browsers[key] = Chromium(self._executable, self.limits, media=key[1], running=running)
        return self._browsers[key]

    async def fetch(self, request: Request) -> Page:
        """The page, within ``request.timeout`` seconds; its outcome says what became of it."""
        deadline = asyncio.get_running_loop().time() + max(request.timeout - CLOSING, 0.1)
        url, session = signed_in("%20".join(request.url.split()), request.session)
        request = replace(request, url=url, session=session if request.trusted else request.session)
        origin = origin_of(request.url)
        if origin is None:
            return await self._fetch(request, deadline)
        obeying = self._obey_robots or request.session.obey_robots
        if request.trusted and not obeying:
            return await self._typed(request, deadline)
        rules = await self._rules(request, deadline)
        if not rules.allowed:
            detail = f"{origin.host} asks programs not to read this page (robots.txt)"
            return self._refused(request, Trouble(TroubleKind.ROBOTS, detail))
        if request.trusted:
            return await self._fetch(request, deadline)
        try:
            async with asyncio.timeout_at(deadline) as waiting, self._manners.turn(origin.host, rules.delay):
                waiting.reschedule(None)
                return await self._fetch(request, deadline)
        except TimeoutError:
            detail = f"other pages of {origin.host} were before it in the queue for {request.timeout:g} s"
            return self._refused(request, Trouble(TroubleKind.TIMEOUT, detail))

    async def _typed(self, request: Request, deadline: float) -> Page:
        """A page that a person named: fetched whatever robots.txt says, which is asked at the same time."""
        asked = asyncio.ensure_future(self._rules(request, deadline))
        try:
            page = await self._fetch(request, deadline)
            await asyncio.wait({asked}, timeout=ROBOTS_SECONDS)
        finally:
            asked.cancel()
            origin = origin_of(request.url)
            if origin is not None:  # What this page leads to waits its turn after it.
                self._manners.pause(origin.host)
        forbidden = asked.done() and not asked.cancelled() and not asked.result().allowed
        return replace(page, how=(*page.how, _FORBIDDEN)) if forbidden else page

    async def _rules(self, request: Request, deadline: float) -> Rules:
        """What robots.txt says; allowed where it does not come in time."""
        from browseagent.web.robots import Robots, Rules

        self._robots = self._robots or Robots(self._http_fetcher())
        try:
            async with asyncio.timeout_at(deadline):
                return await self._robots.rules(request.url, typed=request.trusted, session=request.session)
        except TimeoutError:
            return Rules()

    def _refused(self, request: Request, trouble: Trouble) -> Page:
        return page_of(Response(request.url, request.url, Via.HTTP, trouble=trouble), self._now())

    async def _fetch(self, request: Request, deadline: float) -> Page:
        asked = request.session.needs_browser or ("a picture of the page" if request.screenshot else "")
        if asked and request.via == "http":
            raise UsageError(
                f"{asked} needs a browser, and --via http forbids it", hint="Give one of the two."
            )
        if request.via == "chromium" or asked:
            return await self._by_chromium(request, deadline)
        response = await self._forwarded(self._patiently, request, deadline)
        auto = request.via == "auto"
        offered = await self._as_markdown(request, response, deadline) if auto else None
        plain = page_of(offered or response, self._now())
        why = escalate.why_browser(response) if auto and offered is None else None
        if why is None:
            return plain
        return escalate.better(plain, await self._by_chromium(request, deadline), why)

    async def _as_markdown(self, request: Request, response: Response, deadline: float) -> Response | None:
        """The page as the Markdown that it names on its own site, or None where there is none to be had."""
        offered = response.shape.markdown if response.shape is not None else ""
        if not offered or judge(response).outcome not in (Outcome.OK, Outcome.EMPTY):
            return None
        url = absolute(response.final_url, offered)
        if origin_of(url) is None or origin_of(url) != origin_of(response.final_url):
            return None
        asked = escalate.named(request, url)
        if not (await self._rules(asked, deadline)).allowed:
            return None
        until = min(deadline, asyncio.get_running_loop().time() + MARKDOWN_SECONDS)
        return escalate.markdown_instead(response, await self._http_fetcher().fetch(asked, until))

    async def _patiently(self, request: Request, deadline: float) -> Response:
        """By HTTP; where the server asks to come back a little later, once more then."""
        loop = asyncio.get_running_loop()
        response = await self._http_fetcher().fetch(request, deadline)
        wait = manners.retry_after(response, self._now())
        if wait is None:
            return response
        origin = origin_of(response.final_url)
        if origin is not None:
            self._manners.hold(origin.host, wait)
        if wait > manners.LONGEST_DELAY or loop.time() + wait >= deadline - 1.0:
            return response
        await asyncio.sleep(wait)
        again = await self._http_fetcher().fetch(request, deadline)
        return replace(again, how=(*again.how, f"the server asked to wait {wait:.0f} s, which was done"))

    def _http_fetcher(self) -> HttpFetcher:
        from browseagent.web.http import HttpFetcher

        if self._http is None:
            self._http = HttpFetcher(self._egress, self.limits, self.identity, tls_context(), self._sessions)
        return self._http

    async def _by_chromium(self, request: Request, deadline: float) -> Page:
        """As a browser shows it; what a browser does not show (a PDF, a download), by HTTP."""
        response = await self._forwarded(self._rendered, request, deadline)
        trouble = response.trouble
        unrendered = response.status is not None and response.status < 400 and not escalate.renders(response)
        shape = response.shape
        leads = response.leads_to if shape is None or len(shape.text) < escalate.FORWARDING else ""
        if leads or (trouble is None and unrendered):
            url = leads or response.final_url
        elif trouble is not None and trouble.kind is TroubleKind.DOWNLOAD:
            url = request.url
        else:
            return page_of(response, self._now())
        asked = escalate.named(request, url)
        plain = await self._http_fetcher().fetch(asked, deadline)
        if leads and (plain.media.unreadable or plain.trouble or (plain.status or 0) >= 300):
            return page_of(response, self._now())
        if leads:
            note = f"the page at {response.final_url} led to this file, which was read in its place"
            plain = replace(plain, notes=(*plain.notes, note))
        else:
            how = "Chromium does not show this kind of file; it was fetched by HTTP"
            plain = replace(plain, how=(*plain.how, how))
        return page_of(escalate.led(response, plain), self._now())

    async def _rendered(self, request: Request, deadline: float) -> Response:
        from browseagent.web.browser import BrowserFetcher

        def at(address: str) -> BrowserFetcher:
            browser = self.browser(address, media=bool(request.screenshot) or request.session.media)
            return BrowserFetcher(self._egress, browser, self.limits, self.identity, self._sessions)

        if not self.browsers or request.session.browser_url:
            return await at(request.session.browser_url).fetch(request, deadline)
        for address in self.browsers.by_turns():
            with self.browsers.using(address):
                response = await at(address).fetch(request, deadline)
            if response.trouble is None or response.trouble.kind is not TroubleKind.NO_BROWSER:
                self.browsers.well(address)
                break
            self.browsers.lost(address)
        return response

    async def _forwarded(self, get: Get, request: Request, deadline: float) -> Response:
        """What came, after the forwards that pages ask for in ``Refresh`` and that a browser makes late."""
        response = await get(request, deadline)
        for _ in range(FORWARDS):
            target = escalate.forwards_to(response)
            asked = escalate.named(request, target)
            if not target or not (await self._rules(asked, deadline)).allowed:
                break
            response = escalate.led(response, await get(asked, deadline))
        return response
