"""Whether a message came instead of a page: an error in JSON, or as a bare line, with the status 200. Pure.

No word decides, but what was there before: a document, a feed, a list, of which nothing is left in a body
that only says something. Where the site always answers so, or what it held is still there, it is the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from browseagent.read.data import data_in
from browseagent.read.media import Media, media_of_page, text_of_page
from browseagent.records import Page
from browseagent.web.refusal import message_of

_TOLD = 120


def came_instead(said: str, now: Page, before: Page) -> str:
    """The message that stands where a page was, cut short; empty where it is the page. ``said`` is what the
    page of now says (:func:`~browseagent.web.refusal.message_of`), which is something."""
    kinds = media_of_page(before), media_of_page(now)
    if kinds == (Media.JSON, Media.JSON):
        instead = _gone(_json(before), _json(now))
    else:
        instead = kinds != (Media.PLAIN, Media.PLAIN) and not message_of(before)
    return said[:_TOLD] if instead else ""


def _gone(before: Any, now: Any) -> bool:
    """Whether nothing is left of what a JSON document held: its lists and records, or else its values."""
    if not isinstance(before, Mapping):
        return bool(before)
    lists = {name: each for name, each in before.items() if isinstance(each, list | dict) and each}
    held = lists or {name: each for name, each in before.items() if each not in (None, [], {}, "")}
    there = now if isinstance(now, Mapping) else {}
    return bool(held) and not any(there.get(name) not in (None, [], {}, "") for name in held)


def _json(page: Page) -> Any:
    try:
        return data_in(text_of_page(page), Media.JSON)
    except ValueError:
        return None
