"""From a page and what a reader says of it to a typed answer: found, absent, unknown or invalid. Pure.

A standing question is filled as ``ask --type`` is: what the page's own structure gives comes first, and a
reader is asked only for the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from browseagent.answer.question import Question as AskedQuestion
from browseagent.answer.typed.fill import fill, questions
from browseagent.answer.typed.records import Leaf
from browseagent.answer.typed.schema import leaf_of
from browseagent.records import Answer, Document, Quote
from browseagent.watch.records import AnswerStatus, Question, StandingAnswer, Value, ValueKind

ABSENT = 0.25
"""Confidence below which a page that gave no answer is taken not to hold one; above it, it is unknown
whether it does."""


def asked_of(question: Question, document: Document, today: date) -> list[str]:
    """What a reader is to be asked for a standing question; empty where the page's structure tells."""
    if question.kind is ValueKind.TEXT:
        return [question.text]
    return [each.words for each in questions(_leaf(question), [document], today=today)]


def standing_answer(
    question: Question,
    document: Document,
    said: Mapping[str, Answer],
    previous: Value | None,
    *,
    today: date,
) -> StandingAnswer:
    """What a page means for a standing question; ``said`` are the answers to :func:`asked_of`. Every value
    stands in the quote that proves it."""

    def say(
        status: AnswerStatus, value: Value | None = None, quote: Quote | None = None, reason: str = ""
    ) -> StandingAnswer:
        return StandingAnswer(question, status, value, previous, quote, reason)

    for answer in said.values():
        if answer.error is not None:
            return say(AnswerStatus.UNKNOWN, reason=answer.error.message)
        if answer.status != "answered":
            absent = answer.confidence < ABSENT
            status = AnswerStatus.ABSENT if absent else AnswerStatus.UNKNOWN
            return say(status, reason="the page does not say" if absent else "no answer was sure enough")
    (leaf,) = fill(_leaf(question), [document], lambda asked: said[asked.words], today=today).leaves
    if leaf.typed is None:
        return say(AnswerStatus.INVALID, quote=leaf.quote, reason=f"these words are no {question.kind}")
    return say(AnswerStatus.FOUND, leaf.typed, leaf.quote)


def _leaf(question: Question) -> Leaf:
    return leaf_of(question.kind, question.choices, AskedQuestion.of(question.text))
