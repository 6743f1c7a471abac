"""Conditions such as ``price < 50 and previous >= 50``: our own small grammar, evaluated by our own code.

    condition  := conjunction ("or" conjunction)*
    conjunction:= negation ("and" negation)*
    negation   := "not" negation | comparison
    comparison := sum [("<" | "<=" | ">" | ">=" | "=" | "==" | "!=") sum]
                | sum "is" ["not"] ("found" | "absent")
    sum        := product (("+" | "-") product)*
    product    := atom (("*" | "/") atom)*
    atom       := NUMBER ["%"] | "£50" | DATE | "text" | "true" | "false" | "-" atom
                | NAME | "previous" | NAME ".previous" | "(" condition ")"

``previous - 10%`` is nine tenths of it and ``previous * 10%`` one tenth. A percentage is compared with the
number of a page as it stands there (``rate > 5%`` and "5.5 %"), and with a quotient as the fraction it is
(``price / previous < 90%``).

Three values: true, false, unknown (None). What is unknown or invalid makes a comparison unknown, what is
absent makes it false; ``and`` and ``or`` follow Kleene. Nothing here can call, import or loop.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from browseagent.answer.values.currencies import same_currency
from browseagent.watch.predicate_words import PERCENT, Token, tokens_of, wrong_at
from browseagent.watch.predicate_words import PredicateError as PredicateError
from browseagent.watch.records import AnswerStatus, StandingAnswer, Value, ValueKind

_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
    "=": operator.eq, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip
_ORDERED = {"<", "<=", ">", ">="}
_DEEPEST = 50


@dataclass(frozen=True, slots=True)
class Literal:
    value: Value


@dataclass(frozen=True, slots=True)
class Reference:
    """The value of a question, now or before."""

    name: str
    previous: bool


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator and its operands: and, or, not, a comparison, + - * /, ``is found``, ``is absent``."""

    operator: str
    operands: tuple[Expression, ...]


Expression = Literal | Reference | Operation


@dataclass(frozen=True, slots=True)
class _Absent:
    """The page does not say."""


_ABSENT = _Absent()
Known = Value | _Absent | bool | None


def parse(text: str, names: Sequence[str]) -> Expression:
    """The condition that a text states about the questions of these names. Raises PredicateError.

    With a single question any name stands for it, so that ``price < 50`` needs no other naming.
    """
    parser = _Parser(text, tokens_of(text), tuple(names))
    return parser.whole()


def evaluate(expression: Expression, answers: Sequence[StandingAnswer]) -> bool | None:
    """Whether a condition holds for these answers; None: that is unknown."""
    held = _value(expression, {answer.question.name: answer for answer in answers})
    if isinstance(held, Value):
        held = held.data if isinstance(held.data, bool) else None
    return held if isinstance(held, bool) else (False if isinstance(held, _Absent) else None)


