"""What the command line asks of a running server through its socket: its own work, done warm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from browseagent.forms import results as forms
from browseagent.records import ErrorInfo, Length
from browseagent.serve.api import Told, addresses, warm_of
from browseagent.serve.bodies import Options
from browseagent.serve.gate import by_socket
from browseagent.serve.local import MARK, mark
from browseagent.serve.replies import failure, streamed

router = APIRouter(include_in_schema=False)


class Work(BaseModel):
    """A job of the command line."""

    model_config = ConfigDict(extra="forbid")
    job: Literal["ask", "summarize"]
    question: str = ""
    sources: Annotated[list[str], Field(max_length=1000)]
    length: Length = "medium"
    options: Options


@router.post("/socket")
async def lend(request: Request, body: Work) -> Response:
    """The work as a stream of events; 409 where the settings are others than the server's."""
    warm = warm_of(request)
    if not by_socket(request.scope):
        return failure(ErrorInfo("not_found", "Not Found"), 404)
    if request.headers.get(MARK) != mark(warm.settings):
        return failure(ErrorInfo("conflict", "the server has other settings"), 409)
    sources = addresses(body.sources)
    settings = replace(warm.settings, trace=None, **body.options.said())

    async def work(tell: Told) -> Mapping[str, Any]:
        agent = warm.agent.under(settings, tell)
        async with warm.desk.turn():
            if body.job == "ask":
                return forms.answer(await agent.ask(body.question, *sources), settings.model)
            made = await agent.summarize(*sources, length=body.length)
            return forms.summary(made, settings.model)

    warm.desk.check()
    return streamed("result", work)
