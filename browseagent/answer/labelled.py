"""What is read of a span where labels say what its values are: "Phone" before a number that a link dials."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from browseagent.answer.quotes import block_at
from browseagent.answer.struck import standing
from browseagent.records import Document


def stretches(document: Document, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """The stretches of a span that stand, as far as to the next label, each with its own or an empty one."""
    block = block_at(document, start)
    labels = {} if block is None else {each.at: each.words for each in block.labels}
    for first, last in standing(document, start, end):
        edges = [first, *(at for at in labels if first < at < last), last]
        for one, other in pairwise(edges):
            yield labels.get(one, ""), one, other


def as_read(document: Document, start: int, end: int) -> str:
    """The words of a span that stand, with their labels, in one line."""
    told = (
        f"{f'{label}: ' if label else ''}{' '.join(document.text[s:e].split())}"
        for label, s, e in stretches(document, start, end)
    )
    return " ".join(told)
