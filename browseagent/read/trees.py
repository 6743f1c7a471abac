"""Boosted trees, as ``tools/fit_extract.py`` writes them: their scores for many rows of numbers at once."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Trees:
    """A fitted model. Its nodes are numbered through all trees; a leaf is a node that leads to itself."""

    features: tuple[str, ...]
    classes: tuple[str, ...]
    roots: NDArray[np.intp]
    feature: NDArray[np.intp]
    """Which number of a row each node looks at."""
    threshold: NDArray[np.float64]
    ways: NDArray[np.intp]
    """Where each node leads, two places each: to its threshold, and above it."""
    score: NDArray[np.float64]
    """What each leaf adds."""

    def scores(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """For each row the sum of the trees for each class, shape (rows, classes)."""
        begins = np.arange(0, x.size, x.shape[1])[:, None]
        at = np.broadcast_to(self.roots, (len(x), len(self.roots)))
        before = None
        while before is None or not np.array_equal(at, before):
            above = x.take(begins + self.feature.take(at)) > self.threshold.take(at)
            before, at = at, self.ways.take(2 * at + above)
        added = self.score.take(at).reshape(len(x), -1, len(self.classes))
        return np.asarray(np.add.accumulate(added, axis=1)[:, -1])  # one by one: np.sum adds in another order

    def probabilities(self, x: NDArray[np.float64]) -> list[float]:
        """For a model of one class: the probability of each row, 0 to 1."""
        return [1.0 / (1.0 + math.exp(-total)) for total in self.scores(x)[:, 0].tolist()]

    def best(self, x: NDArray[np.float64]) -> str:
        """The most probable class of one row."""
        return self.classes[int(self.scores(x[None])[0].argmax())]


@cache
def load_trees(name: str) -> Trees:
    """The model in the file of that name beside this module."""
    assert __package__ is not None
    value = json.loads(resources.files(__package__).joinpath(name).read_text(encoding="utf8"))
    roots: list[int] = []
    feature: list[int] = []
    threshold: list[float] = []
    ways: list[int] = []
    score: list[float] = []
    for nodes, leaves in value["trees"]:
        first, leaf = len(score), len(score) + len(nodes)
        roots.append(first)
        for looked_at, most, *children in nodes:
            feature.append(looked_at)
            threshold.append(most)
            ways += [first + each if each >= 0 else leaf + ~each for each in children]
        score += [0.0] * len(nodes) + leaves
        feature += [0] * len(leaves)
        threshold += [0.0] * len(leaves)
        ways += [leaf + number // 2 for number in range(2 * len(leaves))]
    return Trees(
        tuple(value["features"]), tuple(value["classes"]), np.array(roots), np.array(feature),
        np.array(threshold, dtype=np.float64), np.array(ways), np.array(score, dtype=np.float64),
    )  # fmt: skip
