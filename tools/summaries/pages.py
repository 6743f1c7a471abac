"""The pages that editors chose summaries of, and their choices.

    python -m tools.summaries.pages ../shared/data/wcxb show FOLDER
    python -m tools.summaries.pages ../shared/data/wcxb record FILE …

No page is among those that ``tools/questions/split.json`` sets aside. A third of the sites is held out.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from browseagent import extract
from browseagent.answer.pieces import Piece, pieces
from browseagent.records import Document
from tools.questions.split import site_of

CHOICES = Path(__file__).with_name("choices.jsonl")
SEED = 7
MOST_CHARS = 24_000
"""Of a page's pieces that an editor saw: all of four pages in five, the beginning of the others."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A page, and the spans of its text that an editor took."""

    page: str
    kind: str
    document: Document
    spans: frozenset[tuple[int, int]]
    seen: int
    """Where what the editor saw of the text ends."""
    held_out: bool


def order(data: Path) -> list[tuple[str, str, str]]:
    """(page, kind, address) of all pages that may be chosen from, the kinds in turn."""
    aside = set(json.loads(Path("tools/questions/split.json").read_text("utf-8"))["aside"])
    rows = [json.loads(line) for line in (data / "gold.jsonl").read_text("utf-8").splitlines()]
    rows = [row for row in rows if row["id"] not in aside]
    random.Random(SEED).shuffle(rows)
    turns: dict[str, int] = {}
    placed = []
    for row in rows:
        turns[row["page_type"]] = turns.get(row["page_type"], -1) + 1
        placed.append((turns[row["page_type"]], row["page_type"], row["id"], row["url"]))
    return [(page, kind, url) for _, kind, page, url in sorted(placed, key=lambda each: each[:2])]


def read(data: Path, page: str, url: str) -> Document:
    """The document of a page."""
    html = gzip.decompress((data / "html" / f"{page}.html.gz").read_bytes())
    return extract(html, url=url, content_type="text/html; charset=utf-8")


def shown(document: Document) -> Sequence[Piece]:
    """The pieces that an editor sees."""
    kept, chars = [], 0
    for piece in pieces(document):
        chars += len(piece.text)
        if chars > MOST_CHARS:
            break
        kept.append(piece)
    return kept


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
        document = read(data, row["page"], addresses[row["page"]])
        if digest(document) == row["sha256"]:
            spans = frozenset((start, end) for start, end in row["spans"])
            yield Chosen(row["page"], row["kind"], document, spans, row["seen"], is_held_out(document.url))


def record(data: Path, lines: Sequence[str]) -> None:
    """Writes the choices given as ``PAGE: NUMBER …``."""
    placed = {page: (kind, url) for page, kind, url in order(data)}
    rows = []
    for line in lines:
        page, _, numbers = line.partition(":")
        kind, url = placed[page.strip()]
        document = read(data, page.strip(), url)
        every = shown(document)
        spans = [list(every[int(number)].span) for number in numbers.split()]
        about = {"page": page.strip(), "kind": kind, "sha256": digest(document)}
        rows.append(about | {"spans": spans, "seen": every[-1].span[1] if every else 0})
    CHOICES.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


def show(data: Path, folder: Path) -> None:
    """Writes every page as an editor sees it, a file a page."""
    folder.mkdir(parents=True, exist_ok=True)
    for page, kind, url in order(data):
        document = read(data, page, url)
        lines = [f"=== {page} {kind} | {document.title} | {url}"]
        every = shown(document)
        for number, piece in enumerate(every):
            section = piece.units[0].section
            if section and (not number or every[number - 1].units[0].section != section):
                lines.append(f"# {section[-1]}")
            lines.append(f"{number} {' '.join(piece.text.split())}")
        (folder / f"{page}.txt").write_text("\n".join(lines) + "\n", "utf-8")


def main() -> None:
    """Shows pages, or records choices."""
    data, verb, *rest = sys.argv[1:]
    if verb == "show":
        show(Path(data), Path(rest[0]))
    else:
        record(Path(data), [line for path in rest for line in Path(path).read_text("utf-8").splitlines()])


if __name__ == "__main__":
    main()
