"""Rows of the manual that no other test shows from end to end, tried by hand's order: `docs/tried.md`.

    python tools/tried.py    # runs each against pages of this machine that change, and writes what came

Each row is what a person would type. What a page becomes between two commands is said in a heading; the ages
of pages are those of a quick run. It takes ten minutes and more, most of it waiting for the digest.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from browseagent.config import default_home  # noqa: E402
from tools.told import undated  # noqa: E402

LIMIT = 600
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


def main() -> int:
    lines = [
        "# Tried",
        "",
        "What browseagent prints, command by command, of a JSON file, a feed, a PDF and a page that change.",
        "Made by `python tools/tried.py`, which serves these pages and runs each command as it stands here; "
        "the ages of pages are those of a quick run.",
        "",
    ]
    with tempfile.TemporaryDirectory() as place:
        folder, site_folder = Path(place), Path(place, "site")
        site_folder.mkdir()
        (folder / "home").mkdir()
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
                        (ROOT / "docs" / "tried.md").write_text("\n".join(lines), "utf-8")
                between = datetime.now().astimezone().isoformat(timespec="seconds")
                time.sleep(1)  # what is stored later is of another second
            server.shutdown()
    return 0


def _tried(command: str, folder: Path, site: str) -> list[str]:
    environment = {
        **os.environ,
        "BROWSEAGENT_HOME": str(folder / "home"),
        "COLUMNS": "110",
        "PYTHONPATH": str(ROOT),
    }
    run = subprocess.run(
        [sys.executable, "-m", "browseagent", *shlex.split(command)],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    printed = (run.stdout + run.stderr).replace(str(folder), "~").strip("\n")
    told = [
        f"$ browseagent {command}",
        *printed.splitlines(),
        *([f"(exit status {run.returncode})"] * (run.returncode != 0)),
    ]
    text = undated("\n".join(told)).replace(site, "http://127.0.0.1:8000")
    shown = re.sub(r"[ \t]+$", "", text, flags=re.M)
    return ["```text", shown, "```", ""]


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None: ...


if __name__ == "__main__":
    sys.exit(main())
