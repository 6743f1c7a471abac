"""How one version of a JSON document or a feed differs from an earlier one, by what its parts are. Pure.

A value of a JSON document is known by its path, an entry of a list of records by its id: another order of
keys, or of entries that name themselves, is no change. An entry of a feed is known by its id or link; a feed
that is ordered anew has not changed, and entries that newer ones push off its end are not reported.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from browseagent.read.encoding import decode
from browseagent.read.feed import Entry, feed_entries
from browseagent.read.sniff import Media, sniff
from browseagent.records import Document, Hunk, Page
from browseagent.watch.compare import fold, without

_IDS = ("id", "@id", "_id", "guid", "uuid", "key", "slug", "sku", "url", "href", "name")
"""Fields by which a record of a list is known, the first that every record has with a value of its own."""
_DEEPEST = 200
"""Beyond it values are compared whole: Python's own limit is near."""
_MOST = 5000
"""Differences of a document; what is beyond says no more to anybody."""
_LONG = 2000
"""Items of a list beyond which those that are repeated often are no anchors: as for blocks."""
_Ignore = Sequence[re.Pattern[str]]


def compared(before: Document, after: Document, ignore: _Ignore = ()) -> tuple[Hunk, ...] | None:
    """The differences of two JSON documents or of two feeds; None for anything else."""
    if before.page is None or after.page is None:
        return None
    kinds = {_media(before.page), _media(after.page)}
    if kinds == {Media.FEED}:
        return _feeds(before.page, after.page, ignore)
    if kinds == {Media.JSON}:
        return _documents(before.page, after.page, ignore)
    return None


def data_text(document: Document) -> str | None:
    """The whole of a JSON document or a feed, the same however it is ordered; None for anything else."""
    if document.page is None:
        return None
    kind = _media(document.page)
    if kind is Media.FEED:
        return "\n".join(sorted(e.text for e in feed_entries(_text(document.page), document.page.final_url)))
    if kind is Media.JSON:
        try:
            return json.dumps(json.loads(_text(document.page)), sort_keys=True, ensure_ascii=False)
        except (ValueError, RecursionError):
            return None
    return None


def _media(page: Page) -> Media:
    return sniff(page.body, page.final_url, page.content_type) if page.dom is None else Media.HTML


def _text(page: Page) -> str:
    return decode(page.body, page.content_type).removeprefix("\ufeff")


# --- JSON


def _documents(before: Page, after: Page, ignore: _Ignore) -> tuple[Hunk, ...] | None:
    try:
        old, new = json.loads(_text(before)), json.loads(_text(after))
    except (ValueError, RecursionError):  # only said to be JSON, or deeper than anything we print
        return None
    found: list[Hunk] = []
    for hunk in _values("", old, new, 0, ignore):
        found.append(hunk)
        if len(found) == _MOST:
            break
    return tuple(found)


def _values(path: str, old: Any, new: Any, depth: int, ignore: _Ignore) -> Iterator[Hunk]:
    """What differs between two values at one path."""
    if depth < _DEEPEST and isinstance(old, dict) and isinstance(new, dict):
        yield from _named(path, old, new, depth, ignore)
    elif depth < _DEEPEST and isinstance(old, list) and isinstance(new, list):
        name = _id_of(old, new)
        if name is None:
            yield from _listed(path, old, new, depth, ignore)
            return
        one, other = ({_key(name, item): item for item in items} for items in (old, new))
        yield from _named(path, one, other, depth, ignore)
    elif old != new or type(old) is not type(new):  # to Python 1 is True
        yield from _hunk(path, old, new, ignore)


def _named(
    path: str, old: Mapping[str, Any], new: Mapping[str, Any], depth: int, ignore: _Ignore
) -> Iterator[Hunk]:
    for name in dict.fromkeys((*old, *new)):
        inner = f"{path}{name}" if name.startswith("[") else f"{path}.{name}" if path else name
        if name not in old:
            yield from _hunk(inner, None, new[name], ignore, kind="added")
        elif name not in new:
            yield from _hunk(inner, old[name], None, ignore, kind="removed")
        else:
            yield from _values(inner, old[name], new[name], depth + 1, ignore)


def _listed(path: str, old: list[Any], new: list[Any], depth: int, ignore: _Ignore) -> Iterator[Hunk]:
    """Lists whose items have no names: compared in order. Where as many came as went, each for each."""
    one, other = ([json.dumps(each, sort_keys=True) for each in items] for items in (old, new))
    matcher = SequenceMatcher(None, one, other, autojunk=len(one) > _LONG)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            continue
        paired = min(i2 - i1, j2 - j1)
        for place in range(paired):
            yield from _values(f"{path}[{j1 + place}]", old[i1 + place], new[j1 + place], depth + 1, ignore)
        for place in range(i1 + paired, i2):
            yield from _hunk(f"{path}[{place}]", old[place], None, ignore, kind="removed")
        for place in range(j1 + paired, j2):
            yield from _hunk(f"{path}[{place}]", None, new[place], ignore, kind="added")


def _hunk(path: str, old: Any, new: Any, ignore: _Ignore, *, kind: str = "changed") -> Iterator[Hunk]:
    before = "" if kind == "added" else _line(path, old)
    after = "" if kind == "removed" else _line(path, new)
    if fold(without(before, ignore)) == fold(without(after, ignore)):
        return
    if kind == "added":
        yield Hunk("", after, "added", path)
    elif kind == "removed":
        yield Hunk(before, "", "removed", path)
    else:
        yield Hunk(before, after, "changed", path)


def _line(path: str, value: Any) -> str:
    plain = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"{path}: {plain}" if path else str(plain)


def _id_of(*lists: list[Any]) -> str | None:
    """The field that names the records of both lists; None where there is none."""
    if not any(lists) or not all(isinstance(item, dict) for items in lists for item in items):
        return None
    for name in _IDS:
        values = [[item.get(name) for item in items] for items in lists]
        plain = all(isinstance(value, (str, int)) and value != "" for each in values for value in each)
        if plain and all(len(set(map(str, each))) == len(each) for each in values):
            return name
    return None


def _key(name: str, item: Mapping[str, Any]) -> str:
    return f"[{name}={item[name]}]"


# --- feeds


def _feeds(before: Page, after: Page, ignore: _Ignore) -> tuple[Hunk, ...]:
    old, new = ([*feed_entries(_text(page), page.final_url)] for page in (before, after))
    was, is_ = ({entry.id: entry for entry in entries} for entries in (old, new))
    found = [
        hunk
        for entry in new
        for hunk in (_changed(was[entry.id], entry, ignore) if entry.id in was else _new(entry, ignore))
    ]
    gone = [entry for entry in old if entry.id not in is_]
    came = sum(entry.id not in was for entry in new)
    if gone and came >= len(gone) and {entry.id for entry in old[-len(gone) :]} == {e.id for e in gone}:
        gone = []  # newer entries pushed these off the end
    return (*found, *(Hunk(entry.text, "", "removed", entry.title) for entry in gone if _said(entry, ignore)))


def _new(entry: Entry, ignore: _Ignore) -> list[Hunk]:
    return [Hunk("", entry.text, "added", entry.title)] if _said(entry, ignore) else []


def _changed(old: Entry, new: Entry, ignore: _Ignore) -> list[Hunk]:
    if fold(without(old.text, ignore)) == fold(without(new.text, ignore)):
        return []
    return [Hunk(old.text, new.text, "changed", new.title)]


def _said(entry: Entry, ignore: _Ignore) -> bool:
    return bool(re.search(r"\w", fold(without(entry.text, ignore))))
