"""Killed at their commits, cut off and without a database, workers lose no change and tell each once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("CRASH_KILLS", "12"))
"""How often a worker is killed; a quick look by default."""


@pytest.mark.usefixtures("postgres")
def test_no_change_is_lost_and_none_is_two_events(tmp_path: Path) -> None:
    """See bench/crash_workers.py, which can do the same a thousand times, in parts."""
    log = tmp_path / "parts.jsonl"
    command = [sys.executable, "bench/crash_workers.py", "--kills", str(KILLS), "--log", str(log)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=1800, check=False)
    report = json.loads(done.stdout.splitlines()[-1]) if done.stdout.strip() else {}
    assert done.returncode == 0, (report, done.stderr[-2000:])
    assert report["kills"] >= KILLS and report["wrong"] == []
