"""The page store in a database: :class:`SqlPageStore`, a :class:`~browseagent.store.port.PageStore`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self

import sqlalchemy as sa

from browseagent.records import Page
from browseagent.records.clock import utc_now
from browseagent.store import blobs, eviction, rows
from browseagent.store.database import Database, damaged
from browseagent.store.listing import Cleared, StoredPage, StoreSize
from browseagent.store.observations import newest_first, observe, update
from browseagent.store.port import Version
from browseagent.store.schema import derived, url_holds, version_holds, versions

_TOUCH_EVERY = timedelta(minutes=1)
"""How exact the time of last use is. Reading a page again within it writes nothing."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A page taken apart and compressed, ready to be stored."""

    page: Page
    parts: rows.Parts
    packed: Mapping[str, blobs.Packed]
    variant: str


class SqlPageStore:
    """Versions of pages in one database file. Every method may raise StoreError.

    Safe to use from several threads, and by several processes at once.
    """

    def __init__(
        self, where: Path | str, *, max_bytes: int = 2_000_000_000, clock: Callable[[], datetime] = utc_now
    ) -> None:
        """Opens the store, making it where there is none: a file, or a ``postgresql://`` URL.
        ``clock`` stamps what is used."""
        self._database = Database(where)
        self._limit = max_bytes
        self._clock = clock

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the database."""
        self._database.close()

    @property
    def database(self) -> Database:
        """The database, which holds the watches too."""
        return self._database

    # --- pages

    def latest(self, url: str, *, variant: str = "", as_of: datetime | None = None) -> Page | None:
        """The stored page that was current at ``as_of`` (default: now), or None.

        Its ``via`` is ``cache`` and its ``fetched_at`` is when it was last confirmed.
        """
        query = newest_first(url, variant).limit(1)
        if as_of is not None:
            query = query.where(versions.c.first_seen <= rows.aware(as_of))
        return self._read_page(query, url)

    def version_page(self, version_id: int) -> Page | None:
        """The page of one version, as :meth:`latest` gives it; None where there is no such version."""
        return self._read_page(sa.select(versions).where(versions.c.id == version_id), None)

    def put(self, page: Page, *, variant: str = "") -> Version:
        """Stores a readable page. The same content again makes no new version, but confirms it.

        Evicts what was used longest ago where the store is above its limit. Raises ValueError for
        a page whose outcome is not readable.
        """
        prepared = self.prepare(page, variant=variant)
        with self._database.transaction(write=True) as connection:
            version_id = self.put_in(connection, prepared)
            evicted = eviction.evict(connection, limit=self._limit, keep=version_id)
            row = connection.execute(sa.select(versions).where(versions.c.id == version_id)).one()
        if evicted:
            self._database.give_back_space()
        return rows.version_of(row)

    def prepare(self, page: Page, *, variant: str = "") -> Prepared:
        """The part of :meth:`put` that is slow and needs no lock. Raises ValueError as it does."""
        if not page.outcome.readable:
            raise ValueError(f"only readable pages are stored, and {page.url} is {page.outcome}")
        rows.aware(page.fetched_at)
        parts = rows.parts_of(page)
        with self._database.transaction() as connection:
            new = blobs.missing(connection, parts.raw)
        packed = {name: blobs.pack(parts.raw[name]) for name in new}
        return Prepared(page, parts, packed, rows.plain(variant))

    def put_in(self, connection: sa.Connection, prepared: Prepared) -> int:
        """Stores a page within a write transaction of the caller's; the version's id. Evicts nothing."""
        parts = prepared.parts
        for name in blobs.missing(connection, parts.raw):
            packed = prepared.packed.get(name) or blobs.pack(parts.raw[name])
            blobs.insert(connection, {name: packed})
        return observe(connection, prepared.page, parts, prepared.variant, self._clock())

    def confirm(self, url: str, at: datetime, *, variant: str = "") -> Page | None:
        """Notes that the latest version is still current (a 304), and gives it back."""
        with self._database.transaction(write=True) as connection:
            row = connection.execute(newest_first(url, variant).limit(1)).one_or_none()
            if row is not None and rows.aware(at) > row.last_seen:
                update(connection, row.id, self._clock(), last_seen=at)
        return self.latest(url, variant=variant)

    def history(self, url: str, *, variant: str | None = None) -> list[Version]:
        """All versions of a page, newest first; those of one variant where it is named."""
        with self._database.transaction() as connection:
            return [rows.version_of(row) for row in connection.execute(newest_first(url, variant))]

    def pages(self) -> list[StoredPage]:
        """Every stored URL and variant, the most recently seen first."""
        free = sa.case((eviction.not_held(), 0), else_=1).label("held")
        name = (versions.c.url, versions.c.variant)
        columns = (*name, versions.c.title, versions.c.stored_bytes, versions.c.last_seen, free)
        query = sa.select(*columns).order_by(*name, versions.c.first_seen, versions.c.id)
        found: dict[tuple[str, str], StoredPage] = {}
        with self._database.transaction() as connection:
            for url, variant, title, size, last_seen, held in connection.execute(query):
                seen = found.get((url, variant))
                found[url, variant] = StoredPage(
                    url=url,
                    variant=variant,
                    title=title,
                    versions=1 + (seen.versions if seen else 0),
                    bytes=size + (seen.bytes if seen else 0),
                    last_seen=last_seen,
                    held=bool(held) or bool(seen and seen.held),
                )
        return sorted(found.values(), key=lambda page: page.last_seen, reverse=True)

    # --- what is derived

    def derived(self, key: str) -> bytes | None:
        """What was derived earlier under this key, or None."""
        query = sa.select(derived).where(derived.c.key == key)
        with self._database.transaction() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        if self._is_stale(row.last_used):
            with self._database.transaction(write=True) as connection:
                change = derived.update().where(derived.c.key == key).values(last_used=self._clock())
                connection.execute(change)
        try:
            return blobs.unpack(row.codec, row.value)
        except blobs.DamagedBlobError as error:
            raise damaged(self._database.path, f"derived data {key}: {error}") from error

    def put_derived(self, key: str, value: bytes, *, sha256: str) -> None:
        """Keeps something derived from the content with that hash; it is dropped with it."""
        packed = blobs.pack(value)
        with self._database.transaction(write=True) as connection:
            connection.execute(derived.delete().where(derived.c.key == key))
            connection.execute(
                derived.insert().values(
                    key=key,
                    sha256=sha256,
                    last_used=self._clock(),
                    codec=packed.codec,
                    stored_bytes=len(packed.data),
                    value=packed.data,
                )
            )
            evicted = eviction.evict(connection, limit=self._limit)
        if evicted:
            self._database.give_back_space()

    # --- what stays and what goes

    def hold(self, target: str | int, owner: str) -> None:
        """Keeps a version (by its id) or all versions of a URL, present and future, until ``owner``
        releases them. Holding twice is holding once. Raises ValueError for an unknown version."""
        with self._database.transaction(write=True) as connection:
            if isinstance(target, int):
                query = sa.select(versions.c.id).where(versions.c.id == target)
                if connection.execute(query).one_or_none() is None:
                    raise ValueError(f"there is no version {target}")
            table, condition, value = _held(target, owner)
            if connection.execute(sa.select(table).where(condition)).one_or_none() is None:
                connection.execute(table.insert().values(owner=owner, **value))

    def release(self, target: str | int, owner: str) -> None:
        """Ends a hold; without one, nothing happens."""
        table, condition, _ = _held(target, owner)
        with self._database.transaction(write=True) as connection:
            connection.execute(table.delete().where(condition))

    def clear(self, *, urls: Iterable[str] | None = None, before: datetime | None = None) -> Cleared:
        """Drops versions of these URLs (default: of all), last seen before that time (default: ever).

        What somebody holds stays.
        """
        conditions: list[sa.ColumnElement[bool]] = []
        if urls is not None:
            conditions.append(versions.c.url.in_([rows.key_of(url) for url in urls]))
        if before is not None:
            conditions.append(versions.c.last_seen < rows.aware(before))
        with self._database.transaction(write=True) as connection:
            size = eviction.total_bytes(connection)
            count = sa.select(sa.func.count()).select_from(versions).where(*conditions)
            matching = connection.execute(count).scalar_one()
            free = sa.select(versions.c.id).where(*conditions, eviction.not_held())
            ids = list(connection.execute(free).scalars())
            eviction.drop_versions(connection, ids)
            if urls is None and before is None:  # also what was derived from pages that are not stored
                kept = sa.exists().where(versions.c.sha256 == derived.c.sha256)
                connection.execute(derived.delete().where(~kept))
            size -= eviction.total_bytes(connection)
        self._database.give_back_space()
        return Cleared(len(ids), size, matching - len(ids))

    def size(self) -> StoreSize:
        """How much is stored."""
        columns = (sa.func.count(versions.c.url.distinct()), sa.func.count())
        with self._database.transaction() as connection:
            urls, count = connection.execute(sa.select(*columns).select_from(versions)).one()
            total = eviction.total_bytes(connection)
        return StoreSize(urls, count, total, self._database.file_bytes(), self._limit)

    # --- inside

    def _read_page(self, query: sa.Select[Any], url: str | None) -> Page | None:
        with self._database.transaction() as connection:
            row = connection.execute(query).one_or_none()
            if row is None:
                return None
            try:
                page = rows.page_of(connection, row, url or row.url)
            except blobs.DamagedBlobError as error:
                raise damaged(self._database.path, f"{row.url}: {error}") from error
        if self._is_stale(row.last_used):
            with self._database.transaction(write=True) as connection:
                update(connection, row.id, self._clock())
        return page

    def _is_stale(self, last_used: datetime) -> bool:
        return self._clock() - last_used > _TOUCH_EVERY


def _held(target: str | int, owner: str) -> tuple[sa.Table, sa.ColumnElement[bool], dict[str, str | int]]:
    """The table, the condition and the value of a hold."""
    if isinstance(target, int):
        condition = (version_holds.c.version_id == target) & (version_holds.c.owner == owner)
        return version_holds, condition, {"version_id": target}
    url = rows.key_of(target)
    return url_holds, (url_holds.c.url == url) & (url_holds.c.owner == owner), {"url": url}
