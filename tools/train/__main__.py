"""Trains the reader's adapter further, on questions about pages.

    python -m tools.train FOLDER --base MODEL [--tokens 450000] [--rate 3e-4] [--seed 2026] [--further sites]
    python -m tools.train FOLDER --base MODEL --evaluate [--adapter FILE]

``MODEL`` is the embedded model's folder without any reader (``browseagent model tune`` leaves one). It begins
from the committed adapter, learns from pages of the web (``--further``: from others, with some of those
between them), writes ``log.jsonl`` and ``checkpoint.pt`` (every five minutes; the same command goes on from
it), and with it ``adapter.safetensors`` and ``mean.safetensors``: the mean of all adapters since half of the
run (Izmailov et al., 2018, "Averaging Weights Leads to Wider Optima and Better Generalization"). On one kind
of processor with one thread a step the result is the same to the bit. ``--evaluate`` says the loss on pages
that are not trained on.
"""

from __future__ import annotations

import argparse
import io
import json
import pickle
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import torch

from browseagent.durable import file_sha256, write_atomically
from browseagent.model.convert import Adapter
from browseagent.model.lora import add_adapters, save_adapter
from browseagent.model.reader_format import ReaderFormat
from browseagent.model.tune_model import trainable
from browseagent.model.two_way import middle, see_both_ways
from browseagent.model.weights_source import SMOLLM2
from tools.train.data import FURTHER, Page, further_pages, others_steps, real_pages
from tools.train.groups import Step
from tools.train.loss import step_loss

RANK, ALPHA = 16, 32.0
OTHERS = 0.3
"""Steps on paragraphs of others, beside 1 on pages."""
AGAIN = 0.2
"""Steps on pages of the web, beside 1 on further pages."""
WARM = 12
"""Steps in which the rate rises."""
EVERY = 300.0
"""Seconds between checkpoints."""
NEAR = 16
"""Steps among which those of like size are put together."""
EVALUATED = 24
RUN = "run.json"
"""What a run was, for the card."""


def planned(written: ReaderFormat, tokens: int, seed: int, further: Sequence[str]) -> list[Step]:
    """Steps in an order of the seed's, of so many tokens together: all steps of all pages, then all again,
    with steps on paragraphs of others among them, and, of ``further`` pages, steps on pages of the web."""
    chance = random.Random(seed)
    between = [(others_steps(written, chance), OTHERS)]
    if further:
        between.append((_without_end(list(real_pages()), written, chance), AGAIN))
    pages = list(further_pages(further) if further else real_pages())
    plan: list[Step] = []
    for step in _among(_without_end(pages, written, chance), between, chance):
        tokens -= _size(step)
        if tokens < 0:
            break
        plan.append(step)
    return alike(plan)


def _among(
    steps: Iterator[Step], between: Sequence[tuple[Iterator[Step], float]], chance: random.Random
) -> Iterator[Step]:
    """The steps; after each of them one of each of the others whose share is drawn."""
    for step in steps:
        yield step
        for others, share in between:
            if chance.random() < share:
                yield next(others)


def _without_end(pages: Sequence[Page], written: ReaderFormat, chance: random.Random) -> Iterator[Step]:
    """All steps of the pages in a drawn order, then all again in another."""
    while True:
        steps = [step for page in pages for step in page.steps(written, chance)]
        chance.shuffle(steps)
        yield from steps


def alike(plan: Sequence[Step]) -> list[Step]:
    """The same steps, neighbours of like size, so that what is computed side by side ends together."""
    return [step for at in range(0, len(plan), NEAR) for step in sorted(plan[at : at + NEAR], key=_cost)]


def _cost(step: Step) -> int:
    return _size(step) + 12 * sum(len(passage.asked) for passage in step)


def _size(step: Step) -> int:
    return sum(map(len, step))


def train(folder: Path, model: Any, written: ReaderFormat, given: argparse.Namespace) -> None:
    """Trains, or goes on, to the end."""
    folder.mkdir(parents=True, exist_ok=True)
    trained = adapted(model, given.adapter)
    learning = in_upper(trained, model) if given.upper else trained
    kept_plan = folder / "plan.pickle"  # pages take a minute to read
    if not kept_plan.exists():
        plan = planned(written, given.tokens, given.seed, given.further)
        write_atomically(kept_plan, pickle.dumps(plan))
    plan = pickle.loads(kept_plan.read_bytes())
    about = about_run(plan, given)
    write_atomically(folder / RUN, json.dumps(about, indent=1).encode())
    optimiser = torch.optim.AdamW(learning.values(), lr=given.rate, betas=(0.9, 0.98), weight_decay=0.0)
    mean = {name: torch.zeros_like(parameter) for name, parameter in trained.items()}
    checkpoint = folder / "checkpoint.pt"
    done = taken = 0
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True, map_location=given.device)
        for name, parameter in trained.items():
            parameter.data.copy_(state["trained"][name])
        optimiser.load_state_dict(state["optimiser"])
        done, taken, mean = state["done"], state["taken"], state["mean"]
    print(f"{about['steps']} steps, {about['tokens']:,} tokens; {done} steps are done", flush=True)
    gradients = partial(step_gradients, model, list(learning.values()), written)
    began = saved = time.monotonic()
    seen = 0
    with (
        (folder / "log.jsonl").open("a", encoding="utf-8") as log,
        ThreadPoolExecutor(given.workers) as pool,
    ):
        for number in range(done, len(plan), given.together):
            left = given.last + (1 - given.last) * (1 - number / len(plan))
            rate = given.rate * min(1.0, (number + 1) / WARM) * left
            for group in optimiser.param_groups:
                group["lr"] = rate
            some = plan[number : number + given.together]
            loss = descend(
                list(learning.values()), list(pool.map(gradients, some, range(number, number + len(some))))
            )
            optimiser.step()
            if number >= len(plan) // 2:
                taken += 1
                for name, parameter in trained.items():
                    mean[name] += (parameter.detach() - mean[name]) / taken
            seen += sum(map(_size, some))
            spent = time.monotonic() - began
            line = {"step": number, "loss": round(loss, 4), "tokens_a_second": seen / spent}
            log.write(json.dumps(line) + "\n")
            log.flush()
            if time.monotonic() - saved > EVERY or number + given.together >= len(plan):
                saved = time.monotonic()
                buffer = io.BytesIO()
                kept = {name: parameter.detach() for name, parameter in trained.items()}
                state = {"done": number + len(some), "trained": kept, "optimiser": optimiser.state_dict()}
                torch.save(state | {"taken": taken, "mean": mean}, buffer)
                write_atomically(checkpoint, buffer.getvalue())
                note = f"reader adapter, trained further; seed {given.seed}; step {number + len(some)}"
                _save(folder / "adapter.safetensors", trained, model, note)
                if taken:
                    _save(folder / "mean.safetensors", mean, model, f"{note}; mean of {taken} updates")


