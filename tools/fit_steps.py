"""Fits how sure a sentence is that is to tell how something is done.

    python -m tools.fit_steps COLLECTED.jsonl … [--out browseagent/answer/reader_weights.json]

What was read is kept by :mod:`tools.train.collect` (``pages --kinds how none``). Of the texts of a question's
page the one counts whose first answer is the likelier, right or not; the ranking is the one that ships.
Logistic regression, held by a ridge; what is said of it is of folds, no site on both sides, beside the
confidence of any answer. ``--out`` puts it into the weights of the reader.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import torch

from browseagent.answer.logistic import probability
from browseagent.answer.question import Kind, Question
from browseagent.answer.signals import signals_of
from browseagent.answer.steps import step_signals
from browseagent.answer.weights import reader_weights
from tools.fit_answer import minimise
from tools.fit_reader import fold, ranked

NAMES = ("odds", "judged", "cover")
RIDGE, FOLDS, ROUNDS = 0.003, 5, 4


@dataclass(frozen=True, slots=True)
class Told:
    """The first answer that a text gives to a question for steps."""

    group: str
    signals: dict[str, float]
    right: bool
    before: float
    """Its confidence, were it any answer."""


Asked = Sequence[Told]
"""What the texts of one question's page give, the main text first; one at least."""


def told(rows: Sequence[dict[str, Any]]) -> list[Asked]:
    """The first answers of each question's texts."""
    weights = reader_weights()
    found: list[Asked] = []
    for row in rows:
        if Question.of(row["question"]).kind is not Kind.STEPS:
            continue
        texts: list[Told] = []
        for part in row["parts"]:
            if part["features"] and part["about"]:
                best = ranked(part, weights)
                usual = signals_of(part["features"][best], part["page_cover"], part["size"])
                signals = step_signals(part["features"], part["units"], best)
                right = bool(part["right"][best])
                texts.append(Told(row["group"], signals, right, weights.probability(usual)))
        found += [texts] if texts else []
    return found


def fit(given: Sequence[Asked]) -> dict[str, float]:
    """The weight of each signal, and the intercept: of all texts, then of the likelier of each question."""
    weights = _fitted([each for texts in given for each in texts])
    for _ in range(ROUNDS):
        weights = _fitted([max(texts, key=partial(likely, weights)) for texts in given])
    return weights


def _fitted(given: Sequence[Told]) -> dict[str, float]:
    x = torch.tensor([[each.signals[name] for name in NAMES] for each in given])
    y = torch.tensor([float(each.right) for each in given])
    mean, spread = x.mean(0), x.std(0) + 1e-6
    scaled = (x - mean) / spread

    def loss(v: torch.Tensor) -> torch.Tensor:
        entropy = torch.nn.functional.binary_cross_entropy_with_logits(scaled @ v[1:] + v[0], y)
        return entropy + RIDGE * (v[1:] * v[1:]).sum()

    fitted = minimise(len(NAMES) + 1, loss)
    slope = fitted[1:] / spread
    weights = dict(zip(NAMES, slope.tolist(), strict=True))
    return {**weights, "intercept": float(fitted[0] - slope @ mean)}


def likely(weights: dict[str, float], each: Told) -> float:
    """The probability that these weights give."""
    return probability(weights["intercept"], weights, each.signals)


def figures(given: Sequence[Asked], threshold: float) -> dict[str, Any]:
    """By the confidence of any answer, and by this one on sites held out: how many questions are answered
    rightly and wrongly by the first text that is sure enough."""
    chances: dict[int, float] = {}
    for number in range(FOLDS):
        weights = fit([texts for texts in given if fold(texts[0].group) != number])
        its = (each for texts in given if fold(texts[0].group) == number for each in texts)
        chances |= {id(each): likely(weights, each) for each in its}
    said = {
        "before": [next((e.right for e in texts if e.before >= threshold), None) for texts in given],
        "held out": [next((e.right for e in texts if chances[id(e)] >= threshold), None) for texts in given],
    }
    counts = {name: [its.count(True), its.count(False)] for name, its in said.items()}
    return {"questions": len(given), **counts}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("collected", type=Path, nargs="+")
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    rows = [json.loads(line) for path in args.collected for line in path.read_text("utf-8").splitlines()]
    given = told(rows)
    print(json.dumps(figures(given, reader_weights().threshold)))
    weights = {name: round(value, 4) for name, value in fit(given).items()}
    print(json.dumps(weights))
    if args.out is not None:
        stored = json.loads(args.out.read_text("utf-8"))
        args.out.write_text(json.dumps({**stored, "steps": weights}, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
