"""The Ask page: a question, its answer, and the stored page beside it. ``/``, ``/ask``, ``/answers/ID``."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from browseagent.answer.earlier import Turn
from browseagent.answer.followup import REMEMBERED, complete
from browseagent.errors import BrowseAgentError, UsageError
from browseagent.records.clock import utc_now
from browseagent.serve.api import NotHere, Told, addresses, answered, warm_of
from browseagent.serve.html import fields, page, see, to
from browseagent.serve.replies import STREAM, streamed, while_there
from browseagent.serve.shown import found, shown
from browseagent.serve.warm import MOST_PAGES, Warm
from browseagent.store.asked import Asked, AskedBefore

router = APIRouter(include_in_schema=False)
Number = Annotated[int, Path(ge=1, le=2**53)]
_PORT = re.compile(r"[A-Za-z0-9.:\[\]-]+")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the form says."""

    question: str
    sources: tuple[str, ...]
    as_of: datetime | None
    fresh: bool
    earlier: tuple[Asked, ...]
    """The turns that a follow-up may lean on, oldest first."""

    @property
    def options(self) -> dict[str, Any]:
        """As a request has them."""
        return {"as_of": self.as_of, "fresh": self.fresh or None}


@router.get("/")
async def home(request: Request) -> Response:
    """The form, and what was asked of late."""
    return await form(request)


@router.get("/ask")
async def form(request: Request, url: str = "", q: str = "", as_of: str = "") -> Response:
    """The form with what the address says filled in. Nothing is fetched before the button is pressed."""
    return await _form(request, {"question": q, "urls": url, "as_of": as_of})


@router.post("/ask")
async def ask(request: Request) -> Response:
    """Answers, and sends the browser to the answer; as a stream of events where the request accepts one."""
    warm = warm_of(request)
    given = await fields(request)
    try:
        wanted = await asyncio.to_thread(_wanted, warm, given)
    except UsageError as error:
        if STREAM in request.headers.get("accept", ""):
            raise
        return await _form(request, given, error)

    async def work(tell: Told) -> Mapping[str, Any]:
        said = await _answered(warm, wanted, tell)
        number = await asyncio.to_thread(_before(warm).put, said, utc_now())
        after = [str(each.id) for each in wanted.earlier]
        return {"location": to(f"/answers/{number}", after=",".join(after))}

    if STREAM in request.headers.get("accept", "") and warm.settings.log:
        warm.desk.check()
        return streamed("answer", work)

    async def whole() -> Response:
        if warm.settings.log:
            return see((await work(lambda _: None))["location"])
        said = await _answered(warm, wanted, lambda _: None)
        return await _shown(request, said, wanted.earlier, "", 0)

    return await while_there(request, whole())


@router.get("/answers/{number}")
async def answer(request: Request, number: Number, after: str = "", at: int = 0) -> Response:
    """An answer that was given, with the page that it rests on; ``after`` names the turns before it."""
    warm = warm_of(request)
    asked = await asyncio.to_thread(_before(warm).get, number)
    if asked is None:
        raise NotHere("this answer is not kept any more", hint="Ask the question again.")
    earlier = await asyncio.to_thread(_earlier, warm, after)
    follows = ",".join([*(str(each.id) for each in earlier), str(number)])
    return await _shown(request, asked.document, earlier, follows, at)


async def _form(request: Request, given: Mapping[str, str], error: UsageError | None = None) -> Response:
    warm = warm_of(request)
    recent = await asyncio.to_thread(_before(warm).find, limit=8) if warm.settings.log else []
    host = request.headers.get("host", "")
    origin = f"{request.url.scheme}://{host}" if _PORT.fullmatch(host) else ""
    values = {name: given.get(name, "") for name in ("question", "urls", "as_of", "after")}
    return page(
        request, "ask.html", 400 if error else 200, recent=recent, origin=origin, given=values, error=error,
        streams=warm.settings.log,
    )  # fmt: skip


async def _answered(warm: Warm, wanted: Wanted, tell: Told) -> dict[str, Any]:
    turns = [Turn(each.question, each.answer or "") for each in wanted.earlier]
    question = complete(wanted.question, turns)
    agent = warm.under(wanted.options, tell)
    async with warm.desk.turn():
        made = await answered(agent, question, wanted.sources, None, warm.settings.model)
    warm.count(made["status"])
    return {**made, "typed": wanted.question}