def _save(path: Path, tensors: Mapping[str, torch.Tensor], model: Any, note: str) -> None:
    save_adapter(path, tensors, alpha=ALPHA, about=note, two_way_from=middle(model))


def in_upper(trained: Mapping[str, torch.nn.Parameter], model: Any) -> dict[str, torch.nn.Parameter]:
    """What is trained in the layers that see both ways; the others no longer take a gradient."""
    first, upper = middle(model), {}
    for name, parameter in trained.items():
        if int(name.partition("layers.")[2].partition(".")[0]) >= first:
            upper[name] = parameter
        else:
            parameter.requires_grad_(False)
    return upper


def step_gradients(
    model: Any, parameters: Sequence[torch.nn.Parameter], written: ReaderFormat, step: Step, number: int
) -> tuple[float, tuple[torch.Tensor | None, ...]]:
    """A step's loss, and its gradient for each parameter. Its number decides what is drawn in it."""
    loss = step_loss(model, step, written, random.Random(number))
    return float(loss.detach()), torch.autograd.grad(loss, parameters, allow_unused=True)


def descend(
    parameters: Sequence[torch.nn.Parameter],
    steps: Sequence[tuple[float, Sequence[torch.Tensor | None]]],
) -> float:
    """Gives the parameters the mean gradient of some steps, clipped; the mean loss."""
    for place, parameter in enumerate(parameters):
        found = [grad for _, its in steps if (grad := its[place]) is not None]
        parameter.grad = torch.stack(found).sum(0) / len(steps) if found else None
    torch.nn.utils.clip_grad_norm_(parameters, 1.0)
    return sum(loss for loss, _ in steps) / len(steps)


def about_run(plan: list[Step], given: argparse.Namespace) -> dict[str, Any]:
    """What the reader's card says of a run."""
    asked = [{each.number for passage in step for each in passage.asked} for step in plan]
    return {
        "seed": given.seed,
        "rate": given.rate,
        "steps": len(plan),
        "last": given.last,
        "together": given.together,
        "layers": "the upper half" if given.upper else "all",
        "pages": ", ".join([*given.further, "others between them"]) if given.further else "of the web",
        "tokens": sum(map(_size, plan)),
        "passages": sum(map(len, plan)),
        "questions": sum(map(len, asked)),
        "began_with": file_sha256(given.adapter),
    }


def adapted(model: Any, adapter: Path) -> dict[str, torch.nn.Parameter]:
    """The model with an adapter on it that goes on being trained."""
    trained = add_adapters(model, rank=RANK, alpha=ALPHA, seed=0)
    see_both_ways(model, middle(model))
    before = Adapter(adapter)
    for name, parameter in trained.items():
        parameter.data.copy_(torch.from_numpy(before.tensors[name]))
        parameter.data = parameter.data.to(model.device)
    return trained


@torch.inference_mode()
def evaluate(model: Any, written: ReaderFormat, given: argparse.Namespace) -> None:
    """Says the mean loss of steps of pages that are not trained on."""
    adapted(model, given.adapter)
    chance = random.Random(given.seed)
    of_pages = (page.steps(written, chance) for page in real_pages(fitted=True))
    steps = [each[0] for each in islice(filter(None, of_pages), EVALUATED)]
    losses = [float(step_loss(model, step, written, random.Random(0))) for step in steps]
    print(f"{sum(losses) / len(losses):.4f} on {len(losses)} steps: {[round(each, 2) for each in losses]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--adapter", type=Path, default=SMOLLM2.adapter)
    parser.add_argument("--tokens", type=int, default=450_000)
    parser.add_argument("--rate", type=float, default=3e-4)
    parser.add_argument("--last", type=float, default=0.02, help="share of the rate that is left at the end")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int, default=1, help="of one step")
    parser.add_argument("--together", type=int, default=1, help="steps whose mean gradient is one update")
    parser.add_argument("--workers", type=int, default=1, help="steps computed side by side")
    parser.add_argument("--further", nargs="+", choices=list(FURTHER), default=[])
    parser.add_argument("--upper", action="store_true", help="train only the layers that see both ways")
    parser.add_argument("--evaluate", action="store_true")
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    model, tokenizer = trainable(given.base)
    model.to(given.device)
    written = ReaderFormat.of(tokenizer)
    if given.evaluate:
        evaluate(model, written, given)
    else:
        train(given.folder, model, written, given)


if __name__ == "__main__":
    main()
