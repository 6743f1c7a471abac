"""Keeps the transcripts of the manual true: runs their commands and compares, or writes them anew.

    python tools/transcripts.py          # rewrite README.md and docs/*.md
    python tools/transcripts.py --check  # exit status 1 where one tells other things than the program

A transcript is a fenced block ``console`` whose first line starts with ``$ browseagent``. The fixture
sites are served at the address that it names, a store of its own is used, and ages are written as in
a quick run. What may differ from machine to machine all the same is in tools/told.py. The commands of
README.md run alone; beside those of docs/ runs `browseagent serve`, whose model they use, so that not each
has to load it.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from browseagent.config import default_home  # noqa: E402
from fixtures.server import FixtureServer  # noqa: E402
from tools.told import differences, undated  # noqa: E402

PORT = 8420
_BLOCK = re.compile(r"```console\n\$ (browseagent [^\n]+)\n(.*?)```\n", re.S)


def environment(home: Path) -> dict[str, str]:
    """Of a command, and of the server that lends it a model: its socket is in the data folder."""
    return {**os.environ, "BROWSEAGENT_HOME": str(home), "XDG_RUNTIME_DIR": str(home), "COLUMNS": "100"}


@contextmanager
def served(home: Path) -> Iterator[None]:
    """A server of the data folder until the block ends."""
    command = [sys.executable, "-m", "browseagent", "serve", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, env=environment(home), stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        try:
            said = process.stderr.readline()
            assert said.startswith(b"Serving at "), said
            yield
        finally:
            process.terminate()


def output_of(command: str, home: Path) -> str:
    """What the command prints, and its exit status where that is not 0."""
    run = subprocess.run(
        [sys.executable, "-m", *shlex.split(command)],
        cwd=ROOT,
        env=environment(home),
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
    told_anew = []

    def again(page: Path, home: Path) -> None:
        before = page.read_text("utf-8")
        after, news = rewritten(before, home)
        if after != before and not check:
            page.write_text(after, "utf-8")
        if news:
            told_anew.append(page.name)
            print("\n".join([f"{page.name}:", *news, ""]))

    with FixtureServer(PORT), tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "models").symlink_to(default_home() / "models")
        again(ROOT / "README.md", home)
        with served(home):
            for page in sorted((ROOT / "docs").glob("*.md")):
                again(page, home)
    print(f"{'stale' if check else 'told anew'}: {', '.join(told_anew) or 'nothing'}")
    return 1 if check and told_anew else 0


if __name__ == "__main__":
    sys.exit(main())
