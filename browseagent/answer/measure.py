"""What a model does with questions whose answers are known. SQuAD 2.0's measures (Rajpurkar et al., 2018)."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from browseagent.answer.training import plain_document
from browseagent.answer.word_f1 import best_f1
from browseagent.errors import UsageError
from browseagent.records import Answer, Document


@dataclass(frozen=True, slots=True)
class Case:
    """A question of a document."""

    question: str
    document: Document
    answers: tuple[str, ...]
    """What counts as right; empty where the document has no answer."""
    foreign: bool
    """Whether it was asked of another article altogether."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares, 0 to 1."""

    f1: float
    """Word F1 over the questions that have an answer, 0 where none was given."""
    answered: float
    f1_if_answered: float
    refused_foreign: float
    refused_unanswerable: float
    """Of questions that look as if the paragraph answered them."""
    calibration_error: float
    """Expected calibration error of the confidence in ten bins; right is an F1 of at least a half."""

    def as_text(self) -> str:
        """As a person reads them."""
        told = (
            ("F1 of words, questions with an answer", self.f1),
            ("  answered", self.answered),
            ("  F1 of words where answered", self.f1_if_answered),
            ("refused, of questions of another article", self.refused_foreign),
            ("refused, of questions that look answered", self.refused_unanswerable),
            ("confidence and the share that is right differ by", self.calibration_error),
        )
        return "\n".join(f"{words:<50}{100 * share:>5.1f}%" for words, share in told)


def cases_of(data: Mapping[str, Any], number: int, seed: int) -> list[Case]:
    """At most ``number`` questions each that have an answer, have none, and belong to another article.

    Raises :class:`UsageError` where the data is not in SQuAD's format, or of one article alone.
    """
    try:
        flat = [
            (article["title"], paragraph["context"], entry["question"], [a["text"] for a in entry["answers"]])
            for article in data["data"]
            for paragraph in article["paragraphs"]
            for entry in paragraph["qas"]
        ]
    except (KeyError, TypeError) as error:
        raise UsageError(f"this is not SQuAD's format: {error!r}") from error
    chance = random.Random(seed)
    yes, no = [each for each in flat if each[3]], [each for each in flat if not each[3]]
    if len({title for title, *_ in flat}) < 2 or not yes:
        raise UsageError("two articles with questions are needed at the least")
    chosen = chance.sample(yes, min(number, len(yes)))
    cases = [
        Case(question, plain_document(context, title), tuple(answers), False)
        for title, context, question, answers in [*chosen, *chance.sample(no, min(number, len(no)))]
    ]
    for title, _, question, _ in chosen:
        other = chance.choice([each for each in flat if each[0] != title])
        cases.append(Case(question, plain_document(other[1], other[0]), (), True))
    return cases


def figures(cases: Sequence[Case], answers: Sequence[Answer]) -> Figures:
    """The measures of some answers."""
    pairs = list(zip(cases, answers, strict=True))
    have = [(case, answer) for case, answer in pairs if case.answers]
    given = [best_f1(answer.text, case.answers) for case, answer in have if answer.status == "answered"]
    foreign = [answer for case, answer in pairs if case.foreign]
    fooling = [answer for case, answer in pairs if not case.answers and not case.foreign]
    judged = [(answer.confidence, best_f1(answer.text, case.answers) >= 0.5) for case, answer in pairs]
    return Figures(
        f1=sum(given) / max(1, len(have)),
        answered=len(given) / max(1, len(have)),
        f1_if_answered=sum(given) / max(1, len(given)),
        refused_foreign=_refused(foreign),
        refused_unanswerable=_refused(fooling),
        calibration_error=calibration_error(judged),
    )


def calibration_error(judged: Sequence[tuple[float, bool]]) -> float:
    """Expected calibration error (Guo et al., 2017): mean gap of confidence and share right, by tenth."""
    groups: dict[int, list[tuple[float, bool]]] = {}
    for confidence, right in judged:
        groups.setdefault(min(9, int(confidence * 10)), []).append((confidence, right))
    gaps = (abs(sum(confidence - right for confidence, right in group)) for group in groups.values())
    return sum(gaps) / max(1, len(judged))


def _refused(answers: Sequence[Answer]) -> float:
    return sum(answer.status == "not_found" for answer in answers) / max(1, len(answers))
