"""A message of a site that comes with the status 200 where a page was: no change of it, and no baseline."""

from __future__ import annotations

import pytest

from browseagent.records import Outcome, Page, Via
from browseagent.watch.instead import came_instead
from browseagent.watch.records import State
from browseagent.web.refusal import message_of
from tests.watch.world import START, URL, Bench

JSON, TEXT, HTML, FEED = "application/json", "text/plain", "text/html", "application/rss+xml"
SHIPS = (JSON, '{"ships": [{"name": "Heron", "at": 9}, {"name": "Osprey", "at": 12}], "error": null}')
FLAT = (JSON, '{"price": 12.5, "currency": "EUR"}')
SENT = (JSON, '{"status": "success", "data": {"price": 3}}')
ARTICLE = (HTML, "<html><title>Ferry</title><h1>Sailings</h1><p>At nine.</p><p>At noon.</p>")
SAILINGS = (
    FEED,
    "<rss><channel><title>Ferry</title><item><guid>1</guid><title>At nine</title></item></channel></rss>",
)
LINES = (TEXT, "At nine\nAt ten\nAt eleven\nAt noon\nAt one\n")

INSTEAD = [
    (SHIPS, (JSON, '{"error": "the request could not be served"}')),
    (SHIPS, (JSON, '{"ships": [], "error": {"message": "no connection to the database"}}')),
    (FLAT, (JSON, '{"Information": "Our standard plan ends at 25 requests a day."}')),
    (SENT, (JSON, '{"status": "error", "message": "come back in a minute"}')),
    ((JSON, "[1, 2, 3]"), (JSON, '{"success": false, "reason": "not now"}')),
    (
        (JSON, '{"data": {"ship": {"name": "Heron"}}}'),
        (JSON, '{"data": null, "errors": [{"message": "Timeout"}]}'),
    ),
    (SHIPS, (TEXT, "Trop de demandes, revenez plus tard.")),
    (ARTICLE, (JSON, '{"error": "not now"}')),
    (ARTICLE, (HTML, "Zu viele Anfragen, bitte warten Sie.")),
    (SAILINGS, (TEXT, "backend gone away")),
    (
        SAILINGS,
        ("application/xml", "<?xml version='1.0'?><Error><Code>Busy</Code><Message>Wait.</Message></Error>"),
    ),
    (LINES, (JSON, '{"message": "Internal error 17"}')),
]
CHANGES = [
    (SHIPS, (JSON, '{"ships": [{"name": "Heron", "at": 9}], "error": "the list is not whole"}')),
    (SHIPS, (JSON, '{"ships": [], "error": null}')),
    ((JSON, '{"errors": []}'), (JSON, '{"errors": [{"message": "the disk is full"}]}')),
    ((JSON, '{"service": "mail", "status": "ok"}'), (JSON, '{"service": "mail", "status": "error"}')),
    ((JSON, '{"state": "running", "done": 40}'), (JSON, '{"state": "failed", "error": "the disk is full"}')),
    ((JSON, '{"error": "not yet open"}'), (JSON, '{"error": "not open any more"}')),
    ((TEXT, "Open"), (TEXT, "Closed until further notice")),
    (LINES, (TEXT, "No ferry sails today")),
    (ARTICLE, (HTML, "<html><title>Ferry</title><h1>Sailings</h1><p>None today.</p>")),
    ((HTML, "<p>Open daily from nine.</p>"), (HTML, "<p>Closed for good.</p>")),
]  # fmt: skip


def _page(of: tuple[str, str]) -> Page:
    headers = (("content-type", of[0]),)
    return Page(URL, URL, Outcome.OK, Via.HTTP, START, status=200, headers=headers, body=of[1].encode())


def _told(before: tuple[str, str], now: tuple[str, str]) -> str:
    said = message_of(_page(now))
    return said and came_instead(said, _page(now), _page(before))


@pytest.mark.parametrize(("before", "now"), INSTEAD)
def test_a_message_where_a_page_was(before: tuple[str, str], now: tuple[str, str]) -> None:
    """Nothing is left of what was there, in any language."""
    assert _told(before, now)


@pytest.mark.parametrize(("before", "now"), CHANGES)
def test_a_page_that_says_something_else_has_changed(before: tuple[str, str], now: tuple[str, str]) -> None:
    """What it held is still there, or it always said a line, or it is still built as it was."""
    assert _told(before, now) == ""


@pytest.mark.parametrize(("before", "now"), INSTEAD)
async def test_it_is_no_baseline_and_no_alert(
    bench: Bench, before: tuple[str, str], now: tuple[str, str]
) -> None:
    """The page that comes back is unchanged; what was said is told in the reason."""
    bench.web.pages[URL] = _page(before)
    bench.add()
    await bench.check()
    bench.web.then = [_page(now)] * 2
    states = [(await bench.check()) for _ in range(2)]
    assert [each.state for each in states] == [State.BLOCKED] * 2
    assert "a message came instead of the page: “" in states[0].reason
    assert (await bench.check()).state is State.UNCHANGED
    assert bench.history() == [] and bench.receiver.messages == []


async def test_a_message_that_stays_is_told_as_trouble(bench: Bench) -> None:
    """Nobody learns of it as a change, and nobody is left without word."""
    bench.web.pages[URL] = _page(SHIPS)
    bench.add()
    await bench.check()
    bench.web.pages[URL] = _page((JSON, '{"message": "This service has moved"}'))
    for _ in range(4):
        await bench.check()
    assert [event.kind for event in bench.history()] == ["failure"]
    assert "This service has moved" in bench.receiver.subjects[0]
