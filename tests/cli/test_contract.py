"""Exit statuses, JSON, and which stream carries what, through the command in its own process."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from browseagent.cli.program import run
from tests.cli.scripted_agent import ScriptedAgent

Command = Callable[..., Any]

URL = "https://example.org/"
ANSWER_KEYS = {
    "schema",
    "question",
    "status",
    "answer",
    "confidence",
    "quotes",
    "closest",
    "pages",
    "model",
    "timings",
    "error",
}
SUMMARY_KEYS = {"schema", "points", "coverage", "pages", "model", "timings", "error"}
DOCUMENT_KEYS = {
    "schema",
    "url",
    "title",
    "author",
    "date",
    "language",
    "text",
    "markdown",
    "blocks",
    "links",
    "page",
}
PAGE_KEYS = {
    "url",
    "final_url",
    "outcome",
    "status",
    "via",
    "fetched_at",
    "age_s",
    "sha256",
    "title",
    "chars",
}
STATUSES = [
    ("answered", 0, None),
    ("not-found", 3, None),
    ("unreachable", 4, "unreachable"),
    ("timeout", 4, "timeout"),
    ("robots", 5, "robots"),
    ("login", 5, "login"),
    ("model", 6, "model"),
    ("model-raised", 6, "model"),
    ("empty", 7, "empty"),
    ("nothing", 2, "usage"),
    ("bug", 1, "internal"),
]


@pytest.mark.parametrize(("source", "status", "kind"), STATUSES)
def test_ask_ends_with_the_status_of_its_answer(
    scripted: Command, source: str, status: int, kind: str | None
) -> None:
    """Each kind of end has its exit status; standard output is one whole JSON document for each."""
    ended = scripted("ask", "What?", URL + source, "--json")
    assert ended.status == status, ended.err
    assert ended.json.keys() >= ANSWER_KEYS
    assert (ended.json["error"] or {}).get("kind") == kind
    assert ended.json["question"] == ("What?" if kind != "internal" else "")
    if kind:
        assert ended.json["status"] == "failed"
        assert "error: " in ended.err


def test_without_json_a_failure_leaves_standard_output_empty(scripted: Command) -> None:
    """What went wrong, where, and what to do next go to standard error."""
    ended = scripted("ask", "What?", URL + "model")
    assert (ended.status, ended.out) == (6, "")
    assert "the embedded model is not here" in ended.err
    assert "hint: browseagent model fetch" in ended.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["ask"],
        ["ask", "What?"],
        ["ask", "What?", URL, "--max-age", "soon"],
        ["ask", "What?", URL, "--as-of", "yesterday"],
        ["ask", "What?", URL, "--timeout", "0s"],
        ["ask", "What?", URL, "--via", "lynx"],
        ["ask", "What?", URL, "--model", "gpt5"],
        ["ask", "What?", URL, "--max-pages", "0"],
        ["ask", "What?", URL, "--fresh", "--offline"],
        ["ask", "What?", URL, "--unknown"],
        ["ask", "What?", "no-such-file.html"],
        ["ask", "What?", "ftp://example.org/"],
        ["summarize"],
        ["summarize", URL, "--length", "endless"],
        ["read", URL, URL],
        ["read", "--format", "md", URL],
        ["cache", "diff", "example.org"],
        ["cache", "clear"],
        ["cache", "clear", "--all", "example.org"],
        ["cache", "bogus"],
        ["bogus"],
    ],
)
def test_wrong_usage_is_status_2_and_json_too(
    arguments: list[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whatever is wrong with the arguments, the status is 2 and standard output still parses."""
    monkeypatch.setenv("BROWSEAGENT_HOME", str(tmp_path))
    agent = ScriptedAgent({})
    assert run([*arguments, "--json"], agent=agent.open) == 2
    document = json.loads(capsys.readouterr().out)
    assert document["error"]["kind"] == "usage"
    assert document["error"]["message"]
    schemas = {"ask": "answer", "summarize": "summary", "read": "document"}
    assert document["schema"] == f"browseagent.{schemas.get(arguments[0], 'error')}/1"
    assert run(arguments, agent=agent.open) == 2
    assert capsys.readouterr().out == ""


def test_a_mistyped_command_names_the_one_that_was_meant(scripted: Command) -> None:
    """Among the program's commands and among a group's."""
    assert "Did you mean 'summarize'?" in scripted("summarise", URL).err
    assert "Did you mean 'check'?" in scripted("watch", "chek").err


def test_json_of_an_answer_has_every_key_and_exact_text(scripted: Command) -> None:
    """Quotes are exact to the character, also where a page holds control characters; none of these
    reaches the terminal as such."""
    ended = scripted("ask", "What?", URL + "answered", "--json")
    quote = ended.json["quotes"][0]
    assert quote.keys() == {"text", "start", "end", "url", "link", "place"}
    assert quote["text"].endswith("– 中文 \x1b[31mred\x9b0m.")
    assert quote["end"] - quote["start"] == len(quote["text"])
    assert [page.keys() >= PAGE_KEYS for page in ended.json["pages"]] == [True, True]
    assert ended.json["model"]["digest"] == "ab" * 32
    assert not {"\x1b", "\x9b", "\x07"} & set(ended.out)
    assert "中文" in ended.out  # readable, not escaped


