"""Making, changing, trying and checking a watch in a browser: ``/new-watch``, ``/edit-watch``, the buttons.

Names of watches may hold slashes, so the name is sent in the form and not in the path.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import Response

from browseagent.errors import BrowseAgentError, UsageError
from browseagent.read.outline import outline
from browseagent.records.clock import utc_now
from browseagent.serve.api import addresses, warm_of
from browseagent.serve.html import fields, page, see, to
from browseagent.serve.replies import while_there
from browseagent.serve.shown import shown
from browseagent.serve.warm import Warm
from browseagent.serve.watching import Taken, entry_of, writing
from browseagent.store.watch_book import Entry
from browseagent.watch.codec import answer_json
from browseagent.watch.definitions import name_for
from browseagent.watch.health import Notice
from browseagent.watch.judge import Memory
from browseagent.watch.letters import notice_letters
from browseagent.watch.notify.message import Message, subject_of, text_of
from browseagent.watch.notify.senders import Senders
from browseagent.watch.notify.target import parse_target
from browseagent.watch.outbox import DeliveryError
from browseagent.watch.port import Seen
from browseagent.watch.records import State, ValueKind, Watch
from browseagent.watch.settings import asked_text
from browseagent.watch.verdict import verdict
from browseagent.wiring import checked_now, with_zone

router = APIRouter(include_in_schema=False)
_TEXTS = ("url", "every", "between", "select", "only", "when", "about", "via", "confirm", "screenshots")
_LINES = ("exclude", "ignore", "notify")
_QUESTIONS = 2
"""Rows for questions that are always there; a watch with more has one more than it has questions."""
_NEW = {"every": "1h", "via": "auto"}


@router.get("/new-watch")
async def new(request: Request, url: str = "", question: str = "") -> Response:
    """The form of a new watch."""
    writing(request)
    return _form(request, {**_NEW, "url": url, "ask0": question, "enabled": "on"}, "")


@router.get("/edit-watch")
async def edit(request: Request, name: str) -> Response:
    """The form of a watch."""
    warm = writing(request)
    return _form(request, _given(await asyncio.to_thread(entry_of, warm, name)), name)


@router.post("/edit-watch")
async def save(request: Request) -> Response:
    """Tries the settings on the page (``do=try``), or keeps them. ``pick`` is a part that was pointed at
    where no script did it: tried too."""
    warm = writing(request)
    given = await fields(request)
    old = given.get("old", "")
    if picked := given.pop("pick", ""):
        given |= {"select": picked, "do": "try"}
    try:
        watch, settings = await asyncio.to_thread(_wanted, warm, old, given)
        if given.get("do") == "try":
            return await while_there(request, _tried(request, warm, given, old, watch))
        await asyncio.to_thread(warm.kept.book.put, watch.name, settings, utc_now(), new=not old)
    except UsageError as error:
        return _form(request, given, old, error=error)
    return see(to(f"/watches/{quote(watch.name)}", done="saved"))


@router.post("/check-watch")
async def check(request: Request) -> Response:
    """Checks a watch now."""
    warm = warm_of(request)
    name = (await fields(request)).get("name", "")
    await asyncio.to_thread(entry_of, warm, name)

    async def work() -> Response:
        async with warm.desk.turn():
            await checked_now(warm.kept, warm.checker, name)
        warm.count("checked")
        return see(to(f"/watches/{quote(name)}", done="checked"))

    return await while_there(request, work())


@router.post("/remove-watch")
async def remove(request: Request) -> Response:
    """Forgets a watch and its history."""
    warm = writing(request)
    name = (await fields(request)).get("name", "")
    await asyncio.to_thread(entry_of, warm, name)
    await asyncio.to_thread(warm.kept.book.remove, name)
    return see("/watches")


@router.post("/test-alert")
async def test(request: Request) -> Response:
    """Sends an alert that says that it is a test to each target of a watch, and tells what became of it."""
    warm = writing(request)
    name = (await fields(request)).get("name", "")
    entry = await asyncio.to_thread(entry_of, warm, name)
    senders = Senders(lambda _: None, secret=warm.settings.webhook_secret)
    notice = Notice("test", f"{name}: this is a test", "somebody pressed the button that sends a test")
    results = []
    for number, letter in enumerate(notice_letters(entry.watch, notice, "test", utc_now())):
        target = parse_target(letter.target)
        alert = {**letter.payload, "event": f"test-{utc_now():%Y%m%d%H%M%S%f}-{number}"}
        message = Message(alert["event"], subject_of(alert), text_of(alert), (alert,))
        error = "goes to the standard output of `watch run`" if target.kind == "stdout" else ""
        try:
            if not error:
                async with asyncio.timeout(60):
                    await senders.send(target, message)
        except (DeliveryError, TimeoutError) as failure:
            error = str(failure) or "it took too long"
        results.append((target.shown, error))
    return page(request, "sent.html", entry=entry, results=results)


def _form(
    request: Request,
    given: Mapping[str, str],
    old: str,
    *,
    error: BrowseAgentError | None = None,
    trial: Mapping[str, Any] | None = None,
) -> Response:
    """The form as it was filled in; ``old`` is the name of the watch that is edited."""
    asked = sum(1 for key in given if key.startswith("ask") and given[key])
    return page(
        request, "edit.html", 400 if error else 200, given={**dict.fromkeys(_NAMES, ""), **given}, old=old,
        error=error, trial=trial, rows=range(max(_QUESTIONS, asked + 1)),
        types=[each.value for each in ValueKind],
    )  # fmt: skip


_NAMES = ("name", *_TEXTS, *_LINES, "tags", "enabled")


def _given(entry: Entry) -> dict[str, str]:
    """The fields of a watch's form: what it says itself, not its group."""
    own = entry.own
    found = {key: str(own[key]) for key in _TEXTS if own.get(key) is not None}
    for key in _LINES:
        value = own.get(key) or ()
        found[key] = value if isinstance(value, str) else "\n".join(value)
    tags = own.get("tags") or ()
    found["tags"] = tags if isinstance(tags, str) else ", ".join(tags)
    for number, question in enumerate(entry.watch.questions):
        said = asked_text(question)
        found |= {
            f"ask{number}": said["question"],
            f"type{number}": said["type"],
            f"called{number}": said.get("name", ""),
        }
    return {**found, "name": entry.watch.name, "enabled": "on" if entry.watch.enabled else ""}


