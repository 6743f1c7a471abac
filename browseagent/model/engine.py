"""Which runtime computes the embedded model: OpenVINO, or PyTorch where that is missing or does not run."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from browseagent.config import Engine
from browseagent.errors import ModelError
from browseagent.model.decoder import Decoder, Text, batch_of
from browseagent.packages import need_torch, torch_hint

_TRIED = tuple(range(16))
"""Tokens that are read at once, so that a processor on which the runtime does not run is found out."""


def open_decoder(folder: Path, engine: Engine = "auto") -> tuple[Decoder, str]:
    """The stored model, loaded, and what a person should know of how it is computed (mostly nothing).

    Raises :class:`ModelError` where neither runtime runs it, or the one that ``engine`` names does not.
    """
    if engine == "torch":
        return _torch(folder), "computed by PyTorch, as BROWSEAGENT_ENGINE asks"
    try:
        return _openvino(folder), ""
    except (ImportError, ModelError) as error:
        if engine == "openvino":
            raise ModelError(
                f"the embedded model does not load: {error}", hint="browseagent doctor"
            ) from error
        reason = error
    try:
        need_torch("the embedded model without OpenVINO", ModelError)
        return _torch(folder), f"computed by PyTorch, which is slower, since OpenVINO did not run: {reason}"
    except ModelError as error:
        hint = f"pip install openvino, or, to use PyTorch in its place: {torch_hint()}"
        raise ModelError(f"the embedded model does not load: {reason}; {error.message}", hint=hint) from error


def _openvino(folder: Path) -> Decoder:
    """In bfloat16 where the processor has it, unless the runtime then fails for all that; else in float32."""
    from browseagent.model.openvino import OpenVinoDecoder, native_precision

    def tried(precision: str) -> Decoder:
        decoder = OpenVinoDecoder(folder, precision)
        decoder.read(batch_of([[Text(_TRIED)]]))
        return decoder

    if native_precision() == "bf16":
        with suppress(ModelError):
            return tried("bf16")
    return tried("f32")


def _torch(folder: Path) -> Decoder:
    """In float32: what is stored, and on most processors several times as fast as bfloat16."""
    import torch
    from safetensors import SafetensorError
    from transformers import AutoModelForCausalLM

    from browseagent.model.runtime import quiet_transformers
    from browseagent.model.torch_decoder import TorchDecoder

    try:
        with quiet_transformers():
            model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, local_files_only=True)
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise ModelError(
            f"the model in {folder} could not be loaded: {error}",
            hint="`browseagent doctor` says what is missing",
        ) from error
    return TorchDecoder(model.to("cuda" if torch.cuda.is_available() else "cpu").eval())
