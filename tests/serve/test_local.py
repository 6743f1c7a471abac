"""The command line and a running server of the same user: found, used, and left alone where it differs."""

from __future__ import annotations

import asyncio
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from browseagent.agent.events import Event
from browseagent.cli.lent import LentAgent
from browseagent.config import Settings
from browseagent.serve.local import listening, mark, place
from browseagent.session import Session
from fixtures.server import FixtureServer
from tests.serve.serving import PAGE, QUESTION, serving, settings_in


@pytest.fixture(autouse=True)
def _runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))


def _asked(settings: Settings, url: str) -> tuple[str, str, list[str]]:
    steps: list[Event] = []

    async def ask() -> tuple[str, str]:
        async with LentAgent(settings, steps.append) as agent:
            answer = await agent.ask(QUESTION, url)
            summary = await agent.summarize(url)
            assert summary.pages or summary.error
            return answer.status, answer.model.name if answer.model else ""

    return *asyncio.run(ask()), [each.step for each in steps]


def test_a_running_server_does_the_work(tmp_path: Path, site: FixtureServer) -> None:
    """Its model answers, progress and trace say so; private networks are open, as the person typed it. With
    other settings, or without the server, the command does it alone: here without a model, so it fails."""
    settings = replace(settings_in(tmp_path), trace=tmp_path / "trace")
    with serving(tmp_path):
        path = place(settings)
        assert path is not None and stat.S_IMODE(path.stat().st_mode) == 0o600
        status, model, steps = _asked(settings, site.url(PAGE))
        assert (model, "server" in steps) == ("lexical", True) and status in ("answered", "not_found")
        assert "asking the server" in (tmp_path / "trace").read_text("utf-8")
        other = replace(settings, session=Session(headers=(("X-A", "b"),)))
        assert _asked(other, site.url(PAGE))[0] == "failed"
    assert not path.exists()
    status, _, steps = _asked(settings, site.url(PAGE))
    assert (status, "server" in steps) == ("failed", False)


def test_the_socket_is_no_way_in_from_the_network(tmp_path: Path) -> None:
    """What it lends is not there over TCP."""
    with serving(tmp_path) as server:
        body = {"job": "ask", "question": QUESTION, "sources": ["http://127.0.0.1/"], "options": {}}
        assert server.client.post("/socket", json=body).status_code == 404


def test_a_folder_that_others_may_enter_is_not_used(tmp_path: Path) -> None:
    """Nor is one that is a link; a second server leaves the first its socket; a dead socket is replaced."""
    settings = settings_in(tmp_path)
    with listening(settings) as first, listening(settings) as second:
        assert first is not None and second is None
    path = place(settings)
    assert path is not None
    path.touch()
    with listening(settings) as again:
        assert again is not None
    path.parent.chmod(0o755)
    assert place(settings) is None
    path.parent.rename(tmp_path / "elsewhere")
    (tmp_path / "browseagent").symlink_to(tmp_path / "elsewhere")
    assert place(settings) is None


def test_what_makes_settings_the_same(tmp_path: Path) -> None:
    """How a page is got and traces may differ; a header, a key, a model may not."""
    settings = settings_in(tmp_path)
    assert mark(settings) == mark(replace(settings, offline=True, trace=tmp_path, max_age=0.0))
    for other in (
        replace(settings, model="openai:x"),
        replace(settings, session=Session(headers=(("A", "b"),))),
        replace(settings, server=replace(settings.server, key="k")),
    ):
        assert mark(settings) != mark(other)
