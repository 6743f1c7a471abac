"""What every request passes: who is served, how long its body may take, and the headers of every reply."""

from __future__ import annotations

import asyncio
from http.cookies import CookieError, SimpleCookie

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from browseagent.records import ErrorInfo
from browseagent.serve.access import COOKIE, Refusal, Who, refuse
from browseagent.serve.html import error_page, sign_in, wants_html
from browseagent.serve.options import ServeOptions
from browseagent.serve.peers import who_is
from browseagent.serve.replies import failure

BODY_SECONDS = 20.0
"""For a request's body to come."""
LARGEST_BODY = 1_000_000
"""Bytes of a request; the longest is a schema, or the settings of a watch."""
TOO_LONG = f"the request has more than {LARGEST_BODY:,} bytes"
_CLOSED = {"connection": "close"}
"""What is left of a body is not waited for."""
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "font-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",  # with no-referrer the Origin of our own forms is null
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}
"""Of every reply that does not say otherwise itself."""


class Gate:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp, *, options: ServeOptions) -> None:
        self._app, self._options = app, options

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return

        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                had = {name.lower() for name, _ in message["headers"]}
                ours = [(n.encode(), v.encode()) for n, v in HEADERS.items() if n.encode() not in had]
                message = {**message, "headers": [*message["headers"], *ours]}
            await send(message)

        headers = {
            name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]
        }
        length = headers.get("content-length", "")
        if length.isdigit() and int(length) > LARGEST_BODY:
            await failure(ErrorInfo("usage", TOO_LONG), 413, _CLOSED)(scope, receive, headed)
            return
        cookie = _ours(headers.get("cookie", ""))

        def refused(who: Who) -> Refusal | None:
            return refuse(self._options, scope["method"], scope["path"], headers, cookie, who)

        refusal = refused("unknown")
        if refusal is not None and refusal.status == 401:
            refusal = refused(self._who(scope))
        if refusal is None:
            await self._app(scope, _bounded(receive), headed)
            return
        kind = "unauthorized" if refusal.status == 401 else "forbidden"
        info = ErrorInfo(kind, refusal.message, refusal.hint)
        person = wants_html(scope["path"], headers.get("accept", ""))
        if refusal.status == 401 and person and self._options.token:
            reply = failure(info, 303, {"location": sign_in(scope["path"], scope["query_string"])})
        else:
            reply = error_page(info, refusal.status) if person else failure(info, refusal.status)
        await reply(scope, receive, headed)

    def _who(self, scope: Scope) -> Who:
        """Whose process sent it."""
        peer, ours = scope.get("client"), scope.get("server")
        if by_socket(scope):
            return "user"  # nobody else may open it
        if not self._options.on_loopback:
            return "unknown"
        return who_is(_ends(peer), _ends(ours))


def by_socket(scope: Scope) -> bool:
    """Whether a request came through our Unix socket: then it has a path in place of a host and a port."""
    ours = scope.get("server")
    return ours is not None and ours[1] is None


def _ends(pair: object) -> tuple[str, int] | None:
    if isinstance(pair, (tuple, list)) and len(pair) == 2 and isinstance(pair[1], int):
        return str(pair[0]), pair[1]
    return None


def _bounded(receive: Receive) -> Receive:
    """The same; raises HTTPException for a body that does not come in time, or that is too long."""
    loop = asyncio.get_running_loop()
    until = loop.time() + BODY_SECONDS
    whole, length = False, 0

    async def received() -> Message:
        nonlocal whole, length
        if whole:
            return await receive()
        try:
            async with asyncio.timeout_at(until):
                message = await receive()
        except TimeoutError:
            detail = f"the body did not come within {BODY_SECONDS:g} s"
            raise HTTPException(408, detail, _CLOSED) from None
        length += len(message.get("body", b""))
        if length > LARGEST_BODY:
            raise HTTPException(413, TOO_LONG, _CLOSED)
        whole = message["type"] != "http.request" or not message.get("more_body", False)
        return message

    return received


def _ours(written: str) -> str:
    """Our cookie of a Cookie header; empty where there is none, or where the header is none."""
    try:
        morsel = SimpleCookie(written).get(COOKIE)
    except CookieError:
        return ""
    return morsel.value if morsel else ""
