"""PDF by pypdfium2: the text of each page as paragraphs, headings told by the size of their type."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from browseagent.read.characters import clean, fold_space
from browseagent.read.chunks import Chunk
from browseagent.records import BlockKind

_MAX_PAGES = 2000
_BULLET = re.compile(r"^[•◦▪‣●○■–—*-]\s+")
_NUMBERED = re.compile(r"^(?:\d{1,3}[.)]|\([a-z\d]{1,3}\))\s+")
_END = re.compile(r"[.!?:;。！？][\"'”’)\]]*$")
# Letters larger than the body's by this factor are a heading's: a choice, not a
# measurement (12 point above 10 is 1.2).
_LARGER = 1.15


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page: its text, its edges and the size of its type, in points.

    PDFium joins two lines to one where a word is divided between them.
    """

    text: str
    left: float
    right: float
    bottom: float
    top: float
    size: float
    """Height of its letters."""


def pdf_chunks(body: bytes) -> tuple[str, list[Chunk]]:
    """Title and blocks of a PDF, each with its page. Raises ValueError where it cannot be read."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as error:
        raise ValueError(f"the PDF cannot be read: {error}") from error
    try:
        title = fold_space(clean(document.get_metadata_dict().get("Title") or ""))
        pages = [_lines(document[index]) for index in range(min(len(document), _MAX_PAGES))]
    except pypdfium2.PdfiumError as error:
        raise ValueError(f"the PDF is damaged: {error}") from error
    finally:
        document.close()
    pages = without_running_lines(pages)
    sizes = Counter(round(line.size, 1) for lines in pages for line in lines for _ in range(len(line.text)))
    usual = sizes.most_common(1)[0][0] if sizes else 0.0
    chunks: list[Chunk] = []
    for number, lines in enumerate(pages, 1):
        chunks += page_chunks(lines, number, usual)
    return title, chunks


def _lines(page: Any) -> list[Line]:
    """The lines of a page in reading order, as PDFium orders them."""
    textpage = page.get_textpage()
    try:
        count = textpage.count_chars()
        text = textpage.get_text_range(0, count) if count else ""
        lines = []
        position = 0
        for piece in re.split(r"(\r\n|\n|\r)", text):
            if piece.strip():
                lines.append(_line(textpage, piece, position, count))
            position += len(piece)
        return lines
    finally:
        textpage.close()
        page.close()


def _line(textpage: Any, piece: str, position: int, count: int) -> Line:
    boxes = []
    for index in range(position, min(position + len(piece), count)):
        left, bottom, right, top = textpage.get_charbox(index, loose=True)
        if right > left and top > bottom:
            boxes.append((left, bottom, right, top))
    text = piece.replace("\ufffe", "").replace("\x02", "")  # how PDFium writes the hyphen of a divided word
    if not boxes:
        return Line(text, 0, 0, 0, 0, 0)
    heights = sorted(top - bottom for _, bottom, _, top in boxes)
    left, bottom = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, top = max(box[2] for box in boxes), max(box[3] for box in boxes)
    return Line(text, left, right, bottom, top, heights[len(heights) // 2])


def without_running_lines(pages: list[list[Line]]) -> list[list[Line]]:
    """The pages without heads, feet and page numbers: first and last lines that return on most pages."""
    if len(pages) < 3:
        return pages

    def key(line: Line) -> str:
        return re.sub(r"\d+", "#", fold_space(line.text)).lower()

    edges = Counter(k for lines in pages for k in {key(line) for line in [*lines[:2], *lines[-2:]]})
    running = {text for text, seen in edges.items() if seen >= max(3, 0.6 * len(pages)) and len(text) < 120}
    return [
        [line for i, line in enumerate(lines) if key(line) not in running or 2 <= i < len(lines) - 2]
        for lines in pages
    ]


def page_chunks(lines: list[Line], page: int, usual: float) -> list[Chunk]:
    """The lines of one page joined to headings, items and paragraphs."""
    chunks: list[Chunk] = []
    block: list[Line] = []
    right = max((line.right for line in lines), default=0.0)
    for line in lines:
        if block and _breaks(block[-1], line, right, usual):
            chunks.append(_joined(block, page, usual))
            block = []
        block.append(line)
    if block:
        chunks.append(_joined(block, page, usual))
    return chunks


def _breaks(before: Line, line: Line, right: float, usual: float) -> bool:
    """Whether a new block begins at ``line``."""
    if (
        _BULLET.match(line.text)
        or _NUMBERED.match(line.text)
        or abs(before.size - line.size) > 0.12 * max(before.size, line.size)
    ):
        return True
    gap = before.bottom - line.top
    if gap > 0.75 * max(line.size, 1.0) or gap < -2.5 * max(
        line.size, 1.0
    ):  # a blank line, or another column
        return True
    short = before.right < right - 0.15 * max(right - before.left, 1.0)
    return short and bool(_END.search(before.text.rstrip()))


def _joined(lines: list[Line], page: int, usual: float) -> Chunk:
    """One block of lines, words divided at line ends put together again."""
    text = ""
    for line in lines:
        piece = fold_space(clean(line.text))
        if text.endswith("-") and len(text) > 1 and text[-2].islower() and piece[:1].islower():
            text = text[:-1] + piece
        else:
            text = f"{text} {piece}".strip()
    larger = usual > 0 and lines[0].size > usual * _LARGER
    if larger and len(text) < 200 and not text.endswith((".", ",", ";")):
        level = 1 if lines[0].size > usual * 1.6 else 2 if lines[0].size > usual * 1.3 else 3
        return Chunk(BlockKind.HEADING, text, level=level, page=page)
    if bullet := _BULLET.match(text):
        return Chunk(BlockKind.ITEM, text[bullet.end() :], level=1, page=page)
    return Chunk(BlockKind.PARAGRAPH, text, page=page)
