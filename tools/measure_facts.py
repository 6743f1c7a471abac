"""How often a value that a page's own structure gives is right: no model is asked.

    python -m tools.measure_facts [--pages ../shared/data/wcxb] [-n 150]

The committed questions on real pages that ask for money, a number or a date are filled as ``ask --type``
does, with a reader that never answers. A value is right where it is that of a written answer; one for a
question that the page does not answer is wrong. Printed by the score of the match.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from datetime import date
from pathlib import Path

from browseagent.answer.question import Kind, Question
from browseagent.answer.typed.convert import Locale, typed_value
from browseagent.answer.typed.facts import facts_of
from browseagent.answer.typed.match import fact_for
from browseagent.answer.typed.records import ValueKind
from browseagent.answer.typed.schema import leaf_of
from tools.fit_kinds import form
from tools.questions.pack import LEARNT, merged
from tools.questions.pages import PAGES, document

TODAY = date(2026, 1, 15)
TYPES = {Kind.MONEY: ValueKind.MONEY, Kind.NUMBER: ValueKind.NUMBER, Kind.MEASURE: ValueKind.NUMBER,
         Kind.DURATION: ValueKind.NUMBER, Kind.DATE: ValueKind.DATE}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description="How often a value that a page's structure gives is right.")
    parser.add_argument("--pages", type=Path, default=PAGES)
    parser.add_argument("-n", type=int, default=150, help="how many pages")
    args = parser.parse_args()
    found: dict[float, list[bool]] = defaultdict(list)
    asked = 0
    for page in merged(LEARNT)[: args.n]:
        read = document(page["page"], "https://example.org/", args.pages)
        locale = Locale(read.language, TODAY)
        for each in page["questions"]:
            golds = [gold for gold, _, _ in each.get("answers") or ()]
            question = Question.of(each["q"])
            kind = form(golds[0]) if golds else question.kind
            if each["kind"] not in ("value", "fact", "none", "best") or kind not in TYPES:
                continue
            asked += 1
            leaf = leaf_of(TYPES[kind], (), question)
            sheet = facts_of(read)
            column = fact_for(leaf, sheet, locale)
            spot = sheet.rows[0][column[0]] if column is not None else None
            if column is None or spot is None:
                continue
            value = typed_value(leaf, sheet.words(spot), locale)
            right = {str(typed_value(leaf, gold, locale)) for gold in golds}
            found[round(column[1], 1)].append(str(value) in right)
            print(
                each["kind"], str(value) in right, round(column[1], 2), each["q"], "|", value, "|", golds[:2]
            )
    for score, rights in sorted(found.items()):
        print(score, len(rights), round(sum(rights) / len(rights), 3))
    every = [right for rights in found.values() for right in rights]
    print(f"{asked} asked, {len(every)} given, {sum(every)} right")


if __name__ == "__main__":
    main()
