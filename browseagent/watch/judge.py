"""What a look at a page amounts to. Pure: no page is fetched here, no model asked, nothing stored.

First :func:`weigh` says whether what came back is the page at all: a wall, an error, a page that
shrank to nothing or is cut short is never a baseline and never a change. Then, for a page that
differs, :func:`verdict` says whether anybody is to be told, and why (not).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from browseagent.records import Document, Hunk, Outcome, Page
from browseagent.watch.predicate import evaluate, parse
from browseagent.watch.records import (
    AnswerStatus,
    Question,
    StandingAnswer,
    State,
    Value,
    Verdict,
    Watch,
)
from browseagent.watch.ruling import Ruling, proved
from browseagent.watch.summary import summary_of

_BLOCKED = {Outcome.BLOCKED, Outcome.LOGIN, Outcome.CONSENT, Outcome.ROBOTS, Outcome.POLICY}
_SHRUNK = 20
"""A page with less than a twentieth of its words left is blank for our purposes. Notices such as "This
position has been filled" on a page of a few hundred words are longer than that."""
_SETTLED = 3
"""Looks in a row in another language after which the page is taken to have changed its language. A page
that serves two languages by turns goes back before."""
_KEYS = 8
"""Forms of a text that are remembered to be the same text."""
THIS_LOOK = 0
"""Stands for the snapshot of this look, whose number the store gives."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """A good look that later ones are compared with."""

    snapshot: int
    language: str
    words: int
    truncated: bool
    keys: tuple[str, ...]
    """Hashes of the text as it is compared (:func:`~browseagent.watch.compare.text_key`), and of
    other readings that were found not to differ from it; the newest last."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What is remembered of a watch between two checks."""

    baseline: Baseline | None = None
    variants: tuple[Baseline, ...] = ()
    """The page in other languages, where it is served in several by turns."""
    elsewhere: int = 0
    """Looks in a row in another language than the baseline's."""
    values: Mapping[str, Value] = field(default_factory=dict)
    """The last value that was found for each question, by :func:`question_key`."""
    holds: bool | None = None
    """Whether the predicate held when that was last known."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a look is, and what is remembered after it."""

    state: State
    memory: Memory
    reason: str = ""
    against: Baseline | None = None
    """What to compare with, where the state is changed."""
    keep: bool = False
    """Whether the look is kept as a snapshot."""


def weigh(page: Page, document: Document | None, key: str, memory: Memory) -> Weighed:
    """What a look is. ``document`` is None where the page is not readable; ``key`` its text's hash.

    The state changed is provisional: :func:`settled` takes it back where a comparison finds nothing.
    """
    doubt = _doubt(page, document, memory)
    if doubt is not None:
        return Weighed(doubt[0], memory, doubt[1])
    assert document is not None
    now = Baseline(
        THIS_LOOK,
        document.language,
        len(document.text.split()),
        page.outcome is Outcome.TRUNCATED,
        (key,),
    )
    known = memory.baseline
    if known is None:
        return Weighed(State.NEW, replace(memory, baseline=now), keep=True)
    if _other_language(known, now):
        return _in_other_language(now, known, memory)
    memory = replace(memory, elsewhere=0)
    if key in known.keys:
        return Weighed(State.UNCHANGED, memory)
    return Weighed(State.CHANGED, replace(memory, baseline=now), against=known, keep=True)


def settled(weighed: Weighed, differences: Sequence[Hunk]) -> Weighed:
    """A provisional change after the comparison: blocks that only moved, or a reading that differs by
    nothing, leave the baseline where it is and are remembered as the same text."""
    if weighed.against is None or any(hunk.kind != "moved" for hunk in differences):
        return weighed
    known, memory = weighed.against, weighed.memory
    (new,) = [
        each
        for each in (memory.baseline, *memory.variants)
        if each is not None and each.snapshot == THIS_LOOK
    ]
    same = replace(known, keys=(*known.keys, *new.keys)[-_KEYS:])
    if memory.baseline is new:
        memory = replace(memory, baseline=same)
    else:
        memory = replace(memory, variants=tuple(same if v is new else v for v in memory.variants))
    reason = "blocks only changed places" if differences else ""
    return Weighed(State.UNCHANGED, memory, reason)


def told_by_answers(
    page: Page, document: Document, key: str, watch: Watch, answers: Sequence[StandingAnswer], memory: Memory
) -> Weighed | None:
    """A look whose text is as it was, as a change: where a standing question has another answer, or its
    condition begins or ends to hold. Noise is for :func:`weigh`, never for what was asked. None where all
    is as it was."""
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
    if not moved or _other_language(known, now):
        return None
    return Weighed(State.CHANGED, replace(memory, baseline=now), against=known, keep=True)


