"""What the reader learns from, page by page: our own questions on pages of the web, on pages that we wrote
and on manuals, and those of others on paragraphs."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from browseagent.answer.excerpts import Excerpt, excerpts
from browseagent.answer.training import plain_document
from browseagent.model.reader_format import LONGEST_ANSWER, ReaderFormat
from tools.questions.check import searched
from tools.questions.pack import LEARNT, MADE, MANUALS, POLICIES, SITES, WIKIPAGES, merged, read_packed
from tools.questions.pages import MADE_PAGES, MANUAL_PAGES, PAGES, SITE_PAGES, document, urls
from tools.train.groups import Question, Step, steps_of
from tools.train.sites import fitted_pages, sites

A_PARAGRAPH = 8
"""Questions of others on one paragraph: QAMR has up to sixty."""
A_PAGE = 3
"""Steps of a page of our own questions."""
TOGETHER = 3
"""Paragraphs of one article that make a page."""


@dataclass(frozen=True)
class Page:
    """A page that our own questions are about: what a reader is shown of it, its frozen text."""

    excerpts: tuple[Excerpt, ...]
    """Of the main text, and of what stands beside it."""
    text: str
    questions: tuple[Question, ...]

    def steps(self, written: ReaderFormat, chance: random.Random) -> list[Step]:
        """What is learnt of it."""
        return list(steps_of(self.excerpts, self.text, self.questions, written, chance, most=A_PAGE))


def real_pages(*, fitted: bool = False) -> Iterator[Page]:
    """Pages of the web that are trained on (``fitted``: those that are not)."""
    addresses = urls()
    kept = set(fitted_pages()) if fitted else set(sites()) - set(fitted_pages())
    for row in merged(LEARNT):
        if row["page"] in kept:
            yield _page(PAGES, row, addresses[row["page"]])
    if not fitted:
        yield from _pages_of_others()


def _pages_of_others() -> Iterator[Page]:
    """Articles with tables, and terms of services."""
    data = PAGES.parent
    asked = (data / "wikipages" / "questions.jsonl").read_text("utf-8").splitlines()
    changed = (data / "changes" / "pairs.jsonl").read_text("utf-8").splitlines()
    addresses = {each["page"]: each["url"] for each in map(json.loads, asked)}
    addresses |= {each["before"]: each["url"] for each in map(json.loads, changed)}
    for folder, packed in (("wikipages", WIKIPAGES), ("changes", POLICIES)):
        for row in read_packed(packed):
            yield _page(data / folder, row, addresses[f"html/{row['page']}.html.gz"])


FURTHER = {
    "made": (MADE_PAGES, MADE),
    "manuals": (MANUAL_PAGES, MANUALS),
    "sites": (SITE_PAGES, SITES),
}
"""Pages that we wrote ourselves, and those that packages carry: where they lie, and their questions."""


def further_pages(names: Sequence[str]) -> Iterator[Page]:
    """Pages of some of these."""
    for folder, packed in (FURTHER[name] for name in names):
        addresses = urls(folder)
        for row in read_packed(packed):
            yield _page(folder, row, addresses[row["page"]])


def _page(folder: Path, row: dict[str, Any], url: str) -> Page:
    shown = document(row["page"], url, folder)
    beside = excerpts(shown.rest) if shown.rest is not None else ()
    asked = tuple(_asked(each) for each in row["questions"])
    return Page((*excerpts(shown), *beside), searched(folder, row["page"]).text, asked)


def _asked(question: dict[str, Any]) -> Question:
    """A question of ours with its places."""
    stretches = question.get("evidence") or question.get("steps") or ()
    spans = [(start, end) for _, start, end in question.get("answers", ())]
    if question["kind"] == "list" and spans:
        whole = (spans[0][0], max(end for _, end in spans))
        if 0 < whole[1] - whole[0] <= 4 * LONGEST_ANSWER:
            return Question(question["q"], (whole,), tuple(spans))
        return Question(question["q"], (), tuple(spans))
    yes = question["answer"] == "yes" if question["kind"] == "yesno" else None
    return Question(question["q"], tuple(spans), tuple((a, b) for a, b in stretches), yes)


def others_steps(written: ReaderFormat, chance: random.Random) -> Iterator[Step]:
    """Steps of paragraphs of SQuAD 2.0, QAMR and PolicyQA, without end, drawn in turn."""
    data = PAGES.parent
    squad = json.loads((data / "squad2" / "train.json").read_text("utf-8"))["data"]
    pools: list[list[tuple[str, list[dict[str, Any]]]]] = [
        [(article["title"].replace("_", " "), article["paragraphs"]) for article in squad],
        *(_by_title(data / "reading" / f"{name}.jsonl.gz") for name in ("qamr-dev", "policyqa-dev")),
    ]
    while True:
        for pool in pools:
            title, contexts = chance.choice(pool)
            some = chance.sample(contexts, min(TOGETHER, len(contexts)))
            yield from _paragraphs_steps(title, some, written, chance)


def _by_title(path: Path) -> list[tuple[str, list[dict[str, Any]]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for row in map(json.loads, file):
            found.setdefault(row["title"], []).append(row)
    return list(found.items())


def _paragraphs_steps(
    title: str, contexts: list[dict[str, Any]], written: ReaderFormat, chance: random.Random
) -> Iterator[Step]:
    text, asked = "", []
    for row in contexts:
        at = len(text)
        for each in chance.sample(row["qas"], min(A_PARAGRAPH, len(row["qas"]))):
            answers = [] if each.get("is_impossible") else each["answers"]
            spans = {(at + a["answer_start"], at + a["answer_start"] + len(a["text"])) for a in answers}
            asked.append(Question(each["question"], tuple(sorted(spans))))
        text += row["context"] + "\n\n"
    shown = excerpts(plain_document(text, title))
    yield from steps_of(shown, text, asked, written, chance, most=1)
