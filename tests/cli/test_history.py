"""``browseagent history``, and what the commands keep for it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from browseagent.forms import results as forms
from browseagent.records import Answered, Outcome, PageReport, Quote, Via
from browseagent.store.asked import AskedBefore
from browseagent.store.database import Database
from tests.command import Command

SOURCE = "https://example.org/answered"


def test_what_was_asked_can_be_found_again(scripted: Command) -> None:
    """A question is listed, found by a word of its answer, and shown with its quote; --no-log keeps none, and
    what was typed the wrong way round was not asked."""
    scripted("ask", "What?", SOURCE)
    assert scripted("ask", SOURCE, "What?").status == 2
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


def put(environment: dict[str, str], answers: Sequence[tuple[str, str, str]]) -> None:
    """Keeps what was asked, a question an hour: the question, its page, its answer."""
    database = Database(Path(environment["BROWSEAGENT_HOME"]) / "pages.sqlite")
    kept = AskedBefore(database)
    for hour, (question, url, said) in enumerate(answers):
        at = datetime(2026, 3, 1, hour, tzinfo=UTC)
        quote = Quote(f"It costs {said}.", 0, len(said) + 10, url, f"{url}#:~:text=It")
        page = PageReport(
            url, url, Outcome.OK, Via.HTTP, at, status=200, age_s=0.0, sha256="0" * 64, title="Fees", chars=9
        )
        found = Answered(question=question, answer=said, support=(quote,), confidence=0.9, pages=(page,))
        kept.put(dict(forms.answer(found, "embedded")), at)
    database.close()


def test_what_an_answer_was_and_is_now(real: Command, environment: dict[str, str]) -> None:
    """history diff finds the last asking of the same question of the same page, and shows both answers with
    their words; what is only written otherwise is no change; what cannot be compared is told."""
    other = "https://example.org/other"
    put(
        environment,
        [
            ("What does it cost?", SOURCE, "12 euros"),
            ("What does it cost?", other, "7 euros"),
            ("What does it take?", SOURCE, "5 minutes"),
            ("what does  it cost?", SOURCE, "9 euros"),
            ("What does it cost?", SOURCE, "9 Euros."),
        ],
    )
    shown = real("history", "diff", "4")
    assert shown.status == 0
    assert shown.out.startswith("12 euros → 9 euros\n")
    assert "- 2026-03-01 00:00: 12 euros\n\n  “It costs 12 euros.”" in shown.out
    assert "+ 2026-03-01 03:00: 9 euros\n" in shown.out
    document = real("history", "diff", "4", "--json").json
    assert (document["changed"], document["before"]["answer"], document["after"]["answer"]) == (
        True,
        "12 euros",
        "9 euros",
    )
    assert real("history", "diff", "5").out.startswith("9 Euros. (as before)\n")
    assert real("history", "diff", "5", "1", "--json").json["changed"] is True
    for wrong, said in ((["2"], "before"), (["77"], "no question"), (["4", "3"], "different questions")):
        ended = real("history", "diff", *wrong)
        assert (ended.status, ended.out) == (2, "")
        assert said in ended.err


def test_a_page_is_as_old_as_it_is_now(tmp_path: Path, scripted: Command) -> None:
    """What was read just now when it was asked is told with its age of today."""
    scripted("ask", "What?", SOURCE)
    with closing(sqlite3.connect(tmp_path / "home" / "pages.sqlite")) as database, database:
        (kept,) = database.execute("SELECT document FROM asked").fetchone()
        document = json.loads(kept)
        for page in document["pages"]:
            page["fetched_at"], page["age_s"] = "2020-01-01T00:00:00Z", 0
        database.execute("UPDATE asked SET document = ?", [json.dumps(document)])
    assert "years ago" in scripted("history", "show", "1").out
