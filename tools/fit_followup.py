"""Fits the weights by which a follow-up question is completed (``browseagent/answer/followup.py``).

    python tools/fit_followup.py tests/answer/followup_pairs.json browseagent/answer/followup_weights.json

For every pair that is not set aside all options are made; a softmax over them is fitted to
those that say what is meant, with a small L2 penalty. Prints how many pairs of each sixth, left out, come
out right; stores what is fitted on all, without the weights that tell next to nothing.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch

from browseagent.answer.earlier import Turn
from browseagent.answer.followup import Option, options

ASIDE = ("unseen", "second")
PENALTY = 0.15
LEAST = 0.15
FOLDS = 6
Case = tuple[list[Option], list[bool]]


def cases_of(pairs: Sequence[Mapping[str, Any]]) -> list[Case]:
    """The options of each pair, and which of them are meant; pairs without either are left out."""
    found = []
    for pair in pairs:
        every = options(pair["then"], [Turn(pair["first"], pair["answer"])])
        meant = [" ".join(each.words).casefold() in map(_plain, pair["full"]) for each in every]
        if pair["set"] not in ASIDE and len(every) > 1 and any(meant):
            found.append((every, meant))
    return found


def fitted(cases: Sequence[Case]) -> dict[str, float]:
    """The weight of each feature."""
    names = sorted({name for every, _ in cases for each in every for name in each.features})
    place = {name: number for number, name in enumerate(names)}
    rows = [
        (
            [torch.tensor([place[name] for name in sorted(each.features)]) for each in every],
            torch.tensor(meant),
        )
        for every, meant in cases
    ]
    bags = [(torch.cat(bag), torch.tensor([len(each) for each in bag]), meant) for bag, meant in rows]
    weights = torch.zeros(len(names), dtype=torch.float64, requires_grad=True)
    steps = torch.optim.LBFGS([weights], max_iter=200, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        steps.zero_grad()
        total = PENALTY * (weights @ weights)
        for members, sizes, meant in bags:
            owner = torch.repeat_interleave(torch.arange(len(sizes)), sizes)
            scores = torch.zeros(len(sizes), dtype=torch.float64).index_add(0, owner, weights[members])
            total = total + torch.logsumexp(scores, 0) - torch.logsumexp(scores[meant], 0)
        total.backward()  # type: ignore[no-untyped-call]
        return total

    steps.step(loss)  # type: ignore[no-untyped-call]
    return {name: round(float(weight), 2) for name, weight in zip(names, weights.detach(), strict=True)}


def right(cases: Sequence[Case], weights: Mapping[str, float]) -> int:
    """In how many cases the best option is one that is meant."""
    scores = [[sum(weights.get(f, 0.0) for f in each.features) for each in every] for every, _ in cases]
    return sum(meant[score.index(max(score))] for score, (_, meant) in zip(scores, cases, strict=True))


def _plain(text: str) -> str:
    return text.casefold().rstrip("?").strip()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pairs", type=Path)
    parser.add_argument("weights", type=Path)
    given = parser.parse_args()
    cases = cases_of(json.loads(given.pairs.read_text("utf-8")))
    aside = 0
    for fold in range(FOLDS):
        weights = fitted([case for number, case in enumerate(cases) if number % FOLDS != fold])
        aside += right(cases[fold::FOLDS], weights)
    weights = {name: weight for name, weight in fitted(cases).items() if abs(weight) >= LEAST}
    print(f"right: {aside} of {len(cases)} when left out, {right(cases, weights)} when fitted on")
    text = json.dumps(weights, ensure_ascii=False, indent=1)
    given.weights.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