class _Parser:
    """Recursive descent over the tokens; one method a rule of the grammar."""

    def __init__(self, text: str, tokens: list[Token], names: tuple[str, ...]) -> None:
        self._text, self._tokens, self._names = text, tokens, names
        self._next, self._depth = 0, 0
        self._alias: str | None = None

    def whole(self) -> Expression:
        expression = self._condition()
        if self._here.kind != "end":
            raise self._wrong("something else was expected here")
        return expression

    @property
    def _here(self) -> Token:
        return self._tokens[self._next]

    def _took(self, *kinds: str) -> Token | None:
        token = self._here
        if token.kind not in kinds:
            return None
        self._next += 1
        return token

    def _condition(self) -> Expression:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self._wrong("the condition is nested too deeply")
        left = self._conjunction()
        while self._took("or"):
            left = Operation("or", (left, self._conjunction()))
        self._depth -= 1
        return left

    def _conjunction(self) -> Expression:
        left = self._negation()
        while self._took("and"):
            left = Operation("and", (left, self._negation()))
        return left

    def _negation(self) -> Expression:
        count = 0
        while self._took("not"):
            count += 1
        inner = self._comparison()
        return Operation("not", (inner,)) if count % 2 else inner

    def _comparison(self) -> Expression:
        left = self._sum()
        if self._took("is"):
            negated = self._took("not") is not None
            what = self._took("found", "absent")
            if what is None:
                raise self._wrong("found or absent was expected after is")
            test = Operation(f"is {what.kind}", (left,))
            return Operation("not", (test,)) if negated else test
        sign = self._took(*_COMPARE)
        if sign is None:
            return left
        right = self._sum()
        for side, other in ((left, right), (right, left)):
            if _is_percent(side) and isinstance(other, Operation) and not _has_quotient(other):
                raise self._wrong("a percentage of what? Write previous * 10%, or a quotient", back=1)
        return Operation(sign.kind, (_beside(left, right), _beside(right, left)))

    def _sum(self) -> Expression:
        left = self._product()
        while sign := self._took("+", "-"):
            left = Operation(sign.kind, (left, self._product()))
        return left

    def _product(self) -> Expression:
        left = self._atom()
        while sign := self._took("*", "/"):
            left = Operation(sign.kind, (left, self._atom()))
        return left

    def _atom(self) -> Expression:
        if self._took("("):
            inner = self._condition()
            if not self._took(")"):
                raise self._wrong("a closing bracket is missing")
            return inner
        if self._took("-"):
            self._depth += 1
            if self._depth > _DEEPEST:
                raise self._wrong("the condition is nested too deeply")
            return Operation("-", (self._atom(),))
        if token := self._took("literal"):
            assert token.value is not None
            return Literal(token.value)
        if token := self._took("true", "false"):
            return Literal(Value(ValueKind.BOOLEAN, token.kind == "true"))
        if self._took("previous"):
            return Reference(self._only("previous"), previous=True)
        if token := self._took("name"):
            name = self._named(token)
            if self._took("."):
                if not self._took("previous"):
                    raise self._wrong("previous was expected after the point")
                return Reference(name, previous=True)
            return Reference(name, previous=False)
        raise self._wrong("a value was expected here")

    def _named(self, token: Token) -> str:
        if token.text in self._names:
            self._alias = self._alias or token.text
            return token.text
        if len(self._names) == 1 and self._alias in (None, token.text):
            self._alias = token.text
            return self._names[0]
        if not self._names:
            asked = f"none is asked: --ask '{token.text}=What …?' asks one of that name"
        else:
            asked = f"known: {', '.join(self._names)}"
        raise wrong_at(self._text, token.at, f"there is no question named {token.text!r}; {asked}")

    def _only(self, word: str) -> str:
        if len(self._names) == 1:
            return self._names[0]
        raise self._wrong(f"with several questions write NAME.{word}", back=1)

    def _wrong(self, why: str, *, back: int = 0) -> PredicateError:
        return wrong_at(self._text, self._tokens[self._next - back].at, why)


def _beside(side: Expression, other: Expression) -> Expression:
    """One side of a comparison: a percentage beside a quotient is a fraction."""
    if not _is_percent(side) or not _has_quotient(other):
        return side
    if isinstance(side, Operation):
        return Operation("-", (_beside(side.operands[0], other),))
    assert isinstance(side, Literal) and isinstance(side.value.data, Decimal)
    return Literal(Value(ValueKind.NUMBER, side.value.data / 100))


def _is_percent(side: Expression) -> bool:
    """Whether it is a percentage as it is written, be it a negative one."""
    if isinstance(side, Operation):
        return side.operator == "-" and len(side.operands) == 1 and _is_percent(side.operands[0])
    return isinstance(side, Literal) and side.value.unit == PERCENT


def _has_quotient(expression: Expression) -> bool:
    return isinstance(expression, Operation) and (
        expression.operator == "/" or any(map(_has_quotient, expression.operands))
    )


