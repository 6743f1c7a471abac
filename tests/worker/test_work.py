"""Workers share what is due, each check once, and take over what a dead one had."""

from __future__ import annotations

import asyncio
from contextlib import nullcontext
from datetime import timedelta
from itertools import pairwise
from typing import Any, cast

import pytest
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Status
from psycopg.errors import OperationalError, RaiseException

from browseagent.records.clock import utc_now
from browseagent.store.figures import figures
from browseagent.store.watch_schema import watches
from browseagent.watch.run import Broken
from browseagent.worker.queue import Jobs, StoreQueue
from tests.worker.world import Team, stopped, until


async def test_two_workers_share_what_is_due(team: Team) -> None:
    """Each watch is checked once, those of one host never two at a time, and no job is left."""
    for number in range(12):
        team.add(f"w{number}", host="busy.example" if number < 3 else "")
    team.web.seconds = 0.1
    tasks = [asyncio.create_task(team.worker(name).run()) for name in ("one", "two")]
    await until(lambda: min(team.checks().values()) == 1)
    await until(
        lambda: team.query("SELECT count(*) FROM procrastinate_jobs WHERE queue_name = 'checks'") == [(0,)]
    )
    await stopped(*tasks)
    more = team.query("SELECT name, state, reason, due_at FROM watches WHERE checks > 1")
    assert set(team.checks().values()) == {1}, more
    assert team.web.most["busy.example"] == 1
    assert team.query("SELECT count(*) FROM watches WHERE lease_token IS NOT NULL") == [(0,)]


async def test_what_a_stopped_worker_had_is_due_at_once(team: Team) -> None:
    """SIGTERM gives back what runs: another worker checks it without waiting for a lease to end."""
    team.add("slow")
    team.web.stuck = {"slow.example"}
    first = asyncio.create_task(team.worker("one").run())
    await until(lambda: team.web.open["slow.example"] == 1)
    await stopped(first)
    assert team.query("SELECT lease_token FROM watches") == [(None,)]
    assert team.query("SELECT count(*) FROM watch_workers") == [(0,)]
    team.web.stuck = set()
    second = asyncio.create_task(team.worker("two").run())
    await until(lambda: team.checks() == {"slow": 1})
    await stopped(second)


async def test_what_a_dead_worker_had_is_taken_up(team: Team) -> None:
    """A job of a worker that gives no sign of life is queued again, and its check made by another."""
    team.add("w")
    queue = StoreQueue(4)
    assert team.cluster.feed(utc_now(), queue, limit=4) == 1
    ((watch, token),) = team.query("SELECT args->'watch', args->>'token' FROM procrastinate_jobs")
    assert team.cluster.start(watch, token, utc_now(), seconds=90) is not None
    with team.bench.pages.database.transaction(write=True) as connection:  # as a killed worker leaves it
        connection.exec_driver_sql(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour')"
        )
        connection.exec_driver_sql(
            "UPDATE procrastinate_jobs SET status = 'doing', "
            "worker_id = (SELECT id FROM procrastinate_workers)"
        )
    task = asyncio.create_task(team.worker().run())
    await until(lambda: team.checks() == {"w": 1})
    await stopped(task)


async def test_a_stalled_worker_is_taken_over_and_its_findings_are_refused(team: Team) -> None:
    """A worker that gives no sign of life while it checks (its loop hangs, its machine sleeps) is taken for
    dead. When it goes on, what it found is refused: the watch is checked once, and its change told once."""
    team.add("w", notify=["stdout"])
    first = asyncio.create_task(team.worker("first").run())
    await until(lambda: team.checks() == {"w": 1})
    await stopped(first)
    team.web.show("The page of w.\nIt costs £12.00 today.", "https://w.example/w")
    team.make_due()
    team.web.stuck = {"w.example"}
    stalled = asyncio.create_task(team.worker("stalled", heartbeat=3600.0, concurrency=1).run())
    await until(lambda: team.web.open["w.example"] == 1)
    other = asyncio.create_task(team.worker("other").run())
    await until(lambda: team.web.open["w.example"] >= 2)
    team.web.stuck = set()
    await until(lambda: team.web.open["w.example"] == 0 and len(team.receiver.messages) == 1)
    await until(
        lambda: team.query("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'check'") == [(0,)]
    )
    await stopped(stalled, other)
    assert "another process took it over" in [each.reason for each in team.told if isinstance(each, Broken)]
    assert team.checks() == {"w": 2} and len(team.receiver.messages) == 1
    assert [event.kind for event in team.bench.history("w")] == ["changed"]
    assert team.query("SELECT count(*) FROM watches WHERE lease_token IS NOT NULL") == [(0,)]


async def test_what_asks_a_model_waits_for_who_has_one(team: Team) -> None:
    """A worker of `checks` leaves watches with questions alone, and they hold up no others."""
    team.add("asked", ask=[{"question": "What does it cost?", "type": "money"}])
    team.add("plain")
    one = asyncio.create_task(team.worker("one", queues=("checks",), concurrency=1).run())
    await until(lambda: team.checks()["plain"] == 1)
    assert team.checks()["asked"] == 0
    two = asyncio.create_task(team.worker("two", queues=("answers",)).run())
    await until(lambda: team.checks()["asked"] == 1)
    await stopped(one, two)


