"""Pages from what a person has already: a saved page, a PDF, a text, a recording, or standard input."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from browseagent.read.media import Media
from browseagent.records import Outcome, Page, Via
from browseagent.web.limits import Limits
from browseagent.web.outcome import page_of
from browseagent.web.replay import is_recording, load
from browseagent.web.response import Response

_TYPES = {
    Media.HTML: "text/html",
    Media.PDF: "application/pdf",
    Media.JSON: "application/json",
    Media.FEED: "application/xml",
    Media.XML: "application/xml",
    Media.PLAIN: "text/plain",
    Media.MARKDOWN: "text/markdown",
}
_SUFFIXES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "application/xhtml+xml",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".txt": "text/plain",
    ".rss": "application/rss+xml",
    ".atom": "application/atom+xml",
}


def page_from_bytes(
    body: bytes, url: str, content_type: str = "", *, fetched_at: datetime | None = None
) -> Page:
    """A page of bytes that a person handed over. Its type is told by its content; ``content_type`` helps
    where the content does not tell. A saved wall or an empty page is one here too."""
    response = Response(url, url, Via.FILE, body=body, headers=(("content-type", content_type),))
    if not content_type:
        named = _TYPES.get(response.media)
        response = replace(response, headers=(("content-type", named),) if named else ())
    return page_of(response, fetched_at or datetime.now(UTC))


async def page_from_file(path: Path, *, limits: Limits | None = None) -> Page:
    """The page that a file or a recording's folder holds; a recording's has the URL and the time that it was
    recorded with. What is missing, unreadable or too large is a page too, with an outcome that says so."""
    return await asyncio.to_thread(_read, path, limits or Limits())


def _read(path: Path, limits: Limits) -> Page:
    url = path.expanduser().absolute().as_uri()
    now = datetime.now(UTC)
    try:
        if path.is_dir() and is_recording(path):
            return replace(load(path), via=Via.FILE)
        if path.is_dir():
            raise IsADirectoryError(f"{path} is a folder")
        size = path.stat().st_size
        if size > limits.decoded_bytes:
            reason = f"The file holds {size / 1e6:.0f} MB, more than {limits.decoded_bytes / 1e6:.0f} MB."
            return _failed(url, Outcome.TOO_LARGE, now, reason, "Give a part of it.")
        with path.open("rb") as file:
            body = file.read(limits.decoded_bytes + 1)
    except FileNotFoundError:
        return _failed(url, Outcome.NOT_FOUND, now, f"There is no file {path}.", "Check the path.")
    except OSError as error:
        reason = f"{path} could not be read: {error.strerror or error}."
        return _failed(url, Outcome.UNREACHABLE, now, reason, "Check the path and its permissions.")
    except ValueError as error:
        return _failed(url, Outcome.UNSUPPORTED, now, f"{error}.", "Record the page anew.")
    return page_from_bytes(body, url, _SUFFIXES.get(path.suffix.lower(), ""), fetched_at=now)


def _failed(url: str, outcome: Outcome, now: datetime, reason: str, hint: str) -> Page:
    return Page(url, url, outcome, Via.FILE, now, reason=reason, hint=hint)
