"""Where the records of a listing begin and end."""

from __future__ import annotations

from itertools import count

from browseagent.answer.typed.listing import listing_sheets
from browseagent.records import Block, BlockKind, Document, Link

PLAIN, ITEM, HEAD = BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.HEADING
LEVELS = {PLAIN: 0, ITEM: 1, HEAD: 3}


def document(*lines: tuple[BlockKind, str]) -> Document:
    """A text of blocks; those that begin with ``>`` are links, each to a page of its own."""
    text, blocks, links, numbers = "", list[Block](), list[Link](), count()
    for kind, words in lines:
        plain, start = words.removeprefix(">"), len(text)
        blocks.append(Block(kind, start, start + len(plain), LEVELS[kind]))
        if plain != words:
            links.append(Link(f"https://example.org/{next(numbers)}", plain, start, start + len(plain)))
        text += plain + "\n\n"
    return Document("https://example.org/", text, tuple(blocks), language="en", links=tuple(links))


def titles(document: Document) -> list[list[str]]:
    """The first cell of every record, listing by listing."""
    return [
        [sheet.words(row[0]).rpartition("/")[2] for row in sheet.rows if row[0]]
        for sheet in listing_sheets(document)
    ]


def test_a_record_begins_at_no_number_and_no_date() -> None:
    """A link that says how many, what it costs or when is part of the record; so is a list."""
    threads = [("Choir practice", "12"), ("Bread without salt", "7"), ("Lost keys", "31")]
    lines = [
        each
        for name, replies in threads
        for each in ((PLAIN, f">{name}"), (ITEM, "Ana Ruiz"), (ITEM, "London"), (PLAIN, f">{replies}"),
                     (PLAIN, ">£9.50"), (PLAIN, ">Dec 4, 2025"))
    ]  # fmt: skip
    assert titles(document(*lines)) == [["Choir practice", "Bread without salt", "Lost keys"]]


def test_linked_headings_among_others_are_a_listing() -> None:
    """What is offered under an article whose own headings lead nowhere."""
    own = [
        (HEAD, name) for name in ("What you need", "The dough", "The oven", "Notes", "Questions", "Thanks")
    ]
    offered = [
        each
        for name in ("Rye loaf", "Plum cake", "Oat biscuits")
        for each in ((HEAD, f">{name}"), (PLAIN, f"{len(name)} comments"))
    ]
    text = [each for head in own for each in (head, (PLAIN, "Some words about it, and then some more."))]
    assert titles(document(*text, *offered)) == [["Rye loaf", "Plum cake", "Oat biscuits"]]
    assert titles(document(*text)) == []


def test_what_delivery_costs_begins_no_record() -> None:
    """Links that are the same remark on another price and day name nothing."""
    things = [("Heron tent", "EUR 21.28"), ("Petrel tent", "EUR 5.10"), ("Stork tent", "EUR 7.30")]
    lines = [
        each
        for name, cost in things
        for each in ((PLAIN, name), (PLAIN, f">{cost} delivery Wed, Mar 18"), (PLAIN, ">EUR 90.00"))
    ]
    assert titles(document(*lines)) == []


def test_what_delivery_costs_is_no_price() -> None:
    """It is a cell of its own, beside the price or alone; "free" makes an amount the price's again."""
    things = [
        ("Heron", "$90", "+$9 shipping"),
        ("Petrel", "$80 free shipping", "List:$95"),
        ("Stork", "$70 + $8 delivery", "Free delivery over $75"),
    ]
    lines = [each for name, *told in things for each in ((HEAD, f">{name}"), *((PLAIN, x) for x in told))]
    (sheet,) = listing_sheets(document(*lines))
    cells = [
        {name: sheet.words(spot) for name, spot in zip(sheet.columns, row, strict=True) if spot is not None}
        for row in sheet.rows
    ]
    told = [{name: words for name, words in row.items() if name not in ("title", "link")} for row in cells]
    assert told == [
        {"price": "$90", "delivery": "+$9 shipping"},
        {"price": "$80 free shipping", "list": "$95"},
        {"price": "$70 +", "delivery": "$8 delivery", "delivery 2": "Free delivery over $75"},
    ]
