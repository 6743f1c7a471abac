"""Whether this machine has a display that a window could be on."""

from __future__ import annotations

import os
import sys


def display() -> str:
    """The display's name; empty where there is none."""
    if sys.platform in ("darwin", "win32"):
        return sys.platform
    return os.environ.get("WAYLAND_DISPLAY") or os.environ.get("DISPLAY") or ""
