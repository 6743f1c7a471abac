"""A document as Markdown (CommonMark with GitHub's tables), from its blocks and links."""

from __future__ import annotations

import re

from browseagent.records import Block, BlockKind, Document, Link

_SPECIAL = re.compile(r"([\\`*_\[\]<>])")
_LINE_START = re.compile(
    r"^(\s*)(#{1,6}(?=\s)|[-+](?=\s)|\d{1,9}[.)](?=\s)|=+\s*$|-+\s*$|~{3,})", re.MULTILINE
)
_UNSAFE_IN_URL = {" ": "%20", "(": "%28", ")": "%29", "<": "%3C", ">": "%3E", "\n": "", "\t": ""}


def to_markdown(document: Document) -> str:
    """Markdown that keeps headings, lists, tables, code, quotes and links. Ends with a line end,
    unless the document is empty. The title comes first where no heading of the text says it."""
    links = sorted((link for link in document.links if link.start >= 0), key=lambda link: link.start)
    parts: list[str] = []
    number = 0
    at = 0
    previous: Block | None = None
    for block in document.blocks:
        while at < len(links) and links[at].start < block.start:
            at += 1
        inside = []
        for link in links[at:]:
            if link.start >= block.end:
                break
            inside.append(link)
        number = number + 1 if _continues(previous, block) else 1
        if previous is not None:
            parts.append("\n" if _tight(previous, block) else "\n\n")
        parts.append(_block(document, block, inside, number, first=not _continues(previous, block)))
        previous = block
    headings = [b for b in document.blocks if b.kind is BlockKind.HEADING]
    if parts and document.title and not any(b.level == 1 for b in headings[:1]):
        parts.insert(0, f"# {_inline(document.title, 0, len(document.title), [])}\n\n")
    return "".join(parts) + "\n" if parts else ""


def _continues(before: Block | None, block: Block) -> bool:
    if before is None or before.kind is not block.kind:
        return False
    if block.kind is BlockKind.ROW:
        return before.table == block.table
    return block.kind is BlockKind.ITEM and before.level == block.level and before.ordered == block.ordered


def _tight(before: Block, block: Block) -> bool:
    if before.kind is BlockKind.ITEM and block.kind is BlockKind.ITEM:
        return True
    return block.kind is BlockKind.ROW and _continues(before, block)


def _block(document: Document, block: Block, links: list[Link], number: int, *, first: bool) -> str:
    if block.kind is BlockKind.CODE:
        body = document.block_text(block)
        longest = max((len(run) for run in re.findall(r"`{3,}", body)), default=2)
        fence = "`" * (longest + 1)
        return f"{fence}{block.language}\n{body}\n{fence}"
    if block.kind is BlockKind.ROW:
        return _row(document, block, links, first=first)
    body = _inline(document.text, block.start, block.end, links)
    if block.kind is BlockKind.HEADING:
        return "#" * max(1, min(6, block.level)) + " " + body.replace("\n", " ")
    body = _LINE_START.sub(
        lambda m: m[1] + "\\" + m[2] if not m[2][0].isdigit() else m[1] + m[2][:-1] + "\\" + m[2][-1], body
    )
    if block.kind is BlockKind.ITEM:
        mark = f"{number}. " if block.ordered else "- "
        indent = "   " * (max(1, block.level) - 1)
        return indent + mark + body.replace("\n", "\n" + indent + " " * len(mark))
    if block.kind is BlockKind.QUOTE:
        return "> " + body.replace("\n", "\n> ")
    return body.replace("\n", "  \n")


def _row(document: Document, block: Block, links: list[Link], *, first: bool) -> str:
    spans = [(cell.start, cell.end) for cell in block.cells] or [(block.start, block.end)]
    cells = []
    for start, end in spans:
        inside = [link for link in links if start <= link.start and link.end <= end]
        cells.append(_inline(document.text, start, end, inside).replace("|", "\\|").replace("\n", " "))
    line = "| " + " | ".join(cells) + " |"
    if not first:
        return line
    width = max(len(b.cells) for b in document.blocks if b.kind is BlockKind.ROW and b.table == block.table)
    width = max(width, 1)
    rule = "|" + " --- |" * width
    if block.is_header:
        return line + "\n" + rule
    return "|" + "  |" * width + "\n" + rule + "\n" + line  # a table must have a header; this one has none


def _inline(text: str, start: int, end: int, links: list[Link]) -> str:
    parts: list[str] = []
    position = start
    for link in links:
        if link.start < position or link.end > end:
            continue  # overlaps one before it
        parts.append(_SPECIAL.sub(r"\\\1", text[position : link.start]))
        url = "".join(_UNSAFE_IN_URL.get(c, c) for c in link.url)
        label = _SPECIAL.sub(r"\\\1", text[link.start : link.end])
        parts.append(f"[{label}]({url})")
        position = link.end
    parts.append(_SPECIAL.sub(r"\\\1", text[position:end]))
    return "".join(parts)
