"""Pages a second: our fetcher through Chromium against the shortest hand-written Playwright loop, and by
httpx.

    python bench/fetch.py [--pages 100] [--concurrency 4] [--rounds 3]

Both load the same pages of the fixture sites from 127.0.0.1 in the same Chromium binary with the same
switches off. The loop does the least that gives text: a context, ``goto``, ``content()`` and
``inner_text``; it runs no gate, waits for no script, refuses no consent layer and marks nothing. Rounds
alternate, so that a busy machine slows both; the median of the rounds' ratios is what counts.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playwright.async_api import async_playwright

from browseagent.web import Request, Web
from browseagent.web.find_chromium import find_chromium
from fixtures.server import FixtureServer

FOLDERS = (
    "news",
    "docs",
    "forum",
    "council",
    "shop",
    "recipes",
    "service",
    "university",
    "hospital",
    "watch",
)


def page_urls(server: FixtureServer, wanted: int) -> list[str]:
    """``wanted`` URLs of ordinary fixture pages, repeated with a query where there are fewer."""
    root = Path(__file__).resolve().parents[1] / "fixtures" / "sites"
    paths = sorted(path.relative_to(root) for folder in FOLDERS for path in (root / folder).glob("*.html"))
    return [server.url(f"/{paths[i % len(paths)]}?n={i // len(paths)}") for i in range(wanted)]


async def spread(urls: list[str], concurrency: int, load: Callable[[str], Awaitable[None]]) -> float:
    """Loads all URLs with so many at a time; seconds."""
    queue = iter(urls)
    began = time.monotonic()

    async def worker() -> None:
        for url in queue:
            await load(url)

    await asyncio.gather(*(worker() for _ in range(concurrency)))
    return time.monotonic() - began


async def by_hand(urls: list[str], concurrency: int) -> float:
    """The shortest loop; seconds without starting the browser."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=find_chromium().found, chromium_sandbox=False
        )

        async def load(url: str) -> None:
            context = await browser.new_context()
            page = await context.new_page()
            await page.goto(url)
            await page.content()
            await page.inner_text("body")
            await context.close()

        await load(urls[0])
        return await spread(urls, concurrency, load)


async def by_us(urls: list[str], concurrency: int, via: str) -> float:
    """Our fetcher; seconds without starting the browser."""
    async with Web() as web:

        async def load(url: str) -> None:
            page = await web.fetch(Request(url, via="chromium" if via == "chromium" else "http"))
            if page.status is None:
                raise RuntimeError(f"{url}: {page.reason}")

        await load(urls[0])
        return await spread(urls, concurrency, load)


async def main() -> None:
    """Runs the rounds and prints them."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pages", type=int, default=100)
    parser.add_argument("--concurrency", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    ratios = []
    with FixtureServer() as server:
        urls = page_urls(server, args.pages)
        for number in range(args.rounds):
            hand = await by_hand(urls, args.concurrency)
            ours = await by_us(urls, args.concurrency, "chromium")
            http = await by_us(urls, args.concurrency, "http")
            ratios.append(hand / ours)
            print(
                f"round {number + 1}: by hand {len(urls) / hand:.1f} pages/s, ours {len(urls) / ours:.1f} "
                f"(ratio {hand / ours:.2f}), by http {len(urls) / http:.1f}"
            )
    print(f"median ratio {statistics.median(ratios):.2f}")


if __name__ == "__main__":
    asyncio.run(main())
