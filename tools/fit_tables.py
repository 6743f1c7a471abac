"""Fits how answers from tables are chosen: which reading of a question, and how sure it is.

    python -m tools.fit_tables ../shared/data/wikipages browseagent/answer/tables/weights.json

The ranking maximises the log of the probability that all right readings have together (marginal
likelihood, as in Pasupat & Liang, 2015) over the questions of WikiTableQuestions asked of whole pages and
over the visitors' questions of tools/questions/data on pages with tables or records, with an L2 penalty. The
pages that ``python -m tools.measure_tables kept`` asks are in neither.
The probability of an answer is a logistic regression on held-out rankings of these questions and of half
as many asked of another page. Prints figures on folds by page of WikiTableQuestions and by site of the
others, each fitted on the rest; stores the coefficients fitted on everything.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import re
import string
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import torch

from browseagent.answer.ask import TABLE_THRESHOLD
from browseagent.answer.question import Question
from browseagent.answer.tables.cells import value_of
from browseagent.answer.tables.choose import SIGNALS, Scored, TableWeights, lines_of, ranked, scored
from browseagent.answer.tables.records import page_frames
from browseagent.records import Document
from tools.questions.measure import verdict
from tools.questions.pack import LEARNT, SITES, merged, read_packed
from tools.questions.pages import PAGES, SITE_PAGES, document, read, urls
from tools.questions.split import site_of
from tools.train.sites import fitted_pages

SEED = 2026
FOLDS = 3
PENALTY = 0.003
LEAST_SEEN = 8
"""Questions in which a feature must differ between readings to be given a weight."""
OTHER_TIERS = 3
"""Of the visitors' questions whose answer stands in no table, one in so many is taken."""

Row = dict[str, Any]
Top = tuple[dict[str, float], bool]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a page and what its readings give; the features in rows of a sparse matrix."""

    row: Row
    document: Document
    found: list[Scored]
    """The readings, without their features."""
    right: list[bool]
    ends: list[int]
    """Where the features of each reading end."""
    names: list[int]
    values: list[float]

    @property
    def page(self) -> str:
        """Name of the page."""
        return str(self.row["page"])


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


def is_answer(row: Row, texts: tuple[str, ...]) -> bool:
    """Whether some texts answer a question of either set."""
    if "kind" in row:
        return row["kind"] != "none" and verdict(row, ", ".join(texts), "") == "right"
    return is_right(texts, tuple(row["answers"]))


def load(data: Path) -> tuple[list[Row], dict[str, Document]]:
    """The questions and pages of WikiTableQuestions."""
    rows = [json.loads(line) for line in (data / "questions.jsonl").read_text("utf-8").splitlines()]
    places = {row["page"]: row["url"] or "https://example.org/" for row in rows}
    return rows, {page: read(data / page, url) for page, url in places.items()}


def load_visitors() -> tuple[list[Row], dict[str, Document], dict[str, str]]:
    """Visitors' questions on pages that have tables or records: all that those answer, some that they do
    not; the pages, and the site of each."""
    kept = fitted_pages()
    sources = [(page, PAGES) for page in merged(LEARNT) if page["page"] not in kept]
    sources += [(page, SITE_PAGES) for page in read_packed(SITES)]
    addresses = {folder: urls(folder) for folder in (PAGES, SITE_PAGES)}
    rows, documents, sites = [], {}, {}
    for page, folder in sources:
        name, url = page["page"], addresses[folder][page["page"]]
        stored = document(name, url, folder)
        if not page_frames(stored):
            continue
        asked = [q for q in page["questions"] if q["kind"] not in ("yesno", "how")]
        tabled = [q for q in asked if q["tier"] in ("table", "record") or q["kind"] == "best"]
        others = [q for q in asked if q not in tabled][::OTHER_TIERS]
        documents[name], sites[name] = stored, site_of(url) or name
        rows += [{**q, "question": q["q"], "page": name} for q in tabled + others]
    return rows, documents, sites


def ask(rows: list[Row], documents: dict[str, Document]) -> list[Asked]:
    """Every reading of every question, and whether it is right."""
    asked = []
    for row in sorted(rows, key=lambda row: str(row["page"])):  # a page's frames are kept for a while
        one = Asked(row, documents[row["page"]], [], [], [], [], [])
        right = lru_cache(maxsize=None)(partial(is_answer, row))
        for each in scored(Question.of(row["question"]), page_frames(one.document)):
            one.names.extend(NAMES.setdefault(name, len(NAMES)) for name in each.features)
            one.values.extend(each.features.values())
            one.ends.append(len(one.names))
            kept = {name: each.features[name] for name in SIGNALS if name in each.features}
            one.found.append(Scored(each.frame, each.reading, kept))
            one.right.append(right(each.reading.texts))
        asked.append(one)
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


def top(one: Asked, ranking: dict[str, float]) -> tuple[Top, Scored] | None:
    """The signals of the best answer, whether it is right, and its reading."""
    if not one.found:
        return None
    weight = torch.tensor([ranking.get(name, 0.0) for name in NAMES])
    terms = weight[torch.tensor(one.names)] * torch.tensor(one.values)
    scores = torch.zeros(len(one.ends)).index_add(0, torch.tensor(rows_of(one.ends)), terms).tolist()
    best, given = ranked(one.found, scores)[0]
    return (given, is_answer(one.row, best.reading.texts)), best


def fit_confidence(tops: list[Top]) -> tuple[dict[str, float], float]:
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


def loosely_right(one: Asked, best: Scored) -> bool:
    """As ../shared/score.py counts: every gold answer in the answer's words or the rows quoted."""
    rows = " ".join(best.frame.document.text[a:b] for a, b in lines_of(best)[:12])
    shown = normal(", ".join(best.reading.texts) + " " + rows)
    return all(normal(gold) in shown for gold in one.row["answers"])


