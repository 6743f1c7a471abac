"""What speaks for and against a reading: named numbers, weighed by :mod:`choose`.

After the features of Pasupat & Liang (2015, "Compositional Semantic Parsing on Semi-Structured Tables"):
what is asked against what the answer is, what the question says against what the reading uses, and the
words that ask for an operation against the operation.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable

from browseagent.answer.tables import vocabulary
from browseagent.answer.tables.frame import FORM_KINDS, Frame
from browseagent.answer.tables.links import Links
from browseagent.answer.tables.reading import Candidate, Denotation, Reading, RowSet
from browseagent.answer.tables.table import Kind
from browseagent.answer.tables.values import tokens

Features = dict[str, float]

_COUNTING = frozenset(
    ("count", "distinct", "mode count", "same count", "run", "run of same", "difference of counts")
)
_DECIDING = frozenset(("decide", "exists"))
_COMPUTING = frozenset(("sum", "average", "difference", "difference of columns", "range", "span"))
_TRIGGER_OF = {
    **dict.fromkeys(("difference", "difference of columns", "difference of counts", "range"), "difference"),
    **dict.fromkeys(("next", "previous", "sum", "average", "run", "same", "span")),
    **dict.fromkeys(("compare", "compare count"), "or"),
    "total": "sum",
    "run of same": "run",
    "distinct": "different",
    "same count": "same",
}
"""The trigger that asks for an operation; None where both have one name."""
_ORDERED = frozenset(("extreme", "end", "ranked", "mode", "group", "mode count"))
_ENOUGH = 40
"""Rows beyond which a table is long, whatever their number."""


def match_of(links: Links) -> float:
    """How much of the question a table takes up, in words; those above it count half."""
    return links.matched.bit_count() + 0.5 * (links.context & ~links.matched).bit_count()


class Featurer:
    """The features of readings of one question on one table. Most are shared by many readings, so each
    part is worked out once."""

    def __init__(self, frame: Frame, best_match: float, place: float) -> None:
        """``best_match`` is the match of the page's best table, ``place`` how far down the page this one
        stands, 0 to 1."""
        self._frame = frame
        self._table = _table(frame, best_match, place)
        self._parts: dict[Hashable, Features] = {}

    def __call__(self, candidate: Candidate) -> Features:
        """The features of one reading."""
        frame, reading = self._frame, candidate.reading
        operation, target, by = reading.operation, reading.target, reading.by
        found = dict(self._table)
        found.update(self._part(("operation", operation), lambda: _operation(frame, operation)))
        found.update(self._part(("rows", id(reading.rows)), lambda: _rows(frame, reading.rows)))
        if operation in _COUNTING:
            found.update(self._part(("count", operation, target), lambda: _count(frame, reading)))
        elif operation not in _DECIDING and operation not in _COMPUTING and target >= 0:
            in_condition = any(condition.column == target for condition in reading.rows.conditions)
            key = ("target", target, operation, by == target, in_condition, reading.part)
            found.update(self._part(key, lambda: _target(frame, reading, in_condition)))
        if by >= 0:
            order = ("order", by, reading.ordering, reading.greatest)
            found.update(self._part(order, lambda: _order(frame, reading)))
        used = _used(frame, reading)
        found.update(self._part(("said", used), lambda: _unsaid(frame, used)))
        _answer(frame, reading, candidate.denotation, found)
        return found

    def _part(self, key: Hashable, make: Callable[[], Features]) -> Features:
        part = self._parts.get(key)
        if part is None:
            part = self._parts[key] = make()
        return part


def _table(frame: Frame, best_match: float, place: float) -> Features:
    content = max(1, frame.question.content.bit_count())
    links, table = frame.links, frame.table
    rows = table.body.bit_count()
    return {
        "table match": links.matched.bit_count() / content,
        "table context": (links.context & ~links.matched).bit_count() / content,
        "table behind best": best_match - match_of(links),
        "table named": max((m.focus for m in links.mentions), default=0.0),
        "table rows": math.log(min(rows, _ENOUGH)),
        "table small": float(rows < 5),
        "table columns": min(len(table.columns), 8) / 8,
        "table headless": float(not table.has_header),
        "table turned": float(bool(table.lines)),
        "table place": place,
    }


def _operation(frame: Frame, operation: str) -> Features:
    question = frame.question
    found = {f"op {operation}": 1.0, f"op {operation} / {question.form}": 1.0}
    for trigger in question.triggers:
        found[f"op {operation} + {trigger}"] = 1.0
    if not question.orderings:
        found[f"op {operation} - superlative"] = 1.0
    for _, ordering in question.orderings[:2]:
        found[f"op {operation} + {ordering}"] = 1.0
    if question.comparisons:
        found[f"op {operation} + comparison"] = 1.0
    if operation in _TRIGGER_OF:
        trigger = _TRIGGER_OF[operation] or operation
        found["asked for" if trigger in question.triggers else "not asked for"] = 1.0
    elif operation in _ORDERED:
        found["asked for" if question.orderings else "not asked for"] = 1.0
    elif operation in _DECIDING or question.form == "yes or no":
        both = operation in _DECIDING and question.form == "yes or no"
        found["asked for" if both else "not asked for"] = 1.0
    if (operation in _COUNTING or operation in ("sum", "average")) and question.form != "how many":
        found["count, not how many"] = 1.0
    return found


def _rows(frame: Frame, rows: RowSet) -> Features:
    count = len(rows.conditions)
    found = {f"conditions {min(count, 3)}": 1.0}
    for condition in rows.conditions:
        kind = condition.kind
        found[f"condition {kind}"] = found.get(f"condition {kind}", 0.0) + 1
        mention = frame.links.mentions[condition.column]
        found["condition exact"] = found.get("condition exact", 0.0) + condition.exact / count
        if kind == "cell":
            if mention.words & ~condition.words:
                found["condition column named"] = max(found.get("condition column named", 0.0), mention.share)
            found["condition words"] = found.get("condition words", 0.0) + condition.words.bit_count() / 4
            if condition.column == frame.table.key:
                found["condition on key"] = 1.0
            if mention.focus:
                found["condition on focus"] = 1.0
        else:
            found[f"condition {kind} named"] = max(found.get(f"condition {kind} named", 0.0), mention.share)
            if not mention.words & ~condition.words:
                found[f"condition {kind} unnamed"] = 1.0
                if sum(column.is_ordered for column in frame.table.columns) == 1:
                    found[f"condition {kind} alone"] = 1.0
    if rows.negated:
        found["negated"] = 1.0
        found["negated, other"] = float("other" in frame.question.triggers)
    elif count and "not" in frame.question.triggers:
        found["not negated"] = 1.0
    if rows.joined:
        found["joined"] = 1.0
        found["joined, or"] = float("or" in frame.question.triggers)
    if rows.rows.bit_count() == 1:
        found["one row"] = 1.0
    return found


def _target(frame: Frame, reading: Reading, in_condition: bool) -> Features:
    column = frame.table.columns[reading.target]
    mention = frame.links.mentions[reading.target]
    form = frame.question.form
    found = {
        f"answer {form} > {column.kind}": 1.0,
        "answer named": mention.share,
        "answer focus": mention.focus,
        "answer focus elsewhere": max(m.focus for m in frame.links.mentions) - mention.focus,
        "answer named elsewhere": max(m.share for m in frame.links.mentions) - mention.share,
    }
    wanted = FORM_KINDS.get(form)
    if wanted is not None:
        found["answer of the form asked for" if column.kind in wanted else "answer of another form"] = 1.0
    if reading.target == frame.table.key:
        found[f"answer key / {form}"] = 1.0
        if not any(m.focus for m in frame.links.mentions):
            found["answer key, nothing named"] = 1.0
    if in_condition:
        found["answer in condition"] = 1.0
        if reading.operation in ("select", "extreme", "end"):
            found[f"answer in condition / {reading.operation}"] = 1.0
    if form == "who" and vocabulary.PERSONS.intersection(column.stems):
        found["answer person"] = 1.0
    if form == "where" and vocabulary.PLACES.intersection(column.stems):
        found["answer place"] = 1.0
    if reading.target == reading.by:
        found[f"answer is order / {form}"] = 1.0
    if reading.part:
        found[f"answer part {reading.part}"] = 1.0
    return found


def _count(frame: Frame, reading: Reading) -> Features:
    """Whether what is counted is a column of numbers ("how many seats") or the rows ("how many teams")."""
    numbers = names = 0.0
    for column, mention in zip(frame.table.columns, frame.links.mentions, strict=True):
        if column.kind in (Kind.NUMBER, Kind.MONEY):
            numbers = max(numbers, mention.focus)
        elif column.kind is Kind.TEXT:
            names = max(names, mention.focus)
    found = {
        "count of numbers": numbers,
        "count of names": names,
        "count of key": frame.links.mentions[frame.table.key].focus,
    }
    if "times" in frame.question.words:
        found[f"count {reading.operation}, times"] = 1.0
    if reading.operation == "distinct" and reading.target >= 0:
        found["distinct focus"] = frame.links.mentions[reading.target].focus
        if frame.links.mentions[reading.target].focus == 0:
            found["distinct unnamed"] = 1.0
    return found


def _order(frame: Frame, reading: Reading) -> Features:
    column = frame.table.columns[reading.by]
    mention = frame.links.mentions[reading.by]
    found: Features = {}
    if reading.ordering:
        way = "greatest" if reading.greatest else "least"
        found[f"order {reading.ordering} {column.kind} {way}"] = 1.0
    family = "order" if reading.ordering else "operand"
    found[f"{family} named"] = mention.share
    found[f"{family} focus"] = mention.focus
    shares = [frame.links.mentions[by].share for by in frame.orders]
    found[f"{family} named elsewhere"] = max(shares, default=0.0) - mention.share
    if not mention.words:
        found[f"{family} unnamed"] = 1.0
    if len(frame.orders) == 1:
        found[f"{family} alone"] = 1.0
    if frame.orders and frame.orders[0] == reading.by:
        found[f"{family} likeliest"] = 1.0
    return found


def _used(frame: Frame, reading: Reading) -> int:
    """The words of the question that a reading makes use of."""
    used = reading.rows.words | reading.words
    for column in (reading.target, reading.by):
        if column >= 0:
            used |= frame.links.mentions[column].words
    if reading.operation in _COUNTING:
        for index in frame.question.focus:
            used |= 1 << index
    return used


def _unsaid(frame: Frame, used: int) -> Features:
    """What of the question a reading leaves out."""
    question = frame.question
    content = max(1, question.content.bit_count())
    unsaid = question.content & ~used
    found = {
        "unsaid": (unsaid & ~frame.links.context).bit_count() / content,
        "unsaid words": min(4, unsaid.bit_count()) / 4,
        "unsaid in table": (unsaid & frame.links.matched).bit_count() / content,
    }
    if any(not used >> index & 1 for index, _ in question.orderings):
        found["unsaid superlative"] = 1.0
    if any(comparison.words & ~used for comparison in question.comparisons):
        found["unsaid comparison"] = 1.0
    if any(q.words & ~used and not q.spelt for q in question.quantities):
        found["unsaid number"] = 1.0
    if any(q.words & ~used and q.ordinal for q in question.quantities):
        found["unsaid ordinal"] = 1.0
    if any(moment.words & ~used for moment in question.moments):
        found["unsaid date"] = 1.0
    return found


def _answer(frame: Frame, reading: Reading, denotation: Denotation, found: Features) -> None:
    question = frame.question
    number = len(denotation.texts)
    form = question.form
    if number > 1 and not reading.part:
        found["several"] = math.log(number)
        found[f"several / {form}"] = 1.0
        plural = any(question.words[i].endswith("s") for i in question.focus[:2])
        found["several, plural" if plural else "several, singular"] = 1.0
        if "only" in question.triggers:
            found["several, only"] = 1.0
        if any(quantity.number == number for quantity in question.quantities):
            found["several, as many as said"] = 1.0
        if "and" in question.triggers or "both" in question.words:
            found["several, and"] = 1.0
    text = denotation.texts[0]
    if denotation.computed:
        if text in ("0", "1"):
            found["answer zero" if text == "0" else "answer one"] = 1.0
        if reading.operation == "count" and not reading.rows.conditions:
            found["count of all"] = 1.0
        return
    said = tokens(text)
    if said and all(word in question.words for word in said):
        found["echo"] = 1.0
        if "or" in question.triggers:
            found["echo, or"] = 1.0
    digits = any(c.isdigit() for c in text)
    if form in ("how many", "how much"):
        found["number" if digits else "no number"] = 1.0
    if form == "when" and not digits:
        found["no date"] = 1.0
    if form in ("who", "where") and digits:
        found["digits in name"] = 1.0
    if len(text) > 60:
        found["long"] = 1.0
