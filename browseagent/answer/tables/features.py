"""What speaks for and against a reading: named numbers, weighed by :mod:`choose`.

After the features of Pasupat & Liang (2015, "Compositional Semantic Parsing on Semi-Structured Tables"):
what is asked against what the answer is, what the question says against what the reading uses, and the
words that ask for an operation against the operation.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable

from browseagent.answer.tables.cells import tokens
from browseagent.answer.tables.frame import Kind
from browseagent.answer.tables.links import FORM_KINDS, Links, RowSet
from browseagent.answer.tables.operations import Reading

Features = dict[str, float]

_COUNTING = frozenset(("count", "distinct", "difference of counts"))
_COMPUTING = frozenset(("sum", "average", "difference", "difference of columns", "decide"))
_ORDERED = frozenset(("extreme", "end", "mode"))
_TRIGGER = {
    "difference": "difference", "difference of columns": "difference", "difference of counts": "difference",
    "next": "next", "previous": "previous", "sum": "sum", "total": "sum", "average": "average",
    "compare": "or", "distinct": "different",
}  # fmt: skip
"""The trigger that asks for an operation."""
_ENOUGH = 40
"""Rows beyond which a table is long, whatever their number."""


class Featurer:
    """The features of readings of one question on one frame. Most are shared by many readings, so each
    part is worked out once."""

    def __init__(self, links: Links, best_match: float, place: float) -> None:
        """``best_match`` is the match of the page's best frame, ``place`` how far down the page this one
        stands, 0 to 1."""
        self._links = links
        self._table = _table(links, best_match, place)
        self._parts: dict[Hashable, Features] = {}

    def __call__(self, reading: Reading) -> Features:
        """The features of one reading."""
        links, operation, target, by = self._links, reading.operation, reading.target, reading.by
        found = dict(self._table)
        found.update(self._part(("operation", operation), lambda: _operation(links, operation)))
        found.update(self._part(("rows", id(reading.rows)), lambda: _rows(links, reading.rows)))
        if operation in _COUNTING:
            found.update(self._part(("count", operation, target), lambda: _count(links, reading)))
        elif operation not in _COMPUTING and target >= 0:
            inside = any(condition.column == target for condition in reading.rows.conditions)
            key = ("target", target, operation, by == target, inside)
            found.update(self._part(key, lambda: _target(links, reading, inside)))
        if by >= 0:
            order = ("order", by, reading.ordering, reading.greatest)
            found.update(self._part(order, lambda: _order(links, reading)))
        used = _used(links, reading)
        found.update(self._part(("said", used), lambda: _unsaid(links, used)))
        _answer(links, reading, found)
        return found

    def _part(self, key: Hashable, make: Callable[[], Features]) -> Features:
        part = self._parts.get(key)
        if part is None:
            part = self._parts[key] = make()
        return part


def _table(links: Links, best_match: float, place: float) -> Features:
    content = max(1, links.question.content.bit_count())
    frame, rows = links.frame, links.frame.body.bit_count()
    return {
        "table match": links.matched.bit_count() / content,
        "table context": (links.context & ~links.matched).bit_count() / content,
        "table behind best": best_match - links.match,
        "table named": max((m.focus for m in links.mentions), default=0.0),
        "table rows": math.log(min(rows, _ENOUGH)),
        "table small": float(rows < 5),
        "table columns": min(len(frame.columns), 8) / 8,
        "table headless": float(not frame.has_header),
        "table turned": float(bool(frame.lines)),
        "table place": place,
    }


def _operation(links: Links, operation: str) -> Features:
    question = links.question
    found = {f"op {operation}": 1.0, f"op {operation} / {question.form}": 1.0}
    for trigger in question.triggers:
        found[f"op {operation} + {trigger}"] = 1.0
    if not question.orderings:
        found[f"op {operation} - superlative"] = 1.0
    for _, ordering in question.orderings[:2]:
        found[f"op {operation} + {ordering}"] = 1.0
    if question.comparisons:
        found[f"op {operation} + comparison"] = 1.0
    asked: bool | None = None
    if operation in _TRIGGER:
        asked = _TRIGGER[operation] in question.triggers
    elif operation in _ORDERED:
        asked = bool(question.orderings)
    elif operation == "decide" or question.form == "yes or no":
        asked = operation == "decide" and question.form == "yes or no"
    if asked is not None:
        found["asked for" if asked else "not asked for"] = 1.0
    if (operation in _COUNTING or operation in ("sum", "average")) and question.form != "how many":
        found["count, not how many"] = 1.0
    return found


def _rows(links: Links, rows: RowSet) -> Features:
    count = len(rows.conditions)
    found = {f"conditions {min(count, 3)}": 1.0}
    for condition in rows.conditions:
        kind = condition.kind
        found[f"condition {kind}"] = found.get(f"condition {kind}", 0.0) + 1
        mention = links.mentions[condition.column]
        found["condition exact"] = found.get("condition exact", 0.0) + condition.exact / count
        if kind == "cell":
            if mention.words & ~condition.words:
                found["condition column named"] = max(found.get("condition column named", 0.0), mention.share)
            found["condition words"] = found.get("condition words", 0.0) + condition.words.bit_count() / 4
            if condition.column == links.frame.subject:
                found["condition on subject"] = 1.0
            if mention.focus:
                found["condition on focus"] = 1.0
        else:
            found[f"condition {kind} named"] = max(found.get(f"condition {kind} named", 0.0), mention.share)
            if not mention.words & ~condition.words:
                found[f"condition {kind} unnamed"] = 1.0
                if sum(column.is_ordered for column in links.frame.columns) == 1:
                    found[f"condition {kind} alone"] = 1.0
    if rows.negated:
        found["negated"] = 1.0
    elif count and "not" in links.question.triggers:
        found["not negated"] = 1.0
    if rows.rows.bit_count() == 1:
        found["one row"] = 1.0
    return found


def _target(links: Links, reading: Reading, in_condition: bool) -> Features:
    column, mention = links.frame.columns[reading.target], links.mentions[reading.target]
    form = links.question.form
    found = {
        f"answer {form} > {column.kind}": 1.0,
        "answer named": mention.share,
        "answer focus": mention.focus,
        "answer focus elsewhere": max(m.focus for m in links.mentions) - mention.focus,
        "answer named elsewhere": max(m.share for m in links.mentions) - mention.share,
    }
    wanted = FORM_KINDS.get(form)
    if wanted is not None:
        found["answer of the form asked for" if column.kind in wanted else "answer of another form"] = 1.0
    if reading.target == links.frame.subject:
        found[f"answer subject / {form}"] = 1.0
        if not any(m.focus for m in links.mentions):
            found["answer subject, nothing named"] = 1.0
    if in_condition:
        found["answer in condition"] = 1.0
        if reading.operation in ("select", "extreme", "end"):
            found[f"answer in condition / {reading.operation}"] = 1.0
    if reading.target == reading.by:
        found[f"answer is order / {form}"] = 1.0
    return found


def _count(links: Links, reading: Reading) -> Features:
    """Whether what is counted is a column of numbers ("how many seats") or the rows ("how many teams")."""
    numbers = names = 0.0
    for column, mention in zip(links.frame.columns, links.mentions, strict=True):
        if column.kind in (Kind.NUMBER, Kind.MONEY):
            numbers = max(numbers, mention.focus)
        elif column.kind is Kind.TEXT:
            names = max(names, mention.focus)
    found = {
        "count of numbers": numbers,
        "count of names": names,
        "count of subject": links.mentions[links.frame.subject].focus,
    }
    if reading.target >= 0:
        found["distinct focus"] = links.mentions[reading.target].focus
    return found


def _order(links: Links, reading: Reading) -> Features:
    mention = links.mentions[reading.by]
    family = "order" if reading.ordering else "operand"
    shares = [links.mentions[by].share for by in links.orders]
    found = {
        f"{family} named": mention.share,
        f"{family} focus": mention.focus,
        f"{family} named elsewhere": max(shares, default=0.0) - mention.share,
    }
    if reading.ordering:
        way = "greatest" if reading.greatest else "least"
        found[f"order {reading.ordering} {links.frame.columns[reading.by].kind} {way}"] = 1.0
    if not mention.words:
        found[f"{family} unnamed"] = 1.0
    if len(links.orders) == 1:
        found[f"{family} alone"] = 1.0
    if links.orders and links.orders[0] == reading.by:
        found[f"{family} likeliest"] = 1.0
    return found


def _used(links: Links, reading: Reading) -> int:
    """The words of the question that a reading makes use of."""
    used = reading.rows.words | reading.words
    for column in (reading.target, reading.by):
        if column >= 0:
            used |= links.mentions[column].words
    if reading.operation in _COUNTING:
        for index in links.question.focus:
            used |= 1 << index
    return used


def _unsaid(links: Links, used: int) -> Features:
    """What of the question a reading leaves out."""
    question = links.question
    content = max(1, question.content.bit_count())
    unsaid = question.content & ~used
    found = {
        "unsaid": (unsaid & ~links.context).bit_count() / content,
        "unsaid words": min(4, unsaid.bit_count()) / 4,
        "unsaid in table": (unsaid & links.matched).bit_count() / content,
    }
    left = {
        "superlative": any(not used >> index & 1 for index, _ in question.orderings),
        "comparison": any(comparison.words & ~used for comparison in question.comparisons),
        "number": any(q.words & ~used and not q.spelt for q in question.quantities),
        "ordinal": any(q.words & ~used and q.ordinal for q in question.quantities),
        "date": any(moment.words & ~used for moment in question.moments),
    }
    return found | {f"unsaid {name}": 1.0 for name, is_left in left.items() if is_left}


def _answer(links: Links, reading: Reading, found: Features) -> None:
    question, form, number = links.question, links.question.form, len(reading.texts)
    if number > 1:
        found["several"] = math.log(number)
        found[f"several / {form}"] = 1.0
        plural = any(question.words[i].endswith("s") for i in question.focus[:2])
        found["several, plural" if plural else "several, singular"] = 1.0
        if "only" in question.triggers:
            found["several, only"] = 1.0
        if any(quantity.number == number for quantity in question.quantities):
            found["several, as many as said"] = 1.0
    text = reading.texts[0]
    if reading.computed:
        if text in ("0", "1"):
            found["answer zero" if text == "0" else "answer one"] = 1.0
        if reading.operation == "count" and not reading.rows.conditions:
            found["count of all"] = 1.0
        return
    if (said := tokens(text)) and all(word in question.words for word in said):
        found["echo"] = 1.0
        if "or" in question.triggers:
            found["echo, or"] = 1.0
    digits = any(c.isdigit() for c in text)
    if form in ("how many", "how much", "when"):
        found[f"digits / {form}" if digits else f"no digits / {form}"] = 1.0
    if form in ("who", "where") and digits:
        found["digits in name"] = 1.0
    if len(text) > 60:
        found["long"] = 1.0
