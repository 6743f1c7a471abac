"""Pages to rows of ``versions`` and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urldefrag

import sqlalchemy as sa

from browseagent.records import Outcome, Page, Via
from browseagent.store import blobs
from browseagent.store.port import Version
from browseagent.store.title import title_of


@dataclass(frozen=True, slots=True)
class Parts:
    """The bytes of a page, taken apart: each part's blob name by its column, and the bytes by name."""

    names: Mapping[str, str | None]
    raw: Mapping[str, bytes]
    sha256: str
    """Hash of the page's content, see :attr:`Page.sha256`."""


def key_of(url: str) -> str:
    """The URL under which a page is stored: without its fragment, unless that is a route of a
    single-page application (``#/…`` or ``#!…``), which names a page of its own."""
    bare, fragment = urldefrag(url)
    return plain(url if fragment.startswith(("/", "!")) else bare)


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
    )


def aware(at: datetime) -> datetime:
    """The time, which must say its zone. Raises ValueError."""
    if at.tzinfo is None:
        raise ValueError(f"the time {at} has no time zone")
    return at
