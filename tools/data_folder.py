"""Makes a data folder such as a person has after some months, for the tests that open it with later programs.

    python tools/data_folder.py tests/upgrade/sqlite.tar.xz
    python tools/data_folder.py tests/upgrade/postgresql.tar.xz --database postgresql://…   # an empty one

Everything is done by the command line, on the pages of ``tests/upgrade/site.py``. Beside the folder the
archive holds ``told.json``: what the program that made it said of it. A database is put away as
``database.sql``.

The embedded model is 538 MB, so the person's own reader is a tiny model that was tuned and merged as
``model tune`` and ``model fetch --adapter`` do it; its card calls it what this version's model is called.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from browseagent.config import default_home  # noqa: E402
from fixtures.server import FixtureServer  # noqa: E402
from tests.upgrade.person import Person  # noqa: E402
from tests.upgrade.site import NAMES, ORIGIN, WATCHES, Step, opened, serve, takes_alerts  # noqa: E402

QUESTIONS = "How many boats are on the water?\nwhere do beginners meet Agnes Tull?\n/save chat.md\n/quit\n"
_REPLY = {
    "id": "1",
    "object": "chat.completion",
    "created": 1,
    "model": "parrot",
    "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "{}"}}],
}
"""What a model that writes nothing says to everything; it is measured all the same."""
_TUNED = "tuned"


def lives(person: Person, server: FixtureServer) -> None:
    """Some months with the program."""
    _do(person, "read", f"{ORIGIN}/sign-in", "--profile", "work")
    watches = WATCHES.read_text("utf-8").replace("ORIGIN", ORIGIN)
    (person.folder / "watches.toml").write_text(watches, "utf-8")
    _do(person, "watch", "import", "watches.toml")
    _do(person, "watch", "check", "--all")
    (first, *_) = person.told(["watch show text"])[0]["snapshots"]
    _do(person, "watch", "pin", "text", str(first["id"]))
    _reads(person)

    serve(server, Step.KEPT)
    broken = ("--model", "openai:none")
    _do(person, "watch", "check", "pending", *broken, OPENAI_BASE_URL="http://127.0.0.1:9/v1")
    takes_alerts(server, "unsent", 503)
    takes_alerts(server, "dead", 410)
    _do(person, "watch", "check", *sorted({*NAMES} - {"pending", "walled"}), status=4)
    for _ in range(2):
        _do(person, "watch", "check", "walled", status=5)
    _reads(person)
    _do(person, "crawl", f"{ORIGIN}/house/index.html", "--max-pages", "3")
    _do(person, "chat", f"{ORIGIN}/article.html", typed=QUESTIONS)
    server.set_page("/v1/chat/completions", json.dumps(_REPLY), content_type="application/json")
    _do(person, "model", "eval", "openai:parrot", "--base-url", f"{ORIGIN}/v1")


def _reads(person: Person) -> None:
    for page in ("article.html", "notice.pdf", "boats.json"):
        _do(person, "read", f"{ORIGIN}/{page}", "--fresh", "--via", "http")
    _do(person, "read", f"{ORIGIN}/tides.html", "--fresh", "--via", "chromium")
    _do(person, "read", f"{ORIGIN}/members.html", "--fresh", "--profile", "work")


def _do(person: Person, *arguments: str, status: int = 0, typed: str = "", **variables: str) -> None:
    done = person.done(*arguments, status=status, typed=typed, **variables)
    print(f"$ browseagent {' '.join(arguments)}\n{done.out}{done.err}", flush=True)


def tunes(person: Person) -> None:
    """Puts a model in the place of the embedded one, whose reader the person has tuned on two examples."""
    from browseagent.config import Settings
    from browseagent.durable import file_sha256
    from browseagent.model import embedded
    from browseagent.model.convert import convert
    from browseagent.model.examples import Asked, Example
    from browseagent.model.tune import read_config, tune
    from browseagent.model.tune_model import trainable
    from browseagent.model.weights_source import SMOLLM2
    from tests.model.conftest import write_gguf

    def silent(_: object, __: object = None) -> None:
        """The messages are of no interest."""

    tuned = person.folder / _TUNED
    asked = (Asked("When was the light built?", "1871", "answered"), Asked("Why?", "", "unanswerable"))
    example = Example("a", "Light", "The light was built in 1871 by Thomas Pell.", asked, "t")
    small = replace(read_config(), epochs=4.0, batch=1, rank=1, alpha=2.0)
    with tempfile.TemporaryDirectory() as work:
        gguf, base = Path(work) / "tiny.gguf", Path(work) / "base"
        base.mkdir()
        write_gguf(gguf, context=4096)
        convert(gguf, base, None, silent)
        adapter = tune(*trainable(base), [example], small, tuned, announce=silent)
        assert adapter is not None
        (person.home / "models").unlink()
        source = replace(
            SMOLLM2, gguf_sha256=file_sha256(gguf), gguf_bytes=gguf.stat().st_size, adapter=adapter, own=True
        )
        embedded.fetch(Settings(home=person.home), announce=silent, given=gguf, source=source)
    card = person.home / "models" / "embedded" / "card.json"
    card.write_text(card.read_text("utf-8").replace(source.gguf_sha256, SMOLLM2.gguf_sha256), "utf-8")


def told(person: Person) -> dict[str, Any]:
    """What the program says of all that it keeps: JSON documents by their commands."""
    commands = ["cache list", "watch list", "model list"]
    pages, watches, _ = person.told(commands)
    commands += [f"cache history {page['url']}" for page in pages["pages"]]
    commands += [
        f"watch {kind} {each['name']}" for each in watches["watches"] for kind in ("show", "history")
    ]
    documents = dict(zip(commands, person.told(commands), strict=True))
    return {"documents": documents, "export": person.done("watch", "export").out}


def dumped(database: str) -> str:
    """A PostgreSQL database as SQL, without the commands that only some versions of psql know."""
    dump = ["pg_dump", "--no-owner", "--inserts", database]
    said = subprocess.run(dump, capture_output=True, check=True, text=True, timeout=120).stdout
    return "".join(line for line in said.splitlines(keepends=True) if not line.startswith("\\"))


def put_away(folder: Path, archive: Path) -> None:
    """Packs a folder, the same bytes for the same files."""

    def plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = ""
        return entry

    with tarfile.open(archive, "w:xz", preset=9) as packed:
        for path in sorted(folder.rglob("*")):
            packed.add(path, str(path.relative_to(folder)), recursive=False, filter=plain)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("archive", type=Path)
    parser.add_argument("--database", help="An empty PostgreSQL database, in place of a file.")
    args = parser.parse_args()
    with opened() as server, tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "folder"
        folder.mkdir()
        person = Person(folder, args.database or "")
        person.home.mkdir(mode=0o700)
        (person.home / "models").symlink_to(default_home() / "models")
        serve(server, Step.FIRST)
        lives(person, server)
        tunes(person)
        (folder / "told.json").write_text(json.dumps(told(person), indent=1, ensure_ascii=False), "utf-8")
        if args.database:
            (folder / "database.sql").write_text(dumped(args.database), "utf-8")
        put_away(folder, args.archive)
    print(f"{args.archive}: {args.archive.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
