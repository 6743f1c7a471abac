"""BM25 (Robertson & Zaragoza, 2009, "The Probabilistic Relevance Framework: BM25 and Beyond")."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence


class BM25:
    """An index over texts given as lists of terms.

    ``k1`` and ``b`` are low because the texts are single sentences: a term that comes twice, or a
    long sentence, says little there. Best of a grid on 240 SQuAD questions (docs/answering.md).
    """

    def __init__(self, texts: Sequence[Iterable[str]], *, k1: float = 0.9, b: float = 0.3) -> None:
        counts = [Counter(text) for text in texts]
        lengths = [sum(count.values()) for count in counts]
        average = sum(lengths) / len(lengths) if lengths else 0.0
        frequency = Counter(term for count in counts for term in count)
        n = len(counts)
        self._idf = {term: math.log(1 + (n - df + 0.5) / (df + 0.5)) for term, df in frequency.items()}
        self._unseen = math.log(1 + (n + 0.5) / 0.5)
        self._size = n
        self._postings: dict[str, list[tuple[int, float]]] = {}
        for index, (count, length) in enumerate(zip(counts, lengths, strict=True)):
            norm = k1 * (1 - b + b * length / average) if average else k1
            for term, times in count.items():
                weight = self._idf[term] * times * (k1 + 1) / (times + norm)
                self._postings.setdefault(term, []).append((index, weight))

    def idf(self, term: str) -> float:
        """Inverse document frequency; highest for a term that no text holds."""
        return self._idf.get(term, self._unseen)

    def scores(self, query: Iterable[str]) -> list[float]:
        """The score of each text for a query; each distinct term counts once."""
        totals = [0.0] * self._size
        for term in set(query):
            for index, weight in self._postings.get(term, ()):
                totals[index] += weight
        return totals
