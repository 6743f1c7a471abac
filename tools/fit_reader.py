"""Fits the numbers of answering with the trained reader: the ranking of answers, and their confidence.

    python -m tools.fit_reader PAGES.jsonl PARAGRAPHS.jsonl browseagent/answer/reader_weights.json

What is read was collected by :mod:`tools.train.collect`, from pages that the reader was not trained on. Both
begin at the weights that were fitted on SQuAD and are held to them by a ridge (a normal prior around them),
whose strength is chosen among :data:`RIDGES` by what is likeliest on sites left out. All is judged on the
fifth of the sites that it was not fitted on, in turn, as ``ask`` decides: the main text, then what stands
beside it, tables against the reader. The threshold is the lowest that keeps wrong answers on pages within
bounds; what a question costs, a wrong answer three refusals, is told for it. Stored is what is fitted on all.
"""

from __future__ import annotations

import argparse
import json
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import torch

from browseagent.answer.ask import TABLE_THRESHOLD
from browseagent.answer.logistic import likely
from browseagent.answer.measure import calibration_error
from browseagent.answer.question import Kind, Question
from browseagent.answer.signals import signals_of
from browseagent.answer.steps import step_signals
from browseagent.answer.weights import Weights, reader_weights
from browseagent.answer.word_f1 import least_risk
from browseagent.answer.yesno import Both, odds, sureness
from tools.fit_answer import minimise, rounded
from tools.questions.measure import interval
from tools.reliability import reliability

FOLDS = 5
SQUAD = Weights(
    ranking={
        "likelihood": 0.5417,
        "none": 0.0938,
        "bm25": 0.1728,
        "unit_bm25": 0.6496,
        "cover": 0.2652,
        "fits": 0.0513,
        "length": 0.1941,
        "judged": 0.3,
    },
    confidence={
        "none": -0.0047,
        "bm25": -0.0848,
        "unit_bm25": 0.3045,
        "cover": 0.2806,
        "fits": 0.0352,
        "length": 0.1428,
        "odds": 0.1639,
        "page_cover": 0.229,
        "size": 0.0,
        "judged": 0.1,
        "share": 0.1,
    },
    intercept=-0.3916,
    threshold=0.134,
    span_margin=0.0,
    made_by="851 questions of SQuAD, by readers of the other half of its articles",
)
"""Where both fits begin, and what the ridge holds them to; ``size``, ``judged`` and ``share``, which came
later, begin at guesses. Eight others that were fitted then are left out since the reader judges its answers,
and of confidence the likelihood, which the odds hold (docs/reader.md): without them more is answered, and
two of them cost half of the reading."""
RIDGES = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
"""Strengths of the prior: of a squared change by one standard deviation of a feature, a question."""
COST = 3.0
"""Of a wrong answer, beside a refusal's 1."""
MOST_WRONG, LEAST_REFUSED = 0.12, 0.88
"""Bounds on real pages: shares of the questions that are answered there, and of those that are not."""
SHARES = {"adversarial": 0.3}
"""How much a question counts, beside 1: such questions were written to fool a reader, and are rarer in
use."""
NO_TABLES = frozenset(["yesno", "how"])
"""Kinds that no cell answers, as ``ask`` has it."""
PARAGRAPHS = frozenset(["qamr-test", "policyqa-dev", "squad2", "adversarial", "foreign"])
Row = dict[str, Any]
"""A question as it was collected; and a part of it, one text of its page, with the question's own fields."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """What is fitted: the reader's weights, and how yes and no are told (``answer/yesno.py``)."""

    weights: Weights
    both: Both
    evident: float

    def sure(self, evidence: float, decided: Sequence[float] | None) -> float:
        """How likely what is said is right, where its evidence is likely so much."""
        if decided is None:
            return evidence
        return sureness(evidence, likely(self._odds(decided)), self.evident)

    def says_yes(self, decided: Sequence[float]) -> bool:
        return self._odds(decided) > 0

    def _odds(self, decided: Sequence[float]) -> float:
        said, read = decided
        return odds(said, read, self.both)


