"""Columns of a frame: the kind, the words and the values of what stands one below the other.

What a page lists has no headers. There a column is named by what its cells share ("28 reviews"), by what its
kind is called (a price, a date) and by the address that its links have in common (``/members/``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from statistics import median
from urllib.parse import urlsplit

from browseagent.answer.lexical import STOP_WORDS
from browseagent.answer.tables.anchors import Anchors
from browseagent.answer.tables.cells import Value, is_day_first, sort_key, tokens, value_of
from browseagent.answer.tables.vocabulary import NAMES, root
from browseagent.answer.typed.lines import form_of, is_rating, told
from browseagent.answer.values.measures import Unit, measures, units
from browseagent.records import Document

SHARED = 0.6
"""Share of a column's cells that have a word which says what the column is, not what the cell is."""
LITTLE = 0.34
"""Share of words of its own up to which a listed cell is an amount or a label, not a name with a number."""
_HALF = 0.5
SENTENCE = 12
"""Words of a cell, at the median, beyond which its numbers and dates are but part of a sentence."""
_GAPS = 1.3
"""What numbers that are places go up at a time, on average, where some are left out."""
_NAME = 4
"""Letters of a unit's name: shorter ones are signs."""
_NOW = 1e7
"""In days: later than any date, for what is told from the moment of reading."""
_RANK_NAMES = frozenset(("pos", "posit", "place", "rank", "no", "#", "finish", "seed", "order"))
_PERIOD_NAMES = frozenset(("year", "season", "date"))
_EMPTY = frozenset(("n/a", "none", "tba", "tbd"))
_ADDRESS = re.compile(r"[a-z]{2,}")


SAVED = NAMES[root("saving")] | {root("saving")}
"""Stems of what an amount of money is called that is taken off a price."""


class Kind(StrEnum):
    """What the cells of a column mostly hold."""

    NUMBER = "number"
    MONEY = "money"
    RANK = "rank"
    """Places: first is 1."""
    DATE = "date"
    YEAR = "year"
    TIME = "time"
    """Lengths of time, or times of day."""
    SCORE = "score"
    TEXT = "text"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Standing:
    """What the cells of a listed column are like; of a table with headers the one of no column."""

    own: float = 1.0
    """Share of a cell's words that the others do not have; 0 of "Add to bag" and of bare amounts."""
    linked: float = 0.0
    """Share of the cells that are a link."""
    length: float = 0.0
    """Words of a cell, at the median."""
    aliases: frozenset[str] = frozenset()
    """Stems of words that name the column beside its name."""
    called: frozenset[str] = frozenset()
    """Those of them that the markup calls it."""


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One column: its name, the typed value of every row, and an index of its words."""

    name: str
    stems: tuple[str, ...]
    """Stemmed words of the name."""
    kind: Kind
    values: tuple[Value, ...]
    spans: tuple[tuple[int, int], ...]
    """Where each cell stands in the document's text; (-1, -1) where the row has none."""
    keys: tuple[float | None, ...]
    """What the rows are ordered by in this column; None where a cell has nothing of its kind."""
    words: Mapping[str, int]
    """Stem → rows whose cell has it."""
    lengths: tuple[int, ...]
    """Words in each cell."""
    filled: int
    """Rows whose cell is not empty."""
    distinct: int
    """Different texts."""
    days: frozenset[str]
    """Stems of the days of the week that its name stands for."""
    standing: Standing
    parted: bool = False
    """Whether its cells stand in parts in columns of their own, by which rows are ordered instead."""
    unit: Unit | None = None
    """What its numbers count, in which the keys are told; None where most cells do not say so."""

    @property
    def is_ordered(self) -> bool:
        """Whether least and greatest mean something here."""
        return self.kind not in (Kind.TEXT, Kind.EMPTY) and not self.parted


