"""Extractive summaries of whole Wikipedia articles against taking the first three sentences.

    python bench/summaries.py ../shared/data [-n 60]

What an article says before its first heading is its authors' own summary. It is taken out, the rest is
summarised in three sentences, and these are compared with what was taken out: ROUGE-1 (Lin, 2004) over the
stemmed content words, as recall of the lead's words and as F1. Beside it, on the same articles: the first
three sentences of the rest, and our own choice without the model. Nothing was fitted on these pages. The
last line printed is one JSON object.
"""

from __future__ import annotations

import argparse
import gzip
import json
import statistics
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from browseagent import extract
from browseagent.answer.lexical import terms
from browseagent.answer.summarize import fit_units, summarize
from browseagent.config import default_settings
from browseagent.model.port import Likelihood
from browseagent.model.registry import load_model
from browseagent.model.scripted import ScriptedModel
from browseagent.records import BlockKind, Document

POINTS = 3
LEAD_WORDS = 40
"""Content words that a lead must have to be a summary at all."""


def parted(document: Document) -> tuple[str, Document] | None:
    """The lead of an article, and the article without it; None where it has none, or nothing else."""
    first = next(
        (i for i, b in enumerate(document.blocks) if b.kind is BlockKind.HEADING and b.level == 2), 0
    )
    lead = " ".join(
        document.block_text(block) for block in document.blocks[:first] if block.kind is BlockKind.PARAGRAPH
    )
    rest = replace(document, blocks=document.blocks[first:])
    if len(terms(lead)) < LEAD_WORDS or len(fit_units(rest)) < 2 * POINTS:
        return None
    return lead, rest


def titles(data: Path) -> dict[str, str]:
    """The title of each page, by the name of its file."""
    lines = (data / "wikipages" / "questions.jsonl").read_text("utf-8").splitlines()
    addresses = {row["page"]: row["url"] for row in map(json.loads, lines)}
    return {
        Path(page).name: unquote(urlsplit(url).path.rpartition("/")[2]).replace("_", " ")
        for page, url in addresses.items()
    }


def rouge(said: str, reference: str) -> tuple[float, float]:
    """Recall and F1 of ROUGE-1 over stemmed content words."""
    ours, theirs = Counter(terms(said)), Counter(terms(reference))
    same = sum((ours & theirs).values())
    if not same:
        return 0.0, 0.0
    recall, precision = same / sum(theirs.values()), same / sum(ours.values())
    return recall, 2 * recall * precision / (recall + precision)


def main() -> None:
    """Runs the comparison and prints it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("-n", type=int, default=60, help="articles")
    args = parser.parse_args()
    model = load_model("embedded", default_settings())
    even = ScriptedModel(lambda context, continuation: Likelihood(-1.0, 1))

    ways: dict[str, Callable[[Document], str]] = {
        "first three sentences": lambda d: " ".join(unit.text for _, unit in fit_units(d)[:POINTS]),
        "without the model": lambda d: " ".join(p.text for p in summarize([d], even, "short").points),
        "with the model": lambda d: " ".join(p.text for p in summarize([d], model, "short").points),
    }
    figures: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    named = titles(args.data)
    for path in sorted((args.data / "wikipages" / "html").glob("*.gz")):
        document = extract(
            gzip.decompress(path.read_bytes()),
            url="https://example.org/",
            content_type="text/html; charset=utf-8",
        )
        parts = parted(replace(document, title=named.get(path.name, "")))
        if parts is None:
            continue
        for name, way in ways.items():
            figures[name].append(rouge(way(parts[1]), parts[0]))
        if len(figures["with the model"]) == args.n:
            break
    told = {
        name: {
            "articles": len(pairs),
            "recall": round(statistics.mean(recall for recall, _ in pairs), 4),
            "f1": round(statistics.mean(f1 for _, f1 in pairs), 4),
        }
        for name, pairs in figures.items()
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