def _value(expression: Expression, answers: Mapping[str, StandingAnswer]) -> Known:
    if isinstance(expression, Literal):
        return expression.value
    if isinstance(expression, Reference):
        return _looked_up(expression, answers)
    held = [_value(operand, answers) for operand in expression.operands]
    match expression.operator:
        case "and":
            return _kleene(held, deciding=False)
        case "or":
            return _kleene(held, deciding=True)
        case "not":
            truth = _truth(held[0])
            return None if truth is None else not truth
        case "is found" | "is absent":
            if held[0] is None:
                return None
            return isinstance(held[0], _Absent) == (expression.operator == "is absent")
        case "-" if len(held) == 1:
            return _negative(held[0])
        case "+" | "-" | "*" | "/":
            return _calculated(expression.operator, held[0], held[1])
        case _:
            return _compared(expression.operator, held[0], held[1])


def _looked_up(reference: Reference, answers: Mapping[str, StandingAnswer]) -> Known:
    answer = answers.get(reference.name)
    if answer is None:
        return None
    if reference.previous:
        return answer.previous
    return _ABSENT if answer.status is AnswerStatus.ABSENT else answer.value


def _truth(held: Known) -> bool | None:
    if isinstance(held, bool):
        return held
    if isinstance(held, Value) and isinstance(held.data, bool):
        return held.data
    return False if isinstance(held, _Absent) else None


def _kleene(held: Sequence[Known], *, deciding: bool) -> bool | None:
    truths = [_truth(each) for each in held]
    if deciding in truths:
        return deciding
    return None if None in truths else not deciding


def _negative(held: Known) -> Known:
    if isinstance(held, Value) and isinstance(held.data, Decimal):
        return replace(held, data=-held.data)
    return held if isinstance(held, _Absent) else None


def _calculated(sign: str, left: Known, right: Known) -> Known:
    if isinstance(left, _Absent) or isinstance(right, _Absent):
        return _ABSENT
    if not (isinstance(left, Value) and isinstance(right, Value)):
        return None
    a, b = left.data, right.data
    if not (isinstance(a, Decimal) and isinstance(b, Decimal)):
        return None
    units = left.unit, right.unit
    if PERCENT in units and not (units == (PERCENT, PERCENT) and sign in "+-"):
        if sign in "+-" and units[0] == PERCENT:
            return None
        if sign in "+-":  # so much of what it is added to
            b = a * b / 100
        else:
            a, b = (n / 100 if unit == PERCENT else n for n, unit in zip((a, b), units, strict=True))
        plain = ["" if unit == PERCENT else unit for unit in units]
        units = (plain[0], plain[1] or plain[0])
    if not same_currency(*units):
        return None
    calculate = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}[sign]
    try:
        result = calculate(a, b)
    except (InvalidOperation, ZeroDivisionError):
        return None
    unit = units[0] or units[1]
    return Value(ValueKind.MONEY if unit not in ("", PERCENT) else ValueKind.NUMBER, result, unit)


def _compared(sign: str, left: Known, right: Known) -> bool | None:
    if left is None or right is None:
        return None
    if not (isinstance(left, Value) and isinstance(right, Value)):
        return False
    a, b = left.data, right.data
    if isinstance(a, str) and isinstance(b, str):
        return None if sign in _ORDERED else _COMPARE[sign](_folded(a), _folded(b))
    percent = PERCENT in (left.unit, right.unit) and {left.unit, right.unit} <= {PERCENT, ""}
    alike = percent or same_currency(left.unit, right.unit)
    comparable = isinstance(a, Decimal) and isinstance(b, Decimal) and alike
    comparable = comparable or (isinstance(a, date) and isinstance(b, date))
    if isinstance(a, bool) and isinstance(b, bool):
        return None if sign in _ORDERED else _COMPARE[sign](a, b)
    return _COMPARE[sign](a, b) if comparable else None


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