def folds(pages: Mapping[str, str]) -> list[set[str]]:
    """Pages in parts of about one size, by the hash of the site or page that each belongs to."""
    order = sorted(set(pages.values()), key=lambda group: hashlib.sha1(group.encode()).hexdigest())
    parts = [set(order[number::FOLDS]) for number in range(FOLDS)]
    return [{page for page, group in pages.items() if group in part} for part in parts]


def report(name: str, asked: list[Asked], ranking: dict[str, float]) -> None:
    """Prints how often the best answer is right, and some reading is, by operation."""
    reachable = sum(any(one.right) for one in asked)
    best = [(one, *found) for one in asked if (found := top(one, ranking)) is not None]
    right = sum(is_right for _, (_, is_right), _ in best)
    loose = sum(loosely_right(one, reading) for one, _, reading in best if "kind" not in one.row)
    n = max(1, len(asked))
    print(
        f"{name}: {n} questions; right {right / n:.3f}, with rows {loose / n:.3f}, "
        f"reachable {reachable / n:.3f}"
    )
    by_operation: dict[str, list[bool]] = defaultdict(list)
    for _, (_, is_right), reading in best:
        by_operation[reading.reading.operation].append(is_right)
    for operation, results in sorted(by_operation.items(), key=lambda item: -len(item[1])):
        print(f"   {operation:22} {len(results):4} {sum(results) / len(results):.2f}")


def calibration(tops: list[Top], weights: dict[str, float], intercept: float) -> float:
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for given, right in tops:
        logit = intercept + sum(weights[name] * value for name, value in given.items())
        p = float(torch.sigmoid(torch.tensor(logit)))
        bins[min(9, int(p * 10))].append((p, right))
    for number, members in sorted(bins.items()):
        print(f"   {number / 10:.1f}: {len(members):4} said {sum(p for p, _ in members) / len(members):.2f} "
              f"was {sum(r for _, r in members) / len(members):.2f}")  # fmt: skip
    return sum(abs(sum(p - r for p, r in members)) for members in bins.values()) / len(tops)


def stated(name: str, tops: list[tuple[Row, Top]], weights: dict[str, float], intercept: float) -> None:
    """Prints what of some answers is trusted, and right, at several thresholds."""
    given = [
        (float(torch.sigmoid(torch.tensor(intercept + sum(weights[k] * v for k, v in g.items())))), right)
        for _, (g, right) in tops
    ]
    for threshold in (TABLE_THRESHOLD, 0.5, 0.6, 0.7):
        sure = [right for chance, right in given if chance > threshold]
        print(f"{name}: of {len(tops)} stated at {threshold} {len(sure)}, right {sum(sure)}")


def foreign(rows: list[Row]) -> list[Row]:
    """Each question asked of another page: no answer is right."""
    rnd = random.Random(SEED)
    pages = sorted({row["page"] for row in rows})
    return [
        {
            "question": row["question"],
            "page": rnd.choice([page for page in pages if page != row["page"]]),
            "answers": ["\0"],
        }
        for row in rows
    ]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    torch.set_num_threads(1)
    rows, documents = load(args.data)
    visits, seen, sites = load_visitors()
    parts = zip(folds({page: page for page in documents}), folds(sites), strict=True)
    pages = documents | seen
    asked, others = ask(rows + visits, pages), ask(foreign(rows[::2]), pages)
    tops: list[list[tuple[Row, Top]]] = [[] for _ in range(FOLDS)]
    for number, fold in enumerate(one | other for one, other in parts):
        ranking = fit_ranking([one for one in asked if one.page not in fold])
        mine = [one for one in asked if one.page in fold]
        report(f"fold {number}, fitted on the rest, wiki", [o for o in mine if "kind" not in o.row], ranking)
        answered = [one for one in mine if one.row.get("kind", "none") != "none"]
        for tier in ("table", "record"):
            its = [one for one in answered if one.row["tier"] == tier and any(one.right)]
            report(f"fold {number}, visitors' of a {tier}, reachable", its, ranking)
        superlatives = [one for one in answered if one.row["kind"] == "best" and any(one.right)]
        report(f"fold {number}, visitors' superlatives, reachable", superlatives, ranking)
        for one in (*mine, *(one for one in others if one.page in fold)):
            if (best := top(one, ranking)) is not None:
                tops[number].append((one.row, best[0]))
    for number in range(FOLDS):
        rest = [best for other in range(FOLDS) if other != number for _, best in tops[other]]
        confidence, intercept = fit_confidence(rest)
        error = calibration([best for _, best in tops[number]], confidence, intercept)
        print(f"fold {number}: calibration error {error:.3f}")
        for tier in ("table", "main", "second", "record"):
            chosen = [(row, best) for row, best in tops[number] if row.get("tier") == tier]
            stated(f"   {tier}", chosen, confidence, intercept)
        wiki = [(row, best) for row, best in tops[number] if "tier" not in row]
        stated("   wiki", wiki, confidence, intercept)
        chosen = [(row, best) for row, best in tops[number] if row.get("kind") == "best"]
        stated("   superlatives", chosen, confidence, intercept)
    confidence, intercept = fit_confidence([best for part in tops for _, best in part])
    made_by = "python -m tools.fit_tables ../shared/data/wikipages"
    weights = TableWeights(fit_ranking(asked), confidence, round(intercept, 4), made_by)
    stored = {name: getattr(weights, name) for name in ("ranking", "confidence", "intercept", "made_by")}
    args.out.write_text(json.dumps(stored, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
