"""A question as words, and what these words ask to be done: counted, ordered, compared, looked up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from browseagent.answer.lexical import STOP_WORDS
from browseagent.answer.question import Question
from browseagent.answer.tables import vocabulary
from browseagent.answer.tables.cells import Dated, dates_in, folded, seconds_of, sort_key, spans
from browseagent.answer.values import CARDINALS, ORDINALS, amounts
from browseagent.answer.values.measures import Unit, measures

_FORMS = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("how many", r"\bhow many\b|\bnumber of\b|\bcount of\b|\btotal (?:count|amount) of\b"),
        ("how long", r"\bhow ?long\b"),
        ("how big", r"\bhow (?:far|tall|high|old|heavy|fast|deep|wide|big|large)\b"),
        ("how much", r"\bhow (?:much|expensive)\b"),
        ("when", r"\bwhen\b|\b(?:what|which) (?:year|date|day|season|month|time)s?\b"),
        ("who", r"\bwho(?:m|se)?\b"),
        ("where", r"\bwhere\b"),
        ("yes or no", r"^(?:is|are|was|were|did|does|do|has|have|had|can|could)\b"),
        ("which", r"\b(?:which|what)\b|\bname (?:the|a|an|one|another)\b|\b(?:tell|give|list|find)\b"),
    )
)  # fmt: skip
_WAYS = "more|less|fewer|longer|higher|taller|older|faster|cheaper|heavier"
_TRIGGERS = {
    name: re.compile(rf"\b(?:{pattern})\b")
    for name, pattern in {
        "difference": rf"difference|how (?:many|much) (?:{_WAYS})|margin|by how (?:many|much)|separates?",
        "sum": "total|combined|altogether|sum|in all|overall|together",
        "average": "average|mean",
        "next": "next|after|following|follows|followed|below|succeeded|behind",
        "previous": "previous|before|prior|preceding|preceded|above|ahead of",
        "not": "not|no|without|never|none|neither|nor|other|besides?|except|excluding|else",
        "or": "or",
        "different": "different|distinct|unique|separate|kinds?|types?",
        "count": "how many|number of|total|times|count",
    }.items()
}
_FOCUS = re.compile(
    r"\b(?:which|what|how (?:many|much)|whose|number of|name (?:an?|one|(?:of )?the)|list (?:all )?the)\b"
)
_LOOSE_FOCUS = re.compile(r"^|\b(?:other|only|next|previous|last|first)\b")
"""What stands where a question has no question word ("last home opponent of the season")."""
_FOCUS_WORDS = 4
_OF_TWO = frozenset(("two", "both", "pair", "which"))
"""Words with which a comparative is a superlative: of two that are all there are."""
_ENDS = STOP_WORDS - {"my", "your", "you", "me", "him", "her", "his"} | {"most", "least"}
"""Words that are no part of what is asked for, and end it."""
_TIMES = re.compile(r"(?<![\d:])\d{1,3}:\d\d(?::\d\d)?(?:\.\d+)?(?:\s?[ap]\.?m\b)?|\b\d{1,2}\s?[ap]\.?m\b|"
                    r"\b\d+(?:\.\d+)? (?:hours?|minutes?|mins?|seconds?)\b")  # fmt: skip
_SPELT = {**CARDINALS, **ORDINALS, "once": 1, "twice": 2, "single": 1}
_GREATER = "more|greater|higher|larger|longer|bigger|taller|heavier|older|faster|later|better"
_FEWER = "less|fewer|lower|smaller|shorter|lighter|younger|slower|earlier|worse|cheaper"
_BOUNDS = tuple(
    (sign, re.compile(rf"\b(?:{pattern})\s+(?:the |an? |about |year |of ){{0,2}}$"))
    for sign, pattern in (
        (">=", "at least|no (?:less|fewer|lower) than|not less than|minimum of|since|starting (?:in|from)"),
        ("<=", "at most|no (?:more|greater|higher) than|not more than|up to|maximum of|within|until|through"),
        (">", rf"(?:{_GREATER}) than|over|above|exceed(?:s|ed|ing)?|past|upwards of|beyond|after|following"),
        ("<", rf"(?:{_FEWER}) than|under|below|beneath|before|prior to|preceding"),
    )
)
_AFTER = (
    (">=", re.compile(rf"(?:\s\w+){{0,2}}?\s(?:or (?:{_GREATER}|above|over)|and (?:over|above|up)|plus)\b")),
    ("<=", re.compile(rf"(?:\s\w+){{0,2}}?\s(?:or (?:{_FEWER}|under|below)|and (?:under|below))\b")),
)
_BETWEEN = re.compile(r"\b(?:between|from)\s+(?:the )?$")
_JOIN = re.compile(r"^\s*(?:\w+ )?(?:and|to|-|–|until|through)\s+(?:the )?$")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number, a length of time or a date in a question and the words (a mask) that it was read from."""

    number: float
    words: int
    start: int
    end: int
    ordinal: bool = False
    seconds: bool = False
    """Whether it is a length or time of day in seconds."""
    spelt: bool = False
    when: Dated | None = None
    """A date, a month, a year or a span of years."""
    unit: Unit | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """ "More than 5", "before 2004", "between 10 and 20". Bounds are both numbers, seconds or dates."""

    sign: str
    """<, <=, >, >= or between."""
    low: Quantity
    high: Quantity
    words: int


