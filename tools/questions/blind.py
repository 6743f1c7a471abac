"""Makes what a second person answers without the answers: pages' questions, shuffled across kinds.

    python -m tools.questions.blind OUT.jsonl FILE.jsonl | FOLDER …
    python -m tools.questions.blind --answered QUESTIONS.jsonl ANSWERS.jsonl

One line a question: its page, its id, its words. Wrong lines are left out, and counted. ``--answered``
says whether every question has one answer.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from tools.questions.check import Report, check_files
from tools.questions.pages import PAGES


def blinded(page: str, report: Report) -> Iterator[dict[str, str]]:
    """A page's questions without kind, tier or answer, in an order that tells nothing of them."""
    asked = [each.written for each in report.questions]
    random.Random(page).shuffle(asked)
    for each in asked:
        yield {"page": page, "id": each.id, "q": each.question}


def unanswered(asked: Iterable[str], answered: Iterable[str]) -> list[str]:
    """What is wrong with the lines of a file of answers, beside the lines of its questions."""
    ids = [json.loads(line)["id"] for line in asked]
    wrong, given = [], Counter[str]()
    for number, line in enumerate(answered, start=1):
        try:
            row = json.loads(line)
            given[row["id"]] += 1
            if not isinstance(row["a"], str | list):
                wrong.append(f"line {number}: a is to be a string or a list of strings")
        except (json.JSONDecodeError, KeyError, TypeError) as error:
            wrong.append(f'line {number}: not {{"id": …, "a": …}}: {error!r}')
    wrong += [f"{each}: no answer" for each in ids if not given[each]]
    wrong += [f"{each}: answered {count} times" for each, count in given.items() if count > 1]
    return wrong + [f"{each}: no such question" for each in sorted(set(given) - set(ids))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--pages", type=Path, default=PAGES)
    parser.add_argument(
        "--answered", action="store_true", help="check answers: QUESTIONS.jsonl ANSWERS.jsonl"
    )
    given = parser.parse_args()
    if given.answered:
        asked, answered = (path.read_text("utf-8").splitlines() for path in (given.out, given.files[0]))
        wrong = unanswered(asked, answered)
        print("\n".join(wrong) or f"{len(asked)} questions, all answered")
        sys.exit(1 if wrong else 0)
    reports = check_files(given.files, given.pages)
    rows = [row for path, report in reports for row in blinded(path.stem, report)]
    lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
    given.out.write_text("".join(lines), "utf-8")
    left = sum(len(report.errors) for _, report in reports)
    print(f"{len(rows)} questions on {len(reports)} pages; {left} wrong lines left out")


if __name__ == "__main__":
    main()
