"""Boosted decision trees from a JSON file: how the fitted models are applied. No third-party package.

A model file is ``{"features": [name, …], "classes": [name, …], "trees": [[nodes, leaves], …]}``; a node
is ``[feature, threshold, left, right]`` and asks whether ``x[feature] <= threshold``; a child below zero
is the leaf ``~child``. Tree ``i`` adds to class ``i % len(classes)``. With one class the sum goes through
the logistic function, with more through softmax. Written by ``tools/fit_extract.py``.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

Node = tuple[int, float, int, int]


@dataclass(frozen=True, slots=True)
class Trees:
    """A fitted model."""

    features: tuple[str, ...]
    classes: tuple[str, ...]
    trees: tuple[tuple[tuple[Node, ...], tuple[float, ...]], ...]

    def scores(self, x: Sequence[float]) -> list[float]:
        """The sum of the trees for each class, for one row of features."""
        totals = [0.0] * len(self.classes)
        for number, (nodes, leaves) in enumerate(self.trees):
            at = 0 if nodes else -1
            while at >= 0:
                feature, threshold, left, right = nodes[at]
                at = left if x[feature] <= threshold else right
            totals[number % len(totals)] += leaves[~at]
        return totals

    def probabilities(self, rows: Sequence[Sequence[float]]) -> list[float]:
        """For a model of one class: the probability of each row, 0 to 1."""
        trees = self.trees
        out = []
        for x in rows:
            total = 0.0
            for nodes, leaves in trees:
                at = 0 if nodes else -1
                while at >= 0:
                    feature, threshold, left, right = nodes[at]
                    at = left if x[feature] <= threshold else right
                total += leaves[~at]
            out.append(1.0 / (1.0 + math.exp(-total)))
        return out

    def best(self, x: Sequence[float]) -> str:
        """The most probable class."""
        scores = self.scores(x)
        return self.classes[scores.index(max(scores))]


@cache
def load_trees(name: str) -> Trees:
    """The model in the file of that name beside this module."""
    assert __package__ is not None
    value = json.loads(resources.files(__package__).joinpath(name).read_text(encoding="utf8"))
    return Trees(
        features=tuple(value["features"]),
        classes=tuple(value["classes"]),
        trees=tuple(
            (tuple((f, t, a, b) for f, t, a, b in nodes), tuple(leaves)) for nodes, leaves in value["trees"]
        ),
    )
