"""Targets: what they are given, and that no word of a page does anything there."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar
from xml.etree import ElementTree as Xml

import pytest

from browseagent.watch.notify.message import Message, message_of, subject_of, text_of
from browseagent.watch.notify.senders import Senders
from browseagent.watch.notify.target import parse_target
from browseagent.watch.notify.webhook import signature
from browseagent.watch.outbox import DeliveryError
from browseagent.watch.port import Delivery

EVIL = "</content><script>alert(1)</script> $(touch evil); `id` \x1b[31mred\x1b[0m \u202egnp.exe @everyone"
ALERT = {
    "schema": "browseagent.alert/1", "kind": "changed", "watch": "ferry", "group": None, "tags": ["boats"],
    "url": "https://example.org/ferry?a=1&b=2", "at": "2026-03-01T12:00:00+00:00", "state": "changed",
    "summary": f"Added: “{EVIL}”", "reason": "the text changed", "judged": True, "event": "e1",
    "changes": [{"before": "It runs.", "after": EVIL, "kind": "changed"}], "changes_left_out": 2,
    "answers": [{"question": "Does it run?", "name": "value", "type": "boolean", "status": "found",
                 "value": False, "previous": True, "unit": "", "text": "no", "previous_text": "yes",
                 "reason": "",
                 "quote": {"text": EVIL, "start": 0, "end": 1, "url": "u", "link": "https://example.org/#x"}}],
}  # fmt: skip


def message(**more: object) -> Message:
    return message_of(Delivery((1,), "t", "stdout", "key-1", ({**ALERT, **more},), 0))


class Hook(BaseHTTPRequestHandler):
    """A receiver that keeps what it got; ``status`` is its answer."""

    got: ClassVar[list[tuple[dict[str, str], bytes]]] = []
    status = 204

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        type(self).got.append(({k.lower(): v for k, v in self.headers.items()}, body))
        self.send_response(self.status)
        if self.status == 302:
            self.send_header("location", "/elsewhere")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def hook() -> Iterator[tuple[type[Hook], str]]:
    handler = type("Fresh", (Hook,), {"got": [], "status": 204})
    server = HTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield handler, f"http://127.0.0.1:{server.server_port}/hook"
    server.shutdown()
    thread.join()
    server.server_close()


async def send(target: str, what: Message, *, secret: str | None = None) -> list[str]:
    """Hands a message to a target; what came on standard output."""
    written: list[str] = []
    await Senders(written.append, secret=secret).send(parse_target(target), what)
    return written


async def test_standard_output_is_clean() -> None:
    """The alert in words, apart from the next, without what would steer a terminal or turn the text round."""
    (text,) = await send("stdout", message())
    assert "\x1b" not in text and "\u202e" not in text and text.endswith("\n\n")
    assert "Does it run? yes → no" in text and "- It runs." in text and "… and 2 more changes" in text


def test_an_answer_that_is_the_subject_is_not_said_again() -> None:
    """Beneath the line that gives the answer come its quote and why; one of several answers is said."""
    (alert,) = message().items
    single = {**alert, "summary": "Does it run? yes → no"}
    assert subject_of(single).endswith("Does it run? yes → no")
    assert "Does it run?" not in text_of(single)
    assert "Does it run? yes → no" in text_of({**alert, "summary": "Does it run? yes → no; When? 1 → 2"})


async def test_a_webhook_is_signed_and_has_a_key(hook: tuple[type[Hook], str]) -> None:
    """JSON as it is, the idempotency key in a header, and a signature that the receiver can check."""
    handler, url = hook
    await send(f"webhook:{url}", message(), secret="s3cret")
    ((headers, body),) = handler.got
    document = json.loads(body)
    assert document["changes"][0]["after"] == EVIL and document["key"] == "key-1"
    assert headers["idempotency-key"] == headers["webhook-id"] == "key-1"
    expected = signature("s3cret", "key-1", headers["webhook-timestamp"], body)
    assert headers["webhook-signature"] == expected
    await send(f"webhook:{url}", message())
    assert "webhook-signature" not in handler.got[1][0]


@pytest.mark.parametrize(("status", "permanent"), [(500, False), (404, False), (410, True), (302, False)])
async def test_a_webhook_that_does_not_take_it(
    hook: tuple[type[Hook], str], status: int, permanent: bool
) -> None:
    """Anything but a 2xx is a refusal; a redirect is not followed; gone is gone."""
    handler, url = hook
    handler.status = status
    with pytest.raises(DeliveryError) as caught:
        await send(f"webhook:{url}", message())
    assert caught.value.permanent is permanent
    assert len(handler.got) == 1


async def test_a_webhook_that_is_not_there() -> None:
    """No connection is a refusal that is tried again."""
    with pytest.raises(DeliveryError):
        await send("webhook:http://127.0.0.1:1/hook", message())


async def test_a_command_gets_the_text_on_its_standard_input(tmp_path: Path) -> None:
    """The arguments are the person's alone; the page's words come as input, and no shell reads them."""
    out, script = tmp_path / "out", tmp_path / "script.py"
    script.write_text(
        "import os, sys, pathlib\n"
        f"pathlib.Path({str(out)!r}).write_text(repr(sys.argv[1:]) + os.environ['BROWSEAGENT_ALERT_KEY']"
        " + sys.stdin.read())\n"
    )
    await send(f"command:{sys.executable} {script} 'two words'", message())
    text = out.read_text()
    assert text.startswith("['two words']key-1ferry: ")
    assert "$(touch evil); `id`" in text and not (tmp_path / "evil").exists()


@pytest.mark.parametrize(
    ("command", "said"),
    [("/no/such/program", "cannot be started"), (f"{sys.executable} -c 'raise SystemExit(3)'", "status 3")],
)
async def test_a_command_that_fails(command: str, said: str) -> None:
    """A program that is missing or ends with an error has not taken the message."""
    with pytest.raises(DeliveryError, match=said):
        await send(f"command:{command}", message())


async def test_a_feed_escapes_and_does_not_repeat(tmp_path: Path) -> None:
    """The feed is well-formed whatever the page says; the newest is first; an event is in it once."""
    path = tmp_path / "new" / "alerts.atom"
    for event in ("e1", "e2", "e1"):
        await send(f"feed:{path}", message(event=event))
    atom = "{http://www.w3.org/2005/Atom}"
    entries = Xml.fromstring(path.read_text()).findall(f"{atom}entry")
    assert [entry.findtext(f"{atom}id") for entry in entries] == [
        "urn:browseagent:event:e2", "urn:browseagent:event:e1",
    ]  # fmt: skip
    content = entries[0].find(f"{atom}content")
    assert content is not None and len(content) == 0 and "<script>alert(1)</script>" in (content.text or "")
    assert "<script>" not in path.read_text()
    for number in range(120):
        await send(f"feed:{path}", message(event=f"n{number}"))
    assert len(Xml.fromstring(path.read_text()).findall(f"{atom}entry")) == 100


async def test_a_file_that_is_no_feed_is_left_alone(tmp_path: Path) -> None:
    """A mistyped path costs nobody a file."""
    path = tmp_path / "notes.txt"
    path.write_text("my notes")
    with pytest.raises(DeliveryError, match="no feed"):
        await send(f"feed:{path}", message())
    assert path.read_text() == "my notes"


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # of a package it tries
async def test_apprise_is_given_text_that_calls_nobody(tmp_path: Path, hook: tuple[type[Hook], str]) -> None:
    """Any URL of Apprise is a target; a page cannot call everybody in a chat."""
    pytest.importorskip("apprise")
    handler, url = hook
    await send(f"json://{url.removeprefix('http://')}", message())
    document = json.loads(handler.got[0][1])
    assert "@\u200beveryone" in document["message"] and "@everyone" not in document["message"]
    handler.status = 500
    with pytest.raises(DeliveryError):
        await send(f"json://{url.removeprefix('http://')}", message())


def test_an_alert_that_was_not_judged_says_so() -> None:
    """The mark is in the words, not in a field alone."""
    assert "Why: the text changed (not judged)" in message(judged=False).text
