"""What looks otherwise than before, while its words are the same: a red dot, a booked day, a row in colour.
Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import zip_longest

from browseagent.records import Document, Hunk, Look
from browseagent.watch.folding import fold
from browseagent.watch.places import place_of

_Pair = tuple[Look | None, Look | None]


def looks_changed(before: Document, after: Document) -> Iterator[Hunk]:
    """What looks otherwise and stands in both documents. Where nothing of a group looks as it did, the site
    was painted anew, and nothing is told; a sign says what it says by its looks alone."""
    if before.looks == after.looks:
        return
    pairs = list(_pairs(before, after))
    kept = tuple(set(_kept(pairs, side)) for side in (0, 1))
    for pair in pairs:
        one = pair[1] or pair[0]
        assert one is not None
        known = one.group < 0 or any(each and each.group in kept[side] for side, each in enumerate(pair))
        if known and _look(pair[0]) != _look(pair[1]):
            was, is_ = (_said(one, _look(each)) for each in pair)
            yield Hunk(was, is_, "changed", place=place_of((one.text, ""), [was], [is_]))


def _pairs(before: Document, after: Document) -> Iterator[_Pair]:
    """What was and what is of each element, known by its words; None where it has no looks."""
    found: defaultdict[tuple[str, bool], tuple[list[Look], list[Look]]] = defaultdict(lambda: ([], []))
    for side, document in enumerate((before, after)):
        for each in document.looks:
            found[_flat(each.text), each.group < 0][side].append(each)
    texts = tuple(_flat("\n".join((each.text, *each.omitted))) for each in (before, after))
    for (words, _), sides in found.items():
        if all(sides) or all(words in text for text in texts):
            yield from zip_longest(*sides)


def _flat(text: str) -> str:
    return fold(text).replace(" ", "")


def _kept(pairs: list[_Pair], side: int) -> Iterator[int]:
    """The groups of which something looks as it did, or has no looks."""
    for pair in pairs:
        each = pair[side]
        if each is not None and (each.among_plain or _look(pair[0]) == _look(pair[1])):
            yield each.group


def _look(each: Look | None) -> str:
    return "" if each is None else each.look


def _said(each: Look, look: str) -> str:
    if each.group < 0:
        return f"sign “{look}” by “{each.text}”" if look else f"no sign by “{each.text}”"
    return f"“{each.text}” looks “{look}”" if look else f"“{each.text}” looks plain"
