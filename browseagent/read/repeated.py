"""Records: what repeats on a page with the same elements around it (products, posts, search results).

After Liu, Grossman and Zhai, 2003, "Mining data records in Web pages": siblings of one kind that each hold a
few short pieces of text are records; pieces that stand under the same elements within them are a column. Each
record becomes one row, so that a name stays with its price, whatever of it is main text.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from statistics import median

from browseagent.read.chunks import Chunk, Stretch
from browseagent.read.nodes import Node
from browseagent.read.tags import LISTS
from browseagent.records import BlockKind

FEWEST = 3
"""Records of a group."""
CELLS = (2, 14)
"""Pieces of text of a record, at the median of its group."""
LONGEST = 600
"""Characters of a record, at the median: longer ones are sections of a text."""
SHORT = 120
"""Characters of the lines that are told of a longer one: by whom, when, how many found it useful."""
ALIKE = 0.6
"""Share of a group's pieces that stand in a column which half of its records have."""
DISTINCT = 0.7
"""Share of the records within a group that begin with other words than any other."""
_KINDS = frozenset((BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.QUOTE))
_DIGITS = re.compile(r"\d+")
Column = tuple[str, ...]
"""The elements between a record and a piece of it, innermost first, and how many like it come before."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A line of a chunk, and the column that it stands in."""

    chunk: int
    column: Column
    text: str
    links: tuple[tuple[int, int, str], ...]
    is_heading: bool
    labels: tuple[tuple[int, str], ...] = ()
    marks: tuple[Stretch, ...] = ()

    @property
    def is_link(self) -> bool:
        """Whether it is nothing but a link."""
        return bool(self.links) and self.links[0][1] - self.links[0][0] >= len(self.text.strip())


@dataclass(frozen=True)  # Without slots: its chunks are compared with those of every other group.
class Group:
    """Records that stand side by side."""

    records: tuple[tuple[Piece, ...], ...]

    @cached_property
    def chunks(self) -> frozenset[int]:
        """The numbers of its chunks."""
        return frozenset(piece.chunk for record in self.records for piece in record)

    @property
    def first(self) -> int:
        """The number of the first chunk."""
        return min(self.chunks)


def groups_of(chunks: Sequence[Chunk]) -> list[Group]:
    """The groups of records among some chunks, none within another, in order."""
    siblings: dict[tuple[int, str], dict[Node, list[int]]] = defaultdict(dict)
    for number, chunk in enumerate(chunks):
        node = chunk.node if chunk.kind in _KINDS else None
        while node is not None and node.parent is not None:
            if node.parent.same[node.signature] >= FEWEST:
                same = siblings[id(node.parent), node.signature]
                same.setdefault(node, []).append(number)
            node = node.parent
    groups = [
        Group(tuple(_pieces(chunks, each, node, longest) for node, each in members.items()))
        for members in siblings.values()
        if not _are_lists(chunks, members) and (longest := _lines_of_records(chunks, list(members.values())))
    ]
    found: list[Group] = []
    taken: set[int] = set()
    alike = sorted(filter(_are_alike, groups), key=lambda each: -_length(each))
    for group in alike:
        if not taken & group.chunks and not _holds_records(group, alike):
            taken |= group.chunks
            found.append(group)
    return sorted(found, key=lambda group: group.first)


def _are_lists(chunks: Sequence[Chunk], members: Mapping[Node, Sequence[int]]) -> bool:
    """Whether what stands side by side are lists, most under headings of their own: sections of a text."""
    first = [each[0] for node, each in members.items() if node.tag in LISTS]
    headed = sum(number > 0 and chunks[number - 1].kind is BlockKind.HEADING for number in first)
    return 2 * headed > len(members)


def _lines_of_records(chunks: Sequence[Chunk], members: Sequence[Sequence[int]]) -> int:
    """The longest line that belongs to a record, where there are as many lines, and as short, as records
    have; 0 where there are not. Posts and reviews are what stands around their long text."""
    if len(members) < FEWEST:
        return 0
    texts = [[line for i in each for line in chunks[i].text.splitlines()] for each in members]
    for longest in (LONGEST, SHORT):
        short = [[line for line in each if len(line) <= longest] for each in texts]
        cells = median(map(len, short))
        length = median(sum(map(len, each)) for each in (texts if longest == LONGEST else short))
        if CELLS[0] <= cells <= CELLS[1] and length <= LONGEST:
            return longest
    return 0


def _are_alike(group: Group) -> bool:
    """Whether records have the same columns, two at least, and are more than links as menus have them."""
    held = Counter(column for record in group.records for column in {each.column for each in record})
    shared = {column for column, count in held.items() if 2 * count >= len(group.records)}
    pieces = [piece for record in group.records for piece in record]
    alike = sum(piece.column in shared for piece in pieces)
    told = {piece.column for piece in pieces if not piece.is_link} & shared
    # A card may be one link; the entries of a menu lead to places of their own.
    single = sum(len({url for each in record for *_, url in each.links}) == 1 for record in group.records)
    links = bool(told) or single > 0.5 * len(group.records)
    return len(shared) >= CELLS[0] and alike >= ALIKE * len(pieces) and links


def _length(group: Group) -> int:
    return sum(len(piece.text) for record in group.records for piece in record)


def _holds_records(group: Group, groups: Sequence[Group]) -> bool:
    """Whether a group is but the sections in which records stand: most of it is in groups of its own, whose
    records begin with words of their own, as the lines of a data sheet within each record do not."""
    within = [each for each in groups if each.chunks < group.chunks]
    held = frozenset().union(*(each.chunks for each in within))
    heads = [record[0].text for each in within for record in each.records]
    return 2 * len(held) > len(group.chunks) and len(set(heads)) > DISTINCT * len(heads)


def _pieces(chunks: Sequence[Chunk], member: Sequence[int], root: Node, longest: int) -> tuple[Piece, ...]:
    """The lines of a record up to a length, each once. ``member`` holds all chunks beneath one element,
    ``root``. What stands in some records alone (a badge) moves nothing else to another column."""
    seen: Counter[Column] = Counter()
    said: set[str] = set()
    found = []
    for number in member:
        chunk = chunks[number]
        if longest < LONGEST and any(len(line) > longest for line in chunk.text.split("\n")):
            continue
        path = tuple(_path(chunk.node, root))
        at = 0
        for line in chunk.text.split("\n"):
            links = tuple((s - at, e - at, u) for s, e, u in chunk.links if at <= s and e <= at + len(line))
            labels = tuple((s - at, words) for s, words in chunk.labels if at <= s < at + len(line))
            marks = tuple(
                (max(0, s - at), min(len(line), e - at), kind)
                for s, e, kind in chunk.marks
                if s < at + len(line) and at < e
            )
            at += len(line) + 1
            if line.strip() and line.strip() not in said:
                said.add(line.strip())
                column, text = (*path, str(seen[path])), line.replace("\t", " ")
                is_heading = chunk.kind is BlockKind.HEADING
                found.append(Piece(number, column, text, links, is_heading, labels, marks))
                seen[path] += 1
    return tuple(found)


def _path(node: Node | None, root: Node) -> Iterator[str]:
    """The elements from a chunk's up to a record's."""
    while node is not None and node is not root:
        yield _unnumbered(node.signature)
        node = node.parent


@lru_cache(4096)
def _unnumbered(signature: str) -> str:
    return _DIGITS.sub("", signature)
