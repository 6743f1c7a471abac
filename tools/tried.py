"""Rows of the manual that no other test shows from end to end, tried by hand's order: `docs/tried.md`.

    python tools/tried.py            # all parts: pages that change, imports, models, links, places
    python tools/tried.py imports    # this part alone; the others stay as they are in the file

Each row is what a person would type. What a page becomes between two commands is said in a heading; the ages
of pages are those of a quick run. The pages take ten minutes and more, most of it waiting for the digest; the
model that is trained is fetched (93 MB).
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from browseagent.config import default_home  # noqa: E402
from tools.told import undated  # noqa: E402
from tools.tried_imports import write_backup, write_urlwatch  # noqa: E402

LIMIT = 600
FILE = ROOT / "docs" / "tried.md"
JSON_ROWS = '[{{"line": "North", "fare": "{fare}"}}, {{"line": "South", "fare": "3.10"}}]'
FEED = (
    '<?xml version="1.0"?><rss version="2.0"><channel><title>Harbour news</title><link>http://127.0.0.1/</link>'
    "<description>News</description>{items}</channel></rss>"
)
ITEM = (
    "<item><title>{0}</title><link>http://127.0.0.1/{1}</link><guid>{1}</guid>"
    "<description>{2}</description></item>"
)
RUNS = ("Ferry runs again", "a", "Two crossings a day, from the north steps.")
OPENS = ("New pier opens", "b", "The mayor cuts the ribbon at noon.")
SHOP = "<html><title>Lantern</title><main><h1>Fathom 400</h1><p>The lantern costs {price} today.</p>" + (
    "<p>It burns for nine hours on one filling, and weighs 400 grams without its oil.</p></main></html>"
)
PDF = "Notice. The bridge is closed on {day} from six in the morning until noon, because of repairs."


def pdf(words: str) -> bytes:
    """A PDF of one page and one line."""
    stream = f"BT /F1 12 Tf 40 700 Td ({words}) Tj ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 900 800] /Contents 4 0 R"
        " /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = "%PDF-1.4\n", []
    for number, each in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{each}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    return (
        f"{out}xref\n0 {size}\n0000000000 65535 f \n{table}"
        f"trailer << /Size {size} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    ).encode("latin-1")


class Pages:
    """A folder that is served, and what its pages say first and later."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def first(self) -> None:
        self._write("2.30", "12 euros", "Monday", [RUNS])

    def later(self) -> None:
        self._write("2.50", "9 euros", "Tuesday", [OPENS, RUNS])

    def _write(self, fare: str, price: str, day: str, items: Sequence[tuple[str, str, str]]) -> None:
        (self.folder / "fares.json").write_text(JSON_ROWS.format(fare=fare))
        (self.folder / "shop.html").write_text(SHOP.format(price=price))
        (self.folder / "notice.pdf").write_bytes(pdf(PDF.format(day=day)))
        (self.folder / "feed.xml").write_text(
            FEED.format(items="".join(ITEM.format(*each) for each in items))
        )


