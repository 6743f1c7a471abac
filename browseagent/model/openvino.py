"""The embedded model on OpenVINO: float32, or bfloat16 where the processor computes in it.

The graph is built over the stored weights at every start (a twentieth of a second), then compiled (under a
second): nothing that a processor or a version of the runtime decides is stored, so nothing of it can be
stale. The runtime packs the weights into memory of its own; the file's pages are let go of meanwhile.

The layers are a Llama's: root mean square norm (Zhang and Sennrich, 2019), rotary position embeddings (Su et
al., 2021), grouped queries (Ainslie et al., 2023), SwiGLU (Shazeer, 2020). How an operator is written decides
whether the runtime fuses it: each choice was taken by tokens a second, in bfloat16 and in float32 with AVX2.
The widest matrix, the vocabulary's, is multiplied outside of the graph, a piece at a time.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from browseagent.errors import ModelError
from browseagent.model import two_way
from browseagent.model.convert import WEIGHTS
from browseagent.model.decoder import Batch, Bools, Ints
from browseagent.model.tensors import Floats, MappedTensors
from browseagent.no_telemetry import keep_out

keep_out()
import openvino as ov  # noqa: E402
from openvino import Node, Type  # noqa: E402
from openvino import opset15 as ops  # noqa: E402

STATES, POSITIONS, BIAS, BOTH_WAYS = "states", "positions", "bias", "both_ways"
UNSEEN = np.float32(-1e9)
"""Added to the attention of what may not be seen. Minus infinity is no number in a row of nothing else."""
PIECE = 4096
"""Tokens. Between 2,048 and the whole vocabulary the time is the same (280 states: a tenth of a second)."""


class OpenVinoDecoder:
    """A :class:`~browseagent.model.decoder.Decoder` of a Llama in a folder, on the CPU."""

    def __init__(self, folder: Path, precision: str) -> None:
        """Compiles it. ``precision`` is ``f32``, or ``bf16`` where the processor computes in it.

        Raises :class:`ModelError` where it is no Llama, or the runtime fails.
        """
        config = json.loads((folder / "config.json").read_text("utf-8"))
        self._shape = LlamaShape.of(config)
        self._weights = MappedTensors(folder / WEIGHTS)
        self._table = self._weights["model.embed_tokens.weight"]
        self._projection = self._weights.get("lm_head.weight", self._table)
        try:
            settings: dict[str, Any] = {"INFERENCE_PRECISION_HINT": precision, "NUM_STREAMS": 1}
            with self._weights.dropping():
                compiled = ov.Core().compile_model(decoder_graph(self._shape, self._weights), "CPU", settings)
            self._layers = compiled.create_infer_request()
        except (RuntimeError, KeyError) as error:
            raise ModelError(f"OpenVINO does not run the model: {_first_line(error)}") from error

    def read(self, batch: Batch) -> tuple[Floats, Sequence[tuple[Floats, Floats]]]:
        shape = self._shape
        given: dict[str, Any] = {
            STATES: self._table[batch.ids],
            POSITIONS: batch.positions,
            BIAS: _bias(batch.sees),
        }
        if shape.two_way_from is not None:
            given[BOTH_WAYS] = _bias(batch.both_ways)
        nothing = np.zeros((len(batch.ids), shape.kv_heads, 0, shape.head_width), np.float16)
        for layer in range(shape.layers):
            keys, values = (nothing, nothing) if batch.past is None else batch.past[layer]
            given[f"keys.{layer}"], given[f"values.{layer}"] = keys, values
        try:
            # Some weights are packed only when the size of a batch is known.
            with self._weights.dropping():
                self._layers.infer(given, share_inputs=True, share_outputs=True)
        except RuntimeError as error:
            raise ModelError(f"OpenVINO failed: {_first_line(error)}") from error
        first, *kept = (self._layers.get_output_tensor(number).data for number in range(1 + 2 * shape.layers))
        return first.copy(), list(zip(kept[0::2], kept[1::2], strict=True))

    def log_probabilities(self, states: Floats, rows: Ints, tokens: Ints) -> Floats:
        return log_probabilities(states, self._projection, rows, tokens, self._weights.drop)

    def close(self) -> None:
        del self._layers


def _bias(sees: Bools) -> Floats:
    """What is added to attention, (rows, 1, tokens, past + tokens)."""
    return np.where(sees, np.float32(0), UNSEEN)[:, None]


def native_precision() -> str:
    """``bf16`` where the processor multiplies bfloat16, else ``f32``."""
    return "bf16" if "BF16" in ov.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES") else "f32"


def _first_line(error: Exception) -> str:
    """What the runtime says went wrong, without where in its source."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return next((line for line in lines if not line.startswith("Exception from")), str(error))[:300]


