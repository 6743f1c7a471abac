"""PDF by pypdfium2: the text of each page as paragraphs, headings told by the size of their type."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from browseagent.read.chunks import Chunk
from browseagent.read.pdf_columns import Line, Row, Word, joint, lines_in_order, words_of
from browseagent.read.text import clean, fold_space
from browseagent.records import BlockKind

_MAX_PAGES = 2000
_DIVIDES = "\ufffe\x02"
"""How PDFium writes a hyphen at the end of a line, with the next line right after it."""
_BULLET = re.compile(r"^[•◦▪‣●○■–—*-]\s+")
_NUMBERED = re.compile(r"^(?:\d{1,3}[.)]|\([a-z\d]{1,3}\))\s+")
_END = re.compile(r"[.!?:;。！？][\"'”’)\]]*$")
# Letters larger than the body's by this factor are a heading's: a choice, not a
# measurement (12 point above 10 is 1.2).
_LARGER = 1.15


def pdf_chunks(body: bytes) -> tuple[str, list[Chunk], int]:
    """Title and blocks of a PDF, each with its page, and how many pages beyond the first 2,000 were left out.
    Raises ValueError where it cannot be read."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as error:
        raise ValueError(f"the PDF cannot be read: {error}") from error
    try:
        title = fold_space(clean(document.get_metadata_dict().get("Title") or ""))
        left = max(0, len(document) - _MAX_PAGES)
        pages = [_lines(document[index]) for index in range(min(len(document), _MAX_PAGES))]
    except pypdfium2.PdfiumError as error:
        raise ValueError(f"the PDF is damaged: {error}") from error
    finally:
        document.close()
    pages = without_running_lines(pages)
    sizes = Counter(round(line.size, 1) for lines in pages for line in lines for _ in range(len(line.text)))
    usual = sizes.most_common(1)[0][0] if sizes else 0.0
    known = words_of(line.text for lines in pages for line in lines)
    chunks: list[Chunk] = []
    for number, lines in enumerate(pages, 1):
        chunks += page_chunks(lines, number, usual, known)
    return title, chunks, left


def _lines(page: Any) -> list[Line]:
    """The lines of a page in reading order."""
    textpage = page.get_textpage()
    try:
        count = textpage.count_chars()
        text = textpage.get_text_range(0, count) if count else ""
        rows = []
        position = 0
        for piece in re.split(f"(\\r\\n|\\n|\\r|(?<=[{_DIVIDES}]))", text):
            if piece.strip():
                rows.append(_row(textpage, piece, position, count))
            position += len(piece)
        return lines_in_order(rows)
    finally:
        textpage.close()
        page.close()


def _row(textpage: Any, piece: str, position: int, count: int) -> Row:
    """The words of what PDFium gives as one line, with their edges."""
    words: list[Word] = []
    heights: list[tuple[float, float]] = []
    for found in re.finditer(r"\S+", piece):
        places = range(position + found.start(), min(position + found.end(), count))
        boxes = [textpage.get_charbox(index, loose=True) for index in places]
        seen = [
            (left, bottom, right, top) for left, bottom, right, top in boxes if right > left and top > bottom
        ]
        text = re.sub(f"[{_DIVIDES}]", "-", found[0])
        here = (min(box[0] for box in seen), max(box[2] for box in seen)) if seen else (0.0, 0.0)
        words.append(Word(text, *here))
        heights += [(box[1], box[3]) for box in seen]
    if not heights:
        return Row(tuple(words), 0, 0, 0)
    sizes = sorted(top - bottom for bottom, top in heights)
    bottom, top = min(bottom for bottom, _ in heights), max(top for _, top in heights)
    return Row(tuple(words), bottom, top, sizes[len(sizes) // 2])


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


def page_chunks(
    lines: list[Line], page: int, usual: float, known: frozenset[str] = frozenset()
) -> list[Chunk]:
    """The lines of one page joined to headings, items and paragraphs; ``known`` are words of the document."""
    chunks: list[Chunk] = []
    block: list[Line] = []
    right = max((line.right for line in lines), default=0.0)
    for line in lines:
        if block and _breaks(block[-1], line, block[-1].edge or right):
            chunks.append(_joined(block, page, usual, known))
            block = []
        block.append(line)
    if block:
        chunks.append(_joined(block, page, usual, known))
    return chunks


def _breaks(before: Line, line: Line, right: float) -> bool:
    """Whether a new block begins at ``line``; ``right`` is how far the lines of its column reach."""
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


def _joined(lines: list[Line], page: int, usual: float, known: frozenset[str]) -> Chunk:
    """One block of lines, words divided at line ends put together again."""
    text = ""
    for line in lines:
        piece = fold_space(clean(line.text))
        if text.endswith("-") and len(text) > 1 and text[-2].isalnum():
            text = text[:-1] + joint(text[:-1], piece, known) + piece
        else:
            text = f"{text} {piece}".strip()
    larger = usual > 0 and lines[0].size > usual * _LARGER
    if larger and len(text) < 200 and not text.endswith((".", ",", ";")):
        level = 1 if lines[0].size > usual * 1.6 else 2 if lines[0].size > usual * 1.3 else 3
        return Chunk(BlockKind.HEADING, text, level=level, page=page)
    if bullet := _BULLET.match(text):
        return Chunk(BlockKind.ITEM, text[bullet.end() :], level=1, page=page)
    return Chunk(BlockKind.PARAGRAPH, text, page=page)
