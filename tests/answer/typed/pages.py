"""Fixture pages for tests of typed answers, and what stands on them by their HTML alone."""

from __future__ import annotations

import html
import re
from pathlib import Path

from browseagent.answer.question import Question
from browseagent.read import extract
from browseagent.records import Answer, Document, NotFound

SITES = Path(__file__).resolve().parents[3] / "fixtures" / "sites"
ORIGIN = "http://shop.example/"


def source(path: str) -> str:
    """The HTML of a fixture page."""
    return (SITES / path).read_text("utf-8")


def document(path: str) -> Document:
    """A fixture page as it is read without a browser."""
    return extract(source(path).encode(), url=ORIGIN + path, content_type="text/html; charset=utf-8")


def page(body: str, title: str = "A page", language: str = "en") -> Document:
    """A page of a few lines."""
    head = f'<!doctype html><html lang="{language}"><head><title>{title}</title></head>'
    text = f"{head}<body><main>{body}</main></body></html>"
    return extract(text.encode(), url=ORIGIN, content_type="text/html; charset=utf-8")


def words(fragment: str) -> str:
    """What a piece of HTML says, in one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", fragment)).split())


def cards(path: str) -> list[tuple[str, str, str, str]]:
    """Name, link, stars and price of every product card of a listing."""
    pattern = (
        r'<div class="card"><a href="(.+?)">.*?<h2>(.+?)</h2><p class="stars">(.+?)</p><p class="p">(.+?)</p>'
    )
    return [(words(n), u, words(s), words(p)) for u, n, s, p in re.findall(pattern, source(path))]


def tables(path: str) -> list[list[list[str]]]:
    """The words of every cell of every table, header rows among them."""
    out = []
    for table in re.findall(r"<table.*?</table>", source(path), re.S):
        rows = re.findall(r"<tr.*?</tr>", table, re.S)
        out.append([[words(c) for c in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)] for row in rows])
    return out


def silent(question: str) -> Answer:
    """A reader that finds nothing."""
    return NotFound(question=question)


def unasked(question: Question) -> Answer:
    """A reader that must not be asked: structure gives everything."""
    raise AssertionError(f"the reader was asked: {question.words}")
