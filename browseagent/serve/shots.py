"""Before and after of a change: the pictures with what changed framed, and the words. ``/changes/NUMBER``."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response

from browseagent.forms import watches as watch_forms
from browseagent.records import Box, Hunk
from browseagent.serve.api import NotHere, warm_of
from browseagent.serve.asking import Number
from browseagent.serve.framed import framed, window
from browseagent.serve.html import page
from browseagent.serve.warm import Warm
from browseagent.store.screenshots import Screenshots
from browseagent.store.watch_book import EventEntry

router = APIRouter(include_in_schema=False)
SHOWN = 3
"""Changes of a history whose pictures stand in it; the others are a link away. Each is two images."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One side of a change."""

    snapshot: int
    width: int
    height: int
    frames: tuple[Box, ...]
    part: Box
    """What is shown of it in a history."""

    @property
    def left_out(self) -> int:
        """Frames that are not in that part."""
        return sum(1 for box in self.frames if box.y >= self.part.y + self.part.height)


@dataclass(frozen=True, slots=True)
class Pair:
    """The pictures of a change; None for a side that has none."""

    before: Picture | None
    after: Picture | None


@router.get("/looks/{number}/picture")
async def picture(request: Request, number: Number) -> Response:
    """The picture of a look: an image that our browser took, and never markup of a page."""
    found = await asyncio.to_thread(Screenshots(warm_of(request).kept.pages.database).get, number)
    if found is None:
        raise NotHere("there is no picture of this look", hint="It went with its limit, or none was taken.")
    return Response(found.image, media_type=found.media_type)


@router.get("/changes/{number}")
async def change(request: Request, number: Number) -> Response:
    """One change: both pictures whole, and the words."""
    warm = warm_of(request)
    found = await asyncio.to_thread(warm.kept.book.event, number)
    if found is None:
        raise NotHere("nothing of that number happened to a watch")
    event = found.event
    pair = await asyncio.to_thread(paired, warm, event.before, event.after, _changes(event))
    return page(request, "change.html", watch=found, event=watch_forms.event(event), pair=pair)


def pairs(warm: Warm, watch: int, events: Sequence[EventEntry]) -> tuple[dict[int, Pair], set[int]]:
    """Of a watch's events, newest first: the pictures of the newest ones that have any, by number; and the
    numbers of all that have some."""
    pictured = Screenshots(warm.kept.pages.database).of_watch(watch)
    having = [each for each in events if {each.before, each.after} & pictured and _changes(each)]
    found = {each.id: paired(warm, each.before, each.after, _changes(each)) for each in having[:SHOWN]}
    return found, {each.id for each in having}


def paired(warm: Warm, before: int | None, after: int | None, changes: Sequence[Hunk]) -> Pair:
    """The pictures of two looks, with what changed framed."""
    pictures = Screenshots(warm.kept.pages.database)
    shots = [None if number is None else pictures.get(number, image=False) for number in (before, after)]
    frames = framed(changes, *(() if shot is None else shot.boxes for shot in shots))
    sides = [
        None
        if shot is None or number is None
        else Picture(number, shot.width, shot.height, boxes, window(boxes, shot.width, shot.height))
        for number, shot, boxes in zip((before, after), shots, frames, strict=True)
    ]
    return Pair(*sides)


def _changes(event: EventEntry) -> Sequence[Hunk]:
    return () if event.verdict is None else event.verdict.changes
