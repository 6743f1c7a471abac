"""Plans filled from documents: structure first, a reader for the rest, each value with its quote."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any, cast

import jsonschema
import pytest

from browseagent.answer.question import Question
from browseagent.answer.quotes import make_quote
from browseagent.answer.typed.convert import Locale, json_value
from browseagent.answer.typed.facts import facts_of
from browseagent.answer.typed.fill import STRUCTURE, fill, questions
from browseagent.answer.typed.records import Form, Leaf, Typed, ValueKind, answer_of
from browseagent.answer.typed.schema import wanted_of
from browseagent.read import read_page
from browseagent.records import Alternative, Answer, Answered, Document, NotFound
from browseagent.web.replay import load
from tests.answer.typed.pages import ORIGIN, SITES, cards, document, page, silent, tables, unasked

TODAY = date(2025, 11, 20)
RECORDED = Path(__file__).resolve().parents[3] / "fixtures" / "pages"
TEXT, NUMBER, INTEGER, YES = ({"type": name} for name in ("string", "number", "integer", "boolean"))
DAY = {"type": "string", "format": "date"}


def list_of(**properties: object) -> dict[str, Any]:
    return {"type": "array", "items": object_of(**properties)}


def object_of(**properties: object) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def filled(schema: dict[str, Any] | str, read: Document, question: str = "", ask: Any = unasked) -> Typed:
    """A plan filled; what is not missing fits the schema, and each quote stands where it says."""
    typed = fill(wanted_of(schema, question), [read], ask, today=TODAY)
    if not typed.missing and not isinstance(schema, str):
        jsonschema.validate(typed.value, schema, jsonschema.Draft202012Validator)
    for leaf in typed.leaves:
        assert (leaf.status == "found") == (leaf.value is not None)
        assert leaf.quote is not None or leaf.status != "found"
        if leaf.quote is not None:
            assert read.text[leaf.quote.start : leaf.quote.end] == leaf.quote.text
    return typed


def rows(typed: Typed) -> list[dict[str, Any]]:
    return cast("list[dict[str, Any]]", typed.value)


def answering(read: Document, words: str, said: str) -> Any:
    """A reader that points at some words for every question."""

    def ask(question: Question) -> Answer:
        at = read.text.index(words)
        quote = make_quote(read, at, at + len(words))
        return Answered(question=question.words, answer=said, support=(quote,), confidence=0.7)

    return ask


# --- lists of objects


@pytest.mark.parametrize("path", ["shop/index.html", "shop/camping.html", "shop/camping-2.html"])
def test_every_product_of_a_listing(path: str) -> None:
    """Names, prices, currencies, ratings and links of all cards, by names that are not those of the page."""
    schema = list_of(
        product_name=TEXT,
        cost=NUMBER,
        currency={"enum": ["GBP", "EUR"]},
        stars=NUMBER,
        url={**TEXT, "format": "uri"},
    )
    schema["items"]["required"] = list(schema["items"]["properties"])
    typed = filled(schema, document(path))
    wanted = [
        {
            "product_name": name,
            "cost": float(price.removeprefix("£")),
            "currency": "GBP",
            "stars": float(stars.removeprefix("★ ")),
            "url": ORIGIN + url.removeprefix("/"),
        }
        for name, url, stars, price in cards(path)
    ]
    assert rows(typed) == wanted
    quoted = [leaf.quote.text for leaf in typed.leaves if leaf.quote and leaf.path.endswith(".cost")]
    assert quoted == [price for *_, price in cards(path)]
    assert not typed.missing and typed.confidence == STRUCTURE


def test_every_service_of_a_table() -> None:
    """Columns by their headers; a word is no number, and null where that is allowed."""
    schema = list_of(service=TEXT, time=TEXT, price=NUMBER, freeFrom={"type": ["number", "null"]})
    typed = filled(schema, document("shop/delivery.html"))
    cells = tables("shop/delivery.html")[0][1:]
    assert [(row["service"], row["time"]) for row in rows(typed)] == [(row[0], row[1]) for row in cells]
    assert [row["price"] for row in rows(typed)] == [3.95, 6.95, 7.5, 8.95, 0]
    assert [row["freeFrom"] for row in rows(typed)] == [60, 150, 150, None, None]
    invalid = [leaf for leaf in typed.leaves if leaf.status == "invalid"]
    assert [leaf.quote.text for leaf in invalid if leaf.quote] == ["never", "always"]


def test_every_thread_of_a_forum() -> None:
    """Whole numbers, dates, and a column that its description names."""
    started = {**TEXT, "description": "who it was started by"}
    typed = filled(
        list_of(thread=TEXT, who=started, replies=INTEGER, views=INTEGER, last_post=DAY),
        document("forum/index.html"),
    )
    assert [tuple(row.values()) for row in rows(typed)] == [
        ("Descaling a copper kettle without ruining it", "hobnail", 7, 2190, "2025-03-12"),
        ("Grinding noise from a 3-speed hub", "Velma", 3, 846, "2025-06-21"),
        ("1950s valve radio hums at switch-on", "Aurelio", 2, 1502, "2025-01-11"),
    ]


def test_tables_of_the_same_columns_are_one_list() -> None:
    """A timetable of three days is one list, the heading of each day in its rows."""
    typed = filled(list_of(day=TEXT, time=TEXT, chapel=TEXT), document("events/index.html"))
    every = [row for table in tables("events/index.html") for row in table[1:]]
    assert [row["time"] for row in rows(typed)] == [row[0] for row in every]
    assert [row.get("chapel") for row in rows(typed)] == [row[3] or None for row in every]
    days = ["Friday 12 June"] * 4 + ["Saturday 13 June"] * 5 + ["Sunday 14 June"] * 3
    assert [row["day"] for row in rows(typed)] == days


def test_the_question_chooses_among_tables() -> None:
    """Of several tables with the columns, those under what is asked for."""
    schema = list_of(application=TEXT, fee=NUMBER)
    assert len(rows(filled(schema, document("council/fees.html")))) == 12
    some = rows(filled(schema, document("council/fees.html"), "householders"))
    assert [row["fee"] for row in some] == [258, 509, 258, 129, 120]


def test_headlines_with_what_some_of_them_lack() -> None:
    """What is optional and not there is left out; what is required is null, and named."""
    schema = list_of(headline=TEXT, published=DAY)
    typed = filled(schema, document("news/council.html"))
    assert [row.get("published") for row in rows(typed)] == ["2025-10-02", None, None, None]
    assert "published" not in rows(typed)[1]
    schema["items"]["required"] = ["headline", "published"]
    typed = filled(schema, document("news/council.html"))
    assert rows(typed)[1] == {
        "headline": "Tram line to reach Saltmarsh by 2028, inspector told",
        "published": None,
    }
    assert typed.missing == ("[1].published", "[2].published", "[3].published")
    assert answer_of("", typed).status == "not_found"


def test_numbers_within_lines() -> None:
    """A number counts where the leaf's own name stands beside it."""
    read = read_page(load(RECORDED / "app-list"))
    typed = filled(list_of(tour=TEXT, days=INTEGER, km=INTEGER, price=NUMBER), read, "tours")
    assert [tuple(row.values()) for row in rows(typed)] == [
        ("Coast of the Lamps", 6, 74, 690),
        ("Three Monasteries", 4, 46, 480),
        ("High Moor in Snow", 3, 31, 395),
    ]


