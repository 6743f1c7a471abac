"""``browseagent mcp``."""

from __future__ import annotations

import click

from browseagent.cli.invocation import Invocation, pass_invocation, run_async
from browseagent.cli.options.reading import ModelName, with_model
from browseagent.config import Settings, default_settings
from browseagent.errors import UsageError


@click.command()
@click.option("--allow-private", is_flag=True, help="Let requests name addresses on private networks.")
@click.option("--model", type=ModelName(), help="The model that answers, as for ask.")
@pass_invocation
def mcp(invocation: Invocation, allow_private: bool, model: str | None) -> int:
    """Serve assistants over the Model Context Protocol, on standard input and output.

    Tools to ask, read, summarise and compare pages and to check watches, with the stored pages as resources.
    `browseagent serve` has the same at /mcp.

    \b
    claude mcp add browseagent -- browseagent mcp
    """
    from importlib.util import find_spec

    if find_spec("mcp") is None:
        raise UsageError("the package mcp is not installed", hint="pip install 'browseagent[mcp]'")
    settings = with_model(default_settings(), model)
    run_async(lambda: _serving(invocation, settings, allow_private=allow_private))
    return 0


async def _serving(invocation: Invocation, settings: Settings, *, allow_private: bool) -> None:
    from browseagent.serve.mcp_server import Server
    from browseagent.serve.options import ServeOptions
    from browseagent.serve.warm import opened

    options = ServeOptions(allow_private=allow_private)
    async with opened(settings, options, invocation.streams.tell) as warm:
        await Server(lambda: warm).run_stdio_async()
