"""The full-text index of the pages that are stored: of each URL its newest version, by SQLite's FTS5.

What is indexed are terms, made by whoever knows words (the same for pages and questions), so that FTS5 only
counts them. The index is written in the transaction that stores a crawl's page, forgotten in the one that
drops a version, and brought up to date before it is asked: whatever else was stored meanwhile is missing in
it (:meth:`PageIndex.missing`), and so is everything where the index itself is.

PostgreSQL has no such index here: :meth:`PageIndex.missing` raises UsageError.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from browseagent.errors import UsageError
from browseagent.store import rows
from browseagent.store.database import Database
from browseagent.store.schema import versions
from browseagent.store.site_schema import indexed

WEIGHTS = (8.0, 4.0, 4.0, 1.0)
"""Of title, headings, address and text in BM25: what a page calls itself says most of what it is about. All
equal, bench/site.py finds as many."""
_MAKE = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS page_text USING fts5"
    '(title, headings, address, body, tokenize="unicode61 remove_diacritics 0")'
)
_PUT = (
    "INSERT INTO page_text (rowid, title, headings, address, body)"
    " VALUES (:id, :title, :headings, :address, :body)"
)
_FIND = f"""
SELECT versions.url, versions.sha256, -bm25(page_text, {", ".join(map(str, WEIGHTS))}) AS score
FROM page_text
JOIN indexed ON indexed.version_id = page_text.rowid
JOIN versions ON versions.id = indexed.version_id AND versions.sha256 = indexed.sha256
WHERE page_text MATCH :query AND indexed.site = :site AND indexed.variant = :variant
ORDER BY score DESC, versions.url LIMIT :most
"""
_BATCH = 500


@dataclass(frozen=True, slots=True)
class PageText:
    """The terms of a page, by where they stand."""

    title: Sequence[str]
    headings: Sequence[str]
    address: Sequence[str]
    body: Sequence[str]


@dataclass(frozen=True, slots=True)
class Hit:
    """A page that the index found."""

    url: str
    score: float


@dataclass(frozen=True, slots=True)
class Unindexed:
    """A version that the index should hold and does not."""

    version_id: int
    url: str
    sha256: str


class PageIndex:
    """The index in a store's database. ``maker`` names what makes terms of pages: what another one made
    counts as missing. Every method may raise StoreError."""

    def __init__(self, database: Database, maker: str) -> None:
        self._database = database
        self._maker = maker

    @property
    def available(self) -> bool:
        """Whether this database can hold the index."""
        return not isinstance(self._database.path, str)

    def missing(self, site: str, variant: str) -> list[Unindexed]:
        """Takes what is no longer current out of the index, and gives what is current and not in it.

        ``site`` is a host, without ``www.``, and with its port where that is not the usual one.
        """
        if not self.available:
            raise UsageError(
                "the full-text index is SQLite's, and this store is in PostgreSQL",
                hint="Ask without --offline, or name the page itself without --site.",
            )
        with self._database.transaction() as connection:
            current = _current(connection, site, variant)
            held = _held(connection, site, variant, self._maker)
        gone = [number for number in held if held[number] != current.get(number, ("", ""))[1]]
        if gone:
            with self._database.transaction(write=True) as connection:
                forget(connection, gone)
        return [
            Unindexed(number, url, sha256)
            for number, (url, sha256) in current.items()
            if held.get(number) != sha256
        ]

    def put(self, site: str, variant: str, made: Iterable[tuple[Unindexed, PageText]]) -> None:
        """Puts these versions into the index, as far as they are still stored."""
        with self._database.transaction(write=True) as connection:
            for version, text in made:
                same = (versions.c.id == version.version_id) & (versions.c.sha256 == version.sha256)
                if connection.execute(sa.select(versions.c.id).where(same)).one_or_none() is not None:
                    self._put(connection, site, variant, version, text)

    def put_newest_in(
        self, connection: sa.Connection, url: str, site: str, variant: str, sha256: str, text: PageText
    ) -> None:
        """Puts the newest version of a URL into the index within a write transaction of the caller's, if it
        has that content."""
        if not self.available:
            return
        of_url = (versions.c.url == rows.key_of(url)) & (versions.c.variant == rows.plain(variant))
        newest = sa.select(versions.c.id, versions.c.sha256).where(of_url)
        newest = newest.order_by(versions.c.first_seen.desc(), versions.c.id.desc()).limit(1)
        found = connection.execute(newest).one_or_none()
        if found is not None and found.sha256 == sha256:
            self._put(connection, site, variant, Unindexed(found.id, url, sha256), text)

    def find(self, terms: Sequence[str], site: str, variant: str, most: int) -> list[Hit]:
        """The pages of a site that are the most about these terms, best first; each content once."""
        query = " OR ".join(f'"{term}"' for term in dict.fromkeys(terms) if '"' not in term)
        values = {"query": query, "site": site, "variant": rows.plain(variant), "most": 4 * most}
        with self._database.transaction() as connection:
            if not query or not _is_made(connection):
                return []
            found = connection.execute(sa.text(_FIND), values).all()
        by_content = {row.sha256: Hit(row.url, row.score) for row in reversed(found)}
        return sorted(by_content.values(), key=lambda hit: (-hit.score, hit.url))[:most]

    def _put(
        self, connection: sa.Connection, site: str, variant: str, version: Unindexed, text: PageText
    ) -> None:
        connection.execute(sa.text(_MAKE))
        forget(connection, [version.version_id])
        parts = {"title": text.title, "headings": text.headings, "address": text.address, "body": text.body}
        terms = {name: rows.plain(" ".join(words)) for name, words in parts.items()}
        connection.execute(sa.text(_PUT), {"id": version.version_id, **terms})
        values = {"version_id": version.version_id, "sha256": version.sha256, "maker": self._maker}
        connection.execute(indexed.insert().values(site=site, variant=rows.plain(variant), **values))


def forget(connection: sa.Connection, ids: Sequence[int]) -> None:
    """Takes versions out of the index, within a write transaction of the caller's."""
    for start in range(0, len(ids), _BATCH):
        batch = ids[start : start + _BATCH]
        gone = indexed.delete().where(indexed.c.version_id.in_(batch)).returning(indexed.c.version_id)
        found = [{"id": number} for number in connection.execute(gone).scalars()]
        if found and _is_made(connection):
            connection.execute(sa.text("DELETE FROM page_text WHERE rowid = :id"), found)


