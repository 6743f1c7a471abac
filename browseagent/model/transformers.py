"""A causal language model from Transformers, used through its logits.

Sequences are padded on the right and sorted by length into batches of at most ``BATCH_TOKENS``
tokens; the vocabulary projection, the widest matrix of a small model, is applied to the
continuation's positions alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

from browseagent.errors import ModelError
from browseagent.model.port import Likelihood
from browseagent.records import ModelInfo

# Padded tokens in one forward pass. On two cores, 4,096 was as fast as any larger batch, and it
# keeps the activations of a 135M model under 300 MB.
BATCH_TOKENS = 4096


class TransformersModel:
    """A :class:`~browseagent.model.port.LanguageModel` on PyTorch, on a GPU where there is one."""

    def __init__(self, model: Any, tokenizer: Any, info: ModelInfo) -> None:
        self._model = model.eval()
        self._tokenizer = tokenizer
        self._info = info
        self._device = next(model.parameters()).device
        limit = getattr(model.config, "max_position_embeddings", None)
        self._max_tokens = int(limit) if limit else 2048

    @classmethod
    def load(
        cls,
        source: str | Path,
        *,
        name: str,
        digest: str = "",
        gguf_file: str | None = None,
        offline: bool = True,
    ) -> TransformersModel:
        """Loads weights and tokenizer.

        Args:
            source: a local folder, or a repository on the hub.
            name: as the person named the model.
            digest: SHA-256 of the weights where it is known.
            gguf_file: name of a GGUF file within ``source`` to read instead of safetensors.
            offline: never ask a hub; ``source`` must be a folder.

        Raises:
            ModelError: where anything is missing or does not load.
        """
        extra: dict[str, Any] = {"local_files_only": offline}
        weights = dict(extra)
        if gguf_file:
            extra["gguf_file"] = gguf_file
            weights |= {"gguf_file": gguf_file, "quantization_config": GgufConfig(dequantize=True)}
        try:
            tokenizer = AutoTokenizer.from_pretrained(str(source), **extra)
            model = AutoModelForCausalLM.from_pretrained(str(source), dtype=torch.bfloat16, **weights)
        except (OSError, ValueError, KeyError, RuntimeError, ImportError) as error:
            raise ModelError(
                f"the model {name} could not be loaded from {source}: {error}",
                hint="`browseagent doctor` says what is missing",
            ) from error
        if torch.cuda.is_available():
            model = model.to("cuda")
        return cls(model, tokenizer, ModelInfo(name=name, digest=digest))

    @property
    def info(self) -> ModelInfo:
        return self._info

    @property
    def max_tokens(self) -> int:
        return self._max_tokens

    def score(self, pairs: Sequence[tuple[str, str]]) -> list[Likelihood]:
        contexts = self._encode([context for context, _ in pairs])
        continuations = self._encode([continuation for _, continuation in pairs])
        rows: list[tuple[int, list[int], int]] = []
        for index, (context, continuation) in enumerate(zip(contexts, continuations, strict=True)):
            if len(continuation) >= self._max_tokens:
                raise ModelError(
                    f"{len(continuation)} tokens do not fit {self._info.name}; {self._max_tokens} do",
                    hint="ask a shorter question",
                )
            kept = context[-(self._max_tokens - len(continuation)) :] or self._start()
            rows.append((index, kept + continuation, len(continuation)))
        results = [Likelihood(0.0, 0)] * len(rows)
        for batch in _batches(rows):
            for (index, _, size), total in zip(batch, self._forward(batch), strict=True):
                results[index] = Likelihood(total, size)
        return results

    def generate(self, prompt: str, *, max_new_tokens: int) -> str:
        tokens = self._encode([prompt])[0][-(self._max_tokens - max_new_tokens) :] or self._start()
        ids = torch.tensor([tokens], device=self._device)
        with torch.inference_mode():
            out = self._model.generate(
                ids, attention_mask=torch.ones_like(ids), max_new_tokens=max_new_tokens, do_sample=False
            )
        return str(self._tokenizer.decode(out[0, ids.shape[1] :], skip_special_tokens=True))

    def close(self) -> None:
        del self._model

    def _encode(self, texts: Sequence[str]) -> list[list[int]]:
        if not texts:
            return []
        encoded: list[list[int]] = self._tokenizer(list(texts), add_special_tokens=False)["input_ids"]
        return encoded

    def _start(self) -> list[int]:
        """What stands before the first token: the model needs one position to predict it from."""
        for token in (self._tokenizer.bos_token_id, self._tokenizer.eos_token_id):
            if token is not None:
                return [int(token)]
        return [0]

    @torch.inference_mode()
    def _forward(self, batch: Sequence[tuple[int, list[int], int]]) -> list[float]:
        """Summed log-probabilities of each row's last ``size`` tokens."""
        width = max(len(tokens) for _, tokens, _ in batch)
        ids = torch.zeros(len(batch), width, dtype=torch.long)
        mask = torch.zeros(len(batch), width, dtype=torch.long)
        for row, (_, tokens, _) in enumerate(batch):
            ids[row, : len(tokens)] = torch.tensor(tokens)
            mask[row, : len(tokens)] = 1
        ids, mask = ids.to(self._device), mask.to(self._device)
        hidden = self._model.base_model(input_ids=ids, attention_mask=mask, use_cache=False)[0]
        totals = []
        for row, (_, tokens, size) in enumerate(batch):
            if not size:
                totals.append(0.0)
                continue
            states = hidden[row, len(tokens) - size - 1 : len(tokens) - 1]
            logits = self._model.get_output_embeddings()(states).float()
            target = ids[row, len(tokens) - size : len(tokens)]
            totals.append(float(-torch.nn.functional.cross_entropy(logits, target, reduction="sum")))
        return totals


def _batches(rows: list[tuple[int, list[int], int]]) -> Iterator[list[tuple[int, list[int], int]]]:
    """Rows of like length together, each batch at most ``BATCH_TOKENS`` when padded."""
    batch: list[tuple[int, list[int], int]] = []
    for row in sorted(rows, key=lambda row: len(row[1])):
        if batch and len(row[1]) * (len(batch) + 1) > BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch
