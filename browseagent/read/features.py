"""What the model is told of each chunk of a page: numbers about its text, its place and its neighbours.

The order of the numbers is that of :data:`NAMES`; ``tools/fit_extract.py`` fits the model to it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain

import numpy as np
from numpy.typing import NDArray

from browseagent.read.chunks import Chunk
from browseagent.read.hints import NAME_GROUPS, TAG_GROUPS, TEXT_GROUPS, text_hints
from browseagent.read.metadata import SIGNS
from browseagent.read.nodes import FAR, GROUPS, LEVELS, near_of, record_of, wrappers
from browseagent.records import BlockKind

_KINDS = {kind: index for index, kind in enumerate(BlockKind)}
_DIGITS, _CAPITALS = re.compile("[0-9]"), re.compile("[A-Z]")
_LETTERS = re.compile(r"[^\W\d_]+")
_SENTENCE_END = re.compile(r"[.!?。！？][\"'”’)\]]?(?=\s|$)")
_NOT_WORD = re.compile(r"[\W_]+")
_NO_WORDS = {number: " " for number in range(128) if not chr(number).isalnum()}
"""The same for ASCII, sooner."""
_WINDOW = 3

_OWN = ("kind", "level", "words", "chars", "links", "link_share", "sentences", "commas", "digits", "capitals",
        "ends_sentence", "starts_upper", "lines", "offered", "copies", "copy", "cells", "found", "depth",
        "in_title", "in_description", "mean_word")  # fmt: skip
_PLACE = ("position", "words_before", "from_title", "since_heading", "words_since_heading", "heading_level",
          "heading_related", "heading_help", "heading_reviews", "heading_shop", "heading_links",
          "heading_found",
          "section_words", "section_links", "sections_left", "is_title", "first_h1")  # fmt: skip
_ALIKE = ("alike", "alike_words", "alike_links", "alike_found", "alike_share",
          "records", "record_words", "record_level", "record_rank", "record_share")  # fmt: skip
_CONTAINER = ("words", "link_share", "chunks", "density", "sentences", "share", "found", "same")
_NEIGHBOUR = ("words", "link_share", "found", "kind")
_PAGE = ("page_words", "page_chunks", "page_links", "page_found", "page_sentences", "page_headings",
    "page_code",
         "page_rows", "page_items", "page_prices", "page_dates", "page_records", "page_density",
         "page_offered")  # fmt: skip
NAMES: tuple[str, ...] = (
    *_OWN,
    *(f"text_{name}" for name in TEXT_GROUPS),
    *_PLACE,
    *(f"tag_{name}" for name in TAG_GROUPS),
    *(f"name_{name}" for name in NAME_GROUPS),
    *_ALIKE,
    *(f"up{level}_{name}" for level in range(LEVELS) for name in _CONTAINER),
    *(f"next{step:+d}_{name}" for step in range(-_WINDOW, _WINDOW + 1) if step for name in _NEIGHBOUR),
    "around_words", "around_links", "around_found",
    *_PAGE,
    *SIGNS,
)  # fmt: skip


@dataclass(slots=True)
class Counts:
    """What is counted of one chunk."""

    words: int
    link_words: int
    sentences: int
    found: float
    """Whether trafilatura kept it."""
    key: str


def folded(text: str) -> str:
    """Words alone, in lower case, between single spaces: how two extractors' texts are matched."""
    low = text.lower()
    parts = low.translate(_NO_WORDS) if low.isascii() else _NOT_WORD.sub(" ", low)
    return " ".join(parts.split())


def count(chunks: Sequence[Chunk], extracted: str) -> list[Counts]:
    """Counts of each chunk; ``extracted`` is trafilatura's text of the same page."""
    haystack = f" {folded(extracted)} "
    words = frozenset(haystack.split())
    counts = []
    for chunk in chunks:
        key = folded(chunk.text)
        may_be_found = words.issuperset(key.split(" ", 8)[:8])  # most are not, which this tells sooner
        counts.append(
            Counts(
                words=len(chunk.text.split()),
                link_words=sum(len(chunk.text[s:e].split()) for s, e, _ in chunk.links),
                sentences=len(_SENTENCE_END.findall(chunk.text)),
                found=float(bool(key) and may_be_found and f" {key} " in haystack),
                key=key,
            )
        )
    return counts


