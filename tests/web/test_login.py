"""Logging in through a window: a headless one here, and a real one on a virtual display."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from browseagent.errors import FetchError, UsageError
from browseagent.session import Session
from browseagent.store.profiles import Profiles
from browseagent.web import Request, Web
from browseagent.web.find_chromium import process_tree
from browseagent.web.login import open_window
from fixtures.server import FixtureServer

pytestmark = pytest.mark.browser
SESSION = Session(profile="work")
COMMAND = [sys.executable, "-c", "from browseagent.cli import main; main()"]


async def test_what_a_login_leaves_serves_later_runs(site: FixtureServer, tmp_path: Path) -> None:
    """Cookies and local storage are in the profile when the window is closed; its identity is another."""
    profiles = Profiles(tmp_path)
    before = profiles.load("work").identity
    done = await open_window(site.url("/session/signs-in.html"), SESSION, profiles, 8.0, headed=False)
    assert (done.cookies, done.origins) == (1, 1)
    assert profiles.load("work").identity != before
    async with Web(profiles=profiles) as web:
        request = Request(site.url("/session/account.html"), via="http", session=SESSION)
        assert "Wilma Reed" in (await web.fetch(request)).body.decode()
        seen = Request(site.url("/session/window.html"), via="chromium", timeout=60.0, session=SESSION)
        assert "reader: wilma" in ((await web.fetch(seen)).dom or "")


async def test_a_window_that_stays_open_is_closed_and_kept(site: FixtureServer, tmp_path: Path) -> None:
    """At its deadline it is closed, and what it held by then is kept."""
    profiles = Profiles(tmp_path)
    done = await open_window(site.url("/session/sign-in"), SESSION, profiles, 8.0, headed=False)
    assert done.cookies == 1
    assert profiles.load("work").cookies[0].name == "session"


async def test_a_login_that_is_given_up_leaves_the_profile_as_it_was(
    site: FixtureServer, tmp_path: Path
) -> None:
    """Cancelled (Ctrl-C), or at a site that does not answer."""
    profiles = Profiles(tmp_path)
    before = profiles.load("work")
    window = asyncio.ensure_future(
        open_window(site.url("/session/sign-in"), SESSION, profiles, 60.0, headed=False)
    )
    await asyncio.sleep(3.0)
    window.cancel()
    with pytest.raises(asyncio.CancelledError):
        await window
    with pytest.raises(FetchError):
        await open_window("http://127.0.0.1:9/", SESSION, profiles, 30.0, headed=False)
    assert profiles.load("work") == before
    with pytest.raises(UsageError):
        await open_window("ftp://127.0.0.1/", SESSION, profiles, 30.0, headed=False)


@pytest.fixture
def virtual_display() -> Iterator[str]:
    """A display in memory."""
    program = shutil.which("Xvfb")
    if program is None:
        pytest.skip("Xvfb is not installed (apt-get install xvfb)")
    reading, writing = os.pipe()
    command = [program, "-displayfd", str(writing), "-screen", "0", "1280x1024x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=(writing,), stderr=subprocess.DEVNULL) as server:
        os.close(writing)
        with os.fdopen(reading) as told:
            number = told.readline().strip()
        try:
            yield f":{number}"
        finally:
            server.terminate()


def test_the_command_opens_a_window(fresh_site: FixtureServer, tmp_path: Path, virtual_display: str) -> None:
    """On a display the command waits for the person: here they quit the browser once they have signed in.
    The profile is logged in then, for reading by plain HTTP too. Nothing secret is printed."""
    environment = {**os.environ, "BROWSEAGENT_HOME": str(tmp_path), "DISPLAY": virtual_display}
    environment.pop("WAYLAND_DISPLAY", None)
    url = fresh_site.url("/session/account.html")
    command = [*COMMAND, "login", fresh_site.url("/session/signs-in.html"), "--profile", "work"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=environment, stdout=pipe, stderr=pipe, text=True) as login:
        until = time.monotonic() + 60
        while not fresh_site.requests_for("/session/sign-in") and time.monotonic() < until:
            time.sleep(0.2)
        time.sleep(3.0)  # two looks at what the window holds
        for browser in _browsers(login.pid):
            os.kill(browser, signal.SIGTERM)
        out, err = login.communicate(timeout=60)
    assert (login.returncode, out) == (0, "Kept 1 cookie in the profile work.\n"), err
    assert "open-sesame" not in out + err

    def read(*options: str) -> str:
        told = subprocess.run(
            [*COMMAND, "read", url, "--via", "http", *options],
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert told.returncode == 0, told.stderr
        return told.stdout

    assert "Wilma Reed" in read("--profile", "work")
    assert "Wilma Reed" not in read()


def _browsers(pid: int) -> list[int]:
    """The browser processes beneath a process: those of no type, as Chromium calls its helpers."""
    found = []
    for member in process_tree(pid):
        command = Path(f"/proc/{member}/cmdline").read_bytes().split(b"\0")
        if b"chrom" in command[0] and not any(part.startswith(b"--type=") for part in command):
            found.append(member)
    return found
