"""``browseagent model tune`` and ``model eval``: train the reader, and say what a model can do."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import click

from browseagent.agent import Agent
from browseagent.answer.measure import Figures, cases_of, figures
from browseagent.answer.training import squad_examples
from browseagent.cli import json_output
from browseagent.cli.execute import run_async
from browseagent.cli.invocation import Invocation, pass_invocation
from browseagent.cli.options import Duration, ModelName
from browseagent.config import default_settings
from browseagent.errors import UsageError
from browseagent.model import embedded
from browseagent.model.examples import Example, read_examples
from browseagent.model.reader_card import reader_card
from browseagent.model.weights_source import SMOLLM2

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
        raise UsageError(f"{path} cannot be read: {error}") from error
    if not isinstance(loaded, dict):
        raise UsageError(f"{path} is not in SQuAD's format")
    return loaded


@click.command("eval")
@click.argument("data", required=False, type=_FILE, metavar="[DATA]")
@click.option("--model", type=ModelName(), help="Which model to ask.  [default: embedded]")
@click.option("-n", "--number", default=100, show_default=True, help="Questions of each sort.")
@click.option("--seed", default=1, show_default=True)
@click.option("--json", is_flag=True, help="Print one JSON document.")
@pass_invocation
def eval_command(
    invocation: Invocation, data: Path | None, model: str | None, number: int, seed: int, json: bool
) -> int:
    """Say what a model was measured to do.

    Without DATA, the card of the reader that this version brings: what it was trained on, how, and
    what it reached on pages that it had not seen. With DATA (SQuAD 2.0's format), ask the model.
    """
    if data is None:
        card = reader_card()
        if json:
            invocation.streams.write(json_output.dumps({"schema": "browseagent.reader/1", **card.to_json()}))
        else:
            invocation.streams.write(card.in_words())
        return 0
    cases = cases_of(_squad(data), number, seed)

    async def ask() -> Figures:
        async with Agent(model=model) as agent:
            return figures(cases, await agent.ask_many([(case.question, case.document) for case in cases]))

    found = run_async(ask)
    if json:
        document = {"schema": "browseagent.eval/1", "model": model or "embedded", "data": data.name}
        invocation.streams.write(json_output.dumps({**document, **asdict(found)}))
    else:
        lines = (f"{name.replace('_', ' '):<22}{value:>8.3f}" for name, value in asdict(found).items())
        invocation.streams.write("\n".join(lines))
    return 0
