"""The command where torch and what goes with it are not installed (``requirements-small.txt``)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

import browseagent
from browseagent.config import default_home
from browseagent.packages import TORCH_PACKAGES, requirement, torch_hint
from fixtures.server import FixtureServer
from tests.command import DEADLINE

Started = Callable[..., subprocess.CompletedProcess[str]]
ROOT = Path(browseagent.__file__).parent.parent
PAGE = ROOT / "fixtures" / "sites" / "news" / "tram-extension.html"


@pytest.fixture(scope="session")
def small_packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every installed package but those of the full install, as links in a folder."""
    folder = tmp_path_factory.mktemp("small")
    for place in map(Path, sys.path):
        if place.name not in ("site-packages", "dist-packages"):
            continue
        for entry in place.iterdir():
            left_out = entry.name.lower().startswith((*TORCH_PACKAGES, "functorch", "browseagent"))
            if not left_out and not (folder / entry.name).exists():
                (folder / entry.name).symlink_to(entry)
    return folder


@pytest.fixture
def install(environment: dict[str, str], small_packages: Path) -> Started:
    """Starts Python in such an install with a program and its arguments."""

    def run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        path = os.pathsep.join((str(ROOT), str(small_packages)))
        return subprocess.run(
            [sys.executable, "-S", "-c", program, *arguments],
            env={**environment, "PYTHONPATH": path},
            capture_output=True,
            text=True,
            timeout=DEADLINE,
        )

    return run


@pytest.fixture
def small(install: Started) -> Started:
    """The command in such an install."""
    return partial(install, "from browseagent.cli import main; main()")


@pytest.mark.parametrize(
    "arguments", [("model", "new", "made"), ("model", "tune", str(ROOT / "pyproject.toml"), "--out", "made")]
)
def test_what_needs_torch_names_the_command_that_adds_it(small: Started, arguments: tuple[str, ...]) -> None:
    """Making and training models ends with status 2, what is missing, and the command; nothing is made."""
    ended = small(*arguments)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert f"{' '.join(arguments[:2])} needs torch, transformers and accelerate" in ended.stderr
    assert "hint: " in ended.stderr
    assert "pip install --index-url https://download.pytorch.org/whl/cpu torch" in ended.stderr
    assert not Path("made").exists()


def test_a_model_of_transformers_is_refused_in_words(small: Started, tmp_path: Path) -> None:
    """``--model hf:`` is no bug of ours there: a status and a hint, in words and in JSON."""
    (tmp_path / "config.json").write_text("{}")
    ended = small("ask", "How long?", str(PAGE), "--model", f"hf:{tmp_path}", "--json")
    assert ended.returncode in (2, 6)
    assert '"hint": "' in ended.stdout
    for said in (ended.stdout, ended.stderr):
        assert "pip install" in said
        assert "torch" in said
        assert "bug" not in said


def test_reading_and_the_overview_need_no_torch(small: Started) -> None:
    """What needs no model works: reading, the list of models, the help of every group."""
    read = small("read", str(PAGE), "--format", "text", "--quiet")
    assert (read.returncode, read.stderr) == (0, "")
    assert "3.1 miles" in read.stdout
    assert small("model", "list").returncode == 0
    for group in ("model", "watch", "ask", "chat"):
        assert small(group, "--help").returncode == 0


SEVERAL = """if True:
    import json, sys
    from browseagent.agent.agent import Agent
    from browseagent.cli.program import run
    from browseagent.config import default_settings
    from browseagent.model.registry import load_model
    model = load_model("embedded", default_settings())
    def agent(settings, on_event):
        return Agent(settings=settings, on_event=on_event, language_model=model)
    for command in json.loads(sys.argv[1]):
        print(f"\\0{run(command, agent=agent)}", flush=True)
"""
"""Commands that share a model; after what each prints come a zero and its exit status."""


@pytest.mark.model
def test_the_embedded_model_answers_and_sums_up(
    install: Started, environment: dict[str, str], site: FixtureServer
) -> None:
    """Asking, summing up and a watch's question need neither torch nor Transformers: they are not there."""
    home = Path(environment["BROWSEAGENT_HOME"])
    home.mkdir()
    (home / "models").symlink_to(default_home() / "models")
    url = site.url("/news/tram-extension.html")
    fare = ("--ask", "fare=What does a single cost?")
    commands = [
        ("ask", "What does a single on the Blue Line cost?", str(PAGE)),
        ("summarize", str(PAGE), "--length", "short"),
        ("watch", "add", url, "--name", "tram", "--via", "http", *fare),
        ("watch", "check", "tram", "--json"),
    ]
    ended = install(SEVERAL, json.dumps(commands))
    assert ended.returncode == 0, ended.stderr
    asked, summed, added, checked, rest = ended.stdout.split("\0")
    assert asked.splitlines()[0] == "£2.30"
    assert "•" in summed
    assert '"status": "found"' in checked
    assert [each.partition("\n")[0] for each in (summed, added, checked, rest)] == ["0"] * 4, ended.stderr


def test_doctor_tells_what_is_optional(small: Started) -> None:
    """Torch is a note, with what it is for and the command; the engine of the embedded model is required."""
    said = small("doctor").stdout
    lines = {line.split()[1]: line for line in said.splitlines() if not line.startswith(" ")}
    for name in TORCH_PACKAGES:
        assert lines[name].startswith("note"), lines[name]
        assert "not needed for the embedded model; needed for hf:, gguf:" in lines[name]
    for name in ("openvino", "numpy", "tokenizers", "gguf", "playwright"):
        assert lines[name].startswith("ok"), lines[name]
    assert "pip install --index-url https://download.pytorch.org/whl/cpu torch" in said


def test_the_hint_asks_for_the_versions_that_this_version_needs() -> None:
    """The command pins torch as pyproject.toml does (another range would bring CUDA), where that is known."""
    assert requirement("torch") in ("torch==2.13.*", "torch")  # the name alone where we are not installed
    assert "--full" in torch_hint() or requirement("torch") in torch_hint()
    assert requirement("nothing-of-ours") == "nothing-of-ours"
