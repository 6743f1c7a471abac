"""What ``./browse demo`` shows is right: its own steps, in real Chromium, with the embedded model."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest

from browseagent.agent.agent import Agent
from browseagent.config import default_settings
from browseagent.model.port import LanguageModel
from browseagent.records import Answer, Summary
from browseagent.store.pages import SqlPageStore
from fixtures.demo import STEPS
from fixtures.server import FixtureServer

LANTERN = "What does the lantern cost?"
TRAM = "How long would the tram extension be?"
ICELAND = "What is the population of Iceland?"
Results = Mapping[str, Answer | Summary]
"""What each step gave: by its question, a summary by its page."""


@pytest.fixture(scope="module")
def results(
    site: FixtureServer, embedded: LanguageModel, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Results]:
    """Every step of the demo, by one agent, whose browser is opened once."""
    store = SqlPageStore(tmp_path_factory.mktemp("demo") / "pages.sqlite")

    async def run() -> Results:
        found: dict[str, Answer | Summary] = {}
        settings = replace(default_settings(), via="chromium")
        async with Agent(settings=settings, store=store, language_model=embedded) as agent:
            for _, _, (command, *words) in STEPS:
                if command == "ask":
                    found[words[0]] = await agent.ask(words[0], site.url(words[1]))
                else:
                    found[words[0]] = await agent.summarize(site.url(words[0]), length="short")
        return found

    yield asyncio.run(run())
    store.close()


@pytest.mark.model
@pytest.mark.browser
@pytest.mark.parametrize(
    ("question", "says"),
    [
        (LANTERN, "44.50"),
        (TRAM, "3.1"),
        (ICELAND, None),
    ],
)
def test_the_demo_answers_rightly(results: Results, question: str, says: str | None) -> None:
    """Each question gets the page's answer with a quote that holds it; what the page does not say is not
    answered; and the step's exit status is the one that goes with that."""
    answer = results[question]
    assert isinstance(answer, Answer)
    (wanted,) = (status for _, status, words in STEPS if words[1] == question)
    assert wanted[0] == (3 if says is None else 0)
    if says is None:
        assert (answer.status, answer.text) == ("not_found", "")
        return
    assert answer.status == "answered" and says in answer.text
    assert says in answer.quotes[0].text


def test_the_questions_of_the_demo_are_these() -> None:
    """No question is in the demo whose answer is not checked."""
    assert [words[1] for _, _, words in STEPS if words[0] == "ask"] == [LANTERN, TRAM, ICELAND]


@pytest.mark.model
@pytest.mark.browser
def test_the_demo_summarises_the_article(results: Results) -> None:
    """Three points, each a sentence of the page with its quote."""
    (summary,) = (result for result in results.values() if isinstance(result, Summary))
    assert len(summary.points) == 3
    assert all(point.text == " ".join(point.quotes[0].text.split()) for point in summary.points)
