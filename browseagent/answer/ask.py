"""From a question and documents to an answer, or to "not on this page". Everything printed is a quote.

A model that was trained to read points at the answer; of one that was not, likelihoods alone are
asked: of the question after each piece of evidence, then of the spans of the best one. Questions that
tables answer (how many, which most, the one after) are computed by :mod:`browseagent.answer.tables`, and
the likelier of both answers is given. The sentence or the rows that hold it are quoted, and below the
calibrated threshold there is none.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, replace

from browseagent.answer.expect import as_wide, is_about
from browseagent.answer.languages import NOT_READ, PARTLY_READ, in_english
from browseagent.answer.likelihood import CLOSEST, by_likelihood
from browseagent.answer.lists import Listed, counted_first, whole_list
from browseagent.answer.own_value import own_value_first
from browseagent.answer.passages import Unit, quote_of
from browseagent.answer.question import Kind, Question
from browseagent.answer.quotes import is_quotable, make_quote
from browseagent.answer.reading import Found, read_answers, same_words
from browseagent.answer.retrieval import Key, best_units, unit_key
from browseagent.answer.signals import reading_signals
from browseagent.answer.steps import NUMBERED, numbered_steps, step_signals, steps_of, telling
from browseagent.answer.summarize import first_point
from browseagent.answer.tables.choose import TableAnswer, table_answers
from browseagent.answer.values import amounts
from browseagent.answer.weights import Weights, default_weights, reader_weights
from browseagent.answer.yesno import says_yes, sureness
from browseagent.model.port import LanguageModel, Reader
from browseagent.model.prompts import load_prompt
from browseagent.read.text import sentences
from browseagent.records import Alternative, Answer, Answered, Document, ModelInfo, NotFound, Quote

PROMPTS = ("question-likelihood", "question-prior", "span-likelihood", "span-prior")
READER_PROMPTS = ("reader-passage", "reader-question")
TABLE_THRESHOLD = 0.6
"""Probability below which no answer is computed from tables."""
PERHAPS = 0.4
"""Probability from which on an answer that is not believed is shown as a guess."""
ELSEWHERE = 0.16
"""How likely an answer still is whose question names a number that stands nowhere on the pages: 3 of 19."""
ALTERNATIVE = 0.5
"""How likely, beside the best answer's 1, another one must be to be shown with it."""
OF_PAGE = 0.9
"""How likely what a summary says first tells what its page is about: 55 of 60 pages, judged by hand."""
LONG_ROW = 240
"""Characters of a row from which on a sentence of it is quoted, where a sentence is asked for."""


def answer_from(
    question: Question,
    documents: Sequence[Document],
    model: LanguageModel,
    budget: int,
    weights: Weights | None = None,
) -> Answer:
    """The answer that the documents give, with at most ``budget`` tokens of reading.

    Where their main text and all their tables give none that is believed, what stands beside the main text is
    read, for as many tokens. (Always reading it changed one answer in a hundred.)

    What a page is about is what its summary says first.

    Raises :class:`~browseagent.errors.ModelError` where the model fails.
    """
    if question.of_page and (told := _of_pages(question, documents)):
        return replace(told, model=_info(model, ()))
    rests = [_to_read(question, document.rest) for document in documents if document.rest is not None]
    answer = _answer_of(question, documents, model, budget, weights)
    if answer.status == "answered" or not rests:
        return answer
    return _likelier(answer, _answer_of(question, rests, model, budget, weights, tabled=False))


def _to_read(question: Question, rest: Document) -> Document:
    """What stands beside the main text, as far as it may answer: every basket is empty to us, and the total
    that it shows is the price of nothing."""
    if question.kind is not Kind.MONEY:
        return rest
    priced = {
        b: [a.number for a in amounts(rest.block_text(b), rest.language) if a.marked] for b in rest.blocks
    }
    return replace(rest, blocks=tuple(b for b, found in priced.items() if any(found) or not found))


def _of_pages(question: Question, documents: Sequence[Document]) -> Answered | None:
    """What the pages are about, each in one sentence; None where none of them says anything."""
    points = [point for document in documents if (point := first_point(document)) is not None]
    if not points:
        return None
    return Answered(
        question=question.words,
        answer=" ".join(point.text for point in points),
        support=tuple(quote for point in points for quote in point.quotes),
        confidence=OF_PAGE,
    )


