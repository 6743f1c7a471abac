"""Pages to rows of ``versions`` and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urldefrag, urlsplit, urlunsplit

import sqlalchemy as sa

from browseagent.records import Outcome, Page, Via, route_of
from browseagent.store import blobs
from browseagent.store.port import Version
from browseagent.store.title import title_of

_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


@dataclass(frozen=True, slots=True)
class Parts:
    """The bytes of a page, taken apart: each part's blob name by its column, and the bytes by name."""

    names: Mapping[str, str | None]
    raw: Mapping[str, bytes]
    sha256: str
    """Hash of the page's content, see :attr:`Page.sha256`."""


def key_of(url: str) -> str:
    """The URL under which a page is stored, so that spellings of one address are one page.

    Scheme and host in lower case, no default port, a path at least (RFC 3986, section 6.2), no user name and
    password, and no fragment but one that names a page of its own.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return plain(url)
    if not parts.netloc:
        return plain(urldefrag(url).url)
    scheme = parts.scheme.lower()
    host = parts.netloc.rpartition("@")[2].lower().removesuffix(_DEFAULT_PORTS.get(scheme, "\0"))
    return plain(urlunsplit((scheme, host, parts.path or "/", parts.query, route_of(url))))


def plain(text: str) -> str:
    """Text that every database takes: lone surrogates (undecodable bytes) are spelt out."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8").replace("\0", "\\0")


def parts_of(page: Page) -> Parts:
    """Takes a page apart into blobs."""
    columns = {
        "body_blob": page.body,
        "dom_blob": None if page.dom is None else page.dom.encode("utf-8", "surrogatepass"),
        "visible_blob": (
            None if page.visible_text is None else page.visible_text.encode("utf-8", "surrogatepass")
        ),
    }
    names = {key: None if raw is None else blobs.sha256_of(raw) for key, raw in columns.items()}
    raw = {name: columns[key] for key, name in names.items() if name is not None}
    content = names["dom_blob"] or names["body_blob"]
    assert content is not None  # the body always has a blob, be it an empty one
    return Parts(names, {name: data for name, data in raw.items() if data is not None}, content)


def values_of(page: Page, parts: Parts, stored_bytes: int) -> dict[str, Any]:
    """The columns that describe a page's newest observation (not its times)."""
    return {
        "final_url": plain(page.final_url),
        "outcome": page.outcome.value,
        "via": page.via.value,
        "status": page.status,
        "title": plain(title_of(page)),
        "stored_bytes": stored_bytes,
        "redirects": [plain(url) for url in page.redirects],
        "headers": [[plain(name), plain(value)] for name, value in page.headers],
        "notes": [plain(note) for note in page.notes],
        "reason": None if page.reason is None else plain(page.reason),
        "hint": None if page.hint is None else plain(page.hint),
        **parts.names,
    }


def page_of(connection: sa.Connection, row: sa.Row[Any], url: str) -> Page:
    """The page of a row, as had from the cache. Raises :class:`blobs.DamagedBlobError`."""
    return Page(
        url=url,
        final_url=row.final_url,
        outcome=Outcome(row.outcome),
        via=Via.CACHE,
        fetched_at=row.last_seen,
        status=row.status,
        redirects=tuple(row.redirects),
        headers=tuple((name, value) for name, value in row.headers),
        body=blobs.read(connection, row.body_blob),
        dom=_text(connection, row.dom_blob),
        visible_text=_text(connection, row.visible_blob),
        reason=row.reason,
        hint=row.hint,
        notes=tuple(row.notes),
    )


def _text(connection: sa.Connection, name: str | None) -> str | None:
    return None if name is None else blobs.read(connection, name).decode("utf-8", "surrogatepass")


def version_of(row: sa.Row[Any]) -> Version:
    """The version of a row."""
    return Version(
        id=row.id,
        url=row.url,
        sha256=row.sha256,
        first_seen=row.first_seen,
        last_seen=row.last_seen,
        status=row.status,
        bytes=row.stored_bytes,
        title=row.title,
        via=row.via,
        variant=row.variant,
    )


def aware(at: datetime) -> datetime:
    """The time, which must say its zone. Raises ValueError."""
    if at.tzinfo is None:
        raise ValueError(f"the time {at} has no time zone")
    return at
