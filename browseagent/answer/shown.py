"""Passages as a writer is shown them, numbered and fenced, and the way back from its quotes to the page."""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from browseagent.answer.binding import CELLS, Support
from browseagent.answer.excerpts import Excerpt
from browseagent.answer.passages import Unit
from browseagent.answer.quotes import find_folded
from browseagent.model.prompts import fence
from browseagent.records import BlockKind

_ELLIPSIS = re.compile(r"\s*(?:\.\.\.|…)\s*")
EDGES = " \t\n\"'“”‘’«»"
"""What models put around the words that they copy."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A quote as a writer gives it: nothing is known of it yet."""

    passage: int
    """From 1."""
    text: str


_SECRET = secrets.token_bytes(16)


def mark_of(passages: Sequence[Excerpt]) -> str:
    """What fences passages. No page can know it, and it is the same for every question that this process asks
    of the same pages."""
    pages = {each.units[0].passage.document.url: each.units[0].passage.document.text for each in passages}
    named = "\n".join(f"{url}\n{text}" for url, text in sorted(pages.items()))
    return hmac.digest(_SECRET, named.encode("utf-8", "surrogatepass"), "sha256").hex()[:16]


def fenced(passages: Sequence[Excerpt], mark: str) -> str:
    """The passages, numbered, between two lines with a mark that no page can know."""
    shown = [f"[{n}] {each.heading}\n{each.text}" for n, each in enumerate(passages, start=1)]
    return fence("\n\n".join(shown), mark)


def found_again(passages: Sequence[Excerpt], quotes: Sequence[Claimed]) -> list[tuple[Excerpt, Unit]]:
    """The units that a writer's quotes stand in, each once; what stands in no passage is left out.

    A quote is widened to its whole sentence or row: cut out of "it is not true that …" it would say the
    contrary. Where it has an ellipsis each part must be found.
    """
    found: dict[int, tuple[Excerpt, Unit]] = {}
    for quote in quotes:
        named = passages[quote.passage - 1 : quote.passage] if quote.passage > 0 else []
        for passage in (*named, *passages):
            units = _units(passage, quote.text)
            if units:
                found.update({id(unit): (passage, unit) for unit in units})
                break
    return list(found.values())


def support_of(found: Sequence[tuple[Excerpt, Unit]]) -> Support:
    """What some units carry, with what stands around them."""
    around: list[str] = []
    rivals: list[str] = []
    for passage, unit in found:
        place = passage.units.index(unit)
        near = passage.units[max(0, place - 1) : place + 2]
        around += [passage.heading, unit.previous, *(cell.header for cell in unit.block.cells)]
        if unit.block.kind is not BlockKind.ROW:
            around += [each.reading for each in near if each is not unit and each.block is unit.block]
        chosen = [each for _, each in found]
        rivals += [_as_read(each) for each in passage.units if each not in chosen]
    return Support(
        tuple(_as_read(unit) for _, unit in found),
        "\n".join(dict.fromkeys(each for each in around if each)),
        tuple(dict.fromkeys(rivals)),
        "\n".join(dict.fromkeys(f"{passage.heading}\n{passage.text}" for passage, _ in found)),
    )


def _as_read(unit: Unit) -> str:
    return unit.reading.replace("; ", CELLS) if unit.block.kind is BlockKind.ROW else unit.reading


def _units(passage: Excerpt, quote: str) -> list[Unit]:
    """The units of a passage that hold a quote; none where any part of it is not there."""
    units: list[Unit] = []
    for part in _ELLIPSIS.split(quote):
        part = part.strip(EDGES)
        if not part:
            continue
        span = find_folded(passage.text, part) or find_folded(passage.text, part.rstrip(".,;:!"))
        if span is None or inside_word(passage.text, *span):
            return []
        pieces = [p for p in passage.pieces if p.at < span[1] and span[0] < p.at + p.length]
        held = [passage.unit_at(piece.start) for piece in pieces]
        units += [unit for unit in held if unit is not None]
    return list({id(unit): unit for unit in units}.values())


def inside_word(text: str, start: int, end: int) -> bool:
    """Whether a span begins or ends within a word or number, where words are written apart."""
    edges = (text[max(0, start - 1) : start + 1], text[end - 1 : end + 1])
    return any(len(edge) == 2 and edge.isascii() and edge.isalnum() for edge in edges)
