"""Answers out of their JSON form (``browseagent.answer/1``): the other way round than ``results``. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from browseagent.records import (
    Alternative,
    Answer,
    Answered,
    Coverage,
    ErrorInfo,
    Failed,
    ModelInfo,
    NotFound,
    Outcome,
    PageReport,
    Point,
    Quote,
    Summary,
    Usage,
    Via,
)


def load_answer(form: Mapping[str, Any]) -> Answer:
    """The answer of a document that this version, or one before, wrote."""
    common: dict[str, Any] = {
        "question": form["question"],
        "confidence": form["confidence"],
        "closest": tuple(Quote(**each) for each in form["closest"]),
        "pages": tuple(_page(each) for each in form["pages"]),
        "model": _model(form["model"]),
        "timings": dict(form["timings"]),
        "stopped": form["stopped"],
    }
    if form["status"] == "failed":
        return Failed(failure=ErrorInfo(**form["error"]), **common)
    if form["status"] == "not_found":
        guess = form.get("perhaps")
        perhaps = None if guess is None else Alternative(guess["text"], Quote(**guess["quote"]))
        return NotFound(perhaps=perhaps, **common)
    return Answered(
        answer=form["answer"],
        support=tuple(Quote(**each) for each in form["quotes"]),
        alternatives=tuple(
            Alternative(each["text"], Quote(**each["quote"])) for each in form["alternatives"]
        ),
        sentences=tuple(_point(each) for each in form["sentences"]),
        **common,
    )


def load_summary(form: Mapping[str, Any]) -> Summary:
    """The summary of a document that this version wrote (``browseagent.summary/1``)."""
    return Summary(
        points=tuple(_point(each) for each in form["points"]),
        coverage=Coverage(**form["coverage"]),
        pages=tuple(_page(each) for each in form["pages"]),
        model=_model(form["model"]),
        timings=dict(form["timings"]),
        error=None if form["error"] is None else ErrorInfo(**form["error"]),
    )


def _model(form: Mapping[str, Any]) -> ModelInfo:
    usage = form.get("usage")
    return ModelInfo(
        form["name"],
        form["digest"],
        dict(form.get("prompts", {})),
        note=form.get("note", ""),
        usage=None if usage is None else Usage(**usage),
        measured=form.get("measured", True),
    )


def _point(form: Mapping[str, Any]) -> Point:
    return Point(form["text"], form["support"], tuple(Quote(**each) for each in form["quotes"]))


def _page(form: Mapping[str, Any]) -> PageReport:
    typed = {
        "outcome": Outcome(form["outcome"]),
        "via": Via(form["via"]),
        "fetched_at": datetime.fromisoformat(form["fetched_at"]),
        "notes": tuple(form["notes"]),
    }
    return PageReport(**{**form, **typed})