ASKED = '"What does the lantern cost?"'
SIZES = "--vocab-size 300 --embedding-dim 64 --num-heads 4 --feed-forward-dim 128 --num-layers 2"
NAMES = ("fares.json", "feed.xml", "notice.pdf", "shop.html")
MINUTES = 5
"""Between two times of the digest: a check that begins at one of them is over before the next."""
PUT_BY, GIVEN_OUT = "watch check digest", "watch run --due"
EACH = "--every 1d --notify stdout"
"""Of each watch: none is due by itself while the rows are tried."""
ADDED = (
    *(f"watch add {{site}}/{name} --name {name.partition('.')[0]} {EACH}" for name in NAMES),
    f'watch add {{site}}/shop.html --name price --ask "price=What does it cost?" --type money {EACH}',
    f'watch add {{site}}/shop.html --name digest --digest "*/{MINUTES} * * * *" {EACH}',
)
Group = tuple[str, Sequence[str]]
BEFORE: tuple[Group, ...] = (
    ("Watches of a JSON file, a feed, a PDF and a page, and of an answer", ADDED),
    ("The first look at each", ("watch check --all",)),
    ("A question", (f"ask {ASKED} {{site}}/shop.html",)),
)
AFTER: tuple[Group, ...] = (
    ("After every page has changed: what is put by for the time of the digest", (PUT_BY,)),
    ("At that time", (GIVEN_OUT,)),
    ("What the other watches tell", ("watch check --all",)),
    ("What changed, of each kind of page", [f"watch diff {name.partition('.')[0]}" for name in NAMES]),
    ("What a watch told, and when it looks next", ("watch history price", "watch next digest -n 2")),
    (
        "What the versions that are kept would have told: each time the same",
        ("watch replay price", "watch replay price"),
    ),
    (
        "The answer then and now",
        (
            f"ask {ASKED} {{site}}/shop.html --fresh --since {{between}}",
            f"ask {ASKED} {{site}}/shop.html",
            "history list",
            "history diff 2",
        ),
    ),
    (
        "A page recorded, and the recording asked",
        ("record {site}/shop.html --to shop --via http", f"ask {ASKED} shop"),
    ),
    (
        "A small GPT of one's own, not trained: it says so",
        (f"model new own {SIZES} --seed 7", f"ask {ASKED} shop --model hf:own"),
    ),
)


SEEDS = "--vocab-size 1000 --embedding-dim 512 --num-heads 8 --feed-forward-dim 2048 --num-layers 6"
WRITES = (
    "from browseagent.config import Settings; from browseagent.model.registry import load_model;"
    " print(repr(load_model('hf:own', Settings()).generate('The lantern costs', max_new_tokens=16)))"
)
SQUAD = {
    "data": [
        {
            "title": title,
            "paragraphs": [
                {
                    "context": text,
                    "qas": [
                        {
                            "id": f"{title} {number}",
                            "question": question,
                            "is_impossible": False,
                            "answers": [{"text": answer, "answer_start": text.index(answer)}],
                        }
                        for number, (question, answer) in enumerate(asked)
                    ],
                }
            ],
        }
        for title, text, asked in (
            (
                "Lantern",
                "The lantern costs 12 euros and burns for nine hours.",
                (("What does the lantern cost?", "12 euros"), ("How long does it burn?", "nine hours")),
            ),
            (
                "Ferry",
                "The last ferry leaves at 19:30 from pier 2.",
                (("When does the last ferry leave?", "19:30"), ("From where?", "pier 2")),
            ),
        )
    ]
}


def main() -> int:
    asked = sys.argv[1:] or list(PARTS)
    for name in asked:
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            (folder / "home").mkdir()
            PARTS[name](folder, partial(_put, name))
    return 0


def _put(name: str, lines: Sequence[str]) -> None:
    """Writes a part in its place; the others stay."""
    parts = dict(re.findall(r"<!-- (\w+) -->\n(.*?)(?=<!-- |\Z)", FILE.read_text("utf-8"), re.S))
    parts[name] = "\n".join(lines)
    head = (
        "# Tried",
        "",
        "What browseagent prints, command by command. Made by `python tools/tried.py`, which runs each "
        "command as it stands here; the ages of pages are those of a quick run.",
        "",
    )
    text = "".join(f"<!-- {each} -->\n{parts[each].strip()}\n\n" for each in PARTS if each in parts)
    FILE.write_text("\n".join(head) + "\n" + text.rstrip() + "\n", "utf-8")


