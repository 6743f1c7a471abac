"""Fits the models of browseagent/read to the pages in ../shared/data, and says how good they are.

    python tools/fit_extract.py            # cross-validation by site, then content.json and kind.json
    python tools/fit_extract.py --check    # cross-validation only
    python tools/fit_extract.py --aside    # fitted without the pages set aside for questions, judged on them

Needs lightgbm (``pip install lightgbm``), which is not needed to use the models. Every page of a site
is in one fold. Figures printed are held out: each page is judged by models that saw no page of its site;
beside them stand trafilatura's on the same pages.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import lightgbm
import numpy as np
import trafilatura

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))


from browseagent.read.chunks import Chunk
from browseagent.read.dom import parse
from browseagent.read.features import NAMES, count, page_features, rows
from browseagent.read.html import base_of, gather
from browseagent.read.media import decode
from browseagent.read.metadata import linked_data, meta_tags, metadata, page_signs
from browseagent.read.select import decide, trafilatura_text
from tools.labels import labels, words
from tools.questions import pages

HERE = Path(__file__).parent
MODELS = HERE.parent / "browseagent" / "read"
FOLDS = 5
ROUNDS = 120
# Found by cross-validation. extra_trees, and a third of the features for each tree, matter most: with
# four hundred pages from as many sites, the model must not learn a site.
PARAMETERS = {
    "objective": "cross_entropy", "learning_rate": 0.1, "num_leaves": 31, "min_data_in_leaf": 100,
    "feature_fraction": 0.4, "bagging_fraction": 0.7, "bagging_freq": 1, "lambda_l2": 5, "max_bin": 63,
    "extra_trees": True, "seed": 1, "num_threads": 1, "deterministic": True, "verbose": -1,
}  # fmt: skip
KIND_ROUNDS = 25
KIND_PARAMETERS = {
    "objective": "multiclass", "learning_rate": 0.12, "num_leaves": 5, "min_data_in_leaf": 8,
    "feature_fraction": 0.3,
    "lambda_l2": 3, "max_bin": 63, "extra_trees": True, "seed": 1, "num_threads": 1, "deterministic": True,
    "verbose": -1,
}  # fmt: skip


@dataclass(slots=True)
class Example:
    """One page: its chunks, their features and labels."""

    row: dict[str, Any]
    chunks: list[Chunk]
    x: np.ndarray[Any, Any]
    y: np.ndarray[Any, Any]
    words: list[int]
    fold: int
    title: str
    theirs: str
    """What trafilatura extracts as it is used by itself."""

    @property
    def weights(self) -> np.ndarray[Any, Any]:
        """How much each chunk moves the page's F1: its words beside those of the main content and,
        damped, of the page."""
        gold = len(words(self.row["main_content"]))
        size = np.array(self.words, dtype=float)
        weights: np.ndarray[Any, Any] = size / (gold + 0.3 * size.sum() + 50) * 100 + 0.001
        return weights


def site(url: str) -> str:
    """The last two labels of the host: pages that share them share a fold."""
    return ".".join(urlsplit(url).netloc.split(".")[-2:])


def load() -> list[Example]:
    """Every page that has main content, with features and labels."""
    examples = []
    for row in pages.rows():
        if not row["main_content"]:
            continue
        body = pages.body(row["id"])
        root = parse(decode(body, pages.CONTENT_TYPE))
        if root is None:
            continue
        url = row["url"]
        chunks = gather(root, base_of(root, url))[0].chunks
        objects, tags = linked_data(root), meta_tags(root)
        counts = count(chunks, trafilatura_text(root, url))
        description = f"{tags.get('description', '')} {tags.get('og:description', '')}"
        title = metadata(root, objects, tags).title
        table = rows(chunks, counts, page_signs(root, url, objects, tags), title, description)
        texts = [chunk.text for chunk in chunks]
        examples.append(
            Example(
                row, chunks, np.array(table, dtype=np.float32).reshape(-1, len(NAMES)),
                np.array(labels(texts, row["main_content"])), [len(words(text)) for text in texts],
                zlib.crc32(site(url or row["id"]).encode()) % FOLDS, title,
                trafilatura.extract(body, url=url, include_comments=False) or "",
            )
        )  # fmt: skip
    return examples


def fit(examples: list[Example]) -> lightgbm.Booster:
    """The model of main content, fitted to these pages."""
    data = lightgbm.Dataset(
        np.vstack([e.x for e in examples]),
        np.concatenate([e.y for e in examples]),
        weight=np.concatenate([e.weights for e in examples]),
    )
    return lightgbm.train(PARAMETERS, data, ROUNDS)


def fit_kind(examples: list[Example], classes: list[str]) -> lightgbm.Booster:
    """The model of the kind of page, fitted to these pages."""
    examples = [e for e in examples if len(e.x)]
    data = lightgbm.Dataset(
        np.array([page_features(e.x.astype(np.float64)) for e in examples]),
        np.array([classes.index(e.row["page_type"]) for e in examples]),
    )
    return lightgbm.train({**KIND_PARAMETERS, "num_class": len(classes)}, data, KIND_ROUNDS)


def f1(text: str, gold: str) -> float:
    """Word F1 as score.py counts it."""
    p, g = Counter(words(text)), Counter(words(gold))
    same = sum((p & g).values())
    return 2 * same / (sum(p.values()) + sum(g.values())) if same else 0.0


def validate(examples: list[Example], classes: list[str], folds: Iterable[int]) -> None:
    """Prints held-out figures on the pages of some folds, ours and trafilatura's."""
    ours: list[tuple[Example, str]] = []
    right = 0
    for fold in folds:
        seen = [e for e in examples if e.fold != fold]
        model, kinds = fit(seen), fit_kind(seen, classes)
        for e in examples:
            if e.fold != fold:
                continue
            chosen: list[str] = []
            if len(e.x):
                guess = kinds.predict(np.array([page_features(e.x.astype(np.float64))]))[0]
                kind = classes[int(np.argmax(guess))]
                right += kind == e.row["page_type"]
                keep = decide(e.chunks, model.predict(e.x).tolist(), e.title, kind)
                chosen = [c.text for c, k in zip(e.chunks, keep, strict=True) if k]
            ours.append((e, "\n".join(chosen)))
    print("held out", json.dumps({**figures(ours), "kind_right": round(right / len(ours), 4)}))
    print("trafilatura", json.dumps(figures([(e, e.theirs) for e, _ in ours])))


