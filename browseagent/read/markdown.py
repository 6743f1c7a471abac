"""A document as Markdown (CommonMark with GitHub's tables), from its blocks and links."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import groupby

from browseagent.read.markdown_inline import inline
from browseagent.read.markdown_tables import markdown_table
from browseagent.records import Block, BlockKind, Document, Link

_LINE_START = re.compile(
    r"^(\s*)(#{1,6}(?=\s)|[-+](?=\s)|\d{1,9}[.)](?=\s)|=+\s*$|-+\s*$|~{3,})", re.MULTILINE
)


def to_markdown(document: Document) -> str:
    """Markdown that keeps headings, lists, tables, code, quotes and links. Ends with a line end,
    unless the document is empty. The title comes first where no heading of the text says it."""
    links = _Links(document)
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


class _Links:
    """The links of a document that stand in its text."""

    def __init__(self, document: Document) -> None:
        self._placed = sorted(
            (link for link in document.links if link.start >= 0), key=lambda link: link.start
        )
        self._starts = [link.start for link in self._placed]

    def within(self, start: int, end: int) -> list[Link]:
        """Those that begin in a span, in order."""
        return self._placed[bisect_left(self._starts, start) : bisect_left(self._starts, end)]


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
