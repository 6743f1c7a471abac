"""Kills the monitor at and between its commits, over a page that changes, and counts what was lost.

    python bench/crash.py --kills 5000                                    # SQLite, in a temporary folder
    python bench/crash.py --kills 5000 --database postgresql://…/empty    # an empty PostgreSQL database

Each round forks a process that opens the database, checks the watches that are due and sends alerts to a
webhook. Half of the processes kill themselves with SIGKILL at a point drawn by lot: before or after
one of their transactions or its commit, when the page is fetched, when the question is put, before or
after the webhook. The other half are killed from outside after a random time. Once a change of the page
is in the database, the page changes again. The receiver of the webhook refuses some messages, and takes
others without answering. After the last kill the monitor runs undisturbed until nothing is left to do.

It must hold: each change of each watch is one event, in order and without a gap; each event reached the
receiver at least once, with one key; nothing is left over; the database passes its own check. The last line
printed is one JSON object; the exit status is 1 where something does not hold.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import signal
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import httpx
import sqlalchemy as sa

from browseagent.durable import this_process
from browseagent.read import extractor_version
from browseagent.records import Answer, Document, Page
from browseagent.store.outbox import SqlOutbox
from browseagent.store.pages import SqlPageStore
from browseagent.store.watch_book import WatchBook
from browseagent.store.watch_schema import events, outbox
from browseagent.store.watches import SqlWatchStore
from browseagent.watch.check import Checker, World
from browseagent.watch.notify.message import Message
from browseagent.watch.notify.senders import Senders
from browseagent.watch.notify.target import Target
from browseagent.watch.outbox import Courier
from browseagent.watch.reading import HereReader
from browseagent.watch.run import Options, Runner
from browseagent.web.port import Request
from tests.watch.world import Clock, FakeWeb, ScriptedAsker, price_line

START = datetime(2026, 3, 1, tzinfo=UTC)
WATCHES = ("plain", "asked")
QUIET_ROUNDS = 400
"""Undisturbed passes after the last kill, an hour of the monitor's clock apart, that must suffice."""


def url_of(name: str) -> str:
    return f"https://{name}.example/"


def text_of(version: int) -> str:
    return f"The lantern of the harbour, number {version}.\nIt costs £{100 + version}.00 today.\nIt floats."


class Fate:
    """Where a process dies by its own hand: at the point with this number."""

    def __init__(self, at: int | None) -> None:
        self._at = at
        self._passed = 0

    def point(self, *_: object) -> None:
        """A place at which it may be killed."""
        self._passed += 1
        if self._passed == self._at:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch_commits(self) -> None:
        """Before and after every transaction and its commit, of every engine of this process."""
        sa.event.listen(sa.Engine, "begin", self.point)
        sa.event.listen(sa.Engine, "commit", self.point)
        sa.event.listen(sa.pool.Pool, "checkin", self.point)


class FatalWeb(FakeWeb):
    """Pages of the present version; fetching is a point."""

    def __init__(self, clock: Clock, fate: Fate, version: int) -> None:
        super().__init__(clock)
        self._fate = fate
        for name in WATCHES:
            self.show(text_of(version), url_of(name))

    async def fetch(self, request: Request) -> Page:
        self._fate.point()
        page = await super().fetch(request)
        self._fate.point()
        return page


class FatalAsker(ScriptedAsker):
    """A model by script; asking it is a point."""

    def __init__(self, fate: Fate) -> None:
        super().__init__(price_line)
        self._fate = fate

    async def ask(self, question: str, document: Document, /) -> Answer:
        self._fate.point()
        return await super().ask(question, document)


class FatalSender:
    """The real webhook; a point before and after it."""

    def __init__(self, fate: Fate) -> None:
        self._fate = fate
        self._senders = Senders(lambda text: None, secret="secret")

    async def send(self, target: Target, message: Message) -> None:
        self._fate.point()
        await self._senders.send(target, message)
        self._fate.point()


