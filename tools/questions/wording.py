"""How a question is worded: as visitors word them, and not in the words of its answer's sentence."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_STOP = frozenset(
    "a an and any are as at be been by can could did do does for from get give had has have how i if in"  # noqa: SIM905
    " into is it its list many me much my of on or our should so some than that the their them there these"
    " they this those to up use us was we were what when where which who whose why will with would you"
    " your".split()
)
COPIED = 5
"""So many words in a row that also stand so in the answer's sentence are copied."""


def words(text: str) -> list[str]:
    """Words in lower case."""
    return [word.lower() for word in _WORD.findall(text)]


def content(text: str) -> set[str]:
    """The words that carry meaning, cut to their first six letters so that forms of a word meet."""
    return {word[:6] for word in words(text) if word not in _STOP}


def overlap(question: str, sentence: str) -> float:
    """Share of a question's content words that stand in a sentence."""
    asked = content(question)
    return len(asked & content(sentence)) / len(asked) if asked else 0.0


def copied(question: str, sentence: str, most: int = COPIED) -> str:
    """``most`` words in a row of the question that stand so in the sentence, or nothing."""
    asked, said = words(question), f" {' '.join(words(sentence))} "
    for start in range(len(asked) - most + 1):
        run = asked[start : start + most]
        if f" {' '.join(run)} " in said and sum(word not in _STOP for word in run) > 1:
            return " ".join(run)
    return ""


def is_lower(question: str) -> bool:
    """Whether a question begins in lower case, as typed in haste."""
    letters = [character for character in question if character.isalpha()]
    return bool(letters) and letters[0].islower()


def is_marked(question: str) -> bool:
    """Whether it ends in a question mark."""
    return question.rstrip().endswith("?")
