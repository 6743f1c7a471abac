"""Training of the reader's adapter: seeded, logged, and resumable from its last checkpoint.

A run is a folder: ``adapter.safetensors`` when it is done, ``log.jsonl``, and ``checkpoint.pt`` while
it goes on. The order of the examples follows from the seed, and nothing else is random, so a run
that is killed and resumed ends where an unbroken one does (with as many threads).
"""

from __future__ import annotations

import io
import json
import math
import random
import time
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import torch

from browseagent.durable import write_atomically
from browseagent.errors import ModelError, UsageError
from browseagent.model.examples import Asked, Example
from browseagent.model.lora import add_adapters, save_adapter
from browseagent.model.packing import Branch, Row, branch_mask, ids_of, positions_of, targets_of
from browseagent.model.reader_format import ReaderFormat
from browseagent.model.two_way import middle, see_both_ways

ADAPTER, CHECKPOINT, LOG = "adapter.safetensors", "checkpoint.pt", "log.jsonl"
CONFIG = Path(__file__).with_name("tune.toml")


@dataclass(frozen=True, slots=True)
class TuneConfig:
    """The settings of a run; what each means is said in ``tune.toml``."""

    seed: int
    epochs: float
    batch: int
    learning_rate: float
    warmup: float
    clip: float
    rank: int
    alpha: float
    question_loss: float
    foreign: float
    neighbour: float
    unanswerable: float
    untitled: float
    most_questions: int
    most_tokens: int
    checkpoint_every: int


def read_config(path: Path = CONFIG) -> TuneConfig:
    """A configuration file. Raises :class:`UsageError` where it lacks a setting or has one too many."""
    try:
        return TuneConfig(**tomllib.loads(path.read_text("utf-8")))
    except (OSError, tomllib.TOMLDecodeError, TypeError) as error:
        raise UsageError(f"{path} is no training configuration: {error}") from error


def tune(
    model: Any,
    tokenizer: Any,
    examples: Sequence[Example],
    config: TuneConfig,
    folder: Path,
    *,
    steps: int | None = None,
    seconds: float | None = None,
    announce: Callable[[str], None],
) -> Path | None:
    """Trains ``model`` (a causal language model of Transformers with eager attention) and gives the
    adapter's path; None where it stopped before its end, after ``steps`` or ``seconds``, to be resumed.

    Raises :class:`UsageError` where ``folder`` holds a run of other settings or examples.
    """
    folder.mkdir(parents=True, exist_ok=True)
    trained = add_adapters(model, rank=config.rank, alpha=config.alpha, seed=config.seed)
    see_both_ways(model, middle(model))
    plan = schedule(examples, config, ReaderFormat.of(tokenizer))
    total = len(plan)
    optimiser = torch.optim.AdamW(
        trained.values(), lr=config.learning_rate, betas=(0.9, 0.98), weight_decay=0.0
    )
    identity = _identity(examples, config)
    done = _resume(folder / CHECKPOINT, identity, trained, optimiser)
    announce(f"{total} steps, {sum(len(row) for rows in plan for row in rows):,} tokens; {done} are done")
    began = time.monotonic()
    with (folder / LOG).open("a", encoding="utf-8") as log:
        for number in range(done, total):
            rate = config.learning_rate * _rate(number, total, config.warmup)
            loss = _step(model, plan[number], optimiser, trained, rate, config.clip)
            log.write(json.dumps({"step": number, "loss": round(loss, 4), "rate": rate}) + "\n")
            log.flush()
            spent = time.monotonic() - began
            stops = (steps is not None and number + 1 >= steps) or (seconds is not None and spent >= seconds)
            if (number + 1) % config.checkpoint_every == 0 or stops:
                _checkpoint(folder / CHECKPOINT, identity, number + 1, trained, optimiser)
                announce(f"step {number + 1} of {total}, loss {loss:.3f}, {spent:.0f} s")
            if stops and number + 1 < total:
                return None
    about = f"reader adapter; seed {config.seed}; {total} steps; examples and settings {identity[:16]}"
    save_adapter(folder / ADAPTER, trained, alpha=config.alpha, about=about, two_way_from=middle(model))
    return folder / ADAPTER


def schedule(examples: Sequence[Example], config: TuneConfig, written: ReaderFormat) -> list[list[Row]]:
    """The rows of each step, in order: every example once an epoch, in an order of the seed's."""
    order = random.Random(config.seed)
    rows: list[Row] = []
    for _ in range(math.ceil(config.epochs)):
        epoch = [row for example in examples for row in _rows(example, examples, config, written, order)]
        order.shuffle(epoch)
        rows += epoch
    rows = rows[: round(len(rows) * config.epochs / math.ceil(config.epochs))]
    return [rows[i : i + config.batch] for i in range(0, len(rows), config.batch)]