@dataclass(frozen=True, slots=True, eq=False)
class TableQuestion:
    """What tables are asked: the words of a question and what was found in them. Masks are over its words;
    one object a question, so that what is worked out for it can be kept by identity."""

    words: tuple[str, ...]
    stems: tuple[str, ...]
    form: str
    """how many, how long, how big, how much, when, who, where, yes or no, which; or "other"."""
    triggers: Mapping[str, int]
    """What is asked to be done, and the words that say so."""
    focus: tuple[int, ...]
    """Words that say what is asked for ("which *team*"), nearest to the question word first."""
    content: int
    """Words that say what it is about."""
    orderings: tuple[tuple[int, str], ...]
    """Superlatives, and comparatives in their place where two are all that there are: (word, class)."""
    comparatives: tuple[tuple[int, str], ...]
    quantities: tuple[Quantity, ...]
    moments: tuple[Quantity, ...]
    comparisons: tuple[Comparison, ...]
    names: frozenset[str]
    """Stems of names and numbers in it."""

    def said(self, *triggers: str) -> int:
        """The words behind some triggers."""
        mask = 0
        for trigger in triggers:
            mask |= self.triggers.get(trigger, 0)
        return mask


Offsets = list[tuple[int, int]]


@lru_cache(maxsize=256)
def parse_question(question: Question) -> TableQuestion:
    """What a question asks of tables."""
    plain, placed = folded(question.words), spans(question.words)
    words = tuple(word for word, _, _ in placed)
    stems = tuple(vocabulary.root(word) for word in words)
    offsets = [(start, end) for _, start, end in placed]
    form = next((name for name, pattern in _FORMS if pattern.search(plain)), "other")
    triggers: dict[str, int] = {}
    for name, pattern in _TRIGGERS.items():
        for match in pattern.finditer(plain):
            triggers[name] = triggers.get(name, 0) | _mask(offsets, *match.span())
    content = sum(
        1 << index
        for index, (word, one) in enumerate(zip(words, stems, strict=True))
        if word not in STOP_WORDS and one not in vocabulary.OPERATORS and len(word) > (not word.isdigit())
    )
    found = [*_quantities(plain, offsets), *_moments(plain, offsets)]
    lasts = form == "how long" or "did" in words  # "how long did it last"
    orderings = tuple(_orderings(words, lasts))
    comparatives = tuple(
        (i, vocabulary.COMPARING[w]) for i, w in enumerate(words) if w in vocabulary.COMPARING
    )
    if not orderings and not _OF_TWO.isdisjoint(words) and "than" not in words:
        orderings = comparatives  # "the cheaper of the two"
    return TableQuestion(
        words,
        stems,
        form,
        triggers,
        _focus(plain, offsets, words),
        content,
        orderings,
        comparatives,
        tuple(each for each in found if each.when is None),
        tuple(each for each in found if each.when is not None),
        tuple(_comparisons(plain, offsets, sorted(found, key=lambda each: each.start))),
        frozenset(map(vocabulary.root, question.names)),
    )


