"""Where a run may go next, each with what stands around it: the links of a document, and a site's own search
(a form of method GET with one text field, filled in with the question's words). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from urllib.parse import unquote_plus, urldefrag, urlencode, urljoin, urlsplit

from browseagent.agent.scope import is_page, site_of
from browseagent.answer.lexical import STOP_WORDS, stem, words
from browseagent.answer.question import PRICE_WORDS, Question
from browseagent.answer.quotes import block_at
from browseagent.read.continuation import follows
from browseagent.read.dom import Element, attribute, parse
from browseagent.read.media import text_of_page
from browseagent.records import BlockKind, Document, Link, Page

_SUFFIX = re.compile(r"\.(?:html?|php|aspx?|jsp|md|txt|xml)$", re.IGNORECASE)
_INDEX_FILE = re.compile(r"/(?:index|default)\.\w{2,5}$", re.IGNORECASE)
_INDEX = re.compile(r"/(?:index|default)$", re.IGNORECASE)


class Lead(StrEnum):
    """What led to a candidate."""

    LINK = "link"
    NEXT = "next page"
    LISTS = "list of pages"
    SITEMAP = "sitemap"
    LLMS = "llms.txt"
    SEARCH = "search form"


@dataclass(frozen=True)
class Candidate:
    """An address and what is said of it where it was found."""

    url: str
    """Absolute, without fragment."""
    lead: Lead
    found_on: str
    """URL of the page that has the link, the form, or of the sitemap."""
    anchor: str = ""
    """The words of the link itself."""
    heading: str = ""
    """The heading that it stands under."""
    around: str = ""
    """The words beside it."""
    depth: int = 0
    """Links between a page that the person named and this one."""

    @cached_property
    def address(self) -> str:
        """The words of the URL's path and query."""
        return address_words(self.url)


def plain_url(url: str) -> str:
    """A URL without its fragment, its host in lower case: two links to one page are one candidate."""
    url = urldefrag(url).url
    parts = urlsplit(url)
    return parts._replace(scheme=parts.scheme.lower(), netloc=parts.netloc.lower()).geturl()


def page_key(url: str) -> str:
    """What two addresses of one page have in common: ``/bins/index.html`` is ``/bins/``."""
    parts = urlsplit(plain_url(url))
    path = _INDEX_FILE.sub("", parts.path)
    return parts._replace(path=path.rstrip("/")).geturl()


def part_of(url: str) -> str:
    """The part of its site that a page belongs to: the first folder of its path, or nothing."""
    first, slash, _ = urlsplit(url).path.lstrip("/").partition("/")
    return first if slash else ""


def address_words(url: str) -> str:
    """The words that an address spells, its suffix left out."""
    parts = urlsplit(url)
    path = _INDEX.sub("", _SUFFIX.sub("", parts.path.rstrip("/")))
    return " ".join(re.findall(r"\w+", unquote_plus(f"{path} {parts.query}").replace("_", " ")))


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


_TEXT = ("", "text", "search")
_SILENT = ("submit", "button", "image", "reset")
MOST_WORDS = 8
"""Words of a question that are searched for: engines that want all of them find nothing for more."""


def search_of(page: Page, question: Question, depth: int = 0) -> Candidate | None:
    """The page that a search of the site for the question's words would give; None where the page has no
    such form. The page's own words are no part of it but for the fields that its form brings along."""
    if page.dom is None and b"<form" not in page.body.lower():
        return None
    root = parse(text_of_page(page))
    asked = search_words(question.words)
    if root is None or not asked:
        return None
    for form in root.iter("form"):
        url = _address(form, page.final_url, asked)
        if url is not None:
            return Candidate(url, Lead.SEARCH, page.final_url, f"search for: {asked}", depth=depth + 1)
    return None


def search_words(question: str) -> str:
    """The content words of a question, as they are written."""
    found = [word for word in words(question) if word not in STOP_WORDS]
    return " ".join([word for word in found if stem(word) not in PRICE_WORDS][:MOST_WORDS] or found)


def _address(form: Element, base: str, asked: str) -> str | None:
    if attribute(form, "method").lower() not in ("", "get"):
        return None
    target = urljoin(base, attribute(form, "action") or base)
    if site_of(target) != site_of(base):
        return None
    fields = [(element, attribute(element, "type").lower()) for element in form.iter("input")]
    typed = [element for element, kind in fields if kind in _TEXT and attribute(element, "name")]
    others = [kind for _, kind in fields if kind not in (*_TEXT, *_SILENT, "hidden")]
    if len(typed) != 1 or others or next(form.iter("textarea", "select"), None) is not None:
        return None
    hidden = [
        (attribute(element, "name"), attribute(element, "value"))
        for element, kind in fields
        if kind == "hidden" and attribute(element, "name")
    ]
    query = urlencode([*hidden, (attribute(typed[0], "name"), asked)])
    return urlsplit(target)._replace(query=query, fragment="").geturl()
