"""Getting a page through Chromium: a lane and a context for it, its visit, its hard deadline."""

from __future__ import annotations

import asyncio
import contextlib
import re
from dataclasses import dataclass, replace
from typing import Any

from playwright.async_api import BrowserContext, Error

from browseagent.errors import UsageError
from browseagent.records import Via
from browseagent.web.chromium import Chromium, Crashed, first_line
from browseagent.web.cookies import Sessions, StorageState, from_browser, to_browser
from browseagent.web.driver import NoBrowser
from browseagent.web.egress import GATE_STATUSES, Egress, Passage
from browseagent.web.held import lend, without_media
from browseagent.web.limits import Limits
from browseagent.web.manners import Identity
from browseagent.web.picture import picture
from browseagent.web.policy import origin_of
from browseagent.web.port import Request
from browseagent.web.response import Response
from browseagent.web.trouble import Trouble, TroubleKind, explain
from browseagent.web.visit import PENDING, Visit

NAVIGATIONS = 5
"""How often a page may go elsewhere by itself, after it has settled, before it is given up."""
VIEWPORT = (1280, 800)
"""An ordinary window: pages that load more at their end wait for that end to come into view."""
STATE_SECONDS = 5.0
"""For Chromium to hand over cookies and storage: some 50 ms, and as much for each origin that is not open."""
CLOSING = 0.5
"""Seconds of a page's deadline after which nothing is begun that the page could do without."""
_UNKNOWN_TO_CHROMIUM = re.compile(r"invalid (?:timezone|locale|language)", re.IGNORECASE)
UNGATED = "a browser on another machine was used: its connections do not pass the egress gate"


