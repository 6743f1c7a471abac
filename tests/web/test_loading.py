"""When a page counts as loaded."""

from __future__ import annotations

from dataclasses import replace

import pytest

from browseagent.web.loading import (
    STILL_BUSY,
    STILL_PENDING,
    STILL_SCRIPTED,
    Loading,
    Sample,
    judge_loading,
    unfinished,
)

CALM = Sample(
    at=10.0,
    ready=True,
    complete=True,
    chars=900,
    digest=1,
    busy=False,
    timers=0,
    scripted=True,
    lazy=False,
    requests=0,
)


@pytest.mark.parametrize(
    ("sample", "needed"),
    [
        (replace(CALM, scripted=False), 0.0),
        (CALM, STILL_SCRIPTED),
        (replace(CALM, requests=1), STILL_PENDING),
        (replace(CALM, timers=2), STILL_PENDING),
        (replace(CALM, complete=False), STILL_PENDING),
        (replace(CALM, chars=0), STILL_PENDING),
        (replace(CALM, busy=True), STILL_BUSY),
        (replace(CALM, chars=20, requests=1), STILL_BUSY),
        (replace(CALM, busy=True, lazy=True), STILL_SCRIPTED),
    ],
)
def test_stillness_that_is_asked(sample: Sample, needed: float) -> None:
    """The more a page has under way, the longer its text must have stood still; without scripts, not at
    all."""
    assert judge_loading(sample, sample.at - needed) is Loading.LOADED
    if needed:
        assert judge_loading(sample, sample.at - needed + 0.01) is Loading.WAIT


def test_a_document_that_is_still_coming_is_never_loaded() -> None:
    """However long its text stands still, a document that is not received is not loaded."""
    assert judge_loading(replace(CALM, ready=False), 0.0) is Loading.WAIT
    assert unfinished(replace(CALM, ready=False)) is not None


def test_what_was_missing_is_said() -> None:
    """A wait that is given up says what was missing, and says nothing where nothing was."""
    assert unfinished(CALM) is None
    assert unfinished(replace(CALM, busy=True)) == "a part of the page was still loading"
    assert unfinished(replace(CALM, chars=5, requests=1)) == "the page was still waiting for data"
