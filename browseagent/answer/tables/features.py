"""What speaks for and against a reading: named numbers, weighed by :mod:`choose`.

After the features of Pasupat & Liang (2015, "Compositional Semantic Parsing on Semi-Structured Tables"):
what is asked against what the answer is, what the question says against what the reading uses, and the
words that ask for an operation against the operation. Most are shared by many readings of a question, so each
part is kept for a while.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

from browseagent.answer.tables.across import OnPage, across
from browseagent.answer.tables.cells import tokens
from browseagent.answer.tables.columns import Kind
from browseagent.answer.tables.links import FORM_KINDS, Links, RowSet
from browseagent.answer.tables.listed import listed, ordered_by
from browseagent.answer.tables.operations import Reading

Features = dict[str, float]

_COUNTING = ("count", "distinct")
_COMPUTING = ("sum", "average", "difference", "difference of columns")
_TRIGGER = {
    "difference": "difference", "difference of columns": "difference", "next": "next", "previous": "previous",
    "sum": "sum", "total": "sum", "average": "average", "compare": "or", "distinct": "different",
}  # fmt: skip
"""The trigger that asks for an operation."""
_ENOUGH = 40
"""Rows beyond which a frame is long, whatever their number."""
_kept = lru_cache(maxsize=1024)


@dataclass(frozen=True, slots=True)
class Among:
    """How a frame stands among those of its page."""

    best_match: float
    """The match of the best of them."""
    best_heading: float
    """The share of the question that the best heading above one of them says."""
    place: float
    """How far down the page this one stands, 0 to 1."""
    orders: OnPage
    """What the page orders by."""


def features(links: Links, reading: Reading, among: Among) -> Features:
    """The features of one reading."""
    operation, target, by = reading.operation, reading.target, reading.by
    found = _table(links, among) | _rows(links, reading.rows) | _answer(links, reading)
    found |= _unsaid(links, _used(links, reading))
    if operation in _COUNTING:
        found |= _count(links, target)
    elif operation not in _COMPUTING:
        inside = any(condition.column == target for condition in reading.rows.conditions)
        found |= _target(links, operation, target, by, inside)
    if by >= 0:
        found |= _order(links, by, reading.ordering, reading.greatest)
    if reading.ordering and operation != "compare":
        found |= across(links, reading, among.orders)
    return found | _operation(links, operation)


@lru_cache(maxsize=4096)
def _of_superlatives(name: str) -> str:
    return f"superlative: {name}"


def _also(links: Links, found: Features) -> Features:
    """The features, and where a superlative is asked each by another name as well: what that wants of a
    frame, a column or a cell may differ."""
    if not links.question.orderings:
        return found
    return found | {_of_superlatives(name): value for name, value in found.items()}


@_kept
def _table(links: Links, among: Among) -> Features:
    content = max(1, links.question.content.bit_count())
    frame, rows = links.frame, links.frame.body.bit_count()
    found = {
        "table match": links.matched.bit_count() / content,
        "table context": (links.context & ~links.matched).bit_count() / content,
        "table behind best": among.best_match - links.match,
        "heading said": links.heading,
        "heading said elsewhere": among.best_heading - links.heading,
        "heading unsaid": links.heading_unsaid,
        "table named": max((m.focus for m in links.mentions), default=0.0),
        "table rows": math.log(min(rows, _ENOUGH)),
        "table small": float(rows < 5),
        "table columns": min(len(frame.columns), 8) / 8,
        "table headless": float(not frame.has_header),
        "table turned": float(bool(frame.lines)),
        "table place": among.place,
        f"table in {frame.place}": 1.0,
        "listed": float(frame.listed),
        "listed doubled": float(frame.doubled),
        "listed rows": math.log(min(rows, _ENOUGH)) * frame.listed,
        "listed columns": min(len(frame.columns), 8) / 8 * frame.listed,
    }
    return _also(links, found)


@_kept
def _operation(links: Links, operation: str) -> Features:
    question = links.question
    said = [*question.triggers, *(ordering for _, ordering in question.orderings[:2])]
    said += ["comparison"] if question.comparisons else []
    said += [] if question.orderings else ["no superlative"]
    found = {f"op {operation}": 1.0, f"op {operation} / {question.form}": 1.0}
    found |= {f"op {operation} + {word}": 1.0 for word in said}
    if operation in _TRIGGER:
        found["asked for" if _TRIGGER[operation] in question.triggers else "not asked for"] = 1.0
    elif operation in ("extreme", "end"):
        found["asked for"] = 1.0
    elif operation == "top":
        frame, said = links.frame, [question.stems[place] for place, _ in question.orderings[:1]]
        found["top in heading"] = float(not frame.heading.isdisjoint(said))
        found["top, dated"] = float(any(frame.columns[by].kind is Kind.DATE for by in links.orders))
    if operation in (*_COUNTING, "sum", "average") and question.form != "how many":
        found["count, not how many"] = 1.0
    return found


@_kept
def _rows(links: Links, rows: RowSet) -> Features:
    count = len(rows.conditions)
    found = {f"conditions {min(count, 3)}": 1.0, "one row": float(rows.rows.bit_count() == 1)}
    found["negated"] = float(rows.negated)
    found["not negated"] = float("not" in links.question.triggers and not rows.negated and count > 0)
    for condition in rows.conditions:
        kind, mention = condition.kind, links.mentions[condition.column]
        named = mention.share if mention.words & ~condition.words else 0.0
        found[f"condition {kind}"] = found.get(f"condition {kind}", 0.0) + 1
        found[f"condition {kind} named"] = max(found.get(f"condition {kind} named", 0.0), named)
        found["condition exact"] = found.get("condition exact", 0.0) + condition.exact / count
        if kind == "cell":
            found["condition words"] = found.get("condition words", 0.0) + condition.words.bit_count() / 4
            if condition.column == links.frame.subject:
                found["condition on subject"] = 1.0
            if mention.focus:
                found["condition on focus"] = 1.0
        elif not named:
            found[f"condition {kind} unnamed"] = 1.0
    return _also(links, found)


@_kept
def _target(links: Links, operation: str, target: int, by: int, in_condition: bool) -> Features:
    column, mention, form = links.frame.columns[target], links.mentions[target], links.question.form
    found = {
        f"answer {form} > {column.kind}": 1.0,
        "answer named": mention.share,
        "answer focus": mention.focus,
        "answer focus elsewhere": max(m.focus for m in links.mentions) - mention.focus,
        "answer named elsewhere": max(m.share for m in links.mentions) - mention.share,
    }
    if links.question.focus and not mention.focus:
        found[f"asked for by another name > {column.kind}"] = 1.0
    if form in FORM_KINDS:
        fits = column.kind in FORM_KINDS[form]
        found["answer of the form asked for" if fits else "answer of another form"] = 1.0
    if target == links.frame.subject:
        found[f"answer subject / {form}"] = 1.0
        if not any(m.focus for m in links.mentions):
            found["answer subject, nothing named"] = 1.0
    if links.frame.listed:
        found |= listed(links, operation, target)
    if in_condition:
        found["answer in condition"] = 1.0
        found[f"answer in condition / {operation}"] = 1.0
    if target == by:
        found[f"answer is order / {form}"] = 1.0
    return _also(links, found)


@_kept
def _count(links: Links, target: int) -> Features:
    """Whether what is counted is a column of numbers ("how many seats") or the rows ("how many teams")."""
    columns = list(zip(links.frame.columns, links.mentions, strict=True))
    amounts = [m.focus for column, m in columns if column.kind in (Kind.NUMBER, Kind.MONEY)]
    found = {
        "count of numbers": max(amounts, default=0.0),
        "count of names": max((m.focus for column, m in columns if column.kind is Kind.TEXT), default=0.0),
        "count of subject": links.mentions[links.frame.subject].focus,
        "distinct focus": links.mentions[target].focus if target >= 0 else 0.0,
    }
    return _also(links, found)


@_kept
def _order(links: Links, by: int, ordering: str, greatest: bool) -> Features:
    mention, family = links.mentions[by], "order" if ordering else "operand"
    shares = [links.mentions[other].share for other in links.orders]
    found = {
        f"{family} named": mention.share,
        f"{family} focus": mention.focus,
        f"{family} named elsewhere": max(shares) - mention.share,
        f"{family} unnamed": float(not mention.words),
        f"{family} alone": float(len(links.orders) == 1),
        f"{family} likeliest": float(links.orders[0] == by),
    }
    if ordering:
        column, way = links.frame.columns[by], "greatest" if greatest else "least"
        found |= ordered_by(links, by)
        if links.frame.listed:
            for name in ("order named", "order named elsewhere", "order unnamed"):
                found[f"listed {name}"] = found[name]
            found["listed order filled"] = column.filled.bit_count() / len(links.frame.rows)
        found[f"order {ordering} {column.kind} {way}"] = 1.0
        for index, _ in links.question.orderings[:2]:
            found[f"order {links.question.stems[index]} > {column.kind} {way}"] = 1.0
    return found


def _used(links: Links, reading: Reading) -> int:
    """The words of the question that a reading makes use of."""
    used = reading.rows.words | reading.words
    for column in (reading.target, reading.by):
        used |= links.mentions[column].words if column >= 0 else 0
    if reading.operation in _COUNTING:
        used |= sum(1 << index for index in links.question.focus)
    return used


@_kept
def _unsaid(links: Links, used: int) -> Features:
    """What of the question a reading leaves out."""
    question = links.question
    content, unsaid = max(1, question.content.bit_count()), question.content & ~used
    left = {
        "superlative": [1 << index for index, _ in question.orderings],
        "comparison": [comparison.words for comparison in question.comparisons],
        "number": [q.words for q in question.quantities if not q.spelt],
        "ordinal": [q.words for q in question.quantities if q.ordinal],
        "date": [moment.words for moment in question.moments],
    }
    share = (unsaid & ~links.context).bit_count() / content
    found = {
        "unsaid": share,
        f"unsaid / {question.form}": share,
        "unsaid words": min(4, unsaid.bit_count()) / 4,
        "unsaid in table": (unsaid & links.matched).bit_count() / content,
    } | {f"unsaid {name}": 1.0 for name, masks in left.items() if any(mask & ~used for mask in masks)}
    return _also(links, found)


def _missing(links: Links, used: tuple[int, ...]) -> float:
    """The share of the question's names that stand neither in the rows nor above them nor in a header."""
    frame, names = links.frame, links.question.names
    rows = sum(1 << row for row in used)
    left = [
        name
        for name in names
        if name not in frame.context
        and not any(column.words.get(name, 0) & rows or name in column.stems for column in frame.columns)
    ]
    return len(left) / len(names)


def _answer(links: Links, reading: Reading) -> Features:
    question, form, number = links.question, links.question.form, len(reading.texts)
    found: Features = {}
    if number > 1:
        plural = any(question.words[i].endswith("s") for i in question.focus[:2])
        found["several"] = math.log(number)
        found[f"several / {form}"] = 1.0
        found["several, plural" if plural else "several, singular"] = 1.0
    if question.names:
        found["names missing"] = _missing(links, reading.used)
    text = reading.texts[0]
    if reading.computed:
        found["answer zero or one"] = float(text in ("0", "1"))
        found["count of all"] = float(reading.operation == "count" and not reading.rows.conditions)
        return _also(links, found)
    said = tokens(text)
    if said and all(word in question.words for word in said):
        found["echo, or" if "or" in question.triggers else "echo"] = 1.0
    digits = any(c.isdigit() for c in text)
    found[f"digits / {form}" if digits else f"no digits / {form}"] = 1.0
    found["long"] = float(len(text) > 60)
    return _also(links, found)