@pytest.mark.parametrize(("taken", "left"), [(["checks"], 8), (["answers"], 4)])
async def test_a_full_queue_puts_nobody_off_while_it_is_taken_from(
    team: Team, taken: list[str], left: int
) -> None:
    """What finds its queue full stays due, first in turn; where nobody takes from that queue it lets others
    pass, four at a look."""
    for number in range(12):
        team.add(f"w{number}")
    team.cluster.tell("one", {"queues": taken}, utc_now())
    queue = StoreQueue(4)
    assert team.cluster.feed(utc_now(), queue, limit=4) == 4
    assert team.cluster.feed(utc_now(), queue, limit=4) is None
    assert team.query("SELECT count(*) FROM watches WHERE lease_until IS NULL") == [(left,)]


async def test_a_site_is_stored_by_a_worker(team: Team) -> None:
    """A crawl is a job; a second one of the same site waits behind it."""
    with team.bench.pages.database.transaction(write=True) as connection:
        raw = connection.connection.driver_connection
        StoreQueue(1).put_crawl(raw, "https://a.example/", "a.example", {"max_pages": 3})
    task = asyncio.create_task(team.worker(queues=("pages",)).run())
    await until(lambda: team.crawled == [("https://a.example/", {"max_pages": 3})])
    await stopped(task)


async def test_alerts_go_out_once(team: Team) -> None:
    """Of a change that several workers could tell, its target hears once."""
    team.add("w", notify=["stdout"])
    tasks = [asyncio.create_task(team.worker(name).run()) for name in ("one", "two")]
    await until(lambda: team.checks() == {"w": 1})
    team.web.show("The page of w.\nIt costs £12.00 today.", "https://w.example/w")
    team.make_due()
    await until(lambda: len(team.receiver.messages) == 1)
    await stopped(*tasks)
    (event,) = team.bench.history("w")
    assert (event.kind, event.letters) == ("changed", (("stdout", "sent", ""),))


def test_a_crowded_host_holds_up_nobody(team: Team) -> None:
    """Watches of a host that is busy get a turn each, a second apart, and are not looked at before."""
    for number in range(6):
        team.add(f"a{number}", host="a.example")
    team.add("b")
    at = utc_now()
    queue = StoreQueue(100)
    assert team.cluster.feed(at, queue, limit=6) == 1
    assert team.cluster.feed(at, queue, limit=6) == 1
    turns = team.query("SELECT lease_until FROM watches WHERE lease_token IS NULL ORDER BY lease_until")
    assert [b[0] - a[0] for a, b in pairwise(turns)] == [1_000_000] * 4
    assert team.cluster.feed(at, queue, limit=6) == 0
    team.add("a6", host="a.example")
    with team.bench.pages.database.transaction(write=True) as connection:
        connection.execute(watches.update().where(watches.c.name == "a6").values(due_at=at))
    assert team.cluster.feed(at, queue, limit=6) == 0  # nothing of this batch can be queued
    later = team.query("SELECT lease_until FROM watches WHERE name = 'a6'")
    assert later[0][0] - turns[-1][0] == 1_000_000


def test_a_queued_check_begins_once(team: Team) -> None:
    """What is queued twice, or removed, paused or checked since, is not checked again."""
    team.add("w")
    at = utc_now()
    team.cluster.feed(at, StoreQueue(4), limit=4)
    ((watch, token),) = team.query("SELECT id, lease_token FROM watches")
    begun = team.cluster.start(watch, token, at, seconds=90)
    assert begun is not None
    again = team.cluster.start(watch, token, at, seconds=90)
    assert (
        again is not None and again.claim.token != begun.claim.token
    )  # its worker died: the old claim is lost
    team.cluster.let_go(begun.host, begun.claim.token, at)  # the first was only slow: its host is the other's
    held = "SELECT token FROM watch_hosts JOIN watches USING (host) WHERE until = lease_until"
    assert team.query(held) == [(again.claim.token,)]
    team.bench.store.release(again.claim, at + timedelta(hours=1))
    assert team.cluster.start(watch, token, at, seconds=90) is None
    assert team.cluster.start(watch + 1, token, at, seconds=90) is None


async def test_what_workers_do_is_told_in_figures(team: Team) -> None:
    """Figures tell queues, workers, checks and how late the oldest is; without workers, the watches alone."""
    team.add("w")
    team.add("late")
    team.web.stuck = {"late.example"}
    database = team.bench.pages.database
    before = figures(database, utc_now() + timedelta(minutes=1))
    assert (before.due, before.workers, before.queues) == (2, {}, {}) and before.oldest > 59
    task = asyncio.create_task(team.worker("one", tell_every=0.1).run())
    await until(lambda: figures(database, utc_now()).checks_a_minute == 1)
    found = figures(database, utc_now())
    assert found.queues[("checks", "running")] == 1
    assert found.workers["one"]["outcomes"] == {"new": 1} and found.workers["one"]["running"] == 1
    await stopped(task)


@pytest.mark.parametrize(
    ("why", "ends"), [(RaiseException("not found"), False), (OperationalError("gone"), True)]
)
async def test_a_worker_that_cannot_end_a_job_ends_its_time_in_the_queue(why: Exception, ends: bool) -> None:
    """Where the database does not take the end of a job, the next sign of life fails, so that the job does
    not hold its watch for good; a job that somebody took over is forgotten."""

    class Refusing:
        async def execute_query_async(self, query: str, **arguments: Any) -> None:
            if "finish_job" in query:
                raise ConnectorException from why

    jobs = Jobs(cast("Any", Refusing()))
    await jobs.update_heartbeat(1)
    await jobs.finish_job_by_id_async(1, Status.SUCCEEDED, delete_job=True)
    with pytest.raises(ConnectorException) if ends else nullcontext():
        await jobs.update_heartbeat(1)