def _likelier(main: Answer, rest: Answer) -> Answer:
    """Of two answers, the first of which is not believed, the second where that is, else the likelier one,
    beside what came nearest in the main text, and what is said of how that was read."""
    if rest.status == "answered":
        return rest
    best = max(main, rest, key=lambda each: each.confidence)
    return replace(best, closest=main.closest or rest.closest, model=main.model)


def _answer_of(
    question: Question,
    documents: Sequence[Document],
    model: LanguageModel,
    budget: int,
    weights: Weights | None,
    *,
    tabled: bool = True,
) -> Answer:
    """The answer that these texts give or, where ``tabled``, their tables and records."""
    if model.reader is not None:
        info = _info(model, READER_PROMPTS)
        read = [document for document in documents if in_english(document)]
        if read:
            answer = _by_reading(question, read, model.reader, budget, weights or reader_weights())
            if len(read) < len(documents) and answer.status != "answered":
                info = replace(info, note=PARTLY_READ)
        else:
            answer = NotFound(question=question.words, closest=_nearest(question, documents))
            info = replace(info, note=NOT_READ)
    else:
        info = _info(model, PROMPTS)
        answer = by_likelihood(question, documents, model, budget, weights or default_weights())
    if tabled:
        answer = _or_from_tables(question, documents, answer)
    if isinstance(answer, Answered) and not is_about(question, documents):
        quotes = (*answer.quotes, *answer.closest)[:CLOSEST]
        answer = NotFound(question=question.words, confidence=ELSEWHERE * answer.confidence, closest=quotes)
    return replace(answer, model=info)


def _or_from_tables(question: Question, documents: Sequence[Document], answer: Answer) -> Answer:
    """The answer that the documents' tables give where it is likelier than the one that was read. Of one row
    the table alone knows its columns: there what was read does not stand against it."""
    if question.kind in (Kind.YES_NO, Kind.STEPS):  # a cell says neither
        return answer
    found = [
        table for document in documents for table in table_answers(question, document, most=1) if table.rows
    ]
    if not found:
        return answer
    best = max(found, key=lambda each: each.probability)
    first = (*answer.quotes, *answer.closest)[:1]
    of_its_row = any(is_of_row(quote, best) for quote in first)
    if best.probability <= max(0.0 if of_its_row else answer.confidence, TABLE_THRESHOLD):
        return answer
    rows = tuple(make_quote(best.document, start, end) for start, end in best.rows)
    others = (*answer.quotes, *answer.closest)
    return _answered(question, Listed(best.text, rows), others, best.probability)


def _by_reading(
    question: Question,
    documents: Sequence[Document],
    reader: Reader,
    budget: int,
    weights: Weights,
) -> Answer:
    found = read_answers(question, documents, reader, budget, weights)
    found = own_value_first(question, counted_first(question, found))
    if question.kind is Kind.STEPS:
        found = telling(found)
    confidence = _how_sure(question, documents, found, weights) if found else 0.0
    units = _distinct(each.unit for each in found)
    numbered = numbered_steps(question, documents) if question.kind is Kind.STEPS else None
    if numbered is not None and confidence < NUMBERED:
        return _answered(question, numbered, tuple(map(quote_of, units[:CLOSEST])), NUMBERED)
    if not found:
        return NotFound(question=question.words, closest=_nearest(question, documents))
    if confidence < weights.threshold:
        closest = tuple(quote_of(unit) for unit in units[:CLOSEST])
        perhaps = None
        if confidence >= PERHAPS:
            text, quotes = stated(question, found[0], [found[0].unit], found)
            perhaps = Alternative(text, quotes[0])
        return NotFound(question=question.words, confidence=confidence, closest=closest, perhaps=perhaps)
    best = found[0]
    said = same_words(best.text)
    support = _distinct(each.unit for each in found if same_words(each.text) == said)[:CLOSEST]
    text, quotes = stated(question, best, support, found)
    return Answered(
        question=question.words,
        answer=text,
        support=quotes,
        closest=tuple(quote_of(unit) for unit in _distinct([*support, *units])[len(support) :])[:CLOSEST],
        confidence=confidence,
        alternatives=tuple(_alternatives(found, said, same_words(text))),
    )


