"""What is done on a page in Chromium before it is read: past the consent layer, past the fold and past "load
more"; then what the person asked for, clicks and a thing to wait for."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from playwright.async_api import Error, Page

from browseagent.errors import UsageError
from browseagent.records.counted import counted
from browseagent.session import Session
from browseagent.web.signs import CONSENT_WORDS, LOAD_MORE, REFUSE
from browseagent.web.trouble import Trouble, TroubleKind


def script(name: str) -> str:
    """The text of one of the scripts that are run in pages."""
    return (files("browseagent.web") / "scripts" / name).read_text("utf-8")


ROUNDS = 40
"""Windows scrolled and rounds of "load more": some 30,000 pixels, or 40 pages of a listing."""
STEP_SECONDS = 2.5
"""Longest wait for one step to bring what it brings."""
_CONSENT = script("consent.js")
_REACH = script("reach.js")

Settle = Callable[[float], Awaitable[str | None]]
"""Waits until the page's text is still, at most until that loop time."""
_NO_SELECTOR = re.compile(
    r"is not a valid selector|Unexpected token|Unknown engine|parsing css selector", re.I
)


async def past_consent(page: Page, settle: Settle, until: float) -> str | None:
    """Refuses or removes a consent layer; what was done where there was one."""
    done = await _run(page, _CONSENT, [CONSENT_WORDS.pattern, REFUSE.pattern])
    if done == "refused":
        await settle(min(until, asyncio.get_running_loop().time() + STEP_SECONDS))
        return "a consent layer was refused"
    return "a consent layer without a refuse button was taken out" if done == "removed" else None


@dataclass(frozen=True, slots=True)
class Reached:
    """How the end of a page was reached, or what was left."""

    how: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


async def to_the_end(page: Page, settle: Settle, until: float) -> Reached:
    """Unfolds, presses "load more" and scrolls until nothing more comes, or until the budget is spent."""
    loop = asyncio.get_running_loop()
    first, last, pressed, idle = -1, -1, 0, 0
    for _ in range(ROUNDS):
        seen: dict[str, Any] | None = await _run(page, _REACH, [LOAD_MORE.pattern])
        if seen is None or (not seen["lazy"] and not seen["pressed"] and last < 0):
            return Reached()
        first = int(seen["chars"]) if first < 0 else first
        idle = idle + 1 if int(seen["chars"]) == last and not seen["pressed"] else 0
        last, pressed = int(seen["chars"]), pressed + int(seen["pressed"])
        if (idle >= 2 and seen["bottom"]) or (not seen["lazy"] and not seen["pressed"]):
            return Reached(_more(first, last, pressed))
        if loop.time() >= until:
            break
        await settle(min(until, loop.time() + STEP_SECONDS))
    return Reached(left=(f"the page goes on loading; it was read up to its first {last} characters",))


def _more(first: int, last: int, pressed: int) -> tuple[str, ...]:
    if last <= first:
        return ()
    how = f"pressing “more” ({counted(pressed, 'time')})" if pressed else "scrolling"
    return (f"{counted(last - first, 'more character was', 'more characters were')} loaded by {how}",)


async def _run(page: Page, code: str, given: list[str]) -> Any:
    """Runs a page script; None where the page navigated away under it."""
    try:
        return await page.evaluate(code, given)
    except Error:
        return None


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