def log_probabilities(
    states: Floats, table: Floats, rows: Ints, tokens: Ints, done: Callable[[], None]
) -> Floats:
    """Of each of ``tokens`` after the state, one of ``states`` (n, width), in the same place of ``rows``, by
    the projection's table (tokens, width).

    Always in float32: in bfloat16 logits of 20 are an eighth apart. ``done`` is called after each piece.
    """
    found = np.empty(len(tokens), np.float32)
    top = np.full((len(states), 1), -np.inf, np.float32)
    total = np.zeros((len(states), 1), np.float32)
    for first in range(0, len(table), PIECE):
        piece = table[first : first + PIECE]
        logits = states @ piece.T
        here = (tokens >= first) & (tokens < first + len(piece))
        found[here] = logits[rows[here], tokens[here] - first]
        higher = np.maximum(top, logits.max(1, keepdims=True))
        logits -= higher
        total = total * np.exp(top - higher) + np.exp(logits, out=logits).sum(1, keepdims=True)
        top = higher
        done()
    rated: Floats = found - (top + np.log(total))[rows, 0]
    return rated


@dataclass(frozen=True, slots=True)
class LlamaShape:
    """The dimensions of a Llama."""

    layers: int
    width: int
    heads: int
    kv_heads: int
    head_width: int
    epsilon: float
    theta: float
    two_way_from: int | None
    """The layer from which on prefixes are read in both directions; None where all read in one."""

    @classmethod
    def of(cls, config: Mapping[str, Any]) -> LlamaShape:
        """From ``config.json``. Raises :class:`ModelError` where it is of another architecture."""
        rope = config.get("rope_parameters") or {}
        plain = rope.get("rope_type", "default") == "default" and config.get("hidden_act") == "silu"
        if config.get("model_type") != "llama" or not plain or config.get("attention_bias"):
            raise ModelError(f"a {config.get('model_type')} of this kind is not computed by OpenVINO here")
        heads, width = int(config["num_attention_heads"]), int(config["hidden_size"])
        return cls(
            layers=int(config["num_hidden_layers"]),
            width=width,
            heads=heads,
            kv_heads=int(config["num_key_value_heads"]),
            head_width=int(config.get("head_dim") or width // heads),
            epsilon=float(config["rms_norm_eps"]),
            theta=float(rope.get("rope_theta", config.get("rope_theta", 10_000.0))),
            two_way_from=config.get(two_way.FIELD),
        )


def decoder_graph(shape: LlamaShape, weights: Mapping[str, Floats]) -> ov.Model:
    """The layers: states (rows, tokens, width), positions (rows, tokens), a bias of the attention (rows, 1,
    tokens, past + tokens), another for the layers that read in both directions, and keys and values of each
    layer (rows, heads, past, head width) to the last states, and the keys and values of the tokens alone.
    They are given in float16, as they are kept. (They come in float32: to narrow them within the graph made
    the runtime use 400 MB more.)"""
    states = _input(STATES, [-1, -1, shape.width])
    bias = _input(BIAS, [-1, 1, -1, -1])
    positions = _input(POSITIONS, [-1, -1], Type.i64)
    turn = _turns(shape, positions)
    inputs, outputs, at = [states, positions, bias], [], states
    for layer in range(shape.layers):
        if layer == shape.two_way_from:
            bias = _input(BOTH_WAYS, [-1, 1, -1, -1])
            inputs.append(bias)
        keys, values = (
            _input(f"{name}.{layer}", [-1, shape.kv_heads, -1, shape.head_width], Type.f16)
            for name in ("keys", "values")
        )
        part = _Layer(shape, weights, f"model.layers.{layer}")
        at, new_keys, new_values = part.graph(at, turn, bias, keys, values)
        inputs += [keys, values]
        outputs += [new_keys, new_values]
    last = _norm(at, weights["model.norm.weight"], shape.epsilon)
    return ov.Model([ops.result(each) for each in (last, *outputs)], inputs, "decoder")


class _Layer:
    """One layer."""

    def __init__(self, shape: LlamaShape, weights: Mapping[str, Floats], name: str) -> None:
        self._shape, self._weights, self._name = shape, weights, name

    def graph(
        self, states: Node, turn: tuple[Node, Node], bias: Node, keys: Node, values: Node
    ) -> tuple[Node, Node, Node]:
        """The states after it, and the keys and values of its tokens."""
        shape = self._shape
        given = _norm(states, self._weight("input_layernorm"), shape.epsilon)
        queries = _rotated(self._heads(given, "q_proj", shape.heads), turn)
        new_keys = _rotated(self._heads(given, "k_proj", shape.kv_heads), turn)
        new_values = self._heads(given, "v_proj", shape.kv_heads)
        mixed = self._attended(
            queries,
            bias,
            ops.concat([ops.convert(keys, "f32"), new_keys], 2),
            ops.concat([ops.convert(values, "f32"), new_values], 2),
        )
        flat = ops.reshape(ops.transpose(mixed, _whole([0, 2, 1, 3])), _whole([0, 0, -1]), True)
        states = ops.add(states, self._linear(flat, "self_attn.o_proj"))
        given = _norm(states, self._weight("post_attention_layernorm"), shape.epsilon)
        gate, up = self._linear(given, "mlp.gate_proj"), self._linear(given, "mlp.up_proj")
        # gate * sigmoid(gate) would be fused into gate's product, which is slower than the product alone and
        # packs its weights once more for each size of batch.
        inner = ops.multiply(ops.multiply(gate, up), ops.sigmoid(gate))
        states = ops.add(states, self._linear(inner, "mlp.down_proj"))
        return states, new_keys, new_values

    def _heads(self, states: Node, part: str, heads: int) -> Node:
        """(rows, tokens, width) to (rows, heads, tokens, head width)."""
        made = self._linear(states, f"self_attn.{part}")
        split = ops.reshape(made, _whole([0, 0, heads, self._shape.head_width]), True)
        return ops.transpose(split, _whole([0, 2, 1, 3]))

    def _attended(self, queries: Node, bias: Node, keys: Node, values: Node) -> Node:
        """Attention, (rows, heads, tokens, head width). The heads that share keys and values stand below each
        other as more tokens of one head: to repeat keys and values for each of them takes a third longer."""
        shape = self._shape
        times = shape.heads // shape.kv_heads
        together = ops.reshape(queries, _whole([0, shape.kv_heads, -1, shape.head_width]), True)
        mixed = ops.scaled_dot_product_attention(together, keys, values, ops.concat([bias] * times, 2))
        tokens = ops.slice(ops.shape_of(queries), *(_whole([number]) for number in (2, 3, 1)))
        apart = ops.concat([_whole([0, shape.heads]), tokens, _whole([shape.head_width])], 0)
        return ops.reshape(mixed, apart, True)

    def _linear(self, states: Node, part: str) -> Node:
        return _linear(states, self._weight(part))

    def _weight(self, part: str) -> Floats:
        return self._weights[f"{self._name}.{part}.weight"]


def _input(name: str, dimensions: list[int], kind: Type = Type.f32) -> Node:
    node = ops.parameter(dimensions, kind, name=name)
    node.output(0).get_tensor().set_names({name})
    return node


def _whole(numbers: Sequence[int]) -> Node:
    return ops.constant(np.asarray(numbers, np.int64))


def _linear(states: Node, weight: Floats) -> Node:
    return ops.matmul(states, ops.constant(weight, shared_memory=True), False, True)


def _norm(states: Node, weight: Floats, epsilon: float) -> Node:
    square = ops.reduce_mean(ops.power(states, np.float32(2)), _whole([-1]), True)
    scaled = ops.multiply(states, ops.divide(np.float32(1), ops.sqrt(ops.add(square, np.float32(epsilon)))))
    return ops.multiply(scaled, ops.constant(weight.reshape(1, 1, -1)))


def _turns(shape: LlamaShape, positions: Node) -> tuple[Node, Node]:
    """Cosine and sine of each position's angles, (rows, 1, tokens, head width)."""
    steps = shape.theta ** -(np.arange(0, shape.head_width, 2, dtype=np.float64) / shape.head_width)
    place = ops.unsqueeze(ops.convert(positions, "f32"), _whole([2]))
    half = ops.multiply(place, ops.constant(steps.astype(np.float32).reshape(1, 1, -1)))
    angles = ops.unsqueeze(ops.concat([half, half], -1), _whole([1]))
    return ops.cos(angles), ops.sin(angles)


def _rotated(heads: Node, turn: tuple[Node, Node]) -> Node:
    """Written as Transformers exports it: the runtime knows it by its form and does it in one step."""
    half = int(heads.get_output_partial_shape(0)[3].get_length()) // 2

    def part(start: int, stop: int) -> Node:
        return ops.slice(heads, *(_whole([number]) for number in (start, stop, 1, 3)))

    minus = ops.constant(np.full((1, 1, 1, 1), -1, np.float32))
    swapped = ops.concat([ops.multiply(part(half, 2**63 - 1), minus), part(0, half)], -1)
    return ops.add(ops.multiply(heads, turn[0]), ops.multiply(swapped, turn[1]))
