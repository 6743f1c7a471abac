"""Agent.extract: typed answers from sources, the model loaded where it is needed only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from browseagent.agent.agent import Agent
from browseagent.config import Settings
from browseagent.errors import ModelError, UsageError
from browseagent.model.scripted import LexicalModel, ScriptedModel
from browseagent.records import Outcome, Page, Via
from browseagent.store.pages import SqlPageStore
from browseagent.web.replay import Replay
from tests.answer.typed.pages import document, source

URL = "https://shop.example/delivery"
SERVICES = {
    "type": "array",
    "items": {"type": "object", "properties": {"service": {"type": "string"}, "price": {"type": "number"}}},
}


def page(outcome: Outcome = Outcome.OK) -> Page:
    headers = (("content-type", "text/html; charset=utf-8"),)
    body = source("shop/delivery.html").encode()
    return Page(URL, URL, outcome, Via.HTTP, datetime.now(UTC), status=200, headers=headers, body=body)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlPageStore]:
    store = SqlPageStore(tmp_path / "pages.sqlite")
    yield store
    store.close()


async def test_structure_needs_no_model(tmp_path: Path, store: SqlPageStore) -> None:
    """The rows of a table come without a model: this home has none. The pages are reported as ever."""
    async with Agent(settings=Settings(home=tmp_path), fetcher=Replay([page()]), store=store) as agent:
        found = await agent.extract(SERVICES, URL)
        rows = await agent.extract("rows", document("shop/delivery.html"))
    assert found.answer.status == rows.answer.status == "answered"
    assert found.value[0] == {"service": "Standard, UK mainland", "price": 3.95}  # type: ignore[index]
    assert [report.final_url for report in found.answer.pages] == [URL]
    assert len(found.leaves) == 10 and not found.missing and found.answer.model is None


async def test_a_type_is_answered_by_the_model(tmp_path: Path) -> None:
    """What no structure gives is asked of the model, and typed."""
    async with Agent(settings=Settings(home=tmp_path), language_model=LexicalModel()) as agent:
        found = await agent.extract(
            "money", document("shop/delivery.html"), question="How much do we deduct from the refund by post?"
        )
    assert found.value == {"amount": 2.95, "currency": "GBP"}
    assert found.answer.quotes and found.answer.text == "2.95 GBP"
    assert found.answer.model is not None and found.answer.model.name == "lexical"


async def test_failures(tmp_path: Path, store: SqlPageStore) -> None:
    """A page that cannot be read, a model that fails, a wrong schema: each has its end, the last at once."""
    settings = Settings(home=tmp_path)
    fetcher = Replay([page(Outcome.HTTP_ERROR)])
    async with Agent(
        settings=settings, fetcher=fetcher, store=store, language_model=ScriptedModel()
    ) as agent:
        gone = await agent.extract(SERVICES, URL)
        assert gone.answer.error is not None and gone.answer.error.kind == "http_error"
        read = document("shop/delivery.html")
        broken = await agent.extract("text", read, question="What is deducted?")
        assert broken.answer.error is not None and broken.answer.error.kind == ModelError.kind
        with pytest.raises(UsageError, match="leads back to itself"):
            await agent.extract({"$ref": "#"}, URL)