def rows(
    chunks: Sequence[Chunk],
    counts: Sequence[Counts],
    signs: Sequence[float],
    title: str = "",
    description: str = "",
) -> NDArray[np.float64]:
    """The features of every chunk, shape (chunks, :data:`NAMES`); ``title`` and ``description`` are the
    page's own, by its tags."""
    if not chunks:
        return np.empty((0, len(NAMES)))
    found_words = _found_words(chunks, counts)
    total = sum(c.words for c in counts) or 1
    hints = [text_hints(chunk.text) for chunk in chunks]
    said = (frozenset(folded(title).split()), frozenset(folded(description).split()))
    own = [
        _own(chunk, c, copies, said) for chunk, c, copies in zip(chunks, counts, _copies(counts), strict=True)
    ]
    places = _places(chunks, counts, hints, total)
    alike = _alike(chunks, counts, total)
    ups = _containers(chunks, found_words, total)
    beside = _neighbours(chunks, counts)
    page = _page(chunks, counts, hints, alike, total) + list(signs)
    near = [near_of(chunk.node) if chunk.node else [FAR] * GROUPS for chunk in chunks]
    parts = zip(own, hints, places, near, alike, ups, beside, strict=True)
    return np.array([[*chain.from_iterable(part), *page] for part in parts], dtype=np.float64)


def _own(
    chunk: Chunk, c: Counts, copies: tuple[int, int], said: tuple[frozenset[str], frozenset[str]]
) -> list[float]:
    text = chunk.text
    unique = c.key.split()[:60]
    in_title, in_description = (sum(map(known.__contains__, unique)) / max(1, len(unique)) for known in said)
    head = text[:400]
    letters = len("".join(_LETTERS.findall(head))) or 1
    if head.isascii():  # the same, sooner
        digits, capitals = len(_DIGITS.findall(head)), len(_CAPITALS.findall(head))
    else:
        digits, capitals = sum(map(str.isdigit, head)), sum(map(str.isupper, head))
    return [
        _KINDS[chunk.kind], chunk.level, c.words, len(text), len(chunk.links), c.link_words / max(1, c.words),
        c.sentences, text.count(","), digits / min(400, len(text)), capitals / letters,
        float(text.rstrip()[-1:] in ".!?:。！？"),
        float(text[:1].isupper()), text.count("\n"), float(chunk.offered), *copies, len(chunk.cells), c.found,
        chunk.node.depth if chunk.node else 0, in_title, in_description, len(c.key) / max(1, c.words),
    ]  # fmt: skip


def _copies(counts: Sequence[Counts]) -> list[tuple[int, int]]:
    """How often each text stands on the page, and how often it did before."""
    whole = Counter(c.key for c in counts)
    seen: Counter[str] = Counter()
    out = []
    for c in counts:
        out.append((min(10, whole[c.key]), min(10, seen[c.key])))
        seen[c.key] += 1
    return out


def _places(
    chunks: Sequence[Chunk], counts: Sequence[Counts], hints: Sequence[Sequence[int]], total: int
) -> list[list[float]]:
    """Where each chunk stands: on the page, and in the section under the last heading."""
    h1 = next((i for i, c in enumerate(chunks) if c.kind is BlockKind.HEADING and c.level == 1), -1)
    starts = [i for i, chunk in enumerate(chunks) if chunk.kind is BlockKind.HEADING]
    sections: dict[int, list[float]] = {-1: [0.0] * 9}
    for number, start in enumerate(starts):
        end = starts[number + 1] if number + 1 < len(starts) else len(chunks)
        words = sum(c.words for c in counts[start:end])
        linked = sum(c.link_words for c in counts[start:end])
        head, c = hints[start], counts[start]
        sections[start] = [
            chunks[start].level, *(head[TEXT_GROUPS.index(name)] for name in ("related", "help", "stars",
                "shop")),
            c.link_words / max(1, c.words), c.found, words, linked / max(1, words), len(starts) - number,
        ]  # fmt: skip
    sections[-1] = [0.0] * 9 + [len(starts) + 1]
    out: list[list[float]] = []
    before = words_since = 0
    heading = -1
    for index, (chunk, c) in enumerate(zip(chunks, counts, strict=True)):
        if chunk.kind is BlockKind.HEADING:
            heading, words_since = index, 0
        out.append(
            [
                index / len(chunks), before / total, index - h1 if h1 >= 0 else -999,
                index - heading if heading >= 0 else 999, words_since, *sections[heading],
                float(index == h1), float(h1 >= 0),
            ]
        )  # fmt: skip
        before += c.words
        words_since += c.words
    return out