def _answered(question: Question, listed: Listed, others: Sequence[Quote], confidence: float) -> Answered:
    """A whole set as the answer, with what came nearest beside it."""
    quoted = {(each.url, each.start) for each in listed.quotes}
    return Answered(
        question=question.words,
        answer=listed.text,
        support=listed.quotes,
        closest=tuple(each for each in others if (each.url, each.start) not in quoted)[:CLOSEST],
        confidence=confidence,
    )


def _how_sure(
    question: Question, documents: Sequence[Document], found: Sequence[Found], weights: Weights
) -> float:
    """How likely the first of all answers is right, as it will be stated."""
    if question.kind is Kind.STEPS and weights.steps:
        features = [asdict(each.features) for each in found]
        return weights.step_probability(step_signals(features, [unit_key(each.unit) for each in found], 0))
    confidence = weights.probability(reading_signals(question, documents, found[0]))
    chance = says_yes(question, found[0].unit, found[0].yes)
    return confidence if chance is None else sureness(confidence, chance)


def is_of_row(read: Quote, table: TableAnswer) -> bool:
    """Whether what was read stands in one of the rows that a table gives."""
    text = table.document.text
    return any(
        start <= read.start < end and text[read.start : read.end] == read.text for start, end in table.rows
    )


def stated(
    question: Question, best: Found, support: Sequence[Unit], found: Sequence[Found]
) -> tuple[str, tuple[Quote, ...]]:
    """What is said where an answer is believed, and the quotes that carry it: the units in ``support``, or
    all things of the set that is asked for. ``found`` are all answers."""
    steps = question.kind is Kind.STEPS
    if listed := steps_of(question, best) if steps else whole_list(question, best, found):
        return listed.text, listed.quotes
    quotes = tuple(map(quote_of, support))
    # What is done, or why, takes a sentence; in another language whether is for the person to read off it.
    if question.kind not in (Kind.STEPS, Kind.YES_NO):
        document = best.unit.passage.document
        return as_wide(question, best.text, document.text[best.end : best.unit.passage.end]), quotes
    quotes = (sentence_of(best), *quotes[1:])
    chance = says_yes(question, best.unit, best.yes)
    if chance is not None:
        return f"{'Yes' if chance > 0.5 else 'No'}: {quotes[0].text}", quotes
    return quotes[0].text, quotes


def sentence_of(found: Found) -> Quote:
    """The unit that holds an answer; of a row that is the whole of a post or a product the sentence in it."""
    unit, document = found.unit, found.unit.passage.document
    for cell in unit.block.cells if len(unit.text) > LONG_ROW else ():
        if cell.start <= found.start < cell.end:
            for start, end in sentences(document.text, cell.start, cell.end):
                if start <= found.start < end and is_quotable(document, start, end):
                    return make_quote(document, start, end)
    return quote_of(unit)


def _alternatives(found: Sequence[Found], *said: str) -> Iterator[Alternative]:
    """Other answers that are nearly as good as the best, and say something else than what is ``said``."""
    told = list(said)
    for each in found[1:]:
        words = same_words(each.text)
        near = math.exp(each.score - found[0].score) >= ALTERNATIVE
        if near and words and not any(words in other or other in words for other in told):
            told.append(words)
            yield Alternative(" ".join(each.text.split()), quote_of(each.unit))


def _nearest(question: Question, documents: Sequence[Document]) -> tuple[Quote, ...]:
    """What shares most words with the question, where no answer is found."""
    return tuple(map(quote_of, best_units(question, documents, CLOSEST)))


def _distinct(units: Iterable[Unit]) -> list[Unit]:
    """Each unit once, in the order in which they first come."""
    found: dict[Key, Unit] = {}
    for unit in units:
        found.setdefault(unit_key(unit), unit)
    return list(found.values())


def _info(model: LanguageModel, prompts: Sequence[str]) -> ModelInfo:
    return replace(model.info, prompts={name: load_prompt(name).sha256 for name in prompts})
