"""Whether the hyphen at a line's end belongs to the word or only divides it."""

from __future__ import annotations

import re
from collections.abc import Iterable

_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_LAST = re.compile(r"[^\W_]+(?:-[^\W_]+)*(?=-$)")
# First and last parts with which words are put together by a hyphen, of those that are no common syllables.
_FIRST = frozenset(
    """
    self well ill non ex half quasi twenty thirty forty fifty sixty seventy eighty ninety one two three four
    five six seven eight nine ten first second third fourth fifth high low long short full part old new late
    early mid cross single double multi open close hard soft left right east west north south anti pro semi
    year month week day hour minute
    """.split()  # noqa: SIM905
)
_SECOND = frozenset(
    """
    based like wide term time old free year day week month hour minute known made called related specific
    off up in out to the by of on down back fold class century ton tonne metre meter mile century only level
    """.split()  # noqa: SIM905
)
_AND = frozenset("and or und oder et ou y o e en".split())  # noqa: SIM905


def words_of(lines: Iterable[str]) -> frozenset[str]:
    """The words of a document that stand whole within a line, in lower case: with their hyphens, and with
    the parts of those."""
    found: set[str] = set()
    for line in lines:
        whole = line.rstrip()
        found.update(
            word.lower() for word in _WORD.findall(whole[: whole.rfind(" ")] if whole[-1:] == "-" else whole)
        )
    return frozenset(found)


def joint(before: str, after: str, known: frozenset[str]) -> str:
    """What stands between a line that ends in a hyphen, without it, and the next: the hyphen, nothing where
    it only divides a word, the hyphen and a space where only the first part of a pair stands before it."""
    last, first = _LAST.search(f"{before}-"), _WORD.match(after)
    if last is None or first is None:
        return "- " if first is None else "-"
    left, right = last[0], first[0]
    whole, compound = f"{left}{right}".lower(), f"{left}-{right}".lower()
    if right.lower() in _AND and after[first.end() : first.end() + 1] == " ":
        return "- "
    if compound in known or whole in known:
        return "-" if compound in known else ""
    if not (right[0].islower() and left[-1].islower()):
        capitals = left.isupper() and right.isupper() and left.isalpha() and right.isalpha()
        return "" if capitals else "-"
    parts = left.lower() in known and right.lower() in known and min(len(left), len(right)) > 3
    return "-" if "-" in left or left.lower() in _FIRST or right.lower() in _SECOND or parts else ""