def numbered(memory: Memory, snapshot: int) -> Memory:
    """The memory with the snapshot's number in the place of THIS_LOOK."""

    def one(baseline: Baseline) -> Baseline:
        return replace(baseline, snapshot=snapshot) if baseline.snapshot == THIS_LOOK else baseline

    baseline = None if memory.baseline is None else one(memory.baseline)
    return replace(memory, baseline=baseline, variants=tuple(map(one, memory.variants)))


def _doubt(page: Page, document: Document | None, memory: Memory) -> tuple[State, str] | None:
    """Why what came back is not to be trusted, or None where it is the page."""
    said = page.reason or f"the page's outcome is {page.outcome}"
    if page.outcome in _BLOCKED:
        return State.BLOCKED, said
    if page.outcome is Outcome.EMPTY:
        return State.UNVERIFIED, said
    if not page.outcome.readable:
        return State.FAILED, said
    if document is None or not document.text.strip():
        return State.UNVERIFIED, f"no readable text was found at {page.url}"
    known = memory.baseline
    if known is None:
        return None
    words = len(document.text.split())
    if words * _SHRUNK < known.words:
        return State.UNVERIFIED, f"the page shrank from {known.words} words to {words}"
    if page.outcome is Outcome.TRUNCATED and not known.truncated:
        return State.UNVERIFIED, f"only part of the page came: {said}"
    return None


def _other_language(known: Baseline, now: Baseline) -> bool:
    a, b = (each.language.partition("-")[0].lower() for each in (known, now))
    return bool(a and b and a != b)


def _in_other_language(now: Baseline, known: Baseline, memory: Memory) -> Weighed:
    """A look in another language than the baseline's: compared with the last one in that language.

    The first one has nothing to be compared with; from the third in a row on the page is taken to
    have changed its language for good.
    """
    twin = next((each for each in memory.variants if not _other_language(each, now)), None)
    looks = memory.elsewhere + 1
    if looks >= _SETTLED:
        others = tuple(each for each in memory.variants if each is not twin)
        memory = replace(memory, baseline=now, variants=(*others, known), elsewhere=0)
        reason = f"the page is in {now.language} now, it was in {known.language}"
        return Weighed(State.CHANGED, memory, reason, against=known, keep=True)
    memory = replace(memory, elsewhere=looks)
    reason = f"the page came in {now.language} instead of {known.language}"
    if twin is None:
        memory = replace(memory, variants=(*memory.variants, now))
        return Weighed(State.UNVERIFIED, memory, reason, keep=True)
    if now.keys[0] in twin.keys:
        return Weighed(State.UNCHANGED, memory, reason)
    memory = replace(memory, variants=tuple(now if each is twin else each for each in memory.variants))
    return Weighed(State.CHANGED, memory, reason, against=twin, keep=True)


# --- whether anybody is to be told


def question_key(question: Question) -> str:
    """Under which a question's last value is remembered: another question has another history."""
    return f"{question.kind}|{'|'.join(question.choices)}|{question.text}"


def remembered(memory: Memory, answers: Sequence[StandingAnswer], holds: bool | None) -> Memory:
    """The memory after a verdict. What was not found leaves the last value as it was."""
    found = {question_key(each.question): each.value for each in answers if each.value is not None}
    return replace(memory, values={**memory.values, **found}, holds=holds)


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
    return Verdict(
        state=state,
        changes=tuple(changes),
        answers=tuple(answers),
        summary=summary_of(told, answers, [claim.text for claim in claims]),
        alert=alert,
        reason=f"{reason}; {note}" if note else reason,
        judged=judged,
        holds=holds,
    )


def _relevant(told: Sequence[Hunk], ruling: Ruling | None) -> tuple[Hunk, ...] | None:
    """The changes that may matter; None where of none it can be said that it does, nor of all that they
    do not."""
    if ruling is None or (True not in ruling.matters and None in ruling.matters):
        return None
    return tuple(hunk for hunk, matters in zip(told, ruling.matters, strict=True) if matters is not False)


def told_of(watch: Watch, changes: Sequence[Hunk]) -> tuple[Hunk, ...]:
    """The differences that an alert tells of: no moves, and with ``only`` one direction."""
    kinds = {"added", "changed", "removed"}
    if watch.only is not None:
        kinds = {watch.only, "changed"}
    return tuple(hunk for hunk in changes if hunk.kind in kinds)


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