def _orderings(words: tuple[str, ...], lasts: bool) -> Iterator[tuple[int, str]]:
    """The superlatives: what "most" and "least" grade ("least expensive", "most recent") is one with them."""
    for i, word in enumerate(words):
        graded = vocabulary.GRADED.get(words[i + 1]) if i + 1 < len(words) else None
        if word in ("most", "least") and graded:
            yield i, graded if word == "most" else vocabulary.OPPOSITE[graded]
        elif i and words[i - 1] in ("most", "least") and word in vocabulary.GRADED:
            continue
        elif word == "number" and words[i + 1 : i + 2] in (("one",), ("1",)):
            yield i, "best"
        elif (name := vocabulary.superlative(word)) and not (
            word == "last" and lasts and i == len(words) - 1
        ):
            yield i, name


def _mask(offsets: Offsets, start: int, end: int) -> int:
    return sum(1 << i for i, (left, right) in enumerate(offsets) if left < end and right > start)


def _focus(plain: str, offsets: Offsets, words: tuple[str, ...]) -> tuple[int, ...]:
    """The noun phrase after the question word: up to four words, ended by a verb or preposition."""
    best: list[int] = []
    matches = list(_FOCUS.finditer(plain))
    if not matches and not re.search(r"\b(who|whom|when|where|how)\b", plain):
        matches = list(_LOOSE_FOCUS.finditer(plain))
    for match in matches:
        start = next((i for i, (left, _) in enumerate(offsets) if left >= match.end()), len(words))
        taken: list[int] = []
        for index in range(start, min(start + _FOCUS_WORDS, len(words))):
            if words[index] in _ENDS:
                if taken:
                    break
                continue
            taken.append(index)
        best += [index for index in taken if index not in best]
    return tuple(best)


def _quantities(plain: str, offsets: Offsets) -> Iterator[Quantity]:
    """The numbers of a folded question, in digits or in words."""
    taken = 0
    for match in _TIMES.finditer(plain):
        seconds = seconds_of(match.group())
        if seconds is not None:
            mask = _mask(offsets, *match.span())
            yield Quantity(seconds, mask, *match.span(), seconds=True)
            taken |= mask if ":" in match.group() else 0
    measured = measures(plain, "en")
    for amount in amounts(plain, "en"):
        mask = _mask(offsets, amount.start, amount.end)
        if amount.number is not None and not mask & taken:
            ordinal = plain[amount.end : amount.end + 2] in ("st", "nd", "rd", "th")
            unit = next((each.unit for each in measured if each.start <= amount.start < each.end), None)
            number = abs(float(amount.number))
            yield Quantity(number, mask, amount.start, amount.end, ordinal, unit=unit)
    for match in re.finditer(r"[a-z]+", plain):
        if (spelt := _SPELT.get(match.group())) is not None:
            mask, ordinal = _mask(offsets, *match.span()), match.group() in ORDINALS
            yield Quantity(float(spelt), mask, *match.span(), ordinal, spelt=True)


def _moments(plain: str, offsets: Offsets) -> Iterator[Quantity]:
    for one in dates_in(plain):
        yield Quantity(sort_key(one.date), _mask(offsets, one.start, one.end), one.start, one.end, when=one)


def _comparisons(plain: str, offsets: Offsets, bounds: list[Quantity]) -> Iterator[Comparison]:
    """What the question compares with a number or a date of its own."""
    for low in bounds:
        before = plain[: low.start].rstrip("$€£ ") + " "
        if _BETWEEN.search(before):
            for high in bounds:
                between = plain[low.end : high.start].rstrip("$€£") + " "
                if (
                    high.start >= low.end
                    and (low.when is None) == (high.when is None)
                    and _JOIN.match(between)
                ):
                    yield Comparison("between", low, high, _mask(offsets, low.start, high.end))
                    break
        for sign, pattern in _BOUNDS:
            if match := pattern.search(before):
                yield Comparison(sign, low, low, _mask(offsets, match.start(), low.end))
                break
        for sign, pattern in _AFTER:
            if match := pattern.match(plain, low.end):
                yield Comparison(sign, low, low, _mask(offsets, low.start, match.end()))
                break
