"""What the program does with the committed questions: right, stated wrongly, refused, by kind and by tier.

    python -m tools.questions.measure tools/questions/data/aside.jsonl [-n 200] [--seed 1] [--out FILE]
    python -m tools.questions.measure --told FILE …

``--told`` prints the table of what ``--out`` kept, of several parts (``--part 0 2``, ``--part 1 2``: a
process each) together.

Each question is asked of its page as ``browseagent.extract`` reads it, with the embedded model. Right is an
answer that shares half its words with one of the written answers (F1), or, of values, its numbers; of lists
.6; the written yes or no; of steps half the words, or all steps where each sentence that holds one is quoted
whole and no more than as many others with it. An answer to a question that the page does not answer is
stated wrongly. Shares have their 95 % interval (Wilson, 1927). ``--out`` keeps a line a question, to look at;
it holds words of the pages and is not to be committed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from browseagent import Agent, Answer
from browseagent.read.text import sentences
from tools.questions.agree import LEAST, LEAST_LISTED, f1, numbers
from tools.questions.check import searched
from tools.questions.pack import read_packed
from tools.questions.pages import PAGES, document, urls
from tools.questions.wording import words

Verdict = Literal["right", "wrong", "refused"]


def verdict(question: Mapping[str, Any], said: str | None, text: str) -> Verdict:
    """What became of a question; ``said`` is None where it was refused, ``text`` the page's frozen text."""
    kind = question["kind"]
    if said is None:
        return "right" if kind == "none" else "refused"
    return "right" if kind != "none" and _is_right(question, said, text) else "wrong"


def _is_right(question: Mapping[str, Any], said: str, text: str) -> bool:
    kind = question["kind"]
    if kind == "yesno":
        return words(said)[:1] == [question["answer"]]
    if kind == "how":
        steps = [text[start:end] for start, end in question["steps"]]
        return f1(" ".join(steps), said) >= LEAST or _holds(said, steps)
    golds = [gold for gold, _, _ in question["answers"]]
    if kind == "list":
        return f1(" ".join(golds), said) >= LEAST_LISTED
    return any(
        f1(gold, said) >= LEAST or (kind == "value" and numbers(gold) == numbers(said) != set())
        for gold in golds
    )


def _holds(said: str, steps: Sequence[str]) -> bool:
    """Whether an answer holds all steps, and at least half of its sentences are of them. Steps are quoted by
    whole sentences, a writer may have marked a few words of one: "you need to register a free account"."""
    quoted = [piece for part in said.split("; ") for piece in _sentences(part)]
    wanted = [words(step) for step in steps]
    of_steps = sum(any(_within(piece, step) or _within(step, piece) for step in wanted) for piece in quoted)
    return all(_within(step, words(said)) for step in wanted) and 2 * of_steps >= len(quoted)


def _sentences(text: str) -> list[Sequence[str]]:
    found = (words(text[start:end]) for start, end in sentences(text, 0, len(text)))
    return [each for each in found if each]


def _within(part: Sequence[str], whole: Sequence[str]) -> bool:
    """Whether words stand together in others."""
    return any(whole[at : at + len(part)] == part for at in range(len(whole) - len(part) + 1))


def interval(hits: int, total: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share."""
    if not total:
        return 0.0, 1.0
    z, share = 1.96, hits / total
    middle, spread = (
        share + z * z / (2 * total),
        z * math.sqrt(share * (1 - share) / total + (z / (2 * total)) ** 2),
    )
    return (middle - spread) / (1 + z * z / total), (middle + spread) / (1 + z * z / total)


def told(name: str, verdicts: Sequence[Verdict]) -> str:
    """One line: the count, and the shares with their intervals."""
    total = len(verdicts)
    parts = [f"{name:<24}{total:>5}"]
    for each in ("right", "wrong", "refused"):
        hits = sum(one == each for one in verdicts)
        low, high = interval(hits, total)
        parts.append(f"{each} {hits / max(1, total):.3f} ({low:.2f}–{high:.2f})")
    return "  ".join(parts)


async def answers(page: str, url: str, questions: Iterable[str], agent: Agent) -> list[Answer]:
    """The answers to some questions about one page."""
    read = document(page, url)
    return await agent.ask_many([(question, read) for question in questions])


async def measure(data: Path, number: int, seed: int, part: tuple[int, int]) -> list[dict[str, Any]]:
    """Asks, and gives what was said to each question; of so many parts of the pages the one of a number."""
    addresses = urls()
    every = [(row["page"], question) for row in read_packed(data) for question in row["questions"]]
    chosen = random.Random(seed).sample(every, min(number or len(every), len(every)))
    by_page: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for page, question in chosen:
        by_page[page].append(question)
    lines = []
    async with Agent() as agent:
        for page, questions in sorted(by_page.items())[part[0] :: part[1]]:
            text = searched(PAGES, page).text
            said = await answers(page, addresses[page], [question["q"] for question in questions], agent)
            for question, answer in zip(questions, said, strict=True):
                given = answer.text if answer.status == "answered" else None
                lines.append(
                    {
                        "page": page,
                        "question": question,
                        "said": given,
                        "confidence": answer.confidence,
                        "verdict": verdict(question, given, text),
                    }
                )
    return lines


def table(lines: Iterable[Mapping[str, Any]]) -> str:
    """What became of the questions, by kind and by tier."""
    found: dict[str, list[Verdict]] = defaultdict(list)
    for line in lines:
        question = line["question"]
        if question["kind"] == "none":
            groups = ["not on the page", f"  tempting {bool(question['tempting'])}"]
        else:
            groups = ["answerable", f"  kind {question['kind']}", f"  tier {question['tier']}"]
        for group in groups:
            found[group].append(line["verdict"])
    return "\n".join(
        told(name, found[name]) for name in sorted(found, key=lambda name: (name.startswith(" "), name))
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("data", type=Path, nargs="+")
    parser.add_argument("--told", action="store_true", help="of files that --out kept")
    parser.add_argument("--part", type=int, nargs=2, default=(0, 1), help="of so many, which: one a process")
    parser.add_argument("-n", "--number", type=int, default=0, help="how many, drawn by the seed; 0: all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    if len(given.data) > 1 and not given.told:
        parser.error("one file of questions is asked; --told takes several of answers")
    if given.told:
        kept = [line for path in given.data for line in path.read_text("utf-8").splitlines()]
        print(table(map(json.loads, kept)))
        return
    lines = asyncio.run(measure(given.data[0], given.number, given.seed, given.part))
    print(table(lines))
    if given.out is not None:
        given.out.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8")


if __name__ == "__main__":
    main()
