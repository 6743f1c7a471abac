"""From data in SQuAD 2.0's format to training examples: the very excerpts that the reader will see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from browseagent.answer.bm25 import BM25
from browseagent.answer.excerpts import Excerpt, excerpts
from browseagent.answer.lexical import question_terms, terms
from browseagent.errors import UsageError
from browseagent.model.examples import Asked, Example
from browseagent.read import extract
from browseagent.records import Document


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
