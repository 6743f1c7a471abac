"""How one version of a JSON or XML document, a CSV file, a calendar or a feed differs from an earlier one, by
what its parts are. Pure.

A value of a JSON document is known by its path, an entry of a list of records by the field that names it:
another order of keys, or of entries that name themselves, is no change, nor is a number written otherwise.
CSV files and calendars are lists of records. An entry of a feed is known by its id or link, or else by its
words; a feed that is ordered anew has not changed, and entries that newer ones push off its end are not
reported.
"""

from __future__ import annotations

import json
import math
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from difflib import SequenceMatcher
from itertools import islice
from typing import Any

from browseagent.read.data import Written, data_in
from browseagent.read.feed import Entry, feed_entries, feed_head
from browseagent.read.media import Media, decode, media_of_page
from browseagent.records import Document, Hunk, Page
from browseagent.watch.content_lines import components, is_content_lines, without_names
from browseagent.watch.folding import fold
from browseagent.watch.linked import Linked, links_changed, spelt
from browseagent.watch.noise import Mask, reason
from browseagent.watch.pieces import without
from browseagent.watch.places import drawn_place, place_of
from browseagent.watch.rows import Names, is_csv, name_of, records_of, value_at

_NUMERAL = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?")
_PRICED = re.compile(r"(?:price|amount|cost|fee|total)[^.]*$", re.I)
"""The end of a path whose text is a number: elsewhere "1.10" may be a version, and is not 1.1."""
_DEEPEST = 200
"""Beyond it values are compared whole: Python's own limit is near."""
_MOST = 5000
"""Differences of a document; what is beyond says no more to anybody."""
_NOTHING: tuple[Any, ...] = ([], None, {}, "")
"""How programs write a list without entries; many leave it out."""
_FEW = 3
"""Entries that make a list."""
_LONG = 2000
"""Items of a list beyond which those that are repeated often are no anchors: as for blocks."""
_ULPS = 4
"""Steps between neighbouring floats by which sums that ought to be one differ."""
_Ignore = Sequence[re.Pattern[str]]


def compared(before: Document, after: Document, ignore: _Ignore = ()) -> tuple[Hunk, ...] | None:
    """The differences of two documents of data, two CSV files, two calendars or two feeds; None for anything
    else."""
    if before.page is None or after.page is None:
        return None
    kinds = {media_of_page(before.page), media_of_page(after.page)}
    found: tuple[Hunk, ...] | None = None
    if kinds == {Media.FEED}:
        found = _feeds(before.page, after.page, ignore)
    elif kinds in ({Media.JSON}, {Media.XML}):
        found = _documents(before.page, after.page, ignore)
    elif is_csv(before.page) and is_csv(after.page):
        found = _sheets(_text(before.page), _text(after.page), ignore)
    elif kinds == {Media.PLAIN}:
        found = _calendars(_text(before.page), _text(after.page), ignore)
    if found is None:
        return None
    masks = Mask(before), Mask(after)
    return tuple(_placed(hunk, *masks) for hunk in found)


def _placed(hunk: Hunk, was: Mask, now: Mask) -> Hunk:
    if hunk.place:
        return hunk
    noise = ""
    if hunk.kind == "changed":
        before, after = was.text(hunk.before), now.text(hunk.after)
        noise = reason(before.text) if before.text == after.text else ""
        if before.drawn == after.drawn:
            return replace(hunk, noise=noise, place=drawn_place(hunk.where, before.drawn))
    place = place_of((hunk.where, ""), [hunk.before][: bool(hunk.before)], [hunk.after][: bool(hunk.after)])
    return replace(hunk, noise=noise, place=place)


def data_text(document: Document) -> str | None:
    """The whole of a document of data or a feed, the same however it is ordered; None for anything else."""
    if document.page is None:
        return None
    kind = media_of_page(document.page)
    if kind is Media.FEED:
        text, url = _text(document.page), document.page.final_url
        entries = (
            "\n".join((e.text, *(f"{said}\t{goal}" for said, goal, _ in e.links)))
            for e in feed_entries(text, url)
        )
        return "\n".join((feed_head(text, url), *sorted(entries)))
    if kind in (Media.JSON, Media.XML):
        try:
            return json.dumps(data_in(_text(document.page), kind), sort_keys=True, ensure_ascii=False)
        except (ValueError, RecursionError):
            return None
    return None


def _text(page: Page) -> str:
    return decode(page.body, page.content_type).removeprefix("\ufeff")


