"""Records of a page as rows of a table: which of their pieces are one column, and what it is called."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import median

from browseagent.read.chunks import Chunk
from browseagent.read.repeated import FEWEST, Column, Group, Piece
from browseagent.read.text import CURRENCY
from browseagent.records import BlockKind

MOST = 200
"""Records of a group that are kept."""
RARE = 0.25
"""Share of the records that have a column: fewer, and its pieces are put together at the end of the row."""
NEAR = 2
"""Pieces by which one column may stand further down than another that is the same."""
STEM = 5
"""Letters by which words of a column are compared."""
COMMON = 0.7
"""Share of a column's cells that hold a word which names it."""
STYLED = 6
"""Words in the class of an element: more say how it looks, not what it is."""
_DIGITS = re.compile(r"\d+")
_MONEY = re.compile(rf"[{CURRENCY}]\s?\d|\d\s?[{CURRENCY}]")
_WORD = re.compile(r"[^\W\d_]{3,}")
_CLASS = re.compile(r"[A-Z]?[a-z]{3,}")
_LABEL = re.compile(rf"([^\W\d][^\d:：]{{1,30}}?)(?:\s?[:：]\s*|(?<![A-Z]{{3}})\s+(?=[\d{CURRENCY}]))(?=\S)")
"""What a line begins with that says what the rest is: "Posts: 12", "Likes 3"; no currency's code."""


def rows_of(chunks: Sequence[Chunk], group: Group, table: int) -> list[Chunk]:
    """A group as rows of a table of that number, all with the same columns in the same order, and what is in
    few of them at the end."""
    records = _merged(group.records[:MOST])
    places: dict[Column, list[int]] = defaultdict(list)
    for record in records:
        for place, piece in enumerate(record):
            places[piece.column].append(place)
    columns = sorted(
        (column for column, its in places.items() if len(its) >= RARE * len(records)),
        key=lambda column: sum(places[column]) / len(places[column]),
    )
    cells = [{piece.column: piece for piece in record} for record in records]
    values = {column: [its[column].text for its in cells if column in its] for column in columns}
    labels = _labels(columns, values, len(records))
    shown = [column for column in columns if column not in labels]
    named = {after: label for column, label in labels.items() if (after := _after(column, columns, labels))}
    # What names a record is a heading, a link or the first of its pieces: "Lamp 3" is no lamp of 3.
    heads = {p.column for record in records for p in record if p.is_heading or p.is_link} | {*shown[:1]}
    within = {column: "" if column in heads else _label(values[column]) for column in shown}
    names = [
        named.get(column) or within[column] or ("" if column in heads else _name(values[column]))
        for column in shown
    ]
    called = _called(shown)
    node = chunks[group.first].node
    made = []
    for its in cells:
        row = Chunk(BlockKind.ROW, "", table=table, node=node)
        for place, (column, name) in enumerate(zip(shown, names, strict=True)):
            row.text += "\t" if place else ""
            _put(row, [its[column]] if column in its else [], name, within[column])
        row.called += called
        if rare := [piece for column, piece in its.items() if column not in columns]:
            row.text += "\t"
            _put(row, rare, "")
        made.append(row)
    return made


def _called(columns: Sequence[Column]) -> list[str]:
    """What the markup calls each column: the words of its element's class that not all of them have, and
    whether it is a heading."""
    words = [
        dict.fromkeys(
            each.lower()
            for place in column[:2]
            if len(said := _CLASS.findall(place.partition(" ")[2])) <= STYLED
            for each in said
        )
        for column in columns
    ]
    common = set.intersection(*map(set, words)) if len(words) > 1 else set()
    # The digits are taken off the elements of a column: "h2" is "h".
    return [
        " ".join([*(["heading"] if column[0].startswith("h ") else []), *(w for w in its if w not in common)])
        for column, its in zip(columns, words, strict=True)
    ]


