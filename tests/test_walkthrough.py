"""The walkthrough of README.md, run as it stands there: watch the shop, the price drops, the alert comes."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from browseagent.config import default_home
from fixtures.server import FixtureServer
from tools.told import differences

ROOT = Path(__file__).resolve().parent.parent
_BLOCK = re.compile(r"```sh-session\n(.*?)```", re.S)
_COMMAND = re.compile(r"^\$ (browseagent .*(?:\n> .*)*)\n((?:(?!\$ |# ).*\n)*)", re.M)


@pytest.mark.model
@pytest.mark.browser
def test_the_walkthrough_is_what_happens(fresh_site: FixtureServer, tmp_path: Path) -> None:
    """Every command of the block tells the same when it is run; between them the shop lowers its price."""
    (block,) = _BLOCK.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    assert "# the shop lowers the price to £34.00" in block
    (tmp_path / "models").symlink_to(default_home() / "models")
    environment = {**os.environ, "BROWSEAGENT_HOME": str(tmp_path), "COLUMNS": "100", "PYTHONPATH": str(ROOT)}
    before, _, _ = block.partition("# the shop lowers")
    for match in _COMMAND.finditer(block):
        if match.start() > len(before):
            fresh_site.set_state("shop/lantern/price", 34.0)
        command = match[1].replace("\n> ", " ").replace("127.0.0.1:8420", f"127.0.0.1:{fresh_site.port}")
        done = subprocess.run(
            [sys.executable, "-m", *shlex.split(command)],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=900,
            check=False,
        )
        printed = done.stdout.replace(f"127.0.0.1:{fresh_site.port}", "127.0.0.1:8420")
        assert differences(match[2], printed) == [], command
