"""What the reader is trained on: passages with questions, as records and as a file.

The file is JSON Lines, one :class:`Example` a line: ``{"group", "heading", "text", "questions":
[[question, answer, kind], …], "source"}``. An empty answer means that the passage does not hold it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

from browseagent.durable import write_atomically
from browseagent.errors import UsageError, why_unread


class Asked(NamedTuple):
    """A question of a passage."""

    question: str
    answer: str
    """Words of the passage, or empty where it has none."""
    kind: str
    """answered; neighbour: another passage of the page answers; unanswerable: written to fool."""


KINDS = ("answered", "neighbour", "unanswerable")


@dataclass(frozen=True, slots=True)
class Example:
    """One passage and what was asked of it."""

    group: str
    """Article, page or site: groups are never split between training and evaluation."""
    heading: str
    text: str
    questions: tuple[Asked, ...]
    source: str
    """Which data it comes from, for the card."""


def write_examples(path: Path, examples: Iterable[Example]) -> None:
    """Stores examples, atomically."""
    lines = [json.dumps(asdict(example), ensure_ascii=False) for example in examples]
    write_atomically(path, ("\n".join(lines) + "\n").encode())


def read_examples(path: Path) -> list[Example]:
    """The examples of a file. Raises :class:`UsageError`, with the line, where it is not one."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {why_unread(error)}") from error
    found = []
    for number, line in enumerate(lines, 1):
        try:
            fields = json.loads(line)
            questions = tuple(Asked(*map(str, each)) for each in fields.pop("questions"))
            example = Example(**fields, questions=questions)
            if any(asked.answer not in example.text for asked in questions):
                raise ValueError("an answer is not in its text")
            if any((asked.kind == "answered") != bool(asked.answer) for asked in questions):
                raise ValueError("its kind says otherwise")
            if not questions or any(asked.kind not in KINDS for asked in questions):
                raise ValueError("no questions of a known kind")
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise UsageError(f"{path}, line {number} is no example: {error}") from error
        found.append(example)
    if not found:
        raise UsageError(f"{path} holds no example")
    return found
