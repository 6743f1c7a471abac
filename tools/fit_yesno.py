"""Fits the model that tells yes from no by the sentence that decides, and says how well it does.

    python -m tools.fit_yesno [--pages ../shared/data/wcxb]

Examples are the committed questions for yes or no (tools/questions/data), each with the sentence
that its writer took as evidence, but of sites that training keeps away from: there the reader is weighed
against this (``tools/fit_reader.py``). The figures are of five folds, no site on both sides; what is
committed is fitted on all of these.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from browseagent.answer.logistic import probability
from browseagent.answer.yesno import features
from tools.questions.check import searched
from tools.questions.measure import interval
from tools.questions.pack import LEARNT, merged
from tools.questions.pages import PAGES, urls
from tools.questions.split import site_of
from tools.train.sites import fitted_pages

OUT = Path(__file__).parents[1] / "browseagent" / "answer" / "yesno.json"
LEAST_SEEN, DECAY, STEPS, RATE, SCALE, FOLDS = 3, 6e-3, 300, 1.0, 50, 5
Model = tuple[dict[str, float], float]


@dataclass(frozen=True, slots=True)
class Example:
    """A question of a site with its sentence, as features, and whether it says yes."""

    site: str
    features: frozenset[str]
    yes: bool


def examples(pages: Path) -> Iterator[Example]:
    """The questions for yes or no on pages that are trained on."""
    sites = {page: site_of(url) for page, url in urls(pages).items()}
    kept = fitted_pages()
    for page in merged(LEARNT):
        if page["page"] in kept:
            continue
        asked = [each for each in page["questions"] if each["kind"] == "yesno"]
        text = searched(pages, page["page"]).text if asked else ""
        for each in asked:
            start, end = each["evidence"][0]
            known = features(each["q"], text[start:end])
            yield Example(sites[page["page"]], known, each["answer"] == "yes")


def fit(given: Sequence[Example]) -> Model:
    """Logistic regression with squared coefficients as penalty, by gradient descent with momentum. What is
    rare and nearly always right (``opposites``) has no penalty."""
    counts = Counter(name for each in given for name in sorted(each.features))
    names = [name for name, seen in counts.items() if seen >= LEAST_SEEN]
    matrix = np.array([[name in each.features for name in names] + [True] for each in given], float)
    yes = np.array([each.yes for each in given], float)
    decay = np.array([0.0 if name.startswith("opposites ") else DECAY for name in names] + [0.0])
    weights, speed = np.zeros(len(names) + 1), np.zeros(len(names) + 1)
    for _ in range(STEPS):
        error = 1 / (1 + np.exp(-matrix @ weights)) - yes
        speed = 0.9 * speed - RATE / 10 * (matrix.T @ error / len(given) + decay * weights)
        weights += speed
    rounded = np.round(weights * SCALE) / SCALE
    return {name: float(w) for name, w in zip(names, rounded, strict=False) if w}, float(rounded[-1])


def likely(model: Model, known: frozenset[str]) -> float:
    """How likely features say yes."""
    weights, intercept = model
    return probability(intercept, weights, dict.fromkeys(known, 1.0))


def figures(given: Sequence[Example]) -> dict[str, object]:
    """How often it is right on sites never seen; of the surer half too; and what always saying no does."""
    sites = sorted({each.site for each in given})
    random.Random(1).shuffle(sites)
    fold = {site: place % FOLDS for place, site in enumerate(sites)}
    said: list[tuple[float, bool]] = []
    for out in range(FOLDS):
        model = fit([each for each in given if fold[each.site] != out])
        said += [(likely(model, each.features), each.yes) for each in given if fold[each.site] == out]
    said.sort(key=lambda each: -abs(each[0] - 0.5))
    right = [(chance > 0.5) == yes for chance, yes in said]
    half = right[: len(right) // 2]
    return {
        "questions": len(right),
        "right": round(sum(right) / len(right), 3),
        "interval": [round(each, 2) for each in interval(sum(right), len(right))],
        "surer half": round(sum(half) / len(half), 3),
        "always no": round(sum(not yes for _, yes in said) / len(said), 3),
        "stated": round(sum(max(chance, 1 - chance) for chance, _ in said) / len(said), 3),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=Path, default=PAGES)
    given = list(examples(parser.parse_args().pages))
    told = figures(given)
    print(json.dumps(told))
    weights, intercept = fit(given)
    data = {
        "made_by": f"python -m tools.fit_yesno; held out by site: {json.dumps(told)}",
        "scale": SCALE,
        "intercept": round(intercept * SCALE),
        "weights": {name: round(w * SCALE) for name, w in sorted(weights.items())},
    }
    lines = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace(',"', ',\n"')
    OUT.write_text(lines + "\n", encoding="utf-8")
    print(f"{OUT}: {OUT.stat().st_size:,} bytes, {len(weights):,} features")


if __name__ == "__main__":
    main()
