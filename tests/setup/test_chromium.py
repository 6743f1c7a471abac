"""``tools/setup.py chromium`` with stand-ins for doctor and apt-get: what it installs, and what it says."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.setup.conftest import ROOT

DOCTOR = """#!/bin/sh
ok() { if [ -e "$THERE/$1" ]; then echo true; else echo false; fi; }
echo "{\\"checks\\": [
  {\\"name\\": \\"chromium\\", \\"ok\\": $(ok chromium), \\"found\\": \\"/usr/bin/chromium\\",
   \\"detail\\": \\"no Chromium\\", \\"fix\\": \\"apt-get install chromium\\"},
  {\\"name\\": \\"driver\\", \\"ok\\": $(ok libatomic1), \\"found\\": \\"Version 1\\",
   \\"detail\\": \\"libatomic.so.1 is missing\\", \\"fix\\": \\"apt-get install libatomic1\\"}]}"
"""
APT = """#!/bin/sh
echo "$*" >>"$THERE/asked"
case " $* " in *" install "*) ;; *) exit 0 ;; esac
for package in chromium libatomic1; do
    if [ "$package" = "${REFUSED:-}" ]; then continue; fi
    case " $* " in *" $package "*) touch "$THERE/$package" ;; esac
done
"""
SUDO = """#!/bin/sh
while [ "$1" = -n ]; do shift; done
exec "$@"
"""

SetUp = Callable[..., tuple[int, str, str]]


@pytest.fixture
def set_up(tmp_path: Path) -> SetUp:
    """Runs it where these are there: exit status, what it said, and the packages that apt-get installed."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").symlink_to(sys.executable)
    for name, text in (("browseagent", DOCTOR), ("apt-get", APT), ("sudo", SUDO)):
        (tmp_path / "bin" / name).write_text(text)
        (tmp_path / "bin" / name).chmod(0o755)

    def run(*there: str, **variables: str) -> tuple[int, str, str]:
        for name in there:
            (tmp_path / name).touch()
        ended = subprocess.run(
            [tmp_path / "bin" / "python", ROOT / "tools" / "setup.py", "chromium"],
            env={"PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}", "THERE": str(tmp_path), **variables},
            capture_output=True,
            text=True,
            timeout=60,
        )
        log = tmp_path / "asked"
        asked = log.read_text().splitlines() if log.exists() else []
        packages = [line.rpartition("--no-install-recommends ")[2] for line in asked if " install " in line]
        return ended.returncode, ended.stderr, " ".join(packages)

    return run


def test_where_both_are_there_nothing_is_installed(set_up: SetUp) -> None:
    """It says which Chromium is used."""
    status, said, installed = set_up("chromium", "libatomic1")
    assert (status, installed) == (0, "")
    assert "using Chromium at /usr/bin/chromium" in said


def test_an_empty_debian_gets_chromium_and_what_drives_it(set_up: SetUp) -> None:
    """Playwright's driver needs a library that a Debian without a compiler lacks."""
    status, said, installed = set_up()
    assert (status, installed) == (0, "chromium libatomic1")
    assert "installing Debian's chromium and libatomic1 (" in said


def test_only_what_is_missing_is_installed(set_up: SetUp) -> None:
    """A machine with a Chromium gets the library alone."""
    status, said, installed = set_up("chromium")
    assert (status, installed) == (0, "libatomic1")
    assert "installing Debian's libatomic1\n" in said


def test_what_is_missing_even_then_is_said(set_up: SetUp) -> None:
    """Status 2, and the command of doctor."""
    status, said, _ = set_up("chromium", REFUSED="libatomic1")
    assert status == 2
    assert "browse: libatomic.so.1 is missing: apt-get install libatomic1" in said
