"""One page in Chromium, from navigation to serialised document."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, Dialog, Download, Error, Frame, Page
from playwright.async_api import Request as Wire
from playwright.async_api import Response as WireResponse

from browseagent.records import Via
from browseagent.session import Session
from browseagent.web.act import act
from browseagent.web.chain import chain_of, moved
from browseagent.web.chromium import bounded, first_line
from browseagent.web.egress import TOKEN_HEADER
from browseagent.web.lane import Lane
from browseagent.web.limits import Limits
from browseagent.web.loaded import OLD_REQUEST, Loading, Sample, judge_loading, unfinished
from browseagent.web.neterror import explain
from browseagent.web.reach import past_consent, to_the_end
from browseagent.web.response import Response
from browseagent.web.sources import script
from browseagent.web.trouble import Trouble, TroubleKind

SAMPLE_SECONDS = 0.05
"""Between two looks at a page: one look takes some 5 ms on an ordinary page."""
BODY_SECONDS = 3.0
"""For Chromium to hand over the body of a response that it has received."""
_REDIRECTED = re.compile(
    r"ERR_TOO_MANY_REDIRECTS|ERR_UNSAFE_REDIRECT|ERR_UNKNOWN_URL_SCHEME|ERR_INVALID_REDIRECT"
)
_DATA_TYPES = {"fetch", "xhr", "script", "document"}


PENDING = script("pending.js")
SAMPLE = script("sample.js")
SERIALISE = script("serialise.js")


class Crashed(Exception):
    """The renderer or the browser died under the page."""


@dataclass  # Without slots: Playwright notes its wrappers on the object whose methods listen.
class Visit:
    """The state of one page load. What it holds is true at any moment, whatever interrupts it."""

    page: Page
    lane: Lane
    limits: Limits
    url: str
    responses: list[WireResponse] = field(default_factory=list)
    """Final responses of the main frame's navigations, in order."""
    under_way: dict[Wire, float] = field(default_factory=dict)
    download: bool = False
    failed: tuple[str, str] | None = None
    """Error and URL of the last navigation that failed."""
    layered: bool = False
    """Whether the document has anything that may be a consent layer."""
    folded: bool = False
    """Whether the document may show more when it is scrolled or pressed."""
    notes: list[str] = field(default_factory=list)
    crash: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    stage: str = "the server did not answer"

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

    async def without_media(self, context: BrowserContext) -> None:
        """Has audio and video refused. Images and fonts are off by Chromium's own switches, which cost no
        question a request; only media requests are held here."""
        session = await context.new_cdp_session(self.page)

        def refuse(event: dict[str, Any]) -> None:
            answer = {"requestId": event["requestId"], "errorReason": "BlockedByClient"}
            detached(bounded(session.send("Fetch.failRequest", answer), 2.0))

        session.on("Fetch.requestPaused", refuse)
        await session.send("Fetch.enable", {"patterns": [{"resourceType": "Media"}]})

    def _response(self, answer: WireResponse) -> None:
        wire = answer.request
        if wire.is_navigation_request() and wire.frame == self.page.main_frame:
            self.responses.append(answer)

    def _request(self, wire: Wire) -> None:
        if wire.resource_type in _DATA_TYPES:
            self.under_way[wire] = asyncio.get_running_loop().time()

    def _ended(self, wire: Wire) -> None:
        self.under_way.pop(wire, None)

    def _failed(self, wire: Wire) -> None:
        self.under_way.pop(wire, None)
        # A navigation that was given up for another one is no failure, and may be told of after that
        # other one has failed.
        given_up = (wire.failure or "").startswith("net::ERR_ABORTED")
        if wire.is_navigation_request() and wire.frame == self.page.main_frame and not given_up:
            self.failed = (wire.failure or "", wire.url)

    def _download(self, _: Download) -> None:
        self.download = True
        self.notes.append("the page started a download; it was not taken")

    def _crash(self, _: Page) -> None:
        if not self.crash.done():
            self.crash.set_result(None)

    def _popup(self, page: Page) -> None:
        if page is not self.page:
            self.notes.append("the page opened a window; it was closed")
            detached(bounded(page.close(), self.limits.close))

    async def go(self, seconds: float) -> Trouble | None:
        """Navigates. What was in the way, or None."""
        try:
            await self.page.goto(self.url, wait_until="commit", timeout=seconds * 1000)
        except Error as error:
            line = first_line(error)
            if self.crash.done() or "crashed" in line or "has been closed" in line:
                raise Crashed(line) from error
            if self.download or "Download is starting" in line:
                self.download = True
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

    async def settle(self, until: float) -> str | None:
        """Waits until the text has stopped changing, at most ``until`` (loop time). What was missing
        then, or None."""
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
            if judge_loading(sample, changed_at) is Loading.LOADED:
                return None
            if loop.time() >= until:
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
                line = first_line(error)
                if self.crash.done() or "crashed" in line or "has been closed" in line:
                    raise Crashed(line) from error
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
            requests=sum(now - began < OLD_REQUEST for began in self.under_way.values()),
        )

    async def reach(self, until: float) -> None:
        """Past the consent layer, and to the end of what scrolling and "load more" bring."""
        self.stage = "the page kept the browser busy"
        note = await past_consent(self.page, self.settle, until) if self.layered else None
        if note is not None:
            self.notes.append(note)
        note = await to_the_end(self.page, self.settle, until) if self.folded else None
        if note is not None:
            self.notes.append(note)

    async def act(self, session: Session, until: float) -> Trouble | None:
        """Past the consent layer, and then what the person asked to be clicked and waited for. What was in
        the way, or None."""
        self.stage = "what was to be clicked or waited for did not come"
        note = await past_consent(self.page, self.settle, until) if self.layered else None
        if note is not None:
            self.notes.append(note)
        return await act(self.page, session, self.settle, until)

    async def document(self) -> tuple[str, str] | None:
        """The document as HTML, frames of other origins written in, and its visible text; None where it
        went away while it was read."""
        self.stage = "the page was too large to be read out"
        try:
            seen: dict[str, Any] = await self.page.evaluate(
                SERIALISE, [self.limits.dom_nodes, self.limits.dom_chars]
            )
        except Error as error:
            line = first_line(error)
            if self.crash.done() or "crashed" in line or "has been closed" in line:
                raise Crashed(line) from error
            return None
        html, text = str(seen["html"]), str(seen["text"])
        if seen["cut"]:
            self.notes.append(f"the document was cut off after {self.limits.dom_nodes} nodes")
        if seen["frames"]:
            html, text = await self._with_frames(html, text)
        return html, text

    async def _with_frames(self, html: str, text: str) -> tuple[str, str]:
        """Writes frames of other origins into the place that was kept for them. Advertising frames
        hold little text; a frame that does not answer at once is left out."""
        for frame in self.page.frames:
            if frame.parent_frame is not self.page.main_frame or not frame.url.startswith("http"):
                continue
            try:
                async with asyncio.timeout(1.5):
                    number, seen = await self._frame(frame)
            except (TimeoutError, Error):
                self.notes.append(
                    f"a frame of {urlsplit(frame.url).hostname} did not answer and was left out"
                )
                continue
            mark = f"<!--browseagent-frame-{number}-->"
            if number is not None and mark in html:
                body = str(seen["html"]).partition("<body")[2].partition(">")[2].rpartition("</body>")[0]
                html = html.replace(mark, body, 1)
                text = f"{text}\n{seen['text']}".rstrip()
        return html, text

    async def _frame(self, frame: Frame) -> tuple[str | None, dict[str, Any]]:
        element = await frame.frame_element()
        number = await element.get_attribute("data-browseagent-number")
        return number, await frame.evaluate(
            SERIALISE, [self.limits.dom_nodes // 10, self.limits.dom_chars // 10]
        )

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
        chain = chain_of(self.responses[: self.responses.index(answer) + 1])
        final = self.page.url if self.page.url.startswith("http") else chain[-1]
        redirects = tuple(dict.fromkeys((self.url, *chain, final)))
        start = replace(
            start,
            final_url=final,
            status=answer.status,
            redirects=redirects if moved(self.url, final) or len(chain) > 1 else (),
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
                if body:
                    start = replace(start, body=await answer.body())
        except (TimeoutError, Error):
            pass  # The body never ended, or the browser let go of it; the document itself is at hand.
        return start


def _dismiss(dialog: Dialog) -> None:
    """Answers a dialog at once: a page that waits for a person would wait for ever. ``beforeunload``
    is accepted, which lets the page go; everything else is dismissed."""
    answer = dialog.accept() if dialog.type == "beforeunload" else dialog.dismiss()
    detached(bounded(answer, 2.0))


_background: set[asyncio.Task[bool]] = set()


def detached(work: Any) -> None:
    """Runs a short piece of work that nobody waits for; asyncio keeps no reference of its own."""
    task = asyncio.ensure_future(work)
    _background.add(task)
    task.add_done_callback(_background.discard)
