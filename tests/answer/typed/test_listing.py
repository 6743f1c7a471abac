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
