"""What changed, as boxes on the pictures of before and after. Pure.

A difference is known by its words. They are looked for in the texts of the boxes, one after the other, as a
page shows them; of what is found, that counts which is another on the other picture: a page says *In stock*
in twenty places, and one of them changed.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from browseagent.records import Box, Hunk
from browseagent.watch.folding import fold

TALLEST, AROUND = 900, 100
"""Pixels of a picture that are shown in a history: at most, and around the frames."""
LEAST = (640, 320)
"""At least so wide and so tall: as much as a phone can show legibly."""
MOST = 60
"""Frames on one picture; where more changed, it is another page."""
_LONG = 2000
"""Boxes beyond which those that are repeated often are no anchors; see :mod:`browseagent.watch.compare`."""


def framed(
    changes: Sequence[Hunk], before: Sequence[Box], after: Sequence[Box]
) -> tuple[tuple[Box, ...], tuple[Box, ...]]:
    """The boxes of what changed on either picture, in order; a side without a picture has none. Noise is not
    framed."""
    told = [each for each in changes if not each.noise]
    old, new = ([fold(box.text) for box in boxes] for boxes in (before, after))
    others = _others(old, new) if before and after else (set(range(len(old))), set(range(len(new))))
    sides = []
    for boxes, texts, other, said in (
        (before, old, others[0], [each.before for each in told]),
        (after, new, others[1], [each.after for each in told]),
    ):
        row = _Row(texts)
        found = {number for words in said for number in row.places(words, other)}
        sides.append(tuple(boxes[number] for number in sorted(found)[:MOST]))
    return sides[0], sides[1]


def window(frames: Sequence[Box], width: int, height: int) -> Box:
    """Which part of a picture shows its first frames."""
    if not frames:
        return Box("", 0, 0, width, min(height, TALLEST))
    top = max(0, min(box.y for box in frames) - AROUND)
    inside = [box for box in frames if box.y + box.height + AROUND <= top + TALLEST] or frames[:1]
    tall = max(box.y + box.height for box in inside) + AROUND - top
    tall = min(max(LEAST[1], min(tall, TALLEST)), height)
    left = max(0, min(box.x for box in inside) - AROUND)
    wide = min(max(LEAST[0], max(box.x + box.width for box in inside) + AROUND - left), width)
    return Box("", min(left, width - wide), min(top, height - tall), wide, tall)


def _others(old: list[str], new: list[str]) -> tuple[set[int], set[int]]:
    """The boxes of each side that are not on the other one, as the two rows lie beside each other."""
    long = max(len(old), len(new)) > _LONG
    gone, came = set[int](), set[int]()
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=long).get_opcodes():
        if tag != "equal":
            gone.update(range(i1, i2))
            came.update(range(j1, j2))
    return gone, came


class _Row:
    """The texts of boxes as one, and which box stands where in it."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._starts: list[int] = []
        at = 0
        for text in texts:
            self._starts.append(at)
            at += len(text)
        self._text = "".join(texts)

    def places(self, words: str, other: set[int]) -> set[int]:
        """The boxes that hold these words: those of the ``other`` ones among them, where there are any, else
        those of the first place."""
        for said in _spellings(words):
            found = list(self._found(said))
            if found:
                return (set().union(*found) & other) or found[0]
        return set()

    def _found(self, said: str) -> Iterator[set[int]]:
        """Each place of the words; one that begins and ends with a box goes before all that do not."""
        inner, whole = list[set[int]](), list[set[int]]()
        at = self._text.find(said)
        while at >= 0 and len(inner) + len(whole) < 1000:
            first = bisect_right(self._starts, at) - 1
            past = bisect_left(self._starts, at + len(said))
            ends = len(self._text) if past == len(self._starts) else self._starts[past]
            fits = self._starts[first] == at and ends == at + len(said)
            (whole if fits else inner).append(set(range(first, past)))
            at = self._text.find(said, at + 1)
        yield from whole or inner


def _spellings(words: str) -> Iterator[str]:
    """The words as a difference may tell them: what is struck out between tildes, a link with its address, a
    control or a picture with what it says between quotation marks."""
    label = words.partition("“")[2].partition("”")[0]
    for text in (words.replace("~~", ""), words.partition(" → ")[0], label):
        said = fold(text)
        if said:
            yield said
