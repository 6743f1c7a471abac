"""What a product's page says of its offer, and the facts that tell the product apart."""

from __future__ import annotations

import re

from browseagent.answer.lexical import words
from browseagent.answer.named import Name, Told
from browseagent.answer.outline import PROSE, THING_CHARS
from browseagent.answer.quotes import block_at, is_quotable
from browseagent.answer.typed.facts import facts_of
from browseagent.answer.typed.sheet import Sheet, Spot, is_provable
from browseagent.answer.values import amounts, days, has_amount
from browseagent.records import BlockKind, Document

FACT_CHARS, LABEL_CHARS, FACTS = 60, 25, 6
"""A longer fact of a product is a sentence; how many are told beside its price."""
_CODE = re.compile(r"(?=\S*\d)[\w./-]{5,}")
_ADDRESS = re.compile(r"://|\bwww\.")
_SIZE = re.compile(r"[\d.,]+(?:[^\W\d_]+|[x×/][\d.,]+)")
_OFFER = ("price", "availability", "stock", "rating")
_FORMS = frozenset(("title", "description", "sku", "author", "date", "former price"))


def offer_of(document: Document, head: Name) -> tuple[list[Told], list[Told]]:
    """What a thing of that name costs, whether it can be had and how it is rated; and its first short facts.
    Neither where the page has no price and fewer than two of these."""
    sheet = facts_of(document)
    facts = {name: spot for name, spot in zip(sheet.columns, sheet.rows[0], strict=True) if spot is not None}
    offer = {name.casefold(): name for name in reversed(facts) if name.casefold() in _OFFER}
    if "availability" in offer:
        offer.pop("stock", None)
    told = [_fact(sheet, offer[name], facts[offer[name]]) for name in _OFFER if name in offer]
    price = _price_below(document, head) if "price" not in offer else None
    others = [
        _fact(sheet, name, spot)
        for name, spot in facts.items()
        if name.casefold() not in _OFFER and _is_telling(name, sheet.words(spot))
    ]
    if price is not None:
        told = [price, *told]
    elif "price" not in offer and len(told) + len(others) < 2:
        return [], []
    return told, others[:FACTS]


def _price_below(document: Document, head: Name) -> Told | None:
    """The price that stands by itself first under a heading which says the page's name and little else:
    "Buy Red Cup", below what is told of the cup."""
    wanted = words(head.words)
    below = False
    for block in document.blocks:
        text = document.block_text(block)
        if block.kind is BlockKind.HEADING:
            said = words(text)
            below = bool(wanted) and set(wanted) <= set(said) and len(said) <= len(wanted) + 1
        elif not below or block.kind not in PROSE:
            continue
        elif len(text) <= LABEL_CHARS and is_provable(document, block.start, block.end):
            found = amounts(text, document.language or "en")
            if len(found) == 1 and found[0].marked and not found[0].bounded:
                return Told(text, (Name(document, block.start, block.end),))
    return None


def _fact(sheet: Sheet, label: str, spot: Spot) -> Told:
    """A fact with its label, where the page has one, and the line that it stands in."""
    document, value = sheet.document, sheet.words(spot)
    block = block_at(document, spot.start)
    short = block is not None and block.end - block.start <= THING_CHARS
    line = (block.start, block.end) if block is not None and short else (spot.start, spot.end)
    name = Name(document, *(line if is_quotable(document, *line) else (spot.start, spot.end)))
    if label.casefold() == "price":
        value = _whole_price(value, document.language)
    return Told(value if label in _OFFER else f"{label}: {value}", (name,))


def _whole_price(text: str, language: str) -> str:
    """A price without the instalments that it may be paid in."""
    found = [each for each in amounts(text, language or "en") if each.marked]
    in_parts = found and not found[0].bounded and any(each.bounded for each in found[1:])
    return text[: found[0].end] if in_parts else text


def _is_telling(label: str, value: str) -> bool:
    """Whether a fact tells a thing apart: no code, no address, no price in another currency, no sentence."""
    short = len(label) <= LABEL_CHARS and len(value) <= FACT_CHARS and not value.endswith(".")
    told = short and label not in _FORMS and not _ADDRESS.search(value)
    return told and not is_code(value) and not has_amount(value)


def is_code(text: str) -> bool:
    """Whether some words are a number by which a shop knows a thing, and no measure."""
    return bool(_CODE.fullmatch(text)) and not _SIZE.fullmatch(text) and not days(text, "en")