def _merged(records: Sequence[tuple[Piece, ...]]) -> list[list[Piece]]:
    """Records with one column for what is alike in form and of which none has two: a price stands under other
    elements where it is reduced."""
    held: dict[Column, dict[int, tuple[int, str]]] = defaultdict(dict)
    for number, record in enumerate(records):
        for place, piece in enumerate(record):
            held[piece.column][number] = place, _form(piece.text)
    kept: dict[Column, dict[int, tuple[int, str]]] = {}
    named: dict[Column, Column] = {}
    for column, its in sorted(held.items(), key=lambda item: -len(item[1])):
        other = next((each for each, others in kept.items() if _are_one(its, others)), column)
        named[column] = other
        kept[other] = {**kept.get(other, {}), **its}
    return [[replace(piece, column=named[piece.column]) for piece in record] for record in records]


def _are_one(some: Mapping[int, tuple[int, str]], others: Mapping[int, tuple[int, str]]) -> bool:
    """Whether two columns are never in one record, stand about as far down, and are of one form."""
    if some.keys() & others.keys():
        return False
    places = [median(place for place, _ in its.values()) for its in (some, others)]
    forms = {Counter(form for _, form in its.values()).most_common(1)[0][0] for its in (some, others)}
    return abs(places[0] - places[1]) <= NEAR and len(forms) == 1 and "words" not in forms


def _form(text: str) -> str:
    """What kind of thing a line is, roughly."""
    if _MONEY.search(text):
        return "money"
    return "number" if 2 * len(_DIGITS.findall(text)) >= len(text.split()) else "words"


def _put(row: Chunk, pieces: Sequence[Piece], name: str, label: str = "") -> None:
    """Adds a cell of some pieces to a row. A label that they begin with is no part of the cell."""
    start = len(row.text)
    for piece in pieces:
        row.text += " · " if len(row.text) > start else ""
        at = len(row.text)
        row.text += piece.text
        row.links += [(at + s, at + e, url) for s, e, url in piece.links]
        row.labels += [(at + s, words) for s, words in piece.labels]
        row.marks += [(at + s, at + e, kind) for s, e, kind in piece.marks]
    begins = _LABEL.match(row.text[start:]) if label else None
    start += begins.end() if begins and begins[1] == label else 0
    row.cells.append((start, len(row.text), name))


def _labels(columns: Sequence[Column], values: Mapping[Column, list[str]], rows: int) -> dict[Column, str]:
    """Columns that say the same in every record, with a colon: what the next column is called."""
    return {
        column: its[0].strip().rstrip(":： ")
        for column in columns
        if len(its := values[column]) > 0.5 * rows
        and len({each.strip() for each in its}) == 1
        and its[0].strip().endswith((":", "："))
    }


def _after(column: Column, columns: Sequence[Column], labels: Mapping[Column, str]) -> Column | None:
    """The first column after a label."""
    rest = columns[columns.index(column) + 1 :]
    return rest[0] if rest and rest[0] not in labels else None


def _label(values: Sequence[str]) -> str:
    """The words that most cells of a column begin with, and that say what the rest is; empty where there are
    none."""
    begun = Counter(match[1] for each in values if (match := _LABEL.match(each)))
    label, count = begun.most_common(1)[0] if begun else ("", 0)
    return label if count >= max(FEWEST, COMMON * len(values)) and len(set(values)) > 1 else ""


def _name(values: Sequence[str]) -> str:
    """What a column of numbers is called: the words that most of its cells share, where there are hardly any
    others ("84 reactions")."""
    if len(values) < FEWEST or len(set(values)) < 2:
        return ""
    if sum(bool(_DIGITS.search(each)) for each in values) < COMMON * len(values):
        return ""
    words = [_WORD.findall(each) for each in values]
    held = Counter(beginning for each in words for beginning in {word[:STEM].lower() for word in each})
    shared = {beginning for beginning, count in held.items() if count >= COMMON * len(values)}
    if median(sum(word[:STEM].lower() not in shared for word in each) for each in words) > 0:
        return ""
    longest = max(words, key=len)
    return " ".join(dict.fromkeys(word for word in longest if word[:STEM].lower() in shared))