def _alike(chunks: Sequence[Chunk], counts: Sequence[Counts], total: int) -> list[list[float]]:
    """Repetition: chunks that stand alike on the page, and the record that each is part of."""
    groups: dict[tuple[int, BlockKind], list[float]] = defaultdict(lambda: [0, 0, 0, 0])
    for chunk, c in zip(chunks, counts, strict=True):
        group = groups[chunk.node.path if chunk.node else 0, chunk.kind]
        group[0] += 1
        group[1] += c.words
        group[2] += c.link_words
        group[3] += c.found
    out = []
    for chunk in chunks:
        number, words, linked, found = groups[chunk.node.path if chunk.node else 0, chunk.kind]
        out.append(
            [
                number,
                words / number,
                linked / max(1, words),
                found / number,
                words / total,
                *record_of(chunk.node, total),
            ]
        )
    return out


def _found_words(chunks: Sequence[Chunk], counts: Sequence[Counts]) -> dict[int, float]:
    """For each node, by id, how many of its words trafilatura kept."""
    found: dict[int, float] = defaultdict(float)
    for chunk, c in zip(chunks, counts, strict=True):
        if c.found:
            node = chunk.node
            while node is not None:
                found[id(node)] += c.words
                node = node.parent
    return found


def _containers(chunks: Sequence[Chunk], found: Mapping[int, float], total: int) -> list[list[float]]:
    known: dict[int, list[float]] = {}
    held: dict[int, list[float]] = {}
    out = []
    for chunk in chunks:
        key = id(chunk.node)
        values = known.get(key)
        if values is None:
            values = []
            for node in wrappers(chunk.node):
                own = held.get(id(node))
                if own is None:
                    words = max(1, node.words)
                    same = node.parent.same[node.signature] if node.parent is not None else 1
                    own = held[id(node)] = [
                        node.words, node.link_words / words, node.chunks, node.words / max(1, node.chunks),
                        node.sentences / words, node.words / total, found.get(id(node), 0.0) / words, same,
                    ]  # fmt: skip
                values += own
            values += [-1.0] * (len(_CONTAINER) * LEVELS - len(values))
            known[key] = values
        out.append(values)
    return out


def _neighbours(chunks: Sequence[Chunk], counts: Sequence[Counts]) -> list[list[float]]:
    basic = [
        [c.words, c.link_words / max(1, c.words), c.found, _KINDS[chunk.kind]]
        for chunk, c in zip(chunks, counts, strict=True)
    ]
    edge = [[-1.0] * len(_NEIGHBOUR)] * _WINDOW
    padded = [*edge, *basic, *edge]
    counted = zip(*((c.words, c.link_words, c.words * c.found) for c in counts), strict=True)
    sums = [[*accumulate(each, initial=0)] for each in counted]
    out = []
    for index in range(len(chunks)):
        here = index + _WINDOW
        values: list[float] = []
        for step in range(-_WINDOW, _WINDOW + 1):
            if step:
                values += padded[here + step]
        first, end = max(0, index - 8), min(len(chunks), index + 9)
        words, linked, found = (each[end] - each[first] for each in sums)
        words = words or 1
        values += [words / (end - first), linked / words, found / words]
        out.append(values)
    return out


def _page(
    chunks: Sequence[Chunk],
    counts: Sequence[Counts],
    hints: Sequence[Sequence[int]],
    alike: list[list[float]],
    total: int,
) -> list[float]:
    kinds = Counter(chunk.kind for chunk in chunks)
    price, date = TEXT_GROUPS.index("price"), TEXT_GROUPS.index("date")
    number = len(chunks)
    return [
        total, number, sum(c.link_words for c in counts) / total,
            sum(c.words * c.found for c in counts) / total,
        sum(c.sentences for c in counts) / total, kinds[BlockKind.HEADING] / number, kinds[BlockKind.CODE],
        kinds[BlockKind.ROW] / number, kinds[BlockKind.ITEM] / number, sum(h[price] for h in hints) / number,
        sum(h[date] for h in hints) / number, max(a[-1] for a in alike), total / number,
        sum(c.words for chunk, c in zip(chunks, counts, strict=True) if chunk.offered) / total,
    ]  # fmt: skip


def page_features(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """What the model of the page's kind is told: the page's numbers, and the mean of every other."""
    fixed = len(_PAGE) + len(SIGNS)
    sums = np.add.accumulate(table[:, :-fixed], axis=0)[-1]
    return np.concatenate((sums / len(table), table[0, -fixed:]))
