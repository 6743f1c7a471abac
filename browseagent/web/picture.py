"""The picture of a page in Chromium, and where its texts stand on it."""

from __future__ import annotations

import asyncio
from typing import Any, Literal

from playwright.async_api import Error, Page

from browseagent.records import Box, Screenshot
from browseagent.web.act import script
from browseagent.web.chromium import first_line

TALLEST = 16_384
"""Pixels of a picture's height: Chromium draws no taller one in one piece."""
WIDEST = 4096
PICTURE_SECONDS = 15.0
"""For a picture to be taken; one of 16,000 pixels takes some 2 s on two busy cores."""
QUALITY = 80
"""Of a JPEG: small print stays legible, and a page with photographs takes a fifth of what it takes as PNG."""
_MOST, _LONGEST = 5000, 2000
"""Boxes of a picture, and characters of each."""
_BOXES = script("boxes.js")


async def picture(page: Page, seconds: float, kind: Literal["png", "jpeg"]) -> tuple[Screenshot | None, str]:
    """The whole page, down to :data:`TALLEST` pixels, and what is to be said of it; or None and why."""
    try:
        async with asyncio.timeout(max(min(seconds, PICTURE_SECONDS), 0.0)):
            seen: dict[str, Any] = await page.evaluate(_BOXES, [TALLEST, _MOST, _LONGEST])
            width, height = _within(seen["width"], WIDEST), _within(seen["height"], 10**9)
            shown = min(height, TALLEST)
            image = await page.screenshot(
                full_page=True,
                clip={"x": 0, "y": 0, "width": width, "height": shown},
                animations="disabled",
                timeout=0,
                type=kind,
                quality=QUALITY if kind == "jpeg" else None,
            )
    except TimeoutError:
        return None, "the screenshot could not be taken in time"
    except Error as error:
        return None, f"the screenshot could not be taken: {first_line(error)}"
    cut = f"the screenshot shows the first {shown} of {height} pixels of the page" if shown < height else ""
    boxes = tuple(_boxes(seen["boxes"], width, shown))
    return Screenshot(image, "image/png" if kind == "png" else "image/jpeg", width, shown, boxes), cut


def _within(said: object, most: int) -> int:
    """A length that the page's own world told, which may say anything."""
    return max(1, min(int(said), most)) if isinstance(said, (int, float)) and said == said else 1


def _boxes(said: object, width: int, height: int) -> list[Box]:
    """The boxes, as far as they are some and lie on the picture."""
    found = []
    for each in said[:_MOST] if isinstance(said, list) else []:
        try:
            text, left, top, wide, high = each
            x, y = max(0, round(left)), max(0, round(top))
            box = Box(str(text)[:_LONGEST], x, y, min(round(left + wide), width) - x,
                      min(round(top + high), height) - y)  # fmt: skip
        except (TypeError, ValueError, OverflowError):
            continue
        if box.width > 0 and box.height > 0:
            found.append(box)
    return found
