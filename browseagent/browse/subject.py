"""What a question is about, as terms to look for on pages and in links."""

from __future__ import annotations

import re

from browseagent.answer.evidence import query_terms

# "How heavy is it" is answered by a weight: that the page says "heavy" is not to be expected, and "The long
# read" is no place to ask how long something is.
_FORM = re.compile(
    r"\bhow\s+\w+|\b(?:what|which)\s+(?:time|year|day|days|date|month|number|age)\b|\b(?:must|may|might|shall)\b",
    re.IGNORECASE,
)


def subject_terms(question: str) -> set[str]:
    """The terms of a question without those that say which form its answer takes."""
    return set(query_terms(_FORM.sub(" ", question)))
