"""Fits how answers from tables are chosen: which reading of a question, and how sure it is.

    python tools/fit_tables.py ../shared/data/wikipages browseagent/answer/tables/weights.json

The ranking maximises the log of the probability that all right readings have together (marginal
likelihood, as in Pasupat & Liang, 2015) over the questions of WikiTableQuestions asked of whole pages,
with an L2 penalty. The probability of an answer is a logistic regression on held-out rankings of these
questions and of half as many asked of another page. Prints figures on two folds by page, each fitted on the
other; stores the coefficients fitted on everything.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import random
import re
import string
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from browseagent import extract
from browseagent.answer.tables.choose import (
    Scored,
    TableWeights,
    answer_key,
    lines_of,
    readings,
    signals,
)
from browseagent.answer.tables.values import value_of
from browseagent.records import Document

SEED = 2026
PENALTY = 0.005
SIGNALS = ("table match", "table context", "unsaid", "unsaid in table", "condition exact", "answer focus")
LEAST_SEEN = 4
"""Questions in which a feature must differ between readings to be given a weight."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a page and what its readings give; the features in rows of a sparse matrix."""

    page: str
    question: str
    golds: tuple[str, ...]
    document: Document
    found: list[Scored]
    """The readings, without their features."""
    right: list[bool]
    ends: list[int]
    """Where the features of each reading end."""
    names: list[int]
    values: list[float]


NAMES: dict[str, int] = {}
"""Every feature seen, with its number."""


def normal(text: str) -> str:
    """As ../shared/score.py compares: lower case, no punctuation, no articles."""
    text = "".join(c for c in text.lower() if c not in string.punctuation and c not in "–—−“”’‘")
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", text).split())


def says(text: str, gold: str) -> bool:
    """Whether an answer's text says the gold answer: the same words, number or date."""
    one, two = normal(text), normal(gold)
    if one == two:
        return True
    own, asked = value_of(text), value_of(gold)
    if asked.date is not None and asked.date[1] and own.date == asked.date:
        return True
    if asked.number is not None and own.number is not None and (own.leads or own.text[:1] in "+-−"):
        bare = re.fullmatch(
            r"[-+]?[\d.,]+\s?(years?|days?|goals?|points?|weeks?|hours?|minutes?|seconds?|%)?", gold
        )
        if bare and abs(own.number - asked.number) < 1e-6 and not (own.score or (own.date and own.date[1])):
            return True
    return bool(two) and f" {two} " in f" {one} " and len(two) * 2 >= len(one)


def is_right(texts: tuple[str, ...], golds: tuple[str, ...]) -> bool:
    """Whether an answer is the gold answer, all of it and nothing else."""
    left = list(golds)
    for text in texts:
        match = next((gold for gold in left if says(text, gold)), None)
        if match is None:
            return False
        left.remove(match)
    return not left


def load(data: Path) -> tuple[list[dict[str, Any]], dict[str, Document]]:
    rows = [json.loads(line) for line in (data / "questions.jsonl").read_text("utf-8").splitlines()]
    documents = {}
    for row in rows:
        if row["page"] not in documents:
            documents[row["page"]] = extract(
                gzip.decompress((data / row["page"]).read_bytes()),
                url=row["url"] or "https://example.org/",
                content_type="text/html; charset=utf-8",
            )
    return rows, documents


def ask(rows: list[dict[str, Any]], documents: dict[str, Document]) -> list[Asked]:
    asked = []
    for row in rows:
        document, golds = documents[row["page"]], tuple(row["answers"])
        ends: list[int] = []
        names: list[int] = []
        values: list[float] = []
        found: list[Scored] = []
        right: list[bool] = []
        for one in readings(row["question"], document):
            names += [NAMES.setdefault(name, len(NAMES)) for name in one.features]
            values += one.features.values()
            ends.append(len(names))
            kept = {name: one.features[name] for name in SIGNALS if name in one.features}
            found.append(Scored(one.table, one.candidate, kept))
            right.append(is_right(one.candidate.denotation.texts, golds))
        asked.append(Asked(row["page"], row["question"], golds, document, found, right, ends, names, values))
    return asked


def rows_of(ends: list[int]) -> list[int]:
    """The row of each entry, from where the rows end."""
    starts = [0, *ends[:-1]]
    return [
        row for row, (start, end) in enumerate(zip(starts, ends, strict=True)) for _ in range(end - start)
    ]


