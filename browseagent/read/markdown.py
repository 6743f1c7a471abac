"""A document as Markdown (CommonMark with GitHub's tables), from its blocks and links."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby, takewhile

from browseagent.read.placed import PlacedLinks
from browseagent.records import Block, BlockKind, Document, Link, Mark

_SPECIAL = re.compile(r"([\\`*_\[\]<>]|~(?=~))")
_UNSAFE_IN_URL = {" ": "%20", "(": "%28", ")": "%29", "<": "%3C", ">": "%3E", "\n": "", "\t": ""}


def inline(text: str, start: int, end: int, links: Sequence[Link], marks: Sequence[Mark] = ()) -> str:
    """A span of a text with its links and marks; what Markdown would take for its own signs is escaped."""
    parts: list[str] = []
    position = start
    for link in links:
        if link.start < position or link.end > end:
            continue  # overlaps one before it
        parts.append(_marked(text, position, link.start, marks))
        url = "".join(_UNSAFE_IN_URL.get(c, c) for c in link.url)
        parts.append(f"[{_marked(text, link.start, link.end, marks)}]({url})")
        position = link.end
    parts.append(_marked(text, position, end, marks))
    return "".join(parts)


def _marked(text: str, start: int, end: int, marks: Sequence[Mark]) -> str:
    """A span without links: what is struck out between tildes, formulas as they are."""
    parts: list[str] = []
    position = start
    for mark in marks:
        first, last = max(start, mark.start), min(end, mark.end)
        words = text[first:last].strip()
        if first >= last or not words:
            continue
        at = text.index(words, first)
        parts.append(_escaped(text[position:at]))
        parts.append(_formula(words) if mark.kind == "formula" else f"~~{_escaped(words)}~~")
        position = at + len(words)
    parts.append(_escaped(text[position:end]))
    return "".join(parts)


def _formula(tex: str) -> str:
    """A formula between dollar signs, whatever it stood between."""
    if tex[:2] in ("\\(", "\\["):
        sign = "$" if tex[1] == "(" else "$$"
        return f"{sign}{tex[2:-2].strip()}{sign}"
    return tex


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


Within = Callable[[int, int], Sequence[Link]]
"""The links of a span."""


def markdown_table(document: Document, rows: Sequence[Block], links: Within) -> str:
    """The rows of one table. Several header rows are set as one, as Markdown knows no more: a column is named
    by its headers from above. Titles across the table that stand before them are paragraphs before it."""

    def cells(block: Block) -> list[str]:
        spans = [(cell.start, cell.end) for cell in block.cells] or [(block.start, block.end)]
        inner = (inline(document.text, start, end, links(start, end), block.marks) for start, end in spans)
        return list(map(_cell, inner))

    titles = list(takewhile(lambda row: len(row.cells) < 2 and not row.is_header, rows))
    headers = list(takewhile(lambda row: row.is_header, rows[len(titles) :]))
    if not headers:
        titles = []
    body = [cells(row) for row in rows[len(titles) + len(headers) :]]
    width = max([1, *(len(row) for row in body), *(len(row.cells) for row in headers)])
    lines = ["".join(f"{cells(title)[0]}\n\n" for title in titles)]
    for row in [_names(rows, [cells(row) for row in headers], width), ["---"] * width, *body]:
        # A table must have a header; one without has an empty one.
        lines.append(f"| {' | '.join([*row, *[''] * (width - len(row))])} |\n")
    return "".join(lines).removesuffix("\n")


def _names(rows: Sequence[Block], headers: Sequence[Sequence[str]], width: int) -> list[str]:
    """What names each column: its header cells, the upper ones first. A header cell over several columns
    stands in the first of them; for the others the cells below know it."""
    names: list[str] = []
    for column in range(width):
        said = [row[column] for row in headers if column < len(row) and row[column]]
        known = (row.cells[column].header for row in rows if not row.is_header and len(row.cells) == width)
        whole = next(filter(None, known), "")
        names.append(
            _cell(inline(whole, 0, len(whole), ())) if whole and len(headers) > 1 else " / ".join(said)
        )
    return names


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", "<br>")


_LINE_START = re.compile(
    r"^(\s*)(#{1,6}(?=\s)|[-+](?=\s)|\d{1,9}[.)](?=\s)|=+\s*$|-+\s*$|~{3,})", re.MULTILINE
)


def to_markdown(document: Document) -> str:
    """Markdown that keeps headings, lists, tables, code, quotes and links. Ends with a line end,
    unless the document is empty. The title comes first where no heading of the text says it."""
    links = PlacedLinks(document)
    parts: list[str] = []
    number = 0
    previous: Block | None = None
    for block, *rest in _whole(document.blocks):
        number = number + 1 if _continues(previous, block) else 1
        if previous is not None:
            parts.append("\n" if previous.kind is BlockKind.ITEM is block.kind else "\n\n")
        if block.kind is BlockKind.ROW:
            parts.append(markdown_table(document, [block, *rest], links.within))
        else:
            parts.append(_block(document, block, links.within(block.start, block.end), number))
        previous = block
    headings = [b for b in document.blocks if b.kind is BlockKind.HEADING]
    if parts and document.title and not any(b.level == 1 for b in headings[:1]):
        parts.insert(0, f"# {inline(document.title, 0, len(document.title), [])}\n\n")
    return "".join(parts) + "\n" if parts else ""


def _whole(blocks: Iterable[Block]) -> Iterator[list[Block]]:
    """Each block by itself, but the rows of a table together."""
    for _, run in groupby(blocks, key=lambda block: block.table if block.kind is BlockKind.ROW else -1):
        rows = list(run)
        yield from [rows] if rows[0].kind is BlockKind.ROW else ([block] for block in rows)


def _continues(before: Block | None, block: Block) -> bool:
    """Whether an item is the next of its list."""
    if before is None or not before.kind is block.kind is BlockKind.ITEM:
        return False
    return before.level == block.level and before.ordered == block.ordered


def _block(document: Document, block: Block, links: list[Link], number: int) -> str:
    if block.kind is BlockKind.CODE:
        body = document.block_text(block)
        longest = max((len(run) for run in re.findall(r"`{3,}", body)), default=2)
        fence = "`" * (longest + 1)
        return f"{fence}{block.language}\n{body}\n{fence}"
    body = inline(document.text, block.start, block.end, links, block.marks)
    if block.kind is BlockKind.HEADING:
        return "#" * max(1, min(6, block.level)) + " " + body.replace("\n", " ")
    body = _LINE_START.sub(
        lambda m: m[1] + "\\" + m[2] if not m[2][0].isdigit() else m[1] + m[2][:-1] + "\\" + m[2][-1], body
    )
    if block.kind is BlockKind.ITEM:
        mark = f"{number if block.number is None else block.number}. " if block.ordered else "- "
        indent = "   " * (max(1, block.level) - 1)
        return indent + mark + body.replace("\n", "\n" + indent + " " * len(mark))
    if block.kind is BlockKind.QUOTE:
        return "> " + body.replace("\n", "\n> ")
    return body.replace("\n", "  \n")
