"""Many page loads with everything that goes wrong mixed in: outcomes, deadlines, processes, memory.

    python bench/soak.py [--loads 500] [--concurrency 4] [--timeout 6]

Hangs, renderers that are crashed, floods, dialogs and slow drips are spread evenly among ordinary pages.
Fails (exit status 1) where a page overran its deadline by more than a second, where a process is left, or
where our own memory with Chromium's at the end is more than 10 % above that after the first 50 loads.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import sys
import time
from collections import Counter
from pathlib import Path

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.fetch import page_urls
from browseagent.web import Request, Web
from browseagent.web.find_chromium import process_tree, resident_bytes
from fixtures.server import FixtureServer

TROUBLE = (
    "/cases/hang.html",
    "/cases/slow-drip.html",
    "/cases/floods-console.html",
    "/cases/blocks-thread.html",
    "/cases/opens-dialogs.html",
    "/cases/dialog-for-ever.html",
    "/cases/opens-popups.html",
    "/cases/before-unload.html",
    "/cases/reloads-itself.html",
    "/cases/eats-memory.html",
    "/cases/reset.html",
    "/cases/redirect-loop.html",
)
WARM = 50
CRASH_EVERY = 25
TROUBLE_EVERY = 8


async def main() -> int:
    """Runs the soak; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--loads", type=int, default=500)
    parser.add_argument("--concurrency", type=int, default=4)
    parser.add_argument("--timeout", type=float, default=6.0)
    args = parser.parse_args()
    outcomes: Counter[str] = Counter()
    longest, warm, left = 0.0, 0, 0
    with FixtureServer() as server:
        urls = page_urls(server, args.loads)
        async with Web() as web:
            numbers = iter(range(args.loads))

            async def worker() -> None:
                nonlocal longest, warm
                for number in numbers:
                    url = urls[number]
                    if number % TROUBLE_EVERY == 3:
                        url = server.url(TROUBLE[number // TROUBLE_EVERY % len(TROUBLE)])
                    if number % CRASH_EVERY == 7:
                        await web.browser().crash()
                    began = time.monotonic()
                    page = await web.fetch(Request(url, via="chromium", timeout=args.timeout))
                    longest = max(longest, time.monotonic() - began)
                    outcomes[page.outcome.value] += 1
                    if number == WARM:
                        warm = memory()

            await asyncio.gather(*(worker() for _ in range(args.concurrency)))
            await asyncio.sleep(1.0)
            end = memory()
        await asyncio.sleep(0.5)
        left = len(process_tree(os.getpid())) - 1
    growth = end / warm - 1 if warm else 0.0
    print(f"{sum(outcomes.values())} loads: {dict(outcomes)}")
    print(f"longest {longest:.1f} s of {args.timeout:g} s; processes left: {left}")
    print(f"memory after {WARM} loads {warm / 1e6:.0f} MB, at the end {end / 1e6:.0f} MB ({growth:+.0%})")
    return int(longest > args.timeout + 1.0 or left > 0 or growth > 0.10)


def memory() -> int:
    """Resident bytes of this process and all that it started."""
    gc.collect()
    return resident_bytes(os.getpid())


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