async def one_pass(where: Path | str, clock: Clock, version: int, fate: Fate) -> None:
    """What ``browseagent watch run --due`` does, with pages and answers by script."""
    with SqlPageStore(where, clock=clock) as pages:
        store = SqlWatchStore(pages)
        world = World(
            fetcher=FatalWeb(clock, fate, version),
            store=store,
            asker=FatalAsker(fate),
            reader=HereReader(),
            reader_version=extractor_version(),
            now=clock,
            sleep=clock.sleep,
        )
        owner = this_process()
        courier = Courier(SqlOutbox(pages.database), FatalSender(fate), owner=owner, now=clock)
        runner = Runner(store, Checker(world), courier, Options(owner), now=clock)
        await runner.once()


def fork(work: Callable[[], object]) -> int:
    """A process of its own for ``work``; its id."""
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        work()
        status = 0
    finally:
        os._exit(status)


def start_receiver(log: Path, seed: int) -> tuple[int, int]:
    """A webhook's receiver in a process of its own, which notes what it takes; its id and port."""
    chance = random.Random(seed)

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            fate = chance.random()
            if fate < 0.2:
                self.send_response(503)
                self.end_headers()
                return
            note = {"key": self.headers["idempotency-key"], "event": json.loads(body)["event"]}
            with log.open("a", encoding="utf-8") as file:
                file.write(json.dumps(note) + "\n")
            if fate < 0.3:
                return  # taken, and no answer: the sender cannot know
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    child = fork(server.serve_forever)
    port = server.server_port
    server.server_close()
    return child, port


def seen_versions(where: Path | str, clock: Clock) -> list[int]:
    """How many changes of each watch are in the database."""
    with SqlPageStore(where, clock=clock) as pages, pages.database.transaction() as connection:
        count = sa.func.count()
        query = (
            sa.select(events.c.watch_id, count).where(events.c.kind == "changed").group_by(events.c.watch_id)
        )
        counts = [row[1] for row in connection.execute(query)]
    return [*counts, *[0] * (len(WATCHES) - len(counts))]


def prepare(where: Path | str, port: int, clock: Clock) -> None:
    """The watches, and their first look, undisturbed."""
    with SqlPageStore(where, clock=clock) as pages:
        book = WatchBook(pages.database)
        shared = {"every": "5m", "notify": [f"webhook:http://127.0.0.1:{port}/"], "keep": 100_000}
        book.put("plain", {"url": url_of("plain"), **shared}, clock())
        ask = [{"question": "What does it cost?", "type": "money"}]
        book.put("asked", {"url": url_of("asked"), "ask": ask, **shared}, clock())
    asyncio.run(one_pass(where, clock, 0, Fate(None)))


def run(where: Path | str, folder: Path, kills: int, seed: int) -> dict[str, Any]:
    """The whole experiment; its report."""
    chance = random.Random(seed)
    clock = Clock(START)
    log = folder / "received.jsonl"
    log.touch()
    receiver, port = start_receiver(log, seed)
    try:
        prepare(where, port, clock)
        version, killed, rounds, began = 1, 0, 0, time.monotonic()
        while killed < kills:
            rounds += 1
            clock.pass_(minutes=10)
            killed += one_round(where, clock, version, chance)
            if min(seen_versions(where, clock)) >= version:
                version += 1
        quiet = settle(where, clock, version)
        report = verify(where, clock, log)
        seconds = time.monotonic() - began
        return {
            "kills": killed,
            "rounds": rounds,
            "quiet_rounds": quiet,
            "seconds": round(seconds, 1),
            **report,
        }
    finally:
        os.kill(receiver, signal.SIGKILL)
        os.waitpid(receiver, 0)


