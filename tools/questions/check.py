"""Checks questions that writers wrote, and says their shares.

    python -m tools.questions.check [--pages ../shared/data/wcxb] FILE.jsonl | FOLDER …

A file is named after its page (``0021.jsonl``), a question a line. Exit status 1 where a line is wrong,
with ``file:line: what is wrong``; notes (``note:``) are to be looked at, and do no harm. Shares are judged
over all files given, once they hold a hundred questions.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from tools.questions.locate import Located, located
from tools.questions.pages import PAGES
from tools.questions.records import SHARES, TIERS, Wrong, written
from tools.questions.spans import Searched
from tools.questions.visible import frozen_text
from tools.questions.wording import copied, is_lower, is_marked, overlap, words

ENOUGH = 100
"""Questions from which on shares are judged."""
PLAIN = (35, 75)
"""Percent of questions in lower case, and of those without a question mark."""
KIND_SLACK = 5
"""Percentage points that a kind's share may lie off its aim."""
SECOND_LEAST = 12
"""Percent of questions on the second tier, at least."""
OVERLAP_HIGH = 0.8


@dataclass(slots=True)
class Report:
    """What was found in some files."""

    questions: list[Located] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    overlaps: list[float] = field(default_factory=list)


@lru_cache(maxsize=512)
def searched(pages: Path, page: str) -> Searched:
    """A page's frozen text, ready to find words in."""
    return Searched(frozen_text(pages, page))


def check_lines(page: str, lines: Iterable[str], text: Searched, name: str) -> Report:
    """Checks the questions on one page; ``name`` is what messages call the file."""
    report = Report()
    seen: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        where = f"{name}:{number}"
        try:
            found = located(written(page, number, line), text)
        except Wrong as wrong:
            report.errors.append(f"{where}: {wrong}")
            continue
        question = found.written.question
        key = " ".join(words(question))
        if key in seen:
            report.errors.append(f"{where}: asked in line {seen[key]} already")
            continue
        seen[key] = number
        report.questions.append(found)
        _judge_wording(found, text, where, report)
    return report


def _judge_wording(found: Located, text: Searched, where: str, report: Report) -> None:
    question = found.written.question
    if not found.evidence:
        return
    sentences = [text.sentence(span) for span in found.evidence[:4]]
    run = next(filter(None, (copied(question, sentence) for sentence in sentences)), "")
    if run:
        report.errors.append(f"{where}: copies the page's words {run!r}: ask it in other words")
    share = max(overlap(question, sentence) for sentence in sentences)
    report.overlaps.append(share)
    if share >= OVERLAP_HIGH and len(words(question)) > 4:
        report.notes.append(f"{where}: note: nearly all its words stand beside the answer: {question!r}")
    answered = " ".join(words(" ".join(found.written.answers)))
    if found.written.kind != "yesno" and answered and f" {answered} " in f" {' '.join(words(question))} ":
        report.errors.append(f"{where}: the question holds its own answer {answered!r}")


def shares(report: Report) -> dict[str, float]:
    """Percentages of kinds, tiers and wording, and the mean overlap of words."""
    total = max(1, len(report.questions))
    kinds = Counter(each.written.kind for each in report.questions)
    tiers = Counter(each.written.tier for each in report.questions)
    nothing = [each for each in report.questions if each.written.kind == "none"]
    figures = {f"kind {kind}": 100 * kinds[kind] / total for kind in SHARES}
    figures |= {f"tier {tier}": 100 * tiers[tier] / total for tier in TIERS}
    figures["tempting, of none"] = 100 * sum(bool(each.tempting) for each in nothing) / max(1, len(nothing))
    decided = [each.written.answers for each in report.questions if each.written.kind == "yesno"]
    figures["yes, of yesno"] = 100 * sum(answers == ("yes",) for answers in decided) / max(1, len(decided))
    figures["lower case"] = 100 * sum(is_lower(each.written.question) for each in report.questions) / total
    bare = sum(not is_marked(each.written.question) for each in report.questions)
    figures["no question mark"] = 100 * bare / total
    figures["words beside the answer"] = 100 * sum(report.overlaps) / max(1, len(report.overlaps))
    return figures


def judge_shares(report: Report) -> list[str]:
    """What is wrong with the shares of a hundred questions or more."""
    if len(report.questions) < ENOUGH:
        return []
    figures = shares(report)
    wrong = [
        f"{name}: {figures[name]:.0f} % of questions; {PLAIN[0]} to {PLAIN[1]} are wanted"
        for name in ("lower case", "no question mark")
        if not PLAIN[0] <= figures[name] <= PLAIN[1]
    ]
    for kind, aim in SHARES.items():
        if abs(figures[f"kind {kind}"] - aim) > KIND_SLACK:
            wrong.append(f"kind {kind}: {figures[f'kind {kind}']:.0f} % of questions; about {aim} are wanted")
    if figures["tier second"] < SECOND_LEAST:
        wrong.append(f"second tier: {figures['tier second']:.0f} %; at least {SECOND_LEAST} are wanted")
    for name in ("tempting, of none", "yes, of yesno"):
        if not 35 <= figures[name] <= 65:
            wrong.append(f"{name}: {figures[name]:.0f} %; about half is wanted")
    starts = Counter(" ".join(words(each.written.question)[:3]) for each in report.questions)
    opening, often = starts.most_common(1)[0]
    if often > len(report.questions) * 0.08:
        wrong.append(f"{often} questions begin with {opening!r}: vary")
    return wrong


def merged(reports: Sequence[Report]) -> Report:
    """Several files' reports as one."""
    return Report(
        [each for report in reports for each in report.questions],
        [each for report in reports for each in report.errors],
        [each for report in reports for each in report.notes],
        [each for report in reports for each in report.overlaps],
    )


def files_of(paths: Iterable[Path]) -> list[Path]:
    """The files named, and those in the folders named."""
    found: list[Path] = []
    for path in paths:
        found += sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    return found


def check_files(paths: Iterable[Path], pages: Path) -> list[tuple[Path, Report]]:
    """Checks files of questions, each named after its page."""
    reports = []
    for path in files_of(paths):
        page = path.stem
        try:
            text = searched(pages, page)
        except FileNotFoundError:
            reports.append((path, Report(errors=[f"{path}: no page {page} in {pages}"])))
            continue
        lines = path.read_text("utf-8").splitlines()
        reports.append((path, check_lines(page, lines, text, path.name)))
    return reports


def _line(name: str, report: Report) -> str:
    kinds = Counter(each.written.kind for each in report.questions)
    tiers = Counter(each.written.tier for each in report.questions)
    counted = " ".join(f"{kind} {kinds[kind]}" for kind in SHARES)
    return f"{name}: {len(report.questions)} ({counted}; {' '.join(f'{t} {tiers[t]}' for t in TIERS)})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--pages", type=Path, default=PAGES, help="the data set's folder (%(default)s)")
    parser.add_argument("--brief", action="store_true", help="the sum only, no line a file, no notes")
    given = parser.parse_args()
    reports = check_files(given.files, given.pages)
    total = merged([report for _, report in reports])
    if not given.brief:
        print("\n".join(_line(path.name, report) for path, report in reports))
        print("\n".join(total.notes))
    wrong = total.errors + judge_shares(total)
    print(f"{len(total.questions)} questions on {len(reports)} pages")
    print("; ".join(f"{name} {share:.0f} %" for name, share in shares(total).items()))
    for error in wrong:
        print(error)
    print(f"{len(wrong)} errors" if wrong else "all right")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
