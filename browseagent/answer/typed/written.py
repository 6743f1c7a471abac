"""Values as a model that writes finds them, all of one schema in one call.

The model is given numbered passages and a numbered list of values, and replies for each with words and the
number of their passage, or with null. Words that do not stand in that passage are nothing. Which value they
are is not the model's to say: it is read from the page's words (:mod:`~browseagent.answer.typed.convert`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from browseagent.answer.claims import clauses, denials, orders
from browseagent.answer.excerpts import Excerpt
from browseagent.answer.lexical import terms as content_terms
from browseagent.answer.passages import Unit, quote_of
from browseagent.answer.question import Question
from browseagent.answer.quotes import find_folded
from browseagent.answer.replies import values_reply, values_schema
from browseagent.answer.retrieval import excerpts_for
from browseagent.answer.shown import EDGES, Claimed, fenced, inside_word, mark_of
from browseagent.answer.typed.records import Fields, Leaf, Many, Rows, ValueKind, Wanted
from browseagent.answer.writing import PASSAGES, TOKENS, UNMEASURED, Asked, Terms
from browseagent.model.port import Message, Writer
from browseagent.model.prompts import load_prompt
from browseagent.records import Answer, Answered, Document, ModelInfo, NotFound

Part = Leaf | Many
_HINTS = {
    ValueKind.MONEY: "an amount of money",
    ValueKind.NUMBER: "a number",
    ValueKind.DATE: "a date",
    ValueKind.BOOLEAN: "the words that say whether it is so",
}


def parts_asked(wanted: Wanted, questions: Sequence[Question]) -> dict[Question, Part]:
    """What each of some questions asks for, once each, in their order."""
    parts = {part.question: part for part in _parts(wanted)}
    return {question: parts[question] for question in questions}


def _parts(wanted: Wanted) -> Iterator[Part]:
    if isinstance(wanted, Fields):
        for _, member in wanted.members:
            yield from _parts(member)
    elif isinstance(wanted, Many) and isinstance(wanted.item, Fields):
        yield from _parts(wanted.item)
    elif not isinstance(wanted, Rows):
        yield wanted


@dataclass(frozen=True, slots=True)
class WrittenValues:
    """What came of asking a model for values."""

    answers: Mapping[Question, Answer]
    """To each question."""
    dropped: tuple[Question, ...]
    """The questions for which it gave words that do not stand where it said, or that count for nothing."""
    info: ModelInfo


async def written_values(
    asked: Mapping[Question, Part], documents: Sequence[Document], writer: Writer, terms: Terms
) -> WrittenValues:
    """What a model gives for each question, as far as the pages do. Raises
    :class:`~browseagent.errors.ModelError`."""
    passages = excerpts_for(tuple(asked), documents, PASSAGES, TOKENS)
    if not passages:
        return WrittenValues(
            {question: NotFound(question=question.words) for question in asked}, (), writer.info
        )
    call = Asked(writer, terms, values_schema(len(asked)), ("writer-values",))
    mark = mark_of(passages)
    listed = [
        f"{n}. {_line(question.words, part)}" for n, (question, part) in enumerate(asked.items(), start=1)
    ]
    told = [
        Message("system", load_prompt("writer-values").render(mark=mark)),
        Message("user", "\n".join([fenced(passages, mark), "", "Values:", *listed])),
    ]
    claims = await call.once(told, partial(values_reply, count=len(asked)))
    answers: dict[Question, Answer] = {}
    dropped: list[Question] = []
    for (question, part), claim in zip(asked.items(), claims, strict=True):
        found = _believed(question, part, claim, passages, terms) if claim is not None else None
        answers[question] = found or NotFound(question=question.words)
        if claim is not None and found is None:
            dropped.append(question)
    if dropped:
        call.note = f"of the values that the model gave, {len(dropped)} did not stand where it said"
    return WrittenValues(answers, tuple(dropped), call.info())


def _line(question: str, part: Part) -> str:
    """What is asked for, and in what form."""
    if isinstance(part, Many):
        hint = "the words that list them"
    elif part.choices:
        hint = f"the words that say which: {', '.join(part.choices)}"
    else:
        hint = _HINTS.get(part.kind, "")
    return f"{question} ({hint})" if hint else question


def _believed(
    question: Question, part: Part, claim: Claimed, passages: Sequence[Excerpt], terms: Terms
) -> Answer | None:
    """The answer of words that stand in the passage that was named; None where they do not, where they are
    an order to a model, or where the page denies what they choose."""
    if not 1 <= claim.passage <= len(passages):
        return None
    about = set(content_terms(question.words))
    places = list(_places(passages[claim.passage - 1], claim.text.strip(EDGES)))
    if not places:
        return None
    # Of several places the one whose sentence or row has most of the question.
    unit, start, end = max(places, key=lambda place: len(about & set(content_terms(place[0].reading))))
    words = unit.passage.document.text[start:end]
    if orders(unit.text) or (
        isinstance(part, Leaf) and part.kind is ValueKind.CHOICE and _denied(unit, words)
    ):
        return None
    confidence = UNMEASURED if terms.precision is None else terms.precision
    return Answered(question=question.words, answer=words, support=(quote_of(unit),), confidence=confidence)


def _places(passage: Excerpt, text: str) -> Iterator[tuple[Unit, int, int]]:
    """Where words stand in a passage: their sentence or row, and their span of the document. The names of
    columns, which a row is shown with, are no part of it."""
    at = 0
    while (span := find_folded(passage.text[at:], text)) is not None:
        start, end = at + span[0], at + span[1]
        at = end
        if inside_word(passage.text, start, end):
            continue
        pieces = [piece for piece in passage.pieces if piece.at < end and start < piece.at + piece.length]
        if not pieces:
            continue
        first, last = pieces[0], pieces[-1]
        unit = passage.unit_at(first.start)
        if unit is not None and unit is passage.unit_at(last.start):
            begin = first.start + max(0, start - first.at)
            yield unit, begin, last.start + min(last.length, end - last.at)


def _denied(unit: Unit, words: str) -> bool:
    """Whether the clause that words stand in denies something that they do not: "is not open"."""
    return any(words in clause and denials(clause) > denials(words) for clause in clauses(unit.text))