def test_a_list_that_is_not_there() -> None:
    """No table fits: the list is empty, and missing where it is required."""
    typed = filled(list_of(actor=TEXT, role=TEXT), document("shop/delivery.html"))
    assert typed.value == [] and typed.missing == ("",)


# --- one thing


@pytest.mark.parametrize("slug", ["boots", "lantern", "rucksack", "sleeping-bag", "stove", "tent"])
def test_every_product_page(slug: str) -> None:
    """What scripts fill in and what the page says of itself, as the shop's data has it, without a model."""
    read = read_page(load(RECORDED / f"shop-{slug}"))
    data = json.loads((SITES / "shop" / "api" / f"{slug}.json").read_text())
    schema = object_of(
        name=TEXT,
        sku=TEXT,
        price=NUMBER,
        currency=TEXT,
        inStock=YES,
        stock=INTEGER,
        rating=NUMBER,
        reviewCount=INTEGER,
    )
    typed = filled(schema, read)
    value = cast("dict[str, Any]", typed.value)
    assert value["name"] == data["name"] and value["sku"] == data["sku"]
    assert value["price"] == data["price"] and value["currency"] == data["currency"]
    assert value["stock"] == data["stock"] and value["inStock"] == (data["stock"] > 0)
    stars = json.loads(read_stated(slug))["aggregateRating"]
    assert (value["rating"], value["reviewCount"]) == (stars["ratingValue"], stars["reviewCount"])
    former = filled(object_of(formerPrice={"type": ["number", "null"]}), read, ask=silent)
    assert former.value == {"formerPrice": data["was"]}


