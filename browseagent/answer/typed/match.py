"""Which column of a sheet holds what a leaf asks for, and which sheets hold a list of objects.

By name first: the leaf's own, those above it and its description against the column's, with words that
mean the same. A column counts as far as its cells can be read as values of the leaf's type.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from browseagent.answer.question import Kind
from browseagent.answer.typed.convert import Locale, is_currency, is_priced, json_value, numbered
from browseagent.answer.typed.names import described_stems, likeness, means, name_stems
from browseagent.answer.typed.records import Fields, Leaf, Many, Plan, ValueKind
from browseagent.answer.typed.sheet import SECTION, Sheet, with_section
from browseagent.answer.values import date_span, has_amount
from browseagent.records import BlockKind, Document

_READABLE = 0.5
"""Share of a column's cells that must be values of the type that is asked for."""
_INSIDE = 0.8
"""Score of a column that is not named so, where the cells say so themselves ("14 days")."""
_FIRST = 1.2
"""Score of the first column for the name of the record."""
_PRICE = name_stems("price")
_HIRAGANA = re.compile("[ぁ-ゖ]")
"""In which Japanese writes what only asks, and what joins words."""
SURE = 1.5
"""Score from which one fact of a page is taken for what is asked without asking a reader."""


@dataclass(frozen=True, slots=True)
class Match:
    """A sheet, the column of each leaf that has one, and how well they fit."""

    sheet: Sheet
    columns: Mapping[Leaf, int]
    score: float
    context: float
    """How well what stands above the sheet fits what is asked."""


def leaves_of(plan: Plan) -> list[Leaf]:
    """The leaves of a plan in order, a list of words in it as one."""
    if isinstance(plan, Leaf):
        return [plan]
    if isinstance(plan, Many):
        return [part_of_row(plan)] if isinstance(plan.item, Leaf) else []
    return [leaf for _, member in plan.members for leaf in leaves_of(member)]


def part_of_row(plan: Many) -> Leaf:
    """The leaf that stands for a list of words in one cell."""
    return Leaf(plan.path, described=plan.described, question=plan.question)


def required_of(plan: Plan) -> list[Leaf]:
    """Those of them that must be there."""
    if isinstance(plan, Fields):
        members = [member for name, member in plan.members if name in plan.required]
        return [leaf for member in members for leaf in required_of(member)]
    return [plan] if isinstance(plan, Leaf) else []


def fact_for(leaf: Leaf, sheet: Sheet, locale: Locale) -> tuple[int, float] | None:
    """The column of a page's facts that holds a leaf for sure, and its score: it is named so, or it alone
    says so itself ("96 reviews")."""
    found = columns_for([leaf], sheet, locale, frozenset()).get(leaf)
    if found is not None and found[1] >= SURE:
        return found
    words = [sheet.words(spot) if spot is not None else "" for spot in sheet.rows[0]]
    saying = [
        at for at, each in enumerate(words) if leaf.kind is ValueKind.NUMBER and numbered(leaf, each, locale)
    ]
    return (saying[0], SURE) if len(saying) == 1 else None


def columns_for(
    leaves: Sequence[Leaf], sheet: Sheet, locale: Locale, stem: frozenset[str]
) -> Mapping[Leaf, tuple[int, float]]:
    """For each leaf that has one its column and their score; a column serves one leaf, save that a currency
    stands beside its amount. ``stem`` are the words that name the whole record."""
    rated = sorted(
        (
            (score, -order, leaf, column)
            for order, leaf in enumerate(leaves)
            for column in range(len(sheet.columns))
            if (score := _score(leaf, sheet, column, locale, stem)) > 0
        ),
        key=lambda each: (-each[0], -each[1], each[3]),
    )
    chosen: dict[Leaf, tuple[int, float]] = {}
    taken: set[int] = set()
    for score, _, leaf, column in rated:
        shared = is_currency(leaf) or score <= _INSIDE
        if leaf in chosen or (column in taken and not shared):
            continue
        chosen[leaf] = (column, score)
        if not shared:
            taken.add(column)
    return chosen


def _score(leaf: Leaf, sheet: Sheet, column: int, locale: Locale, stem: frozenset[str]) -> float:
    name = sheet.columns[column]
    spots = [row[column] for row in sheet.rows[:50]]
    filled = [spot for spot in spots if spot is not None]
    if not filled:
        return 0.0
    links = all(spot.url for spot in filled)
    if links != wants_link(leaf):
        return 0.0
    if links:
        return 3.0 if name == "link" else 2.0 + likeness(name_stems(leaf.name), name_stems(name)) / 10
    words = [sheet.words(spot) for spot in filled]
    read = [json_value(leaf, each, locale) is not None for each in words]
    share = sum(read) / len(read)
    if share < _READABLE:
        return 0.0
    return share * _named(leaf, sheet, column, words, stem, locale)


