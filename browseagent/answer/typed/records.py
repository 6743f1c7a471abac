"""The records of typed answers: what is asked for (a plan), and what the pages give (leaves). All frozen.

A plan is a tree: a :class:`Leaf` is one value, :class:`Fields` an object of named parts, :class:`Many` a
list of alike parts. :mod:`~browseagent.answer.typed.schema` makes it of a JSON Schema,
:mod:`~browseagent.answer.typed.fill` fills it from documents.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Literal, Protocol

from browseagent.records import Quote

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
    question: str = ""
    """What a reader is asked."""
    nullable: bool = False
    bounds: Mapping[str, float] = field(default_factory=dict)
    """``minimum``, ``maximum``, ``exclusiveMinimum``, ``exclusiveMaximum``, as far as they were given."""

    @property
    def name(self) -> str:
        """Its own name; empty where it has none."""
        return next((part for part in reversed(self.path) if part != "[]"), "")

    @property
    def text(self) -> str:
        """What a reader is asked: with :attr:`kind` and :attr:`choices` the leaf is :class:`Asked`."""
        return self.question


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
    question: str = ""
    nullable: bool = False


Plan = Leaf | Fields | Many


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


@dataclass(frozen=True, slots=True)
class Typed:
    """A typed answer: the whole value, and each of its leaves with its quote."""

    value: Json
    leaves: tuple[LeafAnswer, ...]
    missing: tuple[str, ...] = ()
    """Paths of what is required and not on the pages."""
    confidence: float = 1.0
    """Of the least sure leaf that a reader gave; 1 where the documents' structure gave all."""
