"""What a writer replies, as data: its JSON is read strictly, and is never an instruction to us."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from browseagent.answer.shown import Claimed
from browseagent.errors import ModelReply

_QUOTE = {
    "type": "object",
    "properties": {"passage": {"type": "integer"}, "text": {"type": "string"}},
    "required": ["passage", "text"],
    "additionalProperties": False,
}
_QUOTES = {"type": "array", "items": _QUOTE}
ANSWER_SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {"found": {"type": "boolean"}, "answer": {"type": "string"}, "quotes": _QUOTES},
    "required": ["found", "answer", "quotes"],
    "additionalProperties": False,
}
_POINT = {
    "type": "object",
    "properties": {"text": {"type": "string"}, "quotes": _QUOTES},
    "required": ["text", "quotes"],
    "additionalProperties": False,
}
SUMMARY_SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {"points": {"type": "array", "items": _POINT}},
    "required": ["points"],
    "additionalProperties": False,
}
LINKS_SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {"links": {"type": "array", "items": {"type": "integer"}}},
    "required": ["links"],
    "additionalProperties": False,
}
MOST_QUOTES = 20
MOST_POINTS = 40
_THOUGHT = re.compile(r"^\s*<(think|thinking|reasoning)>.*?</\1>", re.S)
_HINT = "Another model may keep to the form; `browseagent model eval NAME` measures it."


@dataclass(frozen=True, slots=True)
class WrittenPoint:
    """A text and the quotes that are said to carry it."""

    text: str
    quotes: tuple[Claimed, ...]


def answer_reply(text: str) -> WrittenPoint | None:
    """The answer of a reply; None where it says that there is none. Raises ModelReply."""
    fields = _object(text)
    found, answer = fields.get("found"), fields.get("answer")
    if not isinstance(found, bool) or not isinstance(answer, str):
        raise ModelReply("the model's reply lacks what was asked for: found, answer, quotes", hint=_HINT)
    point = WrittenPoint(answer.strip(), _quotes(fields.get("quotes")))
    return point if found and point.text else None


def summary_reply(text: str) -> tuple[WrittenPoint, ...]:
    """The points of a reply. Raises ModelReply."""
    points = _object(text).get("points")
    if not isinstance(points, list):
        raise ModelReply("the model's reply lacks what was asked for: points", hint=_HINT)
    return tuple(
        WrittenPoint(" ".join(point["text"].split()), _quotes(point.get("quotes")))
        for point in points[:MOST_POINTS]
        if isinstance(point, dict) and isinstance(point.get("text"), str) and point["text"].strip()
    )


def values_schema(count: int) -> Mapping[str, Any]:
    """Of so many values, by their numbers from 1: the words that give each, or null."""
    names = [str(number) for number in range(1, count + 1)]
    return {
        "type": "object",
        "properties": {name: {"anyOf": [{"type": "null"}, _QUOTE]} for name in names},
        "required": names,
        "additionalProperties": False,
    }


def values_reply(text: str, count: int) -> tuple[Claimed | None, ...]:
    """What a reply gives for each value; None where it gives nothing, or nothing of the right form. Raises
    ModelReply where it names none of them."""
    fields = _object(text)
    names = [str(number) for number in range(1, count + 1)]
    if not fields.keys() & set(names):
        raise ModelReply("the model's reply lacks what was asked for: its numbered values", hint=_HINT)
    return tuple(next(iter(_quotes([fields.get(name)])), None) for name in names)


def links_reply(text: str) -> tuple[int, ...]:
    """The numbers of a reply, from 1, each once, in its order; what is no number is as good as not there.
    Raises ModelReply."""
    links = _object(text).get("links")
    if not isinstance(links, list):
        raise ModelReply("the model's reply lacks what was asked for: links", hint=_HINT)
    # JSON's true is an int to Python.
    numbers = (each for each in links if isinstance(each, int) and not isinstance(each, bool) and each > 0)
    return tuple(dict.fromkeys(numbers))


def _object(text: str) -> dict[str, Any]:
    """The one JSON object of a reply, with prose, a code fence or a thought around it or not."""
    text = _THOUGHT.sub("", text)
    decoder = json.JSONDecoder()
    at = text.find("{")
    while at >= 0:
        try:
            found, _ = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            at = text.find("{", at + 1)
            continue
        if isinstance(found, dict):
            return found
    raise ModelReply(
        f"the model's reply is no JSON: {' '.join(text.split())[:80]!r}"
        if text.strip()
        else "the model said nothing",
        hint=_HINT,
    )


def _quotes(given: object) -> tuple[Claimed, ...]:
    """The quotes that have the right form; the others are as good as not given."""
    if not isinstance(given, list):
        return ()
    return tuple(
        Claimed(each["passage"], each["text"])
        for each in given[:MOST_QUOTES]
        if isinstance(each, dict)
        and isinstance(each.get("text"), str)
        and isinstance(each.get("passage"), int)
        and each["text"].strip()
    )
