"""Whether another page came where a page was, with the status 200: a notice, a login, the front page. Pure.

No word decides. Nothing of what was there is left, not even what the window is called, and what came is far
shorter, or is where a server leads that has no such page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape
from urllib.parse import urlsplit

from browseagent.read.media import Media, media_of_page, text_of_page
from browseagent.records import Document, Hunk, Page

_FEWEST = 60
"""Words of a page beside which a notice is short."""
_SHORTER = 4
_GONE, _NEW = 0.9, 0.95
"""Shares of the words that were and that are."""
_TITLE = re.compile(r"<title\b[^>]*>(.*?)</title", re.I | re.S)
_FRONT = re.compile(r"/?(?:[a-z]{2}(?:-[a-z]{2})?/?)?(?:(?:index|home|default)(?:\.\w+)?)?", re.I)


def another_came(differences: Sequence[Hunk], before: Page, now: Page, document: Document, words: int) -> str:
    """Why what came is taken for another page than the one before, which had so many ``words``; empty where
    it is that page. ``document`` is what is read of it."""
    came = len(document.text.split())
    short, led = words >= _FEWEST and came * _SHORTER < words, _led_away(before, now)
    gone = sum(len(hunk.before.split()) for hunk in differences if hunk.kind == "removed")
    new = sum(len(hunk.after.split()) for hunk in differences if hunk.kind == "added")
    if not (short or led) or gone < _GONE * words or new < _NEW * came:
        return ""
    if {media_of_page(before), media_of_page(now)} != {Media.HTML} or _title(before) <= _title(now):
        return ""
    return f"another page came{f' from {now.final_url}' if led else ''}: nothing of the one before is in it"


def _title(page: Page) -> set[str]:
    """The words of what the window is called."""
    found = _TITLE.search(text_of_page(page))
    return set(re.findall(r"\w+", unescape(found[1]).lower())) if found else set()


def _led_away(before: Page, now: Page) -> bool:
    """Whether a server now leads to another host, or to the front page of its own."""
    was, is_ = (urlsplit(page.final_url) for page in (before, now))
    if (was.hostname or "").removeprefix("www.") != (is_.hostname or "").removeprefix("www."):
        return True
    return was.path != is_.path and bool(_FRONT.fullmatch(is_.path))
