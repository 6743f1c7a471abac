"""What a page strikes out no longer holds: it is read, and marked, but nothing is answered from it."""

from __future__ import annotations

from browseagent.answer.quotes import block_at, trimmed
from browseagent.records import Document, Mark


def standing(document: Document, start: int, end: int) -> list[tuple[int, int]]:
    """The stretches of a span that are not struck out, without white space at their ends; of a span without
    such marks the span itself, as it is."""
    struck = _struck(document, start, end)
    if not any(mark.start < end and start < mark.end for mark in struck):
        return [(start, end)]
    edges = [start, *(edge for mark in struck for edge in (mark.start, mark.end)), end]
    pairs = zip(edges[::2], edges[1::2], strict=True)
    found = (trimmed(document.text, max(start, first), min(end, last)) for first, last in pairs)
    return [(first, last) for first, last in found if any(c.isalnum() for c in document.text[first:last])]


def struck_in(document: Document, start: int, end: int) -> list[tuple[int, int]]:
    """The stretches of a span that are struck out."""
    found = ((max(start, m.start), min(end, m.end)) for m in _struck(document, start, end))
    return [(first, last) for first, last in found if first < last]


def _struck(document: Document, start: int, end: int) -> list[Mark]:
    """What is struck out in the blocks that a span begins and ends in."""
    blocks = dict.fromkeys((block_at(document, start), block_at(document, max(start, end - 1))))
    return [mark for block in blocks if block is not None for mark in block.marks if mark.kind == "struck"]


def unstruck(document: Document, start: int, end: int) -> tuple[int, int] | None:
    """A span without what is struck out at its ends; None where nothing of it stands."""
    stretches = standing(document, start, end)
    return (stretches[0][0], stretches[-1][1]) if stretches else None


def words_standing(document: Document, start: int, end: int) -> str:
    """The words of a span that stand, in one line."""
    return " ".join(" ".join(document.text[s:e].split()) for s, e in standing(document, start, end))


def blanked(document: Document, start: int, end: int) -> str:
    """The text of a span, what is struck out in it as line ends: so that places in it stay what they are."""
    text = document.text[start:end]
    for first, last in struck_in(document, start, end):
        text = text[: first - start] + "\n" * (last - first) + text[last - start :]
    return text
