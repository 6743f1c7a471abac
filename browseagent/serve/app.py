"""The application: its parts opened and closed, who is served, and how errors are told."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from browseagent import __version__
from browseagent.config import Settings
from browseagent.errors import BrowseAgentError
from browseagent.records import ErrorInfo
from browseagent.serve import (
    api,
    asking,
    entry,
    feeds,
    lending,
    metrics,
    shots,
    stored,
    watch_edit,
    watches,
    watching,
)
from browseagent.serve.api import NotHere
from browseagent.serve.gate import HEADERS, Gate
from browseagent.serve.html import STATIC, WrongForm, error_page, wants_html
from browseagent.serve.options import ServeOptions
from browseagent.serve.replies import failed, failure
from browseagent.serve.warm import OpenAgent, Say, Warm, opened, own_agent
from browseagent.serve.watching import Closed, Taken

if TYPE_CHECKING:
    from browseagent.serve.mcp_server import Server

_LOG = logging.getLogger("browseagent.serve")


def build(
    settings: Settings,
    options: ServeOptions,
    say: Say = lambda _: None,
    open_agent: OpenAgent = own_agent,
) -> FastAPI:
    """The application of a server that was started so; ``say`` and ``open_agent`` as for
    :func:`~browseagent.serve.warm.opened`. Raises UsageError where it may not be."""
    options.check()

    assistants = _assistants(lambda: app.state.warm)
    routes = assistants.routes() if assistants is not None else ()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with opened(settings, options, say, open_agent) as warm, AsyncExitStack() as stack:
            app.state.warm = warm
            if assistants is not None:
                await stack.enter_async_context(assistants.session_manager.run())
            yield

    app = FastAPI(
        title="browseagent",
        version=__version__,
        description="Ask web pages, and see the exact words that an answer rests on.",
        lifespan=lifespan,
        docs_url=None,  # theirs loads assets from elsewhere
        redoc_url=None,
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    app.include_router(api.router)
    app.include_router(watching.router)
    app.include_router(metrics.router)
    app.include_router(lending.router)
    # feeds before watches: a name may hold any path
    for pages in (asking, stored, feeds, watches, shots, watch_edit, entry):
        app.include_router(pages.router)
    app.mount("/static", StaticFiles(directory=STATIC))
    if assistants is not None:
        app.router.routes.extend(routes)
    app.add_exception_handler(BrowseAgentError, _ours)
    app.add_exception_handler(RequestValidationError, _lacking)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _bug)
    app.add_middleware(Gate, options=options)
    return app


def _assistants(warm: Callable[[], Warm]) -> Server | None:
    """What answers at ``/mcp``; None where the extra ``mcp`` is not installed."""
    if find_spec("mcp") is None:
        return None
    from browseagent.serve.mcp_server import Server

    return Server(warm)


_STATUS = {NotHere: 404, Taken: 409, Closed: 403, WrongForm: 403}


async def _ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, BrowseAgentError)
    status = _STATUS.get(type(error))
    reply = failed(error) if status is None else failure(error.info(), status)
    if not _is_person(request):
        return reply
    told = error_page(error.info(), reply.status_code)
    if again := reply.headers.get("retry-after"):
        told.headers["Retry-After"] = again
    return told


def _is_person(request: Request) -> bool:
    return wants_html(request.url.path, request.headers.get("accept", ""))


async def _lacking(request: Request, error: Exception) -> Response:
    """What a body lacks; a body that is no JSON is a wrong request."""
    assert isinstance(error, RequestValidationError)
    found = error.errors()
    malformed = any(each["type"] == "json_invalid" for each in found)
    told = "; ".join(f"{'.'.join(map(str, each['loc'][1:]))}: {each['msg']}" for each in found[:5])
    hint = "/docs tells what each request takes."
    kind = "usage" if malformed else "invalid"
    info = ErrorInfo(kind, told[:500] or "not understood", hint)
    return (error_page if _is_person(request) else failure)(info, 400 if malformed else 422)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    kind = "not_found" if error.status_code == 404 else "usage"
    info = ErrorInfo(kind, str(error.detail))
    if _is_person(request):
        return error_page(info, error.status_code)
    return failure(info, error.status_code, error.headers)


async def _bug(request: Request, error: Exception) -> Response:
    _LOG.exception("a bug in browseagent", exc_info=error)
    info = ErrorInfo("internal", f"{type(error).__name__}", "This is a bug in browseagent.")
    reply = (error_page if _is_person(request) else failure)(info, 500)
    reply.headers.update(HEADERS)  # this one does not pass the gate
    return reply
