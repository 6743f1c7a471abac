"""What a text is said of: the headings, the item or the term that it stands under, what it stands between,
and its number in a list. Pure.

A text that stands where it stood, or only in another place, says something else where it stands under another
heading: "Free" under "Room Ash". So do two that have changed places, and one that has another number.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Literal

from browseagent.records import Hunk
from browseagent.watch.places import place_of


@dataclass(frozen=True, slots=True)
class Bound:
    """A text and what it is said of."""

    text: str
    key: str
    """Its folded text."""
    where: str
    above: tuple[str, ...]
    """The headings that it stands under, the outermost first, and the term that it explains."""
    number: int | None = None
    """What the page shows beside it, as an item of a list with numbers."""
    loose: bool = False
    """Whether its place among others says nothing: an item, a row, what leads elsewhere."""


def rebound(old: Sequence[Bound], new: Sequence[Bound], moved: Collection[str]) -> tuple[Hunk, ...]:
    """What is said of something else than before, though the words are on both pages. ``moved`` are the keys
    of texts that stand in another place."""
    found = [*_elsewhere(old, new, moved), *_renumbered(old, new)]
    told = {hunk.where for hunk in found}
    return (*found, *(hunk for hunk in _exchanged(old, new) if hunk.where not in told))


def _exchanged(old: Sequence[Bound], new: Sequence[Bound]) -> Iterator[Hunk]:
    """Texts between the same neighbours as another one, which is still there, was before."""
    counts = [Counter(each.key for each in side) for side in (old, new)]
    was, is_ = (_between(side) for side in (old, new))
    for neighbours, one in was.items():
        other = is_.get(neighbours)
        if one is None or other is None or one.key == other.key or one.loose or other.loose:
            continue
        if all(counts[0][each.key] == counts[1][each.key] for each in (one, other)):
            yield _hunk(one.text, other.text, other.where)


def _between(side: Sequence[Bound]) -> dict[tuple[str, str], Bound | None]:
    """The text between two neighbours; None where there are several."""
    keys = ["", *(each.key for each in side), ""]
    found: dict[tuple[str, str], Bound | None] = {}
    for each, neighbours in zip(side, zip(keys, keys[2:], strict=False), strict=True):
        found[neighbours] = each if neighbours not in found else None
    return found


def _elsewhere(old: Sequence[Bound], new: Sequence[Bound], moved: Collection[str]) -> Iterator[Hunk]:
    """Texts under another heading, both of which stand on both pages: where a section has only got another
    name, nothing is said of something else. What stays in its place while sections change theirs is told only
    where its heading has another text for it."""
    paths = _paths(old) & _paths(new)
    was, is_ = (Counter((each.key, each.above) for each in side) for side in (old, new))
    gone, came = was - is_, is_ - was
    both = {key for key, _ in gone} & {key for key, _ in came}
    lost, got = (_at_paths(side, left, both, paths) for side, left in ((old, gone), (new, came)))
    left, reached = ({each.key for some in side.values() for each in some} for side in (lost, got))
    for path in dict.fromkeys((*lost, *got)):
        sides = [[each for each in side.get(path, ()) if each.key in left & reached] for side in (lost, got)]
        if not all(sides):
            sides = [[each for each in side if each.key in moved] for side in sides]
        for before, after in zip_longest(*sides):
            where = next(each.where for each in (after, before) if each is not None)
            yield _hunk(before.text if before else "", after.text if after else "", where)


def _paths(side: Sequence[Bound]) -> set[tuple[str, ...]]:
    """All that something stands under, or could: headings without anything under them too."""
    return {path for each in side for path in (each.above, (*each.above, " ".join(each.text.split())))}


def _at_paths(
    side: Sequence[Bound],
    left: Counter[tuple[str, tuple[str, ...]]],
    keys: Collection[str],
    paths: Collection[tuple[str, ...]],
) -> dict[tuple[str, ...], list[Bound]]:
    """The texts with these keys that are left over, by what they stand under."""
    found: dict[tuple[str, ...], list[Bound]] = defaultdict(list)
    rest = Counter(left)
    for each in side:
        known = (each.key, each.above)
        if each.key in keys and rest[known] > 0 and each.above in paths:
            rest[known] -= 1
            found[each.above].append(each)
    return found


def _renumbered(old: Sequence[Bound], new: Sequence[Bound]) -> Iterator[Hunk]:
    """Items with another number, where nothing came or went that would move the others on: of a list in
    another order those that left it."""
    was, is_ = (_numbered(side) for side in (old, new))
    for above, items in was.items():
        now = is_.get(above, [])
        one, other = ([each.key for each in side] for side in (items, now))
        if Counter(one) != Counter(other):
            continue
        stay: set[int] = set()
        if one != other:
            blocks = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
            stay = {block.a + step for block in blocks for step in range(block.size)}
        numbers: dict[str, list[int | None]] = defaultdict(list)
        for each in now:
            numbers[each.key].append(each.number)
        for at, each in enumerate(items):
            number = numbers[each.key].pop(0)
            if number != each.number and at not in stay:
                texts = (f"{each.number}. {each.text}", f"{number}. {each.text}")
                yield _hunk(*texts, each.where)


def _numbered(side: Sequence[Bound]) -> dict[tuple[str, ...], list[Bound]]:
    found: dict[tuple[str, ...], list[Bound]] = defaultdict(list)
    for each in side:
        if each.number is not None:
            found[each.above].append(each)
    return found


def _hunk(before: str, after: str, where: str) -> Hunk:
    kind: Literal["added", "removed", "changed"] = (
        "changed" if before and after else "added" if after else "removed"
    )
    texts = ([each] if each else [] for each in (before, after))
    return Hunk(before, after, kind, where, "", place_of((where, ""), *texts))
