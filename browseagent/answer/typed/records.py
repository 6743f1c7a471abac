"""The records of typed answers: what is asked for (a plan), and what the pages give (leaves). All frozen.

A plan is a tree: a :class:`Leaf` is one value, :class:`Fields` an object of named parts, :class:`Many` a
list of alike parts. :mod:`~browseagent.answer.typed.schema` makes it of a JSON Schema,
:mod:`~browseagent.answer.typed.fill` fills it from documents.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Literal, Protocol

from browseagent.answer.question import Question
from browseagent.records import Answer, Answered, NotFound, Quote

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


class ValueKind(StrEnum):
    """The type that an answer must have."""

    MONEY = "money"
    NUMBER = "number"
    DATE = "date"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Value:
    """A typed value. ``data`` is a Decimal for money and number, else a date, a bool or a str."""

    kind: ValueKind
    data: Decimal | date | bool | str
    unit: str = ""
    """Money: the ISO 4217 code where the page says or shows it, else empty."""

    def __str__(self) -> str:
        if isinstance(self.data, Decimal):
            return f"{self.data:f} {self.unit}".strip()
        if isinstance(self.data, bool):
            return "yes" if self.data else "no"
        return self.data if isinstance(self.data, str) else self.data.isoformat()


class Asked(Protocol):
    """A question and the type that its answer must have."""

    @property
    def text(self) -> str: ...
    @property
    def kind(self) -> ValueKind: ...
    @property
    def choices(self) -> tuple[str, ...]: ...


class Form(StrEnum):
    """How a value is written in JSON."""

    STRING = "string"
    NUMBER = "number"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    MONEY = "money"
    """An object of ``amount`` and ``currency``; by ``--type money`` alone."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value that is asked for."""

    path: tuple[str, ...]
    """The names above it and its own; ``[]`` stands for the place in a list."""
    form: Form = Form.STRING
    kind: ValueKind = ValueKind.TEXT
    choices: tuple[str, ...] = ()
    """The words that may be answered; empty where any may."""
    described: str = ""
    """What the person wrote of it, or empty."""
    question: Question = field(kw_only=True)
    """What a reader is asked."""
    nullable: bool = False
    bounds: tuple[tuple[str, float], ...] = ()
    """``minimum``, ``maximum``, ``exclusiveMinimum``, ``exclusiveMaximum``, as far as they were given."""
    is_link: bool = False
    """Whether an address is asked for, not words."""

    @property
    def name(self) -> str:
        """Its own name; empty where it has none."""
        return next((part for part in reversed(self.path) if part != "[]"), "")

    @property
    def text(self) -> str:
        """What a reader is asked: with :attr:`kind` and :attr:`choices` the leaf is :class:`Asked`."""
        return self.question.words


@dataclass(frozen=True, slots=True)
class Fields:
    """An object."""

    path: tuple[str, ...]
    members: tuple[tuple[str, Plan], ...]
    required: frozenset[str] = frozenset()
    described: str = ""
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Many:
    """A list."""

    path: tuple[str, ...]
    item: Plan
    described: str = ""
    question: Question = field(kw_only=True)
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """Every table and listing of the pages, as it stands there."""


Plan = Leaf | Fields | Many
Wanted = Leaf | Fields | Many | Rows
"""What can be asked for."""


@dataclass(frozen=True, slots=True)
class LeafAnswer:
    """What became of one leaf."""

    path: str
    """Where its value stands in the whole: ``products[0].price``; empty for the whole."""
    status: Literal["found", "not_found", "invalid"]
    """``invalid``: words were found, and they are no value of the type that was asked for."""
    value: Json = None
    quote: Quote | None = None
    """The words that hold the value; where it is invalid, the words that were found instead."""
    typed: Value | None = None
    """The value before it was written as JSON; set where it is found."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A typed answer: the whole value, and each of its leaves with its quote."""

    value: Json
    leaves: tuple[LeafAnswer, ...]
    missing: tuple[str, ...] = ()
    """Paths of what is required and not on the pages."""
    confidence: float = 1.0
    """Of the least sure leaf; 1 for the rows as they stand."""
    unbelieved: NotFound | None = None
    """Where one value alone was asked for and none is believed: what a reader said of it."""


@dataclass(frozen=True, slots=True)
class Extracted:
    """A typed answer with the pages that it is from. Where it failed, ``answer`` says why."""

    answer: Answer
    value: Json = None
    leaves: tuple[LeafAnswer, ...] = ()
    missing: tuple[str, ...] = ()


def step(path: str, name: str) -> str:
    """The path of a part by its name: ``offer.price``, ``offer["price incl. tax"]``."""
    if not re.fullmatch(r"[^\W\d]\w*", name):
        return f"{path}[{json.dumps(name, ensure_ascii=False)}]"
    return f"{path}.{name}" if path else name


def answer_of(question: str, typed: Typed) -> Answer:
    """A typed answer as an answer: answered where nothing that is required is missing."""
    quotes = tuple(
        dict.fromkeys(leaf.quote for leaf in typed.leaves if leaf.quote and leaf.status == "found")
    )
    if typed.missing or not quotes:
        near = tuple(dict.fromkeys(leaf.quote for leaf in typed.leaves if leaf.quote))[:3]
        if typed.unbelieved is not None:
            return replace(typed.unbelieved, question=question, closest=near or typed.unbelieved.closest)
        return NotFound(question=question, closest=near)
    return Answered(
        question=question, answer=spoken(typed.value), support=quotes, confidence=typed.confidence
    )


def _in_cents(amount: Json) -> str:
    """An amount of money as it is written: 2.3 as 2.30, 12.0 as 12, finer ones as they are."""
    if not isinstance(amount, float):
        return "" if amount is None else json.dumps(amount)
    if amount.is_integer():
        return f"{amount:.0f}"
    return f"{amount:.2f}" if round(amount, 2) == amount else str(amount)


def spoken(value: Json) -> str:
    """A value in words: yes or no, an amount with its currency, a list one line each, else as JSON."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    if isinstance(value, dict) and set(value) == {"amount", "currency"}:
        return f"{_in_cents(value['amount'])} {value['currency'] or ''}".strip()
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return "\n".join(map(str, value))
    return json.dumps(value, ensure_ascii=False)
