"""Errors that come with the status 200 and say so: in JSON, as a bare line, as a page of a line."""

from __future__ import annotations

import pytest

from browseagent.records import Outcome, Via
from browseagent.web.outcome import judge
from browseagent.web.response import Response

JSON, TEXT, HTML, XML = "application/json", "text/plain", "text/html", "application/xml"
PAGE = (
    "<!doctype html><html lang=en><title>Ferry</title><main><h1>Sailings</h1><p>The ferry sails at nine.</p>"
)

REFUSED = [
    (
        JSON,
        '{"error": {"code": 429, "message": "Resource has been exhausted", "status": "RESOURCE_EXHAUSTED"}}',
    ),
    (JSON, '{"status": "error", "message": "rate limit exceeded"}'),
    (JSON, '{"cod": 429, "message": "Your account is temporarily blocked"}'),
    (JSON, '{"type": "about:blank", "title": "Too Many Requests", "status": 429, "detail": "Wait a minute"}'),
    (TEXT, "Too many requests"),
    (TEXT, "HTTP 429: Too many requests, please try again in 30 seconds."),
    (HTML, "Too many requests"),
    (HTML, "<html><body>You have exceeded your hourly limit. Come back later.</body></html>"),
    (HTML, "<html><title>429 Too Many Requests</title><h1>429 Too Many Requests</h1><hr>nginx</html>"),
    (XML, "<?xml version='1.0'?><Error><Code>SlowDown</Code><Message>Please wait.</Message></Error>"),
]
FAILED = [
    (JSON, '[{"error": {"code": "503", "message": "Try later"}}]'),
    (TEXT, "upstream connect error or disconnect/reset before headers. reset reason: connection failure"),
    (TEXT, "no healthy upstream"),
    (
        HTML,
        "<title>503 Service Temporarily Unavailable</title><h1>503 Service Temporarily Unavailable</h1>",
    ),
    (
        HTML,
        "<h1>Error 503 Backend fetch failed</h1><p>Backend fetch failed</p><h3>Guru Meditation:</h3>",
    ),
]
PAGES = [
    (JSON, '{"error": null, "items": [{"id": 429, "name": "A lantern"}]}'),
    (JSON, '{"errors": 0, "status": "ok", "requests": 429}'),
    (JSON, '{"errors": [{"id": 7, "status": 503, "message": "upstream connect error"}]}'),
    (JSON, '{"service": "mail", "status": "error", "code": 503, "message": "rate limit exceeded"}'),
    (JSON, '{"state": "failed", "error": {"code": 500, "message": "the disk is full"}}'),
    (JSON, '{"code": 429, "name": "Tram line"}'),
    (TEXT, "Too many requests are made to the ferry office on Mondays, its keeper says."),
    (
        TEXT,
        "Rate limits\n\nHow often a program may ask.\n\nrate limit exceeded: the status is 429.\n\nWait.\n",
    ),
    (HTML, PAGE + "<h2>429 Too Many Requests</h2><p>What it means, and what to do.</p>"),
    (HTML, "<title>503 Squadron</title><h1>503 Squadron</h1><p>It flew from Harbour Field.</p>"),
    (HTML, "<h1>429 Too Many Requests</h1><p>An error <a href=/errors>among others</a>.</p>"),
    (HTML, "<title>Status</title><h1>All services</h1><p>Service unavailable: none</p>"),
]


def _outcome(kind: str, body: str, via: Via = Via.HTTP) -> Outcome:
    url = "https://a.example/"
    headers = (("content-type", kind),)
    return judge(Response(url, url, via, 200, headers=headers, body=body.encode())).outcome


@pytest.mark.parametrize(("kind", "body"), REFUSED)
def test_a_limit_that_comes_as_a_page_is_a_wall(kind: str, body: str) -> None:
    """It names the status that it should have had, or says so and nothing else."""
    assert _outcome(kind, body) is Outcome.BLOCKED


@pytest.mark.parametrize(("kind", "body"), FAILED)
def test_an_outage_that_comes_as_a_page_is_an_error(kind: str, body: str) -> None:
    """As a proxy says it whose server is gone."""
    assert _outcome(kind, body) is Outcome.HTTP_ERROR


@pytest.mark.parametrize(("kind", "body"), PAGES)
def test_what_holds_more_is_a_page(kind: str, body: str) -> None:
    """Members for errors that did not happen, lists of errors, the state of a service, texts about limits."""
    assert _outcome(kind, body) is Outcome.OK


def test_a_saved_error_is_read() -> None:
    """Who names a file means what is in it."""
    assert _outcome(TEXT, "Too many requests", Via.FILE) is Outcome.OK


@pytest.mark.parametrize(
    ("status", "headers", "body", "outcome"),
    [
        (206, {"content-range": "bytes 0-499/5000"}, PAGE, Outcome.TRUNCATED),
        (206, {"content-range": "bytes 500-999/1000"}, PAGE, Outcome.TRUNCATED),
        (206, {"content-range": "bytes 0-999/1000"}, PAGE, Outcome.OK),
        (206, {}, PAGE, Outcome.OK),
        (202, {}, "<html><body><p>Your report is being made.</p></body></html>", Outcome.TRUNCATED),
        (202, {"content-type": JSON}, '{"state": "queued"}', Outcome.TRUNCATED),
        (202, {}, f"{PAGE}{'<p>And so on, day after day, as the table shows.</p>' * 20}", Outcome.OK),
        (203, {}, PAGE, Outcome.OK),
    ],
)
def test_a_part_of_a_page_and_one_that_is_being_made_are_not_whole(
    status: int, headers: dict[str, str], body: str, outcome: Outcome
) -> None:
    """By the status and the range that a server states; nothing was asked for in parts."""
    said = tuple({"content-type": HTML, **headers}.items())
    url = "https://example.org/"
    response = Response(url, url, Via.HTTP, status, body=body.encode(), headers=said)
    assert judge(response).outcome is outcome
