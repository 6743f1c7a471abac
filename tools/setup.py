"""The steps of set-up that run inside a virtual environment, with its Python.

    setup.py install small|full|dev [--quiet] [--editable] TARGET    a checkout or a wheel
    setup.py extra NAME [--quiet]                                    the packages of an extra, such as workers
    setup.py chromium [--quiet]                                      finds a browser, else installs one

Called by ``tools/setup.sh`` and ``.ci/run``. Standard library only (what it needs is not installed
yet). Small is without torch. Everything it says goes to standard error, before each fetch what it is
and how large; with ``--quiet`` that, and what fails, is all.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input"]
CPU_INDEX = "https://download.pytorch.org/whl/cpu"
DEADLINE = 3600.0
"""Seconds for one step. The longest, the packages over a line of 2 Mbit/s, takes 25 minutes."""
_LARGE = 1_000_000
"""Bytes: packages below are not named one by one. Of 62 they are 45, and 12 MB together."""
_UNITS = {"bytes": 1, "kB": 1_000, "MB": 1_000_000, "GB": 1_000_000_000}


@dataclass(frozen=True)
class Size:
    """What an install takes, in MB, measured on Linux with Python 3.11 (docs/dependencies.md)."""

    fetched: int
    kept: int


SIZES = {"small": Size(175, 665), "full": Size(394, 1722), "dev": Size(471, 2000)}


def say(text: str) -> None:
    """For everyone: what is fetched, and what fails."""
    sys.stderr.write(f"browse: {text}\n")
    sys.stderr.flush()


def tell(text: str) -> None:
    """For those who want to follow: all the rest."""
    if "--quiet" not in sys.argv:
        say(text)


def run(argv: list[str], *, show: Callable[[str], str] = lambda _: "") -> str:
    """Runs a program to its end; what ``show`` makes of each line of its output is shown as it comes.

    Ends this process with status 2 and the program's last words where it fails.
    """
    output: list[str] = []
    with subprocess.Popen(
        argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        deadline = threading.Timer(DEADLINE, process.kill)
        deadline.start()
        try:
            for line in process.stdout or ():
                output.append(line)
                if shown := show(line.strip()):
                    tell(f"  {shown}")
        except KeyboardInterrupt:
            process.terminate()
            raise
        finally:
            deadline.cancel()
    if process.returncode:
        sys.stderr.write("".join(output[-15:]))
        say(f"this failed: {' '.join(argv)}")
        raise SystemExit(2)
    return "".join(output)


def requirement(name: str) -> str:
    """The project's requirement on a package, as pyproject.toml has it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return next(str(line) for line in project["dependencies"] if line.startswith(name))


def plan(requested: str) -> dict[str, str]:
    """Name and version of each package that pip would install for a requirement; fetches metadata only."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        run([*PIP, "install", "--quiet", "--dry-run", "--report", str(report), requested])
        installs = json.loads(report.read_text(encoding="utf-8"))["install"]
    return {item["metadata"]["name"].lower(): item["metadata"]["version"] for item in installs}


def large_package(line: str) -> str:
    """Name and size of a package, from pip's line about it; empty for a small one and any other line."""
    if match := re.match(r"Downloading (\S+) \(([\d.]+ [MG]B)\)", line):
        return f"fetching {match[1].rpartition('/')[2]} ({match[2]})"
    if (match := re.match(r"Processing (/\S+\.whl)", line)) and Path(match[1]).is_file():
        size = Path(match[1]).stat().st_size
        return f"taking {Path(match[1]).name} ({size / 1e6:.1f} MB)" if size >= _LARGE else ""
    return ""


def fetched_bytes(output: str) -> int:
    """How much pip downloaded, by its own words, to three digits of each file; nothing for what it had."""
    sizes = re.findall(r"^\s*Downloading \S+ \(([\d.]+) (bytes|kB|MB|GB)\)", output, re.MULTILINE)
    return round(sum(float(number) * _UNITS[unit] for number, unit in sizes))


