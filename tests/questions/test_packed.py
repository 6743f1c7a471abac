"""The committed questions keep their form; against the pages themselves ``pack --verify`` checks them."""

from __future__ import annotations

from pathlib import Path

import pytest

import tools.questions.pack
from tools.questions.check import searched
from tools.questions.pack import faults, is_short, read_packed
from tools.questions.pages import MADE_PAGES, MANUAL_PAGES, PAGES, SITE_PAGES, urls
from tools.questions.split import site_of

DATA = Path(tools.questions.pack.__file__).parent / "data"


@pytest.mark.parametrize(
    ("name", "least"), [("aside", 1_000), ("train", 8_000), ("made", 7_000), ("sites", 6_000)]
)
def test_the_committed_questions_are_short_and_of_known_kinds(name: str, least: int) -> None:
    """As many as there should be, no page twice, no long answer, and each kind has what it needs."""
    rows = read_packed(DATA / f"{name}.jsonl")
    assert len({row["page"] for row in rows}) == len(rows)
    questions = [question for row in rows for question in row["questions"]]
    assert len(questions) >= least
    needed = {"yesno": "evidence", "how": "steps", "none": "tempting"}
    for question in questions:
        assert is_short(question), question
        assert needed.get(question["kind"], "answers") in question, question


def test_no_page_is_on_both_sides() -> None:
    """What is trained on is never measured on."""
    aside, train = (
        {row["page"] for row in read_packed(DATA / f"{name}.jsonl")} for name in ("aside", "train")
    )
    assert not aside & train


def test_questions_on_our_own_pages_point_at_their_words() -> None:
    """Every page that is asked about stands beside them; its text is the one that offsets count in."""
    rows = read_packed(DATA / "made.jsonl")
    assert {row["page"] for row in rows} == set(urls(MADE_PAGES))
    assert [
        fault for row in rows[::20] for fault in faults(row, searched(MADE_PAGES, row["page"]).text)
    ] == []


def test_every_manual_that_is_asked_about_can_be_fetched() -> None:
    """Its package, version and path are known."""
    rows = read_packed(DATA / "manuals.jsonl")
    assert {row["page"] for row in rows} == set(urls(MANUAL_PAGES))


def test_pages_out_of_packages_are_of_sites_of_their_own() -> None:
    """Each can be fetched; none is of a site on both sides."""
    trained, kept = (
        {row["page"] for row in read_packed(DATA / f"{name}.jsonl")} for name in ("sites", "sites-kept")
    )
    known = urls(SITE_PAGES)
    assert trained | kept == set(known)
    learnt, aside = ({site_of(known[page]) for page in pages} for pages in (trained, kept))
    assert not learnt & aside


@pytest.mark.skipif(not (PAGES / "gold.jsonl").exists(), reason="the pages aside are beside the project")
def test_pages_out_of_packages_are_of_no_site_that_is_measured_on() -> None:
    measured = {site_of(url) for url in urls().values() if url}
    assert not measured & {site_of(url) for url in urls(SITE_PAGES).values()}
