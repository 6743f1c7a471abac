"""From a model's name, as the command line and the API give it, to a loaded model."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from browseagent.config import Settings
from browseagent.durable import file_sha256
from browseagent.errors import ModelError, UsageError
from browseagent.model import embedded
from browseagent.model.port import LanguageModel, Writer
from browseagent.model.runtime import quiet_transformers
from browseagent.model.weights_source import SMOLLM2, Announce
from browseagent.model.writer_card import read_card
from browseagent.records import ModelInfo

NO_READER = (
    "the stored model was made without this version's reader, so short answers are poor; "
    "`browseagent model fetch` mends that"
)
OWN_READER = "read with an adapter of your own; the confidence was measured with this version's"
UNPACKED = "a GGUF writes several times as fast in llama.cpp: pip install 'browseagent[gguf]'"
NAMES = "embedded, hf:REPO_OR_FOLDER, gguf:FILE, openai:MODEL"
EXTRA = "'browseagent[openai]'"
WITHOUT_LOGITS = "openai:"
"""Models behind an HTTP API write; what reads for them, and ranks links, is the embedded model."""


def _untold(_: str) -> None:
    """For who shows nothing."""


def check_name(name: str) -> None:
    """Raises :class:`UsageError` unless ``name`` is that of a model. Loads nothing."""
    if name == "embedded":
        return
    kind, _, rest = name.partition(":")
    if kind not in ("hf", "gguf", "openai") or not rest:
        raise UsageError(f"there is no model {name!r}", hint=f"one of: {NAMES}")


def load_model(name: str, settings: Settings, announce: Announce = _untold) -> LanguageModel:
    """Loads a model. Blocks: a second for the embedded one, several for others, which import torch.
    ``announce`` is told of what is done once and takes longer.

    ``embedded``, ``hf:`` (a repository on the hub or a local folder, for any causal language model
    of Transformers), or ``gguf:`` (a file). For ``openai:`` it is the embedded one, which reads beside a
    writer. Raises :class:`UsageError` for another name,
    :class:`ModelError` where the model is not there or does not load.
    """
    check_name(name)
    if name.startswith(WITHOUT_LOGITS):
        name = "embedded"
    kind, _, rest = name.partition(":")
    if kind == "hf" and not Path(rest).expanduser().is_dir():
        return _hub(name, rest, settings)  # what the hub sends is shown with its progress
    if kind == "embedded":
        return _embedded(name, settings, announce)
    with quiet_transformers():
        return _folder(name, Path(rest).expanduser()) if kind == "hf" else _gguf(name, _gguf_path(rest))


def load_writer(name: str, settings: Settings, *, unmeasured: bool = False) -> Writer | None:
    """The model as one that writes; None where it is to be used by its logits alone: the embedded one, and
    local ones without a card or whose tokenizer has no chat template. With ``unmeasured`` a card is not asked
    for. Raises :class:`UsageError` where the package for it is not installed."""
    check_name(name)
    if name.startswith(WITHOUT_LOGITS):
        try:
            from browseagent.model.openai import OpenAIWriter
        except ImportError as error:
            raise UsageError(f"{name} needs the package openai", hint=f"pip install {EXTRA}") from error
        return OpenAIWriter(name, settings.server)
    if name == "embedded" or not (unmeasured or read_card(settings, name)):
        return None
    from browseagent.model.instruct import InstructWriter

    kind, _, rest = name.partition(":")
    if kind == "gguf" and find_spec("xllamacpp") is not None:
        from browseagent.model.llama_cpp import LlamaCppModel

        path = _gguf_path(rest)
        runtime = LlamaCppModel(path, name=name, digest=file_sha256(path))
        if runtime.chats:
            return InstructWriter(runtime)
        runtime.close()
        return None
    from browseagent.model.transformers import TransformersModel

    model = load_model(name, settings)
    if isinstance(model, TransformersModel) and model.chats:
        return InstructWriter(model, note=UNPACKED if kind == "gguf" else "")
    model.close()
    return None


def _embedded(name: str, settings: Settings, announce: Announce) -> LanguageModel:
    from browseagent.model.engine import open_decoder
    from browseagent.model.scoring import DecodedModel

    folder, card = embedded.brought_up(settings, announce=announce)
    reads = card.own or card.adapter_sha256 == SMOLLM2.adapter_sha256 != ""
    decoder, note = open_decoder(folder, settings.engine)
    of_reader = OWN_READER if card.own else "" if reads else NO_READER
    told = "; ".join(filter(None, [note, of_reader]))
    info = ModelInfo(name, card.digest, note=told, measured=not card.own)
    return DecodedModel(decoder, folder, info, reads=reads)


def _folder(name: str, folder: Path) -> LanguageModel:
    from browseagent.model.transformers import TransformersModel

    return TransformersModel.load(folder, name=name, digest=_weights_sha256(folder))


def _hub(name: str, source: str, settings: Settings) -> LanguageModel:
    from browseagent.model.transformers import TransformersModel

    if source.startswith(("/", ".", "~")):
        raise ModelError(
            f"there is no folder {source}", hint="browseagent model new DIR makes an untrained one"
        )
    return TransformersModel.load(source, name=name, offline=settings.offline)


def _gguf(name: str, path: Path) -> LanguageModel:
    from transformers import modeling_gguf_pytorch_utils
    from transformers.utils import logging

    from browseagent.model.transformers import TransformersModel

    modeling_gguf_pytorch_utils.tqdm = logging.tqdm  # its bar heeds the switch of all bars
    return TransformersModel.load(path.parent, name=name, digest=file_sha256(path), gguf_file=path.name)


def _gguf_path(given: str) -> Path:
    path = Path(given).expanduser()
    if not path.is_file():
        raise ModelError(f"there is no file {path}", hint=f"gguf:FILE names a GGUF; models: {NAMES}")
    return path.resolve()


def _weights_sha256(folder: Path) -> str:
    """SHA-256 of a folder's weights where they are one file, as ours are; else of what the index names."""
    for name in ("model.safetensors", "model.safetensors.index.json"):
        if (folder / name).is_file():
            return file_sha256(folder / name)
    return ""
