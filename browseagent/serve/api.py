"""The HTTP API: ``/v1/…``. Each request is one of the forms in, one of the forms out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, cast

from fastapi import APIRouter, Query, Request
from fastapi.responses import PlainTextResponse, Response

from browseagent.agent.agent import Agent
from browseagent.agent.events import Event
from browseagent.agent.named import web_url
from browseagent.agent.reports import report
from browseagent.errors import UsageError
from browseagent.forms import results as forms
from browseagent.forms import shapes, stored_shapes
from browseagent.forms import stored as stored_forms
from browseagent.records import Document, ErrorInfo, Hunk
from browseagent.serve import bodies
from browseagent.serve.replies import STREAM, JsonReply, status_of_info, streamed, while_there
from browseagent.serve.warm import Warm
from browseagent.store.listing import StoredPage
from browseagent.store.port import Version

router = APIRouter(prefix="/v1", default_response_class=JsonReply)
Told = Callable[[Event], None]
Limit = Annotated[int, Query(ge=0, le=1000)]


def warm_of(request: Request) -> Warm:
    """The open parts of the server."""
    return cast("Warm", request.app.state.warm)


def _says(form: type) -> dict[int | str, dict[str, Any]]:
    """What OpenAPI tells of a reply."""
    return {200: {"model": form}, "4XX": {"model": shapes.Failure}, "5XX": {"model": shapes.Failure}}


@router.post("/ask", responses=_says(shapes.Answer))
async def ask(request: Request, body: bodies.Ask) -> Response:
    """Answers a question from pages, with the words that it rests on."""
    warm = warm_of(request)
    sources = addresses(body.sources)
    if body.json_schema is not None and body.type is not None:
        raise UsageError("schema and type exclude each other", hint="Give one of them.")
    typed: str | Mapping[str, Any] | None = body.json_schema if body.json_schema is not None else body.type

    async def work(tell: Told) -> shapes.Answer:
        agent = warm.under(body.options.said(), tell)
        async with warm.desk.turn():
            made = await answered(agent, body.question, sources, typed, warm.settings.model)
        warm.count(made["status"])
        return made

    return await _replied(request, "answer", work)


@router.post("/summarize", responses=_says(shapes.Summary))
async def summarize(request: Request, body: bodies.Summarize) -> Response:
    """The points of pages, each with its quote."""
    warm = warm_of(request)
    sources = addresses(body.sources)

    async def work(tell: Told) -> shapes.Summary:
        agent = warm.under(body.options.said(), tell)
        async with warm.desk.turn():
            made = await agent.summarize(*sources, length=body.length)
        warm.count("summarized" if made.error is None else "failed")
        return forms.summary(made, warm.settings.model)

    return await _replied(request, "summary", work)


@router.post("/brief", responses=_says(shapes.Summary))
async def brief(request: Request, body: bodies.Summarize) -> Response:
    """One report of several pages: a summary of all, each point with the pages that carry it."""
    return await summarize(request, body)


@router.post("/read", responses=_says(shapes.Document))
async def read(request: Request, body: bodies.Read) -> Response:
    """The readable text of a page; as Markdown where the request accepts ``text/markdown``."""
    warm = warm_of(request)
    named = body.sources or ([body.source] if body.source else [])
    if not named:
        raise UsageError("no source was named", hint='Give {"source": "https://…"}.')
    (source,) = addresses(named)

    async def work() -> Response:
        async with warm.desk.turn():
            found = await warm.under(body.options.said()).read(source)
        warm.count("read")
        if "text/markdown" in request.headers.get("accept", ""):
            return PlainTextResponse(found.markdown, media_type="text/markdown")
        return JsonReply(of_document(found))

    return await while_there(request, work())


@router.get("/pages", responses=_says(stored_shapes.Cache))
async def pages(
    request: Request, q: str = "", limit: Limit = 100, offset: Annotated[int, Query(ge=0)] = 0
) -> Response:
    """What is stored; ``q`` is looked for in addresses and titles."""
    warm = warm_of(request)
    found, size = await asyncio.to_thread(lambda: (warm.kept.pages.pages(), warm.kept.pages.size()))
    return JsonReply(stored_forms.cache_list(chosen_pages(found, q)[offset:][:limit], size))


@router.get("/pages/versions", responses=_says(stored_shapes.History))
async def versions(request: Request, url: str) -> Response:
    """The stored versions of a page, newest first."""
    found = await asyncio.to_thread(warm_of(request).kept.pages.history, web_url(url))
    if not found:
        raise NotHere(f"no version of {url} is stored")
    return JsonReply(stored_forms.history(found[0].url, found))


@router.get("/pages/diff", responses=_says(stored_shapes.Diff))
async def diff(
    request: Request,
    url: str,
    before: Annotated[int | None, Query(alias="from")] = None,
    to: int | None = None,
) -> Response:
    """How the text of a page changed between two versions (``from`` and ``to``, their numbers; default: the
    last two)."""
    old, new, hunks = await asyncio.to_thread(compared, warm_of(request), web_url(url), before, to)
    return JsonReply(stored_forms.diff(old, new, hunks))


class NotHere(UsageError):
    """What was asked for by name is not here."""

    kind = "not_found"


def addresses(given: Sequence[str]) -> list[str]:
    """Web addresses, and nothing else: no path, no ``-``. Raises UsageError."""
    for each in given:
        if not each.lower().startswith(("http://", "https://")):
            raise UsageError(f"{each[:200]!r} is no http or https address", hint="Give it whole.")
    return [web_url(each) for each in given]


async def answered(
    agent: Agent,
    question: str,
    sources: Sequence[str],
    typed: str | Mapping[str, Any] | None,
    model: str,
) -> shapes.Answer:
    """``browseagent.answer/1``, typed where that was asked for."""
    if typed is not None:
        return forms.typed(await agent.extract(typed, *sources, question=question), model)
    return forms.answer(await agent.ask(question, *sources), model)


def of_document(found: Document) -> shapes.Document:
    """``browseagent.document/1``."""
    return forms.document(found, None if found.page is None else report(found.page, found))


def chosen_pages(found: list[StoredPage], words: str) -> list[StoredPage]:
    """Those whose address or title holds all words."""
    wanted = words.casefold().split()
    return [each for each in found if all(w in f"{each.url} {each.title}".casefold() for w in wanted)]


def compared(
    warm: Warm, url: str, before: int | datetime | None, after: int | None
) -> tuple[Version, Version, tuple[Hunk, ...]]:
    """Two stored versions of a page and how they differ. ``before``: its number, or the version of a time
    (where that is before all, the oldest); default: the last two. Raises NotHere."""
    from browseagent.read import read_page
    from browseagent.watch.compare import compare

    found = warm.kept.pages.history(url)
    if before is None and after is None and len(found) < 2:
        raise NotHere(f"{url} has {len(found)} stored versions", hint="Two are needed.")
    known = {each.id: each for each in found}
    newer = found[0].id if after is None and found else after
    if isinstance(before, datetime):
        before = next(
            (each.id for each in found if each.first_seen <= before), found[-1].id if found else None
        )
    older = (
        before if before is not None else next((number for number in known if number < (newer or 0)), None)
    )
    if newer not in known or older not in known:
        raise NotHere(f"{url} has no such version", hint="GET /v1/pages/versions lists them.")
    documents = []
    for number in (older, newer):
        page = warm.kept.pages.version_page(number)
        if page is None:
            raise NotHere(f"version {number} of {url} is gone")
        documents.append(read_page(page))
    return known[older], known[newer], compare(documents[0], documents[1]).differences


async def _replied(request: Request, name: str, work: Callable[[Told], Any]) -> Response:
    """The result of the work as JSON, or as a stream of events where the request accepts one."""
    if STREAM in request.headers.get("accept", ""):
        warm_of(request).desk.check()
        return streamed(name, work)

    async def whole() -> Response:
        made = await work(lambda _: None)
        error = made["error"]
        return JsonReply(made, status_of_info(None if error is None else ErrorInfo(**error)))

    return await while_there(request, whole())