def read_stated(slug: str) -> str:
    """The JSON-LD of a product's page."""
    text = (SITES / "shop" / f"{slug}.html").read_text("utf-8")
    return text.partition('<script type="application/ld+json">')[2].partition("</script>")[0]


def test_attributes_terms_and_page_data() -> None:
    """Rows of a table of attributes, bold words before others, what the page states without showing it."""
    tent = filled(object_of(weight=TEXT, sleeps=INTEGER, innerHeight=NUMBER), document("shop/tent.html"))
    assert tent.value == {"weight": "2.15 kg packed, 1.88 kg minimum", "sleeps": 2, "innerHeight": 104}
    course = filled(object_of(campus=TEXT, places=INTEGER), document("university/admissions.html"))
    assert course.value == {"campus": "Saltmarsh", "places": 36}
    hake = filled(
        object_of(author=TEXT, date=DAY, servings=INTEGER, total_time=TEXT), document("recipes/hake.html")
    )
    assert hake.value == {
        "author": "Olu Bankole",
        "date": "2025-02-06",
        "servings": 4,
        "total_time": "50 minutes",
    }


def test_definition_lists() -> None:
    """A term and what explains it."""
    body = "<dl><dt>Guide</dt><dd>Tom Inch</dd><dt>Days</dt><dd>4</dd></dl><p>Three monasteries are seen.</p>"
    read = page(f"<h1>Three Monasteries</h1><p>Quiet lanes between three monasteries.</p>{body}")
    assert filled(object_of(guide=TEXT, days=INTEGER), read).value == {"guide": "Tom Inch", "days": 4}


def test_each_line_of_a_paragraph_has_its_own_label() -> None:
    """A value ends where the next line has a label; a line without one belongs to the label above it."""
    read = page(
        "<h1>Data engineer</h1><p><b>Location:</b> Oban (hybrid)<br><b>Salary:</b> £41,500<br>Hours: 35"
        " a week<br>Address: 8 Ghyll Lane<br>Keswick<br>Reference: SI-118</p><p>A job.</p>"
    )
    schema = object_of(location=TEXT, salary=NUMBER, hours=INTEGER, address=TEXT, reference=TEXT)
    assert filled(schema, read).value == {
        "location": "Oban (hybrid)",
        "salary": 41500,
        "hours": 35,
        "address": "8 Ghyll Lane Keswick",
        "reference": "SI-118",
    }


