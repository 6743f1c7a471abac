"""Conditions over standing answers: what they mean, and what is refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from browseagent.watch.predicate import PredicateError, evaluate, parse
from browseagent.watch.records import AnswerStatus, Question, StandingAnswer, Value, ValueKind


def number(amount: str) -> Value:
    return Value(ValueKind.NUMBER, Decimal(amount))


def money(amount: str, unit: str = "GBP") -> Value:
    return Value(ValueKind.MONEY, Decimal(amount), unit)


def answer(
    value: Value | None,
    previous: Value | None = None,
    name: str = "value",
    status: AnswerStatus | None = None,
) -> StandingAnswer:
    status = status or (AnswerStatus.UNKNOWN if value is None else AnswerStatus.FOUND)
    return StandingAnswer(Question("What?", name=name), status, value, previous)


ABSENT = answer(None, money("60"), status=AnswerStatus.ABSENT)
UNKNOWN = answer(None, money("60"))


@pytest.mark.parametrize(
    ("text", "given", "holds"),
    [
        ("price < 50", answer(money("49.99")), True),
        ("price < 50", answer(money("50")), False),
        ("price < 50 and previous >= 50", answer(money("45"), money("60")), True),
        ("price < 50 and previous >= 50", answer(money("45"), money("45")), False),
        ("price < 50 and previous >= 50", answer(money("45"), None), None),
        ("price <= previous * 0.9", answer(money("45"), money("50")), True),
        ("price <= previous - 10%", answer(money("45"), money("50")), True),
        ("price <= previous - 10%", answer(money("45.01"), money("50")), False),
        ("price >= previous + 10%", answer(money("54.99"), money("50")), False),
        ("price <= previous * 90%", answer(money("45"), money("50")), True),
        ("price < 90% * previous", answer(money("45"), money("50")), False),
        ("price / previous - 1 <= -10%", answer(money("45"), money("50")), True),
        ("price / previous - 1 <= -11%", answer(money("45"), money("50")), False),
        ("rate > 5%", answer(number("5.5")), True),
        ("rate > 5%", answer(number("0.5")), False),
        ("rate < -5%", answer(number("-4")), False),
        ("rate - 1 > 5", answer(number("6.5")), True),
        ("price < 50%", answer(money("45")), None),
        ("price ≤ 45 and price ≥ −5 and price ≠ 44", answer(money("45")), True),
        ("price < £50", answer(money("45")), True),
        ("price < €50", answer(money("45")), None),  # another currency: nobody can tell
        ("price < 50 EUR", answer(money("45", "EUR")), True),
        ("price < $50", answer(money("45", "MXN")), True),  # a dollar sign is of many countries
        ("price < $50", answer(money("45", "EUR")), None),
        ("price < R$50", answer(money("45", "BRL")), True),
        ("price < 50 kr", answer(money("45", "SEK")), True),
        ("price < HK$50", answer(money("45", "USD")), None),
        ("price < 50 EUR", answer(money("45", "")), True),
        ("price != previous", answer(money("45"), money("45.00")), False),
        ("price < 50 or price > 100", answer(money("101")), True),
        ("not (price < 50)", answer(money("101")), True),
        ("not not price < 50", answer(money("1")), True),
        ("-price < -10 + 2 * 3", answer(money("5")), True),
        ("price < 50", UNKNOWN, None),
        ("not price < 50", UNKNOWN, None),
        ("price < 50 or true", UNKNOWN, True),
        ("price < 50 and false", UNKNOWN, False),
        ("price < 50", ABSENT, False),
        ("price is absent", ABSENT, True),
        ("price is not found", ABSENT, True),
        ("price is absent", UNKNOWN, None),
        ("price is found", answer(money("1")), True),
        ("price / 0 < 1", answer(money("1")), None),
        ("closes < 2026-03-01", answer(Value(ValueKind.DATE, date(2026, 2, 28))), True),
        (
            "closes > previous",
            answer(Value(ValueKind.DATE, date(2026, 2, 28)), Value(ValueKind.DATE, date(2026, 1, 1))),
            True,
        ),
        ("closes < 50", answer(Value(ValueKind.DATE, date(2026, 2, 28))), None),
        ("status = 'Sold out'", answer(Value(ValueKind.TEXT, "sold  OUT")), True),
        ('status != "open"', answer(Value(ValueKind.CHOICE, "closed")), True),
        ("status < 'a'", answer(Value(ValueKind.TEXT, "x")), None),
        ("open", answer(Value(ValueKind.BOOLEAN, True)), True),
        ("open = false", answer(Value(ValueKind.BOOLEAN, True)), False),
        ("price", answer(money("1")), None),
    ],
)
def test_what_a_condition_means(text: str, given: StandingAnswer, holds: bool | None) -> None:
    """True, false, or unknown; unknown where a value is, false where the page does not say."""
    assert evaluate(parse(text, ["value"]), [given]) is holds


def test_several_questions_are_named() -> None:
    """Each question by its name, and its previous value by name.previous."""
    expression = parse("price < price.previous and stock = 'in stock'", ["price", "stock"])
    stock = answer(Value(ValueKind.TEXT, "In stock"), name="stock")
    assert evaluate(expression, [answer(money("45"), money("50"), name="price"), stock]) is True


@pytest.mark.parametrize(
    "text",
    [
        "",
        "price <",
        "price < 50 and",
        "(price < 50",
        "price < 50)",
        "price << 50",
        "closes < 01/03/2026",
        "previous - price >= 10%",
        "price is",
        "price ! 5",
        "__import__('os')",
        "price.real",
        "price; price",
        "price < 50 banana",
        "2026-02-31 < price",
        "lambda: 1",
        "price[0]",
        "(" * 60 + "1" + ")" * 60,
        "-" * 60 + "1",
    ],
)
def test_what_is_no_condition_is_refused_with_its_place(text: str) -> None:
    """Nothing but the grammar is taken; the error points at the place."""
    with pytest.raises(PredicateError) as caught:
        parse(text, ["value"])
    lines = caught.value.hint.splitlines()
    assert lines[1] == text
    assert lines[2].strip() == "^"


def test_unknown_names_are_refused() -> None:
    """A misspelt name is an error when the watch is made, not silence for ever."""
    with pytest.raises(PredicateError, match="no question named 'prize'"):
        parse("prize < 50", ["price", "stock"])
    with pytest.raises(PredicateError, match="no question named 'b'"):
        parse("a < 50 and b > 3", ["value"])
    for word in ("fifty", "NaN", "today"):
        with pytest.raises(PredicateError, match=f"no question named '{word}'"):
            parse(f"price < {word}", ["price"])
    with pytest.raises(PredicateError, match=r"NAME\.previous"):
        parse("previous < 50", ["price", "stock"])
    with pytest.raises(PredicateError, match="none is asked: --ask 'price=What"):
        parse("price < 50", [])


@given(st.text(alphabet="price<>=!andornot()0123456789.'\" -+*/%£previous", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text makes the parser fail otherwise, and whatever it reads can be evaluated."""
    try:
        expression = parse(text, ["value"])
    except PredicateError:
        return
    assert evaluate(expression, [answer(money("5"), money("6"))]) in (True, False, None)
