"""``tools/setup.py install`` with a stand-in for pip: what it asks of pip, and what it says."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.setup.conftest import ROOT

PIP = """
import json, os, sys
with open(os.environ["LOG"], "a") as log:
    print(*sys.argv[1:], file=log)
if "--report" in sys.argv:
    names = os.environ["PLANNED"].split()
    found = [{"metadata": {"name": name, "version": "1"}} for name in names]
    with open(sys.argv[sys.argv.index("--report") + 1], "w") as report:
        json.dump({"install": found}, report)
else:
    print("Collecting things")
    print("  Downloading small-1-py3-none-any.whl.metadata (3.5 kB)")
    print("Downloading large-1-py3-none-any.whl (59.1 MB)")
    print("Using cached here-1-py3-none-any.whl (20.0 MB)")
sys.exit(os.environ.get("FAILS"))
"""

Install = Callable[..., tuple[int, str, list[str]]]


@pytest.fixture
def install(tmp_path: Path) -> Install:
    """Runs it: exit status, what it said, and what pip was asked, options that are always given left out."""
    (tmp_path / "pip").mkdir()
    (tmp_path / "pip" / "__main__.py").write_text(PIP)
    (tmp_path / "pip" / "__init__.py").touch()
    log = tmp_path / "log"

    def run(*arguments: str, planned: str = "torch", **variables: str) -> tuple[int, str, list[str]]:
        ended = subprocess.run(
            [sys.executable, str(ROOT / "tools" / "setup.py"), "install", *arguments],
            env={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": str(tmp_path),
                "LOG": str(log),
                "PLANNED": planned,
                **variables,
            },
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert ended.stdout == ""
        always = "--disable-pip-version-check --no-input install "
        asked = [line.removeprefix(always) for line in log.read_text().splitlines()]
        return ended.returncode, ended.stderr, [line for line in asked if "--dry-run" not in line]

    return run


def test_small_takes_its_own_requirements(install: Install) -> None:
    """The packages come from requirements-small.txt, the project itself without its dependencies."""
    status, said, asked = install("small", "--editable", "/checkout")
    assert status == 0, said
    assert asked == [
        f"--progress-bar off --requirement {ROOT / 'requirements-small.txt'}",
        "--progress-bar off --no-deps --editable /checkout",
    ]
    assert "torch" not in said


def test_full_takes_torch_for_the_processor_where_pip_would_take_cuda(install: Install) -> None:
    """Where pip's plan has CUDA packages, torch comes from the index of CPU builds first."""
    rest = "--progress-bar off --editable /checkout"
    cuda = "--progress-bar off --no-deps --index-url https://download.pytorch.org/whl/cpu torch==2.13.*"
    assert install("full", "--editable", "/checkout")[2] == [rest]
    assert install("dev", "--editable", "/checkout", planned="torch nvidia-cublas")[2][1:] == [
        cuda,
        f"{rest}[dev]",
    ]


def test_what_is_fetched_is_said_before_and_after(install: Install) -> None:
    """First how much at most and where it is kept, then each large package, then how much it was."""
    _, said, _ = install("full", "/checkout")
    first, *_, last = said.splitlines()
    assert first.startswith("browse: fetching up to ")
    assert f"MB in {sys.prefix}" in first
    assert "fetching large-1-py3-none-any.whl (59.1 MB)" in said
    assert last == "browse: fetched 59 MB of packages; the rest was here"


def test_quiet_says_only_what_is_fetched(install: Install) -> None:
    """With --quiet there is the one line that a person would want to have been told, and pip's failure."""
    status, said, _ = install("small", "--quiet", "/checkout")
    assert (status, len(said.splitlines())) == (0, 1)
    assert said.startswith("browse: fetching up to ")
    status, said, _ = install("small", "--quiet", "/checkout", FAILS="no such package")
    assert status == 2
    assert "no such package" in said
    assert "browse: this failed: " in said
