"""The installed command with the real agent against the fixture server, nothing scripted."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from fixtures.server import FixtureServer
from tests.command import DEADLINE, REAL, Command

ARTICLE = "/cases/plain-article.html"


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        (ARTICLE, 0, None),
        ("/cases/paywall-teaser.html", 0, None),
        ("/cases/no-such-page.html", 4, "not_found"),
        ("/cases/gone.html", 4, "gone"),
        ("/cases/error-500.html", 4, "http_error"),
        ("/cases/redirect-loop.html", 4, None),
        ("/cases/bot-challenge.html", 5, "blocked"),
        ("/cases/members-401.html", 5, "login"),
        ("/cases/picture.html", 7, "unsupported"),
        ("/cases/empty.html", 7, "empty"),
    ],
)
def test_read_ends_with_the_status_of_the_page(
    real: Command, site: FixtureServer, path: str, status: int, kind: str | None
) -> None:
    """Each outcome has its exit status, its reason and hint, and standard output parses as JSON."""
    ended = real("read", site.url(path), "--json", "--via", "http", "--timeout", "20s")
    assert ended.status == status, ended.err
    if status == 0:
        assert ended.json["error"] is None
        assert ended.json["page"]["via"] == "http"
        assert len(ended.json["text"]) > 200
        return
    assert kind in (None, ended.json["error"]["kind"])
    assert ended.json["error"]["message"]
    assert ended.json["error"]["url"] == site.url(path)
    assert ended.err.startswith("error: ")


def test_a_page_that_hangs_and_one_that_is_not_there(real: Command, site: FixtureServer) -> None:
    """The deadline holds, and a closed port is told as such; both are status 4."""
    hung = real("read", site.url("/cases/hang.html"), "--json", "--via", "http", "--timeout", "1s")
    assert (hung.status, hung.json["error"]["kind"]) == (4, "timeout")
    nobody = real("read", "http://127.0.0.1:9/", "--json", "--via", "http")
    assert (nobody.status, nobody.json["error"]["kind"]) == (4, "unreachable")


def test_a_second_reading_comes_from_the_store(real: Command, fresh_site: FixtureServer) -> None:
    """Within --max-age the server is not asked again; its age is told; --offline needs no server."""
    url = fresh_site.url(ARTICLE)
    first = real("read", url, "--json", "--via", "http")
    second = real("read", url, "--json", "--via", "http")
    assert len(fresh_site.requests_for(ARTICLE)) == 1
    assert (first.json["page"]["via"], second.json["page"]["via"]) == ("http", "cache")
    assert first.json["text"] == second.json["text"]
    assert second.json["page"]["age_s"] > 0
    assert real("read", url, "--offline").status == 0
    never = real("read", fresh_site.url("/cases/gone.html"), "--offline", "--json")
    assert (never.status, never.json["error"]["kind"]) == (4, "unreachable")
    assert [page["url"] for page in real("cache", "list", "--json").json["pages"]] == [url]


def test_files_and_standard_input(alone: Command, tmp_path: Path) -> None:
    """A saved page and a piped one are read as one from the web is."""
    body = b"<title>Ferry</title><h1>Ferry</h1><p>The last ferry leaves at 21:40 on weekdays.</p>"
    (tmp_path / "ferry.html").write_bytes(body)
    for ended in (alone("read", str(tmp_path / "ferry.html")), alone("read", "-", stdin=body)):
        assert ended.status == 0, ended.err
        assert "The last ferry leaves at 21:40 on weekdays." in ended.out
    assert alone("read", "-").status == 2


def test_without_a_model_asking_is_status_6(real: Command, tmp_path: Path) -> None:
    """The error says which command fetches the model; nothing is downloaded unannounced."""
    (tmp_path / "page.txt").write_text("The last ferry leaves at 21:40 on weekdays.", encoding="utf-8")
    ended = real("ask", "When does the last ferry leave?", str(tmp_path / "page.txt"), "--json")
    assert (ended.status, ended.json["error"]["kind"]) == (6, "model")
    assert "browseagent model fetch" in ended.json["error"]["hint"]


def test_a_trace_is_one_json_object_a_line(real: Command, tmp_path: Path) -> None:
    """--trace writes each step of a run, also of one that failed."""
    (tmp_path / "page.txt").write_text("The last ferry leaves at 21:40 on weekdays.", encoding="utf-8")
    trace = tmp_path / "trace.jsonl"
    real("ask", "When does the last ferry leave?", str(tmp_path / "page.txt"), "--trace", str(trace))
    steps = [json.loads(line)["step"] for line in trace.read_text(encoding="utf-8").splitlines()]
    # The model may begin to load meanwhile: when depends on how long opening takes.
    assert [step for step in steps if step != "model"][:2] == ["open", "opened"]


@pytest.mark.model
def test_ask_with_the_real_model(answering: Command, tmp_path: Path) -> None:
    """Answered with a quote that stands on the page, and status 3 where the page does not say."""
    text = (
        "Harwick ferry. The last ferry to Skerry leaves at 21:40 on weekdays. "
        "A single crossing costs 12 euros for adults. Bicycles are carried free of charge."
    )
    (tmp_path / "ferry.txt").write_text(text, encoding="utf-8")
    asked = (str(tmp_path / "ferry.txt"), "--json", "--quiet")
    found = answering("ask", "When does the last ferry to Skerry leave?", *asked)
    assert found.status == 0
    assert "21:40" in found.json["quotes"][0]["text"]
    assert found.json["model"]["digest"]
    missing = answering("ask", "Who painted the ceiling of the Sistine Chapel?", *asked)
    assert (missing.status, missing.json["status"], missing.json["answer"]) == (3, "not_found", None)


def test_record_asks_the_server_and_leaves_the_store_alone(
    real: Command, fresh_site: FixtureServer, tmp_path: Path
) -> None:
    """A recording is what the server gives now, although a stored page is young enough to read; read as a
    source it asks nobody."""
    url = fresh_site.url(ARTICLE)
    real("read", url, "--via", "http")
    for name in ("one", "two"):
        ended = real("record", url, "--to", str(tmp_path / name), "--via", "http")
        assert ended.status == 0, ended.err
        recorded = json.loads((tmp_path / name / "page.json").read_text(encoding="utf-8"))
        assert (recorded["via"], recorded["status"]) == ("http", 200)
        replayed = real("read", str(tmp_path / name), "--json").json
        assert (replayed["url"], replayed["page"]["via"]) == (url, "file")
        assert replayed["markdown"].strip() == (tmp_path / name / "expected.md").read_text("utf-8").strip()
    assert len(fresh_site.requests_for(ARTICLE)) == 3
    assert len(real("cache", "history", url, "--json").json["versions"]) == 1


def processes_of(home: str) -> list[int]:
    """The processes that were started, directly or not, with that home in their environment."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if f"BROWSEAGENT_HOME={home}".encode() in (folder / "environ").read_bytes():
                found.append(int(folder.name))
        except OSError:  # ended meanwhile, or another user's
            continue
    return found


@pytest.mark.browser
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_leaves_no_chromium(
    environment: dict[str, str], site: FixtureServer, number: signal.Signals
) -> None:
    """Interrupted while Chromium waits for a page: status 130, one JSON document, no process left."""
    home = environment["BROWSEAGENT_HOME"]
    url = site.url("/cases/hang.html")
    process = subprocess.Popen(
        [*REAL, "read", url, "--via", "chromium", "--json", "--timeout", f"{DEADLINE}s"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={
            **environment,
            "BROWSEAGENT_CHROMIUM": os.environ.get("BROWSEAGENT_CHROMIUM", "/usr/bin/chromium"),
        },
        text=True,
    )
    deadline = time.monotonic() + DEADLINE
    while len(processes_of(home)) < 5 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert len(processes_of(home)) >= 5  # ourselves, Playwright's driver, Chromium and its children
    process.send_signal(number)
    out, err = process.communicate(timeout=DEADLINE)
    assert process.returncode == 130, err
    assert json.loads(out)["error"]["kind"] == "interrupted"
    while processes_of(home) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert processes_of(home) == []
