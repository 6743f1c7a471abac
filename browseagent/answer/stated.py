"""How many things a page says that it lists, by a line beside the list that says little else."""

from __future__ import annotations

import re
from collections.abc import Sequence

from browseagent.answer.lexical import words
from browseagent.answer.named import Name
from browseagent.answer.typed.sheet import is_provable
from browseagent.answer.values import amounts, days, has_amount
from browseagent.records import BlockKind, Document

COUNT_CHARS, COUNT_WORDS = 60, (2, 5)
"""A line that says how many things there are is no longer, and has no more other words: where it says that
alone, and where it says how many of them are shown ("1–24 of 312")."""
_BESIDE_A_LIST = ("", "page", "header")
_NUMERAL = re.compile(
    r"(?<![\w.,])\d{1,3}(?:[ .,\u00a0\u202f]\d{3})+(?!\d)|(?<![\w.,])\d{1,6}(?![\w%]|[.,]\d)"
)
_SEPARATOR = re.compile(r"\D")


def stated_number(document: Document, rows: int) -> tuple[int, Name] | None:
    """How many things a page says that it lists, of which ``rows`` were found, and where it says so: a line
    that is little but that number, or one that goes up to the last of these ("1–24 of 312")."""
    for text in (document, document.rest):
        for block in text.blocks if text is not None else ():
            if text is None or block.kind is BlockKind.ROW or block.place not in _BESIDE_A_LIST:
                continue
            line = text.block_text(block)
            if len(line) > COUNT_CHARS or not is_provable(text, block.start, block.end):
                continue
            said = [int(_SEPARATOR.sub("", each)) for each in _NUMERAL.findall(line)]
            if said and _counts(line, said, rows):
                return said[-1], Name(text, block.start, block.end)
    return None


def _counts(line: str, said: Sequence[int], rows: int) -> bool:
    """Whether the numbers of a line say that so many of so many are listed, or how many these are."""
    others = [word for word in words(line) if not word.isdigit()]
    if has_amount(line) or "%" in line or days(line, "en"):
        return False
    if len(said) == 1:
        return said[0] == rows and 0 < len(others) <= COUNT_WORDS[0]
    measured = any(each.until for each in amounts(line, "en"))  # "15 to 19 h"
    part = said[:-1] in ([rows], [1, rows]) and not measured
    return part and said[-1] >= rows and len(others) <= COUNT_WORDS[1]
