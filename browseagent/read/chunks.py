"""The pieces that a reader of any format makes, before they are set into one text.

A :class:`Chunk` is a block that knows its own text but not yet its place; :func:`compose` sets a run
of chunks into a :class:`~browseagent.records.Document`'s text, blocks and links.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain, repeat
from typing import TYPE_CHECKING, Literal
from unicodedata import category

from browseagent.read.text import clean
from browseagent.records import Block, BlockKind, Cell, Label, Link, Mark

if TYPE_CHECKING:
    from browseagent.read.nodes import Node


Meaning = Literal["struck", "formula"]
FORMULA: Meaning = "formula"
Stretch = tuple[int, int, Meaning]
"""start, end and meaning of a :class:`~browseagent.records.Mark` in the making."""


@dataclass(slots=True)
class Chunk:
    """One block in the making; offsets are into ``text``."""

    kind: BlockKind
    text: str
    links: list[tuple[int, int, str]] = field(default_factory=list)
    """start, end, absolute URL."""
    level: int = 0
    ordered: bool = False
    number: int | None = None
    marks: list[Stretch] = field(default_factory=list)
    cells: list[tuple[int, int, str]] = field(default_factory=list)
    """start, end, column header."""
    called: list[str] = field(default_factory=list)
    """What the markup calls each cell, where it is a record's."""
    is_header: bool = False
    table: int = -1
    language: str = ""
    anchor: str = ""
    page: int = 0
    node: Node | None = None
    """Where in the HTML tree it stands; None for other formats."""
    offered: bool = False
    """Hidden until a person clicks."""
    term: int = 0
    """Characters at its front that are a term, see :class:`~browseagent.records.Block`."""
    place: str = ""
    """Where it stands, if not in the main text."""
    labels: list[tuple[int, str]] = field(default_factory=list)
    """Offset and words of each :class:`~browseagent.records.Label`, in order."""

    @property
    def post(self) -> int:
        """Number of the post that it is of; -1 where it is of none."""
        return self.node.post if self.node is not None else -1


_CLOSES = ".,;:!?)]}’”»"
"""What touches the word before it."""


class Run:
    """Gathers inline text: white space collapses, links and marks keep their place."""

    __slots__ = (
        "_apart", "_label", "_length", "_open", "_part", "_parts", "_space", "_struck", "labels", "links",
        "marks",
    )  # fmt: skip

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._space = False
        self._part = False
        self._apart = False
        self._open: tuple[int, str] | None = None
        self._struck: list[int] = []
        self.links: list[tuple[int, int, str]] = []
        self.marks: list[Stretch] = []
        self._label = ""
        self.labels: list[tuple[int, str]] = []

    def __len__(self) -> int:
        return self._length

    def add(self, text: str) -> None:
        """Adds text as HTML shows it: white space collapsed, invisible characters left out."""
        words = text.split()
        if not words:  # most often: what stands between two tags
            self._space = self._space or text[:1] in (" ", "\n", "\t") or bool(clean(text))
            return
        if (cleaned := clean(text)) is not text:
            text, words = cleaned, cleaned.split()
            if not words:
                self._space = self._space or bool(text)
                return
        if self._part:
            self.line()
        if self._apart and text[0] not in _CLOSES:
            self._space = True
        self._apart = False
        if (self._space or text[0].isspace()) and self._length and not self._at_break():
            self._put(" ")
        if self._label:
            if begins_value(words[0]):
                self.labels.append((self._length, self._label))
            self._label = ""
        self._put(" ".join(words))
        self._space = text[-1].isspace()

    def label(self, words: str) -> None:
        """Words that are not shown and say what the next text is, if that is a value."""
        self._label = words

    def space(self) -> None:
        """A boundary that shows as a gap."""
        self._space = True

    def part(self) -> None:
        """A boundary that shows as a line break where there is text on both sides of it."""
        self._part = True

    def line(self) -> None:
        """A line break."""
        self._part = False
        if self._length and not self._at_break():
            self._put("\n")
        self._space = False

    def tab(self) -> int:
        """A cell boundary; the offset at which the next cell starts."""
        self._put("\t")
        self._space = False
        return self._length

    def open(self, url: str) -> None:
        """A link starts here."""
        self._open = (self._length, url)

    def close(self) -> None:
        """The open link ends here."""
        if self._open is not None:
            start, url = self._open
            while start < self._length and self.text[start].isspace():
                start += 1
            if start < self._length:
                self.links.append((start, self._length, url))
            self._open = None

    def strike(self) -> None:
        """What is struck out starts here, within other such text or not. What touches it is another word."""
        if self._length and self.text[-1].isalnum():
            self.space()
        self._struck.append(self._length)

    def unstrike(self) -> None:
        """The innermost struck text ends here."""
        start = self._struck.pop()
        if not self._struck:
            self._mark(start, "struck")
            self._apart = True

    def formula(self, text: str) -> None:
        """Adds a formula."""
        start = self._length
        self.add(text)
        if not self._struck:
            self._mark(start, "formula")

    def touch(self, sign: str) -> None:
        """A sign right after the text so far, unless white space comes between."""
        if sign and not self._space and not self._at_break():
            self._put(sign)

    def _mark(self, start: int, kind: Meaning) -> None:
        while start < self._length and self.text[start].isspace():
            start += 1
        if start < self._length:
            self.marks.append((start, self._length, kind))

    @property
    def text(self) -> str:
        """What was gathered so far."""
        if len(self._parts) > 1:
            self._parts = ["".join(self._parts)]
        return self._parts[0] if self._parts else ""

    def _at_break(self) -> bool:
        return self._parts[-1][-1] in "\n\t" if self._parts else True

    def _put(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)


