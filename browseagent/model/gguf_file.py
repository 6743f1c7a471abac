"""A GGUF of a Llama: its weights in float32 under Transformers' names, its configuration, its tokenizer.

Without PyTorch or Transformers. llama.cpp stores the rows of the query and key projections in pairs
(its rotary embedding turns neighbours), Transformers in halves; they are put back here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from gguf import GGUFReader
from gguf.quants import dequantize
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

from browseagent.errors import ModelError
from browseagent.model.tensors import Floats

_CONTROL = 3
"""The type of a token that stands for no text."""
_BLOCK = {
    "attn_norm": "input_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_norm": "post_attention_layernorm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}
_REST = {"token_embd": "model.embed_tokens", "output_norm": "model.norm", "output": "lm_head"}


class GgufModel:
    """An opened file; its tensors are unpacked when they are asked for."""

    def __init__(self, path: Path) -> None:
        """Raises :class:`ModelError` where the file is no GGUF of a Llama with a byte-level tokenizer."""
        try:
            self._file = GGUFReader(path)
            self._fields = {name: field.contents() for name, field in self._file.fields.items()}
            kind, words = self._fields["general.architecture"], self._fields["tokenizer.ggml.model"]
            self._tensors = {_name(tensor.name): tensor for tensor in self._file.tensors}
        except (OSError, ValueError, KeyError, IndexError) as error:
            raise ModelError(f"{path} is no GGUF that can be read: {error}") from error
        if kind != "llama" or words != "gpt2":
            raise ModelError(f"{path} holds a {kind} with a {words} tokenizer, not a llama with a gpt2 one")

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Of every tensor, in the file's order."""
        return {name: tuple(map(int, each.shape[::-1])) for name, each in self._tensors.items()}

    def tensors(self) -> Iterator[tuple[str, Floats]]:
        """Every tensor unpacked, in the file's order."""
        heads = {"self_attn.q_proj": "head_count", "self_attn.k_proj": "head_count_kv"}
        for name, tensor in self._tensors.items():
            shape = tuple(map(int, tensor.shape[::-1]))
            unpacked = dequantize(tensor.data, tensor.tensor_type).astype(np.float32).reshape(shape)
            for part, count in heads.items():
                if part in name:
                    unpacked = _halves(unpacked, int(self._fields[f"llama.attention.{count}"]))
            yield name, unpacked

    def config(self) -> dict[str, Any]:
        """``config.json`` as Transformers has it."""
        told = self._fields
        width, heads = int(told["llama.embedding_length"]), int(told["llama.attention.head_count"])
        return {
            "architectures": ["LlamaForCausalLM"],
            "model_type": "llama",
            "vocab_size": self.shapes["model.embed_tokens.weight"][0],
            "hidden_size": width,
            "intermediate_size": int(told["llama.feed_forward_length"]),
            "num_hidden_layers": int(told["llama.block_count"]),
            "num_attention_heads": heads,
            "num_key_value_heads": int(told["llama.attention.head_count_kv"]),
            "head_dim": int(told.get("llama.rope.dimension_count", width // heads)),
            "hidden_act": "silu",
            "max_position_embeddings": int(told["llama.context_length"]),
            "rms_norm_eps": float(told["llama.attention.layer_norm_rms_epsilon"]),
            "rope_parameters": {
                "rope_theta": float(told.get("llama.rope.freq_base", 10_000.0)),
                "rope_type": "default",
            },
            "attention_bias": False,
            "mlp_bias": False,
            "tie_word_embeddings": "lm_head.weight" not in self._tensors,
            "dtype": "float32",
            **{f"{name}_token_id": number for name, number in self._special().items()},
        }

    def tokenizer(self) -> Tokenizer:
        """Its tokenizer: byte pairs over bytes, split as GPT-2 does."""
        words: list[str] = self._fields["tokenizer.ggml.tokens"]
        merges = [tuple(pair.split(" ", 1)) for pair in self._fields["tokenizer.ggml.merges"]]
        tokenizer = Tokenizer(models.BPE(vocab={word: i for i, word in enumerate(words)}, merges=merges))
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        tokenizer.decoder = decoders.ByteLevel()
        kinds = self._fields["tokenizer.ggml.token_type"]
        special = [word for word, kind in zip(words, kinds, strict=True) if kind == _CONTROL]
        tokenizer.add_special_tokens([AddedToken(word, special=True, normalized=False) for word in special])
        return tokenizer

    def tokenizer_config(self) -> dict[str, Any]:
        """``tokenizer_config.json`` as Transformers has it."""
        words = self._fields["tokenizer.ggml.tokens"]
        named = {f"{name}_token": words[number] for name, number in self._special().items()}
        return {"tokenizer_class": "PreTrainedTokenizerFast", **named, **self._template()}

    def write(self, folder: Path) -> None:
        """Writes all but the weights to a folder."""
        ends = {f"{name}_token_id": number for name, number in self._special().items() if name != "unk"}
        for name, fields in (
            ("config.json", self.config()),
            ("tokenizer_config.json", self.tokenizer_config()),
            ("generation_config.json", ends),
        ):
            (folder / name).write_text(json.dumps(fields, indent=2, sort_keys=True) + "\n", encoding="utf-8")
        self.tokenizer().save(str(folder / "tokenizer.json"))

    def _special(self) -> Mapping[str, int]:
        names = {"bos": "bos", "eos": "eos", "unk": "unknown", "pad": "padding"}
        found = {
            ours: self._fields.get(f"tokenizer.ggml.{theirs}_token_id") for ours, theirs in names.items()
        }
        return {name: int(number) for name, number in found.items() if number is not None}

    def _template(self) -> dict[str, str]:
        template = self._fields.get("tokenizer.chat_template")
        return {"chat_template": template} if template else {}


def _name(theirs: str) -> str:
    """A tensor's name in Transformers. Raises KeyError for one that a Llama has not."""
    first, _, rest = theirs.removesuffix(".weight").partition(".")
    if first != "blk":
        return f"{_REST[first]}.weight"
    number, _, part = rest.partition(".")
    return f"model.layers.{number}.{_BLOCK[part]}.weight"


def _halves(weight: Floats, heads: int) -> Floats:
    """Rows of each head in halves, from pairs."""
    out = weight.shape[0]
    return weight.reshape(heads, out // heads // 2, 2, -1).swapaxes(1, 2).reshape(weight.shape)
