"""What was asked before, in the store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from browseagent.forms import results as forms
from browseagent.forms.loaded import load_answer
from browseagent.records import ErrorInfo, Failed, NotFound
from browseagent.store.asked import AskedBefore
from browseagent.store.database import Database

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_only_the_newest_are_kept(tmp_path: Path) -> None:
    """Beyond the limit the oldest go, and a time bounds what is cleared."""
    before = AskedBefore(Database(tmp_path / "pages.sqlite"), most=3)
    for number in range(5):
        before.put(forms.answer(NotFound(question=f"Question {number}?")), NOW + timedelta(hours=number))
    assert [each.question for each in before.find()] == ["Question 4?", "Question 3?", "Question 2?"]
    assert before.clear(NOW + timedelta(hours=3)) == 1
    assert before.get(1) is None


def test_words_are_looked_for_as_they_are(tmp_path: Path) -> None:
    """A per cent sign is no pattern, and all words must be there."""
    before = AskedBefore(Database(tmp_path / "pages.sqlite"))
    before.put(forms.answer(NotFound(question="Is it 50% off?")), NOW)
    assert before.find(["50%"])
    assert not before.find(["%off"])
    assert not before.find(["50%", "on"])


def test_a_failure_comes_back_as_it_was() -> None:
    """An answer out of its JSON form is the answer that made it."""
    failed = Failed(question="What?", failure=ErrorInfo("timeout", "too slow", "again", "https://e.org/"))
    again = load_answer(forms.answer(failed, "embedded"))
    assert (again.status, again.error) == (failed.status, failed.error)
