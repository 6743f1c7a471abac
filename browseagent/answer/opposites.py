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
_OUTRIGHT = re.compile(
    r"(?:(?P<yes>yes|ja|oui)|(?P<no>nein))(?![\w-])"
    r"|(?:(?P<true>true)|(?P<false>no|false|non))(?=[^\S\n]*(?:[,;:!(\u2013\u2014\n]|-\s|\.(?=\s+\D|\s*$)|$))"
)
"""An answer by the first word; some begin other things: "No. 1", "Non-stop", "True to its name"."""
_NONE_OF = re.compile(r"no\s+(?P<what>\w+)(?P<aside>[,!.\u2013\u2014]\s*\w)?")
"""A denial of what follows; not where one word unasked for stands apart: "No problem, we have it"."""
_NOT = re.compile(
    r"\b(?:not|no longer|never|nicht|kein\w*|isn['’]t|aren['’]t|don['’]t|doesn['’]t|cannot)\b", re.I
)


def yes_or_no(question: str, words: str) -> bool | None:
    """Yes or no, where words say it outright, or hold the question's own word or its opposite; else None."""
    text = words.strip().lower()
    outright = _OUTRIGHT.match(text)
    if outright:
        return outright.lastgroup in ("yes", "true")
    asked = question.lower()
    none = _NONE_OF.match(text)
    if none and (not none["aside"] or none["what"] in re.findall(r"\w+", asked)):
        return False
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
