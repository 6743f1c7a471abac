"""The embedded model on OpenVINO: float32, or bfloat16 where the processor computes in it.

The graph is built over the stored weights at every start (a twentieth of a second), then compiled (under a
second): nothing that a processor or a version of the runtime decides is stored, so nothing of it can be
stale. The runtime packs the weights into memory of its own; the file's pages are let go of meanwhile.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from browseagent.errors import ModelError
from browseagent.model.convert import WEIGHTS
from browseagent.model.decoder import Batch, Ints
from browseagent.model.openvino_graph import BIAS, POSITIONS, STATES, LlamaShape, decoder_graph
from browseagent.model.tensors import Floats, MappedTensors
from browseagent.model.vocabulary import log_probabilities
from browseagent.no_telemetry import keep_out

keep_out()
import openvino as ov  # noqa: E402

UNSEEN = np.float32(-1e9)
"""Added to the attention of what may not be seen. Minus infinity is no number in a row of nothing else."""


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
            BIAS: np.where(batch.sees, np.float32(0), UNSEEN)[:, None],
        }
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


def native_precision() -> str:
    """``bf16`` where the processor multiplies bfloat16, else ``f32``."""
    return "bf16" if "BF16" in ov.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES") else "f32"


def _first_line(error: Exception) -> str:
    """What the runtime says went wrong, without where in its source."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return next((line for line in lines if not line.startswith("Exception from")), str(error))[:300]
