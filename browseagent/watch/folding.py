"""A text as it is compared: without typography, and the white space that inline markup moves about. Pure.

What tells numbers apart stays: white space between two digits, the point of ``3·50``, the power of ``10²``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_TYPOGRAPHY = str.maketrans(
    {
        "‘": "'", "’": "'", "‚": "'", "‛": "'", "`": "'", "´": "'", "′": "'", "“": '"', "”": '"', "„": '"',
        "‟": '"',
        "«": '"', "»": '"', "″": '"', "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-",
        "•": "",
        "·": "", "⁃": "", "↗": "", "⁠": "", "​": "", "￼": "", "⁄": "/",
    }
)  # fmt: skip
_POINT = re.compile(r"(?<=\d)·(?=\d)")
_RAISED = re.compile("(?<=[0-9])(?=[⁰¹²³⁴⁵⁶⁷⁸⁹⁻])")
_FRACTION = re.compile("(?<=[0-9])(?=[¼-¾⅐-⅞])")
_SPACE = re.compile(r"\s+(?!\d)|(?<!\d)\s+")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)\s+(?=\d)")


def fold(text: str) -> str:
    """The text as it is compared."""
    text = _FRACTION.sub(" ", _RAISED.sub("^", _POINT.sub(".", text)))
    return _unspaced(unicodedata.normalize("NFKC", text).translate(_TYPOGRAPHY))


def joined(keys: Iterable[str]) -> str:
    """Folded texts as one: the same however a text is cut into them."""
    return _unspaced(" ".join(keys))


def _unspaced(text: str) -> str:
    return _BETWEEN_DIGITS.sub(" ", _SPACE.sub("", text))


def says(key: str) -> bool:
    """Whether a folded text says anything: by words or numbers, or by signs such as ✓ and 🔴."""
    return any(unicodedata.category(each)[0] in "LN" or unicodedata.category(each) == "So" for each in key)
