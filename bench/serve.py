"""The server under load: clients that ask about stored pages, against one warm agent in a loop.

``python bench/serve.py [--clients 50] [--seconds 60] [--watches 10000]`` starts a server and the fixture
sites, has each client ask one question after another, and says: requests a second and their ratio to the
loop's (wanted: 0.9), the median and the 99th percentile, errors, and the server's memory after the first
quarter and at the end. Then the list of that many watches: milliseconds a page, the slowest of ten, whole and
filtered by words and by state (wanted: under 200).
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import secrets
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from browseagent.agent.agent import Agent
from browseagent.config import Settings, default_settings
from browseagent.records.clock import utc_now
from browseagent.store.watch_schema import watches as watch_rows
from browseagent.wiring import open_kept
from fixtures.server import FixtureServer

PAGES = 10
QUESTIONS = Path(__file__).resolve().parents[1] / "fixtures" / "questions.json"


async def main(clients: int, seconds: float, watches: int) -> dict[str, object]:
    """The figures."""
    questions = json.loads(QUESTIONS.read_text("utf-8"))[:PAGES]
    with tempfile.TemporaryDirectory() as folder, FixtureServer() as site:
        own = default_settings()
        settings = replace(own, home=Path(folder), max_age=86_400.0)
        (Path(folder) / "models").symlink_to(own.models_path)
        work = [(each["questions"][0]["question"], site.url(each["path"])) for each in questions]
        loop = await _loop(settings, work, seconds / 4)
        _watched(settings, watches)
        return {
            "clients": clients,
            "watches": watches,
            "loop_per_s": round(loop, 2),
            **await _served(folder, work, clients, seconds, loop),
        }


async def _loop(settings: object, work: list[tuple[str, str]], seconds: float) -> float:
    """Answers a second of one warm agent; it stores the pages too."""
    async with Agent(settings=settings) as agent:  # type: ignore[arg-type]
        for question, url in work:
            await agent.ask(question, url)
        began = time.monotonic()
        for done, (question, url) in enumerate(itertools.cycle(work), 1):
            await agent.ask(question, url)
            if time.monotonic() - began > seconds:
                return done / (time.monotonic() - began)
    raise AssertionError


async def _served(
    home: str, work: list[tuple[str, str]], clients: int, seconds: float, loop: float
) -> dict[str, object]:
    command = [sys.executable, "-m", "browseagent", "serve", "--port", "0", "--allow-private"]
    process = await asyncio.create_subprocess_exec(
        *command, stderr=asyncio.subprocess.PIPE, env={**os.environ, "BROWSEAGENT_HOME": home}
    )
    assert process.stderr is not None
    try:
        began = time.monotonic()
        address = (await process.stderr.readline()).decode().split(" at ")[1].split()[0].rstrip("/")
        async with httpx.AsyncClient(timeout=600, limits=httpx.Limits(max_connections=clients + 1)) as client:
            while (await client.get(f"{address}/readyz")).status_code != 200:  # noqa: ASYNC110  another process
                await asyncio.sleep(0.1)
            ready = time.monotonic() - began
            times: list[float] = []
            errors: list[int] = []
            until = time.monotonic() + seconds

            async def asking(first: int) -> None:
                for question, url in itertools.islice(itertools.cycle(work), first, None):
                    if (at := time.monotonic()) > until:
                        return
                    body = {"question": question, "sources": [url], "options": {"max_age": 86_400}}
                    reply = await client.post(f"{address}/v1/ask", json=body)
                    times.append(time.monotonic() - at)
                    if reply.status_code != 200:
                        errors.append(reply.status_code)

            async def early() -> int:
                await asyncio.sleep(seconds / 4)
                return _memory(process.pid)

            early_memory = asyncio.ensure_future(early())
            await asyncio.gather(*(asking(number) for number in range(clients)))
            took = seconds + max(0.0, time.monotonic() - until)
            rate = len(times) / took
            times.sort()
            return {
                "ready_s": round(ready, 1),
                "served_per_s": round(rate, 2),
                "ratio": round(rate / loop, 2),
                "median_s": round(statistics.median(times), 2),
                "p99_s": round(times[int(len(times) * 0.99)], 2),
                "errors": len(errors),
                "early_mb": await early_memory,
                "end_mb": _memory(process.pid),
                "list_ms": await _listed(client, address),
            }
    finally:
        process.terminate()
        await process.wait()


def _watched(settings: Settings, count: int) -> None:
    """Puts watches into the store, every tenth of which failed."""
    at = utc_now()
    rows = [
        {
            "uid": secrets.token_hex(16), "name": f"watch {n}", "host": f"site{n % 100}.example",
            "enabled": True, "settings": {"url": f"https://site{n % 100}.example/page/{n}"},
            "created_at": at, "due_at": at + timedelta(minutes=n % 60), "memory": {}, "seen_sha256": "",
            "reason": "", "failures": 0, "trouble_told": False, "checks": 1, "good_at": at,
            "checked_at": at, "state": "failed" if n % 10 == 0 else "unchanged",
        }
        for n in range(count)
    ]  # fmt: skip
    with open_kept(settings) as kept, kept.pages.database.transaction(write=True) as connection:
        connection.execute(watch_rows.insert(), rows)


async def _listed(client: httpx.AsyncClient, address: str) -> dict[str, float]:
    """Milliseconds for a page of the list, the slowest of ten."""
    found = {}
    for name, query in (
        ("all", ""),
        ("words", "?q=site7+page"),
        ("state", "?state=failed"),
        ("last", "?start=9950"),
    ):
        slowest = 0.0
        for _ in range(10):
            began = time.monotonic()
            reply = await client.get(f"{address}/watches{query}", headers={"accept": "text/html"})
            assert reply.status_code == 200, reply.text
            slowest = max(slowest, time.monotonic() - began)
        found[name] = round(slowest * 1000, 1)
    return found


def _memory(number: int) -> int:
    """Megabytes of a process that are not shared."""
    text = Path(f"/proc/{number}/smaps_rollup").read_text("ascii")
    return sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("Private_")) // 1000


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--watches", type=int, default=10_000)
    given = parser.parse_args()
    print(json.dumps(asyncio.run(main(given.clients, given.seconds, given.watches)), indent=1))
