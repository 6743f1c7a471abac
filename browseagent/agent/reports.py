"""What is said of each page of a run, without its bytes. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from browseagent.agent.decide import State
from browseagent.errors import error_for
from browseagent.records import Document, ErrorInfo, Page, PageReport, Via


def reports(state: State) -> tuple[PageReport, ...]:
    """What is said of each page of a run: those opened, and those of documents handed in."""
    documents = {id(document.page): document for document in state.documents if document.page is not None}
    opened = [each for page in state.pages for each in _reports_of(page, documents.get(id(page)))]
    given = [d for d in state.documents if d.page is None or all(d.page is not p for p in state.pages)]
    return tuple(opened + [each for d in given if d.page is not None for each in _reports_of(d.page, d)])


def _reports_of(page: Page, document: Document | None) -> list[PageReport]:
    """One report, or one for each page of an article that stands on several."""
    whole = report(page, document)
    if document is None or not document.parts:
        return [whole]
    first, *others = document.parts
    rest = [
        replace(report(part.page, None), title=whole.title, chars=part.end - part.start)
        for part in others
        if part.page is not None
    ]
    return [replace(whole, chars=first.end - first.start), *rest]


def report(page: Page, document: Document | None) -> PageReport:
    """A page without its bytes."""
    age = (datetime.now(UTC) - page.fetched_at).total_seconds()
    return PageReport(
        url=page.url,
        final_url=page.final_url,
        outcome=page.outcome,
        via=page.via,
        fetched_at=page.fetched_at,
        status=page.status,
        age_s=max(0.0, age) if page.via is not Via.FILE else 0.0,
        sha256=page.sha256,
        title=document.title if document else "",
        chars=len(document.text) if document else 0,
        reason=page.reason,
        hint=page.hint,
        notes=page.how + page.notes + (document.notes if document else ()),
    )


def failure_of(pages: Sequence[Page]) -> ErrorInfo:
    """The error of a run in which nothing could be read: that of its first page."""
    return error_for(pages[0]).info()
