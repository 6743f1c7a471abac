"""Fits the numbers of answering with the trained reader: the ranking of answers, and their confidence.

    python -m tools.fit_reader collect ../shared/data RUN HALF features.jsonl   # slow
    python -m tools.fit_reader fit features.jsonl… browseagent/answer/reader_weights.json

``collect`` asks questions about the articles that the adapter in RUN (a folder of `browseagent model
tune`, which also holds the model without any reader) was not trained on (HALF: which half it was
trained on, tools/reading_examples.py) and writes the features of every answer found. ``fit``
fits ranking (softmax over the answers of a question, summed over the right ones) and confidence
(logistic regression) on all articles but one, reports on that one, in turn, and stores what is fitted
on all of them.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch

from browseagent.answer.ask import EVIDENCE, merged
from browseagent.answer.evidence import gather
from browseagent.answer.measure import calibration_error
from browseagent.answer.reading import AnswerFeatures, read_answers
from browseagent.answer.signals import page_cover, signals_of
from browseagent.answer.weights import Weights, default_weights
from browseagent.answer.word_f1 import best_f1, least_risk
from browseagent.config import default_settings
from browseagent.model import embedded
from browseagent.model.registry import load_model
from browseagent.model.weights_source import SMOLLM2
from tools.fit_answer import is_right, minimise, rounded, squad_cases
from tools.reliability import reliability

SEED = 2026
COUNTS = {"article": 20, "article_foreign": 8, "paragraph": 24, "foreign": 12, "adversarial": 20}
FIRST = Weights({"likelihood": 1.0, "bm25": 1.0, "cover": 1.0}, {}, 0.0, 0.5, 0.0, "")
"""Ranks while features are collected; every answer is kept, so it matters to nothing but their order."""
RIGHT = 0.5
"""Word F1 with an accepted answer from which an answer counts as right."""
ANSWERED = 0.9
"""Share of a paragraph's own questions that the threshold lets through."""


def collect(data: Path, run: Path, half: int, out: Path) -> None:
    # The model that was fetched for use has the shipped reader in it, which has seen every article.
    home = replace(default_settings(), home=run / "adapted")
    embedded.fetch(
        home, announce=print, source=replace(SMOLLM2, adapter=run / "adapter.safetensors", own=True)
    )
    model = load_model("embedded", home)
    assert model.reader is not None
    titles = [
        a["title"] for a in json.loads(next((data / "squad2").glob("*.json")).read_text("utf-8"))["data"]
    ]
    unseen = {title for number, title in enumerate(titles) if number % 2 != half}
    cases = [case for case in squad_cases(data, COUNTS) if case.article in unseen]
    random.Random(SEED).shuffle(cases)  # so that an early end is a fair sample
    with out.open("w", encoding="utf-8") as file:
        for number, case in enumerate(cases):
            documents = [case.document]
            evidence = gather(case.question, documents, model, 20_000, default_weights(), EVIDENCE)
            found = read_answers(case.question, documents, model.reader, 20_000, FIRST, evidence)
            line = {
                "kind": case.kind,
                "article": case.article,
                "question": case.question,
                "page_cover": page_cover(case.question, [case.document]),
                "features": [asdict(each.features) for each in found],
                "texts": [each.text for each in found],
                "units": [each.unit.passage.start for each in found],
                "evidence": [is_right(case, each.unit.text) for each in found],
                "f1": [best_f1(each.text, case.golds) for each in found],
                "rated": [
                    (each.unit.passage.start, each.score, is_right(case, each.unit.text)) for each in evidence
                ],
            }
            file.write(json.dumps(line) + "\n")
            file.flush()
            if number % 50 == 0:
                print(number, len(cases), file=sys.stderr, flush=True)


def is_correct(row: dict[str, Any], i: int) -> bool:
    return bool(row["f1"][i] >= RIGHT and (row["kind"] != "article" or row["evidence"][i]))


def ranked(row: dict[str, Any], weights: Weights) -> list[int]:
    """The numbers of the answers in the order in which ``read_answers`` gives them."""
    scores = [weights.rank(features) for features in row["features"]]
    first = least_risk(row["texts"], scores, row["units"])
    return sorted(range(len(scores)), key=lambda i: (i != first, -scores[i]))


def signals(row: dict[str, Any], weights: Weights) -> tuple[dict[str, float], int]:
    """Those of the best answer, and its number."""
    best = ranked(row, weights)[0]
    return signals_of(row["features"][best], row["page_cover"]), best


def fit_weights(rows: list[dict[str, Any]]) -> Weights:
    names = list(AnswerFeatures.__dataclass_fields__)
    useful = [row for row in rows if any(is_correct(row, i) for i in range(len(row["f1"])))]
    xs = [torch.tensor([[f[name] for name in names] for f in row["features"]]) for row in useful]
    ys = [torch.tensor([is_correct(row, i) for i in range(len(row["f1"]))]) for row in useful]
    # Among right answers, the one whose words are nearest to an accepted answer is wanted most.
    gs = [torch.tensor(row["f1"]) for row in useful]

    def ranking_loss(v: torch.Tensor) -> torch.Tensor:
        losses = [
            -torch.log((torch.softmax(x @ v, 0) * g**2)[y].sum()) for x, y, g in zip(xs, ys, gs, strict=True)
        ]
        return torch.stack(losses).mean()

    ranking = dict(zip(names, minimise(len(names), ranking_loss).tolist(), strict=True))
    first = Weights(ranking, {}, 0.0, 0.5, 0.0, "")
    given = [(signals(row, first), row) for row in rows]
    kept = list(given[0][0][0])
    x = torch.tensor([[values[name] for name in kept] for (values, _), _ in given])
    y = torch.tensor([float(is_correct(row, best)) for (_, best), row in given])
    loss = torch.nn.functional.binary_cross_entropy_with_logits
    v = minimise(x.shape[1] + 1, lambda v: loss(x @ v[:-1] + v[-1], y))
    confidence = dict(zip(kept, v[:-1].tolist(), strict=True))
    return Weights(ranking, confidence, float(v[-1]), 0.5, 0.0, "")


