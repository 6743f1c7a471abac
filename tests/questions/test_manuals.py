"""Fetching manuals out of Debian's packages."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest

from tools.questions import manuals

PAGE = b"<html lang=en><p>Turn the ring.</p></html>"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package with one manual, packed."""
    if shutil.which("dpkg-deb") is None:
        pytest.skip("dpkg-deb is Debian's")
    tree = tmp_path / "tree"
    (tree / "DEBIAN").mkdir(parents=True)
    (tree / "usr/share/doc/lamp").mkdir(parents=True)
    control = (
        "Package: lamp-doc\nVersion: 1\nArchitecture: all\nMaintainer: A <a@example.org>\nDescription: a\n"
    )
    (tree / "DEBIAN/control").write_text(control)
    (tree / "usr/share/doc/lamp/ring.html.gz").write_bytes(gzip.compress(PAGE))
    packed = tmp_path / "lamp-doc_1_all.deb"
    subprocess.run(["dpkg-deb", "-b", tree, packed], check=True, stdout=subprocess.DEVNULL)
    return packed


def gold(folder: Path, digest: str) -> Path:
    path = "usr/share/doc/lamp/ring.html.gz"
    row = {"id": "d000", "package": "lamp-doc", "version": "1", "path": path, "sha256": digest}
    folder.mkdir()
    (folder / "gold.jsonl").write_text(json.dumps(row) + "\n")
    return folder


def test_the_page_of_a_package_is_kept_unpacked(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is named is fetched once, whatever else the package holds."""
    came: list[str] = []

    def downloaded(name: str, folder: Path) -> Path:
        came.append(name)
        return package

    monkeypatch.setattr(manuals, "downloaded", downloaded)
    folder = gold(tmp_path / "manuals", sha256(PAGE).hexdigest())
    assert manuals.fetch(folder) == [] == manuals.fetch(folder)
    assert gzip.decompress((folder / "html/d000.html.gz").read_bytes()) == PAGE
    assert came == ["lamp-doc"]


def test_a_page_of_another_version_is_said_and_left_out(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Offsets count in one text: another one is not kept; nor does a package that does not come end it."""
    monkeypatch.setattr(manuals, "downloaded", lambda *_: package)
    folder = gold(tmp_path / "manuals", sha256(b"another").hexdigest())
    assert manuals.fetch(folder) == ["d000: lamp-doc 1 is needed for usr/share/doc/lamp/ring.html.gz"]
    assert not (folder / "html").exists()

    def gone(*_: object) -> Path:
        raise subprocess.CalledProcessError(100, "apt-get")

    monkeypatch.setattr(manuals, "downloaded", gone)
    assert [line.partition(":")[0] for line in manuals.fetch(folder)] == ["lamp-doc"]