def test_a_list_of_which_nothing_is_found_is_told() -> None:
    """It is empty, and its leaf says that the page has none."""
    read = page("<h1>Stove</h1><p>A stout stove for families.</p><dl><dt>Weight</dt><dd>3.9 kg</dd></dl>")
    schema = object_of(weight=NUMBER, colours={"type": "array", "items": TEXT})
    typed = filled(schema, read, ask=silent)
    assert typed.value == {"weight": 3.9, "colours": []}
    assert [(leaf.path, leaf.status) for leaf in typed.leaves] == [
        ("weight", "found"),
        ("colours", "not_found"),
    ]


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("<p>Change since yesterday: –6 °C</p>", -6),
        ("<p>Change since yesterday: -6</p>", -6),
        ("<p><b>Change since yesterday</b> −6 °C</p>", -6),
        ("<p><b>Change since yesterday</b> – 6 °C</p>", 6),
        ("<dl><dt>Change since yesterday</dt><dd>–6 °C</dd></dl>", -6),
    ],
)
def test_the_sign_of_what_a_line_labels(line: str, value: int) -> None:
    """A dash that touches a number is its minus, one with space around it stands between label and value."""
    read = page(f"<h1>Weather</h1><p>Measured on the roof of the pilot station every ten minutes.</p>{line}")
    assert filled("number", read, "What is the change since yesterday?").value == value


@pytest.mark.parametrize(
    ("lines", "question", "day"),
    [
        ("<p>開催日：6月3日</p><p>時間：10時から16時まで</p>", "開催日はいつですか？", "2025-06-03"),
        ("<table><tr><th>開催日</th><td>6月3日（水）</td></tr><tr><th>申込締切</th><td>5月20日</td></tr></table>",
         "申込締切はいつですか？", "2026-05-20"),
        ("<p>開催日：6月3日から5日まで</p>", "開催日はいつですか？", None),
    ],
)  # fmt: skip
def test_a_fact_that_is_asked_for_in_japanese(lines: str, question: str, day: str | None) -> None:
    """By the name that the question has of it; a day without a year is the nearest one."""
    lead = "<h1>夏のマルシェ</h1><p>港の広場で開かれる小さな市場です。地元の野菜と焼き菓子が並びます。</p>"
    assert filled("date", page(lead + lines, language="ja"), question, ask=silent).value == day


def test_nested_objects() -> None:
    """The names above a leaf say what it is of."""
    schema = object_of(name=TEXT, price=object_of(amount=NUMBER, currency=TEXT))
    read = read_page(load(RECORDED / "shop-lantern"))
    assert filled(schema, read).value == {
        "name": "Fathom 400 Camping Lantern", "price": {"amount": 44.5, "currency": "GBP"}
    }  # fmt: skip


def test_lists_of_words() -> None:
    """Items under a heading, the parts of a fact, a column of a table."""
    hake = rows(
        filled(object_of(ingredients={"type": "array", "items": TEXT}), document("recipes/hake.html"))
    )
    assert len(cast("Any", hake)["ingredients"]) == 7
    assert filled("list", document("shop/tent.html"), "Which colours?").value == ["Fern", "Sky"]
    stages = filled("list", document("hospital/hours.html"), "departments")
    assert cast("list[str]", stages.value)[:2] == ["Emergency", "Minor injuries"]


def test_lists_within_rows() -> None:
    """A list in a row is of that row's own cell."""
    body = (
        "<table><tr><th>Tent</th><th>Colours</th></tr><tr><td>Corrie</td><td>Fern, Sky</td></tr>"
        "<tr><td>Brae</td><td>Moss</td></tr><tr><td>Lull</td><td></td></tr></table>"
    )
    tags = {"type": "array", "items": TEXT}
    schema = list_of(tent=TEXT, colours=tags)
    typed = filled(schema, page(f"<h1>Tents</h1><p>Three tents that we sell.</p>{body}"))
    assert [row["colours"] for row in rows(typed)] == [["Fern", "Sky"], ["Moss"], []]
    paths = [leaf.path for leaf in typed.leaves if "colours" in leaf.path]
    assert paths == ["[0].colours[0]", "[0].colours[1]", "[1].colours[0]"]
    schema["items"]["required"] = ["tent", "colours"]
    assert filled(schema, page(f"<h1>Tents</h1><p>Three tents that we sell.</p>{body}")).missing == (
        "[2].colours",
    )


