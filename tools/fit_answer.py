"""Fits the numbers of answering: how evidence is ranked, and what confidence it deserves.

    python tools/fit_answer.py collect ../shared/data features.jsonl   # slow; resumable
    python tools/fit_answer.py fit features.jsonl browseagent/answer/weights.json

``collect`` asks questions of SQuAD's articles and paragraphs and of Wikipedia pages and writes the
features of every candidate. ``fit`` fits the ranking (softmax over the candidates of a question) and
the confidence (logistic regression), both with a small L2 penalty, prints what they give on the
articles left out of each of six folds, and stores the coefficients fitted on everything.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch

from browseagent import extract
from browseagent.answer.evidence import Features, gather
from browseagent.answer.likelihood import signals
from browseagent.answer.question import Question
from browseagent.answer.weights import Weights, default_weights
from browseagent.config import default_settings
from browseagent.model.registry import load_model
from browseagent.records import Document

SEED = 2026
PER_ARTICLE = {"article": 10, "article_foreign": 6, "paragraph": 15, "foreign": 15, "adversarial": 12}
TABLE_QUESTIONS = 150


@dataclass(frozen=True, slots=True)
class Case:
    """A question of a document; ``golds`` is empty where the document does not answer it."""

    kind: str
    article: str
    question: str
    golds: list[str]
    context: str
    document: Document


def plain(text: str, title: str) -> Document:
    return extract(
        text.encode(), url=f"https://example.org/{title}", content_type="text/plain; charset=utf-8"
    )


def squad_cases(data: Path, counts: Mapping[str, int] = PER_ARTICLE) -> Iterator[Case]:
    articles = json.loads(next((data / "squad2").glob("*.json")).read_text("utf-8"))["data"]
    rnd = random.Random(SEED)
    flat = [(a["title"], p["context"], q) for a in articles for p in a["paragraphs"] for q in p["qas"]]
    for article in articles:
        title = article["title"]
        mine = [(c, q) for t, c, q in flat if t == title]
        others = [q for t, _, q in flat if t != title and not q["is_impossible"]]
        yes = [(c, q) for c, q in mine if not q["is_impossible"]]
        no = [(c, q) for c, q in mine if q["is_impossible"]]
        whole = plain("\n\n".join(p["context"] for p in article["paragraphs"]), title)
        for c, q in rnd.sample(yes, counts["article"]):
            yield Case("article", title, q["question"], [a["text"] for a in q["answers"]], c, whole)
        for q in rnd.sample(others, counts["article_foreign"]):
            yield Case("article_foreign", title, q["question"], [], "", whole)
        for c, q in rnd.sample(yes, counts["paragraph"]):
            yield Case(
                "paragraph", title, q["question"], [a["text"] for a in q["answers"]], c, plain(c, title)
            )
        for q in rnd.sample(others, counts["foreign"]):
            yield Case("foreign", title, q["question"], [], "", plain(rnd.choice(mine)[0], title))
        for c, q in rnd.sample(no, counts["adversarial"]):
            yield Case("adversarial", title, q["question"], [], "", plain(c, title))


def table_cases(data: Path) -> Iterator[Case]:
    """Questions whose answer is a name: a number would be found in any row."""
    lines = (data / "wikipages" / "questions.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    rows = [r for r in rows if all(re.search(r"[A-Za-z]{3}", a) for a in r["answers"])]
    rows = random.Random(SEED).sample(rows, TABLE_QUESTIONS)
    for row in sorted(rows, key=lambda row: row["page"]):
        document = extract(
            gzip.decompress((data / "wikipages" / row["page"]).read_bytes()),
            url=row["url"] or "https://example.org/",
            content_type="text/html; charset=utf-8",
        )
        yield Case("table", row["page"], row["question"], row["answers"], "", document)


def is_right(case: Case, text: str) -> bool:
    """Whether a unit is evidence: it holds an answer and stands in the right paragraph."""
    folded, context = " ".join(text.split()), " ".join(case.context.split())
    if not case.golds:
        return False
    if case.kind == "table":
        return all(gold.lower() in folded.lower() for gold in case.golds)
    return any(" ".join(gold.split()) in folded for gold in case.golds) and folded[:60] in context


def collect(data: Path, out: Path) -> None:
    lines = out.read_text("utf-8").splitlines() if out.exists() else []
    done = {(row["kind"], row["article"], row["question"]) for row in map(json.loads, lines)}
    cases = [*squad_cases(data), *table_cases(data)]
    random.Random(SEED).shuffle(cases)  # so that an early end is a fair sample
    model = load_model("embedded", default_settings())
    weights = default_weights()
    with out.open("a", encoding="utf-8") as file:
        for number, case in enumerate(cases):
            if (case.kind, case.article, case.question) in done:
                continue
            question = Question.of(case.question)
            found = gather(question, [case.document], model, 40_000, weights)
            line = {
                "kind": case.kind,
                "article": case.article,
                "question": case.question,
                "page_cover": signals(question, [case.document], found)["page_cover"] if found else 0.0,
                "features": [asdict(evidence.features) for evidence in found],
                "right": [is_right(case, evidence.unit.text) for evidence in found],
            }
            file.write(json.dumps(line) + "\n")
            file.flush()
            if number % 20 == 0:
                print(number, case.kind, case.article, file=sys.stderr)


def fit(features: Path, out: Path) -> None:
    rows = [json.loads(line) for line in features.read_text("utf-8").splitlines()]
    rows = [row for row in rows if row["features"]]
    articles = sorted({row["article"] for row in rows})
    random.Random(SEED).shuffle(articles)
    folds = [set(articles[i::6]) for i in range(6)]
    held_out: list[tuple[dict[str, Any], float, bool, int | None]] = []
    for fold in folds:
        fitted = fit_weights([row for row in rows if row["article"] not in fold])
        held_out += [(row, *judged(row, fitted)) for row in rows if row["article"] in fold]
    threshold = best_threshold(held_out)
    figures = report(held_out, threshold)
    weights = fit_weights(rows)
    stored = {
        "ranking": rounded(weights.ranking),
        "confidence": rounded(weights.confidence),
        "intercept": round(weights.intercept, 4),
        "threshold": round(threshold, 3),
        "span_margin": default_weights().span_margin,
        "made_by": f"python tools/fit_answer.py fit; {len(rows)} questions; held out: {figures}",
    }
    out.write_text(json.dumps(stored, indent=1) + "\n", "utf-8")


def fit_weights(rows: list[dict[str, Any]]) -> Weights:
    names = list(Features.__dataclass_fields__)
    ranked = [row for row in rows if any(row["right"])]
    xs = [torch.tensor([[f[n] for n in names] for f in row["features"]]) for row in ranked]
    ys = [torch.tensor(row["right"]) for row in ranked]

    def ranking_loss(v: torch.Tensor) -> torch.Tensor:
        losses = [-torch.log(torch.softmax(x @ v, 0)[y].sum()) for x, y in zip(xs, ys, strict=True)]
        return torch.stack(losses).mean()

    w = minimise(len(names), ranking_loss)
    ranking = dict(zip(names, w.tolist(), strict=True))
    first = Weights(ranking, {}, 0.0, 0.5, 0.0, "")
    inputs, labels, counts = [], [], []
    for row in rows:
        values, right, _ = best_signals(row, first)
        inputs.append(list(values.values()))
        labels.append(float(right))
        counts.append(importance(row))
    x, y, c = torch.tensor(inputs), torch.tensor(labels), torch.tensor(counts)
    loss = torch.nn.functional.binary_cross_entropy_with_logits
    v = minimise(x.shape[1] + 1, lambda v: loss(x @ v[:-1] + v[-1], y, weight=c))
    confidence = dict(zip(values, v[:-1].tolist(), strict=True))
    return Weights(ranking, confidence, float(v[-1]), 0.5, 0.0, "")


def importance(row: dict[str, Any]) -> float:
    """An adversarial question is one that was written to fool a reader: rarer in use than here."""
    return 0.3 if row["kind"] == "adversarial" else 1.0


def minimise(size: int, loss: Any) -> torch.Tensor:
    w = torch.zeros(size, requires_grad=True)
    optimiser = torch.optim.LBFGS([w], max_iter=200, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        value: torch.Tensor = loss(w) + 0.002 * (w * w).sum()
        value.backward()  # type: ignore[no-untyped-call]
        return value

    optimiser.step(closure)  # type: ignore[no-untyped-call]
    return w.detach()


def best_signals(row: dict[str, Any], weights: Weights) -> tuple[dict[str, float], bool, int | None]:
    """The confidence's inputs, whether the best evidence is right, and the rank of the first right."""
    scores = [weights.rank(f) for f in row["features"]]
    order = sorted(range(len(scores)), key=lambda i: -scores[i])
    best = row["features"][order[0]]
    runner_up = scores[order[1]] if len(order) > 1 else scores[order[0]] - 3
    values = {name: best[name] for name in ("cover", "group_cover", "gain", "fits", "rare_fit")}
    values |= {"margin": min(3.0, scores[order[0]] - runner_up), "page_cover": row["page_cover"]}
    rank = next((place for place, i in enumerate(order, 1) if row["right"][i]), None)
    return values, row["right"][order[0]], rank


