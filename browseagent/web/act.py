"""What a person asked to be done on a page before it is read: clicks, a thing to wait for, a picture."""

from __future__ import annotations

import asyncio
import re

from playwright.async_api import Error, Page

from browseagent.errors import UsageError
from browseagent.session import Session
from browseagent.web.chromium import first_line
from browseagent.web.reach import Settle
from browseagent.web.trouble import Trouble, TroubleKind

TALLEST = 16_384
"""Pixels of a picture's height: Chromium draws no taller one in one piece."""
PICTURE_SECONDS = 15.0
"""For a picture to be taken; one of 16,000 pixels takes some 2 s on two busy cores."""
_NO_SELECTOR = re.compile(
    r"is not a valid selector|Unexpected token|Unknown engine|parsing css selector", re.I
)


async def act(page: Page, session: Session, settle: Settle, until: float) -> Trouble | None:
    """Clicks what is to be clicked, one after the other, and waits for what is to be seen, at most
    ``until`` (loop time). What was in the way, or None. Raises UsageError for what is no selector."""
    for selector in session.clicks:
        trouble = await _reached(page, "click", selector, until)
        if trouble is not None:
            return trouble
        await settle(until)
    return await _reached(page, "wait-for", session.wait_for, until) if session.wait_for else None


async def _reached(page: Page, option: str, selector: str, until: float) -> Trouble | None:
    began = asyncio.get_running_loop().time()
    seconds = max(until - began, 0.1)
    first = page.locator(f"css={selector}").first
    try:
        if option == "click":
            await first.click(timeout=seconds * 1000)
        else:
            await first.wait_for(state="visible", timeout=seconds * 1000)
    except Error as error:
        if _NO_SELECTOR.search(str(error)):
            raise UsageError(
                f"--{option} {selector}: this is no CSS selector",
                hint="For example --wait-for '.results li'.",
            ) from error
        if "Timeout" not in str(error):
            raise
        there = await _count(page, selector)
        what = "cannot be clicked or is not seen" if there else "is not on the page"
        detail = f"what --{option} {selector} names {what} after {seconds:.0f} s"
        return Trouble(TroubleKind.ABSENT, detail)
    return None


async def _count(page: Page, selector: str) -> int:
    """How many elements match; none where the page has gone or does not answer at once."""
    try:
        async with asyncio.timeout(1.0):
            return await page.locator(f"css={selector}").count()
    except (TimeoutError, Error):
        return 0


async def picture(page: Page, seconds: float) -> tuple[bytes | None, str]:
    """The whole page as PNG, down to :data:`TALLEST` pixels; or None and why there is none."""
    try:
        async with asyncio.timeout(max(min(seconds, PICTURE_SECONDS), 0.0)):
            width, height = await page.evaluate(
                "() => [document.documentElement.clientWidth, document.documentElement.scrollHeight]"
            )
            if height <= TALLEST:
                return await page.screenshot(full_page=True, animations="disabled", timeout=0), ""
            part = {"x": 0, "y": 0, "width": max(width, 1), "height": TALLEST}
            shot = await page.screenshot(full_page=True, clip=part, animations="disabled", timeout=0)  # type: ignore[arg-type]
            return shot, f"the screenshot shows the first {TALLEST} of {height} pixels of the page"
    except TimeoutError:
        return None, "the screenshot could not be taken in time"
    except Error as error:
        return None, f"the screenshot could not be taken: {first_line(error)}"
