"""Fits the numbers of answering with the trained reader: the ranking of answers, and their confidence.

    python -m tools.fit_reader PAGES.jsonl PARAGRAPHS.jsonl browseagent/answer/reader_weights.json

What is read was collected by :mod:`tools.train.collect`, from pages that the reader was not trained on. The
weights are those that were fitted on SQuAD; the confidence is scaled on all sites but a fifth and judged on
that fifth, in turn. A wrong answer costs three times what a refusal does: the threshold is the lowest whose
cost on pages is within a standard error of the least. Stored is what is scaled on all.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import torch

from browseagent.answer.measure import calibration_error
from browseagent.answer.signals import signals_of
from browseagent.answer.weights import Weights
from browseagent.answer.word_f1 import least_risk
from tools.fit_answer import minimise, rounded
from tools.questions.measure import interval
from tools.reliability import reliability

FOLDS = 5
SQUAD = Weights(
    ranking={
        "likelihood": 0.5417,
        "none": 0.0938,
        "asked": 1.214,
        "bm25": 0.1728,
        "unit_bm25": 0.6496,
        "before": 0.0354,
        "cover": 0.2652,
        "excerpt_cover": 0.0555,
        "gain": -0.0767,
        "evidence": 0.684,
        "strangers": -0.2472,
        "fits": 0.0513,
        "echo": -2.2566,
        "agreement": -0.6552,
        "length": 0.1941,
    },
    confidence={
        "likelihood": 0.1592,
        "none": -0.0047,
        "asked": 0.4175,
        "bm25": -0.0848,
        "unit_bm25": 0.3045,
        "before": 0.125,
        "cover": 0.2806,
        "excerpt_cover": 0.0285,
        "gain": 0.0497,
        "evidence": 0.4115,
        "strangers": -0.4735,
        "fits": 0.0352,
        "echo": -1.0602,
        "agreement": -0.3785,
        "length": 0.1428,
        "odds": 0.1639,
        "page_cover": 0.229,
    },
    intercept=-0.3916,
    threshold=0.134,
    span_margin=0.0,
    made_by="851 questions of SQuAD, by readers of the other half of its articles",
)
"""What is scaled. Fitted anew, on the 300 questions that there are, ranking and confidence tell right answers
on pages from others less well: the area under the curve is .82 in place of .86."""
COST = 3.0
"""Of a wrong answer, beside a refusal's 1."""
SHARES = {"adversarial": 0.3}
"""How much a question counts, beside 1: such questions were written to fool a reader, and are rarer in
use."""
PARAGRAPHS = frozenset(["qamr-test", "policyqa-dev", "squad2", "adversarial", "foreign"])
Row = dict[str, Any]


def ranked(row: Row, weights: Weights) -> int:
    """The number of the answer that ``read_answers`` gives first."""
    scores = [weights.rank(features) for features in row["features"]]
    return least_risk(row["texts"], scores, row["units"])


def signals(row: Row, weights: Weights) -> tuple[dict[str, float], int]:
    """Those of the best answer, and its number."""
    best = ranked(row, weights)
    return signals_of(row["features"][best], row["page_cover"]), best


def share(row: Row) -> float:
    return SHARES.get(row["kind"], 1.0)


def fit_weights(rows: Sequence[Row]) -> Weights:
    """SQuAD's weights, the log-odds of their confidence scaled and moved (Platt, 1999)."""
    given = [(*signals(row, SQUAD), row) for row in rows]
    odds = torch.logit(torch.tensor([SQUAD.probability(values) for values, _, _ in given]))
    y = torch.tensor([float(row["right"][best]) for _, best, row in given])
    counts = torch.tensor([share(row) for *_, row in given])

    def loss(v: torch.Tensor) -> torch.Tensor:
        entropy = torch.nn.functional.binary_cross_entropy_with_logits
        return entropy((1 + v[0]) * odds + v[1], y, weight=counts)

    change = minimise(2, loss).tolist()
    scale = 1 + change[0]
    return replace(
        SQUAD,
        confidence={name: scale * value for name, value in SQUAD.confidence.items()},
        intercept=scale * SQUAD.intercept + change[1],
    )


@dataclass(frozen=True)
class Judged:
    """A question that these weights were not fitted on, and what they make of it."""

    row: Row
    confidence: float
    right: bool

    @property
    def is_page(self) -> bool:
        """Whether it is one of our own, on a real page."""
        return self.row["kind"] not in PARAGRAPHS


