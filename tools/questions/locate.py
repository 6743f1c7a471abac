"""Finds in a page's frozen text what a question points at. What cannot be found is said, not guessed."""

from __future__ import annotations

from dataclasses import dataclass

from tools.questions.records import Written, Wrong
from tools.questions.spans import Searched, Span

PLACES_MOST = 6
"""Words that stand in more places than this are hardly the answer in all of them."""
SHORT = 3
"""An answer of so few letters and digits stands in other places by chance."""
LIST_REACH = 4_000
"""Characters from the words in ``after`` within which a list's items or the steps are to stand."""


@dataclass(frozen=True, slots=True)
class Located:
    """A question with every place in the text. ``answers``: of a list, one place an item, in order."""

    written: Written
    answers: tuple[Span, ...] = ()
    sentence: tuple[Span, ...] = ()
    steps: tuple[Span, ...] = ()
    row: Span | None = None
    tempting: tuple[Span, ...] = ()

    @property
    def evidence(self) -> tuple[Span, ...]:
        """Where the page answers; of a question that it does not answer, nothing."""
        return self.answers or self.sentence or self.steps


def located(written: Written, page: Searched) -> Located:
    """Every span of a question. Raises :class:`Wrong` where words are missing or stand in too many places."""
    for context in written.after:
        if not page.all(context):
            raise Wrong(_missing(context, page, "after: "))
    match written.kind:
        case "yesno":
            return Located(written, sentence=_places(written.sentence, written, page, short=True))
        case "how":
            return Located(written, steps=_chain(written.steps, written, page))
        case "list":
            return Located(written, answers=_chain(written.answers, written, page))
        case "none":
            tempting = _places(written.tempting, written, page) if written.tempting else ()
            return Located(written, tempting=tempting)
        case _:
            found = {span for each in written.answers for span in _places(each, written, page)}
            row = _row(written, page, sorted(found)) if written.row else None
            return Located(written, answers=tuple(sorted(found)), row=row)


def _places(words: str, written: Written, page: Searched, *, short: bool = False) -> tuple[Span, ...]:
    """All places of an answer; those after ``after`` where that is given."""
    every = page.shortened(words) if short else page.all(words)
    if not every:
        raise Wrong(_missing(words, page))
    if written.after:
        spans = sorted({span for context in written.after for span in page.after(words, context)})
        if not spans:
            raise Wrong(f"{words!r} does not stand within 160 characters after {written.after[0]!r}")
        return tuple(spans)
    small = sum(map(str.isalnum, words)) <= SHORT
    if len(every) > PLACES_MOST or (small and len(every) > 1):
        raise Wrong(f'{words!r} stands in {len(every)} places; say which: "after": "words shortly before it"')
    return tuple(every)


def _chain(items: tuple[str, ...], written: Written, page: Searched) -> tuple[Span, ...]:
    """One place for each item: near ``after``, else near the item that stands in the fewest places."""
    every = [page.shortened(item) for item in items]
    for item, spans in zip(items, every, strict=True):
        if not spans:
            raise Wrong(_missing(item, page))
    starts = [span.end for context in written.after for span in page.all(context)]
    fewest = min(every, key=len)
    if not starts and len(fewest) > 1 and len(items) > 1:
        # A whole list that stands twice: the place where the items stand closest together.
        starts = [min((span.start for span in fewest), key=lambda at: _spread(every, at))]
    elif not starts:
        starts = [fewest[0].start]
    at = min(starts, key=lambda start: _spread(every, start))
    chain = tuple(min(spans, key=lambda span: (abs(span.start - at), span)) for spans in every)
    if written.after:
        far = [item for item, span in zip(items, chain, strict=True) if abs(span.start - at) > LIST_REACH]
        if far:
            raise Wrong(f"{far[0]!r} does not stand near {written.after[0]!r}")
    return chain


def _spread(every: list[list[Span]], at: int) -> int:
    return sum(min(abs(span.start - at) for span in spans) for spans in every)


def _row(written: Written, page: Searched, answers: list[Span]) -> Span:
    rows = page.shortened(written.row)
    if not rows:
        raise Wrong(_missing(written.row, page, "row: "))
    return min(rows, key=lambda row: min(abs(row.start - answer.start) for answer in answers))


def _missing(words: str, page: Searched, what: str = "") -> str:
    near = page.nearest(words)
    hint = f"; nearest: {near!r}" if near else ""
    return f"{what}{words!r} does not stand in the page's text{hint}"
