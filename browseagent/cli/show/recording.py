"""What a recording holds, for a person."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from browseagent.cli.show import results as render
from browseagent.cli.show.streams import one_line
from browseagent.records import PageReport

if TYPE_CHECKING:
    from rich.console import Console

EXPECTED = "expected.md"
RECORDED = {
    "body.html": "as the server gave it",
    "body.bin": "as the server gave it",
    "dom.html": "as Chromium rendered it",
    EXPECTED: "its readable text",
    "page.json": "how and when it was had",
}
"""The files of a recording and what each is."""


def recording(console: Console, folder: Path, files: Mapping[str, int], page: PageReport) -> None:
    """Where a page was recorded, and its files with their sizes in bytes."""
    render.prose(console, f"Recorded in {one_line(str(folder))}: {render.about(page)}", style="bold")
    width = max(map(len, files))
    for name, size in files.items():
        render.prose(console, f"  {name:<{width}}  {RECORDED[name]}, {render.size(size)}")
