"""Which words of a changed block changed, and a change in one sentence of the page's own words. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from browseagent.records import Hunk
from browseagent.watch.records import StandingAnswer

# A number with its currency and its separators is one word: £1,299.00 changes as a whole, not by digits.
_WORDS = re.compile(
    r"\s+|[£€$¥]?\d+(?:[.,:/]\d+)*%?|[\u3040-\u30ff\u3400-\u9fff]|[^\W\d]+(?:['’][^\W\d]+)?|.", re.S
)
_LINE = 160
"""Characters of each part of a sentence."""
_LONGEST = 4000
"""Words of a block beyond which it is shown as one difference: the comparison takes quadratic time."""


@dataclass(frozen=True, slots=True)
class Span:
    """A run of words: in both texts, in the one before alone, or in the one after alone."""

    kind: Literal["same", "removed", "added"]
    text: str


def word_diff(before: str, after: str) -> tuple[Span, ...]:
    """The two texts as runs of words. Removed and same runs joined give ``before``, added and same
    ones ``after``; of a replacement the removed run comes first."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if max(len(old), len(new)) > _LONGEST:
        spans = (Span("removed", before), Span("added", after))
        return tuple(span for span in spans if span.text) if before != after else (Span("same", before),)
    found: list[Span] = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            found.append(Span("same", "".join(old[i1:i2])))
            continue
        if i2 > i1:
            found.append(Span("removed", "".join(old[i1:i2])))
        if j2 > j1:
            found.append(Span("added", "".join(new[j1:j2])))
    return _joined(found)


def _joined(spans: list[Span]) -> tuple[Span, ...]:
    """Without lone spaces that stayed the same between two changes: ``two words`` replaced by ``other
    ones`` reads better as one replacement than as two."""
    out: list[Span] = []
    at = 0
    while at < len(spans):
        run = [spans[at]]
        while spans[at].kind != "same" and at + 1 < len(spans):
            following = spans[at + 1]
            between = following.kind == "same" and not following.text.strip() and at + 2 < len(spans)
            if following.kind == "same" and not between:
                break
            run.append(following)
            at += 1
            if between:
                run.append(spans[at + 1])
                at += 1
        at += 1
        if len(run) == 1:
            out += run
            continue
        removed = "".join(span.text for span in run if span.kind != "added")
        added = "".join(span.text for span in run if span.kind != "removed")
        out += [span for span in (Span("removed", removed), Span("added", added)) if span.text]
    return tuple(out)


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
    if len(removed) == len(added) == 1 and len(removed[0]) + len(added[0]) < _LINE:
        return f"“{_short(removed[0])}” became “{_short(added[0])}” in “{_short(hunk.after)}”"
    return f"“{_short(hunk.before)}” became “{_short(hunk.after)}”"


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LINE else text[: _LINE - 1].rstrip() + "…"
