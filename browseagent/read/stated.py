"""What the markup states of words that people read otherwise: the moment of "Friday evening", the number of
"a dozen". Kept as lines beside the text of a document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from browseagent.read.dom import Element, text_of
from browseagent.read.pictures import short
from browseagent.read.text import clean, fold_space

STATING = {"time": "datetime", "data": "value"}
"""Elements, and the attribute that states what they mean."""
_LINE = re.compile(r"(time|data) “(.*)” of “(.*)” is (.*)", re.S)
_LONGEST = 80
_ABOVE = 3
"""Characters that tell where the words stand, and elements above within which these are looked for."""


class Stated(NamedTuple):
    """Words, those beside which they stand, and what they mean."""

    tag: str
    words: str
    among: str
    value: str

    def __str__(self) -> str:
        return f"{self.tag} “{self.words}” of “{self.among}” is {self.value}"


def stated(element: Element) -> Iterator[str]:
    """What an element's attribute states, unless its words say the same."""
    value, words = short(element.get(STATING[element.tag]) or ""), short(text_of(element))
    if value and words and value not in words:
        yield str(Stated(element.tag, words, _among(element, words), value))


def parsed(line: str) -> Stated | None:
    """What a line beside the text states; None for any other."""
    found = _LINE.fullmatch(line)
    return Stated(*found.groups()) if found else None


def _among(element: Element, words: str) -> str:
    """The first words beside which an element stands, without its own."""
    for above in islice(element.iterancestors(), _ABOVE):
        text = ""
        for part in above.itertext("*"):
            text += part
            if len(text) > len(words) + 2 * _LONGEST:
                break
        said = fold_space(clean(text)).replace(words, " ", 1)
        if said.strip():
            return " ".join(said.split())[:_LONGEST].strip()
    return ""
