"""The pages that editors chose summaries of, and their choices.

    python -m tools.summaries.pages ../shared/data/wcxb show 0 10
    python -m tools.summaries.pages ../shared/data/wcxb record FILE

No page is among those that ``tools/questions/split.json`` sets aside. A third of the sites is held out.
"""

from __future__ import annotations

import hashlib
import json
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from browseagent.answer.passages import Unit, units
from browseagent.records import Document
from tools.questions.pages import document, rows
from tools.questions.split import site_of

CHOICES = Path(__file__).with_name("choices.jsonl")
SEED = 7
OPENING, MOST = 17, 26
"""Units that an editor saw: the first of a page, then the openings of its later sections."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A page, and the spans of its text that an editor took."""

    page: str
    kind: str
    document: Document
    spans: frozenset[tuple[int, int]]
    held_out: bool


def order(data: Path) -> list[tuple[str, str, str]]:
    """(page, kind, address) of all pages that may be chosen from, the kinds in turn."""
    aside = set(json.loads(Path("tools/questions/split.json").read_text("utf-8"))["aside"])
    kept = [row for row in rows(data) if row["id"] not in aside]
    random.Random(SEED).shuffle(kept)
    turns: dict[str, int] = {}
    placed = []
    for row in kept:
        turns[row["page_type"]] = turns.get(row["page_type"], -1) + 1
        placed.append((turns[row["page_type"]], row["page_type"], row["id"], row["url"]))
    return [(page, kind, url) for _, kind, page, url in sorted(placed, key=lambda each: each[:2])]


def shown(every: Sequence[Unit]) -> list[int]:
    """The numbers of the units that an editor saw."""
    kept = set(range(min(OPENING, len(every))))
    for depth in range(3):
        run = 0
        for number, unit in enumerate(every):
            run = run + 1 if number and unit.section == every[number - 1].section else 0
            if run == depth and len(kept) < MOST:
                kept.add(number)
    return sorted(kept | set(range(min(MOST - len(kept), len(every)))))


def is_held_out(url: str) -> bool:
    """Whether a page's site is held out."""
    return int(hashlib.sha256(site_of(url).encode()).hexdigest(), 16) % 3 == 0


def digest(document: Document) -> str:
    """What a document's text is known by."""
    return hashlib.sha256(document.text.encode("utf-8", "surrogatepass")).hexdigest()


def chosen(data: Path) -> Iterator[Chosen]:
    """Every page whose text is still the one that was chosen from."""
    addresses = {page: url for page, _, url in order(data)}
    for row in map(json.loads, CHOICES.read_text("utf-8").splitlines()):
        read = document(row["page"], addresses[row["page"]], data)
        if digest(read) == row["sha256"]:
            spans = frozenset((start, end) for start, end in row["spans"])
            yield Chosen(row["page"], row["kind"], read, spans, is_held_out(read.url))


def record(data: Path, lines: Sequence[str]) -> None:
    """Writes the choices given as ``PAGE: NUMBER …``."""
    placed = {page: (kind, url) for page, kind, url in order(data)}
    chosen_now = []
    for line in lines:
        page, _, numbers = line.partition(":")
        kind, url = placed[page.strip()]
        read = document(page.strip(), url, data)
        every = units(read)
        spans = [[every[int(n)].passage.start, every[int(n)].passage.end] for n in numbers.split()]
        chosen_now.append({"page": page.strip(), "kind": kind, "sha256": digest(read), "spans": spans})
    CHOICES.write_text("".join(json.dumps(row) + "\n" for row in chosen_now), "utf-8")


def show(data: Path, first: int, last: int) -> None:
    """Prints pages for an editor."""
    for page, kind, url in order(data)[first:last]:
        read = document(page, url, data)
        every = units(read)
        print(f"=== {page} {kind} | {read.title} | {url}")
        for number in shown(every):
            section = every[number].section
            if section and (not number or every[number - 1].section != section):
                print("#", section[-1])
            print(number, every[number].block.kind.value[0], " ".join(every[number].reading.split()))


def main() -> None:
    """Shows pages, or records choices."""
    data, verb, *rest = sys.argv[1:]
    if verb == "show":
        show(Path(data), int(rest[0]), int(rest[1]))
    else:
        record(Path(data), Path(rest[0]).read_text("utf-8").splitlines())


if __name__ == "__main__":
    main()
