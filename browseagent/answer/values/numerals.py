"""Numbers in words (English): ``twenty-five``, ``three hundred thousand``, ``third``. Pure."""

from __future__ import annotations

import re

_CARDINALS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    " seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
CARDINALS = {word: n for n, word in enumerate(_CARDINALS.split())} | {
    word: 10 * n for n, word in enumerate(_TENS.split(), start=2)
}
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
ORDINALS = {word: n for n, word in enumerate(_ORDINALS.split(), start=1)}
SCALES = {
    "hundred": 1e2, "thousand": 1e3, "k": 1e3, "million": 1e6, "m": 1e6, "mn": 1e6, "billion": 1e9, "bn": 1e9,
    "dozen": 12.0, "万": 1e4, "亿": 1e8,
}  # fmt: skip
FRACTIONS = {"half": 0.5, "quarter": 0.25, "twice": 2.0, "double": 2.0, "doubled": 2.0, "triple": 3.0}

_WORD = "|".join([*CARDINALS, *(word for word in SCALES if len(word) > 2), *FRACTIONS])
NUMERAL = rf"(?:{_WORD})(?:[- ](?:and )?(?:{_WORD}))*"
"""A regular expression of a number in words; for letters of either case."""


_SPELT = re.compile(rf"(?<![\w-])(?P<words>{NUMERAL})(?![\w-])", re.I)
_ALSO_OTHERWISE = frozenset(("one", "half", "quarter", "double", "doubled", "twice", "triple"))
"""Words that tell something else as often as a number."""


def spelt_numbers(text: str) -> list[float]:
    """The numbers in words that stand in a text by themselves; no scale after a number in figures."""
    found = (match["words"].lower() for match in _SPELT.finditer(text))
    values = (spelt(words) for words in found if words not in _ALSO_OTHERWISE)
    return [value for value in values if value is not None]


def spelt(words: str) -> float | None:
    """``twenty-five`` is 25, ``three hundred and ten thousand`` 310,000; None for a scale alone."""
    words = words.lower()
    if words in FRACTIONS:
        return FRACTIONS[words]
    total, part, seen = 0.0, 0.0, False
    for word in re.split(r"[- ]", words):
        if word in CARDINALS:
            part, seen = part + CARDINALS[word], True
        elif word in FRACTIONS:
            return None
        elif word in SCALES:
            if not seen and word != "dozen":
                return None
            part = (part or 1.0) * SCALES[word]
            seen = True
            if SCALES[word] >= 1e3:
                total, part = total + part, 0.0
    return total + part if seen else None
