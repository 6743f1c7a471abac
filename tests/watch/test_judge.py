"""What a look amounts to: which pages count, what is a change, and who is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from browseagent.records import Document, Hunk, Outcome, Page, Via
from browseagent.watch.judge import Memory, Weighed, doubted, numbered, settled, weigh
from browseagent.watch.records import AnswerStatus, Question, StandingAnswer, State, Value, ValueKind, Watch
from browseagent.watch.ruling import Ruling
from browseagent.watch.verdict import question_key, remembered, told_of, verdict

URL = "https://example.org/"
READ = Document(URL, "12")
TEXT = "The ferry runs on time today and leaves at ten past four. " * 20
PRICE = Question("What does it cost?", ValueKind.MONEY)


def page(outcome: Outcome = Outcome.OK) -> Page:
    return Page(URL, URL, outcome, Via.HTTP, datetime(2026, 3, 1, tzinfo=UTC), reason="so it was")


class Looks:
    """A watch's memory over several looks, as the driver keeps it."""

    def __init__(self) -> None:
        self.memory = Memory()
        self.number = 0

    def look(self, text: str | None = TEXT, outcome: Outcome = Outcome.OK, language: str = "en") -> Weighed:
        self.number += 1
        document = None if text is None else Document(URL, text, language=language)
        weighed = weigh(page(outcome), document, f"key of {text}", self.memory)
        self.memory = numbered(weighed.memory, self.number)
        return weighed


def test_new_unchanged_and_changed() -> None:
    """The first good look is the baseline, the same text is unchanged, another text is the next baseline."""
    looks = Looks()
    assert [looks.look().state, looks.look().state] == [State.NEW, State.UNCHANGED]
    changed = looks.look(TEXT + "It is late.")
    assert (changed.state, changed.keep) == (State.CHANGED, True)
    assert changed.against is not None and changed.against.snapshot == 1
    assert looks.look(TEXT + "It is late.").state is State.UNCHANGED


def test_a_b_a_is_two_changes() -> None:
    """A page that changes and changes back has changed twice."""
    looks = Looks()
    states = [looks.look(text).state for text in (TEXT, TEXT + "B", TEXT)]
    assert states == [State.NEW, State.CHANGED, State.CHANGED]


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (Outcome.BLOCKED, State.BLOCKED),
        (Outcome.LOGIN, State.BLOCKED),
        (Outcome.CONSENT, State.BLOCKED),
        (Outcome.ROBOTS, State.BLOCKED),
        (Outcome.POLICY, State.BLOCKED),
        (Outcome.TIMEOUT, State.FAILED),
        (Outcome.UNREACHABLE, State.FAILED),
        (Outcome.HTTP_ERROR, State.FAILED),
        (Outcome.NOT_FOUND, State.FAILED),
        (Outcome.GONE, State.FAILED),
        (Outcome.TOO_LARGE, State.FAILED),
        (Outcome.UNSUPPORTED, State.FAILED),
        (Outcome.EMPTY, State.UNVERIFIED),
    ],
)
def test_what_is_not_the_page_is_neither_baseline_nor_change(outcome: Outcome, state: State) -> None:
    """Walls, errors and blanks leave what is known as it was, before the first good look and after it."""
    looks = Looks()
    assert looks.look(None, outcome).state is state
    assert looks.memory.baseline is None
    assert looks.look().state is State.NEW
    bad = looks.look(None, outcome)
    assert (bad.state, bad.reason, bad.keep) == (state, "so it was", False)
    assert looks.look().state is State.UNCHANGED


def test_a_page_that_shrank_to_nothing_is_not_believed() -> None:
    """A twentieth of the words left is a blank page; a short notice in the place of a long one is not."""
    looks = Looks()
    looks.look()
    assert looks.look("Loading …").state is State.UNVERIFIED
    assert looks.look().state is State.UNCHANGED
    assert (
        looks.look("This position has been filled and we thank all who applied for it.").state
        is State.CHANGED
    )


def xml(body: str) -> Page:
    return replace(page(), headers=(("content-type", "application/xml"),), body=body.encode())