def begins_value(word: str) -> bool:
    """Whether a word begins as a number or an amount of money does."""
    return word[0].isdigit() or (category(word[0]) == "Sc" and word[1:2].isdigit())


def compose(chunks: Iterable[Chunk]) -> tuple[str, tuple[Block, ...], tuple[Link, ...]]:
    """Text, blocks and links of chunks in order. Items and rows that belong together are one line
    apart, everything else one blank line."""
    parts: list[str] = []
    blocks: list[Block] = []
    links: list[Link] = []
    position = 0
    previous: Chunk | None = None
    for chunk in chunks:
        body, shift = _trimmed(chunk)
        if not body:
            continue
        if previous is not None:
            gap = "\n" if _together(previous, chunk) else "\n\n"
            parts.append(gap)
            position += len(gap)
        end = position + len(body)
        cells = [
            Cell(position + max(0, s - shift), position + min(len(body), max(0, e - shift)), header, called)
            for (s, e, header), called in zip(chunk.cells, chain(chunk.called, repeat("")), strict=False)
        ]
        marks = [
            Mark(position + max(0, s - shift), position + min(len(body), e - shift), kind)
            for s, e, kind in chunk.marks
        ]
        labels = [Label(position + max(0, at - shift), words) for at, words in chunk.labels]
        blocks.append(
            Block(chunk.kind, position, end, chunk.level, chunk.ordered, tuple(cells), chunk.is_header,
                  chunk.table, chunk.language, chunk.anchor, chunk.page, min(len(body), chunk.term),
                  chunk.number, tuple(marks), chunk.place, chunk.post, tuple(labels))
        )  # fmt: skip
        for s, e, url in chunk.links:
            start, stop = max(0, s - shift), min(len(body), e - shift)
            if start < stop:
                links.append(Link(url, body[start:stop], position + start, position + stop))
        parts.append(body)
        position = end
        previous = chunk
    return "".join(parts), tuple(blocks), tuple(links)


def _trimmed(chunk: Chunk) -> tuple[str, int]:
    """The chunk's text without white space at its ends, and how much went at the front. Rows keep
    their tabs, which stand for empty cells; code keeps the indentation of its first line."""
    if chunk.kind is BlockKind.ROW:
        return (chunk.text, 0) if chunk.text.strip() else ("", 0)
    if chunk.kind is BlockKind.CODE:
        body = chunk.text.rstrip()
        start = len(body) - len(body.lstrip("\n"))
        return body[start:], start
    body = chunk.text.strip()
    return body, len(chunk.text) - len(chunk.text.lstrip())


def _together(before: Chunk, after: Chunk) -> bool:
    if before.kind is not after.kind or before.page != after.page:
        return False
    if after.kind is BlockKind.ROW:
        return before.table == after.table
    return after.kind is BlockKind.ITEM
