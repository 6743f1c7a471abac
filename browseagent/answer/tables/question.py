"""A question as words, and what these words ask to be done: counted, ordered, compared, looked up."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from browseagent.answer.lexical import STOP_WORDS
from browseagent.answer.tables import vocabulary
from browseagent.answer.tables.quantities import (
    Comparison,
    Moment,
    Quantity,
    comparisons,
    moments,
    quantities,
)
from browseagent.answer.tables.values import folded, spans

_FORMS = (
    (
        "how many",
        r"\bhow many\b|\b(total|the) number of\b|\bnumber of (times|people|\w+s)\b|^number of\b"
        r"|\bcount of\b|\bwhat number of\b|\bamount of times\b|\btotal (count|amount) of\b",
    ),
    ("how long", r"\bhow ?long\b"),
    (
        "how much",
        r"\bhow (much|far|tall|high|old|heavy|fast|deep|wide|big|large|expensive)\b|\bwhat percent",
    ),
    ("when", r"\bwhen\b|\b(what|which|in what|in which|on what) (year|date|day|season|month)s?\b"),
    ("who", r"\bwho(m|se)?\b"),
    ("where", r"\bwhere\b"),
    ("yes or no", r"^(is|are|was|were|did|does|do|has|have|had|can|could)\b"),
    ("which", r"\b(which|what)\b|\bname (the|a|an|one|another)\b|\b(tell|give|list|find)\b"),
)
_COMPILED = tuple((name, re.compile(pattern)) for name, pattern in _FORMS)

_TRIGGERS = {
    "difference": (
        r"\bdifference\b|\bhow (many|much) (more|less|fewer|longer|higher|taller|older|faster)\b|\bmargin\b"
        r"|\bby how (many|much)\b|\bseparates?\b|\bhow many \w+( \w+)? (above|below|ahead)\b"
    ),
    "sum": r"\b(total|combined|altogether|sum|in all|overall|together)\b",
    "average": r"\b(average|mean)\b",
    "next": r"\b(next|after|following|follows|followed|below|later than|succeeded|successor|behind|under)\b",
    "previous": r"\b(previous|before|prior|preceding|preceded|above|predecessor|ahead of|earlier than)\b",
    "same": r"\b(same|as many as|equal|shared?|tied|also|both|similar)\b",
    "other": r"\b(other than|besides?|except|another|other|aside from|apart from|excluding|else)\b",
    "not": r"\b(not|no|without|n't|never|none|neither|nor|non|excluding|didn|doesn|don)\b",
    "run": r"\b(consecutive(ly)?|in a row|straight|streak|successive)\b",
    "or": r"\bor\b",
    "and": r"\band\b",
    "only": r"\b(only|single|sole)\b",
    "different": r"\b(different|distinct|unique|separate|various|all of the|kinds?|types?)\b",
    "listed": r"\b(listed|list|table|chart|shown|appears?)\b",
    "often": r"\b(most|least|fewest|more|often|common|commonly|frequent|frequently|times|number of|count)\b",
    "compare": (
        r"\b(more|less|fewer|higher|lower|better|worse|longer|shorter|larger|smaller|greater|bigger|faster"
        r"|slower|earlier|later|older|younger|taller|heavier|first|last|before|after|above|below|most|least)\b"
    ),
    "ends": r"\b(first|last|top|bottom|final|initial|latest|earliest|begin|end)\b",
    "span": r"\b(how ?long|how many (years|days|months|weeks))\b",
}
_TRIGGERED = {name: re.compile(pattern) for name, pattern in _TRIGGERS.items()}
_FOCUS = re.compile(
    r"\b(?:which|what|how many|how much|whose|number of|amount of|name (?:the|a|an|one|of the)"
    r"|list (?:the|all the|all)|(?:tell|give) me (?:the|a)|find the)\b"
)
_LOOSE_FOCUS = re.compile(r"^|\b(?:other|only|next|previous|last|first)\b")
"""What stands where a question has no question word ("last home opponent of the season")."""
_FOCUS_WORDS = 4


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """The words of a question and what was found in them. Masks are over its words; one object a question,
    so that what is worked out for it can be kept by identity."""

    text: str
    words: tuple[str, ...]
    stems: tuple[str, ...]
    form: str
    """how many, how long, how much, when, who, where, yes or no, which; or "other"."""
    triggers: frozenset[str]
    focus: tuple[int, ...]
    """Words that say what is asked for ("which *team*"), nearest to the question word first."""
    content: int
    """Words that say what it is about."""
    orderings: tuple[tuple[int, str], ...]
    """Superlatives: (word, class)."""
    comparatives: tuple[tuple[int, str], ...]
    quantities: tuple[Quantity, ...]
    moments: tuple[Moment, ...]
    comparisons: tuple[Comparison, ...]
    trigger_words: Mapping[str, int]
    """For each trigger the words that it was read from."""


@lru_cache(maxsize=256)
def parse_question(text: str) -> Question:
    """The question, read."""
    plain = folded(text)
    placed = spans(text)
    words = tuple(word for word, _, _ in placed)
    stems = tuple(vocabulary.root(word) for word in words)
    offsets = [(start, end) for _, start, end in placed]
    form = next((name for name, pattern in _COMPILED if pattern.search(plain)), "other")
    found = {
        name: mask
        for name, pattern in _TRIGGERED.items()
        if (mask := _mask(offsets, [m.span() for m in pattern.finditer(plain)]))
    }
    numbers = quantities(plain, offsets)
    times = moments(plain, offsets)
    content = 0
    for index, (word, one) in enumerate(zip(words, stems, strict=True)):
        if word not in STOP_WORDS and one not in vocabulary.OPERATORS and len(word) > (not word.isdigit()):
            content |= 1 << index
    return Question(
        text,
        words,
        stems,
        form,
        frozenset(found),
        _focus(plain, offsets, words),
        content,
        tuple(
            (i, vocabulary.ORDERING[w])
            for i, w in enumerate(words)
            if w in vocabulary.ORDERING and not _is_verb(words, i, form)
        ),
        tuple((i, vocabulary.COMPARING[w]) for i, w in enumerate(words) if w in vocabulary.COMPARING),
        numbers,
        times,
        comparisons(plain, offsets, numbers, times),
        found,
    )


def _is_verb(words: tuple[str, ...], index: int, form: str) -> bool:
    """Whether "last" is a verb: "how long did it last"."""
    following = words[index + 1] if index + 1 < len(words) else ""
    return (
        words[index] == "last"
        and (form == "how long" or "did" in words[:index])
        and following in ("", "for", "than", "in")
    )


def _mask(offsets: list[tuple[int, int]], found: list[tuple[int, int]]) -> int:
    mask = 0
    for start, end in found:
        for index, (left, right) in enumerate(offsets):
            if left < end and right > start:
                mask |= 1 << index
    return mask


def _focus(plain: str, offsets: list[tuple[int, int]], words: tuple[str, ...]) -> tuple[int, ...]:
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


_ENDS = STOP_WORDS - {"my", "your", "you", "me", "him", "her", "his"} | {"most", "least"}
"""Words that are no part of what is asked for, and end it."""
