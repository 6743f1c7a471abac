"""Asks questions and keeps what is known of every answer that was found, so that fitting costs no reading.

    python -m tools.train.collect pages OUT.jsonl [--home FOLDER] [-n QUESTIONS_A_PAGE] [--kinds KIND …]
    python -m tools.train.collect paragraphs OUT.jsonl [--home FOLDER] [-n QUESTIONS]

``pages`` asks our own questions about the pages that training keeps away from (:mod:`tools.train.sites`);
``paragraphs`` asks QAMR's, PolicyQA's and SQuAD's of one paragraph each, and questions of others that it does
not answer. A line a question; it holds words of the pages and is not to be committed. Questions that ``OUT``
has already are not asked again. ``--home`` is a folder with another embedded model in it.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from browseagent.answer.ask import is_of_row, stated
from browseagent.answer.expect import is_about
from browseagent.answer.languages import in_english
from browseagent.answer.question import Kind, Question
from browseagent.answer.reading import Found, read_answers
from browseagent.answer.signals import page_cover, size_of
from browseagent.answer.steps import telling
from browseagent.answer.tables.choose import TableAnswer, table_answers
from browseagent.answer.training import plain_document
from browseagent.answer.weights import reader_weights
from browseagent.answer.word_f1 import best_f1
from browseagent.answer.yesno import by_words, is_decided
from browseagent.config import default_settings
from browseagent.model.port import LanguageModel
from browseagent.model.registry import load_model
from browseagent.records import Document
from tools.questions.check import searched
from tools.questions.measure import verdict
from tools.questions.pack import LEARNT, SITES, SITES_KEPT, merged, read_packed
from tools.questions.pages import PAGES, SITE_PAGES, document, urls
from tools.questions.split import site_of
from tools.train.sites import fitted_pages

DATA = PAGES.parent
SEED = 2026
RIGHT = 0.5
"""Word F1 with an accepted answer from which words are right; as ``tools.questions.measure`` has it."""
BUDGET = 40_000
"""Tokens of reading: what ``browseagent.agent`` allows."""


@dataclass(frozen=True, slots=True)
class Case:
    """A question of a document, and who says whether an answer is right."""

    kind: str
    """Of our own questions their kind; else the name of the data, or ``foreign`` where nothing answers."""
    group: str
    """Site or article: never on both sides of a fit."""
    question: str
    document: Document
    answerable: bool
    answer: str | None
    """Yes or no, where that is asked."""
    near: Callable[[str], float]
    """How near an answer's words are to an accepted answer, 0 to 1."""
    right: Callable[[str], bool]


def real_pages(each: int, unlearnt: int, part: tuple[int, int], kinds: Sequence[str] = ()) -> Iterator[Case]:
    """Our own questions, so many a page, of some kinds alone where any are named; of the pages one in so
    many, and so many of :data:`SITES` with them."""
    chance = random.Random(SEED)
    sites = fitted_pages()
    rows = [(PAGES, row) for row in merged(LEARNT) if row["page"] in sites]
    rows += [(SITE_PAGES, row) for row in read_packed(SITES_KEPT)]
    rows += [(SITE_PAGES, row) for row in chance.sample(read_packed(SITES), unlearnt)]
    chance.shuffle(rows)  # so that an early end is a fair sample
    number, parts = part
    rows = rows[number % parts :: parts]  # a page's text is read once, for all of its questions
    addresses = {folder: urls(folder) for folder in (PAGES, SITE_PAGES)}
    for folder, row in rows:
        page = row["page"]
        text = searched(folder, page).text
        shown = document(page, addresses[folder][page], folder)
        asked = [question for question in row["questions"] if not kinds or question["kind"] in kinds]
        for question in chance.sample(asked, min(each, len(asked))):

            def right(said: str, question: dict[str, Any] = question, text: str = text) -> bool:
                if question["kind"] == "yesno":  # the sentence that decides, as it is shown
                    return any(best_f1(said, [text[a:b]]) >= RIGHT for a, b in question["evidence"])
                return question["kind"] != "none" and verdict(question, said, text) == "right"

            golds = [each_ for each_, *_ in question.get("answers", ())]
            golds = [" ".join(golds)] if question["kind"] == "list" else golds

            def near(said: str, golds: list[str] = golds) -> float:
                return best_f1(said, golds)

            yield Case(
                question["kind"],
                site_of(shown.url) or page,
                question["q"],
                shown,
                question["kind"] != "none",
                question.get("answer"),
                near,
                right,
            )


