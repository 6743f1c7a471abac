"""The questions about the fixture pages are about what is on the pages, and about what is not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import NotRequired, TypedDict

import httpx
import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import sync_playwright

from browseagent import extract
from browseagent.web.find_chromium import find_chromium
from fixtures.replies import SITES
from fixtures.server import FixtureServer

CHROMIUM_ARGUMENTS = ["--disable-background-networking", "--no-sandbox"]
"""The test machine is a container, where the sandbox cannot start."""

FILLED = "!document.querySelector('.skeleton') && document.body.innerText.length > 200"


class Question(TypedDict):
    """One question; with an answer on the page, or ``not_on_page``."""

    question: str
    answers: NotRequired[list[str]]
    quote_contains: NotRequired[str]
    by_script: NotRequired[bool]
    not_on_page: NotRequired[bool]


class Asked(TypedDict):
    """A page and what is asked of it."""

    path: str
    slug: str
    questions: list[Question]


PAGES: list[Asked] = json.loads((SITES.parent / "questions.json").read_bytes())
BY_SCRIPT = [page for page in PAGES if any(question.get("by_script") for question in page["questions"])]


def text_of(page: Asked, site: FixtureServer) -> str:
    """All text of the page as served, with the mark-up gone and white space folded."""
    response = httpx.get(site.url(page["path"]), trust_env=False)
    assert response.status_code == 200
    if page["path"].endswith(".pdf"):
        document = extract(
            response.content, url=str(response.url), content_type=response.headers["content-type"]
        )
        return " ".join(document.text.split())
    return " ".join(_markup_gone(response).split())


def _markup_gone(response: httpx.Response) -> str:
    declared = re.search(
        rb"charset=[\"']?([\w-]+)", response.headers["content-type"].encode() + response.content
    )
    assert declared, response.url
    name = declared.group(1).decode().lower()
    # Browsers read "shift_jis" as Windows code page 932, which has more characters.
    soup = BeautifulSoup(response.content.decode("cp932" if name == "shift_jis" else name), "lxml")
    for gone in soup(["script", "style"]):
        gone.decompose()
    return soup.get_text()


def test_there_are_enough_questions_and_enough_that_have_no_answer() -> None:
    """At least 40 pages with three questions each; between a fifth and a third are not on the page."""
    questions = [question for page in PAGES for question in page["questions"]]
    unanswerable = sum(question.get("not_on_page", False) for question in questions)
    assert len(PAGES) >= 40
    assert min(len(page["questions"]) for page in PAGES) >= 3
    assert 0.2 <= unanswerable / len(questions) <= 1 / 3
    assert len({page["slug"] for page in PAGES}) == len(PAGES)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page["slug"])
def test_each_quote_is_on_the_page(page: Asked, site: FixtureServer) -> None:
    """What a quote must contain is in the page as served; what comes by script is not."""
    text = text_of(page, site)
    for question in page["questions"]:
        if question.get("not_on_page"):
            assert "quote_contains" not in question
            continue
        assert question["answers"]
        assert (question["quote_contains"] in text) != question.get("by_script", False), question


@pytest.fixture(scope="module")
def shown(site: FixtureServer) -> Iterator[dict[str, str]]:
    """The visible text of the pages that are filled by script, by slug."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium().found, args=CHROMIUM_ARGUMENTS)
        tab = browser.new_page()
        texts: dict[str, str] = {}
        for page in BY_SCRIPT:
            tab.goto(site.url(page["path"]))
            tab.wait_for_function(
                "!document.querySelector('.skeleton') && document.body.innerText.length > 200"
            )
            texts[page["slug"]] = " ".join(tab.inner_text("body").split())
        browser.close()
        yield texts


@pytest.mark.browser
@pytest.mark.parametrize("page", BY_SCRIPT, ids=lambda page: page["slug"])
def test_what_comes_by_script_is_shown_by_chromium(page: Asked, shown: dict[str, str]) -> None:
    """A price that is not in the served page is on the rendered one."""
    for question in page["questions"]:
        if question.get("by_script"):
            assert question["quote_contains"] in shown[page["slug"]], question
