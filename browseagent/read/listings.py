"""Program text as pages set it: in ``<pre>``, or in a table with a gutter of line numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml import etree

from browseagent.read.characters import clean
from browseagent.read.dom import Element, text_of
from browseagent.read.tables import own_rows
from browseagent.read.tags import is_mark

_CODE = re.compile(r"(?:^|[\s_-])(?:code|blob-code|lntd|rouge-code|line-code)(?=$|[\s_-])", re.I)
_NUMBERS = re.compile(r"[\s\d.:+]*")
_LINES = frozenset(("div", "p", "li", "tr"))
_UNSEEN = frozenset(("script", "style", "button", "svg"))


def code_cells(table: Element) -> list[Element]:
    """The cells that hold the lines of program text, where a table is such a listing: in each row one, and
    beside it line numbers or nothing; else none."""
    cells: list[Element] = []
    for row in own_rows(table):
        lines = [cell for cell in row.iterchildren("td", "th") if not _is_gutter(cell)]
        if len(lines) != 1 or not _is_code(lines[0]):
            return []
        cells.append(lines[0])
    return cells


def _is_gutter(cell: Element) -> bool:
    if is_mark(cell):
        return True
    return not _has_class(cell) and bool(_NUMBERS.fullmatch(text_of(cell)))


def _has_class(cell: Element) -> bool:
    return bool(_CODE.search(cell.get("class") or "")) and cell.find(".//pre") is None


def _is_code(cell: Element) -> bool:
    held = [child for child in cell.iter("pre") if child.getparent() is not None]
    whole = bool(held) and len("".join(held[0].itertext()).strip()) >= len("".join(cell.itertext()).strip())
    return whole or _has_class(cell)


def code_text(elements: Iterable[Element]) -> str:
    """The text of some elements as it stands, each from a line of its own, line numbers left out."""
    parts: list[str] = []
    for element in elements:
        if parts and not parts[-1].endswith("\n"):
            parts.append("\n")
        parts += _parts(element)
    return clean("".join(parts)).expandtabs(4)


def _parts(element: Element) -> list[str]:
    parts: list[str] = []
    events = etree.iterwalk(element, events=("start", "end"))
    for event, node in events:
        if event == "start":
            if node.tag in _UNSEEN or (node is not element and is_mark(node)):
                events.skip_subtree()
                continue
            begins = node.tag in _LINES and parts and not parts[-1].endswith("\n")
            parts.append(("\n" if node.tag == "br" or begins else "") + (node.text or ""))
        elif node is not element:
            parts.append(node.tail or "")
    return [part for part in parts if part]
