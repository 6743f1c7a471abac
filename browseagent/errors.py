"""Every error that this program raises on purpose.

    BrowseAgentError
    ├── UsageError         wrong arguments or configuration              exit status 2
    │   └── PromptError    a prompt with a missing or unused variable
    ├── FetchError         a page could not be fetched                   exit status 4
    ├── RefusedError       a page was refused, by the site or by policy  exit status 5
    ├── ModelError         the model could not be loaded, or failed      exit status 6
    │   ├── ModelUnreachable  nothing answers at its address, or it refuses the key
    │   ├── ModelTimeout      it had not finished by its deadline
    │   ├── ModelBusy         it asks to be left alone for a while (429)
    │   ├── ModelRefusal      it declined to answer
    │   └── ModelReply        what it sent is cut off, or not what was asked for
    ├── NoTextError        the page holds no readable text               exit status 7
    └── StoreError         the page store cannot be read or written      exit status 2

An error says what happened (``message``), what to do next (``hint``), and to which ``url``. Only
``browseagent.cli`` turns errors into words and exit statuses. Trouble with a page is not raised by
``browseagent.web``: it comes back as a :class:`~browseagent.records.Page` with its outcome, so that
one bad source never ends a run with others; :func:`error_for` makes the error where one is due.
"""

from __future__ import annotations

from typing import ClassVar

from browseagent.records import ErrorInfo, Outcome, Page


class BrowseAgentError(Exception):
    """Base of all our errors."""

    kind: ClassVar[str] = "error"
    exit_status: ClassVar[int] = 1

    def __init__(self, message: str, *, hint: str = "", url: str = "", kind: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.url = url
        self.detail = kind or self.kind

    def info(self) -> ErrorInfo:
        """The error as data, as the JSON documents carry it."""
        return ErrorInfo(kind=self.detail, message=self.message, hint=self.hint, url=self.url)


class UsageError(BrowseAgentError):
    """Wrong arguments or configuration."""

    kind = "usage"
    exit_status = 2


class PromptError(UsageError):
    """A prompt file that is malformed, or was given the wrong variables."""

    kind = "prompt"


class FetchError(BrowseAgentError):
    """A page could not be fetched: network, time-out, HTTP error."""

    kind = "fetch"
    exit_status = 4


class RefusedError(BrowseAgentError):
    """A page was refused: bot wall, login, robots.txt, a policy of ours."""

    kind = "refused"
    exit_status = 5


class ModelError(BrowseAgentError):
    """The model could not be loaded, or failed."""

    kind = "model"
    exit_status = 6


class ModelUnreachable(ModelError):
    """Nothing answers at the model's address, or it does not let us in."""

    kind = "model_unreachable"


class ModelTimeout(ModelError):
    """The model had not finished by its deadline."""

    kind = "model_timeout"


class ModelBusy(ModelError):
    """The model's server asks to be left alone for longer than there is time."""

    kind = "model_busy"


class ModelRefusal(ModelError):
    """The model declined to answer."""

    kind = "model_refusal"


class ModelReply(ModelError):
    """What the model sent is cut off, or not what was asked for."""

    kind = "model_reply"


class NoTextError(BrowseAgentError):
    """The page was fetched and holds no readable text."""

    kind = "empty"
    exit_status = 7


class StoreError(BrowseAgentError):
    """The page store cannot be read or written."""

    kind = "store"
    exit_status = 2


def why_unread(error: Exception) -> str:
    """Why a file could not be read, for a message that names it."""
    return getattr(error, "strerror", None) or str(error)


_REFUSED = {Outcome.LOGIN, Outcome.BLOCKED, Outcome.CONSENT, Outcome.ROBOTS, Outcome.POLICY}
_NO_TEXT = {Outcome.EMPTY, Outcome.UNSUPPORTED}


def error_for(page: Page) -> BrowseAgentError:
    """The error that an unreadable page amounts to. ``page.outcome.readable`` must be false."""
    if page.outcome.readable:
        raise ValueError(f"{page.url} is readable: {page.outcome}")
    kind: type[BrowseAgentError] = FetchError
    if page.outcome in _REFUSED:
        kind = RefusedError
    elif page.outcome in _NO_TEXT:
        kind = NoTextError
    return kind(
        page.reason or page.outcome.value, hint=page.hint or "", url=page.url, kind=page.outcome.value
    )
