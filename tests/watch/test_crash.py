"""Killed at and between its commits, dozens of times, the monitor loses no change and tells each once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("CRASH_KILLS", "40"))
"""How often the monitor is killed; a quick look by default."""


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_no_change_is_lost_and_none_is_two_events(kind: str, request: pytest.FixtureRequest) -> None:
    """See bench/crash.py, which can do the same thousands of times (`--kills 5000`);
    ``CRASH_KILLS=250`` makes more of them here.
    """
    command = [sys.executable, "bench/crash.py", "--kills", str(KILLS)]
    if kind == "postgresql":
        command += ["--database", request.getfixturevalue("postgres_database")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=1800, check=False)
    report = json.loads(done.stdout.splitlines()[-1]) if done.stdout.strip() else {}
    assert done.returncode == 0, (report, done.stderr[-2000:])
    assert report["events"] >= KILLS / 10
    assert report["wrong"] == {}
