"""Finding a Chromium, and saying what was tried."""

from __future__ import annotations

from pathlib import Path

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


async def test_no_browser_is_an_outcome_with_a_hint(tmp_path: Path) -> None:
    """A missing Chromium is a page with a reason and a way out, never a stack trace."""
    async with Web(chromium=tmp_path / "nowhere") as web:
        page = await web.fetch(Request("http://127.0.0.1:9/", via="chromium"))
    assert page.outcome is Outcome.UNREACHABLE
    assert page.reason is not None
    assert page.reason.startswith("No Chromium was found")
    assert page.hint is not None
    assert "doctor" in page.hint
