"""Which characters may stand in readable text.

Zero-width and bidirectional controls can hide instructions from a person while a model reads them,
and control characters can take over a terminal. None of them reaches ``Document.text``.
"""

from __future__ import annotations

import re

# Zero-width spaces and joiners, soft hyphens, invisible operators, Hangul and Mongolian fillers, bidi marks
# and overrides, tag characters and the supplementary variation selectors (both used to smuggle text).
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
# ZWNJ and ZWJ spell words in Persian and the Indic scripts and build emoji; elsewhere they only hide.
_JOINER = re.compile("(?<![\u0600-\u1cff\u2190-\u2bff\ufe0f\U0001f000-\U0001faff])[\u200c\u200d]"
                     "|[\u200c\u200d](?![\u0600-\u1cff\u2190-\u2bff\U0001f000-\U0001faff])")  # fmt: skip
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_NEWLINE = re.compile("\r\n?|[\x85\u2028\u2029\x0c]")
_SUSPECT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)


def clean(text: str) -> str:
    """The text without invisible and control characters; line ends become ``\\n``. Idempotent."""
    if not _SUSPECT.search(text):
        return text
    text = _CONTROL.sub("", _NEWLINE.sub("\n", text))
    text = _INVISIBLE.sub("", text)
    before = None
    while before != text:  # taking out one joiner can leave its neighbour alone
        before, text = text, _JOINER.sub("", text)
    return text


def fold_space(text: str) -> str:
    """Every run of white space becomes one space; none is left at the ends."""
    return " ".join(text.split())
