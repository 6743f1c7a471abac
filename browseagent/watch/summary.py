"""One sentence about a change, made of the page's own words. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from browseagent.records import Hunk
from browseagent.watch.records import StandingAnswer
from browseagent.watch.worddiff import word_diff

_LONGEST = 160


def summary_of(
    changes: Sequence[Hunk], answers: Sequence[StandingAnswer] = (), claims: Sequence[str] = ()
) -> str:
    """What changed: the answers that did, else what a model claims of it and can prove, else the first
    difference by its words."""
    parts = [
        f"{each.question.text} {each.previous} → {each.value}"
        for each in answers
        if each.value is not None and each.previous is not None and each.value != each.previous
    ]
    if not parts and claims:
        parts = [" ".join(claims)]
    if not parts and changes:
        parts = [_described(changes[0])]
        if len(changes) > 1:
            more = len(changes) - 1
            parts.append(f"and {more} more {'change' if more == 1 else 'changes'}")
    return "; ".join(parts)


def _described(hunk: Hunk) -> str:
    if hunk.kind == "added":
        return f"Added: “{_short(hunk.after)}”"
    if hunk.kind == "removed":
        return f"Removed: “{_short(hunk.before)}”"
    if hunk.kind == "moved":
        return f"Moved: “{_short(hunk.after)}”"
    spans = word_diff(hunk.before, hunk.after)
    removed = [span.text for span in spans if span.kind == "removed"]
    added = [span.text for span in spans if span.kind == "added"]
    if len(removed) == len(added) == 1 and len(removed[0]) + len(added[0]) < _LONGEST:
        return f"“{_short(removed[0])}” became “{_short(added[0])}” in “{_short(hunk.after)}”"
    return f"“{_short(hunk.before)}” became “{_short(hunk.after)}”"


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"
