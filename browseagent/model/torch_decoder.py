"""The embedded model on PyTorch and Transformers: where the runtime is missing or fails, and in training."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from transformers import DynamicCache

from browseagent.errors import ModelError
from browseagent.model.decoder import Batch, Ints, Kept, Memory
from browseagent.model.tensors import Floats


class TorchDecoder:
    """A :class:`~browseagent.model.decoder.Decoder` of a causal model of Transformers, wherever it is."""

    def __init__(self, model: Any) -> None:
        self._model = model
        weight = next(model.parameters())
        self._dtype, self._device = weight.dtype, weight.device

    @torch.inference_mode()
    def read(self, batch: Batch, memory: Memory | None = None) -> tuple[Floats, Memory]:
        past = 0 if memory is None else memory.seen.shape[1]
        hidden = torch.from_numpy(~batch.sees)[:, None]
        bias = torch.zeros(hidden.shape, dtype=self._dtype).masked_fill_(hidden, torch.finfo(self._dtype).min)
        cache = None
        if memory is not None:
            cache = DynamicCache(
                tuple((self._put(keys), self._put(values)) for keys, values in memory.layers)
            )
        try:
            out = self._model.base_model(
                input_ids=torch.from_numpy(batch.ids).to(self._device),
                position_ids=torch.from_numpy(batch.positions).to(self._device),
                attention_mask=bias.to(self._device),
                past_key_values=cache,
                use_cache=True,
            )
        except RuntimeError as error:  # what torch raises, for want of memory among other things
            raise ModelError(f"PyTorch failed: {error}") from error
        layers = tuple(
            (_taken(layer.keys[:, :, past:]), _taken(layer.values[:, :, past:]))
            for layer in out.past_key_values.layers
        )
        return _taken(out.last_hidden_state), Memory(layers, batch.filled)

    @torch.inference_mode()
    def log_probabilities(self, states: Floats, wanted: Ints) -> Floats:
        try:
            logits = self._model.get_output_embeddings()(self._put(states)).float()
        except RuntimeError as error:
            raise ModelError(f"PyTorch failed: {error}") from error
        found = logits.gather(1, torch.from_numpy(wanted).to(self._device)) - logits.logsumexp(
            1, keepdim=True
        )
        return _taken(found)

    def close(self) -> None:
        del self._model

    def _put(self, array: Kept) -> torch.Tensor:
        return torch.from_numpy(np.ascontiguousarray(array)).to(self._device, self._dtype)


def _taken(tensor: torch.Tensor) -> Floats:
    """As float32 of its own, in main memory."""
    array: Floats = tensor.float().cpu().numpy()
    return array.copy() if tensor.dtype == torch.float32 else array
