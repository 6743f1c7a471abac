"""What a reader must find although transcripts of main content often leave it out: the page's title,
who wrote it and when, and on a product's page its price, its number, its rating and whether it can be had.

These stand beside the title, are short, and say nothing else; each rule is told by its pattern.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from browseagent.read.chunks import Chunk
from browseagent.read.features import folded
from browseagent.read.hints import TAG_GROUPS
from browseagent.read.nodes import FAR
from browseagent.read.text import CURRENCY
from browseagent.records import BlockKind

_BEFORE = 4
_AFTER = 4
_AFTER_PRODUCT = 25
"""How many chunks before and after the title are looked at."""
_CHARS = 80
_MOST = 2
"""So many lines of one sort; a page that has more is a list of other products."""

_DAY = (
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+)?"
    r"(?:[a-z]{3,9}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}|\d{1,2}(?:st|nd|rd|th)?\.? [a-zà-ÿ]{3,10}\.?,? \d{4}"
    r"|\d{4}[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}日?|\d{1,2}[./]\d{1,2}[./]\d{4})"
)
_DATE = re.compile(
    r"(?:(?:last |date |page )*(?:updated|modified|revised|effective|published|posted|reviewed|version|as "
    r"of|in force)"
    rf"(?: on| date| as of| from| since)*\s*:?\s*)?{_DAY}\.?",
    re.I,
)
_BYLINE = re.compile(
    rf"(?:written |posted |reviewed )?by [\w.,'’ \-&]{{3,50}}(?:\s*[·|,•–—-]\s*{_DAY})?", re.I
)
_MONEY = rf"(?:[{CURRENCY}]\s?\d[\d.,]*|\d[\d.,]*\s?(?:[{CURRENCY}]|USD|EUR|GBP|CHF|kr|zł))"
_PRICE = re.compile(
    rf"(?:(?:now|price|from|sale price|our price|regular price|was|rrp)\s*:?\s*)?{_MONEY}"
    rf"(?:\s*(?:was|rrp|[-–]|now)?\s*:?\s*{_MONEY})?(?:\s*(?:incl?\.? vat|each|per \w+))?",
    re.I,
)
_STOCK = re.compile(
    r"(?:in stock|out of stock|sold out|only \d+ left(?: in stock)?|\d+ (?:available|in stock)|currently "
    r"unavailable)"
    r"(?:\s*[:,(–-]?\s*\d+[\w ]{0,20}\)?)?\.?",
    re.I,
)
_STARS = r"(?:[★☆]+\s?\d(?:[.,]\d+)?|\d(?:[.,]\d+)?\s*(?:out of|of|/)\s*(?:5|10)|\d(?:[.,]\d+)? stars?)"
_RATING = re.compile(
    rf"{_STARS}(?:\s*(?:out of|of|/)\s*\d+)?\s*(?:stars?)?"
    r"(?:\s*[(·|]?\s*(?:by |from )?[\d,.]+\s*(?:customer )?(?:reviews?|ratings?|votes?)\)?)?",
    re.I,
)
_ITEM = re.compile(
    r"(?:[\w&’' -]{2,30}\s*[·|,–-]\s*)?(?:item|sku|model|art(?:icle|\.)?|product)"
    r"(?: ?(?:no\.?|number|code|id))?\s*[:#]?\s*(?=[\w-]*\d)[\w-]{3,20}",
    re.I,
)


def with_essentials(chunks: Sequence[Chunk], kept: Sequence[bool], title: str, kind: str) -> list[bool]:
    """Which chunks to keep, the page's title, date, author and price among them."""
    out = list(kept)
    at = title_at(chunks, title, kept)
    if at is None:
        return out
    # Of articles, transcripts leave the title out, and so does trafilatura; Document.title has it.
    out[at] = out[at] or kind != "article"
    before, after = max(0, at - _BEFORE), min(len(chunks), at + _AFTER + 1)
    for pattern in (_DATE, _BYLINE):
        _keep_first(chunks, out, range(before, after), pattern)
    if kind == "product":
        _keep_first(chunks, out, range(before, after), _ITEM)
        reach = range(at + 1, min(len(chunks), at + _AFTER_PRODUCT + 1))
        for pattern in (_PRICE, _STOCK, _RATING):
            _keep_first(chunks, out, reach, pattern)
    return out


def title_at(chunks: Sequence[Chunk], title: str, kept: Sequence[bool]) -> int | None:
    """Which chunk is the page's title: the heading of level 1 that says it, else the only one; None where
    no such heading stands at or before the middle of what is kept."""
    headings = [i for i, c in enumerate(chunks) if c.kind is BlockKind.HEADING and c.level == 1]
    said = folded(title)
    named = [i for i in headings if said and folded(chunks[i].text) and folded(chunks[i].text) in said]
    candidates = named or (headings if len(headings) == 1 else [])
    own = [i for i, keep in enumerate(kept) if keep]
    if not candidates or not own or candidates[0] > own[len(own) // 2]:
        return None
    return candidates[0]


def _keep_first(chunks: Sequence[Chunk], out: list[bool], reach: range, pattern: re.Pattern[str]) -> None:
    """Keeps the lines in reach that say what the pattern does and nothing else, if they are few."""
    found = [index for index in reach if not _apart(chunks[index]) and _says(chunks[index].text, pattern)]
    for index in found[:_MOST]:
        out[index] = True


def _says(text: str, pattern: re.Pattern[str]) -> bool:
    return len(text) <= _CHARS and bool(pattern.fullmatch(" ".join(text.split())))


def _apart(chunk: Chunk) -> bool:
    """Whether a chunk is in navigation, a footer, an aside or a list of other things."""
    near = chunk.node.near if chunk.node is not None else None
    return near is not None and any(
        near[TAG_GROUPS.index(tag)] < FAR for tag in ("nav", "footer", "aside", "li")
    )
