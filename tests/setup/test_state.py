"""What ``./browse`` finds done, and does: .venv and the data folder each hold their own state."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from browseagent.cli.program import COMMANDS
from tests.setup.conftest import ROOT, Checkout

ALL = ["install full", "chromium", "model fetch"]


def test_the_first_run_sets_up_and_the_second_starts_at_once(checkout: Checkout) -> None:
    """Everything is done once; then nothing is done and nothing is said."""
    out, err = checkout.browse("ask", "Who?", "page.html")
    assert out == "ran: ask Who? page.html\n"
    assert "MB are kept in" in err
    assert checkout.done() == ALL
    assert checkout.browse("ask", "Who?", "page.html") == ("ran: ask Who? page.html\n", "")
    assert checkout.done() == []


def test_two_data_folders_in_turn_need_nothing_twice(checkout: Checkout, tmp_path: Path) -> None:
    """The second data folder gets its model and no package is installed again; then both are ready."""
    one, two = str(tmp_path / "one"), str(tmp_path / "two words")
    checkout.browse("ask", BROWSEAGENT_HOME=one)
    assert checkout.done() == ALL
    checkout.browse("ask", BROWSEAGENT_HOME=two)
    assert checkout.done() == ["model fetch"]
    for home in (one, two, one, two):
        assert checkout.browse("ask", BROWSEAGENT_HOME=home) == ("ran: ask\n", "")
    checkout.browse("ask")  # and the person's own
    assert checkout.done() == ["model fetch"]


def test_a_model_that_was_removed_or_replaced_is_looked_at_again(checkout: Checkout, tmp_path: Path) -> None:
    """The note is of the model that is there: another card, another version of the code, no model at all."""
    card = tmp_path / "home" / "models" / "embedded" / "card.json"
    home = str(tmp_path / "home")
    checkout.browse("ask", BROWSEAGENT_HOME=home)
    checkout.done()
    card.write_text('{"reader": "of another version"}')
    checkout.browse("ask", BROWSEAGENT_HOME=home)
    assert checkout.done() == ["model fetch"]
    (checkout.folder / "browseagent" / "model" / "weights_source.py").write_text("SHA256 = 'two'\n")
    checkout.browse("ask", BROWSEAGENT_HOME=home)
    assert checkout.done() == ["model fetch"]
    card.unlink()
    _, err = checkout.browse("ask", BROWSEAGENT_HOME=home)
    assert checkout.done() == ["model fetch"]
    assert "fetching the embedded model (93 MB)" in err


def test_two_checkouts_share_a_data_folder(checkout: Checkout, tmp_path: Path) -> None:
    """Where another version has looked at the same model, this one need not look again."""
    home = str(tmp_path / "home")
    source = checkout.folder / "browseagent" / "model" / "weights_source.py"
    for text in ("SHA256 = 'one'\n", "SHA256 = 'two'\n"):
        source.write_text(text)
        checkout.browse("ask", BROWSEAGENT_HOME=home)
    checkout.done()
    for text in ("SHA256 = 'one'\n", "SHA256 = 'two'\n"):
        source.write_text(text)
        checkout.browse("ask", BROWSEAGENT_HOME=home)
    assert checkout.done() == []


def test_what_the_package_requires_is_installed_when_it_changes(checkout: Checkout) -> None:
    """Another pyproject.toml installs the packages again, and fetches no model."""
    checkout.browse("ask")
    checkout.done()
    with (checkout.folder / "pyproject.toml").open("a") as file:
        file.write("# another line\n")
    checkout.browse("ask")
    assert checkout.done() == ["install full", "chromium"]


def test_small_is_kept_until_full_is_asked_for(checkout: Checkout) -> None:
    """The choice of the first run holds for later ones, over a change of the package too, until --full."""
    out, _ = checkout.browse("--small", "ask", "Who?")
    assert out == "ran: ask Who?\n"
    assert checkout.done() == ["install small", "chromium", "model fetch"]
    checkout.browse("ask")
    checkout.browse("--small", "ask")
    assert checkout.done() == []
    with (checkout.folder / "requirements-small.txt").open("a") as file:
        file.write("# another line\n")
    checkout.browse("ask")
    assert checkout.done() == ["install small", "chromium"]
    assert checkout.browse("--full", "doctor")[0] == "ran: doctor\n"
    assert checkout.done() == ["install full", "chromium"]
    checkout.browse("ask")
    checkout.browse("--small", "ask")  # torch is there: nothing is taken away
    assert checkout.done() == []


def test_a_developers_environment_serves_the_program(checkout: Checkout) -> None:
    """`make setup` installs the tools once; neither it nor ./browse installs anything after."""
    setup = ("sh", "-c", "sh tools/ready.sh model dev || sh tools/setup.sh model dev")
    checkout.browse("--small", "ask")
    checkout.done()
    for wanted in (["install dev", "chromium"], []):
        checkout.run(*setup)
        assert checkout.done() == wanted
    checkout.browse("ask")
    checkout.browse("--full", "ask")
    assert checkout.done() == []


def test_only_what_answers_questions_fetches_the_model(checkout: Checkout) -> None:
    """Every command of the program is one or the other; the help of all of them needs none."""
    assert checkout.browse()[0] == "ran: \n"
    assert checkout.done() == ["install full", "chromium"]
    answering = {"ask", "chat", "serve", "mcp", "worker"}
    for name in COMMANDS.keys() - answering:
        assert checkout.browse(name, "list")[0] == f"ran: {name} list\n"
    for name in (*answering, "demo", "watch check", "watch run"):
        checkout.browse(*name.split(), "--help")
    checkout.browse("--version")
    assert checkout.done() == []
    for name in (*sorted(answering), "demo", "watch check", "watch run", "watch test", "watch replay"):
        checkout.browse(*name.split(), "x", BROWSEAGENT_HOME=str(checkout.folder / f"home {name}"))
        assert checkout.done() == ["model fetch"]


@pytest.mark.parametrize("option", ["-q", "--quiet", "-qv"])
def test_quiet_says_what_is_fetched_and_no_more(checkout: Checkout, option: str) -> None:
    """With -q the first run says what it fetches and how large it is; the second says nothing."""
    _, err = checkout.browse("ask", option, "Who?")
    assert err.splitlines() == [
        f"browse: fetching the embedded model (93 MB) into {checkout.environment['HOME']}"
        "/.local/share/browseagent/models"
    ]  # and what setup.py says of the packages, which is replaced here
    assert checkout.browse("ask", option, "Who?")[1] == ""
    assert "--quiet" not in checkout.browse("ask", "--", option)[1]


def test_two_first_runs_at_once_do_not_meet(checkout: Checkout) -> None:
    """The second waits for the first, finds all done, and both run."""
    runs = [checkout.start("./browse", "ask", INSTALL_TAKES="1") for _ in range(3)]
    ended = [run.communicate(timeout=60) for run in runs]
    assert [run.returncode for run in runs] == [0, 0, 0], ended
    assert [out for out, _ in ended] == ["ran: ask\n"] * 3
    assert checkout.done() == ALL
    assert sum("another set-up is running" in err for _, err in ended) == 2


def test_an_interrupted_set_up_begins_anew_as_the_same_kind(checkout: Checkout) -> None:
    """A run that fails, or is killed, leaves nothing that counts as done; the next keeps the choice."""
    failed = checkout.start("./browse", "--small", "ask", INSTALL_FAILS="1")
    _, err = failed.communicate(timeout=60)
    assert failed.returncode == 2
    assert "no network" in err
    checkout.done()
    killed = checkout.start("sh", "tools/setup.sh", "model", INSTALL_TAKES="2")
    until = time.monotonic() + 30
    while checkout.done() != ["install small"]:
        assert time.monotonic() < until
        time.sleep(0.05)
    killed.kill()
    killed.communicate(timeout=60)
    _, err = checkout.browse("ask")
    assert "the last set-up was interrupted; starting again" in err
    assert checkout.done() == ["install small", "chromium", "model fetch"]


def test_readiness_is_found_in_milliseconds(checkout: Checkout) -> None:
    """The check is a few small programs: well below what starting Python takes. 15 ms on two idle cores."""
    checkout.browse("ask")
    seconds = []
    for _ in range(10):
        began = time.perf_counter()
        checkout.run("sh", "tools/ready.sh", "model")
        seconds.append(time.perf_counter() - began)
    assert min(seconds) < 0.15


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"XDG_DATA_HOME": "/data/of mine"},
        {"BROWSEAGENT_HOME": "/kept/here"},
        {"BROWSEAGENT_HOME": "~/kept here"},
        {"BROWSEAGENT_HOME": "~"},
    ],
)
def test_the_data_folder_is_the_programs_own(variables: dict[str, str], tmp_path: Path) -> None:
    """The scripts, which cannot ask the program before it is installed, come to the same folder."""
    environment = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], **variables}
    shell = subprocess.run(
        ["sh", str(ROOT / "tools" / "ready.sh"), "home"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    program = "from browseagent.config import default_home; print(default_home())"
    path = {"PYTHONPATH": os.pathsep.join(sys.path)}
    python = subprocess.run(
        [sys.executable, "-c", program],
        env={**environment, **path},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert shell.stdout == python.stdout
