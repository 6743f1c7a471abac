"""A site's own search: a form of method GET with one text field, filled in with the question's words."""

from __future__ import annotations

from urllib.parse import urlencode, urljoin, urlsplit

from browseagent.answer.expect import PRICE_WORDS
from browseagent.answer.lexical import STOP_WORDS, stem, words
from browseagent.browse.candidate import Candidate, Lead
from browseagent.browse.scope import site_of
from browseagent.read.dom import Element, attribute, parse
from browseagent.read.media import text_of_page
from browseagent.records import Page

_TEXT = ("", "text", "search")
_SILENT = ("submit", "button", "image", "reset")
MOST_WORDS = 8
"""Words of a question that are searched for: engines that want all of them find nothing for more."""


def search_of(page: Page, question: str, depth: int = 0) -> Candidate | None:
    """The page that a search of the site for the question's words would give; None where the page has no
    such form. The page's own words are no part of it but for the fields that its form brings along."""
    if page.dom is None and b"<form" not in page.body.lower():
        return None
    root = parse(text_of_page(page))
    asked = search_words(question)
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
