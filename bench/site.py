"""Questions on a stored site of 2,000 pages: is the right page among the first three, and how soon.

    python bench/site.py [--pages 2000] [-n QUESTIONS] [--ask N]

The site is made by a seed (``bench/_site.py``) and put into a store in a temporary folder, as a crawl would
leave it. For each question the index is asked for the best pages; for ``--ask N`` of them the embedded model
answers too, as ``ask QUESTION URL --site --offline`` does. Prints one JSON line.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench._site import SITE, Question, Site, made_site
from browseagent import Agent
from browseagent.agent.site import index_of, page_text
from browseagent.answer.lexical import question_terms
from browseagent.config import default_settings
from browseagent.store.page_index import PageIndex
from browseagent.store.pages import SqlPageStore

WANTED = 0.9
"""Share of questions whose page must be among the first three."""


def main() -> None:
    """Measures, prints, and fails where fewer than 90 % are found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("-n", type=int, default=200, help="questions")
    parser.add_argument("--ask", type=int, default=0, help="questions that the model answers too")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--missed", action="store_true", help="print what was not found")
    given = parser.parse_args()
    site = made_site(given.pages, given.n, given.seed)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "pages.sqlite"
        with SqlPageStore(place) as store:
            index = index_of(store.database)
            filled = _fill(store, index, site)
            report = {"pages": given.pages, "seconds_to_store_and_index": round(filled, 1)}
            report |= _found(index, site.questions, missed=given.missed)
        if given.ask:
            report |= asyncio.run(_asked(place, site.questions[: given.ask]))
    print(json.dumps(report))
    if report["first_three"] < WANTED:
        sys.exit(1)


def _fill(store: SqlPageStore, index: PageIndex, site: Site) -> float:
    """Stores every page and puts it into the index, a hundred in a transaction; seconds."""
    from browseagent.read import read_page

    began = time.perf_counter()
    for start in range(0, len(site.pages), 100):
        batch = site.pages[start : start + 100]
        prepared = [store.prepare(page) for page in batch]
        texts = [page_text(read_page(page), page.url) for page in batch]
        with store.database.transaction(write=True) as connection:
            for page, ready, text in zip(batch, prepared, texts, strict=True):
                store.put_in(connection, ready)
                index.put_newest_in(connection, page.url, SITE, "", page.sha256, text)
    return time.perf_counter() - began


def _found(index: PageIndex, questions: tuple[Question, ...], *, missed: bool) -> dict[str, float]:
    """Where the right page stands among what the index gives."""
    places: list[int] = []
    times: list[float] = []
    lost: Counter[str] = Counter()
    for question in questions:
        began = time.perf_counter()
        index.missing(SITE, "")
        hits = index.find(question_terms(question.question), SITE, "", 5)
        times.append(time.perf_counter() - began)
        urls = [hit.url for hit in hits]
        places.append(urls.index(question.url) if question.url in urls else 99)
        if places[-1] > 2:
            lost[question.kind] += 1
            if missed:
                print(
                    f"{question.kind}: {question.question} {question.url} not in {urls[:3]}", file=sys.stderr
                )
    count = len(questions)
    return {
        "questions": count,
        "first": sum(place == 0 for place in places) / count,
        "first_three": sum(place < 3 for place in places) / count,
        "index_ms_median": round(1000 * statistics.median(times), 1),
        "index_ms_worst": round(1000 * max(times), 1),
        **{f"missed_{kind}": number for kind, number in lost.items()},
    }


async def _asked(place: Path, questions: tuple[Question, ...]) -> dict[str, float]:
    """How the embedded model answers from what the index found."""
    settings = replace(default_settings(), offline=True, site=True)
    times: list[float] = []
    right = 0
    with SqlPageStore(place) as store:
        async with Agent(settings=settings, store=store) as agent:
            await agent.ask("What is here?", f"https://{SITE}/")  # loads the model
            for question in questions:
                began = time.perf_counter()
                answer = await agent.ask(question.question, f"https://{SITE}/")
                times.append(time.perf_counter() - began)
                quoted = " ".join(quote.text for quote in answer.quotes)
                right += question.answer in f"{answer.text} {quoted}"
    return {
        "asked": len(questions),
        "answered_right": right / len(questions),
        "ask_s_median": round(statistics.median(times), 2),
        "ask_s_worst": round(max(times), 2),
    }


if __name__ == "__main__":
    main()
