"""What a runtime does for the embedded model: reads tokens, keeps keys and values, rates the next token.

:class:`Decoder` is implemented by :class:`browseagent.model.openvino_decoder.OpenVinoDecoder` and by
:class:`browseagent.model.torch_decoder.TorchDecoder`; what is done with it (:mod:`browseagent.model.reader`,
:mod:`browseagent.model.scoring`) knows neither.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from browseagent.model.tensors import Floats

T = TypeVar("T")
Kept = NDArray[np.float16] | NDArray[np.float32]
"""Keys or values: float32 as they come, float16 as they are kept; answers' log-odds move by a hundredth."""
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Branches = Sequence[Sequence[int]]
"""Tokens that go on from one place in different ways; none of them sees another."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What was read so far, a text a row, padded on the right."""

    layers: tuple[tuple[Kept, Kept], ...]
    """Keys and values of each layer, each of shape (rows, heads, tokens, head dimension)."""
    seen: Bools
    """Shape (rows, tokens): False where a row is padded."""

    def narrowed(self, chosen: Sequence[int]) -> Memory:
        """That of some rows, in ascending order, moved to the front of this one, which is then of no more
        use: a copy would be another 40 MB."""
        if len(chosen) == len(self.seen):
            return self
        for keys, values in self.layers:
            for each in (keys, values):
                for front, row in enumerate(chosen):
                    each[front] = each[row]
        size, at = slice(len(chosen)), np.asarray(chosen)
        return Memory(tuple((keys[size], values[size]) for keys, values in self.layers), self.seen[at])

    def row(self, number: int, tokens: int) -> Memory:
        """The first tokens of one row, to keep."""

        def kept(each: Kept) -> Kept:
            return each[number : number + 1, :, :tokens].astype(np.float16)

        layers = tuple((kept(keys), kept(values)) for keys, values in self.layers)
        return Memory(layers, np.ones((1, tokens), np.bool_))

    def put(self, at: int, more: Memory) -> None:
        """Writes what was read after it into the room that was left at a place (:func:`together`)."""
        room = slice(at, at + more.seen.shape[1])
        for (keys, values), (new_keys, new_values) in zip(self.layers, more.layers, strict=True):
            keys[:, :, room], values[:, :, room] = new_keys, new_values
        self.seen[:, room] = more.seen


@dataclass(frozen=True, slots=True)
class Batch:
    """Tokens to read, a text a row."""

    ids: Ints
    """Shape (rows, tokens)."""
    positions: Ints
    """Of each token in its text, same shape."""
    sees: Bools
    """Which tokens each one sees, those of the memory first: shape (rows, tokens, remembered + tokens)."""
    filled: Bools
    """Shape (rows, tokens): False where a row is padded."""


class Decoder(Protocol):
    """The layers of a causal language model. Calls block; one at a time. Raises
    :class:`~browseagent.errors.ModelError`."""

    def read(self, batch: Batch, memory: Memory | None = None) -> tuple[Floats, Memory]:
        """The state of each token, shape (rows, tokens, width), and what is to be remembered of the batch
        alone; that is good until the next call, and copied by who keeps it."""
        ...

    def log_probabilities(self, states: Floats, wanted: Ints) -> Floats:
        """Of tokens ``wanted``, shape (n, k), after ``states``, shape (n, width): shape (n, k)."""
        ...

    def close(self) -> None:
        """Frees what it holds."""
        ...


def batch_of(rows: Sequence[tuple[Sequence[int], Branches]], memory: Memory | None, padding: int) -> Batch:
    """A batch of rows, each some tokens and what branches off after them.

    A row's first tokens see what is remembered of the row and each the ones before it; a branch sees that
    and itself, and its positions go on from there: what is computed for a branch is what would be computed
    for it alone.
    """
    past = 0 if memory is None else memory.seen.shape[1]
    sizes = [len(prefix) + sum(map(len, branches)) for prefix, branches in rows]
    shape = len(rows), max(sizes)
    ids = np.full(shape, padding, np.int64)
    positions = np.zeros(shape, np.int64)
    sees = np.zeros((*shape, past + shape[1]), np.bool_)
    filled = np.arange(shape[1]) < np.asarray(sizes)[:, None]
    for row, (prefix, branches) in enumerate(rows):
        held = 0
        if memory is not None:
            held = int(memory.seen[row].sum())
            sees[row, :, :past] = memory.seen[row]
        first = len(prefix)
        ids[row, :first] = prefix
        positions[row, :first] = np.arange(held, held + first)
        here = sees[row, :, past:]
        here[: sizes[row], :first] = True
        here[:first, :first] = np.tri(first, dtype=np.bool_)
        at = first
        for branch in branches:
            end = at + len(branch)
            ids[row, at:end] = branch
            positions[row, at:end] = np.arange(held + first, held + first + len(branch))
            here[at:end, at:end] = np.tri(len(branch), dtype=np.bool_)
            at = end
        np.fill_diagonal(here[at:, at:], True)  # padding sees something: no row of a softmax is empty
    return Batch(ids, positions, sees, filled)


def together(memories: Sequence[Memory], room: int) -> Memory:
    """Memories of one row each as the rows of one, padded on the right, with room for more tokens."""
    width = max(each.seen.shape[1] for each in memories)

    def padded(layer: int, part: int) -> Kept:
        first = memories[0].layers[layer][part]
        rows = np.zeros((len(memories), first.shape[1], width + room, first.shape[3]), np.float16)
        for row, each in enumerate(memories):
            rows[row, :, : each.seen.shape[1]] = each.layers[layer][part][0]
        return rows

    layers = tuple((padded(layer, 0), padded(layer, 1)) for layer in range(len(memories[0].layers)))
    sizes = np.asarray([each.seen.shape[1] for each in memories])
    return Memory(layers, np.arange(width + room) < sizes[:, None])


def batched(items: Sequence[T], size: Callable[[T], int], most: int) -> Iterator[list[T]]:
    """Items of like size together, each batch at most ``most`` in size when padded; one that is larger is
    alone."""
    batch: list[T] = []
    for item in sorted(items, key=size):
        if batch and size(item) * (len(batch) + 1) > most:
            yield batch
            batch = []
        batch.append(item)
    if batch:
        yield batch