def test_summarize_and_read_follow_the_contract(scripted: Command) -> None:
    """Their documents have every key of the contract, and their failures its statuses."""
    summary = scripted("summarize", URL + "summary", "--json", "--length", "short")
    assert (summary.status, summary.json["error"]) == (0, None)
    assert summary.json.keys() >= SUMMARY_KEYS
    assert summary.json["coverage"] == {"chars": 1000, "chars_read": 250, "passages": 8, "passages_read": 2}
    assert [point["support"] for point in summary.json["points"]] == ["quote", "unsupported"]
    gone = scripted("summarize", URL + "no-summary", "--json")
    assert (gone.status, gone.json["error"]["kind"]) == (4, "gone")
    document = scripted("read", URL + "read", "--json")
    assert document.status == 0
    assert document.json.keys() >= DOCUMENT_KEYS
    for block in document.json["blocks"]:
        assert document.json["text"][block["start"] : block["end"]].strip()
    for source, status, kind in (("refused", 5, "login"), ("no-text", 7, "empty")):
        failed = scripted("read", URL + source, "--format", "json")
        assert (failed.status, failed.json["error"]["kind"]) == (status, kind)
        assert failed.json["text"] == ""


def test_a_page_that_failed_is_told_beside_the_answer(scripted: Command) -> None:
    """One bad source does not take the others with it: a warning with reason and hint, status 0."""
    ended = scripted("ask", "What?", URL + "answered", "https://example.org/wall")
    assert ended.status == 0
    assert "warning: not read: https://example.org/wall: A bot wall" in ended.err
    assert "hint: Open it yourself." in ended.err
    quiet = scripted("ask", "What?", URL + "answered", "--quiet")
    assert (quiet.status, quiet.err) == (0, "")
    assert quiet.out == ended.out


def test_progress_goes_to_standard_error_only_when_asked_for(scripted: Command) -> None:
    """Not on a terminal there is no progress; with -v each step is a line on standard error."""
    silent = scripted("read", URL + "read", "--quiet")
    told = scripted("read", URL + "read", "--verbose")
    assert silent.err == ""
    assert f"open: opening {URL}read" in told.err
    assert silent.out == told.out


def test_a_bug_is_told_with_the_way_to_report_it(scripted: Command) -> None:
    """An unforeseen error is one line and a request; with -v the traceback comes with it."""
    ended = scripted("read", URL + "bug")
    assert (ended.status, ended.out) == (1, "")
    assert "RuntimeError: a bug of ours" in ended.err
    assert "report it" in ended.err
    assert "Traceback" not in ended.err
    assert "Traceback" in scripted("read", URL + "bug", "-v").err


def test_help_shows_every_command_and_imports_nothing_heavy(
    alone: Command, environment: dict[str, str]
) -> None:
    """The overview, and the help of a reading command, load no model, browser or database library."""
    import subprocess
    import sys

    heavy = "torch transformers playwright sqlalchemy trafilatura httpx lxml bs4 rich"
    code = (
        "import sys\n"
        "from browseagent.cli.program import run\n"
        "for words in (['--help'], ['ask', '--help'], ['summarize', '--help'], ['read', '--help'],\n"
        "              ['cache', '--help'], ['record', '--help'], ['ask']):\n"
        "    run(words)\n"
        f"print([name for name in {heavy.split()!r} if name in sys.modules], file=sys.stderr)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True, timeout=60
    )
    assert ended.stderr.splitlines()[-1] == "[]"
    shown = alone("--help")
    assert shown.status == 0
    for name in ("ask", "summarize", "read", "cache", "record"):
        assert f"\n  {name} " in shown.out


def test_record_writes_a_replayable_page(scripted: Command, tmp_path: Path) -> None:
    """A recording holds the page and its expected text, and what was written and how to replay it is told;
    recording again replaces it."""
    from browseagent.web.replay import load

    folder = tmp_path / "the recordings" / "fares"
    for _ in range(2):
        ended = scripted("record", URL + "page", "--to", str(folder))
        assert ended.status == 0, ended.err
    page = load(folder)
    assert (page.url, page.body) == (URL, b"<h1>Fares</h1><p>42 euros.</p>")
    assert "42 euros." in (folder / "expected.md").read_text(encoding="utf-8")
    first, *files = ended.out.splitlines()
    assert first.startswith(f"Recorded in {folder}: Fares · read ")
    assert files[0] == "  body.bin     as the server gave it, 30 B"
    assert [line.split()[0] for line in files] == sorted(each.name for each in folder.iterdir())
    assert ended.err == f"It is a source, without network: browseagent ask QUESTION '{folder}'\n"
    quiet = scripted("record", URL + "page", "--to", str(folder), "--json", "--quiet")
    assert (quiet.json["folder"], quiet.json["page"]["outcome"], quiet.err) == (str(folder), "ok", "")
    sizes = {each.name: each.stat().st_size for each in folder.iterdir()}
    assert {each["name"]: each["bytes"] for each in quiet.json["files"]} == sizes


def test_record_refuses_a_page_that_was_not_read(scripted: Command, tmp_path: Path) -> None:
    """A bot wall is recorded only where that is said to be wanted."""
    folder = tmp_path / "wall"
    refused = scripted("record", URL + "blocked-page", "--to", str(folder))
    assert refused.status == 5
    assert not folder.exists()
    wanted = scripted("record", URL + "blocked-page", "--to", str(folder), "--any-outcome")
    assert wanted.status == 0
    assert json.loads((folder / "page.json").read_text(encoding="utf-8"))["outcome"] == "blocked"
    assert not (folder / "expected.md").exists()
