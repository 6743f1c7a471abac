"""The scripts that are run in pages."""

from __future__ import annotations

from importlib.resources import files


def script(name: str) -> str:
    """The text of one of them."""
    return (files("browseagent.web") / "scripts" / name).read_text("utf-8")
