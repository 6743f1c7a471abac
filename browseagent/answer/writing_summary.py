"""Summaries in a model's own words; the same check as for answers.

Long pages are read in several calls, each with as many passages as fit the context that local servers give.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from browseagent.answer.claims import orders
from browseagent.answer.excerpts import Excerpt, excerpts
from browseagent.answer.passages import quote_of
from browseagent.answer.progress import tell_judged
from browseagent.answer.replies import SUMMARY_SCHEMA, WrittenPoint, summary_reply
from browseagent.answer.shown import fenced, found_again, mark_of
from browseagent.answer.summarize import POINTS
from browseagent.answer.support import Verdict
from browseagent.answer.writing import (
    TOKENS,
    Asked,
    Terms,
    is_translated,
    manner_lines,
    sentences_of,
    supported_sentence,
)
from browseagent.model.port import Message, Writer
from browseagent.model.prompts import load_prompt
from browseagent.records import Coverage, Document, Length, ModelInfo, Point, Quote, Summary

CALLS = 4
"""At most so many, of some 4,000 tokens each: a page of 60,000 characters is read whole."""
_STYLES = {
    **dict.fromkeys(("", "bullets", "reply"), ""),
    "paragraph": "- The points are read one after the other, as one paragraph.",
    "brief": "- Each point has at most twenty words.",
    "headline": "- The point is a headline of at most twelve words, with a verb.",
}
_FEW = {"headline": 1, "brief": 2}


@dataclass(frozen=True, slots=True)
class SummaryDraft:
    """What came of asking a model for a summary."""

    summary: Summary | None
    """None: nothing that it wrote is carried by the pages."""
    quotes: tuple[Quote, ...]
    """What it quoted and what does stand on the pages."""
    coverage: Coverage
    info: ModelInfo


async def write_summary(
    documents: Sequence[Document], writer: Writer, length: Length, terms: Terms
) -> SummaryDraft:
    """A model's summary of some documents. Raises :class:`~browseagent.errors.ModelError`."""
    every = [excerpt for document in documents for excerpt in excerpts(document)]
    parts = _parts(every)
    most = most_points(length, terms.manner.style)
    asked = Asked(writer, terms, SUMMARY_SCHEMA, ("writer-summary", "writer-again"))
    translated = is_translated(terms.manner, documents)
    points: list[Point] = []
    quotes: dict[Quote, None] = {}
    for number, passages in enumerate(parts):
        share = max(1, round(most * (number + 1) / len(parts)) - round(most * number / len(parts)))
        told = _told(passages, share, terms)
        judge = partial(_judged, passages=passages, terms=terms, translated=translated)
        found, quoted, failures = judge(await asked.once(told, summary_reply))
        if failures and (again := await asked.again(told, failures, summary_reply)):
            second = judge(again)
            if _count(second[0]) >= _count(found):
                found, quoted, failures = second
        keep = [each for each in found if terms.manner.keep_unsupported or each.support != "unsupported"]
        points += keep[: max(share, 1)] if terms.manner.style in _FEW else keep
        quotes.update(dict.fromkeys(quoted))
    read = [excerpt for part in parts for excerpt in part]
    coverage = Coverage(
        chars=sum(len(document.text) for document in documents),
        chars_read=sum(piece.length for excerpt in read for piece in excerpt.pieces),
        passages=len(every),
        passages_read=len(read),
    )
    asked.look_at_language([point.text for point in points])
    points = points[:most] if terms.manner.style in _FEW else points
    summary = Summary(points=tuple(points), coverage=coverage) if _count(points) else None
    return SummaryDraft(summary, tuple(quotes), coverage, asked.info())


def most_points(length: Length, style: str) -> int:
    """How many points a summary has at most."""
    return min(POINTS[length], _FEW.get(style, POINTS[length]))


def quotes_instead(draft: SummaryDraft, length: Length) -> Summary:
    """The quotes of a model none of whose own words are carried: they do stand on the pages."""
    points = [Point(" ".join(each.text.split()), "quote", (each,)) for each in draft.quotes[: POINTS[length]]]
    note = "nothing that the model wrote is carried by the pages; what it quoted stands in for it"
    return Summary(points=tuple(points), coverage=draft.coverage, model=replace(draft.info, note=note))


def _parts(every: Sequence[Excerpt]) -> list[list[Excerpt]]:
    """The excerpts in parts that fit one call each; of more than can be read, evenly spread ones."""
    room = CALLS * TOKENS * 3
    total = sum(len(each.text) + len(each.heading) for each in every)
    step = max(1.0, total / room)
    chosen = [every[int(i * step)] for i in range(int(len(every) / step))]
    parts: list[list[Excerpt]] = [[]]
    size = 0
    for each in chosen:
        length = len(each.text) + len(each.heading)
        if parts[-1] and size + length > TOKENS * 3:
            parts.append([])
            size = 0
        parts[-1].append(each)
        size += length
    return [part for part in parts[:CALLS] if part]


def _told(passages: Sequence[Excerpt], points: int, terms: Terms) -> list[Message]:
    mark = mark_of(passages)
    manner = manner_lines(terms.manner, _STYLES)
    prompt = load_prompt("writer-summary").render(mark=mark, manner=manner, points=str(points))
    return [Message("system", prompt), Message("user", fenced(passages, mark))]


def _judged(
    points: Sequence[WrittenPoint], *, passages: Sequence[Excerpt], terms: Terms, translated: bool
) -> tuple[list[Point], list[Quote], dict[str, Verdict]]:
    """Each sentence of each point with what carries it, the quotes that were found, and what failed."""
    judged: list[Point] = []
    quotes: list[Quote] = []
    failures: dict[str, Verdict] = {}
    for written in points:
        found = found_again(passages, written.quotes)
        quotes += [quote_of(unit) for _, unit in found if not orders(unit.text)]
        for sentence in sentences_of(written.text):
            point, verdict = supported_sentence(sentence, found, terms, translated=translated)
            judged.append(point)
            if not verdict.supported:
                failures[sentence] = verdict
    tell_judged(terms.tell, judged, failures)
    return judged, quotes, failures


def _count(points: Sequence[Point]) -> int:
    return sum(point.support != "unsupported" for point in points)
