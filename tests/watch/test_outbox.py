"""Alerts on their way: at least once, with one key, again after a pause, and not for ever."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from browseagent.watch.notify.message import Message
from browseagent.watch.notify.target import Target
from browseagent.watch.outbox import ATTEMPTS, LEASE, Courier, pause_after
from tests.watch.world import Bench, Receiver

TEXT = "The ferry runs."


async def changed(bench: Bench, name: str = "lantern", number: int = 1) -> None:
    """A watch whose page has changed; nothing is delivered."""
    for text in (TEXT, f"{TEXT} Change {number}."):
        bench.web.show(text)
        claim = bench.store.claim_named(name, "test", bench.clock(), seconds=60)
        assert claim is not None
        await bench.checker.check(claim)
        bench.clock.pass_(minutes=1)


async def test_one_letter_a_target_with_a_key_of_its_own(any_bench: Bench) -> None:
    """Two targets get the same event under two keys; naming one twice is naming it once."""
    any_bench.add(notify=["stdout", "feed:/tmp/x.atom", "stdout"])
    await changed(any_bench)
    sent = await any_bench.courier.deliver()
    assert [each.target for each in sent] == ["stdout", "feed:/tmp/x.atom"]
    keys = {message.key for _, message in any_bench.receiver.messages}
    events = {message.items[0]["event"] for _, message in any_bench.receiver.messages}
    assert (len(keys), len(events)) == (2, 1)
    assert [set(each.events) for each in sent] == [events, events]  # so that nobody tells of them again
    assert await any_bench.courier.deliver() == []


async def test_a_refused_message_comes_again_with_the_same_key(any_bench: Bench) -> None:
    """The pauses grow; when the receiver is well again it gets the message once."""
    bench = any_bench
    bench.add()
    await changed(bench)
    (delivery,) = bench.outbox.take("peek", bench.clock(), seconds=0, limit=5)
    bench.receiver.refuse = 3
    waits = []
    while not bench.receiver.messages:
        before = bench.clock()
        while not await bench.courier.deliver():
            bench.clock.pass_(seconds=5)
        waits.append((bench.clock() - before).total_seconds())
    assert waits == sorted(waits) and waits[-1] >= 50
    assert bench.receiver.messages[0][1].key == delivery.key


async def test_a_message_that_is_never_taken_becomes_a_dead_letter(bench: Bench) -> None:
    """After the last try it is dead, said so in the list and the history, and can be revived."""
    bench.add()
    await changed(bench)
    bench.receiver.refuse = ATTEMPTS
    outcomes = []
    for _ in range(ATTEMPTS):
        outcomes += await bench.courier.deliver()
        bench.clock.pass_(hours=12)
    assert not any(each.events for each in outcomes)
    assert [each.dead for each in outcomes] == [False] * (ATTEMPTS - 1) + [True]
    (entry,) = bench.book.entries()
    assert (entry.dead, entry.waiting) == (1, 0)
    assert bench.history()[0].letters == (("stdout", "dead", "not now"),)
    assert await bench.courier.deliver() == []
    assert bench.outbox.revive(entry.id, bench.clock()) == 1
    assert len(await bench.courier.deliver()) == 1 and len(bench.receiver.messages) == 1


async def test_a_permanent_refusal_is_not_tried_again(bench: Bench) -> None:
    """A receiver that is gone for good is asked once."""
    bench.add()
    await changed(bench)
    bench.receiver.refuse, bench.receiver.permanent = 1, True
    (sent,) = await bench.courier.deliver()
    assert sent.dead


async def test_what_a_dead_process_was_sending_is_sent_by_another(any_bench: Bench) -> None:
    """Taken and never settled: after the lease it is taken again; the first one's late word is ignored."""
    bench = any_bench
    bench.add()
    await changed(bench)
    (lost,) = bench.outbox.take("dead", bench.clock(), seconds=LEASE, limit=5)
    assert await bench.courier.deliver() == []
    bench.clock.pass_(seconds=LEASE + 1)
    assert len(await bench.courier.deliver()) == 1
    bench.outbox.failed(lost, "too late", None)
    assert bench.history()[0].letters == (("stdout", "sent", ""),)
    assert bench.receiver.messages[0][1].key == lost.key