def _wanted(warm: Warm, old: str, given: Mapping[str, str]) -> tuple[Watch, dict[str, Any]]:
    """The watch that a form describes, and its settings; what the form has no field for stays. Raises
    UsageError."""
    own = dict(entry_of(warm, old).own) if old else {}
    before = own.get("url")
    for key in _TEXTS:
        own[key] = given.get(key) or None
    for key in _LINES:
        own[key] = [line.strip() for line in given.get(key, "").splitlines() if line.strip()] or None
    own["tags"] = [tag.strip() for tag in given.get("tags", "").split(",") if tag.strip()] or None
    if own["screenshots"]:
        own["screenshots"] = _megabytes(own["screenshots"])
    own["ask"] = _questions(given) or None
    own["enabled"] = None if given.get("enabled") else False
    if "cron" in own:
        own["every"] = None
    if not own["url"]:
        raise UsageError("no address was given", hint="Give the whole address of a page: https://…")
    (own["url"],) = addresses([own["url"]])
    if own["url"] != before and not warm.options.allow_private:
        own["public"] = True
    settings = {key: value for key, value in own.items() if value is not None}
    name = old or given.get("name", "")
    if not old:
        settings = with_zone(settings, warm.kept)
        taken = set(warm.kept.book.names())
        name = name or name_for(str(settings["url"]), taken)
        if name in taken:
            raise Taken(f"there is a watch {name!r} already", hint="Give another name.")
    return warm.kept.book.put(name, settings, utc_now(), dry=True), settings


def _megabytes(written: str) -> int:
    if not written.isdecimal() or not 0 < int(written) < 10**6:
        raise UsageError(f"{written[:20]!r} is no number of megabytes", hint="For example 20.")
    return int(written)


def _questions(given: Mapping[str, str]) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    asked = [key for key in given if re.fullmatch(r"ask[0-9]{1,3}", key) and given[key]]
    for key in sorted(asked, key=lambda each: int(each[3:])):
        number = key[3:]
        called = given.get(f"called{number}") or (f"value{len(found) + 1}" if found else "")
        found.append(
            {"question": given[key], "type": given.get(f"type{number}") or "text"}
            | ({"name": called} if called else {})
        )
    return found


async def _tried(request: Request, warm: Warm, given: Mapping[str, str], old: str, watch: Watch) -> Response:
    """What would be watched, and what it would answer now. Nothing is kept or sent."""
    memory = Memory()
    async with warm.desk.turn():
        look = await warm.checker.looker.look(watch, memory, Seen())
        trial: dict[str, Any] = {"reason": look.weighed.reason or look.weighed.state.value, "answers": []}
        if look.document is not None and look.weighed.state.good:
            answers, failed = await warm.checker.looker.answers(watch, look.document, memory)
            judged = verdict(watch, State.NEW, (), answers, memory, failed=failed)
            trial["answers"] = [answer_json(each) for each in answers]
            trial["holds"] = judged.holds
    trial["page"] = look.page
    trial["text"] = shown(look.document) if look.document is not None else None
    trial["parts"] = await asyncio.to_thread(outline, look.page) if look.page.outcome.readable else ()
    return _form(request, given, old, trial=trial)
