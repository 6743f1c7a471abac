"""Fetches the manuals that questions are asked of: pages of documentation out of Debian's packages.

    python -m tools.questions.manuals [tools/questions/data/manuals]

``gold.jsonl`` there names each page's package, version, path and SHA-256; ``html/ID.html.gz`` is written, to
be read and not to be committed. Needs apt-get and dpkg-deb. A page that came with another version and has
another text is left out, said, and makes the exit status 1.
"""

from __future__ import annotations

import argparse
import gzip
import io
import subprocess
import sys
import tarfile
import tempfile
from collections import defaultdict
from hashlib import sha256
from pathlib import Path
from typing import Any

from browseagent.durable import write_atomically
from tools.questions.pages import MANUAL_PAGES, rows

SECONDS = 600
"""For one package to come."""


def downloaded(package: str, folder: Path) -> Path:
    """A package's file, in ``folder``."""
    subprocess.run(["apt-get", "download", "-qq", package], cwd=folder, check=True, timeout=SECONDS)
    return next(folder.glob(f"{package}_*.deb"))


def unpacked(package: Path, wanted: set[str]) -> dict[str, bytes]:
    """The files of a package at some paths; those that end in .gz unpacked."""
    tar = subprocess.run(
        ["dpkg-deb", "--fsys-tarfile", package], check=True, timeout=SECONDS, stdout=subprocess.PIPE
    ).stdout
    found: dict[str, bytes] = {}
    with tarfile.open(fileobj=io.BytesIO(tar)) as files:
        for member in files:
            path = member.name.removeprefix("./")
            if path in wanted and (file := files.extractfile(member)) is not None:
                body = file.read()
                found[path] = gzip.decompress(body) if path.endswith(".gz") else body
    return found


def fetch(folder: Path) -> list[str]:
    """Fetches what is not there yet; gives what is wrong."""
    wrong: list[str] = []
    wanted: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows(folder):
        if not (folder / "html" / f"{row['id']}.html.gz").exists():
            wanted[row["package"]].append(row)
    for package, its in sorted(wanted.items()):
        with tempfile.TemporaryDirectory() as scratch:
            try:
                found = unpacked(downloaded(package, Path(scratch)), {row["path"] for row in its})
            except (subprocess.SubprocessError, FileNotFoundError, StopIteration) as error:
                wrong.append(f"{package}: {error}")
                continue
        for row in its:
            body = found.get(row["path"], b"")
            if sha256(body).hexdigest() != row["sha256"]:
                wrong.append(f"{row['id']}: {package} {row['version']} is needed for {row['path']}")
                continue
            (folder / "html").mkdir(exist_ok=True)
            write_atomically(folder / "html" / f"{row['id']}.html.gz", gzip.compress(body, mtime=0))
    return wrong


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=MANUAL_PAGES)
    wrong = fetch(parser.parse_args().folder)
    print("\n".join(wrong) or "all there")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