async def test_processes_that_die_while_sending_use_up_no_try(any_bench: Bench) -> None:
    """However often that happened, one refusal after it is no reason to give the message up."""
    bench = any_bench
    bench.add()
    await changed(bench)
    for number in range(ATTEMPTS + 1):
        assert len(bench.outbox.take(f"dead {number}", bench.clock(), seconds=LEASE, limit=5)) == 1
        bench.clock.pass_(seconds=LEASE + 1)
    bench.receiver.refuse = 1
    (refused,) = await bench.courier.deliver()
    assert refused.error and not refused.dead
    bench.clock.pass_(hours=1)
    assert len(await bench.courier.deliver()) == 1 and len(bench.receiver.messages) == 1


async def test_one_broken_target_does_not_keep_the_others(bench: Bench) -> None:
    """A sender that raises what nobody foresaw costs its own message a try, and no other's."""

    class Breaking(Receiver):
        async def send(self, target: object, message: object) -> None:
            if not self.messages:
                self.messages.append((target, message))  # type: ignore[arg-type]
                raise ZeroDivisionError("a bug")

    bench.add(notify=["stdout", "feed:/tmp/x.atom"])
    await changed(bench)
    courier = Courier(bench.outbox, Breaking(), owner="x", now=bench.clock, spread=lambda: 0.5)
    assert [bool(each.error) for each in await courier.deliver()] == [True, False]


async def test_a_digest_is_one_message_at_its_time(any_bench: Bench) -> None:
    """Every morning at eight, what changed on all watches that say so, as one brief."""
    bench = any_bench
    for name in ("ferry", "lantern", "market"):
        bench.add(name, digest="0 8 * * *")
        await changed(bench, name)
    assert await bench.courier.deliver() == []
    bench.clock.pass_(hours=20)
    (sent,) = await bench.courier.deliver()
    assert sent.subject == "3 alerts from 3 watches"
    ((_, message),) = bench.receiver.messages
    assert message.data["schema"] == "browseagent.digest/1"
    assert [item["watch"] for item in message.items] == ["ferry", "lantern", "market"]
    assert "lantern: “" in message.text and message.text.count("Why: the text changed") == 3
    assert await bench.courier.deliver() == []


async def test_all_alerts_go_out_in_one_run(any_bench: Bench) -> None:
    """Whoever checks from cron is told of all that changed; what a target refuses waits, and is counted."""
    bench = any_bench
    names = [f"watch {number:03d}" for number in range(45)]
    for name in names:
        bench.add(name, digest="0 8 * * *" if name == names[7] else None)
        await changed(bench, name)
    bench.receiver.refuse = 2
    sent = [each async for each in bench.courier.deliver_all()]
    assert len(sent) == 44 and len(bench.receiver.messages) == 42
    left = bench.outbox.left()
    assert left.count == 3 and left.first is not None
    assert timedelta(0) < left.first - bench.clock() < timedelta(minutes=2)
    digest = bench.outbox.left([names[7], "no such watch"])
    assert digest.count == 1 and digest.first is not None and digest.first.hour == 8
    assert [each async for each in bench.courier.deliver_all()] == []


async def test_a_run_that_took_long_takes_no_more(bench: Bench) -> None:
    """After its time it ends with what it has taken; the rest is due for the next one."""

    class Slow(Receiver):
        async def send(self, target: Target, message: Message) -> None:
            bench.clock.pass_(seconds=10)
            await super().send(target, message)

    for number in range(45):
        bench.add(f"watch {number}")
        await changed(bench, f"watch {number}")
    slow = Slow()
    courier = Courier(bench.outbox, slow, owner="x", now=bench.clock, spread=lambda: 0.5)
    assert len([each async for each in courier.deliver_all(300.0)]) == 40
    left = bench.outbox.left()
    assert left.count == 5 and left.first is not None and left.first <= bench.clock()


@given(st.integers(0, 60), st.floats(0, 1))
def test_pauses_grow_and_end(attempt: int, spread: float) -> None:
    """No pause is shorter than some seconds or longer than nine hours."""
    assert 7 <= pause_after(attempt, spread) <= 9 * 3600
    assert pause_after(attempt + 1, spread) >= pause_after(attempt, spread)


def test_all_tries_span_more_than_a_day() -> None:
    """A receiver that is down over night misses nothing."""
    assert timedelta(seconds=sum(pause_after(n, 0.5) for n in range(ATTEMPTS - 1))) > timedelta(hours=20)
