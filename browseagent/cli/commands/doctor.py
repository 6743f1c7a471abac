"""``browseagent doctor``: what is installed, what is missing, and the exact command for it."""

from __future__ import annotations

import os
import platform
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click

import browseagent
from browseagent.cli.invocation import Invocation, pass_invocation
from browseagent.cli.options import json_option
from browseagent.cli.show.streams import clean
from browseagent.config import Settings, default_settings
from browseagent.errors import BrowseAgentError, UsageError
from browseagent.forms import commands as command_forms
from browseagent.forms import results as forms
from browseagent.forms.command_shapes import Look
from browseagent.model import embedded
from browseagent.model.nearby import nearby
from browseagent.model.runtime import Runtime, openvino_runtime, package_runtime, torch_runtime
from browseagent.packages import TORCH_IS_FOR, TORCH_PACKAGES, requirement, torch_hint
from browseagent.web import driver
from browseagent.web.find_chromium import find_chromium

_START_DEADLINE = 30.0
"""Seconds for Chromium to say its version: 0.1 warm, up to 8 from a cold disk."""
_NEEDED = ("numpy", "tokenizers", "gguf", "playwright", "trafilatura")
"""Packages that no answer comes without; the first runs the embedded model."""
_LITTLE_SPACE = 2_000_000_000
"""Bytes: the size limit of the page store. Below it doctor warns."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    ok: bool
    required: bool
    found: str
    """Version or place; empty where it is missing."""
    detail: str = ""
    fix: str = ""
    """The command that mends it; empty where nothing is to be done."""

    def look(self) -> Look:
        """As JSON."""
        return {
            "name": self.name,
            "ok": self.ok,
            "required": self.required,
            "found": self.found,
            "detail": self.detail,
            "fix": self.fix,
        }


@click.command("doctor")
@json_option
@pass_invocation
def doctor_command(invocation: Invocation, json: bool) -> int:
    """Say what is installed, what is missing, and how to get it.

    Exit status 0 if all that is required is here and works, 2 otherwise.
    """
    settings = default_settings()
    checks = [check for look in _LOOKS for check in look(settings)]
    ready = all(check.ok or not check.required for check in checks)
    if json:
        looks = [check.look() for check in checks]
        invocation.streams.write(forms.dumps(command_forms.doctor(looks, ready=ready)))
    else:
        verdict = "everything is here" if ready else "something is missing: run the commands above"
        invocation.streams.write("\n".join([*(clean(_line(check)) for check in checks), verdict]))
    return 0 if ready else UsageError.exit_status


def _line(check: Check) -> str:
    """``ok  torch       2.13.0+cpu  CPU, 2 threads``, and the fix on a line of its own."""
    mark = "ok     " if check.ok else "MISSING" if check.required else "note   "
    said = "  ".join(part for part in (check.found, check.detail) if part)
    line = f"{mark} {check.name:<16} {said}".rstrip()
    return f"{line}\n        -> {check.fix}" if check.fix else line


def _program(_: Settings) -> list[Check]:
    place = Path(browseagent.__file__).parent
    here = Check("browseagent", True, True, browseagent.__version__, str(place))
    version = platform.python_version()
    recent = sys.version_info >= (3, 11)
    fix = "" if recent else "apt-get install python3 python3-venv  (Python 3.11 or newer)"
    return [here, Check("python", recent, True, version, sys.executable, fix)]


def _packages(_: Settings) -> list[Check]:
    pip = f"{sys.executable} -m pip install"
    needed = [openvino_runtime(), *(package_runtime(name) for name in _NEEDED)]
    checks = [_package(found, True, f"{pip} {shlex.quote(requirement(found.package))}") for found in needed]
    torch = [torch_runtime(), *(package_runtime(name) for name in TORCH_PACKAGES if name != "torch")]
    return [*checks, *(_package(found, False, torch_hint()) for found in torch)]


def _package(found: Runtime, required: bool, fix: str) -> Check:
    """``fix`` is the command that installs it; a package that is missing and optional says what for."""
    if found.works:
        return Check(found.package, True, required, found.version, found.detail)
    trouble = found.detail if found.version else ""  # of one that is not there, that is not worth saying
    detail = trouble if required else "; ".join(filter(None, (trouble, TORCH_IS_FOR)))
    return Check(found.package, False, required, found.version, detail, fix)


def _chromium(settings: Settings) -> list[Check]:
    fix = f"apt-get install chromium  (or: {sys.executable} -m playwright install chromium)"
    search = find_chromium(settings.chromium)
    if search.found is None:
        return [Check("chromium", False, True, "", search.explanation, fix)]
    try:
        said = subprocess.run(
            [str(search.found), "--version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_START_DEADLINE,
            check=True,
        ).stdout.strip()
    except (OSError, subprocess.SubprocessError) as error:
        return [Check("chromium", False, True, "", f"{search.found} does not start: {error}", fix)]
    return [Check("chromium", True, True, str(search.found), said)]


def _driver(_: Settings) -> list[Check]:
    try:
        return [Check("driver", True, True, driver.version(), "Playwright's, which speaks to Chromium")]
    except driver.NoBrowser as error:
        return [Check("driver", False, True, "", f"Playwright's: {error}", "apt-get install libatomic1")]


def _model(settings: Settings) -> list[Check]:
    try:
        wrong = embedded.verify(settings)
        card = embedded.stored_card(settings)
    except BrowseAgentError as error:
        return [Check("embedded model", False, True, "", error.message, error.hint)]
    if card is None:
        return [Check("embedded model", False, True, "", wrong[0], embedded.FETCH_HINT)]
    if wrong:
        return [Check("embedded model", False, True, "", "; ".join(wrong), f"{embedded.FETCH_HINT} --force")]
    place = embedded.model_folder(settings) / card.folder
    return [Check("embedded model", True, True, card.model, f"{place}, SHA-256 {card.digest[:16]}… is right")]


def _data_folder(settings: Settings) -> list[Check]:
    home = settings.home
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home) as probe:
            probe.write(b"browseagent")
        free = shutil.disk_usage(home).free
    except OSError as error:
        fix = "set BROWSEAGENT_HOME to a folder that can be written"
        return [Check("data folder", False, True, "", f"{home}: {error}", fix)]
    stored = sum(path.stat().st_size for path in home.glob(f"{settings.store_path.name}*") if path.is_file())
    checks = [
        Check("data folder", True, True, str(home), "can be written"),
        Check(
            "page store", True, False, f"{stored / 1e6:,.1f} MB", f"of {settings.cache_bytes / 1e6:,.0f} MB"
        ),
    ]
    little = free < _LITTLE_SPACE
    fix = "browseagent cache clear" if little and stored else ""
    return [*checks, Check("free space", not little, False, f"{free / 1e9:,.1f} GB", "", fix)]


def _sessions(settings: Settings) -> list[Check]:
    """What concerns sessions: profiles, a display to log in on, a contact address."""
    from browseagent.store.profiles import Profiles
    from browseagent.web.find_chromium import display

    names = Profiles(settings.profiles_path).names()
    found = f"{len(names)}: {', '.join(names)}" if names else "none"
    fix = "export BROWSEAGENT_CONTACT=you@example.org  (sites can write to you)"
    contact = settings.session.contact
    return [
        Check("profiles", True, False, found, str(settings.profiles_path) if names else ""),
        Check("display", True, False, display() or "none", "" if display() else "no window for `login`"),
        Check("contact address", bool(contact), False, contact, "", "" if contact else fix),
    ]


def _model_servers(_: Settings) -> list[Check]:
    """Models that others serve on this machine."""
    return [Check("model server", True, False, each.server, each.options) for each in nearby()]


def _machine(_: Settings) -> list[Check]:
    system = f"{platform.system()} {platform.machine()}"
    return [Check("machine", True, False, system, f"{os.cpu_count() or 1} cores")]


_LOOKS: tuple[Callable[[Settings], list[Check]], ...] = (
    _program,
    _machine,
    _packages,
    _chromium,
    _driver,
    _model,
    _data_folder,
    _sessions,
    _model_servers,
)
