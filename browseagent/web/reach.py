"""Reaching everything on a page in Chromium: past the consent layer, past the fold, past "load more"."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

from playwright.async_api import Error, Page

from browseagent.web.signs import CONSENT_WORDS, LOAD_MORE, REFUSE
from browseagent.web.sources import script

ROUNDS = 40
"""Windows scrolled and rounds of "load more": some 30,000 pixels, or 40 pages of a listing."""
STEP_SECONDS = 2.5
"""Longest wait for one step to bring what it brings."""
_CONSENT = script("consent.js")
_REACH = script("reach.js")

Settle = Callable[[float], Awaitable[str | None]]
"""Waits until the page's text is still, at most until that loop time."""


async def past_consent(page: Page, settle: Settle, until: float) -> str | None:
    """Refuses or removes a consent layer; a note where there was one."""
    done = await _run(page, _CONSENT, [_script_pattern(CONSENT_WORDS), _script_pattern(REFUSE)])
    if done == "refused":
        await settle(min(until, asyncio.get_running_loop().time() + STEP_SECONDS))
        return "a consent layer was refused"
    return "a consent layer without a refuse button was taken out" if done == "removed" else None


async def to_the_end(page: Page, settle: Settle, until: float) -> str | None:
    """Unfolds, presses "load more" and scrolls until nothing more comes, or until the budget is spent. A
    note where more was loaded, or where there is still more."""
    loop = asyncio.get_running_loop()
    first, last, pressed, idle = -1, -1, 0, 0
    for _ in range(ROUNDS):
        seen: dict[str, Any] | None = await _run(page, _REACH, [_script_pattern(LOAD_MORE)])
        if seen is None or (not seen["lazy"] and not seen["pressed"] and last < 0):
            return None
        first = int(seen["chars"]) if first < 0 else first
        idle = idle + 1 if int(seen["chars"]) == last and not seen["pressed"] else 0
        last, pressed = int(seen["chars"]), pressed + int(seen["pressed"])
        if (idle >= 2 and seen["bottom"]) or (not seen["lazy"] and not seen["pressed"]):
            return _more(first, last, pressed)
        if loop.time() >= until:
            break
        await settle(min(until, loop.time() + STEP_SECONDS))
    return f"the page goes on loading; it was read up to its first {last} characters"


def _more(first: int, last: int, pressed: int) -> str | None:
    if last <= first:
        return None
    how = f"pressing “more” ({pressed} times)" if pressed else "scrolling"
    return f"{last - first} more characters were loaded by {how}"


async def _run(page: Page, code: str, given: list[str]) -> Any:
    """Runs a page script; None where the page navigated away under it."""
    try:
        return await page.evaluate(code, given)
    except Error:
        return None


def _script_pattern(pattern: re.Pattern[str]) -> str:
    """A pattern as JavaScript takes it."""
    return pattern.pattern
