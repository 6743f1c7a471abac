"""From a follow-up and what was said before to a question that can be understood alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

from browseagent.answer.followup.clause import as_question, clause_of, words_of
from browseagent.answer.followup.fragments import filled, is_fragment
from browseagent.answer.followup.pronouns import Turn, resolved
from browseagent.answer.followup.vocabulary import TAIL

REMEMBERED = 5
"""Turns that a follow-up may lean on."""
_LATIN = re.compile("[A-Za-z0-9]")
_LEAD = re.compile(
    r"^(?:(?:and|but|or|so|ok|okay|then)[, ]+)*(?:(?:what|how) about|what of)\b[, ]*"
    r"|^(?:(?:and|but|or|so|then)[, ]+)+",
    re.I,
)


def complete(follow_up: str, turns: Sequence[Turn]) -> str:
    """The question that a follow-up means after these turns, the latest last. One that leans on nothing,
    or on something that is not found, is given back as it is."""
    lead = _LEAD.match(follow_up.strip())
    words = words_of(follow_up.strip()[lead.end() if lead else 0 :])
    if not turns or not words:
        return follow_up
    while len(words) > 1 and words[-1].lower() in TAIL:
        words = words[:-1]
    if is_fragment(words, led=lead is not None):
        earlier = clause_of(turns[-1].question)
        is_english = bool(earlier.asks or earlier.auxiliary) and _LATIN.search(follow_up) is not None
        return (filled(words, earlier) if is_english else "") or follow_up
    understood = resolved(words, turns[-REMEMBERED:])
    return follow_up if understood == words else as_question(" ".join(understood))