async def _shown(
    request: Request, said: Mapping[str, Any], earlier: Sequence[Asked], follows: str, at: int
) -> Response:
    """The answer; beside it the page of ``at`` among those that it names, as it was read."""
    warm = warm_of(request)
    quotes = _quotes(said)
    urls = list(dict.fromkeys(quote["url"] for quote in quotes)) or [each["url"] for each in said["pages"]]
    chosen = urls[at] if 0 <= at < len(urls) else ""
    stored, missing = None, ""
    if chosen and said["pages"]:
        try:
            stored = await _page_beside(warm, said, quotes, chosen)
        except BrowseAgentError as error:
            missing = error.message
    return page(
        request, "answer.html", said={"typed": said["question"], **said}, earlier=earlier, follows=follows,
        quotes=quotes, urls=urls, chosen=chosen, at_page=at, stored=stored, missing=missing,
        sources=[each["url"] for each in said["pages"]],
    )  # fmt: skip


def _quotes(said: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every quote of an answer with its number and what it is: the answer's own, those of other answers, and
    the closest passages."""
    found = [(quote, "quote") for quote in said["quotes"]]
    found += [(quote, "quote") for each in said["sentences"] for quote in each["quotes"]]
    if said["perhaps"]:
        found.append((said["perhaps"]["quote"], "perhaps"))
    found += [(each["quote"], "other") for each in said["alternatives"]]
    if said["status"] == "not_found":
        found += [(quote, "closest") for quote in said["closest"][:5]]
    seen: dict[tuple[str, int, int], dict[str, Any]] = {}
    for quote, kind in found:
        place = (quote["url"], quote["start"], quote["end"])
        seen.setdefault(place, {**quote, "kind": kind, "number": len(seen) + 1})
    return list(seen.values())


async def _page_beside(
    warm: Warm, said: Mapping[str, Any], quotes: Sequence[Mapping[str, Any]], url: str
) -> dict[str, Any]:
    """The page of an answer as it is stored, with what is marked on it."""
    pages = said["pages"]
    of = next((each for each in pages if url in (each["url"], each["final_url"])), *pages[:1])
    moment = datetime.fromisoformat(of["fetched_at"])
    (source,) = addresses([of["url"]])
    document = await warm.under({"as_of": moment}).read(source)
    of_page = {part.url for part in document.parts} | {url}
    places = [(q["number"], q["text"], q["start"], q["end"]) for q in quotes if q["url"] in of_page]
    return {
        "url": of["url"],
        "title": document.title or of["title"] or of["url"],
        "at": of["fetched_at"],
        "shown": shown(document, found(document, places)),
    }


def _wanted(warm: Warm, given: Mapping[str, str]) -> Wanted:
    """What a form asks for. Raises UsageError."""
    question = " ".join(given.get("question", "").split())
    if not any(character.isalnum() for character in question):
        raise UsageError("there is no question", hint="Ask in words, for example: When does it open?")
    named = given.get("urls", "").split()
    if not named:
        raise UsageError("no address was given", hint="Give the whole address of a page: https://…")
    if len(named) > MOST_PAGES:
        raise UsageError(f"{len(named)} addresses are given", hint=f"At most {MOST_PAGES}.")
    as_of = None
    if given.get("as_of"):
        try:
            as_of = datetime.fromisoformat(given["as_of"])
        except ValueError:
            raise UsageError(f"{given['as_of'][:50]!r} is no time", hint="Write 2026-11-29.") from None
        as_of = as_of if as_of.tzinfo else as_of.replace(tzinfo=UTC)
    earlier = _earlier(warm, given.get("after", ""))
    return Wanted(question, tuple(addresses(named)), as_of, given.get("fresh") == "on", earlier)


def _earlier(warm: Warm, after: str) -> tuple[Asked, ...]:
    """The turns that are named, as far as they are kept."""
    numbers = [number for each in after.split(",") if (number := number_of(each)) is not None]
    return tuple(each for each in map(_before(warm).get, numbers[-REMEMBERED:]) if each is not None)


def number_of(written: str) -> int | None:
    """The number of something stored; None for what is none."""
    return int(written) if re.fullmatch(r"[0-9]{1,15}", written) else None


def _before(warm: Warm) -> AskedBefore:
    return AskedBefore(warm.kept.pages.database)
