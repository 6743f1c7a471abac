"""``browseagent history``, and what the commands keep for it."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Command

SOURCE = "https://example.org/answered"


def test_what_was_asked_can_be_found_again(scripted: Command) -> None:
    """A question is listed, found by a word of its answer, and shown with its quote; --no-log keeps none."""
    scripted("ask", "What?", SOURCE)
    scripted("ask", "What?", SOURCE, "--no-log")
    scripted("ask", "What?", SOURCE, BROWSEAGENT_NO_LOG="1")
    (listed,) = scripted("history", "list", "--json").json["questions"]
    assert (listed["question"], listed["status"]) == ("What?", "answered")
    assert "What?" in scripted("history", "search", listed["answer"].split()[0].upper()).out
    assert scripted("history", "search", "100%").out == ""
    shown = scripted("history", "show", str(listed["id"]))
    assert shown.out.startswith("What?\n")
    assert "Adults pay 42 euros" in shown.out
    assert "\x1b" not in shown.out
    assert scripted("history", "show", str(listed["id"]), "--json").json["quotes"]


def test_questions_are_forgotten(scripted: Command) -> None:
    """clear says how many; what is not old enough stays; nothing is cleared by mistake."""
    scripted("ask", "What?", SOURCE)
    assert scripted("history", "clear").status == 2
    assert scripted("history", "clear", "--older-than", "1d", "--json").json["questions"] == 0
    assert scripted("history", "clear", "--all", "--json").json["questions"] == 1
    assert scripted("history", "list").err.strip() == "Nothing was asked yet."
    assert scripted("history", "show", "1").status == 2


def test_a_store_that_cannot_be_written_fails_no_answer(scripted: Command, tmp_path: Path) -> None:
    """The answer is given, and that it was not kept is said."""
    home = tmp_path / "file"
    home.write_text("no folder")
    ended = scripted("ask", "What?", SOURCE, BROWSEAGENT_HOME=str(home / "below"))
    assert ended.status == 0
    assert "was not kept" in ended.err


def test_all_stored_pages_can_be_asked(real: Command, tmp_path: Path) -> None:
    """ask --stored takes no source, and says so where nothing is stored or one is named."""
    nothing = real("ask", "--stored", "When does it open?")
    assert nothing.status == 2
    assert "no page is stored" in nothing.err
    assert real("ask", "--stored", "When?", "https://example.org/").status == 2