def _rows(
    example: Example,
    examples: Sequence[Example],
    config: TuneConfig,
    written: ReaderFormat,
    order: random.Random,
) -> list[Row]:
    """The rows of one example: its questions, some of other groups, at most so many in one row."""
    shares = {"answered": 1.0, "neighbour": config.neighbour, "unanswerable": config.unanswerable}
    asked = [each for each in example.questions if order.random() < shares[each.kind]]
    wanted = max(1, len(example.questions)) * config.foreign
    for _ in range(int(wanted) + (order.random() < wanted % 1)):
        other = order.choice(examples)
        if other.group != example.group:
            asked.append(Asked(order.choice(other.questions).question, "", "foreign"))
    order.shuffle(asked)
    heading = "" if order.random() < config.untitled else example.heading
    prefix = written.passage(heading, example.text)
    rows = []
    for first in range(0, len(asked), config.most_questions):
        part = asked[first : first + config.most_questions]
        branches = tuple(_branch(each, config.question_loss, written) for each in part)
        row = Row(prefix, branches)
        if len(row) <= config.most_tokens:
            rows.append(row)
    return rows


def _branch(each: Asked, question_loss: float, written: ReaderFormat) -> Branch:
    question, answer = written.question(each.question), written.answer(each.answer)
    # Only a passage that answers a question makes it likely.
    share = question_loss / len(question) if each.answer else 0.0
    return Branch((*question, *answer), (*(share for _ in question), *(1.0 for _ in answer)))


def _step(
    model: Any,
    rows: Sequence[Row],
    optimiser: torch.optim.Optimizer,
    trained: dict[str, torch.nn.Parameter],
    rate: float,
    clip: float,
) -> float:
    """One step of the optimiser; gives the loss a question (summed over the answer's tokens)."""
    questions = sum(len(row.branches) for row in rows)
    loss_sum = 0.0
    for row in rows:
        mask = branch_mask(len(row.prefix), [len(b.tokens) for b in row.branches], model.dtype)
        states = model.base_model(
            input_ids=ids_of(row), position_ids=positions_of(row), attention_mask=mask, use_cache=False
        )[0][0]
        at, tokens, weights = targets_of(row)
        logits = model.get_output_embeddings()(states[at]).float()
        losses = torch.nn.functional.cross_entropy(logits, tokens, reduction="none")
        loss = (losses * weights).sum() / questions
        loss.backward()  # type: ignore[no-untyped-call]
        loss_sum += float(loss.detach())
    if not math.isfinite(loss_sum):
        raise ModelError("the training diverged: the loss is no number", hint="lower the learning rate")
    torch.nn.utils.clip_grad_norm_(trained.values(), clip)
    for group in optimiser.param_groups:
        group["lr"] = rate
    optimiser.step()
    optimiser.zero_grad()
    return loss_sum


def _rate(step: int, total: int, warmup: float) -> float:
    """The learning rate's factor: up in a straight line, then down to a fiftieth."""
    up = (step + 1) / max(1.0, warmup * total)
    return min(1.0, up) * max(0.02, 1 - step / total)


def _identity(examples: Sequence[Example], config: TuneConfig) -> str:
    """What a run is of: only a checkpoint of the same may be gone on from."""
    about = json.dumps([asdict(config), [asdict(example) for example in examples]], sort_keys=True)
    return sha256(about.encode()).hexdigest()


def _checkpoint(
    path: Path,
    identity: str,
    done: int,
    trained: dict[str, torch.nn.Parameter],
    optimiser: torch.optim.Optimizer,
) -> None:
    state = {
        "identity": identity,
        "done": done,
        "trained": {name: parameter.detach() for name, parameter in trained.items()},
        "optimiser": optimiser.state_dict(),
    }
    buffer = io.BytesIO()
    torch.save(state, buffer)
    write_atomically(path, buffer.getvalue())


def _resume(
    path: Path, identity: str, trained: dict[str, torch.nn.Parameter], optimiser: torch.optim.Optimizer
) -> int:
    """Goes on from a checkpoint where there is one; gives the number of steps that are done."""
    if not path.exists():
        return 0
    state = torch.load(path, weights_only=True)
    if state["identity"] != identity:
        raise UsageError(
            f"{path} is of a run with other settings or examples", hint="name another folder, or remove it"
        )
    with torch.no_grad():
        for name, parameter in trained.items():
            parameter.copy_(state["trained"][name])
    optimiser.load_state_dict(state["optimiser"])
    return int(state["done"])
