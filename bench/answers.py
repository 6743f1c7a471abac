"""How well the recorded pages are answered: every question of ``fixtures/questions.json``.

    python bench/answers.py [-n QUESTIONS]

Not a timed benchmark: it prints the share of answerable questions whose first quote holds the
expected words (and that are answered at all), and the share of the others that are refused. The
questions are ours and nothing was fitted on them.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
from pathlib import Path
from typing import Any

from browseagent import Agent
from browseagent.read import read_page
from browseagent.records import Answer, Document
from browseagent.web.replay import load

PAGES = Path(__file__).resolve().parent.parent / "fixtures" / "pages"


def cases(n: int) -> list[tuple[str, dict[str, Any], Document]]:
    """(slug, question, document), ``n`` drawn at random with a fixed seed, or all."""
    found = []
    for folder in sorted(path.parent for path in PAGES.glob("*/questions.json")):
        document = read_page(load(folder))
        for question in json.loads((folder / "questions.json").read_text("utf-8")):
            found.append((folder.name, question, document))
    return random.Random(1).sample(found, n) if n else found


def is_right(question: dict[str, Any], answer: Answer) -> bool:
    """Whether the first quote (or the closest passage) holds the words that it must."""
    quotes = answer.quotes or answer.closest
    fold = " ".join(question["quote_contains"].split()).lower()
    return bool(quotes) and fold in " ".join(quotes[0].text.split()).lower()


async def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("-n", type=int, default=0, help="how many questions; 0: all")
    chosen = cases(parser.parse_args().n)
    async with Agent() as agent:
        answers = await agent.ask_many([(question["question"], document) for _, question, document in chosen])
    yes = [(s, q, a) for (s, q, _), a in zip(chosen, answers, strict=True) if not q.get("not_on_page")]
    no = [(s, q, a) for (s, q, _), a in zip(chosen, answers, strict=True) if q.get("not_on_page")]
    for slug, question, answer in yes:
        if not is_right(question, answer) or answer.status != "answered":
            got = (answer.quotes or answer.closest)[:1]
            words = got[0].text if got else ""
            told = f"{answer.status} {answer.confidence:.2f}"
            print(f"{slug}: {question['question']} | {told} | {words}")
    figures = {
        "answerable": len(yes),
        "evidence_at_1": sum(is_right(q, a) for _, q, a in yes) / max(1, len(yes)),
        "answered": sum(a.status == "answered" for _, _, a in yes) / max(1, len(yes)),
        "answered_right": sum(a.status == "answered" and is_right(q, a) for _, q, a in yes)
        / max(1, len(yes)),
        "unanswerable": len(no),
        "refused": sum(a.status == "not_found" for _, _, a in no) / max(1, len(no)),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    asyncio.run(main())
