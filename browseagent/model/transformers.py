"""A causal language model from Transformers, used through its logits.

Sequences are padded on the right and sorted by length into batches of at most ``BATCH_TOKENS``
tokens; the vocabulary projection, the widest matrix of a small model, is applied to the
continuation's positions alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig
from transformers.generation.streamers import BaseStreamer

from browseagent.errors import ModelError
from browseagent.model.decoder import Tokens
from browseagent.model.port import unheard
from browseagent.model.scoring import BRANCHES, ScoringModel
from browseagent.records import ModelInfo

if TYPE_CHECKING:
    from browseagent.model.constrained import Constraint

# Padded tokens in one forward pass. On two cores, 4,096 was as fast as any larger batch, and it
# keeps the activations of a 135M model under 300 MB.
BATCH_TOKENS = 4096


class TransformersModel(ScoringModel):
    """A :class:`~browseagent.model.port.LanguageModel` on PyTorch, on a GPU where there is one."""

    def __init__(self, model: Any, tokenizer: Any, info: ModelInfo) -> None:
        super().__init__(info, int(getattr(model.config, "max_position_embeddings", None) or 2048))
        self._model = model.eval()
        self._tokenizer = tokenizer
        self._device = next(model.parameters()).device

    @classmethod
    def load(
        cls,
        source: str | Path,
        *,
        name: str,
        digest: str = "",
        gguf_file: str | None = None,
        offline: bool = True,
        note: str = "",
        dtype: torch.dtype = torch.bfloat16,
    ) -> TransformersModel:
        """Loads weights and tokenizer.

        Args:
            source: a local folder, or a repository on the hub.
            name: as the person named the model.
            digest: SHA-256 of the weights where it is known.
            gguf_file: name of a GGUF file within ``source`` to read instead of safetensors.
            offline: never ask a hub; ``source`` must be a folder.
            note: what a person should know of the model.
            dtype: what to compute in.

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
            model = AutoModelForCausalLM.from_pretrained(str(source), dtype=dtype, **weights)
        except (OSError, ValueError, KeyError, RuntimeError, ImportError) as error:
            raise ModelError(
                f"the model {name} could not be loaded from {source}: {error}",
                hint="`browseagent doctor` says what is missing",
            ) from error
        if torch.cuda.is_available():
            model = model.to("cuda")
        # What a hub sends is told by its commit.
        digest = digest or getattr(model.config, "_commit_hash", None) or ""
        return cls(model, tokenizer, ModelInfo(name, digest, note=note, measured=False))

    def _totals(
        self, sharing: Mapping[Tokens, list[int]], continuations: Sequence[Sequence[int]]
    ) -> list[float]:
        totals = [0.0] * len(continuations)
        try:
            self._score_single(sharing, continuations, totals)
            self._score_shared(sharing, continuations, totals)
        except RuntimeError as error:  # what torch raises, for want of memory among other things
            raise ModelError(f"the model {self.info.name} failed: {error}") from error
        return totals

    def _score_single(
        self,
        sharing: Mapping[Tokens, list[int]],
        continuations: Sequence[Sequence[int]],
        totals: list[float],
    ) -> None:
        """Contexts that stand before one continuation each: whole sequences, in batches."""
        rows = [
            (indices[0], [*context, *continuations[indices[0]]], len(continuations[indices[0]]))
            for context, indices in sharing.items()
            if len(indices) == 1
        ]
        for batch in _batched(rows):
            for (index, _, _), total in zip(batch, self._forward(batch), strict=True):
                totals[index] = total

    def _score_shared(
        self,
        sharing: Mapping[Tokens, list[int]],
        continuations: Sequence[Sequence[int]],
        totals: list[float],
    ) -> None:
        """Contexts that stand before several continuations: read once, their keys and values kept."""
        for context, indices in sharing.items():
            if len(indices) == 1:
                continue
            for first in range(0, len(indices), BRANCHES):
                part = indices[first : first + BRANCHES]
                found = self._forward_shared(list(context), [continuations[i] for i in part])
                for index, total in zip(part, found, strict=True):
                    totals[index] = total

    def generate(self, prompt: str, *, max_new_tokens: int) -> str:
        tokens = self._encode([prompt])[0][-(self._max_tokens - max_new_tokens) :] or self._start()
        ids = torch.tensor([tokens], device=self._device)
        with torch.inference_mode():
            out = self._model.generate(
                ids, attention_mask=torch.ones_like(ids), max_new_tokens=max_new_tokens, do_sample=False
            )
        return str(self._tokenizer.decode(out[0, ids.shape[1] :], skip_special_tokens=True))

    @property
    def chats(self) -> bool:
        """Whether its tokenizer has a chat template: it was made to be talked to."""
        return bool(getattr(self._tokenizer, "chat_template", None))

    @property
    def keeps_to_schemas(self) -> bool:
        """Whether its replies can be held to a schema: the package is here, and knows its tokenizer."""
        known = bool(getattr(self._tokenizer, "is_fast", False)) and bool(self._ends)
        return known and find_spec("llguidance") is not None

    def chat(
        self,
        turns: Sequence[Mapping[str, str]],
        *,
        max_new_tokens: int,
        seconds: float,
        schema: Mapping[str, Any] | None = None,
        heard: Callable[[str], None] = unheard,
    ) -> tuple[str, int, int, bool]:
        """The next turn, greedily decoded: its text, the tokens in and out, and whether it was ended by the
        model itself. Phrases of the prompt are guessed ahead (prompt lookup), which copying makes fast.
        With a schema it is JSON of that schema, closed in time; what the form needs comes on top of the
        tokens. Raises :class:`~browseagent.errors.ModelError`."""
        try:
            given = self._tokenizer.apply_chat_template(
                list(turns), add_generation_prompt=True, return_dict=True, return_tensors="pt"
            ).to(self._device)
            size = int(given["input_ids"].shape[1])
            held: list[Any] = []
            if schema is not None:
                only = self._constraint.held_to(schema, after=size, new_tokens=max_new_tokens)
                held, max_new_tokens = [only], only.most
            if size + max_new_tokens > self._max_tokens:
                raise ModelError(
                    f"{size} tokens and {max_new_tokens} of reply do not fit {self.info.name}; "
                    f"{self._max_tokens} do",
                    hint="Use a model with a longer context.",
                )
            with torch.inference_mode():
                out = self._model.generate(
                    **given,
                    max_new_tokens=max_new_tokens,
                    max_time=seconds,
                    do_sample=False,
                    prompt_lookup_num_tokens=10,
                    logits_processor=held,
                    streamer=_Pieces(self._tokenizer, heard),
                )
        except (
            RuntimeError,
            ValueError,
            KeyError,
            TypeError,
        ) as error:  # templates and kernels fail in many ways
            raise ModelError(f"the model {self.info.name} failed: {error}") from error
        new = out[0, size:]
        ended = len(new) > 0 and int(new[-1]) in self._ends
        return str(self._tokenizer.decode(new, skip_special_tokens=True)), size, len(new), ended

    @property
    def _ends(self) -> list[int]:
        """The tokens that end a turn."""
        ends = getattr(self._model.generation_config, "eos_token_id", None)
        return [each for each in (ends if isinstance(ends, list) else [ends]) if each is not None]

    @cached_property
    def _constraint(self) -> Constraint:
        from browseagent.model.constrained import Constraint

        logits = self._model.get_output_embeddings().weight.shape[0]  # some models have more than tokens
        return Constraint(self._tokenizer, max(logits, len(self._tokenizer)), self._ends)

    def close(self) -> None:
        del self._model

    def _encode(self, texts: Sequence[str]) -> list[list[int]]:
        if not texts:
            return []
        encoded: list[list[int]] = self._tokenizer(list(texts), add_special_tokens=False)["input_ids"]
        return encoded

    def _start(self) -> list[int]:
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

    @torch.inference_mode()
    def _forward_shared(self, context: list[int], continuations: Sequence[Sequence[int]]) -> list[float]:
        """Summed log-probabilities of each continuation after one context."""
        start = self._model.base_model(input_ids=torch.tensor([context], device=self._device), use_cache=True)
        cache = start.past_key_values
        cache.batch_repeat_interleave(len(continuations))
        width = max(1, *map(len, continuations))
        ids = torch.zeros(len(continuations), width, dtype=torch.long)
        mask = torch.zeros(len(continuations), len(context) + width, dtype=torch.long)
        for row, tokens in enumerate(continuations):
            ids[row, : len(tokens)] = torch.tensor(tokens, dtype=torch.long)
            mask[row, : len(context) + len(tokens)] = 1
        ids, mask = ids.to(self._device), mask.to(self._device)
        after = self._model.base_model(
            input_ids=ids, attention_mask=mask, past_key_values=cache, use_cache=True
        )
        # The context's last state predicts the first token, each token's state the next one.
        last = start.last_hidden_state[:, -1:].expand(len(continuations), -1, -1)
        states = torch.cat([last, after.last_hidden_state[:, :-1]], dim=1)
        logits = self._model.get_output_embeddings()(states).float()
        losses = torch.nn.functional.cross_entropy(logits.flatten(0, 1), ids.flatten(), reduction="none")
        valid = mask[:, len(context) :].to(losses.dtype)
        return [-float(total) for total in (losses.view_as(ids) * valid).sum(dim=1)]


class _Pieces(BaseStreamer):  # type: ignore[misc]
    """Hands on what was written so far, token by token; what is put first is the prompt."""

    def __init__(self, tokenizer: Any, heard: Callable[[str], None]) -> None:
        self._tokenizer, self._heard = tokenizer, heard
        self._tokens: list[int] | None = None

    def put(self, value: torch.Tensor) -> None:
        if self._tokens is not None:
            self._tokens += value.flatten().tolist()
            self._heard(str(self._tokenizer.decode(self._tokens, skip_special_tokens=True)))
        self._tokens = self._tokens or []

    def end(self) -> None: ...


def _batched(rows: Sequence[tuple[int, list[int], int]]) -> Iterator[list[tuple[int, list[int], int]]]:
    """Rows of like length together, each batch of at most ``BATCH_TOKENS`` tokens when padded."""
    batch: list[tuple[int, list[int], int]] = []
    for row in sorted(rows, key=lambda row: len(row[1])):
        if batch and len(row[1]) * (len(batch) + 1) > BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch
