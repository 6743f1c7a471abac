"""What a runtime does for the embedded model: reads tokens, keeps keys and values, rates the next token.

:class:`Decoder` is implemented by :class:`browseagent.model.openvino.OpenVinoDecoder` and by
:class:`browseagent.model.torch_decoder.TorchDecoder`; what is done with it (:mod:`browseagent.model.reader`,
:mod:`browseagent.model.scoring`) knows neither, and gives it texts, not rows: :func:`read_texts` packs
them, several into a row.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from browseagent.model.tensors import Floats

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Tokens = tuple[int, ...]
Memory = NDArray[np.float16]
"""Keys and values of some tokens, shape (layers, 2, heads, tokens, head width). They are computed in float32
and kept in float16; answers' log-odds move by a hundredth."""

TOGETHER = 512
"""Tokens, padding and all, that are read in one pass: as fast as more, and takes less memory."""
PASS, PAIRS, HELD = 20, 1_400, 60
"""What a pass costs beside its tokens, in tokens: PASS for itself, one for so many PAIRS of a token and one
that it may see, one for so many tokens of the past that a row has HELD (docs/engine.md)."""
WIDTHS = (1, 1.25, 1.5, 1.75, 2, 2.5, 3, 4, 6)
"""Widths of rows that are considered, in lengths of the longest text."""
KEPT_TOKENS = 6_000
"""Of prefixes whose keys and values are kept: some 140 MB for the embedded model; the eight passages of a
question have about 1,900."""


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """Tokens to read, and what branches off after them: ways to go on, none of which sees another."""

    tokens: Tokens = ()
    branches: tuple[Tokens, ...] = ()
    after: tuple[Memory, ...] = ()
    """What was read before them, in order."""
    kept: bool = False
    """Whether its keys and values are wanted."""

    def __len__(self) -> int:
        return len(self.tokens) + sum(map(len, self.branches))


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """What came of a text."""

    states: Floats
    """Of its tokens and those of its branches in turn, shape (tokens, width)."""
    memory: tuple[Memory, Memory] | None
    """Of its tokens, and of its branches."""


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Tokens to read in one pass, several texts a row."""

    ids: Ints
    """Shape (rows, tokens)."""
    positions: Ints
    """Of each token in its text, same shape."""
    sees: Bools
    """Which tokens each one sees, those of the past first: shape (rows, tokens, past + tokens)."""
    both_ways: Bools
    """The same in the layers in which the first tokens of a text see all of them
    (:mod:`browseagent.model.two_way`), where the model was trained so."""
    past: NDArray[np.float16] | None
    """Keys and values of what was read before, shape (layers, 2, rows, heads, past, head width)."""
    tokens: int
    """How many are no padding."""


class Decoder(Protocol):
    """The layers of a causal language model. Calls block; one at a time. Raises
    :class:`~browseagent.errors.ModelError`."""

    def read(self, batch: Batch) -> tuple[Floats, Sequence[tuple[Floats, Floats]]]:
        """The state of each token, shape (rows, tokens, width), and of each layer keys and values of these
        tokens, shape (rows, heads, tokens, head width), which are good until the next call."""
        ...

    def log_probabilities(self, states: Floats, rows: Ints, tokens: Ints) -> Floats:
        """Of each of ``tokens`` after the state in the same place of ``rows``; ``states`` is of shape
        (n, width), what comes back as long as ``tokens``."""
        ...

    def close(self) -> None:
        """Frees what it holds."""
        ...


class PrefixCache:
    """Reads what follows prefixes (passages, evidence), whose keys and values it keeps: what the model makes
    of a prefix does not depend on what follows, so the next question about it costs its own tokens."""

    def __init__(self, decoder: Decoder) -> None:
        self.decoder = decoder
        self._known: OrderedDict[Tokens, tuple[Memory, Floats]] = OrderedDict()

    def read(
        self, asked: Sequence[tuple[Tokens, tuple[Tokens, ...]]]
    ) -> list[tuple[tuple[Memory, ...], Floats]]:
        """For each prefix and its branches: keys and values of the prefix and of the branches, and the states
        of the prefix's last token and of each of the branches' tokens."""
        known = [self._known.get(prefix) if any(branches) else None for prefix, branches in asked]
        texts = [
            Text(prefix, branches, kept=True) if had is None else Text((), branches, (had[0],), kept=True)
            for had, (prefix, branches) in zip(known, asked, strict=True)
        ]
        found: list[tuple[tuple[Memory, ...], Floats]] = []
        for (prefix, _), had, read in zip(asked, known, read_texts(self.decoder, texts), strict=True):
            assert read.memory is not None
            (new, after), states = read.memory, read.states
            if had is None:
                had = new, states[len(prefix) - 1].copy()
                states = states[len(prefix) :]
            self._known[prefix] = had
            self._known.move_to_end(prefix)
            found.append(((had[0], after), np.concatenate([had[1][None], states])))
        held = sum(map(len, self._known))
        while held > KEPT_TOKENS and len(self._known) > 1:
            held -= len(self._known.popitem(last=False)[0])
        return found


def rated(decoder: Decoder, states: Floats, wanted: Sequence[Sequence[int]]) -> list[list[float]]:
    """After each state the log-probability of each of the tokens wanted there."""
    sizes = [len(each) for each in wanted]
    if not sum(sizes):
        return [[] for _ in wanted]
    tokens = np.asarray([token for each in wanted for token in each], np.int64)
    flat = decoder.log_probabilities(states, np.repeat(np.arange(len(sizes)), sizes), tokens).tolist()
    ends = np.cumsum(sizes).tolist()
    return [flat[end - size : end] for size, end in zip(sizes, ends, strict=True)]


def read_texts(decoder: Decoder, texts: Sequence[Text]) -> list[Read]:
    """Reads texts, each as if it were alone, in as few passes as memory allows, in the layout that is likely
    to take the least time. Those that remember something and those that do not are never in one pass."""
    found: dict[int, Read] = {}
    for remembering in (False, True):
        numbers = [number for number, text in enumerate(texts) if bool(text.after) == remembering]
        for rows in laid_out([texts[number] for number in numbers]):
            batch = batch_of([[texts[numbers[each]] for each in row] for row in rows])
            states, layers = decoder.read(batch)
            for row, members in enumerate(rows):
                at = 0
                for number in (numbers[each] for each in members):
                    text, memory = texts[number], None
                    cut, end = at + len(text.tokens), at + len(text)
                    if text.kept:
                        memory = _kept(layers, row, slice(at, cut)), _kept(layers, row, slice(cut, end))
                    found[number] = Read(states[row, at:end], memory)
                    at = end
    return [found[number] for number in range(len(texts))]


def _kept(layers: Sequence[tuple[Floats, Floats]], row: int, here: slice) -> Memory:
    _, heads, _, width = layers[0][0].shape
    memory = np.empty((len(layers), 2, heads, here.stop - here.start, width), np.float16)
    for place, layer in enumerate(layers):
        memory[place, 0], memory[place, 1] = layer[0][row, :, here], layer[1][row, :, here]
    return memory


Rows = list[list[int]]
"""For each row the numbers of the texts in it."""


def laid_out(texts: Sequence[Text]) -> list[Rows]:
    """Batches of rows of texts: the quickest of some layouts."""
    layouts = [list(_packed(texts, times)) for times in WIDTHS]
    return min(layouts, key=lambda batches: sum(_cost(texts, rows) for rows in batches))


def _packed(texts: Sequence[Text], times: float) -> Iterator[Rows]:
    """Batches whose rows are so many times as wide as their longest text. Texts with the same memory are put
    in neighbouring rows."""
    memories = [tuple(map(id, text.after)) for text in texts]
    order = list(dict.fromkeys(memories))
    left = sorted(range(len(texts)), key=lambda each: (order.index(memories[each]), -len(texts[each])))
    while left:
        longest = max(len(texts[each]) for each in left)
        width = max(longest, min(TOGETHER, int(longest * times)))
        rows: Rows = []
        free: list[int] = []
        over = []
        for number in left:
            size = len(texts[number])
            same = (at for at, row in enumerate(rows) if memories[row[0]] == memories[number])
            at = next((at for at in (*same, *range(len(rows))[-1:]) if free[at] >= size), len(rows))
            if at == len(rows) > 0 and (at + 1) * width > TOGETHER:
                over.append(number)
                continue
            if at == len(rows):
                rows.append([])
                free.append(width)
            rows[at].append(number)
            free[at] -= size
        yield rows
        left = over


def _cost(texts: Sequence[Text], rows: Sequence[Sequence[int]]) -> float:
    """Of a pass, in tokens."""
    width = max(sum(len(texts[number]) for number in row) for row in rows)
    past = max(sum(map(_length, _pieces([texts[number] for number in row]))) for row in rows)
    return PASS + len(rows) * (width * (1 + (past + width) / PAIRS) + past / HELD)


def _pieces(texts: Sequence[Text]) -> list[Memory]:
    """What some texts remember, each piece once."""
    return list({id(piece): piece for text in texts for piece in text.after}.values())


def _length(memory: Memory) -> int:
    return int(memory.shape[3])


def batch_of(rows: Sequence[Sequence[Text]]) -> Batch:
    """A batch of rows of texts.

    A text's first tokens see what it remembers and each the ones before it, or, where it remembers nothing,
    all of them (``both_ways``); a branch sees that and itself, and its positions go on from there: what is
    computed for a branch is what would be computed for it alone.
    """
    pieces = [_pieces(row) for row in rows]
    held = max(sum(map(_length, each)) for each in pieces)
    shape = len(rows), max(sum(map(len, row)) for row in rows)
    ids, positions = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    sees, both_ways = (np.zeros((*shape, held + shape[1]), np.bool_) for _ in range(2))
    past = None
    if held:
        layers, both, heads, _, width = next(each for row in pieces for each in row).shape
        past = np.zeros((layers, both, len(rows), heads, held, width), np.float16)
    for row, texts in enumerate(rows):
        places: dict[int, slice] = {}
        at = 0
        for piece in pieces[row]:
            places[id(piece)] = here = slice(at, at + _length(piece))
            assert past is not None
            past[:, :, row, :, here] = piece
            at = here.stop
        at = 0
        for text in texts:
            end = at + len(text)
            for piece in text.after:
                sees[row, at:end, places[id(piece)]] = True
            _lay(text, ids[row, at:end], positions[row, at:end], sees[row, at:end, held + at : held + end])
            both_ways[row, at:end] = sees[row, at:end]
            if not text.after:
                first = at + len(text.tokens)
                both_ways[row, at:first, held + at : held + first] = True
            at = end
        for each in (sees, both_ways):
            np.fill_diagonal(each[row, at:, held + at :], True)  # no row of a softmax is empty
    return Batch(ids, positions, sees, both_ways, past, sum(len(text) for row in rows for text in row))


def _lay(text: Text, ids: Ints, positions: Ints, sees: Bools) -> None:
    """Writes one text to its place in a batch."""
    began, first = sum(map(_length, text.after)), len(text.tokens)
    at = 0
    for part in (text.tokens, *text.branches):
        end = at + len(part)
        ids[at:end] = part
        positions[at:end] = began + (first if at else 0) + np.arange(len(part))
        sees[at:end, :first] = True
        sees[at:end, at:end] = np.tri(len(part), dtype=np.bool_)
        at = end
