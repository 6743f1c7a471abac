"""What a page has shown of its own places: which of them differ by themselves. Pure.

A place is where differences stand between the same neighbours, in the same shape. It is noise once the
page has shown it: the place differed between two looks that were made at once, it went to another text and
back at the very next look, its numbers were others at every look for hours, or what an address has drawn by
lot was another at three looks within these. A place that stands still
for a while is forgotten: what it does next is a change again.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from browseagent.records import Hunk

_NUMBERED = re.compile(r"\w*\d[\w.,:/-]*")
_MONEY = re.compile(r"[A-Z]{3}\s?\d|\d\s?[A-Z]{3}\b")
EMPTIED = "e"
"""What the names of places begin with where a whole list is gone."""
DRAWN = "t"
"""What they begin with where nothing differs but what looks drawn by lot in an address."""
STILL = 10
"""Good looks in a row without a difference after which a place is forgotten."""
_LOOKS, _HOURS = 6, timedelta(hours=3)
"""Looks in a row that saw another number, and over how long: nobody sets a number so often."""
_DRAWS = 3
"""The same for what is drawn by lot, within these hours: a token that a cache keeps for a while."""
_VALUES = 8
_MOST = 200
"""Values that are remembered of a place, and places of a watch."""
_AT_ONCE = "it differs between two looks made at once"
_TO_AND_FRO = "it went to and fro before"
_EVERY_LOOK = "it was another number at every look for hours"
_DRAWN_ANEW = "it was drawn anew at every look"


@dataclass(frozen=True, slots=True)
class Place:
    """What is known of one place. Values are hashes of what stood there."""

    key: str
    base: str
    """In the baseline."""
    values: tuple[str, ...]
    """In turn, each differing from the one before; the newest last."""
    run: int
    """Looks in a row that differed from the look before."""
    since: datetime
    """When the run began."""
    still: int = 0
    """Looks in a row that did not."""
    shown: str = ""
    """Why it is noise; empty: it is none."""


def place_of(
    neighbours: tuple[str, str], before: Sequence[str], after: Sequence[str], *, emptied: bool = False
) -> str:
    """The name of a place: what stands on either side, and the shape of what differs there. Where that is
    numbers alone the shape is the text around them. ``emptied`` where it was a whole list and is none."""
    shapes = {_NUMBERED.sub("#", "\n".join(texts)) for texts in (before, after)}
    shape = f"#{shapes.pop()}" if len(shapes) == 1 else f"{len(before)}:{len(after)}"
    kind = "n" if shape[0] == "#" and not _is_money("\n".join(after)) else "w"
    kind = EMPTIED if emptied else kind
    return f"{kind}{_hash(*neighbours, shape)}"


def drawn_place(where: str, masked: str) -> str:
    """The name of a place that differs by what looks drawn by lot: all the rest of it, as it is masked."""
    return f"{DRAWN}{_hash(where, masked)}"


def is_numbers(hunk: Hunk) -> bool:
    """Whether a text changed by its numbers alone, and has words by which it is known."""
    if hunk.kind != "changed":
        return False
    before, after = (_NUMBERED.sub("#", text) for text in (hunk.before, hunk.after))
    return before == after and any(character.isalpha() for character in after)


def _is_money(text: str) -> bool:
    return bool(_MONEY.search(text)) or any(unicodedata.category(each) == "Sc" for each in text)


def marked(hunks: Sequence[Hunk], places: Sequence[Place]) -> tuple[Hunk, ...]:
    """The differences, with what the page has shown to be noise marked as such."""
    known = {place.key: place for place in places if place.shown}
    now = {key: after for key, (_, after) in _values(hunks).items()}

    def why(hunk: Hunk) -> str:
        place = known.get(hunk.place)
        if hunk.noise or place is None:
            return hunk.noise
        if place.shown == _TO_AND_FRO and now[hunk.place] not in place.values:
            return ""
        return place.shown

    return tuple(replace(hunk, noise=why(hunk)) for hunk in hunks)


def suspected(hunks: Sequence[Hunk], places: Sequence[Place]) -> bool:
    """Whether a difference stands where the look before saw another one already, or is of what looks drawn
    by lot: a second look at once tells whether the place differs by itself."""
    running = {place.key for place in places if place.run}
    return any(not h.noise and (h.place in running or h.place.startswith(DRAWN)) for h in hunks)


def differed(places: Sequence[Place], again: Sequence[Hunk]) -> tuple[Place, ...]:
    """The places after a second look made at once, which differs from the first by ``again``."""
    keys = {hunk.place for hunk in again}
    return tuple(replace(each, shown=_AT_ONCE) if each.key in keys else each for each in places)


def observed(places: Sequence[Place], hunks: Sequence[Hunk], now: datetime) -> tuple[Place, ...]:
    """The places after a look that differs from the baseline by ``hunks``."""
    values = _values(hunks)
    known = {place.key for place in places}
    kept = [_seen(each, values.get(each.key, (each.base, each.base))[1], now) for each in places]
    new = [Place(key, old, (old, after), 1, now) for key, (old, after) in values.items() if key not in known]
    return tuple(each for each in (*kept, *new) if each.still < STILL)[-_MOST:]


def unmoved(places: Sequence[Place], now: datetime) -> tuple[Place, ...]:
    """The places after a look that is the same as the one before."""
    seen = (_seen(each, each.values[-1], now) for each in places)
    return tuple(each for each in seen if each.still < STILL)


def settled_elsewhere(before: Sequence[Place], after: Sequence[Place]) -> bool:
    """Whether a place was forgotten that stands otherwise than in the baseline: that is to be told."""
    kept = {place.key for place in after}
    return any(each.key not in kept and each.values[-1] != each.base for each in before)


def rebased(places: Sequence[Place]) -> tuple[Place, ...]:
    """The places when this look becomes the baseline."""
    return tuple(replace(each, base=each.values[-1]) for each in places)


def _seen(place: Place, value: str, now: datetime) -> Place:
    if value == place.values[-1]:
        return replace(place, run=0, still=place.still + 1)
    run, since = place.run + 1, place.since if place.run else now
    shown = place.shown
    if not shown and run > 1 and value == place.values[-2]:
        shown = _TO_AND_FRO
    if shown != _AT_ONCE and place.key[0] == "n" and run >= _LOOKS and now - since >= _HOURS:
        shown = _EVERY_LOOK
    if not shown and place.key[0] == DRAWN and run >= _DRAWS and now - since <= _HOURS:
        shown = _DRAWN_ANEW
    return replace(
        place, values=(*place.values, value)[-_VALUES:], run=run, since=since, still=0, shown=shown
    )


def _values(hunks: Sequence[Hunk]) -> dict[str, tuple[str, str]]:
    """What stood and what stands at each place with a difference."""
    texts: dict[str, tuple[list[str], list[str]]] = {}
    for hunk in hunks:
        if hunk.place:
            before, after = texts.setdefault(hunk.place, ([], []))
            before += [hunk.before] if hunk.before else []
            after += [hunk.after] if hunk.after else []
    return {key: (_hash(*before), _hash(*after)) for key, (before, after) in texts.items()}


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]