def test_an_object_that_is_not_there() -> None:
    """What an optional object requires is not missing where there is no such object, or it may be null."""
    read = document("shop/tent.html")
    offer = {**object_of(voucher=TEXT), "required": ["voucher"]}
    typed = filled(object_of(name=TEXT, offer=offer), read, ask=silent)
    assert typed.value == {"name": "Corrie 2 Tent"} and not typed.missing
    schema = {**object_of(name=TEXT, offer={**offer, "type": ["object", "null"]}), "required": ["offer"]}
    assert filled(schema, read, ask=silent).value == {"name": "Corrie 2 Tent", "offer": None}
    schema["properties"]["offer"] = offer
    typed = filled(schema, read, ask=silent)
    assert typed.value == {"name": "Corrie 2 Tent", "offer": {"voucher": None}}
    assert typed.missing == ("offer.voucher",)


# --- the reader


def test_a_reader_is_asked_for_the_rest_only() -> None:
    """What structure gives is not asked for; what it does not is, by the leaf's own question."""
    schema = object_of(weight=TEXT, guarantee=INTEGER)
    read = document("shop/tent.html")
    wanted = wanted_of(schema)
    assert [each.words for each in questions(wanted, [read], today=TODAY)] == ["What is the guarantee?"]
    words = "We rate the tent for winds of up to 60 km/h when all twelve pegs are used"
    typed = filled(schema, read, ask=answering(read, words, "60 km/h"))
    assert typed.value == {"weight": "2.15 kg packed, 1.88 kg minimum", "guarantee": 60}
    assert typed.confidence == 0.7


@pytest.mark.parametrize(
    ("kind", "said", "value"),
    [
        ("number", "60 km/h", 60),
        ("text", "60 km/h", "60 km/h"),
        ("date", "60 km/h", None),
        ("money", "60 km/h", None),
        ("choice:snow,winds", "winds", "winds"),
    ],
)
def test_types_of_answers(kind: str, said: str, value: object) -> None:
    """An answer is read as the type; words that are no value of it are told as such, with their quote."""
    read = document("shop/tent.html")
    words = "We rate the tent for winds of up to 60 km/h when all twelve pegs are used"
    typed = filled(kind, read, "For which strength?", answering(read, words, said))
    (leaf,) = typed.leaves
    assert typed.value == value and leaf.quote is not None and leaf.quote.text == words
    assert leaf.status == ("invalid" if value is None else "found")
    assert typed.missing == (("",) if value is None else ())


@pytest.mark.parametrize(("kind", "shown"), [("number", "60 km/h"), ("money", "")])
def test_a_guess_is_shown_where_it_has_the_type(kind: str, shown: str) -> None:
    """Where one value is asked for and the reader's is not believed, what is said is what it guesses, how
    sure it is and what comes close; a guess of another type is none."""
    read = document("shop/tent.html")
    said = answering(read, "winds of up to 60 km/h", "60 km/h")

    def guess(question: Question) -> Answer:
        quote = said(question).quotes[0]
        perhaps = Alternative("60 km/h", quote)
        return NotFound(question=question.words, confidence=0.45, closest=(quote,), perhaps=perhaps)

    answer = answer_of("For which strength?", filled(kind, read, "For which strength?", guess))
    assert isinstance(answer, NotFound) and answer.confidence == 0.45 and answer.closest
    assert (answer.perhaps.text if answer.perhaps else "") == shown


@pytest.mark.parametrize(
    ("language", "day"),
    [("ru", "3 июня 2024"), ("de", "3. Juni 2024"), ("ja", "2024年6月3日"), ("fr", "1er juin 2024")],
)
def test_the_numbers_of_a_day_are_no_number_in_any_language(language: str, day: str) -> None:
    """Beside a day in the page's language one number is left, which is the value; the byline of a page in
    that language gives its date."""
    words = f"{day} · 96"
    leaf = Leaf(("total",), Form.INTEGER, ValueKind.NUMBER, question=Question.of("How many are there?"))
    assert json_value(leaf, words, Locale(language, TODAY)) == 96
    read = page(f"<h1>Omega</h1><p>By Ada Alpha · {day}</p><p>Beta gamma delta.</p>", language=language)
    facts = facts_of(read)
    spot = dict(zip(facts.columns, facts.rows[0], strict=True))["date"]
    assert spot is not None and facts.words(spot) == day