def _is_made(connection: sa.Connection) -> bool:
    """Whether there is an index table at all: not before the first page, and never in PostgreSQL."""
    if connection.dialect.name != "sqlite":
        return False
    query = "SELECT 1 FROM sqlite_master WHERE name = 'page_text'"
    return connection.execute(sa.text(query)).one_or_none() is not None


def _held(connection: sa.Connection, site: str, variant: str, maker: str) -> dict[int, str]:
    """The content of each version that the index holds; none is current that something else made."""
    if not _is_made(connection):
        return {}
    of_site = (indexed.c.site == site) & (indexed.c.variant == rows.plain(variant))
    query = sa.select(indexed.c.version_id, indexed.c.sha256, indexed.c.maker).where(of_site)
    return {number: sha256 if by == maker else "" for number, sha256, by in connection.execute(query)}


def _current(connection: sa.Connection, site: str, variant: str) -> dict[int, tuple[str, str]]:
    """(URL, content) of the newest version of each page of a site, by the version's number."""
    starts = [f"{scheme}://{www}{site}/" for scheme in ("http", "https") for www in ("", "www.")]
    # "0" is the character after "/": a range, so that the index on URLs serves.
    below = sa.or_(*(versions.c.url.between(start, f"{start[:-1]}0") for start in starts))
    columns = (versions.c.url, versions.c.id, versions.c.sha256)
    query = sa.select(*columns).where(below, versions.c.variant == rows.plain(variant))
    oldest_first = query.order_by(versions.c.url, versions.c.first_seen, versions.c.id)
    newest = {url: (number, sha256) for url, number, sha256 in connection.execute(oldest_first)}
    return {number: (url, sha256) for url, (number, sha256) in newest.items()}