@dataclass(frozen=True, slots=True)
class BrowserFetcher:
    """Fetches by Chromium."""

    egress: Egress
    chromium: Chromium
    limits: Limits
    identity: Identity
    sessions: Sessions

    async def fetch(self, request: Request, deadline: float) -> Response:
        """What came, by ``deadline`` (loop time). Never raises for trouble with the page. A crashed
        renderer or browser is replaced and the page tried once more."""
        start = Response(request.url, request.url, Via.CHROMIUM)
        main = origin_of(request.url)
        if main is None:
            return replace(start, trouble=Trouble(TroubleKind.URL, f"{request.url} is no http or https URL"))
        if self.chromium.elsewhere and not request.trusted:
            detail = f"{UNGATED}, so it is not sent to what a page named ({request.url})"
            return replace(start, trouble=Trouble(TroubleKind.POLICY, detail))
        brought = await self.sessions.bring(request.session)
        crash = ""
        for attempt in (1, 2):
            try:
                lane = self.egress.lane(
                    main,
                    typed=request.trusted,
                    followed=request.followed,
                    proxy=request.session.proxy,
                    trackers=request.session.trackers,
                )
                async with lane as passage:
                    response = await self._attempt(request, passage, brought, deadline)
                if self.chromium.elsewhere:
                    response = replace(response, how=(*response.how, UNGATED))
                if attempt == 2:
                    response = replace(response, how=(*response.how, "the page crashed the browser once"))
                return response
            except NoBrowser as error:
                return replace(start, trouble=Trouble(TroubleKind.NO_BROWSER, str(error)))
            except Crashed as error:
                crash = str(error)
        return replace(
            start, trouble=Trouble(TroubleKind.CRASH, f"the page crashed Chromium twice ({crash})")
        )

    async def _attempt(
        self, request: Request, passage: Passage, brought: StorageState, deadline: float
    ) -> Response:
        visit: Visit | None = None
        stage = "Chromium did not start"
        try:
            async with (
                asyncio.timeout_at(deadline),
                self.chromium.context(**self._options(request, passage, brought)) as context,
            ):
                page, _, _ = await asyncio.gather(
                    context.new_page(), context.add_init_script(PENDING), give(context, brought)
                )
                visit = Visit(page, passage.lane, self.limits, request.url)
                visit.listen(context)
                await lend(context, page, request)
                if not self.chromium.media:
                    await without_media(context, page)
                response = await self._visit(visit, request, deadline)
                if request.session.profile:
                    left = await left_in(context, brought, deadline - CLOSING)
                    await self.sessions.keep(request.session, brought, left)
                return response
        except TimeoutError:
            stage = visit.stage if visit is not None else stage
            start = Response(request.url, request.url, Via.CHROMIUM)
            status = visit.responses[-1].status if visit is not None and visit.responses else None
            timed_out = Trouble(TroubleKind.TIMEOUT, f"{stage} within {request.timeout:g} s")
            return replace(start, status=status, trouble=passage.lane.exhausted or timed_out)
        except Error as error:
            if visit is None and _UNKNOWN_TO_CHROMIUM.search(str(error)):
                raise UsageError(f"Chromium does not know that: {first_line(error)}") from error
            # Whatever else Playwright reports outside a navigation means that the page or browser is gone.
            raise Crashed(first_line(error)) from error

    def _options(self, request: Request, passage: Passage, brought: StorageState) -> dict[str, Any]:
        """What the page's browser context is made with."""
        session = request.session
        said = self.identity.of(session)
        width, height = session.viewport or VIEWPORT
        return {
            "proxy": None if self.chromium.elsewhere else {"server": passage.proxy},
            "user_agent": said.user_agent,
            "locale": said.locale,
            "timezone_id": session.timezone or None,
            "viewport": {"width": width, "height": height},
            "accept_downloads": False,
            "service_workers": "block",
            "storage_state": {"cookies": [], "origins": list(brought.storage)} if brought.storage else None,
        }

    async def _visit(self, visit: Visit, request: Request, deadline: float) -> Response:
        loop = asyncio.get_running_loop()
        trouble = await visit.go(deadline - loop.time()) or visit.announced()
        if trouble is not None:
            return replace(await visit.received(body=False), trouble=trouble)
        # A fifth of what is left is kept for reading the document out.
        now = loop.time()
        if visit.responses and visit.responses[-1].status in GATE_STATUSES:
            gate = await visit.received(body=False)
            if gate.trouble is not None:
                return gate
        until = min(now + self.limits.settle, now + 0.8 * (deadline - now))
        acts = bool(request.session.clicks or request.session.wait_for)
        absent: Trouble | None = None
        for _ in range(NAVIGATIONS):
            missing = await visit.settle(until, now + 0.8 * (deadline - now))
            if acts and _came(visit):
                acts, until = False, now + 0.8 * (deadline - now)
                absent = await visit.act(request.session, until)
                continue  # What was clicked may have led elsewhere: it settles like any page.
            if missing is None:
                await visit.reach(until)
            if visit.failed is not None and visit.page.url.startswith("chrome-error:"):
                response = await visit.received(body=False)
                if visit.responses and visit.responses[-1].url == visit.failed[1]:
                    return response  # It did answer, with what is no page: the status says which.
                return replace(response, trouble=explain(*visit.failed, visit.lane))
            document = await visit.document()
            if document is not None:
                response = await self._read(visit, document, missing, until - now)
                response = replace(response, trouble=absent or response.trouble)
                return await self._pictured(visit, request, response, deadline - CLOSING)
        detail = "the page kept going to other pages"
        return replace(await visit.received(), trouble=Trouble(TroubleKind.REDIRECTS, detail))

    async def _read(
        self, visit: Visit, document: tuple[str, str], missing: str | None, waited: float
    ) -> Response:
        """The document that was read, with what was missing from it as its trouble."""
        response = replace(
            await visit.received(body=missing is None),
            dom=document[0],
            visible_text=document[1],
            notes=tuple(dict.fromkeys(visit.notes)),
            how=tuple(dict.fromkeys(visit.how)),
        )
        if visit.failed is not None and visit.broken:
            broken = explain(*visit.failed, visit.lane)
            return replace(response, trouble=Trouble(TroubleKind.PROTOCOL, broken.detail))
        if missing is None:
            return response
        timed_out = Trouble(TroubleKind.TIMEOUT, f"{missing} after {waited:.0f} s")
        return replace(response, trouble=visit.lane.exhausted or timed_out)

    async def _pictured(self, visit: Visit, request: Request, response: Response, until: float) -> Response:
        """What arrived, with its picture where one is wanted, be the page as it should be or not."""
        if not request.screenshot:
            return response
        shot, note = await picture(visit.page, until - asyncio.get_running_loop().time(), request.screenshot)
        return replace(response, screenshot=shot, how=(*response.how, note) if note else response.how)


def _came(visit: Visit) -> bool:
    """Whether a page stands there, and no error."""
    return visit.failed is None and bool(visit.responses) and visit.responses[-1].status < 400


async def give(context: BrowserContext, brought: StorageState) -> None:
    """Hands the browser its cookies. One that it does not take is left out, and no other with it."""
    cookies: list[Any] = [to_browser(cookie) for cookie in brought.cookies]
    if not cookies:
        return
    try:
        await context.add_cookies(cookies)
    except Error:
        for cookie in cookies:
            with contextlib.suppress(Error):
                await context.add_cookies([cookie])


async def left_in(context: BrowserContext, brought: StorageState, until: float) -> StorageState:
    """The cookies and storage of a browser context, by ``until`` (loop time); where its storage cannot be
    had, what was brought."""
    loop = asyncio.get_running_loop()
    for databases in (True, False):  # not everything in a database can be written down
        try:
            async with asyncio.timeout_at(min(until, loop.time() + STATE_SECONDS)):
                state = await context.storage_state(indexed_db=databases)
        except (TimeoutError, Error):
            continue
        cookies = tuple(from_browser(cookie) for cookie in state["cookies"])
        return StorageState(cookies, tuple(dict(entry) for entry in state["origins"]))
    try:
        async with asyncio.timeout_at(min(until, loop.time() + STATE_SECONDS)):
            return StorageState(tuple(map(from_browser, await context.cookies())), brought.storage)
    except (TimeoutError, Error):
        return brought
