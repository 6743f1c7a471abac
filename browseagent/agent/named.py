"""What a person named as sources: whole addresses, and whether they can be read with some settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar, cast
from urllib.parse import urlsplit

from browseagent.config import Settings
from browseagent.errors import UsageError
from browseagent.records import Document, Page
from browseagent.session import signed_in
from browseagent.web.policy import same_origin

Source = str | Path | Page | Document
S = TypeVar("S", bound=Source)


def sign_in(settings: Settings, sources: Sequence[S]) -> tuple[Settings, Sequence[S]]:
    """The sources without the names and passwords in their addresses, and settings that say them."""
    session, opened = settings.session, list(sources)
    for place, source in enumerate(sources):
        if isinstance(source, str):
            url, session = signed_in(web_url(source), session)
            opened[place] = cast(S, url)
    return replace(settings, session=session), opened


def check_sources(settings: Settings, sources: Sequence[Source]) -> None:
    """Raises UsageError where sources cannot be read with these settings: a header is for one origin, a
    screenshot of one page, and both are of the web."""
    session = settings.session
    urls = [web_url(source) for source in sources if isinstance(source, str)]
    if session.headers and not all(same_origin(urls[0], url) for url in urls):
        raise UsageError(
            "--header is for one site, and the sources are of several", hint="Read them one by one."
        )
    if session.needs_browser and settings.via == "http":
        raise UsageError(f"{session.needs_browser} needs a browser, and --via http forbids it")
    if settings.screenshot is None:
        return
    if len(sources) != 1 or len(urls) != 1:
        raise UsageError("--screenshot takes a picture of one page", hint="Give one URL.")
    if settings.via == "http":
        raise UsageError("--screenshot needs a browser, and --via http forbids it")
    if settings.offline or settings.as_of is not None:
        raise UsageError("--screenshot opens the page, and --offline and --as-of forbid it")


_WHOLE = "give a whole URL, such as https://example.org/page"


def web_url(source: str) -> str:
    """The URL that a person meant; a bare domain gets https. Raises UsageError for other schemes."""
    url = "%20".join(source.split())
    url = url if "://" in url else f"https://{url}"
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises for one that is no number
    except ValueError as error:
        raise UsageError(f"{source!r} is no web address: {error}", hint=_WHOLE) from error
    if parts.scheme.lower() not in ("http", "https"):
        raise UsageError(
            f"{source!r} is not a web address that this program opens",
            hint="give an http:// or https:// URL, a path to a saved page, or - for standard input",
        )
    if not parts.hostname:
        raise UsageError(f"{source!r} names no host", hint=_WHOLE)
    return url
