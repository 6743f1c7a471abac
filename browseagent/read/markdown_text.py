"""Markdown as a source: its blocks, with the marks taken off and the links kept."""

from __future__ import annotations

import re
from dataclasses import dataclass

from browseagent.read.chunks import Chunk, Stretch
from browseagent.read.inline import resolve
from browseagent.read.text import clean
from browseagent.records import BlockKind

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})\s*([\w+#-]*)[^`]*$")
_HEADING = re.compile(r"^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_UNDERLINE = re.compile(r"^ {0,3}(=+|-+)\s*$")
_ITEM = re.compile(r"^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$")
_QUOTE = re.compile(r"^ {0,3}>\s?(.*)$")
_RULE = re.compile(r"^ {0,3}(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,})$")
_TABLE_RULE = re.compile(r"^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")
_INLINE = re.compile(
    r"\\([!-/:-@\[-`{-~])|`+([^`]+)`+|!\[([^\]]*)\]\([^)]*\)|\[([^\]]+)\]\(\s*<?([^\s)>]*)>?(?:\s+[\"'][^)]*)?\)"
    r"|<(https?://[^>\s]+)>|~~(?=\S)(.+?)(?<=\S)~~|(\*{1,3}|(?<!\w)_{1,3})(?=\S)(.+?)(?<=\S)\8(?!\w)"
)


_FRONT = re.compile(r"\A\ufeff?---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S)
_FIELD = re.compile(r"^([A-Za-z][\w-]*):[ \t]*(.*?)[ \t]*$", re.M)


def front_matter(text: str) -> tuple[dict[str, str], str]:
    """The plain fields of a text's front matter (YAML between two rules) and the text after it."""
    found = _FRONT.match(text)
    fields = dict(_FIELD.findall(found[1])) if found else {}
    if found is None or not fields:
        return {}, text
    return {name.lower(): value.strip("\"'") for name, value in fields.items()}, text[found.end() :]


def markdown_chunks(text: str, url: str) -> list[Chunk]:
    """The blocks of a Markdown text."""
    reader = _Reader(url)
    for line in clean(text).split("\n"):
        reader.line(line)
    reader.flush()
    return reader.chunks


class _Reader:
    def __init__(self, url: str) -> None:
        self.url = url
        self.chunks: list[Chunk] = []
        self.lines: list[str] = []
        self.kind = BlockKind.PARAGRAPH
        self.level = 0
        self.ordered = False
        self.number: int | None = None
        self.fence = ""
        self.language = ""
        self.table: list[str] | None = None
        self.tables = 0

    def line(self, line: str) -> None:
        """Takes one line of the source."""
        if self.fence:
            self.fenced(line)
        elif self.table is not None and "|" in line:
            self.row(line)
        elif (found := _FENCE.match(line)) is not None:
            self.begin(BlockKind.CODE)
            self.fence, self.language = found[1], found[2].lower()
        elif (found := _HEADING.match(line)) is not None:
            self.begin(BlockKind.HEADING, len(found[1]))
            self.lines = [found[2]]
            self.begin(BlockKind.PARAGRAPH)
        elif (
            self.lines and self.kind is BlockKind.PARAGRAPH and (found := _UNDERLINE.match(line)) is not None
        ):
            self.kind, self.level = BlockKind.HEADING, 1 if found[1][0] == "=" else 2
            self.begin(BlockKind.PARAGRAPH)
        elif self.lines and "|" in self.lines[-1] and _TABLE_RULE.match(line):
            self.header()
        elif _RULE.match(line) or not line.strip():
            self.begin(BlockKind.PARAGRAPH)
        else:
            self.text(line)

    def text(self, line: str) -> None:
        """A line of a list, a quote or a paragraph."""
        self.table = None
        if (found := _ITEM.match(line)) is not None:
            self.begin(BlockKind.ITEM, 1 + len(found[1].expandtabs(4)) // 2)
            self.ordered = found[2][0].isdigit()
            self.number = int(found[2][:-1]) if self.ordered else None
            self.lines = [found[3]]
        elif (found := _QUOTE.match(line)) is not None:
            if self.kind is not BlockKind.QUOTE:
                self.begin(BlockKind.QUOTE)
            self.lines.append(found[1])
        elif line.startswith("    ") and not self.lines:
            self.chunks.append(Chunk(BlockKind.CODE, line[4:]))
        else:
            self.lines.append(line.strip())

    def fenced(self, line: str) -> None:
        """A line of code, or the end of it."""
        if line.strip().startswith(self.fence) and not line.strip().strip(self.fence[0]):
            self.chunks.append(Chunk(BlockKind.CODE, "\n".join(self.lines), language=self.language))
            self.fence, self.lines, self.kind = "", [], BlockKind.PARAGRAPH
        else:
            self.lines.append(line)

    def begin(self, kind: BlockKind, level: int = 0) -> None:
        """Ends the block before and begins another."""
        self.flush()
        self.kind, self.level, self.ordered, self.table = kind, level, False, None
        self.number = None

    def header(self) -> None:
        """The line before was the header of a table."""
        names = self.lines.pop()
        self.begin(BlockKind.PARAGRAPH)
        cells = [_marked(part, self.url) for part in _parts(names)]
        self.table = [cell.text for cell in cells]
        self.put_row(cells, is_header=True)
        self.tables += 1

    def row(self, line: str) -> None:
        """A row of the open table."""
        self.tables -= 1
        self.put_row([_marked(part, self.url) for part in _parts(line)], is_header=False)
        self.tables += 1

    def put_row(self, cells: list[_Words], *, is_header: bool) -> None:
        """Adds a row of cells."""
        headers = self.table or []
        text = "\t".join(cell.text for cell in cells)
        chunk = Chunk(BlockKind.ROW, text, table=self.tables, is_header=is_header)
        position = 0
        for index, cell in enumerate(cells):
            named = headers[index] if index < len(headers) and not is_header else ""
            chunk.cells.append((position, position + len(cell.text), named))
            chunk.links += [(position + start, position + end, goal) for start, end, goal in cell.links]
            chunk.marks += [(position + start, position + end, kind) for start, end, kind in cell.marks]
            position += len(cell.text) + 1
        self.chunks.append(chunk)

    def flush(self) -> None:
        """Makes a chunk of the lines gathered so far."""
        if self.fence:  # never closed: all the rest is code
            self.chunks.append(Chunk(BlockKind.CODE, "\n".join(self.lines), language=self.language))
        elif any(line.strip() for line in self.lines):
            words = _marked("\n".join(self.lines).strip(), self.url)
            chunk = Chunk(self.kind, words.text, words.links, level=self.level, ordered=self.ordered)
            chunk.number, chunk.marks = self.number, words.marks
            self.chunks.append(chunk)
        self.lines = []


def _parts(line: str) -> list[str]:
    inner = re.sub(r"^\s*\||(?<!\\)\|\s*$", "", line)
    return [part.strip().replace("\\|", "|") for part in re.split(r"(?<!\\)\|", inner)]


@dataclass(frozen=True, slots=True)
class _Words:
    """Text without inline marks, its links, and what of it is struck out."""

    text: str
    links: list[tuple[int, int, str]]
    marks: list[Stretch]


def _marked(text: str, url: str) -> _Words:
    """The words of a line or of several."""
    out: list[str] = []
    links: list[tuple[int, int, str]] = []
    marks: list[Stretch] = []
    length = position = 0
    for found in _INLINE.finditer(text):
        escaped, code, image, label, target, bare, struck, _, stressed = found.groups()
        words = next((v for v in (escaped, code, image, label, bare, struck, stressed) if v is not None), "")
        if label is not None or stressed is not None or struck is not None:
            words = re.sub(r"(\*{1,3}|`+|(?<!\w)_{1,3}(?=\w)|(?<=\w)_{1,3}(?!\w))", "", words)
        before = text[position : found.start()]
        out += [before, words]
        start = length + len(before)
        length = start + len(words)
        goal = resolve(url, target or bare or "")
        if goal and words and (label is not None or bare is not None):
            links.append((start, length, goal))
        if struck is not None and words:
            marks.append((start, length, "struck"))
        position = found.end()
    out.append(text[position:])
    return _Words("".join(out), links, marks)
