"""Getting a page through Chromium: a lane and a context for it, its visit, its hard deadline."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

from playwright.async_api import Error

from browseagent.records import Via
from browseagent.web.arrival import Arrival
from browseagent.web.chromium import Chromium, NoBrowser, first_line
from browseagent.web.egress import GATE_STATUSES, Egress, Passage
from browseagent.web.limits import Limits
from browseagent.web.neterror import explain
from browseagent.web.port import Request
from browseagent.web.trouble import Trouble, TroubleKind
from browseagent.web.urls import origin_of
from browseagent.web.visit import PENDING, Crashed, Visit

NAVIGATIONS = 5
"""How often a page may go elsewhere by itself, after it has settled, before it is given up."""
VIEWPORT = (1280, 800)
"""An ordinary window: pages that load more at their end wait for that end to come into view."""


@dataclass(frozen=True, slots=True)
class BrowserFetcher:
    """Fetches by Chromium."""

    egress: Egress
    chromium: Chromium
    limits: Limits
    user_agent: str
    language: str

    async def fetch(self, request: Request, deadline: float) -> Arrival:
        """What came, by ``deadline`` (loop time). Never raises for trouble with the page. A crashed
        renderer or browser is replaced and the page tried once more."""
        start = Arrival(request.url, request.url, Via.CHROMIUM)
        main = origin_of(request.url)
        if main is None:
            return replace(start, trouble=Trouble(TroubleKind.URL, f"{request.url} is no http or https URL"))
        crash = ""
        for attempt in (1, 2):
            try:
                async with self.egress.lane(
                    main, typed=request.trusted, followed=request.followed
                ) as passage:
                    arrival = await self._attempt(request, passage, deadline)
                if attempt == 2:
                    arrival = replace(arrival, notes=(*arrival.notes, "the page crashed the browser once"))
                return arrival
            except NoBrowser as error:
                return replace(start, trouble=Trouble(TroubleKind.NO_BROWSER, str(error)))
            except Crashed as error:
                crash = str(error)
        return replace(
            start, trouble=Trouble(TroubleKind.CRASH, f"the page crashed Chromium twice ({crash})")
        )

    async def _attempt(self, request: Request, passage: Passage, deadline: float) -> Arrival:
        visit: Visit | None = None
        stage = "Chromium did not start"
        try:
            async with (
                asyncio.timeout_at(deadline),
                self.chromium.context(
                    proxy={"server": passage.proxy},
                    user_agent=self.user_agent,
                    locale=self.language.partition(",")[0],
                    viewport={"width": VIEWPORT[0], "height": VIEWPORT[1]},
                    accept_downloads=False,
                    service_workers="block",
                    extra_http_headers=dict(request.headers) or None,
                ) as context,
            ):
                page, _ = await asyncio.gather(context.new_page(), context.add_init_script(PENDING))
                visit = Visit(page, passage.lane, self.limits, request.url)
                visit.listen(context)
                if not self.chromium.media:
                    await visit.without_media(context)
                return await self._visit(visit, deadline)
        except TimeoutError:
            stage = visit.stage if visit is not None else stage
            start = Arrival(request.url, request.url, Via.CHROMIUM)
            status = visit.responses[-1].status if visit is not None and visit.responses else None
            late = Trouble(TroubleKind.TIMEOUT, f"{stage} within {request.timeout:g} s")
            return replace(start, status=status, trouble=passage.lane.exhausted or late)
        except Error as error:
            # Whatever Playwright reports outside a navigation means that the page or browser is gone.
            raise Crashed(first_line(error)) from error

    async def _visit(self, visit: Visit, deadline: float) -> Arrival:
        loop = asyncio.get_running_loop()
        trouble = await visit.go(deadline - loop.time()) or visit.announced()
        if trouble is not None:
            return replace(await visit.arrival(body=False), trouble=trouble)
        # A fifth of what is left is kept for reading the document out.
        now = loop.time()
        if visit.responses and visit.responses[-1].status in GATE_STATUSES:
            gate = await visit.arrival(body=False)
            if gate.trouble is not None:
                return gate
        until = min(now + self.limits.settle, now + 0.8 * (deadline - now))
        for _ in range(NAVIGATIONS):
            missing = await visit.settle(until)
            if missing is None:
                await visit.reach(until)
            if visit.failed is not None and visit.page.url.startswith("chrome-error:"):
                arrival = await visit.arrival(body=False)
                if visit.responses and visit.responses[-1].url == visit.failed[1]:
                    return arrival  # It did answer, with what is no page: the status says which.
                return replace(arrival, trouble=explain(*visit.failed, visit.lane))
            document = await visit.document()
            if document is not None:
                return await self._read(visit, document, missing, until - now)
        detail = "the page kept going to other pages"
        return replace(await visit.arrival(), trouble=Trouble(TroubleKind.REDIRECTS, detail))

    async def _read(
        self, visit: Visit, document: tuple[str, str], missing: str | None, waited: float
    ) -> Arrival:
        """The document that was read, with what was missing from it as its trouble."""
        arrival = replace(
            await visit.arrival(body=missing is None),
            dom=document[0],
            visible_text=document[1],
            notes=tuple(dict.fromkeys(visit.notes)),
        )
        if missing is None:
            return arrival
        late = Trouble(TroubleKind.TIMEOUT, f"{missing} after {waited:.0f} s")
        return replace(arrival, trouble=visit.lane.exhausted or late)