@dataclass(frozen=True)
class Judged:
    """A question that these weights were not fitted on, and what they make of it."""

    row: dict[str, Any]
    weights: Weights
    confidence: float
    order: list[int]
    """The answers' numbers from the best on."""

    @property
    def right(self) -> bool:
        """Whether the best answer is right."""
        return is_correct(self.row, self.order[0])


def judge(rows: Iterable[dict[str, Any]], weights: Weights) -> Iterator[Judged]:
    for row in rows:
        confidence = weights.probability(signals(row, weights)[0])
        yield Judged(row, weights, confidence, ranked(row, weights))


def threshold_for(judged: list[Judged]) -> float:
    """The highest threshold that still answers as many as is wanted of the questions that have an answer."""
    answerable = sorted(each.confidence for each in judged if each.row["kind"] == "paragraph")
    return answerable[int((1 - ANSWERED) * len(answerable))]


def auroc(higher: list[float], lower: list[float]) -> float:
    pairs = sum((h > low) + 0.5 * (h == low) for h in higher for low in lower)
    return pairs / max(1, len(higher) * len(lower))


def evidence_at(judged: list[Judged], first: int) -> float:
    """Share of questions on whole articles with the right evidence among the first."""
    hits = []
    for each in judged:
        row = each.row
        answers = [(row["units"][i], each.weights.rank(row["features"][i])) for i in each.order]
        rated = [(unit, score) for unit, score, _ in row["rated"]]
        right = {unit for unit, yes in zip(row["units"], row["evidence"], strict=True) if yes}
        right |= {unit for unit, _, yes in row["rated"] if yes}
        hits.append(any(unit in right for unit in merged(answers, rated)[:first]))
    return sum(hits) / max(1, len(hits))


def report(judged: list[Judged], threshold: float) -> dict[str, float]:
    def some(kind: str) -> list[Judged]:
        return [each for each in judged if each.row["kind"] == kind]

    def certain(kind: str) -> list[float]:
        return [each.confidence for each in some(kind)]

    figures: dict[str, float] = {}
    for kind in ("paragraph", "article"):
        asked = some(kind)
        answered = [each.row["f1"][each.order[0]] for each in asked if each.confidence >= threshold]
        figures[f"{kind}_f1"] = sum(answered) / max(1, len(asked))
        figures[f"{kind}_f1_if_answered"] = sum(answered) / max(1, len(answered))
        figures[f"{kind}_answered"] = len(answered) / max(1, len(asked))
        best = [max(each.row["f1"], default=0.0) for each in asked]
        figures[f"{kind}_oracle_f1"] = sum(best) / max(1, len(asked))
    for first in (1, 3):
        figures[f"article_at_{first}"] = evidence_at(some("article"), first)
    for kind in ("foreign", "article_foreign", "adversarial"):
        refused = [p < threshold for p in certain(kind)]
        figures[f"{kind}_refused"] = sum(refused) / max(1, len(refused))
    figures["auroc_foreign"] = auroc(certain("paragraph"), certain("foreign"))
    figures["auroc_adversarial"] = auroc(certain("paragraph"), certain("adversarial"))
    figures["calibration_error"] = calibration_error([(each.confidence, each.right) for each in judged])
    return {name: round(value, 3) for name, value in figures.items()}


def fit(collected: list[Path], out: Path, plot: Path | None) -> None:
    rows = [json.loads(line) for path in collected for line in path.read_text("utf-8").splitlines()]
    rows = [row for row in rows if row["features"]]
    articles = sorted({row["article"] for row in rows})
    parts: dict[str, list[Judged]] = {}
    for article in articles:
        weights = fit_weights([row for row in rows if row["article"] != article])
        parts[article] = list(judge((row for row in rows if row["article"] == article), weights))
    held_out = [each for part in parts.values() for each in part]
    threshold = threshold_for(held_out)
    for article, part in parts.items():
        print(article, json.dumps(report(part, threshold)))
    figures = report(held_out, threshold)
    print(json.dumps(figures, indent=1))
    if plot is not None:
        plot.write_text(reliability([(each.confidence, each.right) for each in held_out]), "utf-8")
    weights = fit_weights(rows)
    stored = {
        "ranking": rounded(weights.ranking),
        "confidence": rounded(weights.confidence),
        "intercept": round(weights.intercept, 4),
        "threshold": round(threshold, 3),
        "span_margin": 0.0,
        "made_by": f"python -m tools.fit_reader fit; {len(rows)} questions; held out: {figures}",
    }
    out.write_text(json.dumps(stored, indent=1) + "\n", "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    steps = parser.add_subparsers(dest="step", required=True)
    collecting = steps.add_parser("collect")
    collecting.add_argument("data", type=Path)
    collecting.add_argument("run", type=Path)
    collecting.add_argument("half", type=int, choices=[0, 1])
    collecting.add_argument("out", type=Path)
    fitting = steps.add_parser("fit")
    fitting.add_argument("collected", type=Path, nargs="+")
    fitting.add_argument("out", type=Path)
    fitting.add_argument("--plot", type=Path, help="write the reliability diagram here (SVG)")
    args = parser.parse_args()
    if args.step == "collect":
        collect(args.data, args.run, args.half, args.out)
    else:
        fit(args.collected, args.out, args.plot)


if __name__ == "__main__":
    main()
