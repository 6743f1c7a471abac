"""One page in Chromium, from navigation to serialised document."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field, replace
from typing import Any

from playwright.async_api import BrowserContext, Dialog, Download, Error, Page
from playwright.async_api import Request as Wire
from playwright.async_api import Response as WireResponse

from browseagent.records import Via
from browseagent.session import Session
from browseagent.web.act import act, past_consent, script, to_the_end
from browseagent.web.chromium import Crashed, bounded, detached, first_line
from browseagent.web.document import open_closed_roots, read_out
from browseagent.web.egress import TOKEN_HEADER
from browseagent.web.lane import Lane
from browseagent.web.limits import Limits
from browseagent.web.loading import Loading, Sample, Traffic, judge_loading, unfinished
from browseagent.web.policy import plain_url
from browseagent.web.response import Response
from browseagent.web.trouble import Trouble, TroubleKind, explain

SAMPLE_SECONDS = 0.05
"""Between two looks at a page: one look takes some 5 ms on an ordinary page."""
BODY_SECONDS = 3.0
"""For Chromium to hand over the body of a response that it has received."""
_REDIRECTED = re.compile(
    r"ERR_TOO_MANY_REDIRECTS|ERR_UNSAFE_REDIRECT|ERR_UNKNOWN_URL_SCHEME|ERR_INVALID_REDIRECT"
)
PENDING = script("pending.js")
SAMPLE = script("sample.js")


@dataclass  # Without slots: Playwright notes its wrappers on the object whose methods listen.
class Visit:
    """The state of one page load. What it holds is true at any moment, whatever interrupts it."""

    page: Page
    lane: Lane
    limits: Limits
    url: str
    responses: list[WireResponse] = field(default_factory=list)
    """Final responses of the main frame's navigations, in order."""
    traffic: Traffic = field(init=False)
    _bodies: dict[WireResponse, bytes] = field(default_factory=dict)
    leads_to: str = ""
    """Address of a download that the page started."""
    failed: tuple[str, str] | None = None
    """Error and URL of the last navigation that failed."""
    layered: bool = False
    """Whether the document has anything that may be a consent layer."""
    folded: bool = False
    """Whether the document may show more when it is scrolled or pressed."""
    notes: list[str] = field(default_factory=list)
    how: list[str] = field(default_factory=list)
    crash: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    stage: str = "the server did not answer"

    def __post_init__(self) -> None:
        self.traffic = Traffic(self.url)

    def listen(self, context: BrowserContext) -> None:
        """Takes note of what the page does, and answers what would hold it up."""
        page = self.page
        page.on("response", self._response)
        page.on("request", self._request)
        page.on("requestfinished", self._ended)
        page.on("requestfailed", self._failed)
        page.on("dialog", _dismiss)
        page.on("download", self._download)
        page.on("crash", self._crash)
        context.on("page", self._popup)

    def _response(self, answer: WireResponse) -> None:
        wire = answer.request
        self.traffic.streams(wire, answer.headers.get("content-type", ""))
        if wire.is_navigation_request() and wire.frame == self.page.main_frame:
            self.responses.append(answer)
            self.traffic.leave(answer.url)

    def _request(self, wire: Wire) -> None:
        self.traffic.begin(wire, asyncio.get_running_loop().time())

    def _ended(self, wire: Wire) -> None:
        self.traffic.end(wire)

    def _failed(self, wire: Wire) -> None:
        self.traffic.end(wire)
        # A navigation that was given up for another one is no failure, and may be told of after that
        # other one has failed.
        given_up = (wire.failure or "").startswith("net::ERR_ABORTED")
        if wire.is_navigation_request() and wire.frame == self.page.main_frame and not given_up:
            self.failed = (wire.failure or "", wire.url)

    def _download(self, download: Download) -> None:
        self.leads_to = self.leads_to or plain_url(download.url)
        self.how.append("the page started a download; it was not taken")

    def _crash(self, _: Page) -> None:
        if not self.crash.done():
            self.crash.set_result(None)

    def _popup(self, page: Page) -> None:
        if page is not self.page:
            self.how.append("the page opened a window; it was closed")
            detached(bounded(page.close(), self.limits.close))

    async def go(self, seconds: float) -> Trouble | None:
        """Navigates. What was in the way, or None."""
        try:
            await self.page.goto(self.url, wait_until="commit", timeout=seconds * 1000)
        except Error as error:
            line = first_line(error)
            self._crashed(line, error)
            if self.leads_to or "Download is starting" in line:
                return Trouble(TroubleKind.DOWNLOAD, "the address is a download, not a page")
            if self.responses and not _REDIRECTED.search(line):
                return None  # An answer that is no page (no body, a login to be asked for): see its status.
            return explain(line, self.url, self.lane)
        return None

    def announced(self) -> Trouble | None:
        """Too much, where the server says beforehand how much it sends."""
        length = self.responses[-1].headers.get("content-length", "") if self.responses else ""
        if not length.isdigit() or int(length) <= self.limits.body_bytes:
            return None
        most = self.limits.body_bytes / 1e6
        return Trouble(
            TroubleKind.TOO_LARGE, f"the page is {int(length) / 1e6:.0f} MB, more than {most:.0f} MB"
        )

    @property
    def broken(self) -> bool:
        """Whether the server broke off in the middle of the document."""
        return self.failed is not None and bool(self.responses) and self.failed[1] == self.responses[-1].url

    def _crashed(self, line: str, error: Error) -> None:
        """Raises Crashed where an error says that the page is gone."""
        if self.crash.done() or "crashed" in line or "has been closed" in line:
            raise Crashed(line) from error

    async def settle(self, until: float, patience: float = 0.0) -> str | None:
        """Waits until the text has stopped changing, at most ``until`` (loop time); for data without which
        the page is not whole, at most until ``patience``. What was missing then, or None."""
        loop = asyncio.get_running_loop()
        self.stage = "the page kept the browser busy"
        changed_at, digest = loop.time(), None
        while True:
            sample = await self._sample(until)
            if sample is None:
                return "the page kept loading itself anew"
            if sample.digest != digest:
                digest = sample.digest
                changed_at = sample.at if sample.scripted else changed_at
            if judge_loading(sample, changed_at) is Loading.LOADED or self.broken:
                return None
            if loop.time() >= (max(until, patience) if sample.awaited else until):
                return unfinished(sample)
            await asyncio.sleep(SAMPLE_SECONDS)

    async def _sample(self, until: float) -> Sample | None:
        """One look; None where the page navigated under it until the time was up."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                seen: dict[str, Any] = await self.page.evaluate(SAMPLE)
                break
            except Error as error:
                self._crashed(first_line(error), error)
                if loop.time() >= until:
                    return None
                await asyncio.sleep(SAMPLE_SECONDS)  # A navigation took the document away; look again.
        self.layered = bool(seen["layers"])
        self.folded = bool(seen["folds"]) or (bool(seen["scripted"]) and bool(seen["lazy"]))
        now = loop.time()
        return Sample(
            at=now,
            ready=seen["state"] != "loading",
            complete=seen["state"] == "complete",
            chars=int(seen["chars"]),
            digest=int(seen["digest"]),
            busy=bool(seen["busy"]),
            timers=int(seen["timers"]),
            scripted=bool(seen["scripted"]),
            lazy=bool(seen["lazy"]),
            requests=self.traffic.young(now),
            data=self.traffic.data,
            hollow=bool(seen["hollow"]),
        )

    async def reach(self, until: float) -> None:
        """Past the consent layer, and to the end of what scrolling and "load more" bring."""
        self.stage = "the page kept the browser busy"
        await self._past_consent(until)
        if self.folded:
            reached = await to_the_end(self.page, self.settle, until)
            self.how += reached.how
            self.notes += reached.left

    async def _past_consent(self, until: float) -> None:
        how = await past_consent(self.page, self.settle, until) if self.layered else None
        if how is not None:
            self.how.append(how)

    async def act(self, session: Session, until: float) -> Trouble | None:
        """Past the consent layer, and then what the person asked to be clicked and waited for. What was in
        the way, or None."""
        self.stage = "what was to be clicked or waited for did not come"
        await self._past_consent(until)
        return await act(self.page, session, self.settle, until)

    async def document(self) -> tuple[str, str] | None:
        """The document as HTML and its visible text; None where it went away while it was read."""
        self.stage = "the page was too large to be read out"
        try:
            if b"shadowrootmode" in await self._body(self.responses[-1]):
                await open_closed_roots(self.page.context, self.page)
            return await read_out(self.page, self.limits, self.notes)
        except Error as error:
            self._crashed(first_line(error), error)
            return None

    async def _body(self, answer: WireResponse) -> bytes:
        """The body of a navigation; empty where it never ended, or the browser let go of it."""
        if answer not in self._bodies:
            try:
                async with asyncio.timeout(BODY_SECONDS):
                    self._bodies[answer] = await answer.body()
            except (TimeoutError, Error):
                self._bodies[answer] = b""
        return self._bodies[answer]

    async def received(self, *, body: bool = True) -> Response:
        """What is known so far: status, headers, redirects and, where it has ended, the body of the last
        navigation. An answer of the gate's own is the trouble that it tells of."""
        start = Response(self.url, self.url, Via.CHROMIUM)
        if not self.responses:
            return start
        # The response whose document stands there; a download that a script starts is not one.
        here = self.page.url.partition("#")[0]
        shown = [seen for seen in self.responses if seen.url.partition("#")[0] == here]
        answer = (shown or self.responses)[-1]
        chain = _chain(self.responses[: self.responses.index(answer) + 1])
        final = plain_url(self.page.url if self.page.url.startswith("http") else chain[-1])
        redirects = tuple(dict.fromkeys((self.url, *chain, final)))
        start = replace(
            start,
            final_url=final,
            status=answer.status,
            redirects=redirects if self.url.rstrip("/") != final.rstrip("/") or len(chain) > 1 else (),
            leads_to=self.leads_to,
        )
        try:
            async with asyncio.timeout(BODY_SECONDS):
                headers = await answer.headers_array()
                fields = tuple((entry["name"].lower(), entry["value"]) for entry in headers)
                if (TOKEN_HEADER, self.lane.token) in fields:
                    trouble = self.lane.exhausted or self.lane.trouble_of(answer.url)
                    unknown = Trouble(TroubleKind.CONNECT, f"{answer.url} could not be reached")
                    return replace(start, status=None, trouble=trouble or unknown)
                start = replace(start, headers=fields)
        except (TimeoutError, Error):
            pass  # The browser let go of it; the document itself is at hand.
        return replace(start, body=await self._body(answer)) if body else start


def _chain(responses: list[WireResponse]) -> list[str]:
    """Every URL of the main frame on the way, in order."""
    urls: list[str] = []
    for response in responses:
        hops: list[str] = []
        wire: Wire | None = response.request
        while wire is not None:
            hops.append(plain_url(wire.url))
            wire = wire.redirected_from
        urls.extend(hop for hop in reversed(hops) if hop not in urls)
    return urls


def _dismiss(dialog: Dialog) -> None:
    """Answers a dialog at once: a page that waits for a person would wait for ever. ``beforeunload``
    is accepted, which lets the page go; everything else is dismissed."""
    answer = dialog.accept() if dialog.type == "beforeunload" else dialog.dismiss()
    detached(bounded(answer, 2.0))
