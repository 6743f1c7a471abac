"""Records beside the main text: what repeats on a page becomes rows, each name with its values."""

from __future__ import annotations

import re

import pytest

from browseagent import extract
from browseagent.read.chunks import Chunk
from browseagent.read.coherence import coherent
from browseagent.records import BlockKind, Document

PAGE = """<html lang=en><head><title>Lanterns</title></head><body>
<nav><ul><li><div><a href=/a>Boats</a></div><div><a href=/b>Sails</a></div></li>
<li><div><a href=/c>Ropes</a></div><div><a href=/d>Knots</a></div></li>
<li><div><a href=/e>Maps</a></div><div><a href=/f>Charts</a></div></li></ul></nav>
<main><h1>Lanterns</h1><div class=grid>{items}</div></main></body></html>"""
ITEM = """<div class=card><h3><a href=/p/{n}>{name}</a></h3><p class=price>{price}</p>
<p>Weight:</p><p>{weight}</p><p>{reviews} reviews</p>{extra}</div>"""
SHOP = PAGE.format(
    items="".join(
        ITEM.format(n=n, name=name, price=price, weight=weight, reviews=reviews, extra=extra)
        for n, (name, price, weight, reviews, extra) in enumerate(
            [
                ("Fathom 400", "£45.00", "1.2 kg", 12, ""),
                ("Skerry", "£29.50", "0.9 kg", 7, "<p>Sold out</p>"),
                ("Harbour Mini", "£61.00", "0.4 kg", 31, ""),
                ("Beacon", "£52.00", "2.0 kg", 9, ""),
                ("Tern", "£18.00", "0.3 kg", 4, ""),
            ]
        )
    )
)


def page(html: str) -> Document:
    return extract(html.encode(), url="https://example.org/", content_type="text/html; charset=utf-8")


def rows(document: Document) -> list[list[tuple[str, str]]]:
    rest = document.rest
    assert rest is not None
    return [
        [(cell.header, rest.text[cell.start : cell.end]) for cell in block.cells]
        for block in rest.blocks
        if block.kind is BlockKind.ROW
    ]


def test_a_name_stays_with_its_values() -> None:
    """Each record is one row; a column is what stands under the same elements, and is called what the page
    calls it; what few records have stands at the end."""
    found = rows(page(SHOP))
    assert found[0] == [("", "Fathom 400"), ("", "£45.00"), ("Weight", "1.2 kg"), ("reviews", "12 reviews")]
    assert found[1] == [
        ("", "Skerry"), ("", "£29.50"), ("Weight", "0.9 kg"), ("reviews", "7 reviews"), ("", "Sold out")
    ]  # fmt: skip
    assert [row[0][1] for row in found] == ["Fathom 400", "Skerry", "Harbour Mini", "Beacon", "Tern"]


def test_a_reduced_price_is_a_price() -> None:
    """Under other elements, and of one form, where no record has both: one column."""
    sale = SHOP.replace("<p class=price>£29.50</p>", "<div class=sale><p class=now>£29.50</p></div>")
    sale = sale.replace("<p class=price>£18.00</p>", "<div class=sale><p class=now>£18.00</p></div>")
    assert [row[1] for row in rows(page(sale))] == [
        ("", price) for price in ("£45.00", "£29.50", "£61.00", "£52.00", "£18.00")
    ]


@pytest.mark.parametrize("sign", ["£", "$", "₴", "₺", "₩", "฿", "﷼"])
def test_an_amount_is_one_in_any_currency(sign: str) -> None:
    """In words too, before the number or after it; what has a number and no sign is another column."""
    sale = SHOP.replace("<p class=price>£29.50</p>", f"<div><b>for 30 {sign} while there are any</b></div>")
    sale = sale.replace(
        "<p class=price>£18.00</p>", "<section><p>for 3 days while there are any</p></section>"
    )
    sale = re.sub(r"£(\d+)\.\d\d", rf"{sign}\1 a piece as of today", sale)
    found = [[text for _, text in row] for row in rows(page(sale))]
    assert [row[1] for row in found[:4]] == [
        f"{sign}45 a piece as of today", f"for 30 {sign} while there are any",
        f"{sign}61 a piece as of today", f"{sign}52 a piece as of today",
    ]  # fmt: skip
    assert found[4][-1] == "for 3 days while there are any"


@pytest.mark.parametrize(
    "price", ["$44.99", "44,99€", "449 ₴", "1 500 ₽ / м²", "₹ 449", "449 EUR", "sold out"]
)
def test_a_price_between_lines_that_are_kept_is_kept(price: str) -> None:
    """With its sign before the number or after it, at the end of the line or within."""
    chunks = [Chunk(BlockKind.PARAGRAPH, text) for text in ("The lamp", price, "It burns for a week.")]
    assert coherent(chunks, [True, False, True], [0.9, 0.2, 0.9]) == [True] * 3
    chunks[1] = Chunk(BlockKind.PARAGRAPH, "Read 44 reviews")
    assert coherent(chunks, [True, False, True], [0.9, 0.2, 0.9]) == [True, False, True]


def test_a_row_leads_where_its_record_leads() -> None:
    """Links keep their place in the row."""
    rest = page(SHOP).rest
    assert rest is not None
    link = next(each for each in rest.links if each.url.endswith("/p/2"))
    assert rest.text[link.start : link.end] == link.text == "Harbour Mini"


