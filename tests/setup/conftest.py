"""A checkout with the real scripts, and a stand-in for Python that makes environments in no time."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent

# It is found as python3, copies itself into the environments that it "makes", and notes what it is asked.
PYTHON = r"""#!/bin/sh
echo "python $*" >>"$LOG"
case "$*" in
    -V) echo Python 3.13.0 ;;
    "-m venv "*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
    "-c "* | "-m pip"*) ;;
    *"/setup.py install "*)
        sleep "${INSTALL_TAKES:-0}"
        if [ -n "${INSTALL_FAILS:-}" ]; then echo "no network" >&2 && exit 2; fi
        cp "$STAND_INS/browseagent" "$(dirname "$0")/browseagent" ;;
    *"/setup.py chromium"*) ;;
    *) echo "ran: demo" ;;
esac
"""
BROWSEAGENT = r"""#!/bin/sh
echo "browseagent $*" >>"$LOG"
case "$*" in
    "model fetch"*)
        home=${BROWSEAGENT_HOME:-$HOME/.local/share/browseagent}
        mkdir -p "$home/models/embedded"
        [ -f "$home/models/embedded/card.json" ] || echo '{}' >"$home/models/embedded/card.json" ;;
    *) echo "ran: $*" ;;
esac
"""


@dataclass
class Checkout:
    """A checkout, and what its set-up did."""

    folder: Path
    environment: dict[str, str]
    log: Path = field(init=False)

    def __post_init__(self) -> None:
        self.log = Path(self.environment["LOG"])

    def start(self, *command: str, **variables: str) -> subprocess.Popen[str]:
        """Starts a command in the checkout."""
        return subprocess.Popen(
            command,
            cwd=self.folder,
            env={**self.environment, **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *command: str, **variables: str) -> tuple[str, str]:
        """What a command said on both streams; it must end well."""
        process = self.start(*command, **variables)
        out, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
        return out, err

    def browse(self, *arguments: str, **variables: str) -> tuple[str, str]:
        """The same of ``./browse ARGUMENTS``."""
        return self.run("./browse", *arguments, **variables)

    def done(self) -> list[str]:
        """The steps of set-up since the last call: install KIND, chromium, model fetch."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        self.log.unlink(missing_ok=True)
        steps = []
        for line in lines:
            if "/setup.py " in line:
                steps.append(line.partition("/setup.py ")[2].partition(" --")[0])
            elif line.startswith("browseagent model fetch"):
                steps.append("model fetch")
        return steps


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """A checkout in which nothing was set up."""
    folder, stand_ins = tmp_path / "checkout", tmp_path / "stand-ins"
    for name in ("tools/ready.sh", "tools/setup.sh", "browse", "pyproject.toml", "requirements-small.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    (folder / "browseagent" / "model").mkdir(parents=True)
    (folder / "browseagent" / "model" / "weights_source.py").write_text("SHA256 = 'one'\n")
    (folder / "browseagent" / "model" / "reader.json").write_text("{}\n")
    stand_ins.mkdir()
    for name, text in (("python3", PYTHON), ("browseagent", BROWSEAGENT)):
        (stand_ins / name).write_text(text)
        (stand_ins / name).chmod(0o755)
    environment = {
        "PATH": f"{stand_ins}:{os.environ['PATH']}",
        "HOME": str(tmp_path / "person"),
        "STAND_INS": str(stand_ins),
        "LOG": str(tmp_path / "log"),
    }
    return Checkout(folder, environment)
