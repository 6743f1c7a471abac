"""Playwright's driver, the program that speaks to Chromium: started, and whether it starts here at all."""

from __future__ import annotations

import re
import subprocess
import sys

from playwright.async_api import Playwright, async_playwright

STARTS = 30.0
"""Seconds for the driver to say its version: 0.4 warm, more from a cold disk."""
_LACKS = re.compile(r"(lib[\w+.-]+\.so\S*): cannot open shared object file")


class NoBrowser(Exception):
    """There is no Chromium, or it does not start. The text says which and what was tried."""


async def started() -> Playwright:
    """The driver, started. Raises NoBrowser."""
    try:
        return await async_playwright().start()
    except Exception as error:  # Playwright raises a bare one where its driver ends at once
        raise NoBrowser(f"Playwright's driver does not start: {error}") from error


def version() -> str:
    """What the driver says of itself. Raises NoBrowser with what it said instead."""
    command = [sys.executable, "-m", "playwright", "--version"]
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=STARTS,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise NoBrowser(f"Playwright's driver does not start: {error}") from error
    if done.returncode:
        said = (done.stderr.strip() or f"exit status {done.returncode}").splitlines()[-1]
        lacks = _LACKS.search(done.stderr)
        raise NoBrowser(f"{lacks[1]} is missing" if lacks else f"it does not start: {said}")
    return done.stdout.strip()
