"""Where, in what the reader is shown of a page, the words stand that a question of ours points at.

Offsets count in a page's frozen text (docs/questions.md); a reader is shown excerpts of what our reading
kept of the page, with other white space and column names between cells. The words are looked for without
white space, and of several places the one is meant whose surroundings are alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from browseagent.answer.excerpts import Excerpt
from tools.questions.wording import words

WIDE, CLOSE = 120, 30
"""Characters on each side that are compared; in an excerpt half as many, since it holds less around."""
ALIKE = 0.5
"""Share of the words around a place that must stand around the other."""
LONG = 40
"""Letters of a sentence or a step that are looked for: its end may be cut off."""


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of an excerpt's text."""

    excerpt: int
    start: int
    end: int


class Shown:
    """The excerpts of a page, ready to find words in."""

    def __init__(self, excerpts: Sequence[Excerpt]) -> None:
        self.excerpts = excerpts

    @cached_property
    def _squeezed(self) -> list[tuple[str, list[int]]]:
        """Each text in lower case without white space, and the offset of each character left."""
        return [_squeezed(excerpt.text) for excerpt in self.excerpts]

    def place(self, text: str, start: int, end: int) -> Place | None:
        """The stretch that ``text[start:end]`` of the page's text is; None where it is not shown."""
        wanted, _ = _squeezed(text[start:end])
        given = [_around(text, start, end, reach) for reach in (WIDE, CLOSE)]
        best: tuple[float, Place] | None = None
        places = list(self.holding(wanted)) or list(self.holding(wanted[:LONG], cut=len(wanted) > LONG))
        for place in places:
            shown = self.excerpts[place.excerpt].text
            wide, close = (
                _alike(_around(shown, place.start, place.end, reach // 2), its)
                for reach, its in zip((WIDE, CLOSE), given, strict=True)
            )
            if wide >= ALIKE and (best is None or wide + close > best[0]):
                best = wide + close, place
        return best[1] if best else None

    def holding(self, squeezed: str, *, cut: bool = False) -> Iterator[Place]:
        """Every place of some words, whole, in lower case and without white space; ``cut``: the last word may
        go on."""
        for number, (text, offsets) in enumerate(self._squeezed):
            at = text.find(squeezed) if squeezed else -1
            while at >= 0:
                start, end = offsets[at], offsets[at + len(squeezed) - 1] + 1
                if _whole(self.excerpts[number].text, start, None if cut else end):
                    yield Place(number, start, end)
                at = text.find(squeezed, at + 1)


def _around(text: str, start: int, end: int, reach: int) -> tuple[set[str], set[str]]:
    """The words before and after a stretch; of one that is cut what is left."""
    return set(words(text[max(0, start - reach) : start])), set(words(text[end : end + reach]))


def _alike(one: tuple[set[str], set[str]], other: tuple[set[str], set[str]]) -> float:
    """Share of one's words that are on the same side of the other; 1 where it has none."""
    shared = sum(len(mine & its) for mine, its in zip(one, other, strict=True))
    return shared / sum(map(len, one)) if any(one) else 1.0


def _squeezed(text: str) -> tuple[str, list[int]]:
    kept = [(low, at) for at, each in enumerate(text) if not each.isspace() for low in each.lower()]
    return "".join(low for low, _ in kept), [at for _, at in kept]


def _whole(text: str, start: int, end: int | None) -> bool:
    """Whether no word or number is cut at the start, and at the end where there is one."""
    before = text[start - 1 : start + 1] if start else ""
    after = text[end - 1 : end + 1] if end is not None else ""
    return not any(len(pair) == 2 and pair.isalnum() for pair in (before, after))
