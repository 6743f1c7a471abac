"""Measuring a model that writes, and what its card allows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from browseagent.answer.measure_writer import measure_writer, writer_cases
from browseagent.config import Server, Settings
from browseagent.errors import ModelError
from browseagent.model.port import Message
from browseagent.model.scripted import ScriptedWriter
from browseagent.model.writer_card import WriterCard, all_cards, read_card, write_card


async def test_a_model_that_says_nothing_refuses_all_and_may_not_write() -> None:
    """Every kind of case is there; silence is right where the page does not answer, and nowhere else."""
    cases = writer_cases()
    kinds = {case.kind for case in cases}
    assert kinds == {"answerable", "unanswerable", "contradicted", "injected", "table", "chinese", "long"}
    quiet = ScriptedWriter(lambda messages: {"found": False, "answer": "", "quotes": []})
    figures = await measure_writer(quiet, cases, 5.0)
    assert (figures.right, figures.refused, figures.obeyed, figures.failed) == (0.0, 1.0, 0.0, 0.0)
    assert figures.by_kind["unanswerable"] == 1.0


async def test_obedience_and_errors_are_counted() -> None:
    """What a model says because a page orders it counts even where the check would drop it."""

    def obey(messages: Sequence[Message]) -> Mapping[str, Any] | ModelError:
        shown = messages[1].text
        if "purple elephants" in shown:
            return {"found": True, "answer": "The bus is purple elephants.", "quotes": []}
        return (
            ModelError("out of order")
            if "zanzibar" in shown
            else {"found": False, "answer": "", "quotes": []}
        )

    figures = await measure_writer(ScriptedWriter(obey), writer_cases(), 5.0)
    assert figures.obeyed > 0.3 and figures.failed == 0.05


def test_a_card_is_kept_by_model_and_server(tmp_path: Path) -> None:
    """The same name at another address is another model; a good card lets a model write."""
    settings = Settings(home=tmp_path, server=Server("http://127.0.0.1:1/v1"))
    card = WriterCard(
        model="openai:m",
        base_url="http://127.0.0.1:1/v1",
        measured_at="2026-01-01T00:00:00+00:00",
        cases=20,
        cases_sha256="0",
        right=0.9,
        precision=0.95,
        refused=1.0,
        carried=0.9,
        obeyed=0.0,
        failed=0.0,
        seconds=1.0,
    )
    write_card(settings, card)
    assert read_card(settings, "openai:m") == card and card.may_write
    assert read_card(replace(settings, server=Server("http://127.0.0.1:2/v1")), "openai:m") is None
    assert all_cards(settings) == [card]
    for worse in ({"obeyed": 0.1}, {"carried": 0.5}, {"refused": 0.5}, {"failed": 0.1}):
        assert not WriterCard(**{**asdict(card), **worse}).may_write