# --- JSON and XML


def _documents(before: Page, after: Page, ignore: _Ignore) -> tuple[Hunk, ...] | None:
    try:
        old, new = (data_in(_text(page), media_of_page(page)) for page in (before, after))
    except ValueError:  # only said to be data, or deeper than anything we print
        return None
    if new == "" and isinstance(old, dict):  # a root of XML that holds nothing
        new = {}
    return tuple(islice(_values("", old, new, 0, ignore), _MOST))


def _sheets(before: str, after: str, ignore: _Ignore) -> tuple[Hunk, ...] | None:
    """The differences of two CSV files: columns that came and went, and the cells of those that stayed."""
    old, new = records_of(before), records_of(after)
    if old is None or new is None:
        return None
    was, is_ = (list(rows[0]) if rows else [] for rows in (old, new))
    if not was or not is_:
        emptied = len(old) >= _FEW and not new
        found = _emptied("", old, ignore) if emptied else _listed("", old, new, 0, ignore)
        return tuple(islice(found, _MOST))
    kept = [name for name in was if name in is_]
    gone = [Hunk(name, "", "removed", name) for name in was if name not in kept]
    came = [Hunk("", name, "added", name) for name in is_ if name not in kept]
    one, other = ([{name: row[name] for name in kept} for row in rows] for rows in (old, new))
    return tuple(islice((*gone, *came, *_values("", one, other, 0, ignore)), _MOST))


def _calendars(before: str, after: str, ignore: _Ignore) -> tuple[Hunk, ...] | None:
    """The differences of two calendars or address cards."""
    if not is_content_lines(before) or not is_content_lines(after):
        return None
    old, new = without_names(components(before), components(after))
    return tuple(islice(_values("", old, new, 0, ignore), _MOST))


def _values(path: str, old: Any, new: Any, depth: int, ignore: _Ignore) -> Iterator[Hunk]:
    """What differs between two values at one path."""
    if depth < _DEEPEST and isinstance(old, dict) and isinstance(new, dict):
        yield from _named(path, old, new, depth, ignore)
    elif isinstance(old, list) and len(old) >= _FEW and new in _NOTHING:
        yield from _emptied(path, old, ignore)
    elif depth < _DEEPEST and isinstance(old, list) and isinstance(new, list):
        names = name_of(old, new)
        if names is None:
            yield from _listed(path, old, new, depth, ignore)
            return
        one, other = ({_key(names, item): item for item in items} for items in (old, new))
        yield from _named(path, one, other, depth, ignore)
    elif not _equal(path, old, new):
        yield from _hunk(path, old, new, ignore)


def _emptied(path: str, gone: list[Any], ignore: _Ignore) -> Iterator[Hunk]:
    """A list that was full and is empty."""
    place = place_of((path, ""), [], [], emptied=True)
    for number, item in enumerate(gone):
        for hunk in _hunk(f"{path}[{number}]", item, None, ignore, kind="removed"):
            yield replace(hunk, place=place)


def _equal(path: str, old: Any, new: Any) -> bool:
    """Whether two values are one: 1000 is 1e3 and, as text, "1000.0"; to Python 1 is True too."""
    if isinstance(old, Written) and isinstance(new, Written):
        return _same_number(old, new)
    if type(old) is type(new) and old == new:
        return True
    texts = isinstance(old, str) and isinstance(new, str)
    if bool in (type(old), type(new)) or (texts and not _PRICED.search(path)):
        return False
    if not all(isinstance(each, (int, float, str)) for each in (old, new)):
        return False
    one, other = (each.text if isinstance(each, Written) else str(each) for each in (old, new))
    both = _NUMERAL.fullmatch(one) and _NUMERAL.fullmatch(other)
    return bool(both) and Decimal(one) == Decimal(other)


def _same_number(old: Written, new: Written) -> bool:
    """Whether two numbers are one but for what computing in floats leaves in their last digits, which the one
    that is rounded does not have (0.3 and 0.30000000000000004)."""
    if old.text == new.text or Decimal(old.text) == Decimal(new.text):
        return True
    if math.isinf(old) or math.isinf(new) or abs(old - new) > _ULPS * math.ulp(max(abs(old), abs(new))):
        return False
    digits = sorted(len(Decimal(each.text).as_tuple().digits) for each in (old, new))
    return digits[0] <= sys.float_info.dig < digits[1]


