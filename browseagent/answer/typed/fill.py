"""From a plan and documents to a typed answer. What the documents' own structure gives comes first; a
reader is asked for the rest.

The reader is whatever answers one question with quotes (:data:`Ask`): the embedded reader, or a writer whose
quotes were located. Objects of a list come from structure alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Literal

from browseagent.answer.expect import is_about
from browseagent.answer.question import Question
from browseagent.answer.struck import words_standing
from browseagent.answer.typed.convert import Locale, as_json, json_value, typed_value
from browseagent.answer.typed.facts import facts_of
from browseagent.answer.typed.listing import listing_sheets
from browseagent.answer.typed.match import Match, fact_for, part_of_row, sheets_for, wants_link
from browseagent.answer.typed.names import described_stems, name_stems
from browseagent.answer.typed.points import label_fit, lists_of, split
from browseagent.answer.typed.records import (
    Fields,
    Json,
    Leaf,
    LeafAnswer,
    Many,
    Plan,
    Rows,
    Typed,
    Value,
    ValueKind,
    Wanted,
    step,
)
from browseagent.answer.typed.rows import all_rows
from browseagent.answer.typed.sheet import Sheet, Spot, quote_around, table_sheets
from browseagent.answer.values import whole
from browseagent.records import Answer, Document, NotFound, Quote

Ask = Callable[[Question], Answer]
_MOST_ROWS = 2000
STRUCTURE = 0.85
"""How likely a value is right that a page's own structure gives: 11 of 13 on questions on real pages
(``tools/measure_facts.py``)."""
_SAYS = 0.5
"""How much a heading or a label must have of what is asked for, for its list to be the one."""


def questions(wanted: Wanted, documents: Sequence[Document], *, today: date) -> list[Question]:
    """What a reader would be asked, whatever it would answer: empty where the documents' structure gives
    everything."""
    asked: list[Question] = []

    def note(question: Question) -> Answer:
        asked.append(question)
        return NotFound(question=question.words)

    fill(wanted, documents, note, today=today)
    return asked


def fill(wanted: Wanted, documents: Sequence[Document], ask: Ask, *, today: date) -> Typed:
    """The typed answer that the documents give. ``ask`` answers one question from them and may raise
    :class:`~browseagent.errors.ModelError`; it is called only where structure gives no value."""
    if isinstance(wanted, Rows):
        return all_rows(documents)
    filling = _Filling(tuple(documents), ask, today)
    value = filling.part(wanted, "", required=True)
    unbelieved = filling.unbelieved if isinstance(wanted, Leaf) else None
    return Typed(value, tuple(filling.leaves), tuple(filling.missing), filling.confidence, unbelieved)


@dataclass(slots=True)
class _Filling:
    """One plan as it is filled; leaves and what is missing are gathered in the order of the plan."""

    documents: tuple[Document, ...]
    ask: Ask
    today: date
    leaves: list[LeafAnswer] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    confidence: float = 1.0
    unbelieved: NotFound | None = None
    """What a reader said last that it does not believe."""

    def locale(self, document: Document) -> Locale:
        return Locale(document.language, self.today)

    def part(self, plan: Plan, path: str, *, required: bool) -> Json:
        """The value of a part of the plan that stands once on the pages."""
        if isinstance(plan, Many):
            value = self.rows(plan, path) if isinstance(plan.item, Fields) else self.points(plan, path)
            if not value and path:
                self.leaves.append(LeafAnswer(path, "not_found", None))
            if not value and required and not plan.nullable:
                self.missing.append(path)
            return value
        if isinstance(plan, Fields):
            once = partial(self.part, required=False)
            return self.members(plan, path, lambda leaf, at: self.fact(leaf, at) or self.read(leaf, at), once)
        return self.settle(plan, self.fact(plan, path) or self.read(plan, path), required=required)

    def members(
        self,
        plan: Fields,
        path: str,
        find: Callable[[Leaf, str], LeafAnswer],
        listed: Callable[[Many, str], Json],
    ) -> dict[str, Json]:
        """An object, each leaf of it by ``find`` and each list by ``listed``. What is optional and not there
        is left out, or null where it may be; what a part that is not there requires is not missing."""
        out: dict[str, Json] = {}
        for name, member in plan.members:
            at, required = step(path, name), name in plan.required
            if isinstance(member, Fields):
                leaves, missing = len(self.leaves), len(self.missing)
                value: Json = self.members(member, at, find, listed)
                there = any(leaf.status == "found" for leaf in self.leaves[leaves:])
                if not there and (member.nullable or not required):
                    del self.missing[missing:]
                    value = None
            elif isinstance(member, Many):
                value = listed(member, at)
                if not value and required and not member.nullable:
                    self.missing.append(at)
            else:
                value = self.settle(member, find(member, at), required=required)
            if value is not None or (required and isinstance(member, Leaf)) or member.nullable:
                out[name] = value
        return out

    def settle(self, leaf: Leaf, found: LeafAnswer, *, required: bool) -> Json:
        """Keeps what became of a leaf; its value."""
        self.leaves.append(found)
        if found.status != "found" and required and not leaf.nullable:
            self.missing.append(found.path)
        return found.value

    # --- one value

    def fact(self, leaf: Leaf, path: str) -> LeafAnswer | None:
        """A leaf from what the pages say of themselves; None where they do not."""
        best: tuple[float, LeafAnswer] | None = None
        for document in self.documents:
            if not is_about(leaf.question, [document]):
                continue
            sheet = facts_of(document)
            locale = self.locale(document)
            column = fact_for(leaf, sheet, locale)
            if column is None or (best is not None and column[1] <= best[0]):
                continue
            spot = sheet.rows[0][column[0]]
            if spot is not None:
                best = (column[1], _found(leaf, path, sheet, spot, locale))
        if best is None:
            return None
        self.confidence = min(self.confidence, STRUCTURE)
        return best[1]

    def read(self, leaf: Leaf, path: str) -> LeafAnswer:
        """A leaf as a reader answers it."""
        if wants_link(leaf):  # an address is no words on the page
            return LeafAnswer(path, "not_found")
        answer = self.ask(leaf.question)
        if isinstance(answer, NotFound):
            guess = answer.perhaps
            formed = guess is not None and self.value_in(leaf, guess.quote, guess.text) is not None
            self.unbelieved = answer if formed else replace(answer, perhaps=None)
        if answer.status != "answered":
            return LeafAnswer(path, "not_found")
        quote = answer.quotes[0]
        self.confidence = min(self.confidence, answer.confidence)
        return _leaf(leaf, path, self.value_in(leaf, quote, answer.text), quote)

    def value_in(self, leaf: Leaf, quote: Quote, said: str) -> Value | None:
        """The value of a leaf in the quote of what a reader said."""
        locale = self.locale(self.document_of(quote))
        words = said if said in quote.text else ""
        if leaf.kind in (ValueKind.MONEY, ValueKind.NUMBER):
            words = whole(quote.text, words, locale.language)
        return typed_value(leaf, quote.text, locale, words)

    def document_of(self, quote: Quote) -> Document:
        """The document that a quote stands in."""
        holding = [d for d in self.documents if d.text[quote.start : quote.end] == quote.text]
        return next((d for d in holding if d.url == quote.url), (*holding, *self.documents)[0])

    # --- lists

    def rows(self, plan: Many, path: str) -> Json:
        """The objects of a list, from tables and listings."""
        assert isinstance(plan.item, Fields)
        out: list[Json] = []
        for document in self.documents:
            if not is_about(plan.question, [document]):
                continue
            locale = self.locale(document)
            sheets = [*table_sheets(document), *listing_sheets(document)]
            for match in sheets_for(plan, sheets, locale):
                self.confidence = min(self.confidence, STRUCTURE)
                for row in match.sheet.rows[: _MOST_ROWS - len(out)]:
                    cells = _Cells(match, row, locale)
                    listed = partial(self.parts_of, cells)
                    out.append(self.members(plan.item, f"{path}[{len(out)}]", cells.find, listed))
        return out

    def parts_of(self, cells: _Cells, plan: Many, path: str) -> Json:
        """The list in one cell of a row."""
        spot = cells.spot(part_of_row(plan))
        document = cells.match.sheet.document
        return [] if spot is None else self.values(plan, path, document, split(document, spot))

    def points(self, plan: Many, path: str) -> Json:
        """The values of a list: a list under a heading that says so, a column, a fact with commas, or
        what a reader answers."""
        found = max((self.offered(plan, d) for d in self.documents), key=lambda each: each[0], default=None)
        spots = found[1] if found is not None and found[0] >= _SAYS else []
        document = found[2] if found is not None else self.documents[0]
        if not spots:
            document, spots = self.read_points(plan)
        return self.values(plan, path, document, spots)

    def values(self, plan: Many, path: str, document: Document, spots: Sequence[Spot]) -> Json:
        """The values of a list at some places; what is none of its type is left out."""
        assert isinstance(plan.item, Leaf)
        out: list[Json] = []
        for spot in spots[:_MOST_ROWS]:
            words = words_standing(document, spot.start, spot.end)
            value = json_value(plan.item, words, self.locale(document))
            if value is not None:
                quote = quote_around(document, spot.start, spot.end)
                self.leaves.append(LeafAnswer(f"{path}[{len(out)}]", "found", value, quote))
                out.append(value)
        return out

    def offered(self, plan: Many, document: Document) -> tuple[float, list[Spot], Document]:
        """The list on a page whose label fits best, and how well."""
        asked = frozenset(s for part in plan.path if part != "[]" for s in name_stems(part))
        asked |= described_stems(plan.described or ("" if asked else plan.question.words))
        offers = [(label_fit(asked, label), spots) for label, spots in lists_of(document)]
        best = max(offers, key=lambda each: each[0], default=(0.0, []))
        return best[0], best[1], document

    def read_points(self, plan: Many) -> tuple[Document, list[Spot]]:
        """The points of a reader's answer."""
        answer = self.ask(plan.question)
        if answer.status != "answered":
            return self.documents[0], []
        self.confidence = min(self.confidence, answer.confidence)
        out: list[Spot] = []
        document = self.document_of(answer.quotes[0])
        for quote in answer.quotes[:1]:
            inside = quote.text.find(answer.text)
            start = quote.start + max(0, inside)
            out += split(document, Spot(start, start + len(answer.text) if inside >= 0 else quote.end))
        return document, out


@dataclass(frozen=True, slots=True)
class _Cells:
    """One row of a sheet, and which column each leaf has."""

    match: Match
    row: tuple[Spot | None, ...]
    locale: Locale

    def spot(self, leaf: Leaf) -> Spot | None:
        """The cell of a leaf."""
        column = self.match.columns.get(leaf)
        return None if column is None else self.row[column]

    def find(self, leaf: Leaf, path: str) -> LeafAnswer:
        """What became of a leaf in this row."""
        spot = self.spot(leaf)
        if spot is None:
            return LeafAnswer(path, "not_found")
        return _found(leaf, path, self.match.sheet, spot, self.locale)


def _found(leaf: Leaf, path: str, sheet: Sheet, spot: Spot, locale: Locale) -> LeafAnswer:
    return _leaf(leaf, path, typed_value(leaf, sheet.words(spot), locale), sheet.quote(spot))


def _leaf(leaf: Leaf, path: str, value: Value | None, quote: Quote) -> LeafAnswer:
    status: Literal["found", "invalid"] = "invalid" if value is None else "found"
    return LeafAnswer(path, status, as_json(leaf, value), quote, value)
