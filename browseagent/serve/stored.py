"""The Pages pages: what is stored, the versions of a page, and how two of them differ. ``/pages…``."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request
from fastapi.responses import Response

from browseagent.forms import results as forms
from browseagent.read import read_page
from browseagent.serve.api import NotHere, chosen_pages, compared, warm_of
from browseagent.serve.asking import Number, number_of
from browseagent.serve.html import page
from browseagent.serve.shown import shown

router = APIRouter(include_in_schema=False)
PER_PAGE = 50


@router.get("/pages")
async def listing(request: Request, q: str = "", start: int = 0) -> Response:
    """What is stored, the most recently seen first."""
    kept = warm_of(request).kept.pages
    everything, size = await asyncio.to_thread(lambda: (kept.pages(), kept.size()))
    found = chosen_pages(everything, q)
    start = max(0, start)
    return page(
        request, "pages.html", found=found[start : start + PER_PAGE], total=len(found), size=size, q=q,
        start=start, per_page=PER_PAGE,
    )  # fmt: skip


@router.get("/pages/versions")
async def versions(request: Request, url: str) -> Response:
    """The versions of a page on a time line."""
    found = await asyncio.to_thread(warm_of(request).kept.pages.history, url)
    if not found:
        raise NotHere(f"no version of {url[:200]} is stored")
    variants = {each.variant for each in found}
    return page(request, "versions.html", url=url, versions=found, variants=variants)


@router.get("/pages/versions/{number}")
async def version(request: Request, number: Number) -> Response:
    """The text of one version."""
    kept = warm_of(request).kept.pages
    of = await asyncio.to_thread(kept.version_page, number)
    if of is None:
        raise NotHere("this version is not stored any more")
    document = await asyncio.to_thread(read_page, of)
    return page(request, "version.html", of=of, document=document, shown=shown(document))


@router.get("/pages/diff")
async def diff(request: Request, url: str, to: str = "") -> Response:
    """How two versions differ, word by word."""
    warm = warm_of(request)
    before, after = number_of(request.query_params.get("from", "")), number_of(to)
    if before is not None and after is not None and before > after:
        before, after = after, before
    if before == after and before is not None:
        raise NotHere("a version does not differ from itself", hint="Choose two.")
    old, new, hunks = await asyncio.to_thread(compared, warm, url, before, after)
    return page(request, "diff.html", url=url, old=old, new=new, hunks=[forms.hunk(each) for each in hunks])
