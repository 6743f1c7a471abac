"""Keeps the transcripts of the manual true: runs their commands and compares, or writes them anew.

    python tools/transcripts.py             # rewrite README.md and docs/*.md
    python tools/transcripts.py --check     # exit status 1 where one differs from what the program prints
    python tools/transcripts.py --examples  # rewrite docs/examples.md, which takes minutes and is not checked

A transcript is a fenced block ``console`` whose first line starts with ``$ browseagent``. The fixture
sites are served at the address that it names, a store of its own is used, and what differs from run
to run (the age of a page, seconds) is written as it was in the first run of its sort.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from browseagent.config import default_home  # noqa: E402
from fixtures.server import FixtureServer  # noqa: E402

PORT = 8420
EXAMPLES = "examples.md"
_BLOCK = re.compile(r"```console\n\$ (browseagent [^\n]+)\n(.*?)```\n", re.S)
_VARYING = (
    (re.compile(r"read (?:just now|\d+ \w+ ago)"), "read just now"),
    (re.compile(r"\b\d+(?:\.\d+)? s\b"), "1 s"),
)


def steady(text: str) -> str:
    """The text without what differs from run to run."""
    for pattern, replacement in _VARYING:
        text = pattern.sub(replacement, text)
    return text


def output_of(command: str, home: Path) -> str:
    """What the command prints, and its exit status where that is not 0."""
    environment = {**os.environ, "BROWSEAGENT_HOME": str(home), "COLUMNS": "100"}
    run = subprocess.run(
        [sys.executable, "-m", *shlex.split(command)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        timeout=300,
        check=False,
    )
    told = "\n".join(line.rstrip() for line in steady(run.stdout).strip("\n").split("\n"))
    return told + (f"\n(exit status {run.returncode})" if run.returncode else "") + "\n"


def rewritten(text: str, home: Path) -> str:
    """A page of the manual with every transcript as the program prints it now."""

    def again(match: re.Match[str]) -> str:
        return f"```console\n$ {match[1]}\n{output_of(match[1], home)}```\n"

    return _BLOCK.sub(again, text)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--examples", action="store_true")
    args = parser.parse_args()
    check = args.check
    manual = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    pages = [page for page in manual if (page.name == EXAMPLES) == args.examples]
    stale = []
    with FixtureServer(PORT), tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "models").symlink_to(default_home() / "models")
        for page in pages:
            before = page.read_text("utf-8")
            after = rewritten(before, home)
            if after != before:
                stale.append(page.name)
                if not check:
                    page.write_text(after, "utf-8")
    print(f"{'stale' if check else 'rewritten'}: {', '.join(stale) or 'nothing'}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
