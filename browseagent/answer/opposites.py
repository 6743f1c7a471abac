"""Yes or no said by a word and its opposite: open and closed, in stock and sold out. Pure."""

from __future__ import annotations

import re

_OPPOSITES = (
    (r"open", r"closed|shut"),
    (
        r"in stock|available|auf lager|lieferbar",
        r"out of stock|sold out|unavailable|not available|ausverkauft",
    ),
    (r"on time|running|operating", r"cancelled|canceled|suspended|delayed"),
    (r"yes|true|ja|oui|sí", r"no|false|nein|non"),
)
_NOT = re.compile(
    r"\b(?:not|no longer|never|nicht|kein\w*|isn['’]t|aren['’]t|don['’]t|doesn['’]t|cannot)\b", re.I
)


def yes_or_no(question: str, words: str) -> bool | None:
    """Yes or no, where words say it outright, or hold the question's own word or its opposite; else None."""
    text = words.strip().lower()
    plain = re.match(r"(yes|true|ja|oui|no|false|nein|non)\b", text)
    if plain:
        return plain[1] in ("yes", "true", "ja", "oui")
    asked = question.lower()
    for positive, negative in _OPPOSITES:
        about_negative = re.search(rf"\b(?:{negative})\b", asked)
        about_positive = re.search(rf"\b(?:{positive})\b", asked)
        if not (about_negative or about_positive):
            continue
        no = re.search(rf"\b(?:{negative})\b", text)
        rest = re.sub(rf"\b(?:{negative})\b", " ", text)
        yes = re.search(rf"\b(?:{positive})\b", rest)
        if bool(yes) == bool(no):
            return None
        holds = bool(yes) != bool(_NOT.search(rest))
        return holds != bool(about_negative)
    return None
