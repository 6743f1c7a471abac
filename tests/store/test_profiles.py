"""Profiles on disk."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from browseagent.errors import StoreError
from browseagent.session import Cookie, Kept
from browseagent.store.profiles import Profiles

COOKIE = Cookie("session", "open-sesame", "example.org", expires=2e9, http_only=True, same_site="Lax")
STORAGE = {"origin": "http://example.org", "localStorage": [{"name": "reader", "value": "wilma"}]}

ADD = """
import sys
from pathlib import Path
from browseagent.session import Cookie, Kept
from browseagent.store.profiles import Profiles

for number in range(10):
    Profiles(Path(sys.argv[1])).merge("work", Kept((Cookie(f"{sys.argv[2]}{number}", "1", "example.org"),)))
"""


def test_what_was_kept_is_there_again(tmp_path: Path) -> None:
    """Cookies and storage come back as they were; a new profile has an identity that stays."""
    profiles = Profiles(tmp_path / "profiles")
    fresh = profiles.load("work")
    assert (fresh.cookies, fresh.storage) == ((), ())
    profiles.merge("work", Kept((COOKIE,), storage=(STORAGE,)))
    again = Profiles(tmp_path / "profiles").load("work")
    assert again.cookies == (COOKIE,)
    assert again.storage == (STORAGE,)
    assert again.identity == fresh.identity
    assert profiles.names() == ["work"]
    assert profiles.load("home").identity != fresh.identity


def test_a_login_makes_it_another_profile(tmp_path: Path) -> None:
    """So that no page stored before it is taken for one of whoever is logged in."""
    profiles = Profiles(tmp_path)
    before = profiles.load("work")
    after = profiles.merge("work", Kept((COOKIE,)), login=True)
    assert after.identity != before.identity
    assert profiles.load("work") == after


def test_only_the_owner_may_read(tmp_path: Path) -> None:
    """Folders 0700, file 0600, also where somebody had opened them."""
    profiles = Profiles(tmp_path / "profiles")
    profiles.merge("work", Kept((COOKIE,)))
    places = {tmp_path / "profiles": 0o700, tmp_path / "profiles" / "work": 0o700}
    state = tmp_path / "profiles" / "work" / "state.json"
    for path, mode in (*places.items(), (state, 0o600)):
        assert stat.S_IMODE(path.stat().st_mode) == mode, path
        path.chmod(0o777)
    profiles.merge("work", Kept((COOKIE,)))
    for path, mode in (*places.items(), (state, 0o600)):
        assert stat.S_IMODE(path.stat().st_mode) == mode, path
    state.chmod(0o644)
    profiles.load("work")
    assert stat.S_IMODE(state.stat().st_mode) == 0o600


def test_several_processes_lose_nothing(tmp_path: Path) -> None:
    """Three processes add ten cookies each to one profile, one by one; thirty are there in the end."""
    profiles = Profiles(tmp_path)
    profiles.load("work")
    running = [subprocess.Popen([sys.executable, "-c", ADD, str(tmp_path), name]) for name in ("a", "b", "c")]
    assert [process.wait(120) for process in running] == [0, 0, 0]
    assert len(profiles.load("work").cookies) == 30
    assert [path.name for path in (tmp_path / "work").glob(".*")] == []


@pytest.mark.parametrize(
    "content", ["", "{}", '{"schema": "other"}', "[1]", '{"schema": "browseagent.profile/1"}']
)
def test_a_damaged_profile_is_told_and_left(tmp_path: Path, content: str) -> None:
    """It is not overwritten, and the error says where it is."""
    profiles = Profiles(tmp_path)
    profiles.load("work")
    state = tmp_path / "work" / "state.json"
    state.write_text(content)
    with pytest.raises(StoreError, match=r"state\.json") as raised:
        profiles.load("work")
    assert "log in again" in raised.value.hint
    with pytest.raises(StoreError, match=r"state\.json"):
        profiles.merge("work", Kept((COOKIE,)))
    assert state.read_text() == content


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    """Is a StoreError with what to do."""
    (tmp_path / "profiles").write_text("a file")
    with pytest.raises(StoreError, match="cannot be used"):
        Profiles(tmp_path / "profiles").load("work")


def test_the_file_is_plain_json(tmp_path: Path) -> None:
    """A person can look at it, and move it to another machine."""
    Profiles(tmp_path).merge("work", Kept((COOKIE,)))
    value = json.loads((tmp_path / "work" / "state.json").read_text("utf-8"))
    assert value["schema"] == "browseagent.profile/1"
    assert value["cookies"][0]["domain"] == "example.org"
