"""How often a follow-up question is completed to what it means.

    python bench/followup.py [--show SET]

The pairs (``tests/answer/followup_pairs.json``) are ours: a question, its answer, what is typed then, and
the whole questions that it may mean. Prints for each set the share completed word for word, and the share
that can be searched with: every word that is needed is there and none that leads elsewhere; a new question
is left as it was typed. The set ``unseen`` was written before its author had read any rule, ``second``
later; neither is fitted on, nor was it looked at which of their pairs are wrong.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import Any

from browseagent.answer.earlier import Turn
from browseagent.answer.followup import complete

PAIRS = Path(__file__).resolve().parent.parent / "tests" / "answer" / "followup_pairs.json"


def usable(pair: dict[str, Any], made: str) -> bool:
    """Whether the right passage can be found with ``made``."""
    if "needs" not in pair:
        return made in pair["full"]
    words = set(re.findall(r"[\w'’.-]+\w|\w", made.casefold()))
    return all(words & set(need.split("|")) for need in pair["needs"]) and not words & set(
        pair.get("bars", [])
    )


def plain(text: str) -> str:
    """Without capitals and the mark at the end."""
    return text.casefold().rstrip("?").strip()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--show", default="", metavar="SET", help="print each pair of a set that is wrong")
    given = parser.parse_args()
    pairs = json.loads(PAIRS.read_text("utf-8"))
    for name in dict.fromkeys(pair["set"] for pair in pairs):
        for kind in ("leans", "new"):
            chosen = [
                pair
                for pair in pairs
                if pair["set"] == name and (pair["then"] in pair["full"]) == (kind == "new")
            ]
            made = [complete(pair["then"], [Turn(pair["first"], pair["answer"])]) for pair in chosen]
            exact = [plain(one) in map(plain, pair["full"]) for one, pair in zip(made, chosen, strict=True)]
            found = [right or usable(pair, one) for right, one, pair in zip(exact, made, chosen, strict=True)]
            if chosen:
                figures = {"set": name, "kind": kind, "pairs": len(chosen)}
                print(json.dumps(figures | {"exact": sum(exact), "usable": sum(found)}))
            for right, one, pair in zip(found, made, chosen, strict=True):
                if name == given.show and not right:
                    print(f"  {pair['first']} / {pair['answer']} / {pair['then']} → {one}")


if __name__ == "__main__":
    main()