def one_round(where: Path | str, clock: Clock, version: int, chance: random.Random) -> int:
    """One process and its death; 1 where it was killed, 0 where it came to its end before."""
    by_itself = chance.random() < 0.5
    fate = Fate(chance.randint(1, 60) if by_itself else None)
    delay = chance.uniform(0.002, 0.12)

    def work() -> None:
        fate.watch_commits()
        asyncio.run(one_pass(where, clock, version, fate))

    child = fork(work)
    if not by_itself:
        time.sleep(delay)
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return 1
    assert os.waitstatus_to_exitcode(status) == 0, "a pass failed by itself"
    return 0


def settle(where: Path | str, clock: Clock, version: int) -> int:
    """Passes without kills until nothing is pending and nothing waits; how many it took."""
    for number in range(1, QUIET_ROUNDS + 1):
        clock.pass_(hours=1)
        asyncio.run(one_pass(where, clock, version, Fate(None)))
        with SqlPageStore(where, clock=clock) as pages, pages.database.transaction() as connection:
            left = connection.execute(
                sa.select(sa.func.count()).select_from(outbox).where(outbox.c.status == "waiting")
            ).scalar_one()
            left += connection.execute(
                sa.select(sa.func.count()).select_from(events).where(events.c.status == "pending")
            ).scalar_one()
        if not left:
            return number
    return QUIET_ROUNDS


def verify(where: Path | str, clock: Clock, log: Path, names: Sequence[str] = WATCHES) -> dict[str, Any]:
    """What is wrong, by its sort, and what was counted."""
    wrong: Counter[str] = Counter()
    untold: list[str] = []
    notes = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    keys: dict[str, set[str]] = {}
    for note in notes:
        keys.setdefault(note["event"], set()).add(note["key"])
    total = 0
    with SqlPageStore(where, clock=clock) as pages:
        book = WatchBook(pages.database)
        for name in names:
            found = [e for e in book.history(name, limit=10**9) if e.kind == "changed"][::-1]
            total += len(found)
            for number, event in enumerate(found):
                wrong["gap"] += number > 0 and event.before != found[number - 1].after
                wrong["pending"] += event.pending
                changed = event.verdict.changes[0] if event.verdict and event.verdict.changes else None
                expected = (text_of(number).splitlines()[0], text_of(number + 1).splitlines()[0])
                wrong["not the change"] += changed is None or (changed.before, changed.after) != expected
                wrong["not received"] += event.key not in keys
                wrong["two keys"] += len(keys.get(event.key, ())) > 1
                if [letter[1] for letter in event.letters] != ["sent"]:
                    wrong["not one letter"] += 1
                    untold.append(
                        f"{name} {number}: {event.letters} {event.verdict and event.verdict.reason}"
                    )
            known = {event.key for event in book.history(name, limit=10**9)}
            keys = {event: its for event, its in keys.items() if event not in known}
    wrong["received without an event"] += len(keys)
    wrong["integrity"] += not intact(where)
    return {
        "events": total,
        "received": len(notes),
        "received_twice": len(notes) - len({note["key"] for note in notes}),
        "wrong": {sort: count for sort, count in wrong.items() if count},
        **({"untold": untold} if untold else {}),
    }


def intact(where: Path | str) -> bool:
    """Whether the database passes its own check."""
    if isinstance(where, str):
        return True  # PostgreSQL has no such check of its own; its constraints held at every commit
    connection = sqlite3.connect(where)
    try:
        whole = connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return whole and connection.execute("PRAGMA foreign_key_check").fetchall() == []
    finally:
        connection.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--kills", type=int, default=2000)
    parser.add_argument("--database", help="postgresql://… of an empty database; default: SQLite")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    httpx.Client().close()  # what httpx loads when it is first used is loaded before the forks
    memory = Path("/dev/shm")  # a killed process loses nothing that a disk would keep
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        where = options.database or Path(folder) / "home" / "pages.sqlite"
        report = run(where, Path(folder), options.kills, options.seed)
    print(json.dumps(report))
    return 1 if report["wrong"] or report["kills"] < options.kills else 0


if __name__ == "__main__":
    sys.exit(main())
