"""The embedded model on PyTorch and Transformers: where the runtime is missing or fails, and in training."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import DynamicCache

from browseagent.errors import ModelError
from browseagent.model.decoder import Batch, Ints
from browseagent.model.tensors import Floats
from browseagent.model.two_way import FIELD, see_both_ways, stacked


class TorchDecoder:
    """A :class:`~browseagent.model.decoder.Decoder` of a causal model of Transformers, wherever it is."""

    def __init__(self, model: Any) -> None:
        self._model = model
        weight = next(model.parameters())
        self._dtype, self._device = weight.dtype, weight.device
        self._two_way_from: int | None = getattr(model.config, FIELD, None)
        if self._two_way_from is not None:
            see_both_ways(model, self._two_way_from)

    @torch.inference_mode()
    def read(self, batch: Batch) -> tuple[Floats, Sequence[tuple[Floats, Floats]]]:
        past = 0 if batch.past is None else batch.past.shape[4]
        sees = torch.from_numpy(batch.sees)[:, None]
        if self._two_way_from is not None:
            sees = stacked(sees, torch.from_numpy(batch.both_ways)[:, None])
        bias = torch.zeros(sees.shape, dtype=self._dtype).masked_fill_(~sees, torch.finfo(self._dtype).min)
        cache = None
        if batch.past is not None:
            cache = DynamicCache(tuple((self._put(keys), self._put(values)) for keys, values in batch.past))
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
        layers = [
            (_taken(layer.keys[:, :, past:]), _taken(layer.values[:, :, past:]))
            for layer in out.past_key_values.layers
        ]
        return _taken(out.last_hidden_state), layers

    @torch.inference_mode()
    def log_probabilities(self, states: Floats, rows: Ints, tokens: Ints) -> Floats:
        try:
            logits = self._model.get_output_embeddings()(self._put(states)).float()
        except RuntimeError as error:
            raise ModelError(f"PyTorch failed: {error}") from error
        at = torch.from_numpy(rows).to(self._device)
        found = logits[at, torch.from_numpy(tokens).to(self._device)] - logits.logsumexp(1)[at]
        return _taken(found)

    def close(self) -> None:
        del self._model

    def _put(self, array: NDArray[Any]) -> torch.Tensor:
        return torch.from_numpy(np.ascontiguousarray(array)).to(self._device, self._dtype)


def _taken(tensor: torch.Tensor) -> Floats:
    """As float32 of its own, in main memory."""
    array: Floats = tensor.float().cpu().numpy()
    return array.copy() if tensor.dtype == torch.float32 else array
