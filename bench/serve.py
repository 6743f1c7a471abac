"""The server under load: clients that ask about stored pages, against one warm agent in a loop.

``python bench/serve.py [--clients 50] [--seconds 60] [--watches 10000]`` starts a server and the fixture
sites, has each client ask one question after another, and says: requests a second and their ratio to the
loop's (wanted: 0.9), the median and the 99th percentile, errors, and the server's memory after the first
quarter and at the end. Then the list of that many watches: milliseconds a page, the slowest of ten, whole and
filtered by words and by state (wanted: under 200). Standard error tells what is being measured; on a machine
that is busy one answer may take ten seconds, so that even a short run takes a minute or two.
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
STARTS = 120.0
"""Seconds for the server to start, to load its model and to end."""
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
        say(f"putting {watches:,} watches into the store")
        _watched(settings, watches)
        return {
            "clients": clients,
            "watches": watches,
            "loop_per_s": round(loop, 2),
            **await _served(folder, work, clients, seconds, loop, watches),
        }


async def _loop(settings: Settings, work: list[tuple[str, str]], seconds: float) -> float:
    """Answers a second of one warm agent; it stores the pages too. What it knows of them is what the server
    knows when it starts: their bytes."""
    async with Agent(settings=settings) as agent:
        say(f"reading {len(work)} pages")
        for _, url in work:
            await agent.read(url)
        await agent.load()
        say(f"one agent in a loop, {seconds:g} s and the answer under way")
        began = time.monotonic()
        for done, (question, url) in enumerate(itertools.cycle(work), 1):
            await agent.ask(question, url)
            if time.monotonic() - began > seconds:
                return done / (time.monotonic() - began)
    raise AssertionError


async def _served(
    home: str, work: list[tuple[str, str]], clients: int, seconds: float, loop: float, watches: int
) -> dict[str, object]:
    command = [sys.executable, "-m", "browseagent", "serve", "--port", "0", "--allow-private"]
    process = await asyncio.create_subprocess_exec(
        *command, stderr=asyncio.subprocess.PIPE, env={**os.environ, "BROWSEAGENT_HOME": home}
    )
    assert process.stderr is not None
    heard: asyncio.Future[None] | None = None
    try:
        began = time.monotonic()
        line = (await asyncio.wait_for(process.stderr.readline(), STARTS)).decode()
        if " at " not in line:
            raise SystemExit(f"the server did not start: {line}{(await process.stderr.read()).decode()}")
        address = line.split(" at ")[1].split()[0].rstrip("/")
        heard = asyncio.ensure_future(_passed_on(process.stderr))
        async with httpx.AsyncClient(timeout=600, limits=httpx.Limits(max_connections=clients + 1)) as client:
            while (await client.get(f"{address}/readyz")).status_code != 200:
                if time.monotonic() - began > STARTS:
                    raise SystemExit(f"the server was not ready within {STARTS:g} s")
                await asyncio.sleep(0.1)
            ready = time.monotonic() - began
            say(f"{clients} clients, {seconds:g} s and the answers under way")
            times: list[float] = []
            errors: list[str] = []
            until = time.monotonic() + seconds

            async def asking(first: int) -> None:
                for question, url in itertools.islice(itertools.cycle(work), first, None):
                    if (at := time.monotonic()) > until:
                        return
                    body = {"question": question, "sources": [url], "options": {"max_age": 86_400}}
                    try:
                        reply = await client.post(f"{address}/v1/ask", json=body)
                    except httpx.HTTPError as error:
                        errors.append(type(error).__name__)
                        return
                    times.append(time.monotonic() - at)
                    if reply.status_code != 200:
                        errors.append(str(reply.status_code))

            async def early() -> int:
                await asyncio.sleep(seconds / 4)
                return _memory(process.pid)

            early_memory = asyncio.ensure_future(early())
            await asyncio.gather(*(asking(number) for number in range(clients)))
            took = seconds + max(0.0, time.monotonic() - until)
            if not times:
                raise SystemExit(f"no question was answered: {', '.join(sorted(set(errors)))}")
            say("the list of watches")
            rate = len(times) / took
            times.sort()
            return {
                "ready_s": round(ready, 1),
                "served_per_s": round(rate, 2),
                "ratio": round(rate / loop, 2),
                "median_s": round(statistics.median(times), 2),
                "p99_s": round(times[int(len(times) * 0.99)], 2),
                "answers": len(times),
                "errors": len(errors),
                "early_mb": await early_memory,
                "end_mb": _memory(process.pid),
                "list_ms": await _listed(client, address, watches),
            }
    finally:
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), STARTS)
        except TimeoutError:
            process.kill()
            await process.wait()
        if heard is not None:
            await heard


async def _passed_on(lines: asyncio.StreamReader) -> None:
    """What the server says, so that it never waits for a reader."""
    async for line in lines:
        sys.stderr.write(line.decode())


def say(text: str) -> None:
    """What is being measured now."""
    sys.stderr.write(f"serve: {text}\n")
    sys.stderr.flush()


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


async def _listed(client: httpx.AsyncClient, address: str, watches: int) -> dict[str, float]:
    """Milliseconds for a page of the list, the slowest of ten."""
    found = {}
    for name, query in (
        ("all", ""),
        ("words", "?q=site7+page"),
        ("state", "?state=failed"),
        ("last", f"?start={max(0, watches - 50)}"),
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