def parts_of(row: Row) -> list[Row]:
    """What was collected of each text of the question's page, main text first, where answers were found."""
    asked = {name: row[name] for name in ("kind", "group", "question", "answerable", "answer")}
    return [{**part, **asked} for part in row["parts"] if part["features"]]


def ranked(part: Row, weights: Weights) -> int:
    """The number of the answer that ``read_answers`` gives first."""
    scores = [weights.rank(features) for features in part["features"]]
    return least_risk(part["texts"], scores, part["units"])


def share(part: Row) -> float:
    return SHARES.get(part["kind"], 1.0)


def fit_ranking(parts: Sequence[Row], ridge: float) -> dict[str, float]:
    """The weights under which right answers are likeliest, of texts that hold right and wrong ones."""
    names = list(SQUAD.ranking)
    told = [part for part in parts if any(part["right"]) and not all(part["right"])]
    values = [torch.tensor([[f[name] for name in names] for f in part["features"]]) for part in told]
    right = [torch.tensor(part["right"]) for part in told]
    spread = torch.cat(values).std(0) + 1e-6
    start = torch.tensor([SQUAD.ranking[name] for name in names])

    def loss(change: torch.Tensor) -> torch.Tensor:
        weights = start + change / spread
        given = [torch.log_softmax(its @ weights, 0) for its in values]
        likely = [torch.logsumexp(each[y], 0) for each, y in zip(given, right, strict=True)]
        return -torch.stack(likely).mean() + ridge * (change * change).sum()

    fitted = start + minimise(len(names), loss) / spread
    return dict(zip(names, fitted.tolist(), strict=True))