def _named(
    leaf: Leaf, sheet: Sheet, column: int, words: Sequence[str], stem: frozenset[str], locale: Locale
) -> float:
    """How well a column's name, or else what its cells say, fits a leaf."""
    name = sheet.columns[column]
    if name == SECTION:
        return _of_section(leaf, words[0], locale)
    own, offered = name_stems(leaf.name), name_stems(name)
    above = frozenset(s for part in leaf.path[:-1] if part != "[]" for s in name_stems(part)) - stem
    score = max(likeness(own, offered), likeness(own | above, offered), 0.9 * likeness(above, offered))
    described = described_stems(leaf.described or ("" if leaf.name else leaf.question.words)) - stem
    if not leaf.name and leaf.kind is ValueKind.MONEY and leaf.question.kind is Kind.MONEY:
        described |= _PRICE  # "how much is it" asks for its price
    about = described - offered - described_stems(sheet.title)
    about = frozenset(each for each in about if not _HIRAGANA.search(each))
    if offered and offered <= described and not about and likeness(described, offered):
        score = max(score, 2.0)  # it asks for that alone, of what the page is about
    score += 0.3 * bool(score and described & offered)
    if is_currency(leaf):
        return 0.5 + likeness(_PRICE, offered) / 2
    if is_priced(leaf) and not own & offered and not any(map(has_amount, words)):
        return 0.0
    if leaf.kind is ValueKind.TEXT:
        names_record = bool(own) and (means(leaf.name, "title") or own <= stem)
        return max(score, _FIRST if column == 0 and names_record and sheet.kind != "facts" else 0.0)
    if score == 0 and all(_says_so(leaf, each, locale) for each in words):
        return _INSIDE
    return score


def _of_section(leaf: Leaf, heading: str, locale: Locale) -> float:
    """How well the heading above a sheet fits a leaf."""
    if leaf.kind is ValueKind.DATE:
        return _INSIDE
    day = means(leaf.name, "date") and date_span(heading, locale.language) is not None
    return _INSIDE if leaf.kind is ValueKind.TEXT and (day or means(leaf.name, "section")) else 0.0


def _says_so(leaf: Leaf, words: str, locale: Locale) -> bool:
    """Whether the words of a cell say themselves that they are what a leaf asks for."""
    if leaf.kind is ValueKind.NUMBER:
        return numbered(leaf, words, locale) is not None
    return leaf.kind in (ValueKind.DATE, ValueKind.CHOICE)


def wants_link(leaf: Leaf) -> bool:
    """Whether a leaf asks for an address."""
    return leaf.is_link or bool(
        leaf.kind is ValueKind.TEXT and {"link", "url", "href"} & name_stems(leaf.name)
    )


def sheets_for(plan: Many, sheets: Sequence[Sheet], locale: Locale) -> list[Match]:
    """The sheets whose rows are the objects of a list: the best, and those with the same columns that
    stand under what is asked for no less."""
    leaves, required = leaves_of(plan.item), required_of(plan.item)
    stem = frozenset(s for part in plan.path if part != "[]" for s in name_stems(part))
    stem = stem or described_stems(f"{plan.described} {plan.question.words}")
    asked = stem | described_stems(f"{plan.described} {plan.question.words}")
    found: list[Match] = []
    for sheet in map(with_section, sheets):
        if stem & _headings(sheet.document) and not stem & described_stems(_above(sheet)):
            continue  # what is asked for stands under another heading
        columns = columns_for(leaves, sheet, locale, stem)
        wanted = required or leaves
        above = described_stems(sheet.title)
        # Half of what is asked for is enough of a sheet that stands under its name; of any other it is not.
        had = sum(leaf in columns for leaf in wanted) * 2
        if not columns or had < len(wanted) or (had == len(wanted) and not asked & above):
            continue
        score = sum(score for _, score in columns.values())
        found.append(
            Match(
                sheet,
                {leaf: column for leaf, (column, _) in columns.items()},
                score,
                len(asked & above) / max(1, len(asked)),
            )
        )
    if not found:
        return []
    best = max(found, key=lambda each: each.score + each.context)
    same = [each for each in found if _named_alike(each) == _named_alike(best)]
    return [each for each in same if each.context >= best.context]


def _above(sheet: Sheet) -> str:
    """What names a sheet: its title, the heading above it, its columns."""
    section = sheet.section
    heading = sheet.document.text[section.start : section.end] if section is not None else ""
    return " ".join([sheet.title, heading, *sheet.columns])


@lru_cache(maxsize=4)
def _headings(document: Document) -> frozenset[str]:
    """The stemmed words of a document's headings."""
    blocks = (block for block in document.blocks if block.kind is BlockKind.HEADING)
    return described_stems(" ".join(map(document.block_text, blocks)))


def _named_alike(match: Match) -> dict[Leaf, str]:
    return {leaf: match.sheet.columns[column] for leaf, column in match.columns.items()}