def column_of(
    name: str,
    spans: Sequence[tuple[int, int]],
    document: Document,
    anchors: Anchors | None,
    called: str,
    is_first: bool,
) -> Column:
    """A column of cells that are spans of a document's text. ``anchors`` are given where its cells are listed
    and not under a header, ``called`` is what the markup calls them, ``is_first`` whether records begin with
    them."""
    text, language = document.text, document.language or "en"
    day_first = is_day_first(text[a:b] for a, b in spans if b > a >= 0)
    values = tuple(
        value_of(text[a:b], language, day_first=day_first) if b > a >= 0 else Value("") for a, b in spans
    )
    if anchors is not None:
        values = tuple(
            _standing_price(each, document, span) for each, span in zip(values, spans, strict=True)
        )
    stems = tuple(root(token) for token in tokens(value_of(name).text)) or (("#",) if "#" in name else ())
    words: dict[str, int] = {}
    for number, value in enumerate(values):
        for word in (*map(root, tokens(value.text)), *days_of(value.text)):
            words[word] = words.get(word, 0) | 1 << number
    filled = [number for number, value in enumerate(values) if _is_filled(value.text)]
    lengths = tuple(len(tokens(value.text)) for value in values)
    if anchors is not None and filled:
        cells = [(spans[number], values[number]) for number in filled]
        standing, kind = _standing(cells, words, lengths, anchors, frozenset(stems), language, is_first)
        known = frozenset(map(root, called.split()))
        standing = replace(standing, called=known, aliases=standing.aliases | known - STOP_WORDS)
    else:
        standing, kind = Standing(), _kind(frozenset(stems), [values[number] for number in filled])
    counted = _units(values, language) if kind is Kind.NUMBER else ()
    unit = _common(counted)
    if unit is not None:
        standing = replace(standing, aliases=standing.aliases | _names_of(unit))
    return Column(
        name,
        stems,
        kind,
        values,
        tuple(spans),
        tuple(_key(value, kind) for value in values)
        if unit is None
        else tuple(_scaled(value, own, unit) for value, own in zip(values, counted, strict=True)),
        words,
        lengths,
        sum(1 << number for number in filled),
        len({value.text.lower() for value in values if value.text}),
        days_of(name),
        standing,
        unit=unit,
    )


def _standing_price(value: Value, document: Document, span: tuple[int, int]) -> Value:
    """Of a price and the former one the first."""
    if not value.money or sum(mark.isdigit() for mark in value.text) < 2 or " " not in value.text:
        return value
    forms = dict(told(document, *span))
    now = forms.get("price")
    if now is None or "former price" not in forms:
        return value
    return value_of(document.text[now.start : now.end], document.language or "en")


def _standing(
    cells: Sequence[tuple[tuple[int, int], Value]],
    words: Mapping[str, int],
    lengths: Sequence[int],
    anchors: Anchors,
    name: frozenset[str],
    language: str,
    is_first: bool,
) -> tuple[Standing, Kind]:
    """What listed cells are like, those that are filled, and of what kind."""
    least = max(2.0, SHARED * len(cells))
    shared = {
        word
        for word, rows in words.items()
        if rows.bit_count() >= least and not any(c.isdigit() for c in word)
    }
    owns = []
    for _, value in cells:
        said = [word for word in map(root, tokens(_unmeasured(value, language))) if word.isalpha()]
        owns.append(sum(word not in shared for word in said) / len(said) if said else 0.0)
    own = sum(owns) / len(owns)
    places = [url for span, _ in cells if (url := anchors.of(*span)) is not None]
    linked, length = len(places) / len(cells), median(each for each in lengths if each)
    if length > SENTENCE:
        return Standing(own, linked, length), Kind.TEXT
    # What names a record is a link or comes first: "Lamp 3" is no lamp of 3, "Upvote (278)" is 278.
    kind = _kind(name, [value for _, value in cells], own, is_labelled=not is_first)
    if kind is Kind.NUMBER and _counts_up([value.number for _, value in cells]):
        kind = Kind.RANK
    if own <= _HALF or kind is not Kind.TEXT:
        aliases = {word for word in shared if word not in STOP_WORDS and len(word) > 1}
    else:
        aliases = _led_to(places, least)
    other = kind is Kind.MONEY and (bool(SAVED & aliases) or is_delivery([value for _, value in cells]))
    if kind in _CALLED and not other:
        aliases.add(root(_CALLED[kind]))
    if kind is Kind.NUMBER and sum(is_rating(value.text) for _, value in cells) >= least:
        aliases.add(root("rating"))
    return Standing(own, linked, length, frozenset(aliases)), kind


def is_delivery(values: Iterable[Value]) -> bool:
    """Whether most of the cells with an amount of money tell what delivery costs."""
    forms = [form_of(value.text, "en") for value in values if value.money]
    return 2 * forms.count("delivery") > len(forms)


def _counts_up(numbers: Sequence[float | None]) -> bool:
    """Whether numbers are places: 1, 2, 3 and on, from wherever the page begins, few of them left out."""
    steps = [two - one for one, two in pairwise(numbers) if one is not None and two is not None]
    whole = all(step > 0 and step == int(step) for step in steps)
    return len(numbers) == len(steps) + 1 > 2 and whole and sum(steps) <= _GAPS * len(steps)


def _led_to(places: Sequence[str], least: float) -> set[str]:
    """The words that the addresses of most links have in common."""
    held = Counter(root(word) for url in places for word in set(_ADDRESS.findall(urlsplit(url).path.lower())))
    return {word for word, times in held.items() if times >= least and word not in STOP_WORDS}


def _is_filled(text: str) -> bool:
    return any(character.isalnum() for character in text) and text.lower() not in _EMPTY


