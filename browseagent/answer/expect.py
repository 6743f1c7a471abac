"""What would be an answer of each kind: its form, and where words of that form stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from browseagent.answer.lexical import terms
from browseagent.answer.question import Kind, Question, figures
from browseagent.answer.quotes import block_at
from browseagent.answer.values import NUMERAL, amounts, days, measures, unit_pattern, weekdays
from browseagent.read.labels import PRICE
from browseagent.records import Document

VALUES = (Kind.MONEY, Kind.DATE, Kind.DURATION, Kind.MEASURE, Kind.NUMBER)
"""Kinds that a number tells."""
SURE = 0.7
"""Probability of a kind from which on an answer must have its form. Of 7,129 questions on sites never seen,
where a value was that sure, 98 % of the prices were money and 97 % or more of the others held a number."""
NAME = re.compile(
    r"\b[A-Z][\w’'.&-]*(?:\s+(?:(?:of|the|de|la|le|von|van|der|del|di|du|and|for|&)\s+){0,2}[A-Z0-9][\w’'.&-]*)*"
)
_NUMBER = re.compile(rf"\d[\d.,]*\d|\d|\b(?:{NUMERAL}|thirds?|once|several)\b", re.I)
_TIME = re.compile(
    r"\b(?:1\d|20)\d{2}s?\b(?:\s?[–-]\s?(?:1\d|20)?\d{2}\b)?"
    r"|\b(?:\d{1,2}(?:st|nd|rd|th)|first|second|third)(?: and \w+)? centur(?:y|ies)(?:\s+(?:BC|AD|BCE|CE))?"
    r"|\b\d{1,2}(?::\d{2})?\s?(?:am|pm|a\.m\.|p\.m\.)|\b\d{1,2}:\d{2}\b|\b\d{1,2}/\d{1,2}/\d{2}\b",
    re.I,
)
_SMALL = re.compile(r"(?<!\w)\d(?:[\d.,]*\d)?\s?(?:pence|cents?)\b|\bfree(?: of charge)?\b", re.I)
"""Money without the mark of a currency, or that there is none to pay."""


def places(kind: Kind, text: str, language: str = "en") -> Iterator[tuple[int, int]]:
    """Where words of a kind stand in a text, in no order; of a kind without a form of its own nowhere."""
    if kind is Kind.MONEY:
        yield from ((each.start, each.end) for each in amounts(text, language) if each.marked)
        yield from (match.span() for match in _SMALL.finditer(text))
    elif kind is Kind.DATE:
        named = [(each.start, each.end) for each in days(text, language)]
        yield from named
        for pattern in (_TIME, _weekday(language)):
            for match in pattern.finditer(text):
                if not any(start < match.end() and match.start() < end for start, end in named):
                    yield match.span()
    elif kind is Kind.DURATION:
        lasting = (each for each in measures(text, language) if each.unit.dimension in ("time", "months"))
        yield from ((each.start, each.end) for each in lasting)
    elif kind is Kind.MEASURE:
        yield from ((each.start, each.end) for each in measures(text, language))
    elif kind is Kind.NUMBER:
        yield from (match.span() for match in _NUMBER.finditer(text))
    elif kind is Kind.NAME:
        yield from (match.span() for match in NAME.finditer(text))


def holds(kind: Kind, text: str) -> bool:
    """Whether a text holds words of a kind; every text holds those of a kind without a form of its own."""
    if kind is Kind.NAME:
        # The first word is capital in any sentence; a name is a capital further in.
        return any(start > 0 or " " in text[start:end] for start, end in places(kind, text))
    return kind not in VALUES or any(True for _ in places(kind, text))


def fits(kind: Kind, words: str) -> bool:
    """Whether words that are an answer have the form of its kind; never of a kind without one."""
    return words[:1].isupper() if kind is Kind.NAME else kind in VALUES and holds(kind, words)


def may_answer(question: Question, words: str) -> bool:
    """Whether words can be the answer by their form: a price is money, and whatever else a number tells
    holds one, or a length of time. Where the kind is not sure anything can be."""
    if question.kind not in VALUES or question.kind_probability < SURE:
        return True
    if question.kind is Kind.MONEY:
        return holds(Kind.MONEY, words)
    told = holds(Kind.NUMBER, words) or holds(question.kind, words)
    return told or any(pattern.search(words) for pattern in (_AMOUNT, _one_unit()))


def is_priced(question: Question, document: Document, start: int) -> bool:
    """Whether a price is asked for and one begins at an offset, as the markup of a number alone says."""
    block = block_at(document, start) if question.kind is Kind.MONEY else None
    return block is not None and any(each.at == start and each.words == PRICE for each in block.labels)


def as_wide(question: Question, words: str, after: str = "") -> str:
    """An answer's words without what the question does not ask for: of "ten weeks from 3 March" the ten
    weeks, where one length of time or measure stands before the rest; of "618 letters, 371" the number that
    is told of what is counted. ``after``: what follows the words where they stand."""
    if question.counted:
        return _as_counted(question, words, after)
    asks = question.kind in (Kind.DURATION, Kind.MEASURE) or _OFTEN.match(question.words) is not None
    told = list(places(Kind.MEASURE, words)) if asks else []
    rest = words[told[0][1] :] if len(told) == 1 else ""
    return words[: told[0][1]] if _MORE.match(rest) else words


def _as_counted(question: Question, words: str, after: str) -> str:
    """Of several counts the one whose words hold most of the question's, where one does; of "46 cast-iron",
    with the columns that are counted behind it, the number. Of 1,930 answers to how many that people marked
    none holds two counts."""
    first = _NUMBER.match(words)
    follows = terms(" ".join(after.split()[:1]))
    if first and first[0] != words and follows and follows == terms(question.counted):
        return first[0]
    counts = _NEXT_COUNT.split(words)
    if len(counts) < 2 or not all(map(_NUMBER.search, counts)):
        return words
    told = [*counts[:-1], counts[-1] + after.partition(",")[0]]
    shared = [len(question.subject.intersection(terms(each))) for each in told]
    most = max(shared)
    return counts[shared.index(most)] if shared.count(most) == 1 else words


_NEXT_COUNT = re.compile(r"[,;]\s+(?=(?:and\s+)?(?:\d|\w+\s+of\s+them))")
_OFTEN = re.compile(r"\W*how (?:often|frequent)", re.I)
_MORE = re.compile(r"[,;(]|\s+(?:from|between|until|since|during|starting|beginning|on|at|in|for)\b", re.I)
"""What begins another matter after a measure."""


def is_about(question: Question, documents: Iterable[Document]) -> bool:
    """Whether some pages may be about what is asked: a number in the question ("model 33") stands on them, or
    begins a version ("5.0" of 5.0.2). Of what may be done or is so, nothing is said: "is it
    free over 40 pounds" need not name 40.

    Of 308 questions with a number that their page answers, this denies 3, and 16 of 188 that it does not.
    """
    if question.kind in (Kind.YES_NO, Kind.STEPS, Kind.LIST) or not question.numbers:
        return True
    there: set[str] = set()
    for page in documents:
        texts = (page.text, page.title, page.url, *page.omitted, *(link.text for link in page.links))
        there.update(*map(figures, texts))
    versions = [each for each in there if each.count(".") > 1]
    return all(
        each in there or any(version.startswith(f"{each}.") for version in versions)
        for each in question.numbers
    )


_AMOUNT = re.compile(
    r"\b(?:few|couple|pair|hundreds|thousands|millions|dozens|none|no|all|most|nothing|nobody|free)\b"
    r"|[〇一二三四五六七八九十百千万亿两半]",
    re.I,
)
"""What tells an amount without a number."""


@lru_cache(maxsize=1)
def _one_unit() -> re.Pattern[str]:
    """ "An hour"."""
    return re.compile(rf"\ban?{unit_pattern('en').pattern}", re.I)


@lru_cache(maxsize=8)
def _weekday(language: str) -> re.Pattern[str]:
    named = sorted(weekdays(language), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(each.capitalize() for each in named if len(each) > 2)})s?(?!\w)")