def _pages(folder: Path, put: Callable[[Sequence[str]], None]) -> None:
    """A JSON file, a feed, a PDF and a page that change."""
    lines: list[str] = []
    site_folder = folder / "site"
    site_folder.mkdir()
    (folder / "home" / "models").symlink_to(default_home() / "models")
    handler = partial(_Quiet, directory=str(site_folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        between = ""
        site, pages = f"http://127.0.0.1:{server.server_address[1]}", Pages(site_folder)
        for write, groups in ((pages.first, BEFORE), (pages.later, AFTER)):
            write()
            for heading, rows in groups:
                lines += [f"## {heading}", ""]
                for row in rows:
                    if row in (PUT_BY, GIVEN_OUT):
                        time.sleep(1 + 60 * MINUTES - time.time() % (60 * MINUTES))
                    lines += _tried(row.format(site=site, between=between), folder, site)
                    put(lines)
            between = datetime.now().astimezone().isoformat(timespec="seconds")
            time.sleep(1)  # what is stored later is of another second
        server.shutdown()


def _imports(folder: Path, put: Callable[[Sequence[str]], None]) -> None:
    """What other programs watch, each with every setting of its manual."""
    write_urlwatch(folder)
    write_backup(folder)
    lines = [
        "## Watches of other programs, with every kind of setting (`tools/tried_imports.py`)",
        "",
        *_tried("watch import urls.yaml", folder),
        *_tried("watch import backup.zip", folder),
        *_tried("watch list", folder),
    ]
    put(lines)


def _sizes(folder: Path, put: Callable[[Sequence[str]], None]) -> None:
    """A GPT of one's own: its five sizes, and what it writes untrained."""
    lines = ["## A GPT of one's own by its five sizes, and what it writes untrained", ""]
    lines += _tried(f"model new own {SEEDS} --seed 7", folder)
    lines += _tried(f'python -c "{WRITES}"', folder)
    lines += _tried("model new other --vocab-size 300 --num-heads 7", folder)
    put(lines)


def _tune(folder: Path, put: Callable[[Sequence[str]], None]) -> None:
    """The reader trained on two passages, stopped, gone on with, and read with."""
    (folder / "mine.json").write_text(json.dumps(SQUAD), "utf-8")
    (folder / "page.html").write_text(SHOP.format(price="12 euros"), "utf-8")
    lines = ["## The reader trained on data of one's own: stopped, gone on with, read with", ""]
    for row in (
        "model tune mine.json --out run --steps 1",
        "model tune mine.json --out run",
        "model fetch --adapter run/adapter.safetensors",
        f"ask {ASKED} page.html",
    ):
        lines += _tried(row, folder)
        put(lines)


def _tests(heading: str, *files: str) -> Callable[[Path, Callable[[Sequence[str]], None]], None]:
    """A part that is tests by name."""

    def part(folder: Path, put: Callable[[Sequence[str]], None]) -> None:
        told = _tried(f"python -m pytest -q -rA --no-header {' '.join(files)}", folder, cwd=ROOT)
        kept = [line for line in told if not line.startswith(("=", ".", "\x1b"))]
        put([f"## {heading}", "", *kept])

    return part


PARTS: dict[str, Callable[[Path, Callable[[Sequence[str]], None]], None]] = {
    "pages": _pages,
    "imports": _imports,
    "sizes": _sizes,
    "tune": _tune,
    "links": _tests("Links to quotes, opened in Chromium", "tests/agent/test_links.py"),
    "places": _tests(
        "Folders and names by the rules of Windows and macOS",
        "tests/test_places.py",
        "tests/web/test_find_chromium.py",
    ),
}


def _tried(command: str, folder: Path, site: str = "", *, cwd: Path | None = None) -> list[str]:
    environment = {
        **os.environ,
        "BROWSEAGENT_HOME": str(folder / "home"),
        "COLUMNS": "110",
        "PYTHONPATH": str(ROOT),
    }
    program, *words = shlex.split(command)
    is_ours = program != "python"
    run = subprocess.run(
        [sys.executable, *(["-m", "browseagent", program] if is_ours else []), *words],
        cwd=cwd or folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    printed = (run.stdout + run.stderr).replace(str(folder), "~").strip("\n")
    told = [
        f"$ {'browseagent ' if is_ours else ''}{command}",
        *printed.splitlines(),
        *([f"(exit status {run.returncode})"] * (run.returncode != 0)),
    ]
    text = undated("\n".join(told))
    text = text.replace(site, "http://127.0.0.1:8000") if site else text
    shown = re.sub(r"[ \t]+$", "", text, flags=re.M)
    return ["```text", *shown.split("\n"), "```", ""]


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None: ...


if __name__ == "__main__":
    sys.exit(main())
