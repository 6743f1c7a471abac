"""What the tables engine does with questions it has never seen: right, wrong, refused.

    python -m tools.measure_tables unseen [--show]   # tests/answer/tables/unseen.txt: small tables of our own
    python -m tools.measure_tables listings [--show] # tests/answer/tables/listings.txt: what pages list
    python -m tools.measure_tables real [--show]     # those on tables of tools/questions/data/train.jsonl
    python -m tools.measure_tables record [--show]   # there, those on items of listings and threads
    python -m tools.measure_tables kept [--show]     # all those of pages that nothing here is fitted on

No model is asked. Refused is what the engine leaves to the reader. In `unseen` and `listings` right is one of
the written answers, or all items of a list; elsewhere what `tools.questions.measure` calls so. Of a question
that its page does not answer, to refuse is right. `kept` asks `sites-kept.jsonl` and the pages of
`tools.train.sites.fitted_pages`, and tells by kind how many have a right reading, how many a right first one,
how many are stated, and how many of these are right.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from browseagent import extract
from browseagent.answer.ask import TABLE_THRESHOLD
from browseagent.answer.question import Question
from browseagent.answer.tables.choose import TableAnswer, table_answers
from browseagent.records import Document
from tools.questions.check import searched
from tools.questions.measure import Verdict, told, verdict
from tools.questions.pack import LEARNT, SITES_KEPT, merged, read_packed
from tools.questions.pages import PAGES, SITE_PAGES, document, urls
from tools.train.sites import fitted_pages

ROOT = Path(__file__).parents[1]
UNSEEN = ROOT / "tests/answer/tables/unseen.txt"
LISTINGS = ROOT / "tests/answer/tables/listings.txt"
TRAIN = ROOT / "tools/questions/data/train.jsonl"


@dataclass(frozen=True, slots=True)
class Case:
    """A question of a page of ours; ``answers`` are ways to say it, or all items where ``listed``."""

    group: str
    document: Document
    question: str
    answers: tuple[str, ...]
    listed: bool = False


def cases(path: Path = UNSEEN) -> Iterator[Case]:
    """The cases of a file: a heading, a table or lines of HTML, then lines ``? question = answer | answer``
    or ``= a; b``."""
    for section in path.read_text("utf-8").split("## ")[1:]:
        title, *lines = section.strip().split("\n")
        table = [line for line in lines if not line.startswith("?")]
        html = "".join(table) if table[0].startswith("<") else _written(table)
        name = title.partition(" (")[0]
        body = f"<html lang=en><title>{name}</title><body><main><h1>{name}</h1>{html}</main></body></html>"
        document = extract(body.encode(), url="https://example.org/", content_type="text/html; charset=utf-8")
        for line in lines:
            if line.startswith("?"):
                question, _, answer = line[2:].rpartition(" = ")
                listed = "; " in answer
                parts = re.split(r"; | \| ", answer)
                answers = () if answer == "none" else tuple(part.strip() for part in parts)
                yield Case(name, document, question, answers, listed)


def _written(lines: list[str]) -> str:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    head = "td" if len(rows[0]) == 2 else "th"
    tags = [head, *["td"] * (len(rows) - 1)]
    return (
        "<table>"
        + "".join(
            "<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in row) + "</tr>"
            for row, tag in zip(rows, tags, strict=True)
        )
        + "</table>"
    )


def normal(text: str) -> str:
    """Lower case, only letters, digits and what may part them in a number."""
    return re.sub(r"[^\w.:%×–−-]+", "", text.lower().replace(",", ""))


def judged(case: Case, said: str | None) -> Verdict:
    """What became of a case of ours."""
    if said is None:
        return "refused" if case.answers else "right"
    if case.listed:
        items = {normal(part) for part in re.split(r"[;,] ", said)}
        return "right" if items == {normal(each) for each in case.answers} else "wrong"
    return "right" if normal(said) in {normal(each) for each in case.answers} else "wrong"


def said_by_tables(question: str, document: Document) -> TableAnswer | None:
    """What the engine would say alone."""
    for answer in table_answers(Question.of(question), document, most=1):
        if answer.rows and answer.probability > TABLE_THRESHOLD:
            return answer
    return None


def ours(path: Path, show: bool) -> None:
    """Prints the measure on cases of ours."""
    found: dict[str, list[Verdict]] = {}
    for case in cases(path):
        answer = said_by_tables(case.question, case.document)
        each = judged(case, answer.text if answer else None)
        for group in ("in the table" if case.answers else "not in the table", f"  {case.group}"):
            found.setdefault(group, []).append(each)
        if show and each != "right":
            print(f"{each:8} {case.question} = {case.answers or 'none'} said {answer and answer.text!r}")
    for group in sorted(found, key=lambda name: (name.startswith(" "), name)):
        print(told(group, found[group]))


def real(show: bool, tier: str) -> None:
    """Prints the measure on the committed questions of a tier."""
    addresses = urls()
    found: dict[str, list[Verdict]] = {}
    for page in read_packed(TRAIN):
        asked = [question for question in page["questions"] if question["tier"] == tier]
        if not asked:
            continue
        read = document(page["page"], addresses[page["page"]])
        text = searched(PAGES, page["page"]).text
        for question in asked:
            answer = said_by_tables(question["q"], read)
            each = verdict(question, answer.text if answer else None, text)
            none = question["kind"] == "none"
            for group in ("not on the page" if none else "answerable", f"  {question['kind']}"):
                found.setdefault(group, []).append(each)
            if show and (each == "wrong" or (each == "right" and not none)):
                golds, said = [gold for gold, *_ in question.get("answers") or []], answer and answer.text
                print(f"{each:8} {page['page']} {question['kind']}: {question['q']} = {golds} said {said!r}")
    for group in sorted(found, key=lambda name: (name.startswith(" "), name)):
        print(told(group, found[group]))
    print(Counter(each for group in found if not group.startswith(" ") for each in found[group]))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the readings of a question are worth."""

    reachable: bool
    """Whether one of them is right."""
    first: bool
    """Whether the likeliest is."""
    stated: bool
    """Whether that is believed."""


