"""The small install is the full one without torch, line for line."""

from __future__ import annotations

import tomllib

from browseagent.packages import TORCH_PACKAGES
from tests.setup.conftest import ROOT


def test_the_small_requirements_are_those_of_the_package_without_torch() -> None:
    """A package or a version that changes in pyproject.toml changes in requirements-small.txt."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    full = [line for line in project["dependencies"] if not line.startswith(TORCH_PACKAGES)]
    text = (ROOT / "requirements-small.txt").read_text(encoding="utf-8")
    small = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert sorted(full) == sorted(small)
    assert len(project["dependencies"]) == len(small) + len(TORCH_PACKAGES)
