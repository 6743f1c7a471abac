"""Prompt tokens and new tokens a second of each engine, in alternating rounds."""

from __future__ import annotations

import argparse
import statistics
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from bench._child import ROOT, Child, ChildError
from bench._pages import prose

PROMPTS = 8
"""Prompts in the batch."""
SHORT = 16
"""Tokens of the short prompt that new tokens are written after."""
OURS = "ours"
WRITER = "ours-gguf"
"""Our model that writes, from the GGUF that the rivals have."""
RIVALS = ("llama.cpp", "openvino")
_OWN_PYTHON = (OURS, "bare", WRITER, "transformers")
_READING = (OURS, "bare", "transformers", *RIVALS)
_WRITING = (WRITER, "transformers", *RIVALS)


@dataclass(frozen=True, slots=True)
class Task:
    """What an engine is asked to do in each round."""

    name: str
    do: str
    prompts: int
    size: int
    engines: tuple[str, ...] = ()
    """Which engines can; empty: all."""


def tasks(args: argparse.Namespace) -> list[Task]:
    """What is measured."""
    return [
        Task(f"1 × {args.prompt}", "read", 1, args.prompt, _READING),
        Task(f"{PROMPTS} × {args.batch}", "read", PROMPTS, args.batch, _READING),
        Task(f"reader, {PROMPTS} × {args.batch}", "reader", PROMPTS, args.batch, (OURS,)),
        Task(f"new after {SHORT}", "write", 1, SHORT, _WRITING),
        Task(f"new after {args.prompt}", "write", 1, args.prompt, _WRITING),
    ]


def measure_engines(args: argparse.Namespace, folder: Path, gguf: Path) -> dict[str, Any]:
    """Runs the rounds, prints the table, and gives its figures."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    rates: dict[str, dict[str, list[float]]] = {}
    peaks: dict[str, int] = {}
    with ExitStack() as stack:
        engines = {}
        for name in args.engines.split(","):
            if (child := _opened(name, args, folder, gguf)) is not None:
                engines[name] = stack.enter_context(child)
        loads = {name: child.ready["load"] for name, child in engines.items()}
        names = list(engines)
        for number in range(-1, args.rounds):  # the first one, smaller, is not counted
            for task in tasks(args):
                size = task.size if number >= 0 else min(task.size, 64)
                prompts = [
                    prompt_of(tokenizer, size, seed=f"{number}:{task.name}:{i}") for i in range(task.prompts)
                ]
                turn = number % max(1, len(names))
                for name in names[turn:] + names[:turn]:
                    if task.engines and name not in task.engines:
                        continue
                    try:
                        told = _ask(engines[name], task, prompts, args.new if number >= 0 else 2)
                    except ChildError as error:
                        if name == OURS:
                            raise
                        print(f"{name}: left out, it failed: {error}", flush=True)
                        names.remove(name)
                        for of in rates.values():
                            of.pop(name, None)
                        continue
                    peaks[name] = told["peak"]
                    for column, rate in _rates(task, told, size).items():
                        if number >= 0:
                            rates.setdefault(column, {}).setdefault(name, []).append(rate)
    _print(rates, names, loads, peaks)
    medians = {column: {n: statistics.median(each) for n, each in of.items()} for column, of in rates.items()}
    reader, read = f"reader, {PROMPTS} × {args.batch}", f"{PROMPTS} × {args.batch}"
    for name in ("openvino", "bare"):
        if rival := rates.get(read, {}).get(name):
            over = statistics.median(a / b for a, b in zip(rates[reader][OURS], rival, strict=True))
            print(f"{reader} of ours over {read} of {name}: {over:.2f} (wanted .9 at least; with AMX .8)")
    found = {"tokens_per_second": medians, "ratios": ratios(rates), "load_s": loads, "peak_bytes": peaks}
    return {**found, "writer_over_best": writer_over_best(rates)}


def prompt_of(tokenizer: Any, size: int, *, seed: str) -> tuple[str, list[int]]:
    """A text of exactly ``size`` tokens, and the tokens. No two seeds begin alike."""
    attempt = 0
    while True:
        ids = tokenizer.encode(prose(2 * size, seed=f"{seed}:{attempt}"), add_special_tokens=False).ids[:size]
        text = tokenizer.decode(ids, skip_special_tokens=False)
        if len(ids) == size and tokenizer.encode(text, add_special_tokens=False).ids == ids:
            return text, ids
        attempt += 1  # the cut went through something that is written otherwise at a text's end


def ratios(rates: dict[str, dict[str, list[float]]]) -> dict[str, dict[str, float]]:
    """For each column and rival the median of the rounds' ratios, ours over the rival's."""
    return {
        column: {
            name: statistics.median(a / b for a, b in zip(of[OURS], each, strict=True))
            for name, each in of.items()
            if name != OURS
        }
        for column, of in rates.items()
        if OURS in of and len(of) > 1
    }


def writer_over_best(rates: dict[str, dict[str, list[float]]]) -> dict[str, float]:
    """For each column of new tokens the median of the rounds' ratios, our writer's over the best rival's."""
    return {
        column: statistics.median(
            ours / max(rivals)
            for ours, *rivals in zip(of[WRITER], *(of[each] for each in RIVALS if each in of), strict=True)
        )
        for column, of in rates.items()
        if column.startswith("new") and WRITER in of and set(RIVALS) & set(of)
    }


