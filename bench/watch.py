"""What the monitor costs: claims, checks a second, memory, and database size.

    python bench/watch.py [--watches 10000] [--checks 2000] [--database postgresql://…/empty]

Watches on SQLite (synchronous=FULL, in the folder that TMPDIR names), pages from a server on 127.0.0.1 that
answers 304, and from one that answers 200 with the same text in other bytes each time; no browser. The last
line printed is one JSON object.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from browseagent.read import extractor_version
from browseagent.store.pages import SqlPageStore
from browseagent.store.watch_book import WatchBook
from browseagent.store.watches import SqlWatchStore
from browseagent.watch.check import Checker, World
from browseagent.watch.port import Claim
from browseagent.watch.reading_pool import ReadingPool
from browseagent.web import Web
from browseagent.web.find_chromium import resident_bytes
from tests.watch.world import Clock, ScriptedAsker, price_line

START = datetime(2026, 3, 1, tzinfo=UTC)
_PARAGRAPH = "The lantern hangs, stands and floats, with warm light for the tent, cold for the path. "
BODY = f"<!doctype html><title>Lantern</title><main><h1>Lantern</h1>{f'<p>{_PARAGRAPH * 4}</p>' * 12}</main>"


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A server that answers 304 to who brings the ETag, but 200 with a nonce for ``/noisy/…``."""
    number = 0
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            number += 1
            noisy = b" /noisy/" in head.split(b"\r\n", 1)[0]
            if not noisy and b'if-none-match: "1"' in head.lower():
                writer.write(b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n')
            else:
                body = (BODY + (f"<!-- {id(writer)} {number} -->" if noisy else "")).encode()
                tag = b"" if noisy else b'ETag: "1"\r\n'
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n" + tag)
                writer.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass  # the client is done
    finally:
        writer.close()


class Setting:
    """A database full of watches, and what checks them."""

    def __init__(self, where: Path | str, clock: Clock, web: Web, reader: ReadingPool) -> None:
        self.clock, self.pages = clock, SqlPageStore(where, clock=clock)
        self.store, self.book = SqlWatchStore(self.pages), WatchBook(self.pages.database)
        world = World(
            web, self.store, ScriptedAsker(price_line), reader, extractor_version(), clock, clock.sleep
        )
        self.checker = Checker(world)

    def fill(self, count: int, origin: str) -> float:
        """Adds watches, half of them noisy; seconds for one."""
        began = time.perf_counter()
        for number in range(count):
            kind = "noisy" if number % 2 else "still"
            url = f"{origin}/{kind}/{number}"
            self.book.put(f"{kind} {number}", {"url": url, "every": "15m"}, self.clock())
        return (time.perf_counter() - began) / count


async def checks(setting: Setting, kind: str, count: int) -> float:
    """Checks a second of one kind: the others are not due.

    All are claimed first, so that a check is timed alone.
    """
    names = [entry.watch.name for entry in setting.book.entries() if entry.watch.name.startswith(kind)]
    claims = [
        setting.store.claim_named(name, "bench", setting.clock(), seconds=3600) for name in names[:count]
    ]
    began = time.perf_counter()
    gate = asyncio.Semaphore(4)  # as `watch run` has it by default

    async def one(claim: Claim) -> None:
        async with gate:
            await setting.checker.check(claim)

    await asyncio.gather(*(one(claim) for claim in claims if claim is not None))
    return len(claims) / (time.perf_counter() - began)


async def memory(setting: Setting, most: int) -> dict[str, float]:
    """Megabytes of this process after 1,000 checks of both kinds, and after 10,000."""
    held, done = {}, 0
    for goal in (1_000, 10_000):
        while done < goal:
            part = min(most, (goal - done) // 2)
            for kind in ("still", "noisy"):
                setting.clock.pass_(minutes=16)
                await checks(setting, kind, part)
                done += part
        gc.collect()
        held[f"memory_mb_after_{goal}_checks"] = resident_bytes(os.getpid()) / 1e6
    return held


async def measure(where: Path | str, watches: int, count: int) -> dict[str, float]:
    clock = Clock(START)
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    origin = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with Web() as web, ReadingPool() as reader:
        setting = Setting(where, clock, web, reader)
        figures = {"watches": float(watches), "add_ms": setting.fill(watches, origin) * 1000}
        began = time.perf_counter()
        rounds = 20
        for _ in range(rounds):
            for claim in setting.store.claim("bench", clock(), seconds=1, limit=1):
                setting.store.release(claim, clock.now)
        figures["claim_ms"] = (time.perf_counter() - began) / rounds * 1000
        clock.pass_(minutes=16)
        for kind in ("still", "noisy"):
            figures[f"first_{kind}_per_s"] = await checks(setting, kind, min(count, watches // 2))
        size = setting.pages.database.file_bytes()
        done = 0
        for kind, answer in (("still", 304), ("noisy", 200)):
            clock.pass_(minutes=16)
            figures[f"checks_{answer}_per_s"] = await checks(setting, kind, min(count, watches // 2))
            done += min(count, watches // 2)
        figures |= await memory(setting, min(count, watches // 2))
        grown = max(0, setting.pages.database.file_bytes() - size)
        figures["bytes_a_watch"] = size / watches
        figures["bytes_a_watch_a_day_at_15m"] = grown / done * 96
        setting.pages.close()
    server.close()
    await server.wait_closed()
    return {name: round(value, 3) for name, value in figures.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--watches", type=int, default=10_000)
    parser.add_argument("--checks", type=int, default=2_000)
    parser.add_argument("--database")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        where = options.database or Path(folder) / "home" / "pages.sqlite"
        figures = asyncio.run(measure(where, options.watches, options.checks))
    slowest = min(figures["checks_304_per_s"], figures["checks_200_per_s"])
    figures["watches_held_at_15m"] = round(slowest * timedelta(minutes=15).total_seconds())
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
