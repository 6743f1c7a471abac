"""Fits the model that tells what kind of answer a question asks for, and says how well it does.

    python -m tools.fit_kinds [--pages ../shared/data/wcxb]

Examples are the committed questions (tools/questions/data) that have an answer, but for those aside and in
sites-kept. Yes/no, lists and steps were written as such; of the others the kind is the form of the written
answer. The first set is asked as visitors ask; others have more for yes or no, lists and steps, so that each
of their questions counts as much as makes their shares the first set's. The figures are of four folds, no
site on both sides, of the first set and of pages that packages carry; what is committed is fitted on all.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from browseagent.answer.question import TOLD, Kind, Kinds, features
from browseagent.answer.values import NUMERAL, clock, days, has_amount, measures
from tools.questions.pack import LEARNT, MADE, MANUALS, POLICIES, SITES, WIKIPAGES, read_packed
from tools.questions.pages import MANUAL_PAGES, PAGES, SITE_PAGES, urls
from tools.questions.split import site_of

OUT = Path(__file__).parents[1] / "browseagent" / "answer" / "kinds.json"
KINDS = tuple(Kind)
FIRST, OTHERS = LEARNT[0], (*LEARNT[1:], SITES, MADE, MANUALS, POLICIES, WIKIPAGES)
MOST_FEATURES, LEAST_SEEN, STEPS, DECAY, SCALE, FOLDS = 5000, 3, 200, 2e-4, 10, 4
_WRITTEN = {"yesno": Kind.YES_NO, "list": Kind.LIST, "how": Kind.STEPS}
_NAME = re.compile(
    r"[A-Z0-9][\w’'.&-]*(?:\s+(?:(?:of|the|de|la|le|von|van|der|del|di|du|and|for|&)\s+)*[A-Z0-9][\w’'.&()-]*)*"
)
_YEAR = re.compile(
    r"(?:in |since |around |the )?(?:1\d|20)\d\ds?(?:\s?[-–]\s?(?:\d{4}|\d\d))?"
    r"|(?i:.*\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b.*)"
)
_NUMBER = re.compile(rf"[\d.,+]+|(?i:{NUMERAL})(?!\w).{{0,20}}|(?:\S+\s+){{0,3}}\S*\d\S*(?:\s+\S+){{0,3}}")


@dataclass(frozen=True, slots=True)
class Example:
    """A question of a site, the kind of its answer, and how much it counts."""

    site: str
    question: str
    kind: Kind
    weight: float
    file: str
    """The name of the set that it is of."""


def form(answer: str) -> Kind:
    """The kind of an answer by its form."""
    words = " ".join(answer.split())
    if has_amount(words):
        return Kind.MONEY
    if any(day.month for day in days(words, "en")) or clock(words) is not None or _YEAR.fullmatch(words):
        return Kind.DATE
    measured = measures(words, "en")
    if measured:
        return Kind.DURATION if measured[0].unit.dimension in ("time", "months") else Kind.MEASURE
    if _NAME.fullmatch(words) and not words.replace(",", "").replace(".", "").isdigit():
        return Kind.NAME
    return Kind.NUMBER if _NUMBER.fullmatch(words) else Kind.PHRASE


def examples(pages: Path) -> Iterator[Example]:
    """The questions that have an answer."""
    folders = (pages, SITE_PAGES, MANUAL_PAGES)
    sites = {page: site_of(url) for folder in folders for page, url in urls(folder).items()}
    usual = _shares(FIRST)
    for path in (FIRST, *OTHERS):
        own = _shares(path)
        for page, each in _answerable(path):
            kind = _WRITTEN.get(each["kind"]) or form(each["answers"][0][0])
            weight = usual[each["kind"]] / own[each["kind"]]
            yield Example(sites.get(page) or page, each["q"], kind, weight, path.name)


def _answerable(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The questions of a set that have an answer, with their pages."""
    for row in read_packed(path):
        for each in row["questions"]:
            if each["kind"] != "none":
                yield row["page"], each


def _shares(path: Path) -> dict[str, float]:
    """How much of a set each kind is, as it was written."""
    counts = Counter(each["kind"] for _, each in _answerable(path))
    return {kind: count / counts.total() for kind, count in counts.items()}