def test_a_card_that_is_one_link_is_a_record() -> None:
    """As shops have them: all of a card leads to its product."""
    cards = "".join(
        f"<div class=card><a href=/p/{n}><h2>Lamp {n}</h2><p>£{n}4.00</p></a></div>" for n in range(1, 5)
    )
    found = rows(page(f"<html lang=en><body><main><h1>Lamps</h1><div>{cards}</div></main></body></html>"))
    assert found == [[("", f"Lamp {n}"), ("", f"£{n}4.00")] for n in range(1, 5)]


def test_a_menu_is_no_record() -> None:
    """What is nothing but links stays a list."""
    assert not any("Boats" in text for row in rows(page(SHOP)) for _, text in row)


def test_a_label_within_a_line_names_its_column() -> None:
    """ "Posts: 12" and "Likes 3" are 12 posts and 3 likes; an ordinary text is no record."""
    posts = "".join(
        f"<li class=post><b>{who}</b><div>Posts: {posts}</div><div>Likes {likes}</div><p>{said}</p></li>"
        for who, posts, likes, said in (
            ("Ada Voss", 120, 4, "I would take the early boat."),
            ("Tom Orme", 9, 13, "The late one has the better light."),
            ("Eve Hale", 31, 2, "Neither goes on Sundays."),
        )
    )
    text = "".join(f"<p>The {n}th paragraph of a text says something of its own.</p>" for n in range(4, 12))
    found = rows(page(f"<html lang=en><body><main>{text}<ul>{posts}</ul></main></body></html>"))
    assert [row[:3] for row in found] == [
        [("", "Ada Voss"), ("Posts", "120"), ("Likes", "4")],
        [("", "Tom Orme"), ("Posts", "9"), ("Likes", "13")],
        [("", "Eve Hale"), ("Posts", "31"), ("Likes", "2")],
    ]
    assert found[1][3] == ("", "The late one has the better light.")


def test_what_holds_other_records_is_none_itself() -> None:
    """Sections of one class that each hold a listing are no records; their items are."""
    aisles = "".join(
        f"<section class=aisle><h2>{name}</h2><div>{items}</div></section>"
        for name, items in (
            (
                aisle,
                "".join(
                    f"<div class=item><h3>{aisle} number {n}</h3><p>£{n}.50</p></div>"
                    for n in range(1, count)
                ),
            )
            for aisle, count in (("Lamp", 5), ("Rope", 9), ("Chart", 4))
        )
    )
    found = rows(page(f"<html lang=en><body><main>{aisles}</main></body></html>"))
    assert [("", "Rope number 3"), ("", "£3.50")] in found
    assert all(len(row) == 2 for row in found)


def test_a_badge_moves_nothing_to_another_column() -> None:
    """What some records alone have above the others' elements leaves these in their columns."""
    cards = "".join(
        f"<li class=card>{'<div class=badge>Best seller</div>' if n % 3 == 0 else ''}"
        f"<div class=info><h3><a href=/{n}>Lamp {name}</a></h3><div class=price>£{n + 4}.00</div></div></li>"
        for n, name in enumerate(["Fathom", "Skerry", "Harbour", "Beacon", "Tern", "Gull"])
    )
    found = rows(
        page(f"<html lang=en><title>Lamps</title><main><h1>Lamps</h1><ul>{cards}</ul></main></html>")
    )
    names = [next(said for _, said in row if said.startswith("Lamp")) for row in found]
    places = [next(i for i, (_, said) in enumerate(row) if said.startswith("Lamp")) for row in found]
    assert names[:2] == ["Lamp Fathom", "Lamp Skerry"]
    assert len(set(places)) == 1


def test_posts_are_records_of_what_stands_around_their_text() -> None:
    """Who, when and how many: the long text of a post is no cell."""
    text = (
        "The ferry was late again and nobody told us why, so we waited on the quay for most of an hour. " * 9
    )
    posts = "".join(
        f"<div class=post><div class=author>{who}</div><div class=date>{n + 2} May 2024</div>"
        f"<div class=body><p>{text}{who} said so.</p></div><div class=votes>{n * 7} votes</div></div>"
        for n, who in enumerate(["ana_r", "bo42", "cy_p", "dee"])
    )
    document = page(f"<html lang=en><title>Ferry</title><main><h1>Ferry</h1>{posts}</main></html>")
    assert [said for _, said in rows(document)[1]] == ["bo42", "3 May 2024", "7 votes"]
    assert document.rest is not None
    row = next(block for block in document.rest.blocks if block.kind is BlockKind.ROW)
    assert [cell.called for cell in row.cells] == ["author", "date", "votes"]


def test_lists_under_headings_of_their_own_are_no_records() -> None:
    """What a job asks and gives stands in lists of as many items; none is a record under the first's name."""
    parts = [
        ("You will", "run systems", "write code"),
        ("You have", "a degree", "a permit"),
        ("We give", "leave", "a pension"),
    ]
    lists = "".join(f"<h2>{name}</h2><ul><li>{one}<li>{two}</ul>" for name, one, two in parts)
    text = "We look for someone to build the pipelines that bring the readings of our buoys ashore. " * 3
    document = page(f"<html lang=en><body><main><h1>Engineer</h1><p>{text}</p>{lists}</main></body></html>")
    assert document.rest is None or not rows(document)


def test_a_currency_is_no_label() -> None:
    """The code before an amount stays in the cell."""
    cards = "".join(
        f"<li class=item><a href=/{n}>Lamp {n}</a><div>EUR {n}4.00</div><p>Bright and {word}</p></li>"
        for n, word in enumerate(("warm", "cold", "small", "tall"), start=1)
    )
    found = rows(page(f"<html lang=en><body><main><h1>Lamps</h1><ul>{cards}</ul></main></body></html>"))
    assert [row[1][1] for row in found] == [f"EUR {n}4.00" for n in range(1, 5)]
