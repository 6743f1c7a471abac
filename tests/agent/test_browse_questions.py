"""The questions of ``fixtures/browse.json`` and ``fixtures/browse-held.json``: what they say of the sites,
and a handful by the embedded model.

``bench/browse.py`` asks all of them.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from browseagent.agent.agent import Agent
from browseagent.config import default_settings
from browseagent.model.port import LanguageModel
from browseagent.store.pages import SqlPageStore
from browseagent.web.fetch import Web
from fixtures.replies import SITES
from fixtures.server import FixtureServer

QUESTIONS: list[dict[str, Any]] = json.loads((SITES.parent / "browse.json").read_text("utf-8"))
HELD: list[dict[str, Any]] = json.loads((SITES.parent / "browse-held.json").read_text("utf-8"))
"""Asked to see whether what was chosen on the others holds for these too."""
KINDS = ("one link", "two links", "three links", "pagination", "search", "sitemap", "lies", "nowhere")


def file_of(path: str) -> Path:
    """The file that a path is served from."""
    return SITES / path.lstrip("/") / "index.html" if path.endswith("/") else SITES / path.lstrip("/")


def test_the_questions_are_of_every_kind() -> None:
    """At least fifty questions, at least four of each kind."""
    counts = Counter(each["kind"] for each in QUESTIONS)
    assert len(QUESTIONS) >= 50 and set(counts) == set(KINDS) and min(counts.values()) >= 4


def test_the_held_questions_are_others() -> None:
    """None is asked twice, each kind is there, and a good part has its answer nowhere."""
    texts = [each["question"] for each in (*QUESTIONS, *HELD)]
    assert len(set(texts)) == len(texts)
    assert {each["kind"] for each in HELD} == set(KINDS)
    assert sum(each["page"] is None for each in HELD) >= 8


@pytest.mark.parametrize("asked", [*QUESTIONS, *HELD], ids=lambda asked: asked["question"][:40])
def test_the_answer_is_on_its_page_and_not_on_the_named_one(asked: dict[str, Any]) -> None:
    """The words stand on the page that is said to hold them; the start is another page."""
    assert file_of(asked["start"]).is_file()
    if asked["page"] is None:
        assert asked["says"] is None and asked["pages"] is None
        return
    assert asked["says"] in file_of(asked["page"]).read_text("utf-8")
    assert asked["page"] != asked["start"] and asked["pages"] >= 2


@pytest.fixture
async def asker(tmp_path: Path, embedded: LanguageModel) -> AsyncIterator[Agent]:
    """An agent with the embedded model, pages by HTTP, eight of them a question."""
    store = SqlPageStore(tmp_path / "pages.sqlite")
    settings = replace(default_settings(), via="http", max_pages=8)
    async with (
        Web(delay=0.0) as web,
        Agent(settings=settings, fetcher=web, store=store, language_model=embedded) as agent,
    ):
        yield agent
    store.close()


@pytest.mark.model
@pytest.mark.parametrize(
    "question",
    [
        "How much does it cost to have a sofa collected?",
        "How much did the used crane from Hull cost?",
        "What does a memorial bench with a plaque cost?",
        "How much does a school visit cost for a class?",
        "How much does a massage at the inn cost?",
        "How many books may be borrowed from the library?",
        "How much is a double room a night at the Old Mill Inn?",
    ],
)
async def test_it_is_found(asker: Agent, site: FixtureServer, question: str) -> None:
    """One link away, behind pagination, behind the search, in the sitemap only, behind a link that lies, from
    the town and not from the newspaper beside it: the right words from the right page, and no page read
    that is not of the site."""
    asked = next(each for each in QUESTIONS if each["question"] == question)
    answer = await asker.ask(question, site.url(asked["start"]))
    assert answer.status == "answered" and asked["says"] in answer.text
    assert answer.quotes[0].url == site.url(asked["page"])
    assert len(answer.pages) <= 2 * asked["pages"] and answer.stopped == "the answer was found"
    read = [
        page for page in answer.pages if page.outcome.readable
    ]  # a link that leads off the site is refused
    assert all(page.final_url.startswith(site.origin) for page in read)