def fit(given: Sequence[Example]) -> Kinds:
    """Multinomial logistic regression, by Adam over all examples at once."""
    rows = [features(each.question) for each in given]
    counts = Counter(feature for row in rows for feature in sorted(row))
    names = [name for name, seen in counts.most_common(MOST_FEATURES) if seen >= LEAST_SEEN]
    number = {name: place for place, name in enumerate(names)}
    held = [[*sorted(number[name] for name in row if name in number), len(names)] for row in rows]
    starts = torch.tensor([0, *(len(each) for each in held)]).cumsum(0)
    columns = torch.tensor([column for each in held for column in each])
    ones = torch.ones(len(columns))
    matrix = torch.sparse_csr_tensor(starts, columns, ones, (len(held), len(names) + 1))
    turned = matrix.t().to_sparse_csr()
    right = torch.eye(len(KINDS))[[KINDS.index(each.kind) for each in given]]
    counted = torch.tensor([[each.weight] for each in given])
    counted = counted / counted.sum()
    decay = torch.tensor([[DECAY]] * len(names) + [[0.0]])
    weights = torch.zeros(len(names) + 1, len(KINDS))
    mean, square = torch.zeros_like(weights), torch.zeros_like(weights)
    for step in range(1, STEPS + 1):
        error = (torch.softmax(matrix @ weights, 1) - right) * counted
        slope = turned @ error + decay * weights
        mean, square = 0.9 * mean + 0.1 * slope, 0.999 * square + 0.001 * slope**2
        rate = 0.05 * (1 - 0.9 * step / STEPS)
        weights = weights - rate * (mean / (1 - 0.9**step)) / ((square / (1 - 0.999**step)).sqrt() + 1e-8)
    rounded = [tuple(round(each * SCALE) / SCALE for each in row) for row in weights.tolist()]
    table = {name: row for name, row in zip(names, rounded, strict=False) if any(row)}
    return Kinds(KINDS, table, rounded[-1])


def figures(given: Sequence[Example]) -> dict[str, Any]:
    """Of the first set and of pages that packages carry, on sites never seen: how often the likeliest kind is
    right, and count, precision and recall of each as it is told."""
    sites = sorted({each.site for each in given})
    random.Random(1).shuffle(sites)
    fold = {site: place % FOLDS for place, site in enumerate(sites)}
    pairs: dict[str, list[tuple[Kind, Kind, Kind]]] = {FIRST.name: [], SITES.name: []}
    for out in range(FOLDS):
        model = fit([each for each in given if fold[each.site] != out])
        for each in given:
            if fold[each.site] == out and each.file in pairs:
                likely = model.probabilities(each.question)
                best = max(likely, key=likely.__getitem__)
                told = best if likely[best] >= TOLD else Kind.PHRASE
                pairs[each.file].append((each.kind, best, told))
    return {name: _judged(its) for name, its in pairs.items()}


def _judged(pairs: Sequence[tuple[Kind, Kind, Kind]]) -> dict[str, Any]:
    judged: dict[str, Any] = {
        "questions": len(pairs),
        "accuracy": round(sum(right is best for right, best, _ in pairs) / len(pairs), 3),
    }
    for kind in KINDS:
        hits = sum(right is told is kind for right, _, told in pairs)
        told, had = sum(told is kind for *_, told in pairs), sum(right is kind for right, *_ in pairs)
        judged[kind.value] = [had, round(hits / max(1, told), 2), round(hits / max(1, had), 2)]
    return judged


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=Path, default=PAGES)
    given = list(examples(parser.parse_args().pages))
    told = figures(given)
    print(json.dumps(told))
    model = fit(given)
    weights = {name: [round(w * SCALE) for w in row] for name, row in model.weights.items()}
    data = {
        "made_by": f"python -m tools.fit_kinds; held out: [count, precision, recall] {json.dumps(told)}",
        "scale": SCALE,
        "kinds": list(model.kinds),
        "intercept": [round(w * SCALE) for w in model.intercept],
        "weights": dict(sorted(weights.items())),
    }
    lines = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace('],"', '],\n"')
    OUT.write_text(lines + "\n", encoding="utf-8")
    print(f"{OUT}: {OUT.stat().st_size:,} bytes, {len(weights):,} features")


if __name__ == "__main__":
    main()
