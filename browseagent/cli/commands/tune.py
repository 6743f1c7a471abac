"""``browseagent model tune`` and ``model eval``: train the reader, and say what a model can do."""

from __future__ import annotations

import json
import shlex
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from browseagent.agent.agent import Agent
from browseagent.answer.measure import Figures, cases_of, figures
from browseagent.answer.measure_writer import WriterFigures, measure_writer, writer_cases
from browseagent.answer.training import squad_examples
from browseagent.cli.invocation import Invocation, pass_invocation, run_async
from browseagent.cli.options import json_option
from browseagent.cli.options.reading import Duration, ModelName
from browseagent.cli.options.session import with_options
from browseagent.cli.options.writing import SERVER
from browseagent.config import Settings, default_settings
from browseagent.errors import UsageError, why_unread
from browseagent.forms import commands as command_forms
from browseagent.forms import results as forms
from browseagent.model import embedded
from browseagent.model.examples import Example, read_examples
from browseagent.model.reader_card import reader_card
from browseagent.model.registry import load_writer
from browseagent.model.weights_source import SMOLLM2
from browseagent.model.writer_card import WriterCard, write_card
from browseagent.packages import need_torch

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("tune")
@click.argument("data", nargs=-1, required=True, type=_FILE, metavar="DATA...")
@click.option(
    "--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder of the run."
)
@click.option("--config", type=_FILE, help="Settings of the run.  [default: the ones of the shipped reader]")
@click.option("--stop-after", type=Duration(), help="Stop after so long; the same command goes on.")
@click.option("--steps", type=click.IntRange(min=1), help="Stop after so many steps in all.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
@pass_invocation
def tune_command(
    invocation: Invocation,
    data: tuple[Path, ...],
    out: Path,
    config: Path | None,
    stop_after: float | None,
    steps: int | None,
    quiet: bool,
) -> int:
    """Train the embedded model to point at answers: a low-rank adapter, made in OUT.

    DATA is reading-comprehension data in SQuAD 2.0's format (.json), or examples as
    tools/reading_examples.py makes them (.jsonl). A run that was stopped or killed goes on from its
    last checkpoint when the same command is given again.
    """
    need_torch("model tune")
    from browseagent.model.tune import CONFIG, read_config, tune
    from browseagent.model.tune_model import trainable

    def announce(text: str) -> None:
        if not quiet:
            invocation.streams.tell(f"browseagent: {text}")

    settings = read_config(config or CONFIG)
    examples = [example for path in data for example in _examples(path)]
    untrained = replace(SMOLLM2, adapter=None)
    home = replace(default_settings(), home=out / "base")
    embedded.fetch(home, announce=announce, source=untrained)
    model, tokenizer = trainable(embedded.locate(home))
    adapter = tune(
        model, tokenizer, examples, settings, out, steps=steps, seconds=stop_after, announce=announce
    )
    if adapter is None:
        announce(f"stopped; give the same command to go on, or remove {out}")
        return 0
    announce(f"to read with it: browseagent model fetch --adapter {shlex.quote(str(adapter))}")
    invocation.streams.write(str(adapter))
    return 0


def _examples(path: Path) -> list[Example]:
    if path.suffix == ".jsonl":
        return read_examples(path)
    return list(squad_examples(_squad(path), path.name))


def _squad(path: Path) -> dict[str, Any]:
    try:
        loaded = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} cannot be read: {why_unread(error)}") from error
    if not isinstance(loaded, dict):
        raise UsageError(f"{path} is not in SQuAD's format")
    return loaded


@click.command("eval")
@click.argument("what", required=False, metavar="[NAME|DATA]")
@click.option("--model", type=ModelName(), help="Which model to ask about DATA.  [default: embedded]")
@with_options(SERVER)
@click.option("-n", "--number", default=100, show_default=True, help="Questions of each sort, of DATA.")
@click.option("--seed", default=1, show_default=True)
@json_option
@pass_invocation
def eval_command(
    invocation: Invocation,
    what: str | None,
    model: str | None,
    base_url: str | None,
    model_timeout: float | None,
    number: int,
    seed: int,
    json: bool,
) -> int:
    """Say what a model was measured to do.

    With NAME (hf:…, gguf:…, openai:…), ask a model that writes the program's own cases, and store its card: a
    model without one is hardly trusted with its own words. With nothing, or with embedded, the card of the
    reader that this version brings. With DATA (SQuAD 2.0's format), ask the model about that.
    """
    if what is None or what == "embedded":
        card = reader_card()
        if json:
            invocation.streams.write(forms.dumps(command_forms.reader(card)))
        else:
            invocation.streams.write(card.as_text())
        return 0
    if what.partition(":")[0] in ("hf", "gguf", "openai"):
        return _measure_and_store(invocation, what, base_url, model_timeout, json=json)
    data = Path(what)
    if not data.is_file():
        raise UsageError(
            f"{what} is neither the name of a model nor a file", hint="For example openai:qwen3."
        )
    cases = cases_of(_squad(data), number, seed)

    async def ask() -> Figures:
        async with Agent(model=model) as agent:
            return figures(cases, await agent.ask_many([(case.question, case.document) for case in cases]))

    found = run_async(ask)
    if json:
        document = command_forms.evaluated(model or "embedded", data.name, found)
        invocation.streams.write(forms.dumps(document))
    else:
        invocation.streams.write(found.as_text())
    return 0


def _measure_and_store(
    invocation: Invocation, name: str, base_url: str | None, seconds: float | None, *, json: bool
) -> int:
    """Measures a model, stores its card, and prints it."""
    settings = default_settings()
    server = replace(settings.server, base_url=base_url or settings.server.base_url)
    settings = replace(settings, server=server, model_timeout=seconds or settings.model_timeout)
    figures = run_async(lambda: _measured(invocation, name, settings))
    now = datetime.now(UTC).replace(microsecond=0).isoformat()
    card = WriterCard(model=name, base_url=server.base_url, measured_at=now, **asdict(figures))
    path = write_card(settings, card)
    if json:
        invocation.streams.write(forms.dumps(command_forms.writer(card)))
    else:
        invocation.streams.write(f"{card.as_text()}\ncard      {path}")
    return 0


async def _measured(invocation: Invocation, name: str, settings: Settings) -> WriterFigures:
    writer = load_writer(name, settings, unmeasured=True)
    if writer is None:
        raise UsageError(
            f"{name} has no chat template, so it cannot be told what to write",
            hint="It is used by its likelihoods; an instruct model has a template.",
        )
    try:
        return await measure_writer(writer, writer_cases(), settings.model_timeout, invocation.streams.tell)
    finally:
        await writer.close()