def _named(
    path: str, old: Mapping[str, Any], new: Mapping[str, Any], depth: int, ignore: _Ignore
) -> Iterator[Hunk]:
    for name in dict.fromkeys((*old, *new)):
        inner = f"{path}{name}" if name.startswith("[") else f"{path}.{name}" if path else name
        if name not in old:
            yield from _hunk(inner, None, new[name], ignore, kind="added")
        elif name not in new and isinstance(old[name], list) and len(old[name]) >= _FEW:
            yield from _emptied(inner, old[name], ignore)
        elif name not in new:
            yield from _hunk(inner, old[name], None, ignore, kind="removed")
        else:
            yield from _values(inner, old[name], new[name], depth + 1, ignore)


def _listed(path: str, old: list[Any], new: list[Any], depth: int, ignore: _Ignore) -> Iterator[Hunk]:
    """Lists whose items have no names: compared in order, those of records without those that both have.
    Where as many came as went, each for each."""
    if all(isinstance(item, dict) for item in (*old, *new)):
        old, new = _apart(old, new), _apart(new, old)
    one, other = ([_dumped(each) for each in items] for items in (old, new))
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
    if isinstance(value, Written):
        value = value.text
    plain = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"{path}: {plain}" if path else str(plain)


def _apart(items: list[Any], others: list[Any]) -> list[Any]:
    """The items that the others do not have, each as often as it is missing there."""
    there = Counter(_dumped(each) for each in others)
    left = []
    for item in items:
        if there[dumped := _dumped(item)] > 0:
            there[dumped] -= 1
        else:
            left.append(item)
    return left


def _dumped(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _key(names: Names, item: Mapping[str, Any]) -> str:
    said = (f"{'.'.join(name)}={value_at(item, name)}" for name in names)
    return f"[{', '.join(said)}]"


# --- feeds


def _feeds(before: Page, after: Page, ignore: _Ignore) -> tuple[Hunk, ...]:
    old, new = ([*feed_entries(_text(page), page.final_url)] for page in (before, after))
    was, is_ = ({entry.id: entry for entry in entries} for entries in (old, new))
    was_head, head = (feed_head(_text(page), page.final_url) for page in (before, after))
    found = [*_hunk("", was_head, head, ignore)]
    anew = not was.keys() & is_.keys()  # such a feed keeps no id
    last = max((at for at, entry in enumerate(old) if entry.id in is_), default=len(old))
    # Those below the last that stays fell off the end: what says the same is news.
    renamed = {_known(entry, anew=anew): entry for entry in old[:last] if entry.id not in is_}
    came, kept = 0, set(is_)
    for entry in new:
        earlier = was.get(entry.id) or renamed.pop(_known(entry, anew=anew), None)
        found += _new(entry, ignore) if earlier is None else _changed(earlier, entry, ignore)
        came += earlier is None
        kept.add(entry.id if earlier is None else earlier.id)
    gone = [entry for entry in old if entry.id not in kept]
    if gone and came >= len(gone) and {entry.id for entry in old[-len(gone) :]} == {e.id for e in gone}:
        gone = []  # newer entries pushed these off the end
    place = place_of(("", ""), [], [], emptied=True) if len(old) >= _FEW and not new else ""
    left = (
        Hunk(entry.text, "", "removed", entry.title, place=place) for entry in gone if _said(entry, ignore)
    )
    return (*found, *left)


def _known(entry: Entry, *, anew: bool) -> tuple[str, ...]:
    """By what an entry is known whose id is another: its words, and where it leads unless all are new."""
    goals = () if anew else (spelt(goal) for _, goal, _ in entry.links)
    return (fold(entry.text), *goals)


def _new(entry: Entry, ignore: _Ignore) -> list[Hunk]:
    return [Hunk("", entry.text, "added", entry.title)] if _said(entry, ignore) else []


def _changed(old: Entry, new: Entry, ignore: _Ignore) -> list[Hunk]:
    same = fold(without(old.text, ignore)) == fold(without(new.text, ignore))
    found = [] if same else [Hunk(old.text, new.text, "changed", new.title)]
    was, is_ = (
        [Linked(said, goal, new.title, fold(text)) for said, goal, text in e.links] for e in (old, new)
    )
    stay = Counter(link.key for link in was) & Counter(link.key for link in is_)
    return [*found, *links_changed(was, is_, stay)]


def _said(entry: Entry, ignore: _Ignore) -> bool:
    return bool(re.search(r"\w", fold(without(entry.text, ignore))))
