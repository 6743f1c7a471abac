"""Finding a Chromium, and saying what was tried."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from browseagent.records import Outcome
from browseagent.web import Request, Web
from browseagent.web.find_chromium import find_chromium


def _browser(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_the_one_that_is_named_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An explicit path goes before the environment, and that before the system."""
    one, two = _browser(tmp_path / "one"), _browser(tmp_path / "two")
    monkeypatch.setenv("BROWSEAGENT_CHROMIUM", str(two))
    assert find_chromium(one).found == one
    assert find_chromium().found == two


def test_a_named_one_that_is_missing_is_not_replaced(tmp_path: Path) -> None:
    """Who names a browser gets that one or is told that it is not there."""
    search = find_chromium(tmp_path / "nowhere")
    assert search.found is None
    assert str(tmp_path / "nowhere") in search.explanation


def test_playwrights_own_download(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With none on the system the newest of Playwright's downloads is used, the full browser first."""
    monkeypatch.delenv("BROWSEAGENT_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    assert find_chromium().found is None
    shell = _browser(tmp_path / "chromium_headless_shell-1300/chrome-linux/headless_shell")
    assert find_chromium().found == shell
    _browser(tmp_path / "chromium-1200/chrome-linux/chrome")
    newest = _browser(tmp_path / "chromium-1255/chrome-linux64/chrome")
    assert find_chromium().found == newest


WHERE = {
    "darwin": (
        {},
        "Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "Library/Caches/ms-playwright/chromium-1255/chrome-mac/Chromium.app/Contents/MacOS/Chromium",
    ),
    "win32": (
        {"LOCALAPPDATA": "AppData/Local", "PROGRAMFILES": "Program Files"},
        "Program Files/Microsoft/Edge/Application/msedge.exe",
        "AppData/Local/ms-playwright/chromium-1255/chrome-win/chrome.exe",
    ),
    "linux": ({"XDG_CACHE_HOME": "cache"}, "", "cache/ms-playwright/chromium-1255/chrome-linux/chrome"),
}


@pytest.mark.parametrize("system", WHERE)
def test_where_each_system_keeps_browsers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: str
) -> None:
    """A person's own programs and Playwright's downloads are found by the rules of Windows and macOS too."""
    folders, installed, downloaded = WHERE[system]
    for name in ("BROWSEAGENT_CHROMIUM", "PLAYWRIGHT_BROWSERS_PATH", "PROGRAMFILES(X86)"):
        monkeypatch.delenv(name, raising=False)
    for name, folder in folders.items():
        monkeypatch.setenv(name, str(tmp_path / folder))
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr("browseagent.web.find_chromium.sys", SimpleNamespace(platform=system))
    assert find_chromium().found is None
    download = _browser(tmp_path / downloaded)
    assert find_chromium().found == download
    if installed:
        program = _browser(tmp_path / installed)
        assert find_chromium().found == program


async def test_no_browser_is_an_outcome_with_a_hint(tmp_path: Path) -> None:
    """A missing Chromium is a page with a reason and a way out, never a stack trace."""
    async with Web(chromium=tmp_path / "nowhere") as web:
        page = await web.fetch(Request("http://127.0.0.1:9/", via="chromium"))
    assert page.outcome is Outcome.UNREACHABLE
    assert page.reason is not None
    assert page.reason.startswith("No Chromium was found")
    assert page.hint is not None
    assert "doctor" in page.hint