def _kind(name: frozenset[str], filled: list[Value], own: float = 0.0, is_labelled: bool = False) -> Kind:
    """By what most of the filled cells hold, and by the name where that leaves a choice. ``own`` is, of
    listed cells, how much of them is words of their own, ``is_labelled`` if a number may follow words."""
    if not filled:
        return Kind.EMPTY
    most = 0.6 * len(filled)
    years = sum(
        value.date is not None and value.date[0] > 0 == value.date[1] and len(value.text) <= 11
        for value in filled
    )
    if years >= most and not name & {"no", "rank"}:
        return Kind.YEAR
    if (
        sum((value.date is not None and value.date[1] > 0) or value.ago is not None for value in filled)
        >= most
    ):
        return Kind.DATE
    if sum(value.date is not None for value in filled) >= most and name & _PERIOD_NAMES:
        return Kind.YEAR
    if sum(value.seconds is not None for value in filled) >= most:
        return Kind.TIME
    if sum(value.score is not None for value in filled) >= most:
        return Kind.SCORE
    numbers = [
        value for value in filled if value.number is not None and (value.leads or value.money or is_labelled)
    ]
    if len(numbers) < most or own > LITTLE:
        return Kind.TEXT
    if name & _RANK_NAMES or sum(value.ordinal for value in numbers) * 2 > len(numbers):
        return Kind.RANK
    return Kind.MONEY if sum(value.money for value in numbers) * 2 > len(numbers) else Kind.NUMBER


def _key(value: Value, kind: Kind) -> float | None:
    if kind in (Kind.DATE, Kind.YEAR):
        if value.ago is not None:
            return _NOW - value.ago / 86400
        clock = value.seconds if value.date and value.date[2] and value.seconds else 0.0
        return sort_key(value.date) + min(clock, 86399) / 86400 if value.date else None
    if kind is Kind.TIME:
        return value.seconds
    if kind is Kind.SCORE:
        return sum(value.score) if value.score else None
    return None if kind in (Kind.TEXT, Kind.EMPTY) else value.number


def _units(values: Sequence[Value], language: str) -> tuple[Unit | None, ...]:
    """The unit of each value's number; None where its cell tells none."""
    found = []
    for value in values:
        told = measures(value.text, language) if value.number is not None else ()
        found.append(next((each.unit for each in told if each.number == value.number), None))
    return tuple(found)


def _common(counted: Sequence[Unit | None]) -> Unit | None:
    """The commonest unit, where most of those that are told are of its dimension: "980 g" among kilograms."""
    told = Counter(unit for unit in counted if unit is not None)
    if not told:
        return None
    unit = told.most_common(1)[0][0]
    alike = sum(times for each, times in told.items() if each.dimension == unit.dimension)
    return unit if alike >= SHARED * len(counted) else None


@lru_cache(maxsize=128)
def _names_of(unit: Unit) -> frozenset[str]:
    """Stems of the English names of a unit, no signs."""
    named = (name for name, each in units("en").items() if each == unit)
    return frozenset(root(name) for name in named if name.isalpha() and len(name) >= _NAME)


def _unmeasured(value: Value, language: str) -> str:
    """A cell's words without what its number counts, which is none of its own: kilometres or metres."""
    told = measures(value.text, language) if value.number is not None else ()
    if not told or told[0].number != value.number:
        return value.text
    return value.text[: told[0].start] + value.text[told[0].end :]


def _scaled(value: Value, own: Unit | None, unit: Unit) -> float | None:
    """A value's number in a unit; of one without a unit as it is, None of one in another dimension."""
    if value.number is None or own is None:
        return value.number
    return value.number * own.size / unit.size if own.dimension == unit.dimension else None


_CALLED = {Kind.MONEY: "price", Kind.DATE: "date", Kind.TIME: "time", Kind.RANK: "rank"}
"""What a column without a name is asked for by."""

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = r"(mon|tue|wed|thu|fri|sat|sun)(?:[a-z]*day)?s?\b\.?"
_RANGE = re.compile(rf"\b{_DAY}\s?(?:to|until|through|-|–|—)\s?{_DAY}", re.I)
_SPANS = {"weekend": (5, 6), "weekday": (0, 4), "working day": (0, 4), "every day": (0, 6), "daily": (0, 6)}
_NAMES = tuple(
    root(name) for name in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
)


def days_of(text: str) -> frozenset[str]:
    """The stems of the days that a text spans: "Monday to Friday" is Tuesday's too; empty for most texts."""
    if len(text) > 60:
        return frozenset()
    plain = text.lower()
    found: set[int] = set()
    spans = [span for word, span in _SPANS.items() if word in plain]
    for first, last in [*spans, *((_DAYS.index(a), _DAYS.index(b)) for a, b in _RANGE.findall(plain))]:
        found.update(day % 7 for day in range(first, last + 1 if last >= first else last + 8))
    return frozenset(_NAMES[day] for day in found)
