"""Whether anybody is to be told of a look that is new or changed, and why (not). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from browseagent.records import Document, Hunk, Outcome, Page
from browseagent.watch.judge import THIS_LOOK, Baseline, Memory, Weighed, other_language
from browseagent.watch.predicate import evaluate, parse
from browseagent.watch.records import AnswerStatus, Question, StandingAnswer, State, Verdict, Watch
from browseagent.watch.ruling import Ruling, proved
from browseagent.watch.worddiff import summary_of


def told_by_answers(
    page: Page, document: Document, key: str, watch: Watch, answers: Sequence[StandingAnswer], memory: Memory
) -> Weighed | None:
    """A look whose text is as it was, but for noise, as a change: where a standing question has another
    answer, or its condition begins or ends to hold. None where all is as it was."""
    known = memory.baseline
    if known is None or not answers:
        return None
    moved, _ = _new_values(answers)
    if watch.when is not None:
        alert, _, holds = _crossed(watch, answers, memory)
        moved = alert or holds != memory.holds
    now = Baseline(
        THIS_LOOK, document.language, len(document.text.split()), page.outcome is Outcome.TRUNCATED, (key,)
    )
    if not moved or other_language(known, now):
        return None
    return Weighed(State.CHANGED, replace(memory, baseline=now), against=known, keep=True)


def question_key(question: Question) -> str:
    """Under which a question's last value is remembered: another question has another history."""
    return f"{question.kind}|{'|'.join(question.choices)}|{question.text}"


def remembered(
    memory: Memory, answers: Sequence[StandingAnswer], holds: bool | None, snapshot: int | None = None
) -> Memory:
    """The memory after a verdict on a snapshot. What was not found leaves the last value as it was."""
    found = {question_key(each.question): each.value for each in answers if each.value is not None}
    valued = snapshot if found else memory.valued
    return replace(memory, values={**memory.values, **found}, holds=holds, valued=valued)


def as_read_now(watch: Watch, memory: Memory, answers: Sequence[StandingAnswer]) -> Memory:
    """The memory as it would be had the program of today read the last look: with the answers that it
    finds there (``previous``), and what the condition made of them."""
    known = memory.values
    then = {question_key(a.question): a.previous for a in answers if a.previous is not None}
    if all(known.get(key) == value for key, value in then.items()):
        return memory
    before = [replace(a, value=a.previous, status=AnswerStatus.FOUND) if a.previous else a for a in answers]
    holds = memory.holds if watch.when is None else _crossed(watch, before, memory)[2]
    return replace(memory, values={**known, **then}, holds=holds)


def verdict(
    watch: Watch,
    state: State,
    changes: Sequence[Hunk],
    answers: Sequence[StandingAnswer],
    memory: Memory,
    *,
    ruling: Ruling | None = None,
    note: str = "",
    failed: str = "",
) -> Verdict:
    """Whether a look that is new or changed is worth an alert.

    ``ruling`` is what a model says of :func:`told_of` the changes: None where it failed. ``note`` is what
    :func:`weigh` had to say. ``failed`` says why the questions could not be put to the model, time and
    again: then the plain change goes out.
    """
    told = told_of(watch, changes)
    relevant = _relevant(told, ruling) if watch.about is not None else None
    alert, reason = bool(told), "the text changed" if told else f"nothing was {watch.only}"
    if watch.questions and watch.when is None:
        alert, reason = _new_values(answers)
    holds = memory.holds
    if watch.when is not None:
        alert, reason, holds = _crossed(watch, answers, memory)
    judged = watch.about is None or relevant is not None or not alert
    if watch.about is not None and relevant is not None:
        told = tuple(relevant) or told
        if alert and not relevant:
            alert, reason = False, f"it is not about “{watch.about}”"
    if failed:
        alert, reason, judged = True, f"the questions could not be answered: {failed}", False
    claims = proved(ruling.claims, told) if ruling is not None else ()
    if state is State.NEW:
        alert, reason = False, "the first look is silent"
    if state is State.UNCHANGED:
        alert, reason = False, "nothing changed"
    return Verdict(
        state=state,
        changes=tuple(changes),
        answers=tuple(answers),
        summary=summary_of(told, answers, [claim.text for claim in claims]),
        alert=alert,
        reason=f"{reason}; {note}" if note else reason,
        judged=judged,
        holds=holds,
        told=told,
    )


def _relevant(told: Sequence[Hunk], ruling: Ruling | None) -> tuple[Hunk, ...] | None:
    """The changes that may matter; None where of none it can be said that it does, nor of all that they
    do not."""
    if ruling is None or (True not in ruling.matters and None in ruling.matters):
        return None
    return tuple(hunk for hunk, matters in zip(told, ruling.matters, strict=True) if matters is not False)


def told_of(watch: Watch, changes: Sequence[Hunk]) -> tuple[Hunk, ...]:
    """The differences that an alert tells of: no moves, no noise, and with ``only`` one direction."""
    kinds = {"added", "changed", "removed"}
    if watch.only is not None:
        kinds = {watch.only, "changed"}
    return tuple(hunk for hunk in changes if hunk.kind in kinds and not hunk.noise)


def _new_values(answers: Sequence[StandingAnswer]) -> tuple[bool, str]:
    for each in answers:
        if each.status is AnswerStatus.FOUND and each.previous is not None and each.value != each.previous:
            return True, f"the answer to “{each.question.text}” changed"
    return False, "no answer changed"


def _crossed(
    watch: Watch, answers: Sequence[StandingAnswer], memory: Memory
) -> tuple[bool, str, bool | None]:
    """An alert where the condition begins to hold; unknown leaves things as they were."""
    assert watch.when is not None
    now = evaluate(parse(watch.when, [question.name for question in watch.questions]), answers)
    if now is None:
        return False, f"it cannot be told whether {watch.when}", memory.holds
    if now and not memory.holds:
        return True, f"{watch.when} holds", True
    return False, f"{watch.when} held before" if now else f"{watch.when} does not hold", now