@pytest.mark.parametrize(
    ("language", "day"),
    [("ru", "3 июня 2024"), ("de", "3. Juni 2024"), ("ja", "2024年6月3日"), ("fr", "1er juin 2024")],
)
def test_a_heading_that_is_a_day_dates_the_rows_below_it(language: str, day: str) -> None:
    """A column of dates for a leaf in words, where the rows stand under a day in the page's language."""
    head = "<tr><th>Event</th><th>Place</th></tr>"
    body = "<tr><td>Alpha</td><td>Small hall</td></tr><tr><td>Beta</td><td>Large hall</td></tr>"
    read = page(f"<h1>Omega</h1><h2>{day}</h2><table>{head}{body}</table>", language=language)
    typed = filled(list_of(event=TEXT, place=TEXT, date=TEXT), read)
    assert [row["date"] for row in rows(typed)] == [day, day]


def test_bounds_and_whole_numbers() -> None:
    """A number that the schema forbids is none."""
    read = document("shop/tent.html")
    for leaf, value in (
        ({**INTEGER, "minimum": 2}, 2),
        ({**INTEGER, "minimum": 3}, None),
        ({**NUMBER, "exclusiveMaximum": 2}, None),
    ):
        assert (
            cast("dict[str, Any]", filled(object_of(sleeps=leaf), read, ask=silent).value).get("sleeps")
            == value
        )


def test_a_price_of_something_else_is_not_taken() -> None:
    """What is asked of another thing than the page's own is left to the reader, who need not know."""
    read = read_page(load(RECORDED / "shop-lantern"))
    for question in ("What is the price of the wall plug?", "What is the former price of the head torch?"):
        assert [each.words for each in questions(wanted_of("money", question), [read], today=TODAY)] == [
            question
        ]
    assert questions(wanted_of("money", "What is the price?"), [read], today=TODAY) == []


TENTS = (
    "<h1>Tents</h1><div class=grid>"
    "<div class=card><h3><a href=/t/1>Lark 1</a></h3><p class=price>£129.00</p><p>1 person · 1.2 kg</p></div>"
    "<div class=card><h3><a href=/t/2>Heron 2</a></h3><p class=price>£199.00</p><p>2 persons · 1.9 "
    "kg</p></div>"
    "<div class=card><h3><a href=/t/3>Crane 4</a></h3><p class=price>£1,049.50</p><p>4 persons · 5 "
    "kg</p></div></div>"
)
DELIVERY = (
    "<h2>Delivery</h2><table><thead><tr><th>Service</th><th>Days</th><th>Price</th></tr></thead><tbody>"
    "<tr><td>Standard</td><td>3-5</td><td>£4.50</td></tr><tr><td>Express</td><td>1</td><td>£9.00</td></tr>"
    "</table>"
)
CHARGES = object_of(delivery=list_of(service=TEXT, price=NUMBER))


def test_a_small_table_below_a_shelf_is_what_its_heading_says() -> None:
    """The prices of the delivery, not those of the tents above it."""
    read = page(TENTS + DELIVERY)
    assert filled(CHARGES, read).value == {
        "delivery": [{"service": "Standard", "price": 4.5}, {"service": "Express", "price": 9.0}]
    }


def test_prices_of_something_else_are_not_taken_for_want_of_better() -> None:
    """Where no delivery stands on the page, a shelf with prices is no list of deliveries."""
    typed = filled({**CHARGES, "required": ["delivery"]}, page(TENTS))
    assert typed.value == {"delivery": []}
    assert typed.missing == ("delivery",)
