"""Deals the pages to writers: lists of pages with how many questions each is to have.

    python -m tools.questions.assign tools/questions/split.json /work/qdata

Reads what writers will read (``read/ID.txt`` of ``rendered``) and writes ``assign/train-1.txt`` … and
``assign/aside-1.txt`` …: page, kind of page, words, questions. A page with hardly a text is left out.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.questions.visible import word_count

LEAST = 120
"""Words below which a page holds nothing to ask about."""
STEPS = {"train": ((250, 8), (400, 14), (700, 20), (1500, 26), (10**9, 30)),
         "aside": ((400, 8), (1500, 11), (10**9, 12))}  # fmt: skip
"""(Fewer words than this, so many questions), found so that 5 % may be dropped from 8,000 and 1,000."""
LISTS = {"train": 12, "aside": 4}
SEED = 15


@dataclass(frozen=True, slots=True)
class Task:
    """A page to write questions on."""

    page: str
    kind: str
    words: int
    questions: int


def task(side: str, page: str, text: str) -> Task | None:
    """The task of a page, from the text that its writer reads; none where it says hardly anything."""
    about, _, body = text.partition("\n\n")
    count = word_count(body)
    if count < LEAST:
        return None
    questions = next(number for below, number in STEPS[side] if count < below)
    return Task(page, about.split()[2], count, questions)


def dealt(tasks: Sequence[Task], lists: int) -> list[list[Task]]:
    """The tasks in lists of like length, each with every kind of page, in a drawn order."""
    drawn = random.Random(SEED)
    shuffled = sorted(tasks, key=lambda each: each.page)
    drawn.shuffle(shuffled)
    shuffled.sort(key=lambda each: each.kind)
    hands = [shuffled[number::lists] for number in range(lists)]
    for hand in hands:
        drawn.shuffle(hand)
    return hands


def main() -> None:
    split = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    folder = Path(sys.argv[2])
    (folder / "assign").mkdir(exist_ok=True)
    for side, lists in LISTS.items():
        texts = {page: (folder / "read" / f"{page}.txt").read_text("utf-8") for page in split[side]}
        tasks = [found for page, text in texts.items() if (found := task(side, page, text))]
        for number, hand in enumerate(dealt(tasks, lists), start=1):
            lines = [
                f"{each.page}\t{each.kind}\t{each.words} words\t{each.questions} questions" for each in hand
            ]
            (folder / "assign" / f"{side}-{number}.txt").write_text("\n".join(lines) + "\n", "utf-8")
        left = sorted(set(texts) - {each.page for each in tasks})
        print(
            f"{side}: {len(tasks)} pages, {sum(each.questions for each in tasks)} questions; left out: {left}"
        )


if __name__ == "__main__":
    main()
