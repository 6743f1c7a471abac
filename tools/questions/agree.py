"""Compares the answers of a second, blind reading with the writers', and lists where the two differ.

    python -m tools.questions.agree WRITTEN_FOLDER BLIND.jsonl … [--agreed OUT.ids] [--differ OUT.jsonl]

A blind answer is a line ``{"id": …, "a": "none" | "yes" | "no" | words of the page | [items or steps]}``.
The two agree where both say none; both say yes, or no; share half their words (F1) or, of values, their
numbers; or, of steps, where most of the one are most of the other.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tools.questions.check import check_files, searched
from tools.questions.locate import Located
from tools.questions.pages import PAGES
from tools.questions.spans import Searched, Span
from tools.questions.wording import words

LEAST = 0.5
LEAST_LISTED = 0.6
"""One item of three, named by the one and not the other, is not the same list."""
NONE = frozenset(["", "none", "no answer", "not on the page", "not on this page"])
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_FILLERS = frozenset(["a", "an", "the", "of", "in", "at", "on", "to", "and", "for", "by"])


def f1(one: str, other: str) -> float:
    """Words shared by two texts, small words left out."""
    left, right = (Counter(_telling(text)) for text in (one, other))
    shared = sum((left & right).values())
    return 2 * shared / (sum(left.values()) + sum(right.values())) if shared else 0.0


def numbers(text: str) -> set[float]:
    """The numbers in a text; ``1,200`` and ``1200.00`` are one."""
    found = set()
    for each in _NUMBER.findall(text):
        plain = re.sub(r"[.,](?=\d{3}(?:\D|$))", "", each).replace(",", ".")
        if plain.count(".") < 2:
            found.add(float(plain))
    return found


def agrees(question: Located, blind: Sequence[str], page: Searched) -> bool:
    """Whether a blind answer (its items; nothing for none) says what the writer's says."""
    written = question.written
    if written.kind == "none" or not blind:
        return written.kind == "none" and not blind
    said = " ".join(blind)
    if written.kind == "yesno":
        return words(said)[:1] == list(written.answers)
    if written.kind == "how":
        return _same_steps(question.steps, blind, page)
    if written.kind == "list":
        return f1(" ".join(written.answers), said) >= LEAST_LISTED
    return any(f1(answer, said) >= LEAST for answer in written.answers) or (
        written.kind == "value"
        and any(numbers(answer) == numbers(said) != set() for answer in written.answers)
    )


def _same_steps(steps: Sequence[Span], blind: Sequence[str], page: Searched) -> bool:
    written = [page.text[span.start : span.end] for span in steps]
    if f1(" ".join(written), " ".join(blind)) >= LEAST:
        return True
    hits = [_steps_met(steps, item, page) for item in blind]
    met = set().union(*hits)
    return sum(map(bool, hits)) * 2 >= len(blind) and len(met) * 2 >= len(steps)


def _steps_met(steps: Sequence[Span], item: str, page: Searched) -> set[int]:
    places = page.shortened(item)
    return {
        number
        for number, step in enumerate(steps)
        if any(place.start < step.end and step.start < place.end for place in places)
    }


def _telling(text: str) -> list[str]:
    every = words(text)
    return [word for word in every if word not in _FILLERS] or every


def items(answer: Any) -> tuple[str, ...]:
    """A blind answer as its items; nothing where it says that the page does not answer."""
    listed = answer if isinstance(answer, list) else [answer or ""]
    texts = [str(each).strip() for each in listed]
    return tuple(text for text in texts if text.lower().strip(" .") not in NONE)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("written", type=Path)
    parser.add_argument("blind", nargs="+", type=Path)
    parser.add_argument("--pages", type=Path, default=PAGES)
    parser.add_argument("--agreed", type=Path, help="write the ids that agree here, for pack")
    parser.add_argument("--differ", type=Path, help="write the questions that differ here, with both answers")
    given = parser.parse_args()
    lines = [line for path in given.blind for line in path.read_text("utf-8").splitlines() if line.strip()]
    blind = {row["id"]: items(row.get("a")) for row in map(json.loads, lines)}
    agreed: list[str] = []
    differ: list[str] = []
    seen: Counter[str] = Counter()
    same: Counter[str] = Counter()
    unasked = 0
    for path, report in check_files([given.written], given.pages):
        page = searched(given.pages, path.stem)
        for question in report.questions:
            written = question.written
            if written.id not in blind:
                unasked += 1
                continue
            seen[written.kind] += 1
            if agrees(question, blind[written.id], page):
                same[written.kind] += 1
                agreed.append(written.id)
            else:
                differ.append(_difference(question, blind[written.id]))
    for kind, count in sorted(seen.items()):
        print(f"{kind}: {same[kind]} of {count} agree ({100 * same[kind] / count:.0f} %)")
    total = sum(seen.values())
    print(f"all: {sum(same.values())} of {total} agree; {unasked} not answered blind")
    if given.agreed:
        given.agreed.write_text("".join(f"{each}\n" for each in agreed), "utf-8")
    if given.differ:
        given.differ.write_text("".join(differ), "utf-8")


def _difference(question: Located, blind: Sequence[str]) -> str:
    written = question.written
    row = {
        "page": written.page,
        "line": written.line,
        "id": written.id,
        "kind": written.kind,
        "q": written.question,
        "written": list(written.answers or written.steps) or "none",
        "tempting": written.tempting,
        "blind": list(blind) or "none",
    }
    return json.dumps(row, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    main()