def paragraphs(number: int) -> Iterator[Case]:
    """So many of each kind of data, and a third as many that a paragraph does not answer."""
    chance = random.Random(SEED)
    for name in ("qamr-test", "policyqa-dev", "squad2"):
        asked = list(_squad() if name == "squad2" else _reading(name))
        held = [each for each in asked if each[3]]
        for title, context, question, golds in chance.sample(held, number):
            yield _paragraph(name, title, context, question, golds)
        if name == "squad2":
            for title, context, question, _ in chance.sample(
                [each for each in asked if not each[3]], number // 2
            ):
                yield _paragraph("adversarial", title, context, question, [])
        for title, context, *_ in chance.sample(held, number // 3):
            other = chance.choice([each for each in held if each[0] != title])
            yield _paragraph("foreign", title, context, other[2], [])


def _paragraph(kind: str, title: str, context: str, question: str, golds: list[str]) -> Case:
    def near(said: str) -> float:
        return best_f1(said, golds)

    return Case(
        kind,
        title,
        question,
        plain_document(context, title),
        bool(golds),
        None,
        near,
        lambda s: near(s) >= RIGHT,
    )


def _reading(name: str) -> Iterator[tuple[str, str, str, list[str]]]:
    with gzip.open(DATA / "reading" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
        for row in map(json.loads, file):
            for each in row["qas"]:
                yield row["title"], row["context"], each["question"], [a["text"] for a in each["answers"]]


def _squad() -> Iterator[tuple[str, str, str, list[str]]]:
    for article in json.loads((DATA / "squad2" / "train.json").read_text("utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            for each in paragraph["qas"]:
                golds = [] if each["is_impossible"] else [a["text"] for a in each["answers"]]
                yield article["title"], paragraph["context"], each["question"], golds


def collected(case: Case, model: LanguageModel) -> dict[str, Any]:
    """What is known of every answer to a question: of those of the main text, then of those beside it."""
    rest = case.document.rest
    parts = [case.document, *([rest] if rest is not None else [])]
    asked = Question.of(case.question)
    table = next((each for each in table_answers(asked, case.document, most=1) if each.rows), None)
    told = {"probability": table.probability, "right": case.right(table.text)} if table is not None else None
    return {
        "kind": case.kind,
        "group": case.group,
        "question": case.question,
        "answerable": case.answerable,
        "answer": case.answer,
        "table": told,
        "parts": [part_of(case, each, model, table) for each in parts],
    }


def part_of(
    case: Case, document: Document, model: LanguageModel, table: TableAnswer | None
) -> dict[str, Any]:
    """The answers that one text gives, as :func:`browseagent.answer.ask.answer_from` reads it, and whether
    they stand in a row that the table gives."""
    assert model.reader is not None
    question, documents = Question.of(case.question), [document]
    found: list[Found] = []
    if in_english(document):
        found = read_answers(question, documents, model.reader, BUDGET, reader_weights())
    if question.kind is Kind.STEPS:
        found = telling(found)
    answers = [stated(question, each, [each.unit], found) for each in found]
    said = [words for words, _ in answers]
    return {
        "page_cover": page_cover(question, documents),
        "size": size_of(documents),
        "about": is_about(question, documents),
        "features": [asdict(each.features) for each in found],
        "texts": [each.text for each in found],
        "said": said,
        "decided": [
            [by_words(question.words, each.unit.reading), each.yes]
            if is_decided(question, each.unit)
            else None
            for each in found
        ],
        "units": [each.unit.passage.start for each in found],
        "near": [case.near(each) for each in said],
        "right": [case.right(each) for each in said],
        "of_row": [table is not None and is_of_row(quotes[0], table) for _, quotes in answers],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("what", choices=["pages", "paragraphs"])
    parser.add_argument("out", type=Path)
    parser.add_argument("--home", type=Path)
    parser.add_argument("-n", "--number", type=int, default=10)
    parser.add_argument(
        "--unlearnt",
        type=int,
        default=0,
        help="pages of sites.jsonl besides, where the reader has not learnt from them",
    )
    parser.add_argument("--kinds", nargs="+", default=(), help="of our own questions, those of these alone")
    parser.add_argument("--part", type=int, nargs=2, default=(0, 1), help="which, of so many: one a process")
    given = parser.parse_args()
    settings = default_settings()
    model = load_model("embedded", replace(settings, home=given.home) if given.home else settings)
    done = set()
    if given.out.exists():
        lines = given.out.read_text("utf-8").splitlines()
        done = {(row["group"], row["question"]) for row in map(json.loads, lines)}
    began = time.monotonic()
    with given.out.open("a", encoding="utf-8") as file:
        if given.what == "pages":
            cases = real_pages(given.number, given.unlearnt, given.part, given.kinds)
        else:
            cases = islice(paragraphs(given.number), given.part[0], None, given.part[1])
        for number, case in enumerate(cases, 1):
            if (case.group, case.question) not in done:
                file.write(json.dumps(collected(case, model), ensure_ascii=False) + "\n")
                file.flush()
                if number % 25 == 0:
                    print(number, f"{time.monotonic() - began:.0f} s", flush=True)


if __name__ == "__main__":
    main()
