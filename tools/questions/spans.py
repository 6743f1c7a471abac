"""Where words stand in a page's frozen text.

White space does not count when words are looked for, since a browser draws a gap where the HTML has
none (cells laid out by style); nor does the kind of quotation mark, hyphen or letter case.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass

from tools.questions.visible import normalized

_ALIKE = str.maketrans("‘’‚‛′“”„‟″‐‑‒–—―−", "'''''\"\"\"\"\"" + "-" * 7)
GAP = re.compile(r"\s*(?:…|\.\.\.)\s*")
"""Writers shorten a long span to its first and last words with this between them."""
SENTENCE_MOST = 1_200
"""Characters that a span given by its two ends may be long."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """``text[start:end]`` of a frozen text."""

    start: int
    end: int


class Searched:
    """A frozen text, made ready to find words in."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._places: list[int] = []
        squeezed: list[str] = []
        for place, character in enumerate(text):
            for folded in _folded(character):
                squeezed.append(folded)
                self._places.append(place)
        self._squeezed = "".join(squeezed)

    def all(self, words: str) -> list[Span]:
        """Every place of ``words``; not inside a longer word or number.

        Where they stand nowhere, they are looked for without the marks of what writers read.
        """
        return self._exactly(words) or self._exactly(unmarked(words))

    def _exactly(self, words: str) -> list[Span]:
        wanted = "".join(_folded(character) for character in normalized(words))
        found: list[Span] = []
        at = self._squeezed.find(wanted) if wanted else -1
        while at >= 0:
            span = Span(self._places[at], self._places[at + len(wanted) - 1] + 1)
            if self._whole(span):
                found.append(span)
            at = self._squeezed.find(wanted, at + 1)
        return found

    def shortened(self, words: str) -> list[Span]:
        """Every place of ``first words … last words``, or of words given in full."""
        ends = GAP.split(words.strip(), maxsplit=1)
        if len(ends) == 1 or not all(ends):
            return self.all(words.strip().strip("…").strip())
        lasts = [span.end for span in self.all(ends[1])]
        found = []
        for first in self.all(ends[0]):
            at = bisect_left(lasts, first.end)
            if at < len(lasts) and lasts[at] - first.start <= SENTENCE_MOST:
                found.append(Span(first.start, lasts[at]))
        return found

    def after(self, words: str, before: str, reach: int = 160) -> list[Span]:
        """The places of ``words`` that come first within ``reach`` characters after ``before``."""
        spans = self.shortened(words)
        picked = set()
        for context in self.all(before):
            following = [span for span in spans if context.end <= span.start <= context.end + reach]
            if following:
                picked.add(min(following))
        return sorted(picked)

    def sentence(self, span: Span, most: int = 200) -> str:
        """What stands around a span: to the sentence's ends, at most ``most`` characters each way."""
        left = self.text[max(0, span.start - most) : span.start]
        right = self.text[span.end : span.end + most]
        left = re.split(r"[.!?…]\s", left)[-1]
        right = re.split(r"(?<=[.!?…])\s", right)[0]
        return left + self.text[span.start : span.end] + right

    def nearest(self, words: str) -> str:
        """For a message: what stands where the longest beginning of ``words`` is found, or nothing."""
        parts = words.split()
        for size in range(len(parts) - 1, 0, -1):
            found = self.all(" ".join(parts[:size]))
            if found:
                return self.text[found[0].start : found[0].start + len(words) + 20]
        return ""

    def _whole(self, span: Span) -> bool:
        return not (
            _joined(self.text[span.start - 1 : span.start + 1] if span.start else "")
            or _joined(self.text[span.end - 1 : span.end + 1])
            or re.fullmatch(r"\d[.,]\d", self.text[span.end - 1 : span.end + 2])
            or (span.start > 1 and re.fullmatch(r"\d[.,]\d", self.text[span.start - 2 : span.start + 1]))
        )


def unmarked(words: str) -> str:
    """Copied words without the marks of structure that ``rendered`` puts beside a page's own words."""
    return re.sub(r"\[(?:picture|choice): ([^\]]*)\]?|\]|\||^\s*(?:#+|-|»)\s|» ", r" \1 ", words)


def _folded(character: str) -> str:
    """A character as it is compared: lower case, plain marks; nothing for white space."""
    return "" if character.isspace() else character.translate(_ALIKE).lower()


def _joined(pair: str) -> bool:
    """Whether two neighbours are of one word or one number. A digit beside a letter is a gap not drawn."""
    if len(pair) < 2:
        return False
    kinds = {unicodedata.category(character)[0] for character in pair}
    return len(kinds) == 1 and kinds <= {"L", "N"} and not _camel(pair)


def _camel(pair: str) -> bool:
    """``dC`` of ``£34.00AddCart``: two pieces of text that the HTML does not hold apart."""
    return pair[0].islower() and pair[1].isupper()