def fit_confidence(parts: Sequence[Row], ranking: dict[str, float], ridge: float) -> Weights:
    """SQuAD's confidence, scaled and moved (Platt, 1999), and each weight changed as far as the ridge lets
    it."""
    weights = replace(SQUAD, ranking=ranking)
    names = list(SQUAD.confidence)
    best = [ranked(part, weights) for part in parts]
    given = [
        signals_of(p["features"][i], p["page_cover"], p["size"]) for p, i in zip(parts, best, strict=True)
    ]
    x = torch.tensor([[values[name] for name in names] for values in given])
    y = torch.tensor([float(part["right"][i]) for part, i in zip(parts, best, strict=True)])
    counts = torch.tensor([share(part) for part in parts])
    spread = x.std(0) + 1e-6
    start = torch.tensor([SQUAD.confidence[name] for name in names])

    def fitted(v: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return (1 + v[0]) * start + v[2:] / spread, (1 + v[0]) * SQUAD.intercept + v[1]

    def loss(v: torch.Tensor) -> torch.Tensor:
        slope, level = fitted(v)
        entropy = torch.nn.functional.binary_cross_entropy_with_logits
        return entropy(x @ slope + level, y, weight=counts) + ridge * (v[2:] * v[2:]).sum()

    slope, level = fitted(minimise(len(names) + 2, loss))
    return replace(weights, confidence=dict(zip(names, slope.tolist(), strict=True)), intercept=float(level))


def fit_both(parts: Sequence[Row], weights: Weights) -> Both:
    """How much words and reader count for yes against no, where the first answer is in what decides it."""
    best = [(part, ranked(part, weights)) for part in parts if part["answer"]]
    told = [(p["decided"][i], p["answer"] == "yes") for p, i in best if p["right"][i] and p["decided"][i]]
    if not told:
        return 1.0, 0.0, 0.0
    x = torch.tensor([[*values, 1.0] for values, _ in told])
    y = torch.tensor([float(yes) for _, yes in told])

    def loss(v: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.binary_cross_entropy_with_logits(x @ v, y) + 1e-3 * (v * v).sum()

    words, reader, intercept = (round(each, 3) for each in minimise(3, loss).tolist())
    return words, reader, intercept


def fit_evident(parts: Sequence[Row], weights: Weights) -> float:
    """What is added to the log-odds of a first answer that is a sentence which is to decide."""
    best = [(part, ranked(part, weights)) for part in parts]
    told = [(part, i) for part, i in best if part["decided"][i]]
    if not told:
        return 0.0
    signals = [signals_of(part["features"][i], part["page_cover"], part["size"]) for part, i in told]
    x = torch.logit(torch.tensor([weights.probability(each) for each in signals]), eps=1e-6)
    y = torch.tensor([float(part["right"][i]) for part, i in told])
    entropy = torch.nn.functional.binary_cross_entropy_with_logits
    return round(float(minimise(1, lambda v: entropy(x + v, y))), 3)


def fit_weights(parts: Sequence[Row], ridges: tuple[float, float]) -> Fitted:
    weights = fit_confidence(parts, fit_ranking(parts, ridges[0]), ridges[1])
    weights = replace(weights, steps=reader_weights().steps)  # fitted by tools.fit_steps
    return Fitted(weights, fit_both(parts, weights), fit_evident(parts, weights))


def chosen_ridges(parts: Sequence[Row]) -> tuple[float, float]:
    """The strengths that do best on the sites left out, in turn: for ranking by how often the first answer is
    right, for confidence by its log-likelihood."""
    folds = [
        ([p for p in parts if fold(p["group"]) != n], [p for p in parts if fold(p["group"]) == n])
        for n in range(FOLDS)
    ]

    def first(ridge: float) -> float:
        hits = 0
        for fitted, held in folds:
            weights = replace(SQUAD, ranking=fit_ranking(fitted, ridge))
            hits += sum(part["right"][ranked(part, weights)] for part in held)
        return hits

    ranking = max(RIDGES, key=first)

    def likely(ridge: float) -> float:
        total = 0.0
        for fitted, held in folds:
            its = fit_weights(fitted, (ranking, ridge))
            for part in held:
                confidence, right, _ = believed(part, its)
                chance = min(max(confidence if right else 1 - confidence, 1e-4), 1.0)
                total += share(part) * math.log(chance)
        return total

    return ranking, max(RIDGES, key=likely)


def _is_for_steps(part: Row) -> bool:
    return Question.of(part["question"]).kind is Kind.STEPS


def believed(part: Row, fitted: Fitted) -> tuple[float, bool, bool]:
    """The confidence of a text's first answer, whether it is right, and whether ``tools.questions.measure``
    finds what is said right: of yes or no that is the word alone, and not the sentence that decides."""
    best = ranked(part, fitted.weights)
    signals = signals_of(part["features"][best], part["page_cover"], part["size"])
    decided, right = part["decided"][best], bool(part["right"][best])
    said = right
    if part["answer"]:
        said = decided is not None and fitted.says_yes(decided) == (part["answer"] == "yes")
        right = right and said
    if fitted.weights.steps and _is_for_steps(part):
        return (
            fitted.weights.step_probability(step_signals(part["features"], part["units"], best)),
            right,
            said,
        )
    return fitted.sure(fitted.weights.probability(signals), decided), right, said


@dataclass(frozen=True, slots=True)
class Offer:
    """What one text of a page offers: the reader's answer, and the likeliest of the page's tables where it is
    the main text."""

    confidence: float
    right: bool
    said_right: bool
    """By ``tools.questions.measure``: of yes or no the word alone."""
    of_row: bool
    """Whether it stands in a row that the table gives."""
    table: float
    """0 where there is none."""
    table_right: bool


@dataclass(frozen=True)
class Judged:
    """A question that these weights were not fitted on, and what each text offers, the main text first."""

    row: Row
    offers: tuple[Offer, ...]

    @property
    def is_page(self) -> bool:
        """Whether it is one of our own, on a real page."""
        return self.row["kind"] not in PARAGRAPHS

    def said(self, threshold: float) -> bool | None:
        """Whether what is said is right; None where nothing is. As :func:`browseagent.answer.ask.answer_from`
        decides: what stands beside the main text counts where that gives nothing."""
        for offer in self.offers:
            if offer.table > max(0.0 if offer.of_row else offer.confidence, TABLE_THRESHOLD):
                return offer.table_right
            if offer.confidence >= threshold:
                return offer.said_right
        return None


def judge(rows: Iterable[Row], fitted: Fitted) -> Iterator[Judged]:
    for row in rows:
        table = row["table"] if row["kind"] not in NO_TABLES else None
        offers: list[Offer] = []
        for part in row["parts"]:
            found = (0.0, False, False, False)
            if part["features"]:
                of_row = part["of_row"][ranked(part, fitted.weights)]
                asked = {name: row[name] for name in ("answer", "question")}
                found = (*believed({**part, **asked}, fitted), of_row)
            its = (table["probability"], table["right"]) if table is not None and not offers else (0.0, False)
            offers.append(Offer(*found, *its))
        about = [offer for offer, part in zip(offers, row["parts"], strict=True) if part["about"]]
        yield Judged(row, tuple(about))


def costs(judged: Sequence[Judged], threshold: float) -> torch.Tensor:
    """What each question costs where answers below a threshold are refused."""
    cost = {None: 1.0, True: 0.0, False: COST}
    said = [(each, each.said(threshold)) for each in judged]
    return torch.tensor([0.0 if s is None and not each.row["answerable"] else cost[s] for each, s in said])


def threshold_for(judged: Sequence[Judged]) -> float:
    """The lowest threshold at which no more is stated wrongly than :data:`MOST_WRONG` of the questions that
    are answered there, and :data:`LEAST_REFUSED` of the others are refused."""
    answered = [each for each in judged if each.row["answerable"]]
    others = [each for each in judged if not each.row["answerable"]]
    for number in range(10, 95):
        said = [each.said(number / 100) for each in answered]
        refused = [each.said(number / 100) for each in others].count(None)
        if said.count(False) <= MOST_WRONG * len(said) and refused >= LEAST_REFUSED * len(others):
            return number / 100
    raise SystemExit("no threshold keeps within the bounds")


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
        said = [each.said(threshold) for each in its]
        if its[0].row["answerable"]:
            figures[f"{name}_right"] = said.count(True) / len(its)
            figures[f"{name}_wrong"] = said.count(False) / len(its)
            figures[f"{name}_first"] = sum(bool(each.said(0.0)) for each in its) / len(its)
        else:
            figures[f"{name}_refused"] = said.count(None) / len(its)
    offers = [(o, each) for each in judged for o in each.offers]
    figures["auroc_right"] = auroc(
        [o.confidence for o, each in offers if each.is_page and o.right],
        [o.confidence for o, each in offers if each.is_page and not o.right],
    )
    figures["calibration_error"] = calibration_error([(o.confidence, o.right) for o, _ in offers])
    figures["cost"] = float(costs([each for each in judged if each.is_page], threshold).mean())
    return {name: round(value, 3) for name, value in figures.items()}


def fold(group: str) -> int:
    return int(sha256(f"fold {group}".encode()).hexdigest()[:8], 16) % FOLDS


def fit(collected: Sequence[Path], out: Path, plot: Path | None) -> None:
    rows = [json.loads(line) for path in collected for line in path.read_text("utf-8").splitlines()]
    parts = [part for row in rows for part in parts_of(row)]
    ridges = chosen_ridges(parts)
    judged: list[Judged] = []
    for number in range(FOLDS):
        fitted = fit_weights([part for part in parts if fold(part["group"]) != number], ridges)
        judged += judge((row for row in rows if fold(row["group"]) == number), fitted)
    threshold = threshold_for([each for each in judged if each.is_page])
    figures = report(judged, threshold)
    print(json.dumps(figures, indent=1))
    its = [each.said(threshold) for each in judged if each.is_page and each.row["answerable"]]
    for said in (True, False, None):
        hits = its.count(said)
        print(
            f"ridges {ridges}, threshold {threshold}: answerable, said {said}: {hits} of {len(its)}", end=" "
        )
        print([round(each, 3) for each in interval(hits, len(its))])
    if plot is not None:
        offered = [(offer.confidence, offer.right) for each in judged for offer in each.offers]
        plot.write_text(reliability(offered), "utf-8")
    fitted = fit_weights(parts, ridges)
    weights = fitted.weights
    print(f"yesno.BOTH = {fitted.both}, EVIDENT = {fitted.evident}")
    stored = {
        "ranking": rounded(weights.ranking),
        "confidence": rounded(weights.confidence),
        "intercept": round(weights.intercept, 4),
        "threshold": threshold,
        "span_margin": 0.0,
        "steps": dict(weights.steps),
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