def fit_ranking(asked: list[Asked], penalty: float = PENALTY) -> dict[str, float]:
    """Weights that make right readings likely."""
    usable = [one for one in asked if any(one.right) and not all(one.right)]
    seen = Counter(name for one in usable for name in varying(one))
    kept = torch.full((len(NAMES),), -1)
    chosen = sorted(name for name, times in seen.items() if times >= LEAST_SEEN)
    kept[chosen] = torch.arange(len(chosen))
    rows: list[torch.Tensor] = []
    columns: list[torch.Tensor] = []
    values: list[torch.Tensor] = []
    groups: list[int] = []
    right: list[bool] = []
    for number, one in enumerate(usable):
        column = kept[torch.tensor(one.names)]
        rows.append((torch.tensor(rows_of(one.ends)) + len(groups))[column >= 0])
        columns.append(column[column >= 0])
        values.append(torch.tensor(one.values)[column >= 0])
        groups += [number] * len(one.right)
        right += one.right
    entries = torch.stack([torch.cat(rows), torch.cat(columns)])
    size = (len(groups), len(chosen))
    whole = torch.sparse_coo_tensor(entries, torch.cat(values), size).coalesce()
    matrix, turned = whole.to_sparse_csr(), whole.t().to_sparse_csr()
    group, good = torch.tensor(groups), torch.tensor(right)
    weights = torch.zeros(len(chosen), requires_grad=True)
    optimiser = torch.optim.LBFGS([weights], max_iter=60, history_size=12, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        # the gradient is the features expected of all readings less those expected of the right ones
        with torch.no_grad():
            scores = (matrix @ weights[:, None])[:, 0]
            every = log_sum(scores, group, len(usable))
            ours = log_sum(scores[good], group[good], len(usable))
            share = torch.exp(scores - every[group])
            share -= torch.where(good, torch.exp(scores - ours[group]), torch.zeros(()))
            weights.grad = (turned @ share[:, None])[:, 0] / len(usable) + penalty * weights
            value: torch.Tensor = (every - ours).mean() + penalty * (weights * weights).sum() / 2
            return value

    optimiser.step(closure)  # type: ignore[no-untyped-call]
    spelt = list(NAMES)
    fitted = zip(chosen, weights.detach().tolist(), strict=True)
    return {spelt[name]: round(weight, 4) for name, weight in fitted if abs(weight) > 1e-4}


def varying(one: Asked) -> set[int]:
    """The features that are not the same for all readings of a question."""
    seen: dict[int, set[float]] = defaultdict(set)
    for name, value in zip(one.names, one.values, strict=True):
        seen[name].add(value)
    times = Counter(one.names)
    return {name for name, values in seen.items() if len(values) > 1 or times[name] < len(one.ends)}


def log_sum(scores: torch.Tensor, group: torch.Tensor, size: int) -> torch.Tensor:
    """log Σ exp within each group."""
    top = torch.full((size,), -1e9).scatter_reduce(0, group, scores.detach(), "amax")
    total = torch.zeros(size).index_add(0, group, torch.exp(scores - top[group]))
    return top + torch.log(total + 1e-30)


def top(one: Asked, ranking: dict[str, float]) -> tuple[dict[str, float], bool, Scored] | None:
    """The signals of the best answer, whether it is right, and its reading."""
    if not one.found:
        return None
    weight = torch.tensor([ranking.get(name, 0.0) for name in NAMES])
    terms = weight[torch.tensor(one.names)] * torch.tensor(one.values)
    scores = torch.zeros(len(one.ends)).index_add(0, torch.tensor(rows_of(one.ends)), terms)
    shares = torch.softmax(scores, 0).tolist()
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for index, scored in enumerate(one.found):
        groups[answer_key(scored.candidate.denotation.texts)].append(index)
    order = sorted(groups.values(), key=lambda group: -sum(shares[i] for i in group))
    masses = [sum(shares[i] for i in group) for group in order[:2]]
    best = max(order[0], key=lambda i: float(scores[i]))
    given = signals(one.found[best], float(scores[best]), masses[0], masses[1] if len(masses) > 1 else 0.0)
    return given, one.right[best], one.found[best]


def fit_confidence(tops: list[tuple[dict[str, float], bool]]) -> tuple[dict[str, float], float]:
    names = sorted(tops[0][0])
    x = torch.tensor([[given[name] for name in names] for given, _ in tops])
    y = torch.tensor([float(right) for _, right in tops])
    w = torch.zeros(len(names) + 1, requires_grad=True)
    optimiser = torch.optim.LBFGS([w], max_iter=200, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        value: torch.Tensor = torch.nn.functional.binary_cross_entropy_with_logits(x @ w[:-1] + w[-1], y)
        value = value + 0.001 * (w[:-1] * w[:-1]).sum()
        value.backward()  # type: ignore[no-untyped-call]
        return value

    optimiser.step(closure)  # type: ignore[no-untyped-call]
    return {name: round(float(v), 4) for name, v in zip(names, w.detach()[:-1], strict=True)}, float(w[-1])


def loosely_right(one: Asked, scored: Scored) -> bool:
    """As ../shared/score.py counts: every gold answer in the answer's words or the rows quoted."""
    denotation, text = scored.candidate.denotation, one.document.text
    rows = lines_of(scored)[:12]
    shown = normal(", ".join(denotation.texts) + " " + " ".join(text[a:b] for a, b in rows))
    return all(normal(gold) in shown for gold in one.golds)


def halves(pages: set[str]) -> tuple[set[str], set[str]]:
    """The pages by hash: 60 to develop on, 60 held out."""
    order = sorted(pages, key=lambda page: hashlib.sha1(page.encode()).hexdigest())
    return set(order[: len(order) // 2]), set(order[len(order) // 2 :])


def report(name: str, asked: list[Asked], ranking: dict[str, float]) -> None:
    right = loose = reachable = 0
    by_operation: dict[str, list[bool]] = defaultdict(list)
    for one in asked:
        reachable += any(one.right)
        best = top(one, ranking)
        if best is None:
            continue
        right += best[1]
        loose += loosely_right(one, best[2])
        by_operation[best[2].candidate.reading.operation].append(best[1])
    n = len(asked)
    shares = (right / n, loose / n, reachable / n, right / max(1, reachable))
    print(
        "{}: {} questions; right {:.3f}, with rows {:.3f}, reachable {:.3f}, right of these {:.3f}".format(
            name, n, *shares
        )
    )
    for operation, results in sorted(by_operation.items(), key=lambda item: -len(item[1])):
        print(f"   {operation:22} {len(results):4} {sum(results) / len(results):.2f}")


def calibration(
    tops: list[tuple[dict[str, float], bool]], weights: dict[str, float], intercept: float
) -> float:
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for given, right in tops:
        logit = intercept + sum(weights[name] * value for name, value in given.items())
        p = float(torch.sigmoid(torch.tensor(logit)))
        bins[min(9, int(p * 10))].append((p, right))
    for number, members in sorted(bins.items()):
        print(f"   {number / 10:.1f}: {len(members):4} said {sum(p for p, _ in members) / len(members):.2f} "
              f"was {sum(r for _, r in members) / len(members):.2f}")  # fmt: skip
    return sum(abs(sum(p - r for p, r in members)) for members in bins.values()) / len(tops)


def foreign(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each question asked of another page: no answer is right."""
    rnd = random.Random(SEED)
    pages = sorted({row["page"] for row in rows})
    return [
        {**row, "page": rnd.choice([page for page in pages if page != row["page"]]), "answers": ["\0"]}
        for row in rows
    ]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    rows, documents = load(args.data)
    folds = halves(set(documents))
    torch.set_num_threads(1)
    asked, others = ask(rows, documents), ask(foreign(rows[::2]), documents)
    tops: list[list[tuple[dict[str, float], bool]]] = [[], []]
    for number, fold in enumerate(folds):
        ranking = fit_ranking([one for one in asked if one.page not in fold])
        report(f"fold {number}, fitted on the other", [one for one in asked if one.page in fold], ranking)
        for one in (*asked, *others):
            if one.page in fold and (best := top(one, ranking)) is not None:
                tops[number].append(best[:2])
    for number in (0, 1):
        confidence, intercept = fit_confidence(tops[1 - number])
        print(f"fold {number}: calibration error {calibration(tops[number], confidence, intercept):.3f}")
    confidence, intercept = fit_confidence(tops[0] + tops[1])
    weights = TableWeights(
        fit_ranking(asked),
        confidence,
        round(intercept, 4),
        "python tools/fit_tables.py ../shared/data/wikipages",
    )
    stored = {name: getattr(weights, name) for name in ("ranking", "confidence", "intercept", "made_by")}
    args.out.write_text(json.dumps(stored, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
