"""Probabilities of linear models (logistic regression). Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping


def likely(log_odds: float) -> float:
    """The probability that log-odds are."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, log_odds))))


def probability(intercept: float, weights: Mapping[str, float], features: Mapping[str, float]) -> float:
    """The probability that a linear model gives; a feature without a weight counts nothing."""
    return likely(intercept + sum(weights.get(name, 0.0) * value for name, value in features.items()))
