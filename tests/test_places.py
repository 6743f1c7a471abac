"""Where things are kept on other systems, by their rules: names and folders of Windows and macOS."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from platformdirs.macos import MacOS
from platformdirs.windows import Windows

from browseagent.cli.options.sources import terminal_kept
from browseagent.config import default_home
from browseagent.errors import UsageError
from browseagent.session import Session
from browseagent.watch.notify.target import parse_target


def test_the_data_folder_of_each_system(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without BROWSEAGENT_HOME it is where the system keeps what programs keep for a user."""
    monkeypatch.delenv("BROWSEAGENT_HOME", raising=False)
    monkeypatch.setenv("HOME", "/Users/ada")
    monkeypatch.setattr("platformdirs.PlatformDirs", MacOS)
    assert default_home() == Path("/Users/ada/Library/Application Support/browseagent")
    monkeypatch.setattr("platformdirs.windows.get_win_folder", lambda _: r"C:\Users\ada\AppData\Local")
    monkeypatch.setattr("platformdirs.PlatformDirs", Windows)
    assert str(default_home()).replace("/", "\\") == r"C:\Users\ada\AppData\Local\browseagent"


@pytest.mark.parametrize(
    "name", ["con", "NUL", "com1", "aux.old", "lpt9.x.y", "work.", "a/b", r"a\b", "a:b", ".."]
)
def test_a_profile_has_a_name_that_is_a_folders_everywhere(name: str) -> None:
    """No device of Windows, no dot at its end, nothing that parts paths: the folder may move elsewhere."""
    with pytest.raises(UsageError, match="no name for a profile"):
        Session(profile=name)
    assert Session(profile="console.2-old").profile == "console.2-old"


@pytest.mark.parametrize("path", [r"C:\feeds\alerts.atom", "~/Library/alerts.atom", "./a b.atom"])
def test_a_feed_is_written_where_the_path_says(path: str) -> None:
    """A drive's colon is part of the path."""
    assert parse_target(f"feed:{path}").address == path


def test_a_chat_needs_no_terminal_of_unix(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python has no termios on Windows."""
    monkeypatch.setitem(sys.modules, "termios", None)
    with terminal_kept():
        pass