def judge(rows: Iterable[Row], weights: Weights) -> Iterator[Judged]:
    for row in rows:
        values, best = signals(row, weights)
        yield Judged(row, weights.probability(values), bool(row["right"][best]))


def costs(judged: Sequence[Judged], threshold: float) -> torch.Tensor:
    """What each question costs where answers below a threshold are refused."""
    return torch.tensor(
        [
            (0.0 if each.right else COST) if each.confidence >= threshold else float(each.row["answerable"])
            for each in judged
        ]
    )


def threshold_for(judged: Sequence[Judged]) -> float:
    """The lowest threshold whose mean cost is within a standard error of the least (the rule of Breiman et
    al., 1984): from there on the cost hardly changes, and every higher one refuses more right answers."""
    grid = [number / 100 for number in range(10, 95)]
    best = min((costs(judged, each) for each in grid), key=lambda its: float(its.mean()))
    most = float(best.mean() + best.std() / len(judged) ** 0.5)
    return next(each for each in grid if float(costs(judged, each).mean()) <= most)


def auroc(higher: list[float], lower: list[float]) -> float:
    pairs = sum((h > low) + 0.5 * (h == low) for h in higher for low in lower)
    return pairs / max(1, len(higher) * len(lower))


def report(judged: Sequence[Judged], threshold: float) -> dict[str, float]:
    """Shares by group of question; each has ``right`` and ``wrong``, or ``refused`` where nothing answers."""
    groups: dict[str, list[Judged]] = defaultdict(list)
    for each in judged:
        kind = each.row["kind"]
        groups["none" if kind == "none" else "pages" if each.is_page else kind].append(each)
        if each.is_page and kind != "none":
            groups[f"pages_{kind}"].append(each)
    figures: dict[str, float] = {}
    for name, its in sorted(groups.items()):
        said = [each for each in its if each.confidence >= threshold]
        if its[0].row["answerable"]:
            figures[f"{name}_right"] = sum(each.right for each in said) / len(its)
            figures[f"{name}_wrong"] = sum(not each.right for each in said) / len(its)
            figures[f"{name}_first"] = sum(each.right for each in its) / len(its)
        else:
            figures[f"{name}_refused"] = 1 - len(said) / len(its)
    pages = [each for each in judged if each.is_page]
    figures["auroc_right"] = auroc(
        [each.confidence for each in pages if each.right],
        [each.confidence for each in pages if not each.right],
    )
    figures["calibration_error"] = calibration_error([(each.confidence, each.right) for each in judged])
    figures["cost"] = float(costs(pages, threshold).mean())
    return {name: round(value, 3) for name, value in figures.items()}


def fold(group: str) -> int:
    return int(sha256(f"fold {group}".encode()).hexdigest()[:8], 16) % FOLDS


def fit(collected: Sequence[Path], out: Path, plot: Path | None) -> None:
    rows = [json.loads(line) for path in collected for line in path.read_text("utf-8").splitlines()]
    rows = [row for row in rows if row["features"]]
    judged: list[Judged] = []
    for number in range(FOLDS):
        weights = fit_weights([row for row in rows if fold(row["group"]) != number])
        judged += judge((row for row in rows if fold(row["group"]) == number), weights)
    threshold = threshold_for([each for each in judged if each.is_page])
    figures = report(judged, threshold)
    print(json.dumps(figures, indent=1))
    for name in ("right", "wrong"):
        its = [each for each in judged if each.is_page and each.row["answerable"]]
        hits = sum(each.confidence >= threshold and each.right == (name == "right") for each in its)
        print(name, hits, len(its), [round(each, 3) for each in interval(hits, len(its))])
    if plot is not None:
        plot.write_text(reliability([(each.confidence, each.right) for each in judged]), "utf-8")
    weights = fit_weights(rows)
    stored = {
        "ranking": rounded(weights.ranking),
        "confidence": rounded(weights.confidence),
        "intercept": round(weights.intercept, 4),
        "threshold": threshold,
        "span_margin": 0.0,
        "made_by": f"python -m tools.fit_reader; {len(rows)} questions; held out: {figures}",
    }
    out.write_text(json.dumps(stored, indent=1) + "\n", "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("collected", type=Path, nargs="+")
    parser.add_argument("out", type=Path)
    parser.add_argument("--plot", type=Path, help="write the reliability diagram here (SVG)")
    args = parser.parse_args()
    fit(args.collected, args.out, args.plot)


if __name__ == "__main__":
    main()
