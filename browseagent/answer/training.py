"""From pages with questions to training examples: the very excerpts that the reader will see.

Three sources: reading-comprehension data in SQuAD 2.0's format; questions about pages with known
answers; and tables, whose cells are asked for by row and column without anyone having written the
question down.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from browseagent.answer.bm25 import BM25
from browseagent.answer.excerpts import Excerpt, excerpts
from browseagent.answer.lexical import question_terms, terms
from browseagent.errors import UsageError
from browseagent.model.examples import Asked, Example
from browseagent.read import extract
from browseagent.records import BlockKind, Document

_LOOKUPS = (
    "What is the {column} of {row}?",
    "What is the {column} for {row}?",
    "{row}: what {column}?",
    "Which {column} does {row} have?",
)
_REVERSE = ("Which {key} has the {column} {value}?", "What {key} has {value} as its {column}?")
_ROW_QUESTIONS = 4
"""Questions made of one excerpt of a table."""


def squad_examples(data: Mapping[str, Any], source: str) -> Iterator[Example]:
    """Examples of SQuAD-like data: each paragraph a document, its article the group.

    A question is also shown beside the paragraph of its article that is most like it and does not
    hold its answer. Raises :class:`UsageError` where the data is not in the format.
    """
    try:
        for article in data["data"]:
            yield from _article(article, source)
    except (KeyError, TypeError, IndexError) as error:
        raise UsageError(f"{source} is not in SQuAD's format: {error!r}") from error


def _article(article: Mapping[str, Any], source: str) -> Iterator[Example]:
    title = article["title"].replace("_", " ")
    shown: list[Excerpt] = []
    asked: list[list[Asked]] = []
    answered: list[tuple[str, set[str], range]] = []
    for paragraph in article["paragraphs"]:
        document = plain_document(paragraph["context"], title)
        here = range(len(shown), len(shown) + len(excerpts(document)))
        shown += excerpts(document)
        asked += [[] for _ in here]
        for entry in paragraph["qas"]:
            question = entry["question"].strip()
            answers = [each["text"] for each in entry["answers"]]
            if not entry["answers"]:
                for number in here:
                    asked[number].append(Asked(question, "", "unanswerable"))
                continue
            answered.append((question, set(answers), here))
            answer = Counter(answers).most_common(1)[0][0]
            start = next(each["answer_start"] for each in entry["answers"] if each["text"] == answer)
            for number in here:
                _place(shown[number], asked[number], question, answer, start, set(answers))
    _neighbours(shown, asked, answered)
    for excerpt, questions in zip(shown, asked, strict=True):
        if questions:
            yield Example(title, title, excerpt.text, tuple(questions), source)


def _place(
    excerpt: Excerpt, asked: list[Asked], question: str, answer: str, start: int, answers: set[str]
) -> None:
    """A question beside an excerpt of its own paragraph: with its answer where that stands there."""
    first, last = excerpt.units[0].passage.start, excerpt.units[-1].passage.end
    if first <= start and start + len(answer) <= last and answer in excerpt.text:
        asked.append(Asked(question, answer, "answered"))
    elif not any(each in excerpt.text for each in answers):
        asked.append(Asked(question, "", "neighbour"))


def _neighbours(
    shown: Sequence[Excerpt],
    asked: Sequence[list[Asked]],
    answered: Iterable[tuple[str, set[str], range]],
) -> None:
    """Adds each question to the excerpt of another paragraph that shares most with it, unanswered."""
    index = BM25([terms(excerpt.text) for excerpt in shown])
    for question, answers, own in answered:
        scores = index.scores(question_terms(question))
        for number in sorted(range(len(shown)), key=lambda i: -scores[i])[:6]:
            if number not in own and not any(answer in shown[number].text for answer in answers):
                asked[number].append(Asked(question, "", "neighbour"))
                break


def plain_document(text: str, title: str) -> Document:
    """A document of plain text."""
    return extract(
        text.encode(), url=f"https://example.org/{title}", content_type="text/plain; charset=utf-8"
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
        if len(excerpt.units) >= 3 and all(unit.block.kind is BlockKind.ROW for unit in excerpt.units)
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
