"""The fitted numbers of answering, made by ``tools/fit_answer.py``: ``reader_weights.json`` for a model
that was trained to read, ``weights.json`` for one that was not.

``rank`` weighs the features of one piece of evidence against another; ``confidence`` is a logistic
regression that gives the probability that the pages hold the answer and that this is it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files

from browseagent.answer.logistic import probability


@dataclass(frozen=True, slots=True)
class Weights:
    """Coefficients by feature name. A feature without a coefficient does not count."""

    ranking: Mapping[str, float]
    confidence: Mapping[str, float]
    intercept: float
    threshold: float
    """Confidence below which there is no answer."""
    span_margin: float
    """Nats a token by which the best span must beat the runner-up to be given as short answer (of a model
    that was not trained to read)."""
    made_by: str
    """The command that fitted them, its data and figures."""
    steps: Mapping[str, float] = field(default_factory=dict)
    """Of what tells how sure a sentence is that is to tell how something is done, with the ``intercept``
    (``tools/fit_steps.py``); empty: no otherwise than an answer."""

    def rank(self, features: Mapping[str, float]) -> float:
        """Score of a piece of evidence."""
        return sum(self.ranking.get(name, 0.0) * value for name, value in features.items())

    def probability(self, features: Mapping[str, float]) -> float:
        """Calibrated probability, 0 to 1."""
        return probability(self.intercept, self.confidence, features)

    def step_probability(self, signals: Mapping[str, float]) -> float:
        """The same of a sentence with these signals (:func:`browseagent.answer.steps.step_signals`)."""
        return probability(self.steps["intercept"], self.steps, signals)


def default_weights() -> Weights:
    """The weights that ship with the program, for a model that was not trained to read."""
    return _shipped("weights.json")


def reader_weights() -> Weights:
    """The weights that ship with the program, for the trained reader."""
    return _shipped("reader_weights.json")


@lru_cache(maxsize=2)
def _shipped(name: str) -> Weights:
    data = json.loads(files("browseagent.answer").joinpath(name).read_text(encoding="utf-8"))
    return Weights(**data)
