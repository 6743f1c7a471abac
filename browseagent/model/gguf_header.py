"""What a GGUF file says of itself: its single values, read without its lists, its weights or a package.

The format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md (versions 2 and 3, little-endian).
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from browseagent.errors import ModelError

_FORMATS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
"""Of the kinds of numbers, for :mod:`struct`."""
_STRING, _LIST = 8, 9
_LONGEST = 1 << 20
"""Bytes of a text: chat templates have some thousands. More is taken for damage."""


def read_header(path: Path) -> Mapping[str, str | int | float | bool]:
    """The file's values by name (``general.architecture``), those that are lists left out.

    Raises :class:`ModelError` where it is no GGUF, or broken off before its weights.
    """
    try:
        with path.open("rb") as file:
            if file.read(4) != b"GGUF":
                raise ModelError(f"{path} is no GGUF file", hint="gguf:FILE names a GGUF")
            version = _number(file, "I")
            if version not in (2, 3):
                raise ModelError(f"{path} is GGUF of version {version}; 2 and 3 are read")
            _number(file, "Q")  # how many tensors
            values: dict[str, str | int | float | bool] = {}
            for _ in range(int(_number(file, "Q"))):
                name, kind = _text(file), int(_number(file, "I"))
                value = _value(file, kind)
                if value is not None:
                    values[name] = value
            return values
    except (struct.error, ValueError, KeyError) as error:
        raise ModelError(f"{path} is damaged: its header ends early or makes no sense") from error
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error}") from error


def _value(file: BinaryIO, kind: int) -> str | int | float | bool | None:
    if kind == _STRING:
        return _text(file)
    if kind == _LIST:
        of, count = int(_number(file, "I")), int(_number(file, "Q"))
        if of in (_STRING, _LIST):
            for _ in range(count):
                _skip(file, int(_number(file, "Q"))) if of == _STRING else _value(file, _LIST)
        else:
            _skip(file, count * struct.calcsize(_FORMATS[of]))
        return None
    return _number(file, _FORMATS[kind])


def _number(file: BinaryIO, form: str) -> int | float | bool:
    found: int | float | bool = struct.unpack(f"<{form}", file.read(struct.calcsize(form)))[0]
    return found


def _text(file: BinaryIO) -> str:
    size = int(_number(file, "Q"))
    if size > _LONGEST:
        raise ValueError("a text of megabytes")
    text = file.read(size)
    if len(text) < size:
        raise ValueError("the file ends in a text")
    return text.decode("utf-8", "replace")


def _skip(file: BinaryIO, size: int) -> None:
    if size >= 1 << 40:
        raise ValueError("a list of terabytes")
    file.seek(size, 1)
