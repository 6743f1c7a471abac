"""Packs checked questions into what is committed: offsets and short answers, no sentence of a page.

    python -m tools.questions.pack tools/questions/data/train.jsonl FOLDER … [--agreed FILE.ids …]
    python -m tools.questions.pack --verify tools/questions/data/train.jsonl

One object a page: ``page``, the ``sha256`` of its frozen text, and ``questions``, each with ``kind``,
``tier``, ``q`` and what its kind has: ``answers`` [[words, start, end], …] (every place; of a list its
items in order), ``answer`` yes or no with ``evidence`` [[start, end], …], ``steps`` [[start, end], …],
``row`` [start, end], ``tempting`` [[words, start, end], …]. A name ending in .gz is compressed.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from tools.questions.check import check_files, searched
from tools.questions.locate import Located
from tools.questions.pages import PAGES
from tools.questions.records import MOST_WORDS
from tools.questions.spans import Span
from tools.questions.visible import LXML, digest
from tools.questions.wording import words


def packed(page: str, text: str, questions: Sequence[Located]) -> dict[str, Any]:
    """A page's object."""
    return {"page": page, "sha256": digest(text), "questions": [_question(each, text) for each in questions]}


def _question(question: Located, text: str) -> dict[str, Any]:
    written = question.written

    def worded(spans: Iterable[Span]) -> list[list[Any]]:
        return [[text[span.start : span.end], span.start, span.end] for span in spans]

    def bare(spans: Iterable[Span]) -> list[list[int]]:
        return [[span.start, span.end] for span in spans]

    row: dict[str, Any] = {"kind": written.kind, "tier": written.tier, "q": written.question}
    if written.kind == "yesno":
        row |= {"answer": written.answers[0], "evidence": bare(question.sentence)}
    elif written.kind == "how":
        row["steps"] = bare(question.steps)
    elif written.kind == "none":
        row["tempting"] = worded(question.tempting) or None
    else:
        row["answers"] = worded(question.answers)
    if question.row:
        row["row"] = bare([question.row])[0]
    return row


def is_short(row: dict[str, Any]) -> bool:
    """Whether all words of a question's answers may be committed: what stands between two marks of a page can
    be longer than what the writer wrote."""
    worded = [*row.get("answers", ()), *(row.get("tempting") or ())]
    return all(len(said.split()) <= MOST_WORDS for said, _, _ in worded)


def faults(row: dict[str, Any], text: str) -> Iterator[str]:
    """What is wrong with a page's object, beside its text."""
    page = row["page"]
    if digest(text) != row["sha256"]:
        yield f"{page}: another text than the offsets were counted in (libxml2 here: {LXML})"
        return
    for number, question in enumerate(row["questions"], start=1):
        for said, start, end in [*question.get("answers", ()), *(question.get("tempting") or ())]:
            if text[start:end] != said:
                yield f"{page}, question {number}: {text[start:end]!r} stands where {said!r} should"
            if len(said.split()) > MOST_WORDS:
                yield f"{page}, question {number}: {said!r} is too long to be committed"
        spans = [*question.get("evidence", ()), *question.get("steps", ())]
        spans += [question["row"]] if "row" in question else []
        if not all(0 <= start < end <= len(text) for start, end in spans):
            yield f"{page}, question {number}: a span lies outside the text"


DATA = Path(__file__).parent / "data"
LEARNT = tuple(DATA / name for name in ("train.jsonl", "further.jsonl", "fourth.jsonl"))
"""What is learnt from: the first set of questions, and those that were written on the same pages later."""
WIKIPAGES, POLICIES = DATA / "wikipages.jsonl", DATA / "policies.jsonl"
"""Questions on other pages, which are only learnt from: of ``wikipages`` and of ``changes``."""
MADE, MANUALS = DATA / "made.jsonl", DATA / "manuals.jsonl"
"""The same on pages that we wrote ourselves (``data/made``), and on manuals of Debian's packages."""
SITES = DATA / "sites.jsonl"
"""The same on pages of the web that packages carry (``data/sites``)."""
SITES_KEPT = DATA / "sites-kept.jsonl"
"""The same, of other sites: these are kept from training."""


def read_packed(path: Path) -> list[dict[str, Any]]:
    """The pages' objects of a packed file."""
    body = path.read_bytes()
    lines = (gzip.decompress(body) if path.suffix == ".gz" else body).decode("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def merged(paths: Iterable[Path]) -> list[dict[str, Any]]:
    """The pages' objects of several packed files, those of one page put together; of questions in the same
    words the first."""
    found: dict[str, dict[str, Any]] = {}
    for row in (row for path in paths for row in read_packed(path)):
        page = found.setdefault(row["page"], {**row, "questions": []})
        asked = {" ".join(words(each["q"])) for each in page["questions"]}
        page["questions"] += [each for each in row["questions"] if " ".join(words(each["q"])) not in asked]
    return list(found.values())


def write_packed(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    """Writes the same bytes for the same rows."""
    dumped = (json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in rows)
    body = "".join(dumped).encode("utf-8")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(body, mtime=0) if path.suffix == ".gz" else body)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--pages", type=Path, default=PAGES)
    parser.add_argument("--agreed", nargs="*", type=Path, help="keep only questions whose ids stand here")
    parser.add_argument("--verify", action="store_true", help="check the packed file against the pages")
    given = parser.parse_args()
    if given.verify:
        rows = read_packed(given.data)
        wrong = [fault for row in rows for fault in faults(row, searched(given.pages, row["page"]).text)]
        print("\n".join(wrong) or f"{sum(len(row['questions']) for row in rows)} questions, all right")
        sys.exit(1 if wrong else 0)
    keep = None if given.agreed is None else {i for path in given.agreed for i in path.read_text().split()}
    rows, dropped = [], 0
    for path, report in sorted(check_files(given.files, given.pages), key=lambda each: each[0].stem):
        text = searched(given.pages, path.stem).text
        kept = [
            each
            for each in report.questions
            if (keep is None or each.written.id in keep) and is_short(_question(each, text))
        ]
        dropped += len(report.questions) - len(kept) + len(report.errors)
        if kept:
            rows.append(packed(path.stem, text, kept))
    write_packed(given.data, rows)
    print(f"{sum(len(row['questions']) for row in rows)} questions on {len(rows)} pages; {dropped} dropped")


if __name__ == "__main__":
    main()
