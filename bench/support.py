"""How well the check of written sentences tells carried ones from others.

    python bench/support.py [--set fitted|held|unseen|looked|second] [--show]

The cases (``tests/answer/support_cases.json``) are ours, each judged by hand. Those of the set ``fitted``
were looked at while the first check was written and its shares of words chosen, ``held`` were not until it
was written anew; ``unseen`` were written before their author had read any rule, and what is judged wrongly
among them was never printed; ``looked`` were measured once and then looked at, ``second`` written last and
measured once. Prints, for a measured model and for one that was not, the share of unsupported sentences that
are let through and of supported ones that are dropped.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from browseagent.answer.binding import Support
from browseagent.answer.support import FREE, STRICT, check

CASES = Path(__file__).resolve().parent.parent / "tests" / "answer" / "support_cases.json"


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence, what it is said to rest on, and whether it does."""

    number: int
    kind: str
    sentence: str
    support: Support
    question: str
    supported: bool


def cases(chosen: str = "") -> list[Case]:
    """All cases, or those of one set."""
    return [
        Case(
            number,
            each["kind"],
            each["sentence"],
            Support(tuple(each["quoted"]), each["around"], tuple(each["rivals"])),
            each["question"],
            each["supported"],
        )
        for number, each in enumerate(json.loads(CASES.read_text("utf-8")))
        if chosen in ("", each["set"])
    ]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--set", choices=["fitted", "held", "unseen", "looked", "second"], default="")
    parser.add_argument("--show", action="store_true", help="print each case that is judged wrongly")
    given = parser.parse_args()
    chosen = cases(given.set)
    for name, share in (("measured", FREE), ("unmeasured", STRICT)):
        wrong: Counter[bool] = Counter()
        for case in chosen:
            verdict = check(case.sentence, case.support, share=share, question=case.question)
            if verdict.supported != case.supported:
                wrong[case.supported] += 1
                if given.show:
                    told = "; ".join(verdict.failures) or "let through"
                    print(f"  {name} {case.number} {case.kind}: {case.sentence} | {told}")
        yes = sum(case.supported for case in chosen)
        figures = {
            "model": name,
            "cases": len(chosen),
            "unsupported_let_through": round(wrong[False] / max(1, len(chosen) - yes), 3),
            "supported_dropped": round(wrong[True] / max(1, yes), 3),
        }
        print(json.dumps(figures))


if __name__ == "__main__":
    main()
