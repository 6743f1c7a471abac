"""Extractive summaries of real pages against taking the first three sentences.

    python bench/summaries.py ../shared/data [-n 60]

Two sets, each with summaries by the pages' own authors. What a Wikipedia article says before its first
heading: it is taken out, and the rest is summarised. And the description that a page of any kind gives of
itself to search engines; the page is summarised as it is. Three sentences are compared with these by
ROUGE-1 (Lin, 2004) over the stemmed content words, as recall and as F1. Beside it, on the same pages: the
first three sentences. The last line printed is one JSON object.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import statistics
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from browseagent import extract
from browseagent.answer.lexical import terms
from browseagent.answer.pieces import pieces
from browseagent.answer.summarize import summarize
from browseagent.records import BlockKind, Document
from tools.questions import pages as stored

POINTS = 3
LEAD_WORDS, DESCRIPTION_WORDS = 40, 8
"""Content words that a lead, or a description, must have to be a summary at all."""
SEED = 1


def parted(document: Document) -> tuple[str, Document] | None:
    """The lead of an article, and the article without it; None where it has none, or nothing else."""
    first = next(
        (i for i, b in enumerate(document.blocks) if b.kind is BlockKind.HEADING and b.level == 2), 0
    )
    lead = " ".join(
        document.block_text(block) for block in document.blocks[:first] if block.kind is BlockKind.PARAGRAPH
    )
    rest = replace(document, blocks=document.blocks[first:])
    if len(terms(lead)) < LEAD_WORDS or len(pieces(rest)) < 2 * POINTS:
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


def leads(data: Path) -> Iterator[tuple[str, Document]]:
    """The lead of each Wikipedia article, and the article without it."""
    named = titles(data)
    for path in sorted((data / "wikipages" / "html").glob("*.gz")):
        body = gzip.decompress(path.read_bytes())
        document = extract(body, url="https://example.org/", content_type=stored.CONTENT_TYPE)
        parts = parted(replace(document, title=named.get(path.name, "")))
        if parts is not None:
            yield parts


def descriptions(data: Path) -> Iterator[tuple[str, Document]]:
    """The description of each page that has one of its own, and the page."""
    pages = data / "wcxb"
    rows = stored.rows(pages)
    random.Random(SEED).shuffle(rows)  # they are sorted by kind
    told: set[str] = set()
    for row in rows:
        found = BeautifulSoup(stored.body(row["id"], pages), "lxml").find("meta", {"name": "description"})
        description = str(found.get("content") or "").strip() if found else ""
        if len(terms(description)) < DESCRIPTION_WORDS or description in told:
            continue
        told.add(description)
        document = stored.document(row["id"], row["url"], pages)
        if len(pieces(document)) >= 2 * POINTS:
            yield description, document


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
    parser.add_argument("-n", type=int, default=60, help="pages of each set")
    args = parser.parse_args()
    ways: dict[str, Callable[[Document], str]] = {
        "first three sentences": lambda d: " ".join(
            piece.words_shown for piece in [each for each in pieces(d) if each.is_sentence][:POINTS]
        ),
        "chosen": lambda d: " ".join(point.text for point in summarize([d], "short").points),
    }
    told = {}
    for name, pages in {"leads": leads, "descriptions": descriptions}.items():
        figures: dict[str, list[tuple[float, float]]] = {way: [] for way in ways}
        for reference, document in islice(pages(args.data), args.n):
            for way, summarised in ways.items():
                figures[way].append(rouge(summarised(document), reference))
        told[name] = {
            way: {
                "pages": len(pairs),
                "recall": round(statistics.mean(recall for recall, _ in pairs), 4),
                "f1": round(statistics.mean(f1 for _, f1 in pairs), 4),
            }
            for way, pairs in figures.items()
        }
        print(name, json.dumps(told[name], indent=1), flush=True)
    print(json.dumps(told))


if __name__ == "__main__":
    main()
