"""Tensors in a safetensors file: written one by one, and mapped rather than read.

The format (https://huggingface.co/docs/safetensors): eight bytes with the size of the header, the
header in JSON (each tensor's type, shape and place), the tensors' bytes. Ours are float32, and the
header is padded so that the tensors begin at a multiple of 64 bytes, which lets a runtime use them
where they lie.
"""

from __future__ import annotations

import json
import math
import mmap
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from browseagent.errors import ModelError

Floats = NDArray[np.float32]
_ALIGNED = 64
_DROP_EVERY = 0.02
"""Seconds. While a runtime packs 425 MB in a second, some 10 MB of the file are in memory at a time."""


def write_tensors(
    path: Path, shapes: Mapping[str, Sequence[int]], tensors: Iterable[tuple[str, Floats]]
) -> None:
    """Writes float32 tensors to a new file; ``tensors`` come in the order of ``shapes``.

    Only one of them is in memory at a time. Raises ValueError where they are not what ``shapes`` says.
    """
    fields: dict[str, Any] = {"__metadata__": {"format": "pt"}}  # Transformers asks for this one
    at = 0
    for name, shape in shapes.items():
        size = 4 * math.prod(shape)
        fields[name] = {"dtype": "F32", "shape": list(shape), "data_offsets": [at, at + size]}
        at += size
    header = json.dumps(fields).encode()
    header += b" " * (-(len(header) + 8) % _ALIGNED)
    with path.open("xb") as file:
        file.write(len(header).to_bytes(8, "little"))
        file.write(header)
        for (name, shape), (given, tensor) in zip(shapes.items(), tensors, strict=True):
            if name != given or tuple(shape) != tensor.shape:
                raise ValueError(
                    f"{given} of shape {tensor.shape} came where {name} of {tuple(shape)} was due"
                )
            file.write(np.ascontiguousarray(tensor, dtype="<f4").data)


class MappedTensors(Mapping[str, Floats]):
    """The float32 tensors of a file, by name. They stand in the file: a page of it comes into memory when it
    is looked at, and can be dropped again."""

    def __init__(self, path: Path) -> None:
        """Raises :class:`ModelError` where the file is no whole safetensors file of float32 tensors."""
        try:
            with path.open("rb") as file:
                # A private mapping that may be written to: runtimes take no read-only memory. Nothing
                # writes to it.
                self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
            self._tensors = dict(_tensors(self._bytes))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelError(f"{path} holds no weights that can be used: {error}") from error

    def __getitem__(self, name: str) -> Floats:
        return self._tensors[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tensors)

    def __len__(self) -> int:
        return len(self._tensors)

    def drop(self) -> None:
        """Lets go of the memory; what is looked at again comes from the file again."""
        if sys.platform != "win32":
            self._bytes.madvise(mmap.MADV_DONTNEED)

    @contextmanager
    def dropping(self) -> Iterator[None]:
        """Within it the memory is let go of all the time: for a runtime that copies every tensor once."""
        done = threading.Event()

        def drop() -> None:
            while not done.wait(_DROP_EVERY):
                self.drop()

        thread = threading.Thread(target=drop, name="browseagent-drop", daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()
            self.drop()


def _tensors(data: mmap.mmap) -> Iterator[tuple[str, Floats]]:
    size = int.from_bytes(data[:8], "little")
    if size > len(data) - 8:
        raise ValueError("its header is cut off")
    fields: dict[str, Any] = json.loads(data[8 : 8 + size])
    for name, about in fields.items():
        if name == "__metadata__":
            continue
        start, end = (8 + size + place for place in about["data_offsets"])
        if about["dtype"] != "F32":
            raise ValueError(f"{name} is {about['dtype']}, not F32")
        if end > len(data):
            raise ValueError(f"{name} is cut off")
        flat = np.frombuffer(data, "<f4", (end - start) // 4, start)
        yield name, flat.reshape(about["shape"])