def figures(texts: list[tuple[Example, str]]) -> dict[str, float]:
    """Word F1 over all and by kind of page, and the shares of snippets kept and leaked."""
    scores: dict[str, list[float]] = defaultdict(list)
    kept: list[bool] = []
    leaked: list[bool] = []
    for e, text in texts:
        scores[e.row["page_type"]].append(f1(text, e.row["main_content"]))
        flat = " ".join(text.split())
        kept += [" ".join(s.split()) in flat for s in e.row["with"] or []]
        leaked += [" ".join(s.split()) in flat for s in e.row["without"] or []]
    return {
        "pages": len(texts), "word_f1": round(sum(map(sum, scores.values())) / len(texts), 4),
        "kept": round(sum(kept) / max(1, len(kept)), 4),
        "leaked": round(sum(leaked) / max(1, len(leaked)), 4),
        **{f"word_f1_{k}": round(sum(v) / len(v), 4) for k, v in sorted(scores.items())},
    }  # fmt: skip


def export(model: lightgbm.Booster, features: list[str], classes: list[str], path: Path) -> None:
    """Writes a model as browseagent.read.select reads it."""
    trees = []
    for info in model.dump_model()["tree_info"]:
        nodes: list[list[float]] = []
        leaves: list[float] = []
        _flatten(info["tree_structure"], nodes, leaves)
        trees.append([nodes, leaves])
    text = json.dumps({"features": features, "classes": classes, "trees": trees}, separators=(",", ":"))
    path.write_text(re.sub(r"\]\],", "]],\n", text) + "\n", encoding="utf8")


def _flatten(node: dict[str, Any], nodes: list[list[float]], leaves: list[float]) -> int:
    if "leaf_value" in node:
        leaves.append(round(node["leaf_value"], 5))
        return ~(len(leaves) - 1)
    at = len(nodes)
    nodes.append([])
    threshold = float(f"{node['threshold']:.6g}")
    left = _flatten(node["left_child"], nodes, leaves)
    right = _flatten(node["right_child"], nodes, leaves)
    nodes[at] = [node["split_feature"], threshold, left, right]
    return at


def main() -> int:
    """Cross-validates, then fits to all pages and writes the models."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="cross-validation only")
    parser.add_argument("--aside", action="store_true", help="judge the pages set aside, and write nothing")
    parser.add_argument("--write-only", action="store_true", help="fit to all pages without cross-validation")
    args = parser.parse_args()
    examples = load()
    classes = sorted({e.row["page_type"] for e in examples})
    if args.aside:
        aside = set(json.loads((HERE / "questions" / "split.json").read_text(encoding="utf8"))["aside"])
        for e in examples:
            e.fold = 0 if e.row["id"] in aside else 1
        validate(examples, classes, [0])
    elif not args.write_only:
        validate(examples, classes, range(FOLDS))
    if not args.check and not args.aside:
        export(fit(examples), list(NAMES), ["content"], MODELS / "content.json")
        export(fit_kind(examples, classes), [], classes, MODELS / "kind.json")
        print(
            "wrote",
            *(
                f"{p.name} {p.stat().st_size:,} bytes"
                for p in (MODELS / "content.json", MODELS / "kind.json")
            ),
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
