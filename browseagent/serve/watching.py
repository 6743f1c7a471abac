"""The HTTP API of watches: ``/v1/watches…``."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from browseagent.errors import BrowseAgentError, StoreError, UsageError
from browseagent.forms import shapes, watch_shapes
from browseagent.forms import watches as watch_forms
from browseagent.records.clock import utc_now
from browseagent.serve import bodies
from browseagent.serve.api import NotHere, _says, addresses, warm_of
from browseagent.serve.replies import JsonReply, while_there
from browseagent.serve.warm import Warm
from browseagent.store.watch_book import Entry
from browseagent.store.watch_rows import UnreadableWatch
from browseagent.watch.definitions import name_for
from browseagent.wiring import checked_now, with_zone

T = TypeVar("T")
router = APIRouter(prefix="/v1/watches", default_response_class=JsonReply)
_FURTHEST = 2**31
"""More than a database counts to is asked of none."""


class Closed(BrowseAgentError):
    """What the person who started the server did not open."""

    kind = "closed"

    def __init__(self) -> None:
        super().__init__(
            "watches cannot be changed here", hint="Start the server with --allow-writes to allow it."
        )


class Taken(UsageError):
    """A name that another has."""

    kind = "conflict"


@router.get("", responses=_says(watch_shapes.Watches))
async def listing(
    request: Request,
    q: str = "",
    state: str = "",
    tag: str = "",
    limit: Annotated[int | None, Query(ge=0)] = None,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> Response:
    """The watches and how they stand; ``q`` is looked for in names and addresses. Without limit, all."""
    book = warm_of(request).kept.book
    start, most = min(offset, _FURTHEST), None if limit is None else min(limit, _FURTHEST)

    def made() -> Response:
        return JsonReply(watch_forms.listing(book.chosen(q.split(), state, tag, start=start, most=most)))

    return await asyncio.to_thread(made)  # all of 10,000 take half a second


@router.post("", status_code=201, responses=_says(watch_shapes.Watch))
async def add(request: Request, body: bodies.NewWatch) -> Response:
    """A new watch."""
    warm = writing(request)
    (url,) = addresses([body.url])
    settings = _public(warm, {**(body.model_extra or {}), "url": url})
    return JsonReply(await asyncio.to_thread(_added, warm, body.name, settings), 201)


@router.get("/{name}", responses=_says(watch_shapes.Watch))
async def show(request: Request, name: str) -> Response:
    """A watch and the looks that are kept."""
    return JsonReply(await asyncio.to_thread(shown, warm_of(request), name))


@router.patch("/{name}", responses=_says(watch_shapes.Watch))
async def change(request: Request, name: str, body: bodies.WatchSettings) -> Response:
    """Changes settings of a watch; null takes one away."""
    warm = writing(request)
    return JsonReply(await asyncio.to_thread(_changed, warm, name, dict(body.model_extra or {})))


@router.delete("/{name}", responses=_says(watch_shapes.Watches))
async def remove(request: Request, name: str) -> Response:
    """Forgets a watch and its history."""
    warm = writing(request)
    await asyncio.to_thread(own_of, warm, name)
    await asyncio.to_thread(warm.kept.book.remove, name)
    left = await asyncio.to_thread(warm.kept.book.chosen)
    return JsonReply(watch_forms.listing(left))


@router.post("/{name}/check", responses=_says(watch_shapes.Check))
async def check(request: Request, name: str) -> Response:
    """Checks a watch now; what is to be sent is sent by ``watch run`` or ``--with-watches``."""
    warm = warm_of(request)
    await asyncio.to_thread(entry_of, warm, name)

    async def work() -> Response:
        async with warm.desk.turn():
            done = await checked_now(warm.kept, warm.checker, name)
        warm.count("checked")
        return JsonReply(watch_forms.check(done), 200 if done.trouble is None else 502)

    return await while_there(request, work())


@router.get("/{name}/history", responses=_says(watch_shapes.WatchHistory))
async def history(request: Request, name: str, limit: int = 100) -> Response:
    """What happened to a watch, newest first."""
    warm = warm_of(request)
    await asyncio.to_thread(entry_of, warm, name)
    events = await asyncio.to_thread(lambda: warm.kept.book.history(name, limit=max(1, min(limit, 1000))))
    return JsonReply(watch_forms.history(name, events))


@router.get("/{name}/answers", responses=_says(watch_shapes.WatchAnswers))
async def answers(request: Request, name: str, limit: int = 1000) -> Response:
    """What the page said to the watch's standing questions, over time, oldest first."""
    warm = warm_of(request)
    await asyncio.to_thread(entry_of, warm, name)
    events = await asyncio.to_thread(lambda: warm.kept.book.history(name, limit=max(1, min(limit, 10_000))))
    return JsonReply(watch_forms.answers(name, events))


def entry_of(warm: Warm, name: str) -> Entry:
    """A watch by name. Raises NotHere, and UnreadableWatch."""
    return _known(name, lambda: warm.kept.book.entries([name])[0])


def own_of(warm: Warm, name: str) -> dict[str, Any]:
    """The own settings of a watch, readable or not. Raises NotHere."""
    return _known(name, lambda: warm.kept.book.own([name])[name])


def _known(name: str, look: Callable[[], T]) -> T:
    """What is found of a watch by its name. Raises NotHere where there is none of it."""
    try:
        return look()
    except (StoreError, UnreadableWatch):
        raise
    except (UsageError, ValueError) as error:
        raise NotHere(f"there is no watch {name[:100]!r}") from error


def shown(warm: Warm, name: str) -> watch_shapes.Watch:
    """``browseagent.watch/1``. Raises NotHere."""
    return watch_forms.shown(entry_of(warm, name), warm.kept.book.snapshots(name))


def writing(request: Request) -> Warm:
    """The open parts, for a request that changes a watch. Raises Closed."""
    warm = warm_of(request)
    if not warm.options.allow_writes:
        raise Closed
    return warm


def _public(warm: Warm, settings: dict[str, Any]) -> dict[str, Any]:
    """The settings, the page never being got from a private network where the server may not read that."""
    names_page = "url" in settings or "public" in settings
    return {**settings, "public": True} if names_page and not warm.options.allow_private else settings


def _added(warm: Warm, name: str | None, settings: dict[str, Any]) -> shapes.Failure | watch_shapes.Watch:
    taken = set(warm.kept.book.names())
    name = name or name_for(settings["url"], taken)
    if name in taken:
        raise Taken(f"there is a watch {name!r} already", hint="PATCH changes it.")
    warm.kept.book.put(name, with_zone(settings, warm.kept), utc_now())
    return shown(warm, name)


def _changed(warm: Warm, name: str, settings: dict[str, Any]) -> watch_shapes.Watch:
    before = own_of(warm, name)
    if "url" in settings:
        (settings["url"],) = addresses([str(settings["url"])])
    settings = _public(warm, settings)
    own = {**before, **settings}
    warm.kept.book.put(name, {key: value for key, value in own.items() if value is not None}, utc_now())
    return shown(warm, name)
