"""HTML: the templates, what every page is given, and what a form sends.

Everything that comes from a page of the web is text here: templates escape whatever they show, no value is
marked safe, and characters that steer what a reader sees are taken out.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from browseagent import __version__
from browseagent.answer.languages import UNREAD, was_not_read
from browseagent.errors import UsageError
from browseagent.records import ErrorInfo
from browseagent.records.clock import utc_now
from browseagent.records.counted import counted
from browseagent.serve.access import COOKIE, signature
from browseagent.serve.api import warm_of
from browseagent.serve.secret import secret_of
from browseagent.watch.notify.message import cleaned
from browseagent.watch.worddiff import word_diff

_HERE = Path(__file__).parent
STATIC = _HERE / "static"
MOST_FIELDS = 100
_OF_WATCHES = ("/new-watch", "/edit-watch", "/test-alert", "/changes")
_SPANS = (("d", 86_400), ("h", 3600), ("min", 60), ("s", 1))


class WrongForm(UsageError):
    """A form that was not made by this server, or not for this person."""

    kind = "form"

    def __init__(self) -> None:
        super().__init__("this form is not (or no longer) one of this server", hint="Load its page again.")


def page(request: Request, name: str, status: int = 200, **values: Any) -> Response:
    """A page from a template."""
    warm = warm_of(request)
    given = {
        "token": token_of(request),
        "writes": warm.options.allow_writes,
        "signed": bool(warm.options.token),
        "path": request.url.path,
        "section": _section(request.url.path),
        "at": utc_now(),
        **values,
    }
    text = _ENVIRONMENT.get_template(name).render(given)
    return HTMLResponse(text, status, headers={"Cache-Control": "no-store"})


def error_page(info: ErrorInfo, status: int) -> Response:
    """An error for a person."""
    text = _ENVIRONMENT.get_template("error.html").render(info=info, status=status, section="")
    return HTMLResponse(text, status, headers={"Cache-Control": "no-store"})


def _section(path: str) -> str:
    """The link of the navigation that leads to where a page belongs."""
    first = f"/{path.split('/')[1]}"
    return {"/": "/ask", "/answers": "/ask"}.get(first, "/watches" if first in _OF_WATCHES else first)


def wants_html(path: str, accept: str) -> bool:
    """Whether a person looks at the reply."""
    return "text/html" in accept and not path.startswith("/v1/")


def to(path: str, **query: str | int) -> str:
    """An address on this server."""
    given = {key: value for key, value in query.items() if value != ""}
    return f"{path}?{urlencode(given)}" if given else path


def sign_in(path: str, query: bytes) -> str:
    """Where one signs in, to go on to an address of this server after that."""
    return to("/sign-in", next=f"{path}?{query.decode('latin-1')}" if query else path)


def see(place: str) -> Response:
    """Sends a browser on after a form."""
    return RedirectResponse(place, 303)


def token_of(request: Request) -> str:
    """What a form of ours carries, so that a page of another site cannot send one."""
    secret = secret_of(warm_of(request).settings.home)
    return signature(secret, f"form {request.cookies.get(COOKIE, '')}")


async def fields(request: Request) -> dict[str, str]:
    """What a form sent, by name. Raises UsageError for one that is not ours."""
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        raise UsageError("a form is expected")
    try:
        text = (await request.body()).decode()
        found = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError as error:
        raise UsageError("this is no form that can be read") from error
    expected = await asyncio.to_thread(token_of, request)
    if not hmac.compare_digest(found.pop("token", "").encode(), expected.encode()):
        raise WrongForm
    return {name: value.replace("\r\n", "\n").strip() for name, value in found.items()}


def _web(url: object) -> str:
    """An address that a link may lead to; ``#`` for one that is not of the web (``javascript:``)."""
    text = str(url)
    return text if text.lower().startswith(("http://", "https://")) else "#"


def _when(moment: datetime | str) -> str:
    moment = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _ago(moment: datetime | str, at: datetime) -> str:
    """How long before or after a time, in its largest unit."""
    moment = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    seconds = (at - moment).total_seconds()
    unit, size = next(((u, s) for u, s in _SPANS if abs(seconds) >= s), ("s", 1))
    number = round(abs(seconds) / size)
    return f"{number} {unit} ago" if seconds >= 0 else f"in {number} {unit}"


def _size(count: int) -> str:
    return f"{count / 1e6:,.1f} MB" if count >= 100_000 else f"{count / 1e3:,.1f} kB"


def _shown(value: object) -> object:
    return cleaned(value) if type(value) is str else value


def _words(hunk: Mapping[str, Any]) -> object:
    return word_diff(str(hunk["before"]), str(hunk["after"]))


def _unread(said: Mapping[str, Any]) -> bool:
    """Whether the model read nothing of the pages of an answer's JSON form."""
    return was_not_read(said["model"].get("note", ""))


_ENVIRONMENT = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    finalize=_shown,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.filters |= {
    "web": _web,
    "when": _when,
    "ago": _ago,
    "size": _size,
    "words": _words,
    "counted": counted,
    "unread": _unread,
}
_ENVIRONMENT.globals |= {"to": to, "version": __version__, "unread_told": UNREAD.rstrip(".")}
