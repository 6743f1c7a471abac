"""The document that stands in Chromium, read out: as HTML and as the text that is seen."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, Error, Frame, Page

from browseagent.web.act import script
from browseagent.web.limits import Limits

SERIALISE = script("serialise.js")
FRAME_SECONDS = 1.5
"""For a frame to be read out; one that does not answer at once is left out."""
ROOT_SECONDS = 2.0
"""For Chromium to name the closed shadow roots of a document."""


async def read_out(page: Page, limits: Limits, notes: list[str]) -> tuple[str, str]:
    """The document as HTML, frames of other origins written in, and its visible text. What was left out is
    noted. Raises Playwright's Error where it went away while it was read."""
    seen: dict[str, Any] = await page.evaluate(SERIALISE, [limits.dom_nodes, limits.dom_chars])
    html, text = str(seen["html"]), str(seen["text"])
    if seen["cut"]:
        notes.append(f"the document was cut off after {limits.dom_nodes} nodes")
    if not seen["frames"]:
        return html, text
    for frame in page.frames:
        # Same-origin frames were read in place; what is sandboxed away from its page is of another origin.
        if frame.parent_frame is not page.main_frame or not frame.url.startswith(("http", "about:srcdoc")):
            continue
        try:
            async with asyncio.timeout(FRAME_SECONDS):
                number, inner = await _frame(frame, limits)
        except (TimeoutError, Error):
            of = urlsplit(frame.url).hostname or "the page itself"
            notes.append(f"a frame of {of} did not answer and was left out")
            continue
        mark = f"<!--browseagent-frame-{number}-->"
        if number is not None and mark in html:
            body = str(inner["html"]).partition("<body")[2].partition(">")[2].rpartition("</body>")[0]
            html = html.replace(mark, body, 1)
            text = f"{text}\n{inner['text']}".rstrip()
    return html, text


async def _frame(frame: Frame, limits: Limits) -> tuple[str | None, dict[str, Any]]:
    element = await frame.frame_element()
    number = await element.get_attribute("data-browseagent-number")
    return number, await frame.evaluate(SERIALISE, [limits.dom_nodes // 10, limits.dom_chars // 10])


async def open_closed_roots(context: BrowserContext, page: Page) -> None:
    """Makes known to the page's scripts which closed shadow roots its markup declares: no script of a page
    can come by those, only Chromium itself."""
    try:
        async with asyncio.timeout(ROOT_SECONDS):
            session = await context.new_cdp_session(page)
            root = (await session.send("DOM.getDocument", {"depth": -1, "pierce": True}))["root"]
            for number in _closed(root):
                given = await session.send("DOM.resolveNode", {"backendNodeId": number})
                known = {
                    "objectId": given["object"]["objectId"],
                    "functionDeclaration": _REMEMBER,
                }
                await session.send("Runtime.callFunctionOn", known)
            await session.detach()
    except (TimeoutError, Error):
        return  # the document went away, or is too large: it is read without them


_REMEMBER = "function () { window[Symbol.for('browseagent.root')](this.host, this); }"


def _closed(root: dict[str, Any]) -> list[int]:
    """The closed shadow roots in a tree of Chromium's, each by its number."""
    found: list[int] = []
    nodes = [root]
    for node in nodes:
        for inner in node.get("shadowRoots", ()):
            if inner.get("shadowRootType") == "closed":
                found.append(int(inner["backendNodeId"]))
        nodes += (*node.get("children", ()), *node.get("shadowRoots", ()))
    return found
