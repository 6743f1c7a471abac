"""How well the loop finds what is not on the named page: every question of ``fixtures/browse.json``.

    python bench/browse.py [--held] [--max-pages N] [--kind KIND] [--verbose]

The real engine over the fixture sites on 127.0.0.1: the web room by HTTP (no page of these sites needs
scripts for its text), robots.txt and its delay, a page store, the embedded model. Prints what was found
within the budget, what was answered wrongly from a wrong page, and pages read over the shortest path
(both with the named page). The questions are ours; promise and threshold were chosen on them, and not on
those of ``fixtures/browse-held.json``, which ``--held`` asks.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from browseagent import Agent
from browseagent.agent.events import Event
from browseagent.config import default_settings
from browseagent.model.port import LanguageModel
from browseagent.records import Answer
from browseagent.store.pages import SqlPageStore
from browseagent.web.fetch import Web
from fixtures.server import FixtureServer

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
PAGES = 8


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one question."""

    asked: dict[str, Any]
    answer: Answer
    seconds: float

    @property
    def pages(self) -> int:
        """Pages that were read, or tried."""
        return len(self.answer.pages)

    @property
    def place(self) -> str:
        """Path of the page that the answer stands on."""
        return urlsplit(self.answer.quotes[0].url).path if self.answer.quotes else ""

    @property
    def is_right(self) -> bool:
        """Whether the expected words were given, from the expected page; or rightly none."""
        if self.asked["page"] is None:
            return self.answer.status == "not_found"
        words = " ".join([self.answer.text, *(quote.text for quote in self.answer.quotes[:1])])
        return self.is_there and self.asked["says"] in words

    @property
    def is_there(self) -> bool:
        """Whether something was answered from a page that holds the answer."""
        return self.answer.status == "answered" and self.place in (
            self.asked["page"],
            *self.asked.get("also", ()),
        )

    @property
    def is_wrong_elsewhere(self) -> bool:
        """Whether something was answered from another page than the one that holds the answer."""
        return self.answer.status == "answered" and not self.is_there


async def ask_all(
    asked: Sequence[dict[str, Any]], pages: int, model: LanguageModel | None = None, verbose: bool = False
) -> list[Result]:
    """Every question with up to so many pages, in one process, the pages kept between questions."""

    def tell(event: Event) -> None:
        if verbose and event.step in ("follow", "said", "stop", "survey", "rank"):
            print(f"      {event.step}: {event.message}", flush=True)

    results = []
    with FixtureServer() as server, tempfile.TemporaryDirectory() as folder:
        store = SqlPageStore(Path(folder) / "pages.sqlite", max_bytes=1_000_000_000)
        settings = replace(default_settings(), via="http", max_pages=pages)
        async with (
            Web(delay=0.0) as web,
            Agent(settings=settings, fetcher=web, store=store, language_model=model, on_event=tell) as agent,
        ):
            for each in asked:
                began = time.perf_counter()
                answer = await agent.ask(each["question"], server.url(each["start"]))
                results.append(Result(each, answer, time.perf_counter() - began))
                print(line(results[-1]), flush=True)
        store.close()
    return results


def line(result: Result) -> str:
    """One question for a person."""
    mark = "ok   " if result.is_right else "WRONG" if result.is_wrong_elsewhere else "miss "
    told = f"{result.answer.status} {result.answer.confidence:.2f} {result.answer.text!r} {result.place}"
    pages = f"{result.pages}/{result.asked['pages'] or '-'}"
    asked = f"{result.asked['kind']}: {result.asked['question']}"
    return f"{mark} {pages} {asked} | {told} | {result.answer.stopped}"


def figures(results: Sequence[Result]) -> dict[str, Any]:
    """The measures that are wanted, over all questions and by kind."""
    on_a_page = [result for result in results if result.asked["page"] is not None]
    nowhere = [result for result in results if result.asked["page"] is None]
    found = [result for result in on_a_page if result.is_right]
    kinds = dict.fromkeys(result.asked["kind"] for result in results)
    by_kind = {kind: [result for result in results if result.asked["kind"] == kind] for kind in kinds}
    return {
        "questions": len(results),
        "found": round(len(found) / max(1, len(on_a_page)), 3),
        "rightly_none": round(sum(result.is_right for result in nowhere) / max(1, len(nowhere)), 3),
        "wrong_from_wrong_page": sum(result.is_wrong_elsewhere for result in results),
        "median_pages_over_shortest": statistics.median(
            [result.pages / result.asked["pages"] for result in found] or [0.0]
        ),
        "median_pages": statistics.median([result.pages for result in on_a_page] or [0]),
        "median_seconds": round(statistics.median([result.seconds for result in results]), 2),
        "by_kind": {
            kind: f"{sum(r.is_right for r in them)} of {len(them)}" for kind, them in by_kind.items()
        },
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--held", action="store_true", help="the questions that nothing was chosen on")
    parser.add_argument("--max-pages", type=int, default=PAGES)
    parser.add_argument("--kind", help="only the questions of this kind")
    parser.add_argument("--verbose", action="store_true", help="each link that is followed, and why")
    given = parser.parse_args()
    asked = json.loads((FIXTURES / ("browse-held.json" if given.held else "browse.json")).read_text("utf-8"))
    chosen = [each for each in asked if given.kind in (None, each["kind"])]
    results = asyncio.run(ask_all(chosen, given.max_pages, verbose=given.verbose))
    print(json.dumps(figures(results)))


if __name__ == "__main__":
    main()
