"""What is told while a model writes: its words as they come, not checked yet, and what became of them."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping, Sequence

from browseagent.answer.support import Verdict
from browseagent.records import Point, Usage

Tell = Callable[[str, str, Mapping[str, object]], None]
"""Tells of one step: its name, a line for a person, and what a trace keeps of it."""
WRITING = "writing"
"""The step that tells of words as they come: many a second, so a trace leaves it out."""
PAUSE = 0.1
"""Seconds between two tellings of words: the eye takes no more."""
_WORDS = re.compile(r'(?:"answer"\s*:|\{\s*"text"\s*:)\s*"((?:[^"\\]|\\[^u]|\\u[0-9a-fA-F]{4})*)')


def untold(step: str, message: str, data: Mapping[str, object]) -> None:
    """For who shows nothing."""


def words_so_far(reply: str) -> str:
    """The words that a reply of JSON, which may end anywhere, gives as its answer or its newest point."""
    found = _WORDS.findall(reply)
    return str(json.loads(f'"{found[-1]}"', strict=False)).strip() if found else ""


def listener(tell: Tell) -> Callable[[str], None]:
    """Hears a reply as it comes, and tells of its words now and then."""
    at, told = 0.0, ""

    def heard(reply: str) -> None:
        nonlocal at, told
        now = time.monotonic()
        if now - at < PAUSE:
            return
        words = words_so_far(reply)
        if words and words != told:
            at, told = now, words
            tell(WRITING, f"writing, not checked yet: {words}", {})

    return heard


def usage_text(usage: Usage) -> str:
    """What a model took, for a person."""
    cost = "" if usage.cost is None else f", cost {usage.cost:.4g}"
    return f"{usage.prompt_tokens:,} tokens in, {usage.completion_tokens:,} out{cost}"


def tell_judged(tell: Tell, points: Sequence[Point], failures: Mapping[str, Verdict]) -> None:
    """Tells what the check made of what was written: how much is carried, and what failed and why."""
    supported = sum(point.support != "unsupported" for point in points)
    tell(
        "checked",
        f"{supported} of {len(points)} sentences verified against the page",
        {"verified": supported, "written": len(points)},
    )
    for sentence, verdict in failures.items():
        why = "; ".join(verdict.failures)
        tell("unsupported", f"not carried ({why}): {sentence}", {"sentence": sentence, "why": why})
