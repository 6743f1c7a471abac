"""``browseagent serve``."""

from __future__ import annotations

from pathlib import Path

import click

from browseagent.cli.invocation import Invocation, pass_invocation, run_async
from browseagent.cli.options.reading import ModelName, with_model
from browseagent.config import default_settings
from browseagent.errors import UsageError, why_unread

_LEAST_TOKEN = 16


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8421, show_default=True, help="0: any free one."
)
@click.option(
    "--token-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file with the secret that programs send as Bearer token, and people sign in with.",
)
@click.option("--allow-private", is_flag=True, help="Let requests name addresses on private networks.")
@click.option("--allow-writes", is_flag=True, help="Let requests make, change and remove watches.")
@click.option("--with-watches", is_flag=True, help="Check the watches when they are due.")
@click.option("--model", type=ModelName(), help="The model that answers, as for ask.")
@pass_invocation
def serve(
    invocation: Invocation,
    host: str,
    port: int,
    token_file: Path | None,
    allow_private: bool,
    allow_writes: bool,
    with_watches: bool,
    model: str | None,
) -> int:
    """Serve a web page and an HTTP API, with the model kept warm, until Ctrl-C.

    On this machine no token is needed by the user who started it; other users are refused. The API is told
    at /docs, its schema at /openapi.json.
    """
    from browseagent.serve.options import ServeOptions
    from browseagent.serve.run import serve as serving

    options = ServeOptions(
        host=host,
        port=port,
        token=_token(token_file) if token_file else "",
        allow_private=allow_private,
        allow_writes=allow_writes,
        with_watches=with_watches,
    )
    options.check()
    settings = with_model(default_settings(), model)

    def told(address: str) -> None:
        invocation.streams.tell(f"Serving at {address} (Ctrl-C ends it)")

    run_async(lambda: serving(settings, options, told, invocation.streams.tell))
    return 0


def _token(file: Path) -> str:
    try:
        token = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} cannot be read: {why_unread(error)}") from error
    if len(token) < _LEAST_TOKEN or not token.isascii() or not token.isprintable():
        raise UsageError(
            f"{file} holds no usable token",
            hint=f"At least {_LEAST_TOKEN} printable ASCII characters: `openssl rand -hex 24 > {file}`.",
        )
    return token
