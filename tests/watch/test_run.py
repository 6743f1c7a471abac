"""Running: everything that is due, once, side by side, whatever one of them does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from browseagent.records import Page
from browseagent.watch.check import Checked
from browseagent.watch.outbox import Sent
from browseagent.watch.records import State
from browseagent.watch.run import Broken, Options, Runner, one_check
from browseagent.web.port import Request
from tests.watch.world import START, Bench

Told = list[Checked | Broken | Sent]


def runner(bench: Bench, told: Told, *, owner: str = "one", most: float = 5.0, at_once: int = 4) -> Runner:
    return Runner(
        bench.store,
        bench.checker,
        bench.courier,
        Options(owner, at_once=at_once),
        now=bench.clock,
        told=told.append,
        most=lambda _: most,
    )


def add(bench: Bench, count: int, text: str = "The ferry runs today.") -> None:
    for number in range(count):
        url = f"https://h{number}.example/"
        bench.web.show(text, url)
        bench.add(f"w{number}", url=url)


async def until(holds: Callable[[], bool]) -> None:
    """Waits for something to have happened, at most half a minute."""
    async with asyncio.timeout(30):
        while not holds():  # noqa: ASYNC110  there is no event to wait for
            await asyncio.sleep(0.01)


async def test_one_pass_checks_all_that_is_due_and_sends(any_bench: Bench) -> None:
    """A pass ends when nothing is due any more; the next one has nothing to do until the next interval."""
    told: Told = []
    add(any_bench, 7)
    assert await runner(any_bench, told).once() == 7
    assert await runner(any_bench, told).once() == 0
    any_bench.clock.pass_(minutes=16)
    any_bench.web.show("The ferry runs twice.", "https://h3.example/")
    assert await runner(any_bench, told).once() == 7
    assert any_bench.receiver.subjects == ["w3: “today” became “twice” in “The ferry runs twice.”"]


async def test_two_runners_side_by_side_check_each_watch_once(any_bench: Bench) -> None:
    """Both work on one database, and no page is asked for twice."""
    told: Told = []
    add(any_bench, 12)
    counts = await asyncio.gather(runner(any_bench, told).once(), runner(any_bench, told, owner="two").once())
    assert sum(counts) == 12
    assert len(any_bench.web.requests) == 12


async def test_a_check_that_raises_delays_no_other(bench: Bench) -> None:
    """A bug in one check is a failed check with its reason; the others are checked."""
    told: Told = []
    add(bench, 5)
    bench.web.then = [RuntimeError("a bug")]
    assert await runner(bench, told).once() == 5
    assert sorted(type(each).__name__ for each in told) == ["Broken", *["Checked"] * 4]
    states = [entry.state for entry in bench.book.entries()]
    assert sorted(map(str, states)) == ["failed", *["new"] * 4]


async def test_a_check_that_hangs_is_given_up(bench: Bench) -> None:
    """It is recorded as failed, is due again, and after three times somebody is told."""
    told: Told = []
    add(bench, 1)
    bench.web.hang = True
    for _ in range(3):
        assert await runner(bench, told, most=0.05).once() == 1
        bench.clock.pass_(minutes=16)
    await bench.courier.deliver()
    (subject,) = bench.receiver.subjects
    assert subject.startswith("w0 failed: the check did not end within")
    bench.web.hang = False
    await runner(bench, told).once()
    assert bench.book.entries()[0].state == "new"


async def test_a_runner_that_is_ended_gives_back_what_it_had(bench: Bench) -> None:
    """After Ctrl-C the watch is due at once for the next runner, not when a lease is over."""
    add(bench, 1)
    bench.web.hang = True
    task = asyncio.create_task(runner(bench, []).run())
    await until(lambda: bool(bench.web.requests))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(bench.store.claim("two", bench.clock(), seconds=60, limit=1)) == 1


async def test_the_long_running_one_checks_again_and_again(bench: Bench) -> None:
    """It waits for what is due next, and checks it then."""
    told: Told = []
    add(bench, 3)
    made = runner(bench, told)
    made._sleep = bench.clock.sleep  # the naps turn the clock
    task = asyncio.create_task(made.run())
    await until(lambda: sum(isinstance(each, Checked) for each in told) >= 9)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert bench.clock.now >= START + timedelta(minutes=15)
    checked = [each for each in told if isinstance(each, Checked)]
    for name in {each.watch.name for each in checked}:  # the clock runs on while others are checked
        first, *later = [each.state for each in checked if each.watch.name == name]
        assert first is State.NEW and set(later) <= {State.UNCHANGED}


async def test_a_pass_checks_each_watch_once_however_slow_it_is(bench: Bench) -> None:
    """What falls due again while a pass goes on is for the next pass: a pass ends."""
    told: Told = []
    add(bench, 3)
    made = runner(bench, told, at_once=1)
    real = bench.web.fetch

    async def slow(request: Request) -> Page:
        bench.clock.pass_(hours=1)
        return await real(request)

    bench.web.fetch = slow  # type: ignore[method-assign]
    assert await made.once() == 3


@pytest.mark.parametrize("broken", [False, True])
async def test_a_due_time_is_served_once_by_clocks_that_differ(any_bench: Bench, *, broken: bool) -> None:
    """Who claims a watch has a clock ten seconds ahead of who checks it: it is not due at once again, and a
    look for due times of a clock that was set back leaves it as it is."""
    bench, ahead = any_bench, timedelta(seconds=10)
    add(bench, 1)
    await bench.check("w0", minutes=0)
    due = bench.store.next_due()
    assert due is not None
    (claim,) = bench.store.claim("fast", due, seconds=60, limit=1)
    bench.clock.now = due - ahead
    bench.web.then = [RuntimeError("it broke")] if broken else []
    came = await one_check(bench.checker, bench.store, claim, bench.clock)
    assert isinstance(came, Broken) is broken
    assert bench.store.claim("fast", due + ahead, seconds=60, limit=1) == []
    assert bench.store.mend(due - ahead) == 0
    assert bench.store.next_due() == due + timedelta(minutes=15)