def judged(row: dict[str, Any], weights: Weights) -> tuple[float, bool, int | None]:
    values, right, rank = best_signals(row, weights)
    return weights.probability(values), right, rank


def best_threshold(rows: list[tuple[dict[str, Any], float, bool, int | None]]) -> float:
    """Where the share answered of the answerable and the share refused of the foreign balance."""
    positive = [p for row, p, *_ in rows if row["kind"] in ("paragraph", "article", "table")]
    foreign = [p for row, p, *_ in rows if row["kind"] in ("foreign", "article_foreign")]
    return max(
        (t / 200 for t in range(1, 200)),
        key=lambda t: (
            sum(p >= t for p in positive) / len(positive) + sum(p < t for p in foreign) / len(foreign)
        ),
    )


def report(rows: list[tuple[dict[str, Any], float, bool, int | None]], threshold: float) -> dict[str, float]:
    figures: dict[str, float] = {}
    for kind in ("article", "paragraph", "table"):
        ranks = [rank for row, _, _, rank in rows if row["kind"] == kind]
        figures[f"{kind}_at_1"] = sum(rank == 1 for rank in ranks) / max(1, len(ranks))
        figures[f"{kind}_at_3"] = sum(rank is not None and rank <= 3 for rank in ranks) / max(1, len(ranks))
    for kind in ("article", "paragraph", "table", "foreign", "article_foreign", "adversarial"):
        certain = [p for row, p, *_ in rows if row["kind"] == kind]
        figures[f"{kind}_answered"] = sum(p >= threshold for p in certain) / max(1, len(certain))
    bins: dict[int, list[tuple[float, bool, float]]] = {}
    for row, p, right, _ in rows:
        bins.setdefault(min(9, int(p * 10)), []).append((p, right, importance(row)))
    gap = sum(abs(sum((p - right) * c for p, right, c in b)) for b in bins.values())
    figures["calibration_error"] = gap / sum(importance(row) for row, *_ in rows)
    figures = {name: round(value, 3) for name, value in figures.items()}
    print(json.dumps(figures, indent=1))
    return figures


def rounded(values: Any) -> dict[str, float]:
    return {name: round(value, 4) for name, value in values.items()}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("step", choices=["collect", "fit"])
    parser.add_argument("source", type=Path)
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    (collect if args.step == "collect" else fit)(args.source, args.out)


if __name__ == "__main__":
    main()
