"""Makes the examples that the reader is trained on (`browseagent model tune`).

    python tools/reading_examples.py ../shared/data examples.jsonl [--half 0|1]

From SQuAD 2.0 (CC BY-SA 4.0), WikiTableQuestions on whole pages (CC BY-SA 4.0), tables of those
pages, and our own fixture pages. ``--half`` takes every other article and page, for figures on the
rest; our own pages are in both halves and in no figure.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from browseagent import extract
from browseagent.answer.training import page_examples, squad_examples, table_examples
from browseagent.model.examples import Example, write_examples
from browseagent.records import Document

SEED = 2026
TABLES_A_PAGE = 1
FIXTURES = Path(__file__).parent.parent / "fixtures" / "pages"


def half_of(number: int, half: int | None) -> bool:
    """Whether article or page ``number`` is in a half; everything is in the whole."""
    return half is None or number % 2 == half


def from_squad(data: Path, half: int | None) -> Iterator[Example]:
    path = next(iter(sorted((data / "squad2").glob("*.json"))))
    loaded = json.loads(path.read_text("utf-8"))
    loaded["data"] = [article for i, article in enumerate(loaded["data"]) if half_of(i, half)]
    yield from squad_examples(loaded, "SQuAD 2.0")


def pages_of(data: Path) -> list[tuple[str, list[dict[str, Any]]]]:
    """(page, its questions), sorted by page."""
    lines = (data / "wikipages" / "questions.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return [(page, [r for r in rows if r["page"] == page]) for page in sorted({r["page"] for r in rows})]


def wiki_document(data: Path, page: str, url: str) -> Document:
    body = gzip.decompress((data / "wikipages" / page).read_bytes())
    return extract(body, url=url or "https://example.org/", content_type="text/html; charset=utf-8")


def from_wikipages(data: Path, half: int | None) -> Iterator[Example]:
    for number, (page, rows) in enumerate(pages_of(data)):
        if half_of(number, half):
            document = wiki_document(data, page, rows[0]["url"])
            # A number is found in many places by chance; only an answer of letters tells where it is.
            asked = [
                (row["question"], row["answers"])
                for row in rows
                if len(row["answers"]) == 1 and sum(map(str.isalpha, row["answers"][0])) > 2
            ]
            yield from page_examples(document, asked, page, "WikiTableQuestions")
            made = partial(table_examples, most=TABLES_A_PAGE, seed=SEED)
            yield from made(document, page, "tables of Wikipedia")


def from_fixtures() -> Iterator[Example]:
    for folder in sorted(FIXTURES.iterdir()):
        about = json.loads((folder / "page.json").read_text("utf-8"))
        body = next(path for path in (folder / "dom.html", *sorted(folder.glob("body.*"))) if path.exists())
        kind = "application/pdf" if body.suffix == ".bin" else "text/html; charset=utf-8"
        document = extract(body.read_bytes(), url=about["url"], content_type=kind)
        asked = [
            (each["question"], each.get("answers", []))
            for each in json.loads((folder / "questions.json").read_text("utf-8"))
        ]
        yield from page_examples(document, asked, f"fixture {folder.name}", "our own pages")
        yield from table_examples(
            document, f"fixture {folder.name}", "tables of our own pages", most=TABLES_A_PAGE, seed=SEED
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--half", type=int, choices=[0, 1])
    args = parser.parse_args()
    made = [*from_squad(args.data, args.half), *from_wikipages(args.data, args.half), *from_fixtures()]
    write_examples(args.out, made)
    for source in sorted({example.source for example in made}):
        its = [example for example in made if example.source == source]
        kinds = Counter(asked.kind for example in its for asked in example.questions)
        print(f"{source}: {len(its)} passages, {dict(kinds)}")


if __name__ == "__main__":
    main()
