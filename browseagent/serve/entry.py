"""Signing in, what the API takes, and how the server does: ``/sign-in``, ``/docs``, ``/status``."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from fastapi import APIRouter, Request
from fastapi.responses import Response

from browseagent.forms.results import dumps
from browseagent.records.clock import utc_now
from browseagent.serve.access import COOKIE, signature
from browseagent.serve.api import warm_of
from browseagent.serve.html import fields, page, see
from browseagent.store.figures import TROUBLE, figures

router = APIRouter(include_in_schema=False)
_SIGNED_IN = 30 * 86_400
"""Seconds that a sign-in lasts."""
_WRONG = 0.5
"""Seconds that a wrong token costs."""


@router.get("/sign-in")
async def form(request: Request, next: str = "/") -> Response:
    """The form; ``next`` is where one wanted to go."""
    return page(request, "sign_in.html", onward=_onward(next), wrong=False)


@router.post("/sign-in")
async def sign_in(request: Request) -> Response:
    """Leaves a cookie that a script cannot read and another site cannot use."""
    options = warm_of(request).options
    given = await fields(request)
    onward = _onward(given.get("next", ""))
    if not options.token or not hmac.compare_digest(given.get("secret", "").encode(), options.token.encode()):
        await asyncio.sleep(_WRONG)
        return page(request, "sign_in.html", 401, onward=onward, wrong=True)
    reply = see(onward)
    reply.set_cookie(
        COOKIE, signature(options.token, "cookie"), max_age=_SIGNED_IN, httponly=True, samesite="strict",
        secure=request.url.scheme == "https",
    )  # fmt: skip
    return reply


@router.get("/docs")
async def docs(request: Request) -> Response:
    """Our own page of ``/openapi.json``."""
    described = request.app.openapi()
    forms = {name: dumps(form) for name, form in described.get("components", {}).get("schemas", {}).items()}
    return page(request, "docs.html", calls=list(_calls(described)), forms=forms)


@router.get("/status")
async def status(request: Request) -> Response:
    """The figures of ``/metrics`` for a person."""
    warm = warm_of(request)
    tally, size, found = await asyncio.to_thread(
        lambda: (
            warm.kept.book.tally(utc_now()),
            warm.kept.pages.size(),
            figures(warm.kept.pages.database, utc_now()),
        )
    )
    queued = sorted({queue for queue, _ in found.queues})
    return page(
        request, "status.html", warm=warm, tally=tally, size=size, found=found, queued=queued,
        trouble=TROUBLE,
    )  # fmt: skip


def _onward(path: str) -> str:
    """An address of this server; the first page where it is none."""
    plain = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if plain and not path.startswith("/sign-in") else "/"


@dataclass(frozen=True, slots=True)
class _Call:
    """One request that the API takes."""

    method: str
    path: str
    about: str
    parameters: tuple[Mapping[str, Any], ...]
    body: str
    gives: str


def _calls(described: Mapping[str, Any]) -> Iterator[_Call]:
    for path, methods in described["paths"].items():
        for method, call in methods.items():
            good: Mapping[str, Any] = next(
                (call["responses"][code] for code in ("200", "201") if code in call["responses"]), {}
            )
            yield _Call(
                method.upper(),
                path,
                call.get("description", "").replace("``", ""),
                tuple(call.get("parameters", ())),
                _form(call.get("requestBody", {})),
                _form(good),
            )


def _form(part: Mapping[str, Any]) -> str:
    """The name of the form of a body or a reply."""
    schema = part.get("content", {}).get("application/json", {}).get("schema", {})
    return cast("str", schema.get("$ref", "")).rpartition("/")[2]
