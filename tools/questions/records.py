"""Questions on pages: as a writer writes them, as they are kept, and what is wrong with a line.

A writer writes one JSON object a line in ``ID.jsonl``, ID being the page (GUIDE of the writers)::

    {"kind": "value", "tier": "main", "q": "how heavy is it", "a": ["2.4 kg"]}

Kept is one object a page: its id, its text's SHA-256, and its questions with offsets (``pack``).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

KINDS = ("fact", "value", "yesno", "how", "best", "list", "none")
TIERS = ("main", "second", "record", "table")
SHARES = {"fact": 25, "value": 20, "yesno": 10, "how": 10, "best": 8, "list": 7, "none": 20}
"""What is aimed at, in percent of all questions."""
MOST_WORDS = 12
"""Words of an answer that may be kept: no sentence of a page is committed."""
QUESTION_MOST = 30
_FIELDS = {"kind", "tier", "q", "a", "s", "steps", "row", "tempting", "after", "note"}
_NEEDS = {
    "fact": {"a"},
    "value": {"a"},
    "yesno": {"a", "s"},
    "how": {"steps"},
    "best": {"a"},
    "list": {"a"},
    "none": set[str](),
}
_MAY = {
    "fact": {"after"},
    "value": {"after"},
    "yesno": {"after"},
    "how": {"after"},
    "best": {"after", "row"},
    "list": {"after"},
    "none": {"tempting", "after"},
}


class Wrong(ValueError):
    """A line that is not a question; the text says what to mend."""


@dataclass(frozen=True, slots=True)
class Written:
    """A question as its writer wrote it, its fields checked but not yet looked up in the page."""

    page: str
    line: int
    kind: str
    tier: str
    question: str
    answers: tuple[str, ...] = ()
    """Words of the page: other ways of giving the one answer, or a list's items; ``yes`` or ``no``."""
    sentence: str = ""
    steps: tuple[str, ...] = ()
    row: str = ""
    tempting: str = ""
    after: tuple[str, ...] = ()
    """Words of the page that stand shortly before the answer, where its words stand in several places."""

    @property
    def id(self) -> str:
        return identity(self.page, self.question)


def identity(page: str, question: str) -> str:
    """A question's id: of the page and its own words, so that mending an answer keeps it."""
    return hashlib.sha256(f"{page}\n{question}".encode()).hexdigest()[:10]


def written(page: str, number: int, line: str) -> Written:
    """Reads one line. Raises :class:`Wrong`."""
    try:
        given: Any = json.loads(line)
    except json.JSONDecodeError as error:
        raise Wrong(f"no JSON: {error.msg} at column {error.colno}") from error
    if not isinstance(given, dict):
        raise Wrong("a line holds one JSON object")
    if unknown := set(given) - _FIELDS:
        raise Wrong(f"unknown field {', '.join(sorted(unknown))}; known: {', '.join(sorted(_FIELDS))}")
    kind = given.get("kind")
    if kind not in KINDS:
        raise Wrong(f"kind is {kind!r}, not one of {', '.join(KINDS)}")
    present = {name for name in _FIELDS - {"kind", "tier", "q", "note"} if given.get(name)}
    if missing := _NEEDS[kind] - present:
        raise Wrong(f"a question of kind {kind} needs {', '.join(sorted(missing))}")
    if extra := present - _NEEDS[kind] - _MAY[kind]:
        raise Wrong(f"a question of kind {kind} has no {', '.join(sorted(extra))}")
    tier = given.get("tier")
    if tier not in TIERS:
        raise Wrong(f"tier is {tier!r}, not one of {', '.join(TIERS)} (of none: where it would stand)")
    question = _text(given, "q")
    if len(question.split()) > QUESTION_MOST:
        raise Wrong(f"a question has at most {QUESTION_MOST} words")
    answers = _texts(given, "a")
    _check_answers(kind, answers)
    return Written(
        page,
        number,
        kind,
        tier,
        question,
        answers,
        _text(given, "s") if "s" in given else "",
        _texts(given, "steps"),
        _text(given, "row") if "row" in given else "",
        _text(given, "tempting") if given.get("tempting") else "",
        _texts(given, "after"),
    )


def _check_answers(kind: str, answers: tuple[str, ...]) -> None:
    if kind == "yesno":
        if answers not in (("yes",), ("no",)):
            raise Wrong('a yes/no question has "a": ["yes"] or ["no"]')
        return
    if kind == "list" and len(answers) < 2:
        raise Wrong("a list has two items or more, each a string of its own in a")
    for answer in answers:
        if len(answer.split()) > MOST_WORDS:
            raise Wrong(f"answer of more than {MOST_WORDS} words: {answer!r}")


def _text(given: dict[str, Any], name: str) -> str:
    value = given.get(name)
    if not isinstance(value, str) or not value.strip():
        raise Wrong(f"{name} is to be a string that is not empty")
    return value.strip()


def _texts(given: dict[str, Any], name: str) -> tuple[str, ...]:
    value = given.get(name, [])
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list) or not all(isinstance(each, str) and each.strip() for each in value):
        raise Wrong(f"{name} is to be a string or a list of strings that are not empty")
    return tuple(each.strip() for each in value)
