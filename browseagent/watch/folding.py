"""A text as it is compared: without typography, and the white space that inline markup moves about. Pure.

What tells numbers apart stays: white space and bullets between two digits, the point of ``3·50``, the power
of ``10²``. So does everything in code.
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
        "•": " ", "·": " ", "⁃": " ", "↗": " ", "￼": " ", "⁄": "/",
        "\u2060": "", "\u200b": "", "\ufe0e": "", "\ufe0f": "",
    }
)  # fmt: skip
_POINT = re.compile(r"(?<=\d)·(?=\d)")
_RAISED = re.compile("(?<=[0-9])(?=[⁰¹²³⁴⁵⁶⁷⁸⁹⁻])")
_FRACTION = re.compile("(?<=[0-9])(?=[¼-¾⅐-⅞])")
_ARROW = re.compile("[←-⇿]")
_SPACE = re.compile(r" (?!\d)|(?<!\d) ")


def fold(text: str) -> str:
    """The text as it is compared."""
    text = _FRACTION.sub(" ", _RAISED.sub("^", _POINT.sub(".", text)))
    return _unspaced(unicodedata.normalize("NFKC", text).translate(_TYPOGRAPHY))


def joined(keys: Iterable[str]) -> str:
    """Folded texts as one: the same however a text is cut into them."""
    return _unspaced(" ".join(keys))


def _unspaced(text: str) -> str:
    return _SPACE.sub("", " ".join(text.split()))


def fold_code(text: str) -> str:
    """Code as it is compared: a quotation mark, a dash, a space more or less is another program. Only blank
    lines and the width of gaps within a line are folded."""
    lines = (f"{'|' * _indent(line)}{'␣'.join(line.split())}" for line in text.split("\n") if line.strip())
    return unicodedata.normalize("NFC", "␤".join(lines))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip()) if "\t" not in line else _indent(line.expandtabs(4))


def says(key: str) -> bool:
    """Whether a folded text says anything: by words or numbers, by signs such as ✓ and 🔴, an arrow, or how
    many marks of a currency it has."""
    kinds = map(unicodedata.category, key)
    return any(kind[0] in "LN" or kind in ("So", "Sc") for kind in kinds) or bool(_ARROW.search(key))
