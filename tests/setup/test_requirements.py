"""What set-up takes for granted about the files it looks at."""

from __future__ import annotations

import tomllib

from browseagent.model.reader_card import reader_card
from browseagent.model.weights_source import SMOLLM2
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


def test_the_readers_card_changes_with_its_adapter() -> None:
    """ready.sh hashes the card in place of 10 MB of adapter, so it must name that one."""
    assert reader_card().sha256 == SMOLLM2.adapter_sha256
