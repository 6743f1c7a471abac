"""Makes the examples that the reader is trained on (`browseagent model tune`).

    python tools/reading_examples.py ../shared/data examples.jsonl [--half 0|1]

From SQuAD 2.0 (CC BY-SA 4.0), WikiTableQuestions on whole pages (CC BY-SA 4.0), tables of those
pages (a cell asked for by its row and column, without anyone having written the question down), and our own
fixture pages. ``--half`` takes every other article and page, for figures on the
rest; our own pages are in both halves and in no figure.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from browseagent import extract
from browseagent.answer.bm25 import BM25
from browseagent.answer.excerpts import Excerpt, excerpts
from browseagent.answer.lexical import question_terms, terms
from browseagent.answer.training import squad_examples
from browseagent.model.examples import Asked, Example, write_examples
from browseagent.records import BlockKind, Document

SEED = 2026
TABLES_A_PAGE = 1
_LOOKUPS = (
    "What is the {column} of {row}?",
    "What is the {column} for {row}?",
    "{row}: what {column}?",
    "Which {column} does {row} have?",
)
_REVERSE = ("Which {key} has the {column} {value}?", "What {key} has {value} as its {column}?")
_ROW_QUESTIONS = 4
"""Questions made of one excerpt of a table."""
FIXTURES = Path(__file__).parent.parent / "fixtures" / "pages"


def half_of(number: int, half: int | None) -> bool:
    """Whether article or page ``number`` is in a half; everything is in the whole."""
    return half is None or number % 2 == half


def from_squad(data: Path, half: int | None) -> Iterator[Example]:
    path = next(iter(sorted((data / "squad2").glob("*.json"))))
    loaded = json.loads(path.read_text("utf-8"))
    loaded["data"] = [article for i, article in enumerate(loaded["data"]) if half_of(i, half)]
    yield from squad_examples(loaded, "SQuAD 2.0")


def pages_of(data: Path) -> list[tuple[str, list[dict[str, Any]]]]:
    """(page, its questions), sorted by page."""
    lines = (data / "wikipages" / "questions.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return [(page, [r for r in rows if r["page"] == page]) for page in sorted({r["page"] for r in rows})]


def wiki_document(data: Path, page: str, url: str) -> Document:
    body = gzip.decompress((data / "wikipages" / page).read_bytes())
    return extract(body, url=url or "https://example.org/", content_type="text/html; charset=utf-8")


def from_wikipages(data: Path, half: int | None) -> Iterator[Example]:
    for number, (page, rows) in enumerate(pages_of(data)):
        if half_of(number, half):
            document = wiki_document(data, page, rows[0]["url"])
            # A number is found in many places by chance; only an answer of letters tells where it is.
            asked = [
                (row["question"], row["answers"])
                for row in rows
                if len(row["answers"]) == 1 and sum(map(str.isalpha, row["answers"][0])) > 2
            ]
            yield from page_examples(document, asked, page, "WikiTableQuestions")
            made = partial(table_examples, most=TABLES_A_PAGE, seed=SEED)
            yield from made(document, page, "tables of Wikipedia")


def from_fixtures() -> Iterator[Example]:
    for folder in sorted(FIXTURES.iterdir()):
        about = json.loads((folder / "page.json").read_text("utf-8"))
        body = next(path for path in (folder / "dom.html", *sorted(folder.glob("body.*"))) if path.exists())
        kind = "application/pdf" if body.suffix == ".bin" else "text/html; charset=utf-8"
        document = extract(body.read_bytes(), url=about["url"], content_type=kind)
        asked = [
            (each["question"], each.get("answers", []))
            for each in json.loads((folder / "questions.json").read_text("utf-8"))
        ]
        yield from page_examples(document, asked, f"fixture {folder.name}", "our own pages")
        yield from table_examples(
            document, f"fixture {folder.name}", "tables of our own pages", most=TABLES_A_PAGE, seed=SEED
        )


def page_examples(
    document: Document, questions: Iterable[tuple[str, Sequence[str]]], group: str, source: str
) -> Iterator[Example]:
    """Examples of a page with questions, each with the words that answer it (none: not on the page).

    The excerpt that shares most with a question and holds an answer's words is taken to be the one
    that answers; of those that are read anyway the one that shares most and holds none is a neighbour.
    """
    shown = excerpts(document)
    asked: list[list[Asked]] = [[] for _ in shown]
    index = BM25([terms(f"{excerpt.heading} {excerpt.text}") for excerpt in shown])
    left: list[tuple[str, Sequence[str], list[int]]] = []
    for question, answers in questions:
        scores = index.scores(question_terms(question))
        order = sorted(range(len(shown)), key=lambda i: -scores[i])
        held = [i for i in order if any(answer in shown[i].text for answer in answers)]
        if held and scores[held[0]] > 0:
            answer = next(answer for answer in answers if answer in shown[held[0]].text)
            asked[held[0]].append(Asked(question, answer, "answered"))
        if held or not answers:
            left.append((question, answers, [i for i in order if i not in held]))
    read = {i for i, its in enumerate(asked) if its}
    for question, answers, others in left:
        like = next((i for i in others if i in read), None)
        if like is not None:
            asked[like].append(Asked(question, "", "neighbour" if answers else "unanswerable"))
    for excerpt, its in zip(shown, asked, strict=True):
        if its:
            yield Example(group, excerpt.heading, excerpt.text, tuple(its), source)


def table_examples(document: Document, group: str, source: str, *, most: int, seed: int) -> Iterator[Example]:
    """Look-ups made of a page's tables: a cell asked for by its row's first cell and its column, or a
    row by a cell that occurs once; and one that the excerpt cannot answer. At most ``most`` excerpts."""
    chance = random.Random(f"{seed} {group}")
    tables = [
        excerpt
        for excerpt in excerpts(document)
        if sum(unit.block.kind is BlockKind.ROW for unit in excerpt.units) >= 3
    ]
    keys = [_cells(excerpt)[0][0][1] for excerpt in tables if _cells(excerpt)]
    for excerpt in chance.sample(tables, min(most, len(tables))):
        rows = _cells(excerpt)
        asked = [
            each for each in (_lookup(rows, excerpt.text, chance) for _ in range(_ROW_QUESTIONS)) if each
        ]
        other = chance.choice(keys) if keys else ""
        if asked and other and other not in excerpt.text:
            column = chance.choice(rows[0][1:])[0]
            question = chance.choice(_LOOKUPS).format(column=column.lower(), row=other)
            asked.append(Asked(question, "", "neighbour"))
        if asked:
            yield Example(group, excerpt.heading, excerpt.text, tuple(dict.fromkeys(asked)), source)


def _cells(excerpt: Excerpt) -> list[list[tuple[str, str]]]:
    """(header, text) of each cell of rows that have at least two with a header."""
    found = []
    for unit in excerpt.units:
        text = unit.passage.document.text
        cells = [(cell.header.strip(), text[cell.start : cell.end].strip()) for cell in unit.block.cells]
        cells = [cell for cell in cells if all(cell) and len(cell[0]) < 40 and len(cell[1]) < 60]
        if len(cells) >= 2:
            found.append(cells)
    return found


def _lookup(rows: list[list[tuple[str, str]]], text: str, chance: random.Random) -> Asked | None:
    if not rows:
        return None
    row = chance.choice(rows)
    key, name = row[0]
    column, value = chance.choice(row[1:])
    if value not in text or name not in text or value == name or sum(r[0][1] == name for r in rows) > 1:
        return None
    if sum(cell == value for r in rows for _, cell in r) == 1 and chance.random() < 0.4:
        question = chance.choice(_REVERSE).format(key=key.lower(), column=column.lower(), value=value)
        return Asked(question, name, "answered")
    return Asked(chance.choice(_LOOKUPS).format(column=column.lower(), row=name), value, "answered")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--half", type=int, choices=[0, 1])
    args = parser.parse_args()
    made = [*from_squad(args.data, args.half), *from_wikipages(args.data, args.half), *from_fixtures()]
    write_examples(args.out, made)
    for source in sorted({example.source for example in made}):
        its = [example for example in made if example.source == source]
        kinds = Counter(asked.kind for example in its for asked in example.questions)
        print(f"{source}: {len(its)} passages, {dict(kinds)}")


if __name__ == "__main__":
    main()
