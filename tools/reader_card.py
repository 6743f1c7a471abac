"""Writes the card of the reader that ships: browseagent/model/reader.json, beside its adapter.

    python -m tools.reader_card examples.jsonl    # trained by `browseagent model tune`
    python -m tools.reader_card --further RUN …   # and then by tools.train: what each run's folder says

Takes what the card says from the files themselves: the adapter's hash, the examples by source, the
training's settings, and the held-out figures that tools/fit_reader.py stored with the weights.
"""

from __future__ import annotations

import argparse
import ast
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

from browseagent.answer.weights import reader_weights
from browseagent.durable import file_sha256, write_atomically
from browseagent.model.convert import Adapter
from browseagent.model.examples import read_examples
from browseagent.model.reader_card import CARD, ReaderCard, Source, reader_card
from browseagent.model.tune import read_config
from browseagent.model.weights_source import SMOLLM2

CREDITS = {
    "SQuAD 2.0": ("CC BY-SA 4.0", "Rajpurkar, Jia and Liang, 2018; half of the development set, 12 articles"),
    "WikiTableQuestions": ("CC BY-SA 4.0", "Pasupat and Liang, 2015; with the rendered Wikipedia pages"),
    "tables of Wikipedia": ("CC BY-SA 4.0", "look-ups made of tables of those pages"),
    "our own pages": ("Apache-2.0", "fixtures of this project"),
    "tables of our own pages": ("Apache-2.0", "look-ups made of tables of those pages"),
}
NOTES = """Trained to point at words of a page-like passage, or at none; not to write or count.
English. It is weak at questions that were written to fool it, and at words it never met. SQuAD's articles it
has learnt: the figures on those are no figures of what it has not seen."""


OURS = "our own questions on real pages"
FURTHER = Source(
    f"{OURS}, on pages of our own, on manuals and on pages that packages carry; about a quarter as many"
    " steps on paragraphs of QAMR, PolicyQA and SQuAD 2.0",
    0,
    0,
    "Apache-2.0; the pages CC BY 4.0, CC BY-SA 4.0, ODC-BY, Debian's free ones, free software's test data,"
    " the paragraphs MIT and CC BY-SA 4.0",
    "Web Content Extraction Benchmark, Foley, 2026; Wikipedia by Pasupat and Liang, 2015; Open Terms Archive;"
    " 36 packages of Debian's documentation; 16 packages of PyPI and npm;"
    " Michael et al., 2018; Ahmad et al., 2020",
)


def made(path: Path) -> ReaderCard:
    """The card of a reader that was trained on a file of examples alone."""
    examples = read_examples(path)
    sources = []
    for name in sorted({example.source for example in examples}):
        its = [example for example in examples if example.source == name]
        licence, credit = CREDITS[name]
        sources.append(Source(name, len(its), sum(len(each.questions) for each in its), licence, credit))
    return ReaderCard(
        base=SMOLLM2.model,
        sha256=SMOLLM2.adapter_sha256,
        examples_sha256=file_sha256(path),
        command=f"browseagent model tune {path.name} --out RUN",
        settings=asdict(read_config()),
        sources=tuple(sources),
        figures=held_out(),
        notes=NOTES,
    )


def further(card: ReaderCard, runs: Sequence[Path]) -> ReaderCard:
    """A reader's card after the runs of further training that its adapter has gone through."""
    told = [json.loads((run / "run.json").read_text("utf-8")) for run in runs]
    passages, questions = (sum(each[name] for each in told) for name in ("passages", "questions"))
    new = replace(FURTHER, passages=passages, questions=questions)
    assert SMOLLM2.adapter is not None
    said = Adapter(SMOLLM2.adapter).about
    told_mean = [said] if said.startswith("mean") else []
    commands = [card.command.partition(";")[0], f"python -m tools.train RUN, {len(told)} times", *told_mean]
    return replace(
        card,
        sha256=SMOLLM2.adapter_sha256,
        command="; ".join(commands),
        settings={**card.settings, "further": told},
        sources=(*(each for each in card.sources if not each.name.startswith(OURS)), new),
        figures=held_out(),
        notes=NOTES,
    )


def held_out() -> dict[str, float]:
    """The figures that were stored with the weights."""
    figures = re.search(r"held out: (\{.*\})", reader_weights().made_by)
    return ast.literal_eval(figures[1]) if figures else {}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("examples", type=Path, nargs="?")
    parser.add_argument("--further", type=Path, nargs="+", default=[])
    args = parser.parse_args()
    card = further(reader_card(), args.further) if args.examples is None else made(args.examples)
    write_atomically(CARD, (json.dumps(asdict(card), indent=1) + "\n").encode())
    print(card.as_text())


if __name__ == "__main__":
    main()
