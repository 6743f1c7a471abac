"""Plain text: paragraphs stand between blank lines; nothing but white space is changed."""

from __future__ import annotations

import json
import re
from typing import Any

from browseagent.read.chunks import Chunk
from browseagent.read.text import clean, fold_space
from browseagent.records import BlockKind

_BLANK = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


def plain_chunks(text: str) -> list[Chunk]:
    """One paragraph for each run of lines without a blank line between them."""
    text = clean(text).replace("\x0b", "\n")
    chunks = []
    for part in _BLANK.split(text):
        lines = [line.rstrip() for line in part.split("\n")]
        body = "\n".join(lines).strip()
        if body:
            chunks.append(Chunk(BlockKind.PARAGRAPH, body))
    return chunks


_MAX_CHUNKS = 20_000
_MAX_DEPTH = 40


def data_chunks(value: Any) -> tuple[list[Chunk], int]:
    """The values of JSON or XML in order, each with its name, and how many more were left out: a reader wants
    no more than so many."""
    writer = _Writer()
    writer.write("", value, 1)
    return writer.chunks[:_MAX_CHUNKS], writer.left + max(0, len(writer.chunks) - _MAX_CHUNKS)


class _Writer:
    def __init__(self) -> None:
        self.chunks: list[Chunk] = []
        self.tables = 0
        self.left = 0

    def write(self, name: str, value: Any, level: int) -> None:
        """One named value and what is in it."""
        if len(self.chunks) >= _MAX_CHUNKS:
            self.left += 1
            return
        if level > _MAX_DEPTH:
            self.item(name, json.dumps(value, ensure_ascii=False), level)
        elif isinstance(value, dict) and value:
            if name:
                self.item(name, "", level)
            for key, inner in value.items():
                self.write(fold_space(clean(str(key))), inner, level + bool(name))
        elif isinstance(value, list) and value:
            if name:
                self.item(name, "", level)
            if (columns := _columns(value)) is not None:
                self.table(columns, value)
                return
            for index, inner in enumerate(value, 1):
                flat = not isinstance(inner, dict | list)
                self.write("" if flat else str(index), inner, level + bool(name))
        else:
            self.item(name, _plain(value), level)

    def item(self, name: str, text: str, level: int) -> None:
        """One line: ``name: text``."""
        body = f"{name}: {text}" if name and text else name + (":" if name and not text else "") + text
        if body:
            self.chunks.append(Chunk(BlockKind.ITEM, body, level=level))

    def table(self, columns: list[str], rows: list[dict[str, Any]]) -> None:
        """Records as rows beneath the names of their fields."""
        for index, values in enumerate([columns, *([_plain(row.get(c)) for c in columns] for row in rows)]):
            chunk = Chunk(BlockKind.ROW, "\t".join(values), table=self.tables, is_header=index == 0)
            position = 0
            for column, value in zip(columns, values, strict=True):
                chunk.cells.append((position, position + len(value), column if index else ""))
                position += len(value) + 1
            self.chunks.append(chunk)
        self.tables += 1


def _columns(rows: list[Any]) -> list[str] | None:
    """The field names of flat records of one shape, or None where these are no such records."""
    if len(rows) < 2 or not all(isinstance(row, dict) for row in rows):
        return None
    names = list(dict.fromkeys(key for row in rows for key in row))
    if not 1 < len(names) <= 20 or any(fold_space(clean(n)) != n or not n for n in names):
        return None
    if any(isinstance(value, dict | list) for row in rows for value in row.values()):
        return None
    return names


def _plain(value: Any) -> str:
    if isinstance(value, str):
        return fold_space(clean(value))
    return json.dumps(value, ensure_ascii=False) if value is not None else ""
