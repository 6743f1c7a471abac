"""Pairs of page versions through a watch: is a change found where there is one, and none where there is none?

    python bench/changes.py FOLDER     # as ../shared/data/changes: pairs.jsonl and the gzipped pages it names

Each pair is a watch of its own that is checked twice, through the database and all. The figures are to be
those of comparing the two documents directly. The last line printed is one JSON object.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import sys
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from browseagent import compare, extract
from browseagent.store.pages import SqlPageStore
from browseagent.watch.records import State
from tests.watch.world import Bench, Clock


async def by_watch(bench: Bench, name: str, url: str, bodies: list[bytes]) -> State:
    """The state of the second of two checks."""
    bench.add(name, url=url)
    state = State.FAILED
    for body in bodies:
        bench.web.pages[url] = replace(bench.web.page("", url), body=body)
        state = (await bench.check(name)).state
    return state


async def measure(folder: Path, rows: list[dict[str, Any]], home: Path) -> dict[str, float]:
    found: Counter[tuple[int, bool]] = Counter()
    differing, states = 0, Counter[str]()
    clock = Clock()
    with SqlPageStore(home / "pages.sqlite", clock=clock) as pages:
        bench = Bench(pages, clock)
        for number, row in enumerate(rows):
            bodies = [gzip.decompress((folder / row[side]).read_bytes()) for side in ("before", "after")]
            url = f"https://pair{number}.example/"
            state = await by_watch(bench, f"pair {number}", url, bodies)
            kind = "text/html; charset=utf-8"
            documents = [extract(body, url=url, content_type=kind) for body in bodies]
            differing += compare(documents[0], documents[1]).changed != (state is State.CHANGED)
            states[state.value] += 1
            found[row["label"], state is State.CHANGED] += 1
    return {
        "pairs": len(rows),
        "found": round(found[1, True] / max(1, found[1, True] + found[1, False]), 4),
        "false_alarms": round(found[0, True] / max(1, found[0, True] + found[0, False]), 4),
        "unlike_compare": differing,
        **states,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, nargs="?", default=Path("../shared/data/changes"))
    options = parser.parse_args()
    lines = (options.folder / "pairs.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if row["label"] == 0 or not row["link_or_format_only"]]
    with tempfile.TemporaryDirectory() as home:
        print(json.dumps(asyncio.run(measure(options.folder, rows, Path(home)))))


if __name__ == "__main__":
    main()
