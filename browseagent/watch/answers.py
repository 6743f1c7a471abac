"""From an answer to a typed one: found, absent, unknown or invalid. Pure."""

from __future__ import annotations

from datetime import date

from browseagent.answer.typed.values import value_of
from browseagent.records import Answer
from browseagent.watch.records import AnswerStatus, Question, StandingAnswer, Value

ABSENT = 0.25
"""Confidence below which a page that gave no answer is taken not to hold one; above it, it is unknown
whether it does."""


def standing_answer(
    question: Question, answer: Answer, previous: Value | None, *, language: str, today: date
) -> StandingAnswer:
    """What an answer means for a standing question. Every value stands in the quote that proves it."""

    def say(
        status: AnswerStatus, value: Value | None = None, quote_at: int | None = None, reason: str = ""
    ) -> StandingAnswer:
        quote = answer.quotes[quote_at] if quote_at is not None else None
        return StandingAnswer(question, status, value, previous, quote, reason)

    if answer.error is not None:
        return say(AnswerStatus.UNKNOWN, reason=answer.error.message)
    if answer.status != "answered":
        absent = answer.confidence < ABSENT
        status = AnswerStatus.ABSENT if absent else AnswerStatus.UNKNOWN
        return say(status, reason="the page does not say" if absent else "no answer was sure enough")
    quote = answer.quotes[0]
    words = answer.text if answer.text in quote.text else ""
    value = value_of(question, words, quote.text, language=language, today=today)
    if value is None:
        return say(AnswerStatus.INVALID, quote_at=0, reason=f"these words are no {question.kind}")
    return say(AnswerStatus.FOUND, value, 0)
