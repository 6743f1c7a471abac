"""Failures in words on standard error, as JSON on standard output where asked for, and as a status."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from browseagent.cli.invocation import Invocation
from browseagent.cli.show.streams import OutputError, Streams, clean
from browseagent.errors import BrowseAgentError, error_for
from browseagent.records import ErrorInfo, Outcome, Page, PageReport, Via

NOT_FOUND = 3
"""Exit status where the pages were read and the answer is not on them."""


_SEVERITY = (0, NOT_FOUND, 7, 5, 4, 2, 6, 1)
"""Exit statuses from good to bad: an answer that is not there, pages that could not be read, then what the
person has to mend."""


def worst(statuses: Sequence[int]) -> int:
    """The exit status of several things done in one run: that of the one that went worst."""
    return max(statuses, key=_SEVERITY.index, default=0)


def report_failure(invocation: Invocation, info: ErrorInfo, status: int) -> int:
    """Tells of a failure that ends the run, and gives the exit status."""
    tell_error(invocation.streams, info)
    if invocation.wants_json and not invocation.streams.result_written:
        from browseagent.forms import results as forms

        document = forms.failure(invocation.command, info)
        try:
            invocation.streams.write(forms.dumps(document))
        except OutputError as error:
            tell_error(invocation.streams, error.info())
    return status


def tell_error(streams: Streams, info: ErrorInfo, pages: Sequence[PageReport] = ()) -> None:
    """Says on standard error what happened, where, and what to do next, and which others of ``pages`` were
    not read."""
    if info.kind == "interrupted":
        streams.tell("Interrupted.")
        return
    streams.tell(f"error: {described(info)}")
    for page in pages:
        if page.url != info.url and not page.outcome.readable:
            streams.tell(not_read(page))


def not_read(page: PageReport) -> str:
    """The warning of a page that was not read."""
    info = ErrorInfo(page.outcome.value, page.reason or page.outcome.value, page.hint or "", page.url)
    return f"warning: not read: {described(info)}"


def described(info: ErrorInfo) -> str:
    """A failure in one line or two, the URL named where the message does not name it."""
    message = info.message.rstrip(".") or info.kind
    where = f"{info.url}: " if info.url and info.url not in message else ""
    hint = f"\nhint: {info.hint}" if info.hint else ""
    return clean(f"{where}{message}{hint}")


def exit_status(info: ErrorInfo) -> int:
    """The exit status of a failure that is known as data: by its outcome, else by its kind."""
    if info.kind in {outcome.value for outcome in Outcome}:
        outcome = Outcome(info.kind)
        if not outcome.readable:
            page = Page("", "", outcome, Via.HTTP, datetime.now(UTC))
            return error_for(page).exit_status
    statuses = {kind.kind: kind.exit_status for kind in _kinds(BrowseAgentError)}
    return statuses.get(info.kind, BrowseAgentError.exit_status)


def _kinds(root: type[BrowseAgentError]) -> list[type[BrowseAgentError]]:
    return [root, *(kind for child in root.__subclasses__() for kind in _kinds(child))]
