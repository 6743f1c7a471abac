"""Fits the chooser of summaries to the editors' choices.

    python -m tools.summaries.fit ../shared/data/wcxb [--keep]

Logistic regression with a penalty on squares, larger for what counts for one kind of page only; every page
weighs the same. Printed are precision and recall on the pages of the sites held out, with as many points as
the editor took; with ``--keep`` the coefficients are written to ``browseagent/answer/chooser.json``.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from browseagent.answer.chooser import Chooser, features
from browseagent.answer.passages import units
from browseagent.answer.pieces import Piece, pieces
from browseagent.answer.summarize import taken
from tools.summaries.pages import Chosen, chosen, shown

SHARED, OF_A_KIND = 3.0, 10.0
"""Penalty on the coefficients of all pages, and on those of one kind: among the best of six pairs on the
training pages, a quarter of the sites left out in turn."""
UNSEEN = 0.5
"""What a piece counts that the editor was not shown, as one not taken. Without any, later parts of long pages
are rated by what nobody judged: precision in cross-validation .42 at 0, .50 at .3, .49 at 1."""
FILE = Path("browseagent/answer/chooser.json")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A page's pieces, which of them an editor took, and which were seen at all."""

    page: Chosen
    every: tuple[Piece, ...]
    taken: tuple[bool, ...]
    seen: tuple[bool, ...]


def labelled(page: Chosen) -> Labelled:
    """The pieces of a page with their labels: one is taken where any sentence or line of it was."""
    every = tuple(pieces(page.document))
    took = tuple(
        any((unit.passage.start, unit.passage.end) in page.spans for unit in piece.units) for piece in every
    )
    looked_at = set(shown(units(page.document)))
    seen = tuple(take or piece.place in looked_at for piece, take in zip(every, took, strict=True))
    return Labelled(page, every, took, seen)


def fitted(
    pages: Sequence[Labelled], shared: float = SHARED, of_a_kind: float = OF_A_KIND
) -> dict[str, float]:
    """The coefficients that fit the pages best."""
    rows: list[dict[str, float]] = []
    labels: list[bool] = []
    weights: list[float] = []
    for each in pages:
        kind = each.page.document.kind
        told = features(each.every)
        for row, take, seen in zip(told, each.taken, each.seen, strict=True):
            rows.append(row | {f"{kind}:{name}": value for name, value in row.items()})
            labels.append(take)
            weights.append((1.0 if seen else UNSEEN) * 20 / max(1, sum(each.seen)))
    names = sorted({name for row in rows for name in row})
    at = {name: number for number, name in enumerate(names)}
    x = np.zeros((len(rows), len(names)))
    for number, row in enumerate(rows):
        for name, value in row.items():
            x[number, at[name]] = value
    y, weight = np.array(labels, dtype=float), np.array(weights)
    penalty = np.array([of_a_kind if ":" in name else shared for name in names])
    penalty[at["always"]] = 1e-3
    found = np.zeros(len(names))
    for _ in range(30):
        likely = 1 / (1 + np.exp(-(x @ found)))
        slope = x.T @ (weight * (likely - y)) + penalty * found
        curve = (x * (weight * likely * (1 - likely))[:, None]).T @ x + np.diag(penalty)
        step = np.linalg.solve(curve, slope)
        found -= step
        if np.abs(step).max() < 1e-6:
            break
    return {name: round(float(value), 4) for name, value in zip(names, found, strict=True)}


def agreement(
    pages: Sequence[Labelled], choose: Callable[[Labelled, int], Sequence[Piece]]
) -> tuple[float, float]:
    """Mean precision and recall of a way of choosing as many pieces as the editor did."""
    precision, recall = [], []
    for each in pages:
        wanted = {piece.place for piece, take in zip(each.every, each.taken, strict=True) if take}
        if not wanted:
            continue
        got = {piece.place for piece in choose(each, len(wanted))}
        precision.append(len(got & wanted) / len(got) if got else 0.0)
        recall.append(len(got & wanted) / len(wanted))
    return statistics.mean(precision), statistics.mean(recall)


def by(chooser: Chooser) -> Callable[[Labelled, int], Sequence[Piece]]:
    """Choosing by a chooser."""
    return lambda each, points: [rated.piece for rated in taken(chooser.rated(each.every), points)]


def first_sentences(each: Labelled, points: int) -> Sequence[Piece]:
    """Choosing what comes first."""
    return [piece for piece in each.every if piece.is_sentence][:points]


def main() -> None:
    """Fits, measures and perhaps keeps."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--keep", action="store_true")
    args = parser.parse_args()
    every = [labelled(page) for page in chosen(args.data)]
    known = [each for each in every if not each.page.held_out]
    held = [each for each in every if each.page.held_out]
    weights = fitted(known)
    chooser = Chooser(weights, "")
    precision, recall = agreement(held, by(chooser))
    first = agreement(held, first_sentences)
    told = (
        f"tools/summaries/fit.py: {len(known)} pages, {len(held)} held out; precision {precision:.3f}, "
        f"recall {recall:.3f}; the first sentences {first[0]:.3f}, {first[1]:.3f}"
    )
    print(told)
    if args.keep:
        FILE.write_text(json.dumps({"weights": weights, "made_by": told}, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
