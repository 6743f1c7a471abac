"""What a page has shown of its own places is noise; what it has not shown is told."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from uuid import UUID

from browseagent.records import Page
from browseagent.watch.check import Checked, Checker
from browseagent.watch.records import State
from browseagent.web.port import Request
from tests.watch.world import Bench, Clock, FakeWeb

TEXT = "A lantern that hangs, stands and floats, with warm light for the tent.\n{}\nIt costs £49.00 today."


class Ticking(FakeWeb):
    """A page that is another at every request."""

    def __init__(self, clock: Clock, lines: Iterator[str], text: str = TEXT) -> None:
        super().__init__(clock)
        self._lines = lines
        self.text = text

    async def fetch(self, request: Request) -> Page:
        self.show(self.text.format(next(self._lines)))
        return await super().fetch(request)


def ticking(bench: Bench, lines: Iterator[str]) -> Ticking:
    web = Ticking(bench.clock, lines)
    bench.web = web
    bench.checker = Checker(bench.world())
    return web


def kinds(found: list[Checked]) -> list[str]:
    return [each.state.value if each.verdict is None else each.verdict.kind for each in found]


async def test_a_counter_of_requests_is_noise_from_the_second_time_on(any_bench: Bench) -> None:
    """The first difference is told. When the same place differs again, a second look made at once shows that
    it does so by itself: that goes into the history, as one event, and nobody hears of it."""
    bench = any_bench
    ticking(bench, (f"You are visitor {n:,}." for n in range(9990, 20000)))
    bench.add()
    found = [await bench.check() for _ in range(6)]
    assert kinds(found) == ["new", "text", *["noise"] * 4]
    assert all(each.state is State.CHANGED and each.event is None for each in found[2:])
    assert len(bench.receiver.messages) == 1
    noise, told = bench.history()
    assert (noise.kind, told.kind) == ("noise", "changed")
    assert noise.verdict is not None and noise.verdict.changes[0].noise.startswith("it differs between two")


async def test_what_changes_beside_a_counter_is_told_alone(bench: Bench) -> None:
    """The alert has the price and not the counter."""
    web = ticking(bench, (f"You are visitor {n:,}." for n in range(9990, 20000)))
    bench.add()
    for _ in range(3):
        await bench.check()
    web.text = TEXT.replace("49", "39")
    assert (await bench.check()).event is not None
    changes = bench.receiver.messages[-1][1].items[0]["changes"]
    assert [each["after"] for each in changes] == ["It costs £39.00 today."]
    web.text = TEXT.replace("49", "39").replace("{}", "{}\nSold out")
    await bench.check()
    assert [each["after"] for each in bench.receiver.messages[-1][1].items[0]["changes"]] == ["Sold out"]


async def test_a_text_that_turns_about_is_noise_once_it_went_to_and_fro(bench: Bench) -> None:
    """There and back is told; a third text is told too."""
    bench.add()
    found = []
    for line in (
        "Try the red one.",
        "Try the blue one.",
        "Try the red one.",
        "Try the blue one.",
        "Sold out.",
    ):
        bench.web.show(TEXT.format(line))
        found.append(await bench.check())
    assert kinds(found) == ["new", "text", "text", "noise", "text"]
    assert len(bench.receiver.messages) == 3


async def test_a_text_that_stays_is_told_though_its_place_turned_about(bench: Bench) -> None:
    """Ten looks without a difference make the place forgotten: what stands there now is told, once."""
    bench.add()
    for line in ("red", "blue", "red"):
        bench.web.show(TEXT.format(f"Try the {line} one."))
        await bench.check()
    bench.web.show(TEXT.format("Try the blue one."))
    found = [await bench.check() for _ in range(14)]
    assert kinds(found).count("noise") == 1 and kinds(found).count("text") == 1
    assert len(bench.receiver.messages) == 3


async def test_what_a_person_sets_again_and_again_is_told_each_time(bench: Bench) -> None:
    """Versions that follow one another within the hour stand still between two looks made at once."""
    bench.add()
    for number in range(8):
        bench.web.show(TEXT.format(f"Version {number} is out."))
        await bench.check()
    assert len(bench.receiver.messages) == 7


async def test_a_number_that_is_another_at_every_look_for_hours_is_noise(bench: Bench) -> None:
    """A counter that ticks slowly; a price never is one, however often it is set."""
    bench.add()
    found = []
    for number in range(9):
        bench.web.show(TEXT.replace("49", str(49 + number)).format(f"Read {900 + 7 * number} times."))
        found.append(await bench.check(minutes=60))
    assert kinds(found) == ["new", *["text"] * 8]
    assert len(bench.receiver.messages) == 8
    told = [[each["after"] for each in message.items[0]["changes"]] for _, message in bench.receiver.messages]
    assert len(told[0]) == 2 and told[-1] == ["It costs £57.00 today."]


async def test_strict_takes_nothing_for_noise(bench: Bench) -> None:
    """Nor does a watch of a part that somebody chose."""
    ticking(bench, (f"You are visitor {n:,}, 5 minutes ago." for n in range(9990, 20000)))
    bench.add("strict", strict=True)
    bench.add("part", select="main")
    for name in ("strict", "part"):
        assert kinds([await bench.check(name) for _ in range(5)]) == ["new", *["text"] * 4]


async def test_a_relative_time_is_in_the_history_and_wakes_nobody(bench: Bench) -> None:
    """State changed, kind noise, no event; the looks that found nothing else are one entry."""
    bench.add()
    for minutes in (1, 16, 31):
        bench.web.show(TEXT.format(f"Updated {minutes} minutes ago."))
        checked = await bench.check()
    assert (checked.state, checked.event) == (State.CHANGED, None)
    assert checked.verdict is not None and checked.verdict.kind == "noise"
    (entry,) = bench.history()
    assert (entry.kind, entry.pending, entry.letters) == ("noise", False, ())
    assert len(bench.book.snapshots("lantern")) == 1 and bench.receiver.messages == []


LINKED = TEXT.replace("{}", '<a href="https://shop.example.org/item?id={}">The lantern of today</a>')


def drawn() -> Iterator[str]:
    """One UUID after another."""
    return (str(UUID(int=n * 0x9E3779B97F4A7C15F39CC0605CEDC835 % 2**128)) for n in range(1, 99))


async def test_an_address_that_is_another_item_is_told(bench: Bench) -> None:
    """It is the same at a second look made at once: the page does not draw it anew."""
    ids = drawn()
    bench.web.show(LINKED.format(next(ids)))
    bench.add()
    await bench.check(minutes=60 * 24)
    for _ in range(4):
        bench.web.show(LINKED.format(next(ids)))
        asked = len(bench.web.requests)
        assert (await bench.check(minutes=60 * 24)).state is State.CHANGED
        assert len(bench.web.requests) == asked + 2
    assert len(bench.receiver.messages) == 4


async def test_an_address_that_is_drawn_anew_at_every_request_is_never_told(bench: Bench) -> None:
    """The first difference brings a second look at once, which shows it; another item is told then."""
    web = ticking(bench, drawn())
    web.text = LINKED.replace("id=", "item=7&did=")
    bench.add()
    found = [await bench.check() for _ in range(4)]
    assert kinds(found) == ["new", *["noise"] * 3]
    web.text = LINKED.replace("id=", "item=8&did=")
    assert kinds([await bench.check()]) == ["text"]
    (message,) = (message for _, message in bench.receiver.messages)
    assert "item=8" in message.items[0]["changes"][0]["after"]


async def test_a_token_that_a_cache_keeps_for_minutes_is_told_three_times(bench: Bench) -> None:
    """Three looks within hours that each saw another show that nobody sets it."""
    bench.add()
    found = []
    for each in islice(drawn(), 8):
        bench.web.show(LINKED.format(each))
        found.append(await bench.check())
    assert kinds(found) == ["new", *["text"] * 3, *["noise"] * 4]
