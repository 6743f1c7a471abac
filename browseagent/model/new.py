"""An untrained GPT of a given shape, with a tokenizer of bytes: for experiments, and for tests."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from browseagent.errors import UsageError
from browseagent.model.runtime import quiet_transformers

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

END_OF_TEXT = "<|endoftext|>"
_BYTES = 256


@dataclass(frozen=True, slots=True)
class Shape:
    """The dimensions of a GPT-2: token and position embeddings, ``num_layers`` blocks of masked
    self-attention and a feed-forward layer, and a projection to the vocabulary."""

    vocab_size: int = 1000
    embedding_dim: int = 512
    num_heads: int = 8
    feed_forward_dim: int = 2048
    num_layers: int = 6
    max_positions: int = 1024

    def __post_init__(self) -> None:
        for name in ("embedding_dim", "num_heads", "feed_forward_dim", "num_layers", "max_positions"):
            if getattr(self, name) < 1:
                raise UsageError(f"{name} must be at least 1, not {getattr(self, name)}")
        if self.vocab_size < _BYTES + 1:
            raise UsageError(
                f"vocab_size must be at least {_BYTES + 1}, not {self.vocab_size}",
                hint=f"the tokenizer has {_BYTES} bytes and an end of text",
            )
        if self.embedding_dim % self.num_heads:
            raise UsageError(
                f"{self.num_heads} heads do not divide an embedding of {self.embedding_dim} dimensions"
            )


def new_model(folder: Path, shape: Shape, *, seed: int = 0) -> int:
    """Writes an untrained model and its tokenizer to ``folder``; gives its number of parameters.

    The same shape and seed give the same weights. ``hf:FOLDER`` then names it. Raises
    :class:`UsageError` where the folder exists and holds something.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} exists and is not empty", hint="name a new folder")
    import torch
    from transformers import GPT2Config, GPT2LMHeadModel

    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = GPT2LMHeadModel(
            GPT2Config(
                vocab_size=shape.vocab_size,
                n_positions=shape.max_positions,
                n_embd=shape.embedding_dim,
                n_head=shape.num_heads,
                n_inner=shape.feed_forward_dim,
                n_layer=shape.num_layers,
                bos_token_id=_BYTES,
                eos_token_id=_BYTES,
            )
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with quiet_transformers():
            model.save_pretrained(folder)
            byte_tokenizer(shape.max_positions).save_pretrained(folder)
    except OSError as error:
        raise UsageError(f"{folder} cannot be written: {error}") from error
    return sum(parameter.numel() for parameter in model.parameters())


def byte_tokenizer(max_positions: int) -> PreTrainedTokenizerFast:
    """A tokenizer with one token a byte (its number is the byte's) and an end of text, number 256."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    vocabulary = {symbol: byte for byte, symbol in _byte_symbols().items()}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(END_OF_TEXT, special=True)])
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token=END_OF_TEXT,
        eos_token=END_OF_TEXT,
        pad_token=END_OF_TEXT,
        model_max_length=max_positions,
        clean_up_tokenization_spaces=False,
    )


def _byte_symbols() -> dict[int, str]:
    """The printable character that GPT-2's byte-level tokenizers write for each byte.

    Printable Latin-1 stands for itself; the other 68 bytes, in order, for U+0100 onwards (OpenAI's
    ``bytes_to_unicode``, which ``tokenizers`` follows).
    """
    printable = {*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    others = [byte for byte in range(_BYTES) if byte not in printable]
    shifted = {byte: chr(_BYTES + place) for place, byte in enumerate(others)}
    return {byte: shifted.get(byte, chr(byte)) for byte in range(_BYTES)}
