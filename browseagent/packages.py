"""What a small install leaves out (``requirements-small.txt``), what needs it, and the command for it."""

from __future__ import annotations

import shlex
import sys
from importlib.metadata import PackageNotFoundError, requires
from importlib.util import find_spec
from pathlib import Path

from browseagent.errors import BrowseAgentError, UsageError

TORCH_PACKAGES = ("torch", "transformers", "accelerate")
"""In the full install only. Nothing that the embedded model needs to answer imports one of them."""
TORCH_IS_FOR = "not needed for the embedded model; needed for hf:, gguf:, `model new` and `model tune`"
_CPU_INDEX = "https://download.pytorch.org/whl/cpu"
"""Where torch is built for the processor alone: from the index that pip knows, Linux gets CUDA, 3 GB more."""


def need_torch(what: str, error: type[BrowseAgentError] = UsageError) -> None:
    """Raises ``error`` for ``what`` (``model tune``, ``hf:NAME``) where the install lacks torch or what goes
    with it. Looks for the packages, imports none."""
    if missing := [name for name in TORCH_PACKAGES if find_spec(name) is None]:
        raise error(f"{what} needs {_listed(missing)}, which this install lacks", hint=torch_hint())


def torch_hint() -> str:
    """The command that makes a small install a full one: of the checkout that this runs in, else of pip."""
    checkout = Path(__file__).resolve().parent.parent
    program = checkout / "browse"
    if program.is_file() and Path(sys.prefix).resolve() == checkout / ".venv":
        return f"{'./browse' if Path.cwd() == checkout else shlex.quote(str(program))} --full doctor"
    pip = f"{shlex.quote(sys.executable)} -m pip install"
    torch, *others = (shlex.quote(requirement(name)) for name in TORCH_PACKAGES)
    return f"{pip} --index-url {_CPU_INDEX} {torch} && {pip} {' '.join(others)}"


def requirement(name: str) -> str:
    """What this version requires of a package (``torch==2.13.*``); the bare name where it is not known."""
    try:
        lines = requires("browseagent") or []
    except PackageNotFoundError:  # run from a checkout that was not installed
        return name
    return next((line for line in lines if _name(line) == name and "extra ==" not in line), name)


def _name(line: str) -> str:
    """The package of a requirement, as the index spells it: ``lxml-html-clean``."""
    end = next((at for at, char in enumerate(line) if not (char.isalnum() or char in "-_.")), len(line))
    return line[:end].lower().replace("_", "-").replace(".", "-")


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
