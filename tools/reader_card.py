"""Writes the card of the reader that ships: browseagent/model/reader.json, beside its adapter.

    python -m tools.reader_card examples.jsonl

Takes what the card says from the files themselves: the adapter's hash, the examples by source, the
training's settings, and the held-out figures that tools/fit_reader.py stored with the weights.
"""

from __future__ import annotations

import argparse
import ast
import json
import re
from dataclasses import asdict
from pathlib import Path

from browseagent.answer.weights import reader_weights
from browseagent.durable import file_sha256, write_atomically
from browseagent.model.examples import read_examples
from browseagent.model.reader_card import CARD, ReaderCard, Source
from browseagent.model.tune import read_config
from browseagent.model.weights_source import SMOLLM2

CREDITS = {
    "SQuAD 2.0": ("CC BY-SA 4.0", "Rajpurkar, Jia and Liang, 2018; half of the development set, 12 articles"),
    "WikiTableQuestions": ("CC BY-SA 4.0", "Pasupat and Liang, 2015; with the rendered Wikipedia pages"),
    "tables of Wikipedia": ("CC BY-SA 4.0", "look-ups made of tables of those pages"),
    "our own pages": ("Apache-2.0", "fixtures of this project"),
    "tables of our own pages": ("Apache-2.0", "look-ups made of tables of those pages"),
}
NOTES = """Trained to point at words of a page-like passage, or at none; not to write, count or say yes or no.
English. It is weak at questions that were written to fool it, and at words it never met."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("examples", type=Path)
    args = parser.parse_args()
    examples = read_examples(args.examples)
    sources = []
    for name in sorted({example.source for example in examples}):
        its = [example for example in examples if example.source == name]
        licence, credit = CREDITS[name]
        sources.append(Source(name, len(its), sum(len(each.questions) for each in its), licence, credit))
    figures = re.search(r"held out: (\{.*\})", reader_weights().made_by)
    card = ReaderCard(
        base=SMOLLM2.model,
        sha256=SMOLLM2.adapter_sha256,
        examples_sha256=file_sha256(args.examples),
        command=f"browseagent model tune {args.examples.name} --out RUN",
        settings=asdict(read_config()),
        sources=tuple(sources),
        figures=ast.literal_eval(figures[1]) if figures else {},
        notes=NOTES,
    )
    write_atomically(CARD, (json.dumps(asdict(card), indent=1) + "\n").encode())
    print(card.in_words())


if __name__ == "__main__":
    main()
