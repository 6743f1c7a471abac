"""Loading a model to be trained: with attention that takes any mask, and gradients."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from browseagent.errors import ModelError
from browseagent.model.runtime import quiet_transformers


def trainable(folder: Path) -> tuple[Any, Any]:
    """Model and tokenizer of a folder. Raises :class:`ModelError`.

    In bfloat16 where the processor computes in it, else in float32: without AVX-512's or AMX's instructions
    for it a step takes some ten times as long (5.6 against 33.8 GFLOPS forward, 0.5 against 24.9 backward, on
    an AMD EPYC with AVX2, one thread).

    Eager attention: on the CPU it is a seventh faster in training than PyTorch's own kernel (234
    against 205 tokens a second, one thread, 400 tokens), and branches need a mask of their own.
    """
    try:
        with quiet_transformers():
            model = AutoModelForCausalLM.from_pretrained(
                folder, dtype=_dtype(), attn_implementation="eager", local_files_only=True
            )
            return model, AutoTokenizer.from_pretrained(folder, local_files_only=True)
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise ModelError(f"the model in {folder} could not be loaded: {error}") from error


def _dtype() -> torch.dtype:
    cpu = torch.cpu
    native = cpu._is_avx512_bf16_supported() or cpu._is_amx_tile_supported() or torch.cuda.is_available()
    return torch.bfloat16 if native else torch.float32