def test_comments_after_the_end_are_passed_and_others_are_no_end() -> None:
    """However many there are: a page is read in time that grows with its length alone."""
    whole, comments = "<r><item>1</item><item>2</item></r>", "<!---->" * 250
    notes = "<!-- 3 ms --> <!-- a-b - c --->\n"
    assert doubted([], xml(whole), xml(whole + comments), READ, "k", Memory()) is None
    assert doubted([], xml(whole), xml(whole + notes), READ, "k", Memory()) is None
    cut = doubted([], xml(whole), xml(f"<r><item>1</item>{comments}<item"), READ, "k", Memory())
    assert cut is not None and cut.state is State.UNVERIFIED


def test_part_of_a_page_is_not_compared_with_the_whole() -> None:
    """What is missing from a page that was cut short was not removed."""
    looks = Looks()
    looks.look()
    assert looks.look(TEXT[:400], Outcome.TRUNCATED).state is State.UNVERIFIED
    always = Looks()
    always.look(TEXT[:400], Outcome.TRUNCATED)
    assert always.look(TEXT[:400] + "more", Outcome.TRUNCATED).state is State.CHANGED


def test_two_languages_by_turns_are_two_texts() -> None:
    """Each language is compared with itself; going to and fro is no change."""
    looks = Looks()
    english, german = TEXT, "Die Fähre fährt heute pünktlich um zehn nach vier. " * 20
    turns = [looks.look(english), looks.look(german, language="de"), looks.look(english)]
    assert [turn.state for turn in turns] == [State.NEW, State.UNVERIFIED, State.UNCHANGED]
    assert looks.look(german, language="de-AT").state is State.UNCHANGED
    changed = looks.look(german + "Morgen nicht.", language="de")
    assert changed.state is State.CHANGED
    assert changed.against is not None and changed.against.language == "de"
    assert looks.look(english).state is State.UNCHANGED


def test_a_page_that_stays_in_another_language_has_changed() -> None:
    """The third look in a row is believed, and told once."""
    looks = Looks()
    looks.look()
    states = [looks.look("Nur noch auf Deutsch. " * 20, language="de").state for _ in range(4)]
    assert states == [State.UNVERIFIED, State.UNCHANGED, State.CHANGED, State.UNCHANGED]
    assert looks.memory.baseline is not None and looks.memory.baseline.language == "de"


def test_moves_and_readings_of_the_same_text_are_no_change() -> None:
    """A feed that reorders is unchanged, and its new order is known from then on."""
    looks = Looks()
    looks.look("one two")
    before = looks.memory
    weighed = settled(weigh(page(), Document(URL, "two one"), "other", before), [Hunk("one", "one", "moved")])
    assert weighed.state is State.UNCHANGED and not weighed.keep
    assert weigh(page(), Document(URL, "two one"), "other", weighed.memory).state is State.UNCHANGED
    assert weigh(page(), Document(URL, "one two"), "key of one two", weighed.memory).state is State.UNCHANGED
    real = weigh(page(), Document(URL, "two one three"), "third", before)
    assert settled(real, [Hunk("", "three", "added")]) == real


# --- who is told

ADDED, REMOVED, MOVED = Hunk("", "new", "added"), Hunk("old", "", "removed"), Hunk("same", "same", "moved")


def price(now: str | None, before: str | None, status: AnswerStatus | None = None) -> StandingAnswer:
    values = [
        None if amount is None else Value(ValueKind.MONEY, Decimal(amount), "GBP") for amount in (now, before)
    ]
    return StandingAnswer(PRICE, status or AnswerStatus.FOUND, values[0], values[1])


def watch(**more: object) -> Watch:
    return replace(Watch("w", URL), **more)  # type: ignore[arg-type]


def test_a_change_of_text_is_told_and_a_first_look_is_not() -> None:
    """Without questions any difference counts; the first look is silent."""
    told = verdict(watch(), State.CHANGED, [ADDED, MOVED], [], Memory())
    assert told.alert and told.summary == "Added: “new”"
    assert not verdict(watch(), State.NEW, [ADDED], [], Memory()).alert


def test_a_look_at_the_same_page_is_no_first_look() -> None:
    """A trial of a watch whose page did not change says that, whatever its condition."""
    asked = watch(questions=(PRICE,), when="price < 50")
    told = verdict(asked, State.UNCHANGED, [], [], Memory())
    assert (told.alert, told.reason) == (False, "nothing changed")


