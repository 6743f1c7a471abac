"""Which chunks of a page are its main content.

A small model (boosted trees over the numbers of :mod:`browseagent.read.features`, fitted by
``tools/fit_extract.py``) gives each chunk its probability; what trafilatura extracts from the same page
is one of those numbers. The chunks kept are those that make the expected F1 of the whole text highest:
the less sure the model is on a page, the lower it sets the bar, so that no page comes out empty.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from browseagent.read.chunks import Chunk
from browseagent.read.coherence import coherent
from browseagent.read.dom import Element
from browseagent.read.essentials import with_essentials
from browseagent.read.features import count, page_features, rows
from browseagent.read.hints import marks_advert
from browseagent.read.metadata import page_signs
from browseagent.read.trees import load_trees
from browseagent.records import BlockKind

# A second copy of a long text (for narrow screens, in a quick view) is counted at this part of its
# probability: of 479 such texts one copy was main content in 60 %, each further copy in 30 %. Held out,
# F1 is 0.004 higher with it.
_COPY = 0.3
_LONG = 80
# trafilatura's text is called poor where it has less than this part of the words that we keep.
_POOR = 0.4
_FEW_WORDS = 150
# How much the text left out counts beside the text kept, by kind of page; found on held-out pages among
# 0.7, 1 and 1.4. Articles stand in one piece, so doubt means clutter; on pages made of many small
# records doubt means records that look odd.
_RECALL = {"article": 0.7, "product": 0.7, "collection": 1.4, "listing": 1.4, "service": 1.4}


@dataclass(frozen=True, slots=True)
class Selection:
    """The chunks that are the page's own text, and what kind of page it is."""

    chunks: list[Chunk]
    kind: str = "article"
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What a page says of itself, beside its text."""

    url: str
    title: str
    description: str
    objects: Sequence[Mapping[str, Any]]
    tags: Mapping[str, str]


def select(chunks: list[Chunk], root: Element, facts: PageFacts) -> Selection:
    """The chunks of a page that are its main content, in order."""
    if not chunks:
        return Selection([])
    counts = count(chunks, trafilatura_text(root, facts.url))
    signs = page_signs(root, facts.url, facts.objects, facts.tags)
    table = rows(chunks, counts, signs, facts.title, facts.description)
    chances = load_trees("content.json").probabilities(table)
    words = [c.words for c in counts]
    kind = load_trees("kind.json").best(page_features(table))
    kept = decide(chunks, chances, facts.title, kind)
    notes = []
    ours = sum(w for w, keep in zip(words, kept, strict=True) if keep)
    theirs = sum(c.words * c.found for c in counts)
    if ours > _FEW_WORDS and theirs < _POOR * ours:
        notes.append(
            f"trafilatura keeps {theirs / max(1, sum(words)):.0%} of the words on the page; more of it was "
            f"used"
        )
    return Selection(
        [chunk for chunk, keep in zip(chunks, kept, strict=True) if keep and not _marks_advert(chunk)],
        kind,
        tuple(notes),
    )


def _marks_advert(chunk: Chunk) -> bool:
    said = chunk.node.attributes if chunk.node is not None else {}
    return marks_advert(f"{said.get('class') or ''} {said.get('id') or ''}", chunk.text)


def decide(chunks: Sequence[Chunk], chances: Sequence[float], title: str, kind: str) -> list[bool]:
    """Which chunks to keep, given the model's probability for each."""
    chances = whole_structures(chunks, chances)
    if kind != "documentation":  # manuals say the same of many things, and mean each
        chances = discount_copies(chunks, chances)
    words = [len(chunk.text.split()) for chunk in chunks]
    kept = best_by_expected_f1(chances, words, recall=_RECALL.get(kind, 1.0))
    return with_essentials(chunks, coherent(chunks, kept, chances), title, kind)


def trafilatura_text(root: Element, url: str) -> str:
    """What trafilatura takes for the main text, or an empty string."""
    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it reports every empty page as an error
    try:
        # Its slower mode, with fallbacks, made the model no better: held out, F1 0.812 and 0.814 (two
        # seeds) against 0.817.
        return trafilatura.extract(root, url=url, include_comments=False, fast=True) or ""
    except Exception:  # noqa: BLE001 - it meets markup of every kind; without it the model still decides
        return ""


def whole_structures(chunks: Sequence[Chunk], chances: Sequence[float]) -> list[float]:
    """The probabilities, made alike within a table, and for code no lower than for the text around it: a
    table without some of its rows, or a manual without its examples, says something else."""
    out = list(chances)
    tables: dict[int, list[int]] = defaultdict(list)
    for index, chunk in enumerate(chunks):
        if chunk.kind is BlockKind.ROW:
            tables[chunk.table].append(index)
    for members in tables.values():
        sizes = [len(chunks[index].text) for index in members]
        mean = sum(chances[index] * size for index, size in zip(members, sizes, strict=True)) / max(
            1, sum(sizes)
        )
        for index in members:
            out[index] = mean
    before = 0.0
    after = _next_prose(chunks, chances)
    for index, chunk in enumerate(chunks):
        if chunk.kind is BlockKind.CODE:
            out[index] = max(chances[index], min(before, after[index]))
        else:
            before = chances[index]
    return out


def _next_prose(chunks: Sequence[Chunk], chances: Sequence[float]) -> list[float]:
    """For each chunk, the probability of the next that is no code; 0 after the last."""
    out = [0.0] * len(chunks)
    following = 0.0
    for index in range(len(chunks) - 1, -1, -1):
        out[index] = following
        if chunks[index].kind is not BlockKind.CODE:
            following = chances[index]
    return out


def discount_copies(chunks: Sequence[Chunk], chances: Sequence[float]) -> list[float]:
    """The probabilities, with those of repeated long texts lowered for all copies but the likeliest."""
    places: dict[str, list[int]] = defaultdict(list)
    for index, chunk in enumerate(chunks):
        if len(chunk.text) > _LONG and chunk.kind not in (BlockKind.CODE, BlockKind.ROW):
            places[" ".join(chunk.text.split())].append(index)
    out = list(chances)
    for copies in places.values():
        if len(copies) > 1:
            first = max(copies, key=lambda index: (chances[index], -index))
            for index in copies:
                if index != first:
                    out[index] *= _COPY
    return out


def best_by_expected_f1(chances: Sequence[float], words: Sequence[int], recall: float = 1.0) -> list[bool]:
    """Which chunks to keep so that the expected F1 of their words is highest.

    With every chunk's expected share of main content known, F1 of the best ``k`` is
    ``2 Σ kept p·w / (Σ kept w + Σ all p·w)``, and the best choice is always a prefix by probability.
    ``recall`` weighs the last sum: above 1 more is kept, below 1 less.
    """
    order = sorted(range(len(chances)), key=lambda index: -chances[index])
    gold = recall * sum(p * w for p, w in zip(chances, words, strict=True))
    right = size = best = 0.0
    cut = 0
    for number, index in enumerate(order, 1):
        right += chances[index] * words[index]
        size += words[index]
        score = 2 * right / (size + gold) if size else 0.0
        if score > best:
            best, cut = score, number
    keep = [False] * len(chances)
    for index in order[: cut or len(order)]:
        keep[index] = True
    return keep
