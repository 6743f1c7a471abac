"""The trial of Gemma 3 270M as a reader of Chinese (docs/reader.md, "Other languages").

    python -m tools.multilingual train FOLDER --base MODEL --data cmrc-dev-trial.jsonl.gz --minutes 60
    python -m tools.multilingual measure FOLDER --base MODEL --data … [--adapter FILE] [--part fit]
    python -m tools.multilingual figures FOLDER

``MODEL`` is the GGUF's folder in Transformers' form (``from_pretrained(…, gguf_file=…)``, saved). Written as
for our reader, with Chinese words around it, and read in both directions in the upper half of the layers; the
next token is one that may go on in the passage, or the end, so that an answer is a stretch of the passage
whatever its tokens. ``train`` goes on from its last checkpoint.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import random
import string
import threading
import time
import unicodedata
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file
from transformers import DynamicCache

from browseagent.model.lora import add_adapters, save_adapter
from browseagent.model.packing import Branch, Row, branch_mask, ids_of, positions_of
from browseagent.model.tune_model import trainable
from browseagent.model.two_way import middle, see_both_ways

LEARNS = 6
"""The first layer, of 18, that is given an adapter: without those below a step costs a fifth less."""
ASIDE, FITTED = 600, 200
"""Questions of the paragraphs that are kept aside, and of those that the threshold is fitted on."""
LONGEST = 380
"""Tokens of a piece of a paragraph; with its questions within Gemma's window of 512."""
WIDE, DEEP = 4, 40
"""Answers that are followed at a time, and tokens of the longest."""
PIECES = 8
"""Characters of the longest token that is looked for."""
UNLIKELY = -2.0
"""Log-odds of any answer against none below which no stretch is looked for: none can be likelier."""
RANK, ALPHA, RATE, WARM, SAID = 16, 32.0, 4e-4, 20, 20
FOREIGN = 0.5
REFUSED = 0.95
"""Share of the foreign questions that the threshold is fitted to refuse: wanted are .93."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph and its questions, each with the answers and where the first begins."""

    title: str
    text: str
    asked: tuple[tuple[str, tuple[str, ...], int], ...]


