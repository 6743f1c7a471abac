"""The shapes of the public JSON forms of stored pages, see :mod:`browseagent.forms.shapes`."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from browseagent.forms.shapes import Error, Hunk


class Version(TypedDict):
    """One stored version of a page."""

    id: int
    url: str
    sha256: str
    first_seen: str
    last_seen: str
    status: int | None
    via: str
    bytes: int
    title: str
    variant: str


class StoredPage(TypedDict):
    """What is stored of one URL."""

    url: str
    title: str
    versions: int
    bytes: int
    last_seen: str
    held: bool
    variant: str


class StoreSize(TypedDict):
    """What the store takes."""

    pages: int
    versions: int
    bytes: int
    file_bytes: int
    max_bytes: int


class Cache(TypedDict):
    """``browseagent.cache/1``."""

    schema: Literal["browseagent.cache/1"]
    pages: list[StoredPage]
    size: StoreSize
    error: Error | None


class History(TypedDict):
    """``browseagent.history/1``: the stored versions of a page, newest first."""

    schema: Literal["browseagent.history/1"]
    url: str
    versions: list[Version]
    error: Error | None


class Diff(TypedDict):
    """``browseagent.diff/1``."""

    schema: Literal["browseagent.diff/1"]
    url: str
    before: Version
    after: Version
    changed: bool
    changes: list[Hunk]
    error: Error | None