def test_only_added_and_only_removed() -> None:
    """The other direction is stored with its reason and not told."""
    only = watch(only="added")
    assert told_of(only, [ADDED, REMOVED, MOVED]) == (ADDED,)
    silent = verdict(only, State.CHANGED, [REMOVED], [], Memory())
    assert (silent.alert, silent.reason, silent.changes) == (False, "nothing was added", (REMOVED,))


def test_a_condition_is_told_on_its_edge() -> None:
    """It tells when it begins to hold, not while it holds, and again after it had ceased to."""
    asked = watch(questions=(PRICE,), when="price < 50")
    memory = Memory()
    alerts = []
    for now, before in (("60", None), ("45", "60"), ("44", "45"), ("60", "44"), ("45", "60")):
        state = State.NEW if before is None else State.CHANGED
        told = verdict(asked, state, [ADDED], [price(now, before)], memory)
        memory = remembered(memory, told.answers, told.holds)
        alerts.append(told.alert)
    assert alerts == [False, True, False, False, True]


@pytest.mark.parametrize("status", [AnswerStatus.UNKNOWN, AnswerStatus.INVALID])
def test_unknown_never_flips_a_state(status: AnswerStatus) -> None:
    """A look at which the price could not be told neither tells nor forgets; the next edge is real."""
    asked = watch(questions=(PRICE,), when="price < 50")
    memory = remembered(Memory(holds=True), [price("45", None)], True)
    told = verdict(asked, State.CHANGED, [ADDED], [price(None, "45", status)], memory)
    assert (told.alert, told.holds) == (False, True)
    after = remembered(memory, told.answers, told.holds)
    assert after == memory
    assert not verdict(asked, State.CHANGED, [ADDED], [price("44", "45")], after).alert


def test_a_condition_that_holds_from_the_first_look_on_is_told_at_no_edge() -> None:
    """The first look is silent, and there is no edge until it ceases to hold."""
    asked = watch(questions=(PRICE,), when="price < 50")
    told = verdict(asked, State.NEW, [], [price("45", None)], Memory())
    assert (told.alert, told.holds) == (False, True)


def test_questions_without_a_condition_tell_of_new_answers() -> None:
    """Another text with the same answer is stored, not told."""
    asked = watch(questions=(PRICE,))
    assert verdict(asked, State.CHANGED, [ADDED], [price("45", "60")], Memory()).alert
    same = verdict(asked, State.CHANGED, [ADDED], [price("45", "45")], Memory())
    assert (same.alert, same.reason) == (False, "no answer changed")
    first = verdict(asked, State.CHANGED, [ADDED], [price("45", None)], Memory())
    assert not first.alert


def test_what_a_change_is_about() -> None:
    """What is not about it is no alert, and is kept; where it could not be judged, the alert goes out."""
    asked = watch(about="the refund terms")
    other = Hunk("We pay within 30 days.", "We pay within 14 days.", "changed", "Refunds")
    silent = verdict(asked, State.CHANGED, [ADDED], [], Memory(), ruling=Ruling((False,)))
    assert (silent.alert, silent.judged, silent.changes) == (False, True, (ADDED,))
    told = verdict(asked, State.CHANGED, [ADDED, other], [], Memory(), ruling=Ruling((False, True)))
    assert told.alert and told.judged and told.summary.startswith("“30” became “14”")
    assert told.changes == (ADDED, other)
    unsure = verdict(asked, State.CHANGED, [ADDED], [], Memory(), ruling=Ruling((None,)))
    assert (unsure.alert, unsure.judged) == (True, False)
    unjudged = verdict(asked, State.CHANGED, [ADDED], [], Memory(), ruling=None)
    assert (unjudged.alert, unjudged.judged) == (True, False)


def test_another_question_has_no_history() -> None:
    """Changing the question or its type forgets the previous value."""
    memory = remembered(Memory(), [price("45", None)], None)
    assert question_key(PRICE) in memory.values
    assert question_key(replace(PRICE, kind=ValueKind.NUMBER)) not in memory.values
    assert question_key(replace(PRICE, name="cost")) in memory.values
