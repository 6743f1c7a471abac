"""What the model room runs on: the versions of its packages, whether they work, and how quietly."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version


@dataclass(frozen=True, slots=True)
class Runtime:
    """One package of the model room."""

    package: str
    version: str
    """Empty where it is not installed."""
    detail: str = ""
    """What it can use (``CPU, 2 threads``), or why it does not work."""
    works: bool = True


def torch_runtime() -> Runtime:
    """Imports torch (two seconds) and says what it computes on."""
    try:
        import torch
    except (ImportError, OSError) as error:  # OSError: a shared library of torch does not load
        return Runtime("torch", _version("torch"), f"does not load: {error}", works=False)
    if torch.cuda.is_available():
        return Runtime("torch", torch.__version__, f"CUDA, {torch.cuda.get_device_name(0)}")
    return Runtime("torch", torch.__version__, f"CPU, {torch.get_num_threads()} threads")


def openvino_runtime() -> Runtime:
    """Imports OpenVINO and says what the embedded model is computed in on this processor."""
    try:
        from browseagent.model.openvino import native_precision

        precision = {"bf16": "bfloat16", "f32": "float32"}[native_precision()]
    except (ImportError, OSError, RuntimeError) as error:
        return Runtime("openvino", _version("openvino"), f"does not work: {error}", works=False)
    return Runtime("openvino", _version("openvino"), f"CPU, {precision}")


def package_runtime(package: str) -> Runtime:
    """A package by its name, not imported."""
    found = _version(package)
    return Runtime(package, found, works=bool(found))


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


@contextmanager
def quiet_transformers() -> Iterator[None]:
    """Within it Transformers shows no progress bars and logs errors only; afterwards as before."""
    from transformers.utils import logging

    verbosity, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(verbosity)
        if bars:
            logging.enable_progress_bar()