def kept_pages() -> Iterator[tuple[str, dict[str, Any], Document]]:
    """The pages that are kept from fitting, each with its set and questions."""
    fitted = fitted_pages()
    sets = {
        "sites-kept": (SITE_PAGES, read_packed(SITES_KEPT)),
        "fitted": (PAGES, [page for page in merged(LEARNT) if page["page"] in fitted]),
    }
    for name, (folder, pages) in sets.items():
        addresses = urls(folder)
        for page in pages:
            yield name, page, document(page["page"], addresses[page["page"]], folder)


def outcome(question: dict[str, Any], read: Document) -> Outcome:
    """What the readings of a visitor's question are worth."""
    answers = table_answers(Question.of(question["q"]), read, most=10_000)
    if question["kind"] == "none":
        right = [False for _ in answers]
    else:
        right = [verdict(question, answer.text, "") == "right" for answer in answers]
    stated = bool(answers) and bool(answers[0].rows) and answers[0].probability > TABLE_THRESHOLD
    return Outcome(any(right), right[:1] == [True], stated)


def kept(show: bool) -> None:
    """Prints the measure on pages that nothing here is fitted on."""
    found: dict[tuple[str, str], list[Outcome]] = {}
    for name, page, read in kept_pages():
        for question in page["questions"]:
            if (kind := question["kind"]) in ("yesno", "how"):
                continue
            each = outcome(question, read)
            for group in ((name, kind), ("both", kind), ("both", "all")):
                found.setdefault(group, []).append(each)
            if show and (each.stated or each.reachable) and not (each.stated and each.first):
                print("wrong" if each.stated else "refused", page["page"], kind, question["q"])
    print(f"{'':20}{'asked':>6}{'reachable':>10}{'first':>6}{'stated':>7}{'right':>6}")
    for (name, kind), its in sorted(found.items()):
        stated = [each for each in its if each.stated]
        counts = (len(its), sum(each.reachable for each in its), sum(each.first for each in its), len(stated))
        told_ = "{:>6}{:>10}{:>6}{:>7}".format(*counts)
        print(f"{name + ' ' + kind:20}{told_}{sum(each.first for each in stated):>6}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("measure", choices=("unseen", "listings", "real", "record", "kept"))
    parser.add_argument("--show", action="store_true", help="each question that is not right")
    given = parser.parse_args()
    if given.measure in ("unseen", "listings"):
        ours(UNSEEN if given.measure == "unseen" else LISTINGS, given.show)
    elif given.measure == "kept":
        kept(given.show)
    else:
        real(given.show, "table" if given.measure == "real" else "record")


if __name__ == "__main__":
    main()
