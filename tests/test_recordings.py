"""The recordings in ``fixtures/pages``: what reading them must give, and what must be found in them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from browseagent.answer.passages import units
from browseagent.answer.quotes import locate, make_quote
from browseagent.read import read_page
from browseagent.records import Document
from browseagent.web.replay import load

PAGES = Path(__file__).resolve().parent.parent / "fixtures" / "pages"
FOLDERS = sorted(path.parent for path in PAGES.glob("*/page.json"))


def document_of(folder: Path) -> Document:
    return read_page(load(folder))


def questions_of(folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((folder / "questions.json").read_text("utf-8"))
    return found


def test_there_are_at_least_forty_recordings() -> None:
    """A missing folder does not make the other tests pass by having nothing to test."""
    assert len(FOLDERS) >= 40


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_reading_a_recording_gives_its_expected_markdown(folder: Path) -> None:
    """A change to the extractor shows as a diff of expected.md: ``make record`` writes them anew."""
    assert document_of(folder).markdown == (folder / "expected.md").read_text("utf-8")


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_what_must_be_quoted_can_be(folder: Path) -> None:
    """The words that answer a question survive extraction, within a unit that can be quoted and linked."""
    document = document_of(folder)
    evidence = [unit.passage for unit in units(document)]
    for question in questions_of(folder):
        if question.get("not_on_page"):
            continue
        wanted = " ".join(question["quote_contains"].split())
        assert locate(document, wanted) is not None, question
        holding = [passage for passage in evidence if wanted in " ".join(passage.text.split())]
        assert holding, question
        quote = make_quote(document, holding[0].start, holding[0].end)
        assert document.text[quote.start : quote.end] == quote.text


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_blocks_and_links_are_spans_of_the_text(folder: Path) -> None:
    """Every block, cell and link of a real page is where it says."""
    document = document_of(folder)
    end = 0
    for block in document.blocks:
        assert end <= block.start < block.end <= len(document.text)
        assert not document.text[end : block.start].strip()
        assert all(block.start <= cell.start <= cell.end <= block.end for cell in block.cells)
        end = block.end
    assert not document.text[end:].strip()
    assert all(link.start == -1 or document.text[link.start : link.end] for link in document.links)