def install(kind: str, arguments: list[str]) -> None:
    """Installs a checkout or a wheel: without torch (small), or with one that is built for the CPU."""
    *options, target = arguments
    size = SIZES[kind]
    say(f"fetching up to {size.fetched} MB of packages, to keep {size.kept:,} MB in {sys.prefix}")
    pip = [*PIP, "install", "--progress-bar", "off"]
    if kind == "small":
        output = run([*pip, "--requirement", str(ROOT / "requirements-small.txt")], show=large_package)
        output += run([*pip, "--no-deps", *options, target], show=large_package)
    else:
        output = _torch_for_the_cpu(pip)
        extra = "[dev]" if kind == "dev" else ""
        output += run([*pip, *options, target + extra], show=large_package)
    tell(f"fetched {fetched_bytes(output) / 1e6:,.0f} MB of packages; the rest was here")


def extra(name: str) -> None:
    """Installs the packages of an extra."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = project["optional-dependencies"][name]
    say(f"fetching the packages of {name}: {', '.join(wanted)}")
    run([*PIP, "install", "--progress-bar", "off", *wanted], show=large_package)


def _torch_for_the_cpu(pip: list[str]) -> str:
    """Installs torch where pip would take a build with CUDA; pip's output, or nothing."""
    torch = requirement("torch")
    if not any(name.startswith(("nvidia-", "cuda-", "triton")) for name in plan(torch)):
        return ""
    # The index's own build for Linux brings CUDA, 3 GB of it (crawl4ai #1298).
    tell(f"taking {torch} as it is built for the CPU, from {CPU_INDEX}")
    return run([*pip, "--no-deps", "--index-url", CPU_INDEX, torch], show=large_package)


DEBIAN = {"chromium": "chromium", "driver": "libatomic1"}
"""What doctor may miss of a browser, and the package of Debian that has it."""


def chromium() -> None:
    """Finds a Chromium, else installs one: Debian's package where we may, else Playwright's; and what
    Playwright needs to speak to it."""
    looks = _looks()
    if not (missing := [name for name in DEBIAN if not looks[name]["ok"]]):
        tell(f"using Chromium at {looks['chromium']['found']}")
        return
    root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if shutil.which("apt-get") and (not root or _succeeds([*root, "true"])):
        large = " (90 to 205 MB to fetch, 350 to 600 MB on disk)" if "chromium" in missing else ""
        say(f"installing Debian's {' and '.join(DEBIAN[name] for name in missing)}{large}")
        apt = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", "DPkg::Lock::Timeout=300"]
        run([*apt, "update"])
        run(
            [*apt, "install", "--yes", "--no-install-recommends", *(DEBIAN[name] for name in missing)],
            show=lambda line: line if line.startswith("Need to get") else "",
        )
    elif "chromium" in missing:
        say("fetching Playwright's Chromium (about 180 MB, 400 MB on disk)")
        run(
            [sys.executable, "-m", "playwright", "install", "chromium"],
            show=lambda line: line if "ownload" in line else "",
        )
    looks = _looks()
    for name in DEBIAN:
        if not looks[name]["ok"]:
            say(f"{looks[name]['detail']}: {looks[name]['fix']}")
            raise SystemExit(2)
    tell(f"using Chromium at {looks['chromium']['found']}")


def _succeeds(argv: list[str]) -> bool:
    try:
        return subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _looks() -> dict[str, dict[str, Any]]:
    """What doctor says of the browser and of what drives it, by name."""
    argv = [str(Path(sys.executable).with_name("browseagent")), "doctor", "--json"]
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300)
    try:
        checks = json.loads(done.stdout)["checks"]
    except (ValueError, KeyError):
        say(f"doctor failed: {done.stderr.strip()[-500:]}")
        raise SystemExit(2) from None
    return {check["name"]: check for check in checks if check["name"] in DEBIAN}


if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if word != "--quiet"]
    if words[0] == "install":
        install(words[1], words[2:])
    elif words[0] == "extra":
        extra(words[1])
    else:
        chromium()
