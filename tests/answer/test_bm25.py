"""BM25 as the literature defines it."""

from __future__ import annotations

import math

import pytest

from browseagent.answer.bm25 import BM25


def test_scores_are_the_formulas() -> None:
    """One term in one of two texts gives idf times the saturated term frequency."""
    index = BM25([["tower", "old"], ["sea", "sea"]], k1=1.2, b=0.75)
    idf = math.log(1 + (2 - 1 + 0.5) / (1 + 0.5))
    assert index.scores(["tower"]) == pytest.approx([idf * 2.2 / (1 + 1.2), 0.0])
    assert index.scores(["sea"]) == pytest.approx([0.0, idf * 2 * 2.2 / (2 + 1.2)])


def test_rare_terms_weigh_more_and_unseen_ones_most() -> None:
    """Inverse document frequency falls with the number of texts that hold a term."""
    index = BM25([["a", "b"], ["a"], ["a", "c"]])
    assert index.idf("a") < index.idf("b") < index.idf("never seen")


def test_no_texts_and_empty_texts_are_no_trouble() -> None:
    """An index of nothing scores nothing; an empty text scores 0."""
    assert BM25([]).scores(["a"]) == []
    assert BM25([[], []]).scores(["a"]) == [0.0, 0.0]
