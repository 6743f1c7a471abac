"""What a question is about, as terms to look for on pages and in links."""

from __future__ import annotations

import re

from browseagent.answer.evidence import query_terms

_HOW = re.compile(r"\bhow\s+\w+", re.IGNORECASE)
_FORM = re.compile(
    rf"{_HOW.pattern}|\b(?:what|which)\s+(?:time|year|day|days|date|month|number|age)\b"
    r"|\b(?:must|may|might|shall)\b",
    re.IGNORECASE,
)


def subject_terms(question: str) -> set[str]:
    """The terms of a question that its page may be expected to hold: without those that say which form the
    answer takes. "How heavy is it" is answered by a weight, "on which day" by the name of one."""
    return set(query_terms(_FORM.sub(" ", question)))


def lead_terms(question: str) -> set[str]:
    """The terms of a question that may lead to its page: "Collection days" may for "on which day", "The long
    read" not for "how long"."""
    return set(query_terms(_HOW.sub(" ", question)))