def _opened(name: str, args: argparse.Namespace, folder: Path, gguf: Path) -> Child | None:
    """The engine's process; None, and why on standard output, where it cannot be measured."""
    python = sys.executable if name in _OWN_PYTHON else args.rivals
    try:
        child = Child([python, str(ROOT / "bench" / "_engines.py"), name, str(folder), str(gguf)])
    except ChildError as error:
        print(f"{name}: left out, it did not start: {error}")
        return None
    if "missing" in child.ready:
        child.close()
        print(f"{name}: left out, {child.ready['missing']} is not installed for {python} (docs/speed.md)")
        return None
    print(f"{name}: {child.ready['versions']}", flush=True)
    return child


def _ask(child: Child, task: Task, prompts: list[tuple[str, list[int]]], new: int) -> dict[str, Any]:
    texts, ids = [text for text, _ in prompts], [ids for _, ids in prompts]
    return child.ask(do=task.do, texts=texts, ids=ids, new=new)


def _rates(task: Task, told: dict[str, Any], size: int) -> dict[str, float]:
    """Tokens a second, by column."""
    if task.do == "write":
        return {task.name: told["new"] / max(told["seconds"], 1e-9)}
    found = {task.name: task.prompts * size / told["seconds"]}
    if task.do == "reader":
        found[f"{task.name}, again"] = task.prompts * size / told["again"]
    return found


def _print(
    rates: dict[str, dict[str, list[float]]], names: list[str], loads: dict[str, float], peaks: dict[str, int]
) -> None:
    against = ratios(rates)
    print("\ntokens a second, median (least–most); × is ours over the other, median of the rounds' ratios")
    print(f"{'':<26}" + "".join(f"{name:>28}" for name in names))
    for column, of in rates.items():
        cells = []
        for name in names:
            each = of.get(name)
            told = (
                "" if each is None else f"{statistics.median(each):,.0f} ({min(each):,.0f}–{max(each):,.0f})"
            )
            times = against.get(column, {}).get(name)
            cells.append(told + (f" ×{times:.2f}" if times is not None else ""))
        print(f"{column:<26}" + "".join(f"{cell:>28}" for cell in cells))
    for column, times in writer_over_best(rates).items():
        print(f"{column + ', our writer over the best':<42} ×{times:.2f}")
    print(f"{'load, s':<26}" + "".join(f"{loads[name]:>28.1f}" for name in names))
    print(f"{'peak memory, MB':<26}" + "".join(f"{peaks.get(name, 0) / 1e6:>28,.0f}" for name in names))
