"""The systemd units of docs/systemd, by systemd's own check and by our command line."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.setup.conftest import ROOT

UNITS = sorted((ROOT / "docs" / "systemd").iterdir())
PROGRAM = Path(sys.executable).with_name("browseagent")
_EXEC = re.compile(r"^ExecStart=(\S+/browseagent) (.+)$", re.MULTILINE)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")
def test_systemd_finds_nothing_wrong(tmp_path: Path) -> None:
    """Every unit is known word for word to systemd, our program being where this one stands."""
    for unit in UNITS:
        text = _EXEC.sub(rf"ExecStart={PROGRAM} \2", unit.read_text("utf-8"))
        (tmp_path / unit.name).write_text(text, "utf-8")
    for unit in UNITS:
        of = "--system" if "User=" in unit.read_text("utf-8") else "--user"
        command = ["systemd-analyze", "verify", "--man=no", of, str(tmp_path / unit.name)]
        runtime = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)}
        ended = subprocess.run(command, env=runtime, capture_output=True, text=True, timeout=60)
        said = [line for line in ended.stderr.splitlines() if "browseagent" in line]
        assert (ended.returncode, said) == (0, []), ended.stderr


def test_each_service_starts_a_command_that_there_is() -> None:
    """What stands behind our program's name is understood by it."""
    started = [found[2] for unit in UNITS if (found := _EXEC.search(unit.read_text("utf-8")))]
    assert len(started) == sum(unit.suffix == ".service" for unit in UNITS)
    for arguments in started:
        command = [str(PROGRAM), *arguments.split(), "--help"]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert ended.returncode == 0, ended.stderr