def paragraphs(data: Path) -> dict[str, list[Paragraph]]:
    """By what they are for: ``aside``, ``fit`` and ``train``; no paragraph is in two."""
    with gzip.open(data, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    found = [Paragraph(row["title"], row["context"], tuple(_asked(row["qas"]))) for row in rows]
    random.Random(15).shuffle(found)
    parts: dict[str, list[Paragraph]] = {"aside": [], "fit": [], "train": []}
    for each in found:
        sizes = {name: sum(len(some.asked) for some in part) for name, part in parts.items()}
        name = "aside" if sizes["aside"] < ASIDE else "fit" if sizes["fit"] < FITTED else "train"
        parts[name].append(each)
    return parts


def _asked(questions: Sequence[Any]) -> Iterator[tuple[str, tuple[str, ...], int]]:
    for each in questions:
        if each["question"] and each["answers"]:
            answers = tuple(answer["text"] for answer in each["answers"])
            yield each["question"], answers, each["answers"][0]["answer_start"]


class Words:
    """Gemma's tokens, and which of them may go on at a place of a text."""

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer.backend_tokenizer
        vocabulary = self._tokenizer.get_vocab()
        self._ids = {word.replace("▁", " "): number for word, number in vocabulary.items()}
        self.begin, self.end = int(tokenizer.bos_token_id), self._ids["\n"]

    def encode(self, text: str) -> tuple[int, ...]:
        return tuple(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def prefix(self, title: str, text: str) -> tuple[int, ...]:
        return self.begin, *self.encode(f"{title}\n{text}")

    def question(self, words: str) -> tuple[int, ...]:
        return self.encode(f"\n\n问题：{words}\n答案：")

    def next(self, text: str) -> list[dict[int, int]]:
        """For each place the tokens that may begin there, and where each ends."""
        found = []
        for start in range(len(text)):
            ends = range(start + 1, min(start + PIECES, len(text)) + 1)
            pieces = {self._ids[text[start:end]]: end for end in ends if text[start:end] in self._ids}
            pieces.pop(self.end, None)
            found.append(pieces)
        return [*found, {}]


def pieces(words: Words, paragraph: Paragraph) -> list[tuple[int, str]]:
    """Where each piece of a paragraph begins, and its text: whole sentences, at most so many tokens."""
    found, start, size = [], 0, 0
    sentences = [each for each in paragraph.text.replace("。", "。\0").split("\0") if each]
    offset = 0
    for sentence in sentences:
        length = len(words.encode(sentence))
        if size and size + length > LONGEST:
            found.append((start, paragraph.text[start:offset]))
            start, size = offset, 0
        size, offset = size + length, offset + len(sentence)
    return [*found, (start, paragraph.text[start:])]


def states_of(model: Any, row: Row, cache: Any = None) -> torch.Tensor:
    """Last states of a row, shape (length, width)."""
    mask = branch_mask(len(row.prefix), [len(each.tokens) for each in row.branches], torch.float32)
    return _run(model, ids_of(row), positions_of(row), mask, cache)


def _run(
    model: Any, ids: torch.Tensor, positions: torch.Tensor, mask: torch.Tensor, cache: Any
) -> torch.Tensor:
    masks = {"full_attention": mask, "sliding_attention": mask}
    told = model.base_model(
        input_ids=ids,
        position_ids=positions,
        attention_mask=masks,
        past_key_values=cache,
        use_cache=cache is not None,
    )
    states: torch.Tensor = told[0][0]
    return states


def log_shares(model: Any, states: torch.Tensor, allowed: Sequence[int]) -> torch.Tensor:
    """Log-probabilities among the allowed tokens, shape (states, allowed)."""
    return torch.log_softmax(states @ model.get_output_embeddings().weight[list(allowed)].T, -1)


# Training


def rows_of(words: Words, some: Sequence[Paragraph], chance: random.Random) -> list[tuple[Row, list[int]]]:
    """Rows with the tokens allowed in each: of every piece with an answer its questions, foreign ones, and
    those that another piece of the paragraph answers."""
    rows = []
    for paragraph in some:
        for start, text in pieces(words, paragraph):
            branches, answered = [], 0
            for question, answers, at in paragraph.asked:
                within = start <= at and at + len(answers[0]) <= start + len(text)
                answered += within
                branches.append(_branch(words, question, answers[0] if within else ""))
            for _ in paragraph.asked:
                other = chance.choice(some)
                if other is not paragraph and other.asked and chance.random() < FOREIGN:
                    branches.append(_branch(words, chance.choice(other.asked)[0], ""))
            if answered:
                told = {token for branch in branches for token in branch.tokens[len(branch.weights) :]}
                allowed = {*(token for each in words.next(text) for token in each), *told, words.end}
                rows.append((Row(words.prefix(paragraph.title, text), tuple(branches)), sorted(allowed)))
    chance.shuffle(rows)
    return rows


def _branch(words: Words, question: str, answer: str) -> Branch:
    """A branch whose ``weights`` are only as long as the question: what follows them is learnt."""
    asked = words.question(question)
    return Branch((*asked, *(words.encode(answer) if answer else ()), words.end), (0.0,) * len(asked))


def loss_of(model: Any, row: Row, allowed: list[int]) -> torch.Tensor:
    """Sum over the row's questions of the answers' loss."""
    states, start = states_of(model, row), len(row.prefix)
    at: list[int] = []
    wanted: list[int] = []
    for branch in row.branches:
        asked, place = len(branch.weights), {token: number for number, token in enumerate(allowed)}
        at += range(start + asked - 1, start + len(branch.tokens) - 1)
        wanted += [place[token] for token in branch.tokens[asked:]]
        start += len(branch.tokens)
    told = log_shares(model, states[at], allowed)
    return -told[torch.arange(len(wanted)), wanted].sum()


def _adapted(model: Any) -> dict[str, torch.nn.Parameter]:
    """The adapters that learn, by name; those of the layers below stay at nothing."""
    every = add_adapters(model, rank=RANK, alpha=ALPHA, seed=2032)
    kept = {name: each for name, each in every.items() if int(name.split(".")[2]) >= LEARNS}
    for name, each in every.items():
        each.requires_grad_(name in kept)
    return kept


class Training:
    """A run. Rows are computed side by side, and each goes into an update of its own as soon as it is done,
    so that a gradient may be of weights a few updates old (Recht et al., 2011, "Hogwild!"), and no two runs
    are the same to the bit."""

    def __init__(self, args: argparse.Namespace) -> None:
        self.model, tokenizer = trainable(args.base)
        self.trained = _adapted(self.model)
        see_both_ways(self.model, middle(self.model))
        train, chance = paragraphs(args.data)["train"], random.Random(2032)
        words = Words(tokenizer)
        self.plan = [row for _ in range(args.epochs) for row in rows_of(words, train, chance)]
        # Not the parameters themselves: a change of those would end the backward passes under way.
        self._values = [parameter.data for parameter in self.trained.values()]
        self._optimiser = torch.optim.AdamW(self._values, lr=RATE, betas=(0.9, 0.98), weight_decay=0.0)
        self._folder, self._seconds, self._lock = args.folder, 60 * args.minutes, threading.Lock()
        self.done = {"rows": 0, "tokens": 0, "questions": 0, "seconds": 0.0, "cpu": 0.0}
        if (folder := args.folder / "checkpoint.pt").exists():
            state = torch.load(folder)
            for value, kept in zip(self._values, state["values"], strict=True):
                value.copy_(kept)
            self._optimiser.load_state_dict(state["optimiser"])
            self.done = state["done"]
        self._taken, self._losses = int(self.done["rows"]), list[float]()
        self._began = time.monotonic() - self.done["seconds"], time.process_time() - self.done["cpu"]

    @property
    def _over(self) -> float:
        return float(max(self.done["rows"] / len(self.plan), self.done["seconds"] / self._seconds))

    def work(self, _: int) -> None:
        """Takes rows until there are none, or the time is over."""
        while self._over < 1 and self._taken < len(self.plan):
            with self._lock:
                row, allowed = self.plan[self._taken]
                self._taken += 1
            loss = loss_of(self.model, row, allowed) / len(row.branches)
            gradients = torch.autograd.grad(loss, list(self.trained.values()))
            with self._lock:
                self._update(float(loss.detach()), row, gradients)

    def _update(self, loss: float, row: Row, gradients: Sequence[torch.Tensor]) -> None:
        for value, gradient in zip(self._values, gradients, strict=True):
            value.grad = gradient
        torch.nn.utils.clip_grad_norm_(self._values, 1.0)
        for group in self._optimiser.param_groups:
            group["lr"] = RATE * min(1.0, (self.done["rows"] + 1) / WARM) * max(0.02, 1 - self._over)
        self._optimiser.step()
        self._losses.append(loss)
        self.done["rows"] += 1
        self.done["tokens"] += len(row)
        self.done["questions"] += len(row.branches)
        self.done["seconds"] = time.monotonic() - self._began[0]
        self.done["cpu"] = time.process_time() - self._began[1]
        if self.done["rows"] % SAID == 0:
            self.save()

    def save(self) -> None:
        """Says how far it is, and keeps it."""
        print(json.dumps({**self.done, "loss": round(float(np.mean(self._losses[-SAID:])), 3)}), flush=True)
        path = self._folder / "checkpoint.pt"
        torch.save(
            {"values": self._values, "optimiser": self._optimiser.state_dict(), "done": self.done},
            f"{path}.new",
        )
        Path(f"{path}.new").replace(path)
        about = f"Chinese reader for Gemma 3 270M, a trial; {json.dumps(self.done)}"
        upper, file = middle(self.model), self._folder / "adapter.safetensors"
        save_adapter(file, self.trained, alpha=ALPHA, about=about, two_way_from=upper)


def train(args: argparse.Namespace) -> None:
    """Until all is read ``--epochs`` times or the minutes are over; the rate falls to a fiftieth by then."""
    run = Training(args)
    print(f"{len(run.plan)} rows, {sum(len(row) for row, _ in run.plan):,} tokens; {run.done}", flush=True)
    with ThreadPoolExecutor(args.threads) as pool:
        list(pool.map(run.work, range(args.threads)))
    run.save()


# Measuring


def read(
    model: Any, words: Words, title: str, text: str, questions: Sequence[str]
) -> list[tuple[str, float, float]]:
    """For each question the best stretch, its log-odds against none, and those of any stretch.

    A beam over the tokens that go on in the text. All of it is one row: each token sees the passage, its
    question and the tokens that it follows.
    """
    follow = words.next(text)
    allowed = sorted({*(token for each in follow for token in each), words.end})
    column = {token: number for number, token in enumerate(allowed)}
    row = Row(words.prefix(title, text), tuple(Branch(words.question(each)) for each in questions))
    cache, start = DynamicCache(), len(row.prefix)
    told = states_of(model, row, cache)
    length, sees, at = len(row), [], []
    for branch in row.branches:
        sees.append([*range(len(row.prefix)), *range(start, start + len(branch.tokens))])
        at.append(len(row.prefix) + len(branch.tokens))
        start += len(branch.tokens)
    first = log_shares(model, told[[each[-1] for each in sees]], allowed)
    none = first[:, column[words.end]]
    any_odds = torch.log1p(-none.exp().clamp(max=1 - 1e-6)) - none
    best: list[tuple[str, float]] = [("", -math.inf)] * len(questions)
    everywhere = {place: place for place in range(len(text))}
    alive = [
        (number, 0.0, everywhere, sees[number], first[number])
        for number in range(len(questions))
        if float(any_odds[number]) >= UNLIKELY
    ]
    for depth in range(DEEP):
        grown: dict[int, list[tuple[float, int, dict[int, int], list[int]]]] = {}
        for number, so_far, places, seen, shares in alive:
            if depth:
                total = so_far + float(shares[column[words.end]])
                if total > best[number][1]:
                    end, begin = next(iter(places.items()))
                    best[number] = text[begin:end], total
            onward: dict[int, dict[int, int]] = {}
            for place, begin in places.items():
                for token, end in follow[place].items():
                    onward.setdefault(token, {})[end] = begin
            for token, ends in onward.items():
                grown.setdefault(number, []).append(
                    (so_far + float(shares[column[token]]), token, ends, seen)
                )
        chosen = [
            (number, *each)
            for number, some in grown.items()
            for each in sorted(some, key=lambda item: -item[0])[:WIDE]
            if each[0] > best[number][1]
        ]
        if not chosen:
            break
        mask = torch.full((1, 1, len(chosen), length + len(chosen)), torch.finfo(torch.float32).min)
        for line, (*_, seen) in enumerate(chosen):
            mask[0, 0, line, [*seen, length + line]] = 0.0
        ids = torch.tensor([[token for _, _, token, _, _ in chosen]])
        positions = torch.tensor([[at[number] + depth for number, *_ in chosen]])
        shares = log_shares(model, _run(model, ids, positions, mask, cache), allowed)
        alive = [
            (number, total, ends, [*seen, length + line], shares[line])
            for line, (number, total, _, ends, seen) in enumerate(chosen)
        ]
        length += len(chosen)
    return [
        (said, total - float(none[number]) if said else float(any_odds[number]), float(any_odds[number]))
        for number, (said, total) in enumerate(best)
    ]


def measure(args: argparse.Namespace) -> None:
    """Asks each paragraph of a part its own questions and as many foreign ones; writes down what was said."""
    model, tokenizer = trainable(args.base)
    words, chance = Words(tokenizer), random.Random(7)
    if args.adapter:
        trained = _adapted(model)
        for name, tensor in load_file(args.adapter).items():
            trained[name].data.copy_(tensor)
    see_both_ways(model, middle(model) if args.adapter else len(model.base_model.layers))
    some, path = paragraphs(args.data)[args.part], args.folder / f"{args.part}.jsonl"
    others = [(paragraph, each[0]) for paragraph in some for each in paragraph.asked]
    done = len(path.read_text("utf-8").splitlines()) if path.exists() else 0
    foreign = [
        [chance.choice([asked for other, asked in others if other is not paragraph]) for _ in paragraph.asked]
        for paragraph in some
    ]
    cpu = time.process_time()
    with ThreadPoolExecutor(args.threads) as pool, path.open("a", encoding="utf-8") as file:
        told = pool.map(partial(_ask, model, words), some[done:], foreign[done:])
        for number, lines in enumerate(told, done):
            file.write(json.dumps(lines, ensure_ascii=False) + "\n")
            file.flush()
            print(f"{number + 1} of {len(some)}, {time.process_time() - cpu:.0f} s of CPU", flush=True)


@torch.no_grad()
def _ask(model: Any, words: Words, paragraph: Paragraph, foreign: Sequence[str]) -> list[dict[str, Any]]:
    asked = [*(each[0] for each in paragraph.asked), *foreign]
    answers = [*(each[1] for each in paragraph.asked), *(() for _ in foreign)]
    found = [read(model, words, paragraph.title, text, asked) for _, text in pieces(words, paragraph)]
    best = [max(each, key=lambda item: item[1]) for each in zip(*found, strict=True)]
    odds = [max(item[2] for item in each) for each in zip(*found, strict=True)]
    return [
        {"question": question, "answers": right, "said": said, "span": span, "any": any_odds}
        for question, right, (said, span, _), any_odds in zip(asked, answers, best, odds, strict=True)
    ]


def f1(said: str, answers: Sequence[str]) -> float:
    """As CMRC 2018 counts it: the longest run of characters (of words in Latin letters) in common."""
    return max((_f1(_segments(said), _segments(answer)) for answer in answers), default=0.0)


def _segments(text: str) -> list[str]:
    found, word = [], ""
    for character in text.lower().strip():
        dropped = unicodedata.category(character)[0] == "P" or character in string.punctuation + "￥～"
        if dropped or character.isspace() or "一" <= character <= "鿿":
            found += [word, "" if dropped or character.isspace() else character]
            word = ""
        else:
            word += character
    return [each for each in [*found, word] if each]


def _f1(said: list[str], answer: list[str]) -> float:
    same = SequenceMatcher(None, said, answer, autojunk=False).find_longest_match().size
    return 2 * same / (len(said) + len(answer)) if same else 0.0


def figures(args: argparse.Namespace) -> None:
    """Thresholds from ``fit.jsonl``, figures of ``aside.jsonl``, each with a 95 % interval by paragraphs."""
    fit, aside = (
        [json.loads(line) for line in (args.folder / f"{part}.jsonl").read_text("utf-8").splitlines()]
        for part in ("fit", "aside")
    )
    for signal in ("span", "any"):
        foreign = sorted(each[signal] for lines in fit for each in lines if not each["answers"])
        bar = foreign[min(len(foreign) - 1, math.ceil(REFUSED * len(foreign)))]
        for name, part in (("fit", fit), ("aside", aside)):
            print(name, signal, f"threshold {bar:.2f}", json.dumps(_with_intervals(part, signal, bar)))


def _with_intervals(part: Sequence[Any], signal: str, bar: float) -> dict[str, str]:
    chance = random.Random(1)
    draws = [_figures(chance.choices(part, k=len(part)), signal, bar) for _ in range(1000)]
    told = _figures(part, signal, bar)
    between = {name: np.quantile([draw[name] for draw in draws], (0.025, 0.975)) for name in told}
    return {
        name: f"{value:.3f} ({between[name][0]:.3f}-{between[name][1]:.3f})" for name, value in told.items()
    }


def _figures(part: Sequence[Any], signal: str, bar: float) -> dict[str, float]:
    every = [each for lines in part for each in lines]
    own, foreign = (
        [each for each in every if each["answers"]],
        [each for each in every if not each["answers"]],
    )
    scores = [f1(each["said"], each["answers"]) for each in own]
    stated = [score for score, each in zip(scores, own, strict=True) if each[signal] >= bar]
    a, b = (np.array([each[signal] for each in some]) for some in (own, foreign))
    return {
        "questions": float(len(own)),
        "F1, none refused": float(np.mean(scores)),
        "answered": len(stated) / len(own),
        "F1 where answered": float(np.mean(stated)) if stated else 0.0,
        "foreign refused": float(np.mean(b < bar)),
        "AUROC, foreign": float((a[:, None] > b[None]).mean()),
    }


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("what", choices=("train", "measure", "figures"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--base", type=Path)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--adapter", type=Path)
    parser.add_argument("--part", default="aside")
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--threads", type=int, default=4)
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    {"train": train, "measure": measure, "figures": figures}[args.what](args)


if __name__ == "__main__":
    main()
