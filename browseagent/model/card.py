"""The card of a stored model: what it is, where it came from, and the hash of each of its files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from browseagent.durable import file_sha256
from browseagent.errors import ModelError

CARD = "card.json"
_SCHEMA = "browseagent.model/1"
_REFETCH = "browseagent model fetch --force"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file of a model."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What is known of a model that was fetched."""

    name: str
    folder: str
    """Name of the folder, beside the card, that holds the files."""
    model: str
    source: str
    licence: str
    gguf_sha256: str
    adapter_sha256: str
    """Of the reader's adapter that was merged into the weights; empty where none was."""
    dtype: str
    made_at: datetime
    versions: Mapping[str, str]
    """Of the packages that made it."""
    files: Mapping[str, StoredFile]
    own: bool = False
    """Whether the adapter was the person's own, not this version's."""

    @property
    def digest(self) -> str:
        """SHA-256 of the weights: what an answer depends on."""
        return self.files["model.safetensors"].sha256

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files.values())

    def to_json(self) -> bytes:
        """The card as it is stored."""
        fields = {"schema": _SCHEMA, **asdict(self), "made_at": self.made_at.isoformat()}
        return (json.dumps(fields, indent=2, sort_keys=True) + "\n").encode()


def read_card(path: Path) -> ModelCard | None:
    """The card at ``path``; None where there is none. Raises :class:`ModelError` if it is malformed."""
    try:
        fields = json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise ModelError(f"{path} cannot be read: {error}", hint=_REFETCH) from error
    try:
        if fields.pop("schema") != _SCHEMA:
            raise ValueError("another schema")
        fields = {"adapter_sha256": "", **fields}  # cards from before there was one
        fields["made_at"] = datetime.fromisoformat(fields["made_at"])
        fields["files"] = {name: StoredFile(**file) for name, file in fields["files"].items()}
        card = ModelCard(**fields)
        if any(Path(name).name != name for name in (card.folder, *card.files)):
            raise ValueError("it names files that are not beside it")
        if "model.safetensors" not in card.files:
            raise ValueError("it names no weights")
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ModelError(f"{path} is no model card: {error}", hint=_REFETCH) from error
    return card


def damage(card: ModelCard, folder: Path, *, hashes: bool) -> list[str]:
    """What is wrong with the files in ``folder``, in words; empty where they are as the card says.

    Sizes are compared always, contents (0.3 s for the embedded model) only with ``hashes``.
    """
    found = []
    for name, file in card.files.items():
        path = folder / name
        if not path.is_file():
            found.append(f"{path} is missing")
        elif path.stat().st_size != file.size:
            found.append(f"{path} has {path.stat().st_size:,} bytes, not {file.size:,}")
        elif hashes and file_sha256(path) != file.sha256:
            found.append(f"{path} is not what was stored (SHA-256 differs)")
    return found
