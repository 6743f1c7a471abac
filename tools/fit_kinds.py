"""Fits the model that tells what kind of answer a question asks for, and says how well it does.

    python -m tools.fit_kinds [--pages ../shared/data/wcxb]

Examples are the committed questions on real pages (tools/questions/data) that have an answer.
Yes/no, lists and steps were written as such; of the others the kind is the form of the written answer. The
figures are of four folds, no site on both sides; what is committed is fitted on all. Of the first set of
questions: the further ones have more for yes or no and for lists than visitors ask, and with them no kind was
told better that a form does not tell (.694 of 13,697, .675 of 7,129 without; "which documents do you need"
was no list any more).
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

import numpy as np

from browseagent.answer.question import Kind, Kinds, features
from browseagent.answer.values import NUMERAL, clock, days, has_amount, measures
from tools.questions.pack import LEARNT, read_packed
from tools.questions.pages import PAGES, urls
from tools.questions.split import site_of

OUT = Path(__file__).parents[1] / "browseagent" / "answer" / "kinds.json"
KINDS = tuple(Kind)
MOST_FEATURES, LEAST_SEEN, STEPS, DECAY, SCALE, FOLDS = 2200, 3, 200, 3e-4, 10, 4
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
    """A question of a site, and the kind of its answer."""

    site: str
    question: str
    kind: Kind


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
    sites = {page: site_of(url) for page, url in urls(pages).items()}
    for page in read_packed(LEARNT[0]):
        for each in page["questions"]:
            if each["kind"] != "none":
                kind = _WRITTEN.get(each["kind"]) or form(each["answers"][0][0])
                yield Example(sites[page["page"]], each["q"], kind)


def fit(given: Sequence[Example]) -> Kinds:
    """Multinomial logistic regression, by Adam over all examples at once."""
    rows = [features(each.question) for each in given]
    counts = Counter(feature for row in rows for feature in sorted(row))
    names = [name for name, seen in counts.most_common(MOST_FEATURES) if seen >= LEAST_SEEN]
    number = {name: place for place, name in enumerate(names)}
    held = [[number[name] for name in sorted(row) if name in number] + [len(names)] for row in rows]
    flat = np.concatenate([np.array(each) for each in held])
    owner = np.repeat(np.arange(len(held)), [len(each) for each in held])
    starts = np.cumsum([0, *(len(each) for each in held[:-1])])
    right = np.eye(len(KINDS))[[KINDS.index(each.kind) for each in given]]
    weights = np.zeros((len(names) + 1, len(KINDS)))
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, STEPS + 1):
        scores = np.add.reduceat(weights[flat], starts)
        likely = np.exp(scores - scores.max(1, keepdims=True))
        error = (likely / likely.sum(1, keepdims=True) - right)[owner] / len(given)
        slope = np.stack([np.bincount(flat, column, len(names) + 1) for column in error.T], axis=1).astype(
            np.float64
        )
        slope = slope + DECAY * np.append(weights[:-1], np.zeros((1, len(KINDS))), axis=0)
        mean, square = 0.9 * mean + 0.1 * slope, 0.999 * square + 0.001 * slope**2
        rate = 0.05 * (1 - 0.9 * step / STEPS)
        weights = weights - rate * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    rounded = np.round(weights * SCALE) / SCALE
    table = {name: tuple(map(float, row)) for name, row in zip(names, rounded, strict=False) if row.any()}
    return Kinds(KINDS, table, tuple(map(float, rounded[-1])))


def figures(given: Sequence[Example]) -> dict[str, Any]:
    """Accuracy on sites never seen, and precision and recall of each kind."""
    sites = sorted({each.site for each in given})
    random.Random(1).shuffle(sites)
    fold = {site: place % FOLDS for place, site in enumerate(sites)}
    pairs: list[tuple[Kind, Kind]] = []
    for out in range(FOLDS):
        model = fit([each for each in given if fold[each.site] != out])
        for each in given:
            if fold[each.site] == out:
                likely = model.probabilities(each.question)
                pairs.append((each.kind, max(likely, key=likely.__getitem__)))
    told: dict[str, Any] = {
        "questions": len(pairs),
        "accuracy": round(sum(right is said for right, said in pairs) / len(pairs), 3),
    }
    for kind in KINDS:
        hits = sum(right is said is kind for right, said in pairs)
        said, had = sum(s is kind for _, s in pairs), sum(r is kind for r, _ in pairs)
        told[kind.value] = [had, round(hits / max(1, said), 2), round(hits / max(1, had), 2)]
    return told


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
