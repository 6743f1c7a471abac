"""Words whose meaning the page states beside them (``<time datetime>``): that a moment is longer ago is no
change, another moment of the same words is one. Pure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from browseagent.answer.ago import ago_pattern
from browseagent.answer.values import days, weekdays
from browseagent.read.stated import Stated, parsed
from browseagent.records import Hunk
from browseagent.watch.folding import fold
from browseagent.watch.places import place_of

_MOST = 300
"""Other words for moments on a page that are known; a table of hours has more of them."""
_COMPACT = re.compile(r"\d+\s?(?![ap]\.?m\b)[^\W\d]{1,4}\.?", re.I)
"""How long ago, as it is cut short: 5m, 2 Std."""
_WORD = re.compile(r"[^\W\d]+")


class Meant(NamedTuple):
    """Words, and what they may mean."""

    words: str
    values: frozenset[str]


Told = tuple[str, tuple[Meant, ...]]
"""A text with a sign in the place of such words, and these."""


class Meaning:
    """What the markup of a page states of its words."""

    def __init__(self, beside: Iterable[str]) -> None:
        """By the lines beside the text of a document."""
        self.stated = [found for line in beside if (found := parsed(line)) is not None]
        meant: defaultdict[str, set[str]] = defaultdict(set)
        for each in self.stated:
            meant[each.words].add(each.value)
        self._meant = {words: frozenset(values) for words, values in [*meant.items()][:_MOST]}
        words = sorted(map(re.escape, self._meant), key=len, reverse=True)
        self._pattern = re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)") if words else None

    def told(self, text: str) -> Told | None:
        """None where nothing is stated of the text."""
        if self._pattern is None or not (found := self._pattern.findall(text)):
            return None
        return self._pattern.sub("‹time›", text), tuple(Meant(words, self._meant[words]) for words in found)


def mean_the_same(one: Told | None, other: Told | None, language: str) -> bool:
    """Whether two texts are one but for words of the same moment, some of which tell how long ago it was: an
    author who moves an event may forget the attribute."""
    if one is None or other is None or fold(one[0]) != fold(other[0]) or len(one[1]) != len(other[1]):
        return False
    return all(_same(*each, language) for each in zip(one[1], other[1], strict=True))


def _same(one: Meant, other: Meant, language: str) -> bool:
    if one.words == other.words:
        return True
    moments = one.values & other.values
    if not moments or not (_is_age(one.words, language) or _is_age(other.words, language)):
        return False
    return all(
        _is_age(words, language) or _is_timeless(words, language) or _is_day(words, moments, language)
        for words in (one.words, other.words)
    )


def _is_age(words: str, language: str) -> bool:
    short = _COMPACT.fullmatch(words) and not days(words, language)
    return bool(short or ago_pattern(language).search(words))


def _is_timeless(words: str, language: str) -> bool:
    """Whether words such as "right now" name no hour and no day."""
    names = weekdays(language).keys()
    return not any(map(str.isdigit, words)) and not any(
        word in names for word in _WORD.findall(words.lower())
    )


def _is_day(words: str, moments: Iterable[str], language: str) -> bool:
    told = days(words, language)
    return any(f"-{day.month:02}-{day.day:02}" in moment for day in told for moment in moments)


def meanings_changed(old: Meaning, new: Meaning) -> Iterator[Hunk]:
    """Words that stand where they stood, as often, and mean something else."""
    found: defaultdict[tuple[str, str], tuple[list[Stated], list[Stated]]] = defaultdict(lambda: ([], []))
    for side, row in enumerate((old.stated, new.stated)):
        for each in row:
            found[fold(each.words), fold(each.among)][side].append(each)
    for was, is_ in found.values():
        if len(was) != len(is_):
            continue
        values = [Counter(each.value for each in side) for side in (was, is_)]
        gone, came = ((values[a] - values[b]).elements() for a, b in ((0, 1), (1, 0)))
        for before, after in zip(gone, came, strict=True):
            one, other = (str(was[0]._replace(value=value)) for value in (before, after))
            yield Hunk(one, other, "changed", place=place_of((was[0].words, was[0].among), [one], [other]))
