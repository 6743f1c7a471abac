"""Checks as they happen: what is alerted, what is not, and why."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from browseagent.records import Document, Hunk, Outcome, Page, Via
from browseagent.store.watch_schema import watches
from browseagent.watch.check import Checker
from browseagent.watch.codec import dump_memory, load_memory
from browseagent.watch.records import AnswerStatus, State, Value, ValueKind
from browseagent.watch.replay import OldLook, replay
from browseagent.watch.ruling import Ruling
from browseagent.web import Web
from tests.watch.world import START, URL, Bench, ScriptedAsker

TEXT = "A lantern that hangs, stands and floats, with warm light for the tent.\nIt costs £49.00 today."
CHEAP = TEXT.replace("49", "39")
RSS = "<rss version='2.0'><channel><title>Sailings</title>{}</channel></rss>"
ITEMS = "".join(f"<item><guid>{n}</guid><title>Sailing {n}</title></item>" for n in range(6))
LONG = "\n".join(f"Paragraph {n} says something about the lantern and its light." for n in range(30))
ASK = [{"question": "What does it cost?", "type": "money", "name": "price"}]


async def test_a_price_that_drops_is_told_with_before_after_and_quote(any_bench: Bench) -> None:
    """The first look is silent; the drop is one event, one alert, with the words that prove the new price."""
    bench = any_bench
    bench.web.show(TEXT)
    bench.add(ask=ASK, when="price < 40 and previous >= 40")
    first = await bench.check()
    assert (first.state, bench.receiver.messages) == (State.NEW, [])
    bench.web.show(CHEAP)
    second = await bench.check()
    assert second.state is State.CHANGED and second.verdict is not None and second.verdict.alert
    (message,) = [message for _, message in bench.receiver.messages]
    assert message.subject == "lantern: What does it cost? 49.00 GBP → 39.00 GBP"
    (answer,) = message.items[0]["answers"]
    assert (answer["value"], answer["previous"], answer["unit"]) == (39, 49, "GBP")
    assert answer["quote"]["text"] == "It costs £39.00 today."
    assert message.items[0]["changes"][0]["before"] == "It costs £49.00 today."
    assert (await bench.check()).state is State.UNCHANGED
    assert len(bench.receiver.messages) == 1


async def test_a_b_a(bench: Bench) -> None:
    """There and back is two changes, and both are told."""
    bench.web.show(TEXT)
    bench.add()
    for text in (TEXT, CHEAP, TEXT, TEXT):
        bench.web.show(text)
        await bench.check()
    assert [event.kind for event in bench.history()] == ["changed", "changed"]
    assert len(bench.receiver.messages) == 2


async def test_a_page_that_goes_blank_once(bench: Bench) -> None:
    """The blank is neither a baseline nor a change, and nobody is woken."""
    bench.web.show(LONG)
    bench.add()
    await bench.check()
    bench.web.then = [bench.web.page("Loading")]
    blank = await bench.check()
    assert blank.state is State.UNVERIFIED and "shrank" in blank.reason
    assert (await bench.check()).state is State.UNCHANGED
    assert bench.history() == [] and bench.receiver.messages == []


async def test_a_wall_for_an_hour(bench: Bench) -> None:
    """One alert that it is blocked, one that it is well again; the change behind the wall is found."""
    bench.web.show(LONG)
    bench.add()
    await bench.check()
    wall = bench.web.page("Just a moment", outcome=Outcome.BLOCKED)
    bench.web.then = [wall] * 4
    states = [(await bench.check()).state for _ in range(4)]
    assert states == [State.BLOCKED] * 4
    bench.web.show(LONG.replace("Paragraph 3", "Section 3"))
    assert (await bench.check()).state is State.CHANGED
    assert [event.kind for event in bench.history()][::-1] == ["failure", "recovery", "changed"]
    assert [subject.split(":")[0] for subject in bench.receiver.subjects] == [
        "lantern blocked", "lantern is seen again", "lantern",
    ]  # fmt: skip


async def test_two_languages_by_turns(bench: Bench) -> None:
    """A page that is English and German by turns changes in neither."""
    german = "\n".join(f"Absatz {n} sagt etwas über die Laterne und ihr warmes Licht." for n in range(30))
    bench.add()
    states = []
    for turn in range(6):
        bench.web.show(LONG if turn % 2 == 0 else german, language="en" if turn % 2 == 0 else "de")
        states.append((await bench.check()).state)
    assert states == [State.NEW, State.UNVERIFIED, *[State.UNCHANGED] * 4]
    assert bench.receiver.messages == []
    bench.web.show(german.replace("Absatz 7", "Abschnitt 7"), language="de")
    changed = await bench.check()
    assert changed.state is State.CHANGED
    assert changed.verdict is not None and [h.kind for h in changed.verdict.changes] == ["changed"]


async def test_paragraphs_that_change_places(bench: Bench) -> None:
    """The same paragraphs in another order are no change."""
    bench.web.show(LONG)
    bench.add()
    await bench.check()
    bench.web.show("\n".join(reversed(LONG.splitlines())))
    assert (await bench.check()).state is State.UNCHANGED
    assert bench.history() == []


def feed(*numbers: int) -> Page:
    items = "".join(
        f"<item><guid>{n}</guid><title>Sailing {n}</title>"
        f"<description>The ferry sails at {n}.</description></item>"
        for n in numbers
    )
    body = f'<rss version="2.0"><channel><title>Ferry</title>{items}</channel></rss>'.encode()
    headers = (("content-type", "application/rss+xml"),)
    return Page(URL, URL, Outcome.OK, Via.HTTP, START, status=200, headers=headers, body=body)


async def test_a_feed_that_reorders(bench: Bench) -> None:
    """Another order is no change, nor an entry that a newer one pushed off the end; the newer one is told."""
    bench.add()
    bench.web.pages[URL] = feed(5, 4, 3, 2, 1)
    await bench.check()
    bench.web.pages[URL] = feed(1, 4, 5, 2, 3)
    assert (await bench.check()).state is State.UNCHANGED
    bench.web.pages[URL] = feed(6, 2, 4, 5, 3)
    changed = await bench.check()
    assert changed.verdict is not None
    assert [(h.kind, h.where) for h in changed.verdict.changes] == [("added", "Sailing 6")]
    assert bench.receiver.subjects == ["lantern: Added: “Sailing 6 The ferry sails at 6.”"]


async def _endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A page of 50 MB, as far as anybody takes it."""
    await reader.readuntil(b"\r\n\r\n")
    paragraph = b"<p>" + b"The lantern hangs, stands and floats. " * 25 + b"</p>"
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 50000000\r\n\r\n")
    with suppress(ConnectionError):
        for _ in range(50_000_000 // len(paragraph)):
            writer.write(paragraph)
            await writer.drain()
    writer.close()


async def test_a_page_of_50_mb_is_not_read(bench: Bench) -> None:
    """The real fetcher stops at its limit; the check fails with that reason, and the baseline stays."""
    server = await asyncio.start_server(_endless, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    bench.web.show(LONG, url)
    bench.add(url=url, via="http")
    await bench.check()
    async with server, Web() as web:
        claim = bench.store.claim_named("lantern", "test", bench.clock(), seconds=60)
        assert claim is not None
        failed = await Checker(replace(bench.world(), fetcher=web)).check(claim)
    assert (failed.state, failed.page.outcome) == (State.FAILED, Outcome.TOO_LARGE)
    assert "30 MB" in failed.reason
    bench.clock.pass_(minutes=15)
    assert (await bench.check()).state is State.UNCHANGED
    assert bench.history() == [] and bench.receiver.messages == []


async def test_a_304_costs_its_request(any_bench: Bench) -> None:
    """The server's validators are sent, and where nothing is modified nothing is read or stored."""
    any_bench.web.show(TEXT, etag='"1"')
    any_bench.add()
    await any_bench.check()
    checked = await any_bench.check()
    assert any_bench.web.requests[-1].etag == '"1"'
    assert (checked.state, checked.document) == (State.UNCHANGED, None)
    assert len(any_bench.book.snapshots("lantern")) == 1


async def test_the_same_bytes_are_not_read_again(bench: Bench) -> None:
    """Without validators the content's hash tells; other rules for reading make it be read again."""
    bench.web.show(TEXT)
    bench.add()
    await bench.check()
    assert (await bench.check()).document is None
    bench.book.put("lantern", {"url": URL, "ignore": ["tent"]}, bench.clock())
    again = await bench.check()
    assert again.document is not None and again.state is State.UNCHANGED


async def test_what_is_ignored_changes_nothing(bench: Bench) -> None:
    """A visitor counter is no news."""
    bench.web.show(TEXT + "\n17 people looked at it")
    bench.add(ignore=[r"\d+ people looked"])
    await bench.check()
    bench.web.show(TEXT + "\n18 people looked at it")
    assert (await bench.check()).state is State.UNCHANGED


async def test_a_change_is_looked_at_twice_where_that_is_asked(bench: Bench) -> None:
    """With confirm, what is gone a minute later is no change; what stays is."""
    bench.web.show(TEXT)
    bench.add(confirm="60s")
    await bench.check()
    bench.web.then = [bench.web.page(CHEAP), bench.web.page(TEXT)]
    assert (await bench.check()).state is State.UNVERIFIED
    bench.web.show(CHEAP)
    assert (await bench.check()).state is State.CHANGED
    assert len(bench.receiver.messages) == 1


async def test_a_model_that_fails_delays_an_alert_and_does_not_lose_it(bench: Bench) -> None:
    """The change stays pending and is judged at the next check, though the page does not change again."""
    bench.web.show(TEXT)
    bench.add(ask=ASK, when="price < 40")
    await bench.check()
    bench.web.show(CHEAP)
    bench.asker.broken = "out of memory"
    failing = await bench.check()
    assert (failing.state, failing.verdict, bench.history()[0].pending) == (State.CHANGED, None, True)
    assert failing.reason == "not yet judged: out of memory"
    bench.asker.broken = ""
    later = await bench.check()
    assert later.state is State.UNCHANGED
    assert [(event.kind, verdict.alert) for event, verdict in later.caught_up] == [("changed", True)]
    assert bench.receiver.subjects == ["lantern: What does it cost? 49.00 GBP → 39.00 GBP"]


async def test_a_model_that_keeps_failing_does_not_silence_an_alert(bench: Bench) -> None:
    """After three tries the plain change goes out, marked as not judged; nothing of it is remembered."""
    bench.web.show(TEXT)
    bench.add(ask=ASK, when="price < 40")
    await bench.check()
    bench.web.show(CHEAP)
    bench.asker.broken = "out of memory"
    for _ in range(3):
        await bench.check()
    (message,) = [message for _, message in bench.receiver.messages]
    assert "(not judged)" in message.text and "out of memory" in message.text
    assert message.items[0]["changes"][0]["after"] == "It costs £39.00 today."
    bench.asker.broken = ""
    bench.web.show(CHEAP + "\nA new review.")
    judged = await bench.check()
    assert judged.verdict is not None and judged.verdict.alert  # the edge is still there to be told
    assert str(judged.verdict.answers[0].previous) == "49.00 GBP"


async def test_a_model_that_failed_at_the_first_look_does_not_silence_the_first_change(bench: Bench) -> None:
    """What was never answered is asked of the page as it was before the change."""
    bench.web.show(TEXT)
    bench.add(ask=ASK)
    bench.asker.broken = "out of memory"
    for _ in range(3):
        await bench.check()
    bench.asker.broken = ""
    bench.web.show(CHEAP)
    await bench.check()
    assert bench.receiver.subjects == ["lantern: What does it cost? 49.00 GBP → 39.00 GBP"]


@pytest.mark.parametrize(("confidence", "status"), [(0.05, AnswerStatus.ABSENT), (0.4, AnswerStatus.UNKNOWN)])
async def test_absent_and_unknown(bench: Bench, confidence: float, status: AnswerStatus) -> None:
    """A price that is gone is absent; one that could not be told is unknown. Neither is an edge."""
    bench.web.show(TEXT)
    bench.add(ask=ASK, when="price < 40")
    await bench.check()
    bench.asker.confidence = confidence
    bench.web.show(TEXT.replace("It costs £49.00 today.", "It is sold out."))
    gone = await bench.check()
    assert gone.verdict is not None
    assert [answer.status for answer in gone.verdict.answers] == [status]
    assert not gone.verdict.alert and bench.receiver.messages == []


async def test_words_that_are_no_amount_are_invalid(bench: Bench) -> None:
    """An answer that cannot be read as money is kept with its words, and decides nothing."""
    bench.web.show(TEXT)
    bench.add(ask=ASK, when="price < 40")
    await bench.check()
    bench.web.show(TEXT.replace("£49.00", "a fortune"))
    checked = await bench.check()
    assert checked.verdict is not None
    (answer,) = checked.verdict.answers
    assert (answer.status, answer.quote is not None) == (AnswerStatus.INVALID, True)
    assert not checked.verdict.alert


async def test_only_what_it_is_about_is_told(any_bench: Bench) -> None:
    """A change about something else is kept with its words and the reason, and can be replayed by other
    rules; one that is about it is told, its own change first."""
    bench = any_bench
    bench.web.show(TEXT)
    bench.add(about="costs")
    await bench.check()
    bench.web.show(TEXT.replace("warm", "cold"))
    other = await bench.check()
    assert other.verdict is not None and (other.verdict.alert, other.verdict.judged) == (False, True)
    assert other.verdict.reason == "it is not about “costs”" and bench.receiver.messages == []
    bench.web.show(CHEAP)
    told = await bench.check()
    assert told.verdict is not None and len(told.verdict.changes) == 2
    assert bench.receiver.subjects == ["lantern: “£49.00” became “£39.00” in “It costs £39.00 today.”"]
    assert [event.verdict.alert for event in bench.history() if event.verdict] == [True, False]
    looks = [
        OldLook(each.id, each.at, page)
        for each in reversed(bench.book.snapshots("lantern"))
        if (page := bench.store.snapshot_page(each.id)) is not None
    ]
    lamp = replace(told.watch, about="lantern")
    again = [verdict.alert for _, verdict in await replay(lamp, looks, bench.checker)]
    assert again == [True, True]


async def test_about_that_cannot_be_judged(bench: Bench) -> None:
    """A model that fails is asked once more; then the alert goes out marked. The next change is judged."""
    bench.web.show(TEXT)
    bench.add(about="costs")
    await bench.check()
    bench.asker.broken = "no memory"
    bench.web.show(TEXT.replace("warm", "cold"))
    checked = await bench.check()
    assert bench.asker.asked == ["costs", "costs"]
    assert checked.verdict is not None and (checked.verdict.alert, checked.verdict.judged) == (True, False)
    assert "(not judged)" in bench.receiver.messages[0][1].text
    bench.asker.broken = ""
    bench.web.show(TEXT)
    assert (await bench.check()).verdict is not None and len(bench.receiver.messages) == 1


async def test_a_model_that_ends_the_program_time_and_again(bench: Bench) -> None:
    """After three times it is not asked any more: the plain change goes out, marked."""
    bench.web.show(TEXT)
    bench.add(about="costs")
    await bench.check()
    bench.web.show(CHEAP)

    async def die(about: str, changes: Sequence[Hunk], /) -> Ruling:
        raise KeyboardInterrupt  # stands for a crash of the process

    real = bench.asker.judge
    bench.asker.judge = die  # type: ignore[method-assign]
    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            await bench.check()
        bench.clock.pass_(minutes=15)
    assert (await bench.check()).caught_up[0][1].judged is False
    assert "the program ended whenever" in bench.receiver.messages[0][1].text
    bench.asker.judge = real  # type: ignore[method-assign]


async def test_another_header_is_another_page(bench: Bench) -> None:
    """What shapes the page goes into the request; another such setting begins anew, as another URL does."""
    bench.web.show(TEXT)
    shape: dict[str, Any] = {
        "headers": ["X-Shop: north"],
        "user_agent": "Lamp/1",
        "locale": "de-AT",
        "clicks": ["#all"],
    }
    bench.add(**shape, wait_for="main", proxy="http://127.0.0.1:3128")
    await bench.check()
    session = bench.web.requests[-1].session
    assert session.headers == (("X-Shop", "north"),)
    assert (session.user_agent, session.locale, session.clicks) == ("Lamp/1", "de-AT", ("#all",))
    assert (session.wait_for, session.proxy) == ("main", "http://127.0.0.1:3128")
    bench.book.put("lantern", {"url": URL, **shape, "headers": ["X-Shop: south"]}, bench.clock())
    bench.web.show(CHEAP)
    assert (await bench.check()).state is State.NEW


async def test_what_is_not_told_is_still_in_the_history(bench: Bench) -> None:
    """A change that a rule keeps quiet is stored with its words and with the reason."""
    bench.web.show(TEXT)
    bench.add(only="removed")
    await bench.check()
    bench.web.show(TEXT + "\nNow also in green.")
    await bench.check()
    (event,) = bench.history()
    assert event.verdict is not None and not event.verdict.alert
    assert (event.verdict.reason, event.verdict.changes[0].after) == (
        "nothing was removed",
        "Now also in green.",
    )


async def test_three_intervals_without_a_good_look_are_told(bench: Bench) -> None:
    """A page that stays blank is no failure of the network; after three intervals it is told, once."""
    bench.web.show(LONG)
    bench.add()
    await bench.check()
    bench.web.show("Loading")
    for _ in range(6):
        assert (await bench.check()).state is State.UNVERIFIED
    bench.web.show(LONG)
    await bench.check()
    assert [event.kind for event in bench.history()][::-1] == ["overdue", "recovery"]


async def test_snapshots_beyond_what_is_kept_go(bench: Bench) -> None:
    """Retention keeps the last ones, what is pinned, and what the next look needs."""
    bench.add(keep=3)
    for number in range(8):
        bench.web.show(f"{TEXT}\nVersion {number}.")
        await bench.check()
        if number == 1:
            bench.book.pin("lantern", bench.book.snapshots("lantern")[0].id)
    assert bench.book.prune("lantern", bench.clock()) == 4
    assert len(bench.book.snapshots("lantern")) == 4
    assert len(bench.pages.history(URL)) == 4
    bench.web.show(TEXT)
    assert (await bench.check()).state is State.CHANGED
    assert len(bench.history()) == 8


VOTES = [{"question": "How many votes has the petition?", "type": "number", "name": "votes"}]
PETITION = TEXT + "\nSo far the petition has {} votes.\nUpdated {} minutes ago."


def counted(question: str, document: Document) -> str | None:
    """A reader that finds the line with the votes."""
    return next((line for line in document.text.splitlines() if "votes" in line), None)


async def test_a_counter_that_was_asked_for_is_no_noise(bench: Bench) -> None:
    """The question sees every body, and its condition is told once, when it begins to hold; a relative time
    is a change in the history that nobody is told."""
    bench.asker = ScriptedAsker(counted)
    bench.checker = Checker(bench.world())
    bench.add(ask=VOTES, when="votes >= 10000")
    states = []
    for votes, minutes in (("9,870", 1), ("9,870", 5), ("9,990", 9), ("10,120", 2), ("10,121", 3)):
        bench.web.show(PETITION.format(votes, minutes))
        states.append((await bench.check()).state)
    assert states == [State.NEW, *[State.CHANGED] * 4]
    (message,) = [message for _, message in bench.receiver.messages]
    assert message.items[0]["answers"][0]["value"] == 10120


async def test_text_that_was_hidden_before(bench: Bench) -> None:
    """Both texts stand in the page each time; which one is seen is what the question is about."""
    both = TEXT + "\n<span{}>In stock, ready to ship</span>\n<span{}>Sold out</span>"
    hidden = ' style="display:none"'
    stock = [{"question": "Is it in stock?", "type": "boolean", "name": "stock"}]
    bench.asker = ScriptedAsker(
        lambda _, document: "Sold out" if "Sold out" in document.text else "In stock, ready to ship"
    )
    bench.checker = Checker(bench.world())
    bench.add(ask=stock, when="stock")
    bench.web.show(both.format(hidden, ""))
    await bench.check()
    bench.web.show(both.format("", hidden))
    assert (await bench.check()).state is State.CHANGED
    assert len(bench.receiver.messages) == 1


async def test_a_model_that_fails_is_asked_again_though_nothing_moved(bench: Bench) -> None:
    """A question that could not be put is put at the next check of a page that differs by noise alone."""
    bench.asker = ScriptedAsker(lambda _, document: next(x for x in document.text.splitlines() if "ago" in x))
    bench.checker = Checker(bench.world())
    minutes = [{"question": "How many minutes ago was it updated?", "type": "number", "name": "age"}]
    bench.add(ask=minutes, when="age >= 10")
    bench.web.show(PETITION.format("9,870", 1))
    await bench.check()
    bench.web.show(PETITION.format("9,870", 12))
    bench.asker.broken = "out of memory"
    assert (await bench.check()).event is None
    bench.asker.broken = ""
    assert (await bench.check()).event is not None
    assert len(bench.receiver.messages) == 1


async def test_a_list_that_comes_empty_is_doubted_once(bench: Bench) -> None:
    """The frame of a list without its entries is unverified at the first look, and a change at the second; a
    list that is full again in between was never gone."""
    frame = "<ul>{}</ul>"
    rows = "".join(f"<li>Wreck {n}, sunk in 18{n}0.</li>" for n in range(1, 8))
    bench.add()
    states = []
    for shown in (rows, "", rows, "", ""):
        bench.web.show(LONG + "\n" + frame.format(shown))
        states.append((await bench.check()).state)
    assert states == [State.NEW, State.UNVERIFIED, State.UNCHANGED, State.UNVERIFIED, State.CHANGED]
    assert len(bench.receiver.messages) == 1


@pytest.mark.parametrize(
    ("kind", "full", "empty"),
    [
        ("application/json", '{"rows": ["a", "b", "c", "d"], "of": 4}', '{"rows": [], "of": 4}'),
        ("application/json", '{"rows": ["a", "b", "c", "d"], "of": 4}', '{"rows": null, "of": 4}'),
        ("application/json", '{"rows": ["a", "b", "c", "d"], "of": 4}', '{"of": 4}'),
        (
            "application/json",
            '[{"id": 1, "at": "quay"}, {"id": 2, "at": "pier"}, {"id": 3, "at": "pier"}]',
            "[]",
        ),
        ("application/xml", f"<r>{'<i>x</i>' * 4}</r>", "<r></r>"),
        ("application/xml", f"<r of='4'>{'<i>x</i>' * 4}</r>", "<?xml version='1.0'?><r of='0'/>"),
        ("application/rss+xml", RSS.format(ITEMS), RSS.format("")),
        ("text/csv", "id,name\n1,Ora\n2,Petrel\n3,Tern\n4,Gull\n", "id,name\n"),
        (
            "text/html",
            "<main><h1>Sailings</h1><p>All sailings of the week.</p><table><tr><th>Day<th>Time</tr>"
            "<tr><td>Monday<td>nine<tr><td>Tuesday<td>ten<tr><td>Friday<td>six</table></main>",
            "<main><h1>Sailings</h1><p>All sailings of the week.</p><p>Loading</p></main>",
        ),
    ],
)
async def test_every_sort_of_list_may_come_empty(bench: Bench, kind: str, full: str, empty: str) -> None:
    """The entries of a JSON list, the rows of a CSV file and of a table."""
    bench.add()
    states = []
    for shown in (full, empty, empty):
        headers = (("content-type", kind),)
        bench.web.pages[URL] = Page(
            URL, URL, Outcome.OK, Via.HTTP, START, status=200, headers=headers, body=shown.encode()
        )
        states.append((await bench.check()).state)
    assert states == [State.NEW, State.UNVERIFIED, State.CHANGED]


async def test_a_date_of_change_that_never_changes_is_found_out(bench: Bench) -> None:
    """A server that answers 304 whatever it has is asked for the whole page now and then, and not believed
    any more once that differs."""
    bench.add()
    bench.web.show(TEXT, etag=None)
    dated = (("content-type", "text/html; charset=utf-8"), ("last-modified", "Sun, 01 Mar 2026 10:00:00 GMT"))

    def shown(text: str) -> None:
        bench.web.pages[URL] = replace(bench.web.page(text), headers=dated)

    shown(TEXT)
    await bench.check()
    shown(CHEAP)
    states = [(await bench.check()).state for _ in range(4)]
    assert states == [*[State.UNCHANGED] * 3, State.CHANGED]
    shown(TEXT)
    assert (await bench.check()).state is State.CHANGED
    assert len(bench.receiver.messages) == 2


async def test_an_alert_tells_what_passed_the_filters(bench: Bench) -> None:
    """Of two changes that one which it is about goes out, and a relative time never; the history has all."""
    bench.web.show(TEXT + "\nUpdated 5 minutes ago.")
    bench.add(about="costs")
    await bench.check()
    bench.web.show(CHEAP.replace("warm", "cold") + "\nUpdated 2 hours ago.")
    checked = await bench.check()
    assert checked.verdict is not None and len(checked.verdict.changes) == 3
    (message,) = [message for _, message in bench.receiver.messages]
    assert [each["after"] for each in message.items[0]["changes"]] == ["It costs £39.00 today."]


@pytest.mark.parametrize("when", [None, "price >= 45"])
@pytest.mark.parametrize("now", ["", "\nUpdated 2 hours ago.", "\nIt is cold."])
async def test_a_program_that_reads_a_page_otherwise_changes_no_answer(
    bench: Bench, now: str, when: str | None
) -> None:
    """The last program took the price for £4.90. The page is asked again as it was then: its price has not
    changed, whatever else has; when it does, that is told from the price as it is read today."""
    bench.web.show(TEXT + "\nUpdated 5 minutes ago." * ("ago" in now))
    bench.add(ask=ASK, **({"when": when} if when else {}))
    await bench.check()
    with bench.pages.database.transaction(write=True) as connection:
        memory = load_memory(connection.execute(sa.select(watches.c.memory)).scalar_one())
        (key,) = memory.values
        wrong = {key: Value(ValueKind.MONEY, Decimal("4.90"), "GBP")}
        old = dump_memory(replace(memory, values=wrong, holds=False if when else None))
        connection.execute(watches.update().values(memory=old, seen_sha256=""))
    bench.web.show(TEXT + now)
    await bench.check()
    assert bench.receiver.messages == []
    if when is None:
        bench.web.show(CHEAP + now)
        await bench.check()
        assert bench.receiver.subjects == ["lantern: What does it cost? 49.00 GBP → 39.00 GBP"]


async def test_a_page_that_ends_before_its_end_is_doubted(bench: Bench) -> None:
    """A program that failed while it wrote: the rest is not gone. Seen twice with the same text it counts,
    and a page that never had an end tag is what it is."""
    whole = (
        f"<html><body><main><p>{LONG}</p><p>The ferry sails at noon.</p></main></body></html><!-- 3 ms -->"
    )
    cut = whole.partition("<p>The ferry")[0]
    bench.add()
    states = []
    for shown in (whole, cut, whole, cut[:-40], cut, cut, cut[:-60]):
        headers = (("content-type", "text/html"),)
        bench.web.pages[URL] = Page(
            URL, URL, Outcome.OK, Via.HTTP, START, status=200, headers=headers, body=shown.encode()
        )
        states.append((await bench.check()).state)
    doubt = State.UNVERIFIED
    assert states == [State.NEW, doubt, State.UNCHANGED, doubt, doubt, State.CHANGED, State.CHANGED]


def served(kind: str, body: str) -> Page:
    headers = (("content-type", kind),)
    return Page(URL, URL, Outcome.OK, Via.HTTP, START, status=200, headers=headers, body=body.encode())


@pytest.mark.parametrize(
    ("kind", "whole", "left"),
    [
        ("application/rss+xml", RSS.format(ITEMS), -90),
        ("application/xml", "<r><i a='1'>x</i><i a='2'>y</i></r><!-- 3 ms -->", -22),
        ("application/json", '{"gates": [{"id": 1}, {"id": 2}], "open": true}', -9),
        ("application/json", '[{"id": 1, "open": true}, {"id": 2, "open": true}]', -8),
        ("text/csv", "gate,open\n1,yes\n2,yes\n", -3),
        (
            "text/calendar",
            "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nSUMMARY:Gate\nEND:VEVENT\nEND:VCALENDAR\n",
            -30,
        ),
    ],
)
async def test_data_that_ends_before_its_end_is_doubted(
    bench: Bench, kind: str, whole: str, left: int
) -> None:
    """A connection that broke off without a word of its length: nothing was removed. Seen twice it counts."""
    bench.add()
    states = []
    for shown in (whole, whole[:left], whole, whole[:left], whole[:left]):
        bench.web.pages[URL] = served(kind, shown)
        states.append((await bench.check()).state)
    doubt = State.UNVERIFIED
    assert states == [State.NEW, doubt, State.UNCHANGED, doubt, State.CHANGED]


async def test_doubts_of_two_kinds_do_not_take_turns(bench: Bench) -> None:
    """A list that is empty on a page that ends without its end counts at the second look as well."""
    full = f"<html><main><p>{LONG}</p><ul>{'<li>A berth is free</li>' * 5}</ul></main></html>"
    bench.add()
    states = []
    for shown in (full, *[full.partition("<li>")[0]] * 3):
        bench.web.pages[URL] = served("text/html", shown)
        states.append((await bench.check()).state)
    assert states == [State.NEW, State.UNVERIFIED, State.CHANGED, State.UNCHANGED]


async def test_a_doubt_about_a_text_that_never_stands_still_ends(bench: Bench) -> None:
    """A page with a counter that lost its end shows no text twice; after some looks it is what it is."""
    whole = f"<html><body><main><p>{LONG}</p><p>Guest 0 today.</p></main></body></html>"
    bench.add()
    states = []
    for guest in range(12):
        shown = whole if not guest else whole.partition("</main>")[0].replace("Guest 0", f"Guest {guest}")
        bench.web.pages[URL] = served("text/html", shown)
        states.append((await bench.check()).state)
    assert states == [State.NEW, *[State.UNVERIFIED] * 8, *[State.CHANGED] * 3]


PART = "<html lang=en><main><h1>Quay</h1><p>All about the quay, its berths and its boats.</p>{}</main></html>"
BERTHS = "".join(f"<li>Berth {n} is free from Monday on</li>" for n in range(9))


@pytest.mark.parametrize(
    ("before", "after", "states"),
    [
        ("<p id=x>Buy it now</p>", "<p id=x hidden>Buy it now</p>", ["new", "unverified", "changed"]),
        (f"<ul id=x>{BERTHS}</ul>", "<ul id=x></ul>", ["new", "unverified", "changed"]),
        (f"<ul id=x>{BERTHS}</ul>", "<p id=x>None</p>", ["new", "unverified", "changed"]),
        ("<img id=x src=/open.png>", "<img id=x src=/shut.png>", ["new", "changed", "unchanged"]),
        ("<input id=x name=n value=4 disabled>", "<input id=x name=n value=5 disabled>",
         ["new", "changed", "unchanged"]),
        ("<p id=x>Buy it now</p>", "<p>Buy it now</p>", ["new", "unverified", "unverified"]),
        ("<script id=x>4</script>", "<script id=x>5</script>", ["unverified"] * 3),
    ],
)  # fmt: skip
async def test_a_chosen_part_may_be_without_text(
    bench: Bench, before: str, after: str, states: list[str]
) -> None:
    """As long as it is there: that it shows nothing any more counts when it is seen twice."""
    bench.add(select="#x")
    found = []
    for part in (before, after, after):
        bench.web.pages[URL] = served("text/html", PART.format(part))
        found.append((await bench.check()).state.value)
    assert found == states


async def test_a_chosen_list_that_is_empty_at_first_is_told_of_when_it_fills(bench: Bench) -> None:
    """It is there, and holds nothing: what comes is a change."""
    bench.add(select="#x")
    found = []
    for part in ("", "", BERTHS):
        bench.web.pages[URL] = served("text/html", PART.format(f"<ul id=x>{part}</ul>"))
        found.append((await bench.check()).state.value)
    assert found == ["unverified", "new", "changed"] and len(bench.receiver.messages) == 1
