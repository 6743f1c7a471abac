"""Whether the Markdown that a site offers of a page may stand for it. Pure.

A server that is asked for Markdown may answer with it (``Accept``); a page may name the address of its own
(``rel=alternate``). Such a text holds the page without its frame, but nothing makes a site keep the two
alike, and quotes link to the page that people see: where that came with text, the text must agree.
"""

from __future__ import annotations

import re
from dataclasses import replace

from browseagent.web.arrival import Arrival, decode_markup
from browseagent.web.shape import Shape
from browseagent.web.sniff import sniff

TYPES = ("text/markdown", "text/x-markdown")
_AGREES = 0.8
"""Share of the Markdown's words that the page must show. Link targets and image texts, which it does not
show, are not counted; the fixtures agree by 0.97 and more."""
_SHELL_WORDS = 60
"""A page with fewer words than this shows too little to be compared."""
_WORD = re.compile(r"[^\W_]+")
_NOT_SHOWN = re.compile(
    r"\]\([^)]*\)|<[^>]*>|\A---\n.*?\n---\n|!\[[^\]]*\]|https?://\S+|^ {0,3}\[[^\]]+\]:[^\n]*$",
    re.DOTALL | re.MULTILINE,
)
_VALIDATORS = ("etag", "last-modified", "content-type", "content-length")


def instead(plain: Arrival, shape: Shape, offered: Arrival) -> Arrival | None:
    """The page with the offered Markdown as its body, or None where that is no stand-in for it."""
    fetched = offered.trouble is None and offered.status == 200 and offered.media_type in TYPES
    if not fetched or sniff(offered.body, offered.media_type) != "text":
        return None
    text = decode_markup(offered.body, offered.header("content-type"))
    words = _WORD.findall(_NOT_SHOWN.sub(" ", text).lower())
    shown = set(_WORD.findall(shape.text.lower()))
    if not words:
        return None
    agrees = sum(word in shown for word in words) >= _AGREES * len(words)
    if len(shape.text.split()) >= _SHELL_WORDS and not agrees:
        return None
    # Validators are of the other address: asked of this one they would be wrong.
    headers = tuple(field for field in plain.headers if field[0] not in _VALIDATORS)
    return replace(
        plain,
        headers=(*headers, ("content-type", offered.header("content-type"))),
        body=offered.body,
        notes=(*plain.notes, f"the site offers this page as Markdown ({offered.url}), which was read"),
    )
