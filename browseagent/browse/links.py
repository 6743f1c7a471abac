"""The links of a document as candidates, each with what stands around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from browseagent.answer.quotes import block_at
from browseagent.browse.candidate import Candidate, Lead, plain_url
from browseagent.browse.scope import is_page
from browseagent.read.continuation import follows
from browseagent.records import BlockKind, Document, Link

AROUND_CHARS = 240
"""Of the words beside a link: a teaser's first sentence or two."""
_LISTS = re.compile(
    r"^\W*(?:(?:all|our|browse|full list of)\W+)?(?:services|topics|subjects|departments|pages|a\W{1,3}z"
    r"|a to z|site\W?map|index|contents|directory)\b|^\W*all \w+\W*$",
    re.IGNORECASE,
)
"""What sites call the pages that list their pages."""
_NEXT = re.compile(r"^\W*(?:next|older)\b", re.IGNORECASE)


def links_of(document: Document, lead: Lead = Lead.LINK, depth: int = 0) -> list[Candidate]:
    """Each address that a document links to, once, in the order of the page. ``depth`` is the document's
    own."""
    found: dict[str, Candidate] = {}
    for candidate in _candidates(document, lead, depth + 1):
        known = found.get(candidate.url)
        found[candidate.url] = candidate if known is None else _both(known, candidate)
    return list(found.values())


def _candidates(document: Document, lead: Lead, depth: int) -> Iterator[Candidate]:
    here = plain_url(document.url)
    # The first is the page's own: it tells none of its links from the others.
    headings = [block for block in document.blocks if block.kind is BlockKind.HEADING]
    for link in document.links:
        try:
            url = plain_url(link.url)
        except ValueError:
            continue
        anchor = " ".join(link.text.split())
        if url == here or not is_page(url):
            continue
        leads = _lead(anchor, lead)
        leads = Lead.NEXT if follows(here, url) else leads
        heading = ""
        if link.start >= 0:
            above = [block for block in headings[1:] if block.start <= link.start]
            heading = " ".join(document.block_text(above[-1]).split()) if above else ""
        yield Candidate(url, leads, document.url, anchor, heading, _around(document, link), depth)


def _lead(anchor: str, otherwise: Lead) -> Lead:
    if _NEXT.match(anchor):
        return Lead.NEXT
    return Lead.LISTS if _LISTS.match(anchor) else otherwise


def _around(document: Document, link: Link) -> str:
    """The words of the block that a link stands in; of the next one where it is the block's only text."""
    if link.start < 0:
        return ""
    block = block_at(document, link.start)
    if block is None:
        return ""
    text = document.text[block.start : link.start][-AROUND_CHARS // 2 :] + document.text[link.end : block.end]
    if not text.strip():
        place = document.blocks.index(block) + 1
        after = document.blocks[place] if place < len(document.blocks) else None
        same = after is not None and after.kind is BlockKind.PARAGRAPH
        text = document.block_text(after) if after is not None and same else ""
    return " ".join(text.split())[:AROUND_CHARS]


def _both(one: Candidate, other: Candidate) -> Candidate:
    """Two links to one page: the words of both ("Read more" beside a headline)."""
    words = one.anchor if other.anchor.lower() in one.anchor.lower() else f"{one.anchor} {other.anchor}"
    around = max(one.around, other.around, key=len)
    lead = next((lead for lead in (Lead.NEXT, Lead.LISTS) if lead in (one.lead, other.lead)), one.lead)
    return replace(one, lead=lead, anchor=words.strip(), heading=one.heading or other.heading, around=around)
