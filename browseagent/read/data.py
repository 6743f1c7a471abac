"""Documents that are data: JSON, lines of JSON, XML, each as the values that JSON has. Pure."""

from __future__ import annotations

import json
import re
from typing import Any

from browseagent.read.dom import Element
from browseagent.read.media import Media
from browseagent.read.text import fold_space

_OF_SCHEMAS = "{http://www.w3.org/2001/XMLSchema-instance}"


class Written(float):
    """A number of JSON that knows how it is written: more digits than a float holds may tell two apart."""

    __slots__ = ("text",)
    text: str

    def __new__(cls, text: str) -> Written:
        found = super().__new__(cls, text)
        found.text = text
        return found


def data_in(text: str, media: Media) -> Any:
    """What a document of data holds. Raises ValueError where it is none, or is nested too deeply."""
    try:
        return xml_value(text) if media is Media.XML else json_value(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def json_value(text: str) -> Any:
    """The value of a JSON text, or the list of those of its lines. Raises ValueError."""
    text = text.removeprefix("\ufeff")
    try:
        return json.loads(text, parse_float=Written)
    except ValueError:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) < 2 or not all(line.lstrip()[:1] in "{[" for line in lines):
            raise
        return [json.loads(line, parse_float=Written) for line in lines]


def xml_value(text: str) -> Any:
    """An XML text as values: an element's attributes and children by their names, lists of those of one name.
    Raises ValueError."""
    from browseagent.read.feed import xml_root

    root = xml_root(text)
    if root is None:
        raise ValueError("no XML")
    return _value(root)


def _value(element: Element) -> Any:
    children = [child for child in element if isinstance(child.tag, str)]
    said = {_name(n): value for n, value in element.attrib.items() if not n.startswith(_OF_SCHEMAS)}
    text = fold_space(element.text or "")
    if any((child.tail or "").strip() for child in children):  # words with markup among them
        return {**said, "text": fold_space("".join(element.itertext()))}
    if not said and not children:
        return text
    many: dict[str, list[Any]] = {}
    for child in children:
        many.setdefault(_name(child.tag), []).append(_value(child))
    found = {f"@{name}" if name in many else name: value for name, value in said.items()}
    found |= {name: values[0] if len(values) == 1 else values for name, values in many.items()}
    return {**found, "text": text} if text else found


def _name(name: str) -> str:
    return re.sub(r"^\{[^}]*\}", "", name)
