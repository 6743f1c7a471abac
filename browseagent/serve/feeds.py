"""What was told of watches as Atom feeds (RFC 4287), each with a key of its own in its address: a feed reader
has neither a cookie nor a token, and a key opens that one feed and nothing else."""

from __future__ import annotations

import asyncio
import hmac
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import Response

from browseagent.forms import watches as watch_forms
from browseagent.serve.access import signature
from browseagent.serve.api import NotHere, warm_of
from browseagent.serve.html import to
from browseagent.serve.secret import secret_of
from browseagent.serve.warm import Warm
from browseagent.watch.notify.feed import written

router = APIRouter(include_in_schema=False)
_MOST = 100


@router.get("/feed.atom")
async def everything(request: Request, key: str = "") -> Response:
    """What was told of all watches."""
    return await _feed(request, "", key)


@router.get("/watches/{name:path}/feed.atom")
async def one(request: Request, name: str, key: str = "") -> Response:
    """What was told of one watch."""
    return await _feed(request, name, key)


def feed_of(warm: Warm, name: str = "") -> str:
    """The address of a feed with its key: of one watch, or of all."""
    path = f"/watches/{quote(name)}/feed.atom" if name else "/feed.atom"
    return to(path, key=_key(warm, name))


async def _feed(request: Request, name: str, key: str) -> Response:
    warm = warm_of(request)
    if not hmac.compare_digest(key.encode(), (await asyncio.to_thread(_key, warm, name)).encode()):
        raise NotHere("there is no such feed", hint="Its whole address stands on the page of watches.")
    happened = await asyncio.to_thread(lambda: warm.kept.book.recent(name, limit=_MOST))
    alerts = [
        {
            **watch_forms.event(each.event),
            "watch": each.name,
            "url": each.url,
            "tags": each.tags,
            "changes_left_out": 0,
        }
        for each in happened
    ]
    title = f"browseagent: {name}" if name else "browseagent"
    return Response(written(title, f"serve:{name}", alerts), media_type="application/atom+xml")


def _key(warm: Warm, name: str) -> str:
    return signature(secret_of(warm.settings.home), f"feed {name}")[:40]
