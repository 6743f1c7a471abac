"""Names of models."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from browseagent.config import Settings
from browseagent.durable import file_sha256
from browseagent.errors import ModelError, UsageError
from browseagent.model.registry import check_name, load_model


@pytest.mark.parametrize("name", ["", "gpt-4", "hf:", "gguf:", "hf", "file:model", "Embedded"])
def test_an_unknown_name_is_wrong_usage(name: str, settings: Settings) -> None:
    """The error names the model and the names that there are."""
    with pytest.raises(UsageError, match="there is no model") as raised:
        load_model(name, settings)
    assert "hf:REPO_OR_FOLDER" in raised.value.hint


@pytest.mark.parametrize("name", ["embedded", "hf:some/repo", "gguf:file.gguf"])
def test_a_known_name_is_checked_without_loading(name: str) -> None:
    """A name that could be loaded passes; nothing has to be there."""
    check_name(name)


def test_beside_a_model_behind_an_api_the_embedded_one_reads(settings: Settings) -> None:
    """What needs likelihoods is not asked of a server, so the embedded model has to be here."""
    with pytest.raises(ModelError) as raised:
        load_model("openai:gpt-4", settings)
    assert raised.value.hint == "browseagent model fetch"


def test_the_embedded_model_that_was_not_fetched_is_an_error(settings: Settings) -> None:
    """The hint is the command that fetches it."""
    with pytest.raises(ModelError) as raised:
        load_model("embedded", settings)
    assert raised.value.hint == "browseagent model fetch"


@pytest.mark.parametrize("name", ["hf:/nowhere/at/all", "hf:./nowhere", "gguf:/nowhere/model.gguf"])
def test_a_path_that_is_not_there_is_never_asked_of_the_hub(name: str, settings: Settings) -> None:
    """A path stays a path: it is reported missing at once."""
    with pytest.raises(ModelError, match="there is no"):
        load_model(name, settings)


def test_a_folder_without_a_model_is_an_error(tmp_path: Path, settings: Settings) -> None:
    """An empty folder is a ModelError, not a stack trace."""
    with pytest.raises(ModelError, match="could not be loaded"):
        load_model(f"hf:{tmp_path}", settings)


def test_a_gguf_file_loads(tiny_gguf: Path, settings: Settings, capfd: pytest.CaptureFixture[str]) -> None:
    """gguf:FILE gives a model whose digest is the file's hash."""
    model = load_model(f"gguf:{tiny_gguf}", settings)
    try:
        assert model.info.digest == file_sha256(tiny_gguf)
        assert model.score([("a", "b c")])[0].tokens > 0
    finally:
        model.close()
    assert capfd.readouterr() == ("", "")  # no bar of Transformers' on a stream of ours


@pytest.mark.skipif(sys.platform != "linux", reason="PyTorch comes with GNU's OpenMP there")
@pytest.mark.parametrize(("said", "spins"), [({}, "2000"), ({"GOMP_SPINCOUNT": "7"}, "7")])
def test_threads_of_pytorch_do_not_spin_for_long(said: dict[str, str], spins: str) -> None:
    """What the package says of how long threads wait in a loop reaches GNU's OpenMP; a person's own word goes
    before it."""
    others = {
        name: value for name, value in os.environ.items() if name not in ("GOMP_SPINCOUNT", "OMP_WAIT_POLICY")
    }
    child = subprocess.run(
        [sys.executable, "-c", "import browseagent.model.registry, torch"],
        env={**others, "OMP_DISPLAY_ENV": "verbose", **said},
        capture_output=True,
        text=True,
        check=True,
    )
    assert f"GOMP_SPINCOUNT = '{spins}'" in child.stderr
