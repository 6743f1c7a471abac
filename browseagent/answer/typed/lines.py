"""What a short line of a record tells by its form: a price, a rating, a date, or ``Label: words``."""

from __future__ import annotations

import re
from itertools import zip_longest

from browseagent.answer.struck import standing, struck_in, unstruck
from browseagent.answer.typed.sheet import Spot, is_provable
from browseagent.answer.values import Amount, amounts, date_span, has_amount
from browseagent.read.text import CURRENCY
from browseagent.records import Block, Document

_SHORT = 60
_LABEL = re.compile(
    rf"([^\W\d][^\n:：]{{1,40}}?)\s?(?::\s+|：\s*|:(?=(?:[{CURRENCY}]|[A-Z]{{3}})\s?\d))(?=\S)"
)
_LABEL_WORDS = 4
_LABELLED = 200
"""Characters of a line that has a label, but no bold one."""
_BETWEEN = re.compile(r"[\s:：]*(?:[–—-]+(?=\s)[\s:：]*)?")
"""What stands between a label and what it labels; a dash that touches a number is its sign."""
_NEXT = re.compile(r"(?<=[^\W\d_]{3})\.\s+(?=[A-Z])|(?<=[^\W\d_]{3})\.$")
"""The end of a sentence; not that of "Dr."."""
_FORMER = re.compile(r"^\W*(?:was|rrp|instead of|before|previously|statt|uvp|msrp)\b", re.I)
_WAS = re.compile(r"(?:was|rrp|instead of|previously|statt|uvp|msrp)\b", re.I)
_RATING = re.compile(r"[★☆]|\bout of (?:5|10)\b|\d\s?/\s?(?:5|10)\b|\b\d(?:[.,]\d+)? stars?\b", re.I)
_STOCK = re.compile(r"\b(?:in|out of) stock\b|\bsold out\b|\b\d+ (?:left|available)\b|\bunavailable\b", re.I)
_CARRIAGE = re.compile(
    r"\b(?:delivery|shipping|postage|versand(?:kosten)?|lieferung|livraison|env[ií]os?|spedizione|verzendkosten|verzending)\b",
    re.I,
)
_BESIDE_DATE = 4


def form_of(text: str, language: str) -> str:
    """What a short line of a page in that language tells by its form: price, former price, delivery (what
    that costs, or from which price on it is free), rating, stock, date, or text."""
    line = " ".join(text.split())
    if len(line) > _SHORT:
        return "text"
    if is_rating(line):
        return "rating"
    if _STOCK.search(line):
        return "stock"
    if has_amount(line):
        if _charged(line) == 0:
            return "delivery"
        return "former price" if _FORMER.search(line) else "price"
    day = date_span(line, language)
    alone = day is not None and len((line[: day[0]] + " " + line[day[1] :]).split()) <= _BESIDE_DATE
    return "date" if alone else "text"


def is_rating(line: str) -> bool:
    """Whether a line rates something: in stars, or out of 5 or 10."""
    return _RATING.search(line) is not None


def told(document: Document, start: int, end: int) -> list[tuple[str, Spot]]:
    """What a line tells by its form, and where: of a line with the price and the former one, both. A price
    that is struck out is the former one; of anything else that is struck out nothing is told."""
    stretches = standing(document, start, end)
    if stretches != [(start, end)]:
        now = [each for stretch in stretches for each in _forms(document, *stretch)]
        struck = (Spot(*span) for span in struck_in(document, start, end))
        former = [
            ("former price", spot) for spot in struck if has_amount(document.text[spot.start : spot.end])
        ]
        return [*([each for each in now if each[0] != "text"] or now), *former]
    return _forms(document, start, end)


def _forms(document: Document, start: int, end: int) -> list[tuple[str, Spot]]:
    """The same where nothing is struck out."""
    text = document.text[start:end]
    form = form_of(text, document.language)
    if form == "price" and (two := _two_prices(text, document.language or "en")) is not None:
        return [
            (name, Spot(start + each.start, start + each.end))
            for name, each in zip(("price", "former price"), two, strict=True)
        ]
    charged = _charged(text) if form == "price" else None
    if charged:
        return [("price", Spot(start, start + charged)), ("delivery", Spot(start + charged, end))]
    was = _WAS.search(text) if form == "price" else None
    if was is None or not has_amount(text[: was.start()]) or not has_amount(text[was.start() :]):
        return [(form, Spot(start, end))]
    middle = start + was.start()
    return [("price", Spot(start, middle)), ("former price", Spot(middle, end))]


def _charged(line: str) -> int | None:
    """Where in a line an amount that is told of delivery begins: 0 where no price stands before it, None
    where none is. Words between a lone amount and delivery ("free"), or after both ("shipping included"), say
    that the amount is none of it; a number among the latter says when it comes."""
    carriage = _CARRIAGE.search(line)
    marked = [each for each in amounts(line, "") if each.marked]
    if carriage is None or not marked:
        return None
    if carriage.start() < marked[0].start:
        return 0
    last = max((each for each in marked if each.start < carriage.start()), key=lambda each: each.start)
    if line[last.end : carriage.start()].strip():
        return None
    if last is not marked[0]:
        return last.start
    after = line[carriage.end() :]
    says_when = any(not each.marked for each in amounts(after, ""))
    return 0 if says_when or not any(map(str.isalpha, after)) else None


def is_bare(text: str) -> bool:
    """Whether words are one or two amounts of money and no others: "$20 - $30", no "compared to $20"."""
    marked = [each for each in amounts(text, "") if each.marked]
    edges = [0, *(edge for each in marked for edge in (each.start, each.end)), len(text)]
    between = (text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True))
    return bool(marked) and not any(map(str.isalnum, "".join(between)))


def _two_prices(text: str, language: str) -> tuple[Amount, Amount] | None:
    """The price and the former one where a line shows two amounts side by side: offers are not dearer."""
    found = [
        each
        for each in amounts(text, language)
        if each.marked and each.number is not None and not each.bounded
    ]
    if len(found) != 2 or text[found[0].end : found[1].start].strip():
        return None
    low, high = sorted(found, key=lambda each: each.number or 0)
    return (low, high) if low.currency == high.currency and low.number != high.number else None


def labelled(document: Document, block: Block) -> list[tuple[str, Spot]]:
    """The labels of a block's lines and what each labels, up to the next: ``Price: 12 EUR``, or words in bold
    before others."""
    text = document.text[block.start : block.end]
    lines = [0, *(match.end() for match in re.finditer("\n", text))]
    labels = [(at, end) for at in lines if (end := _label_end(text, at, 0 if at else block.term))]
    out: list[tuple[str, Spot]] = []
    for (at, end), (until, _) in zip_longest(labels, labels[1:], fillvalue=(len(text), 0)):
        piece = text[:until].rstrip().removesuffix(" [page data]")
        between = _BETWEEN.match(piece, end)
        start = between.end() if between is not None else end
        more = _NEXT.search(piece, start)
        stop = more.start() if more is not None else len(piece)
        span = unstruck(document, block.start + start, block.start + stop) if start < stop else None
        if span is not None and is_provable(document, *span) and (block.term or until - at <= _LABELLED):
            out.append((" ".join(text[at:end].split()).rstrip(" :："), Spot(*span)))
    return out


def _label_end(text: str, at: int, term: int) -> int:
    """Where the label ends that a line begins with; 0 where it has none. ``term``: how long the bold words
    are that it begins with."""
    if 0 < term < len(text):
        return term
    found = _LABEL.match(text, at)
    return found.end() if found is not None and len(found[1].split()) <= _LABEL_WORDS else 0
