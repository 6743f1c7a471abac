"""Keeps the transcripts of the manual true: runs their commands and compares, or writes them anew.

    python tools/transcripts.py          # rewrite README.md and docs/*.md
    python tools/transcripts.py --check  # exit status 1 where one tells other things than the program

A transcript is a fenced block ``console`` whose first line starts with ``$ browseagent``. The fixture
sites are served at the address that it names, a store of its own is used, and ages are written as in
a quick run. What may differ from machine to machine all the same is in tools/told.py.
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
from tools.told import differences, undated  # noqa: E402

PORT = 8420
_BLOCK = re.compile(r"```console\n\$ (browseagent [^\n]+)\n(.*?)```\n", re.S)


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
    printed = "\n".join(line.rstrip() for line in undated(run.stdout).strip("\n").split("\n"))
    return printed + (f"\n(exit status {run.returncode})" if run.returncode else "") + "\n"


def rewritten(text: str, home: Path) -> tuple[str, list[str]]:
    """A page of the manual with every transcript as the program prints it now, and what they tell that is
    new."""
    news: list[str] = []

    def again(match: re.Match[str]) -> str:
        printed = output_of(match[1], home)
        found = differences(match[2], printed)
        news.extend([f"$ {match[1]}", *found] if found else [])
        return f"```console\n$ {match[1]}\n{printed}```\n"

    return _BLOCK.sub(again, text), news


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    told_anew = []
    with FixtureServer(PORT), tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "models").symlink_to(default_home() / "models")
        for page in pages:
            before = page.read_text("utf-8")
            after, news = rewritten(before, home)
            if after != before and not check:
                page.write_text(after, "utf-8")
            if news:
                told_anew.append(page.name)
                print("\n".join([f"{page.name}:", *news, ""]))
    print(f"{'stale' if check else 'told anew'}: {', '.join(told_anew) or 'nothing'}")
    return 1 if check and told_anew else 0


if __name__ == "__main__":
    sys.exit(main())
