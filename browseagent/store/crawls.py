"""Crawls in the store's database: what each knows of its site, and what became of it.

What became of a page, the links that it gave and its place in the full-text index are committed together:
after a crash each page is either done, with its links, or still waits. A page that was stored and not yet
noted as done is read from the store when the crawl goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from browseagent.store import rows
from browseagent.store.database import Database
from browseagent.store.page_index import PageIndex, PageText
from browseagent.store.site_schema import crawl_pages, crawls

MOST_KNOWN = 100_000
"""Addresses that one crawl keeps in mind; what is found beyond is not taken up."""
_BATCH = 400


@dataclass(frozen=True, slots=True)
class Waiting:
    """A page that is to be read."""

    url: str
    depth: int
    found_on: str = ""
    pattern: str = ""
    """What it has in common with pages that a program makes without end; may be empty."""
    tried: bool = False
    """Whether the network did not bring it in an earlier run."""


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a page."""

    url: str
    final_url: str
    readable: bool
    outcome: str
    reason: str = ""
    sha256: str = ""
    text: PageText | None = None
    """For the full-text index."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How a crawl stands."""

    read: int
    failed: int
    waiting: int
    led: int = 0
    """Those that only led to a page that was read before."""

    @property
    def asked(self) -> int:
        """Pages that were asked for."""
        return self.read + self.failed + self.led


@dataclass(frozen=True, slots=True)
class Failure:
    """A page that could not be read."""

    url: str
    outcome: str
    reason: str


class Crawls:
    """The crawls of one database. Every method may raise StoreError."""

    def __init__(self, database: Database, index: PageIndex) -> None:
        self._database = database
        self._index = index

    def begin(self, key: str, url: str, now: datetime, *, max_pages: int, anew: bool) -> tuple[int, bool]:
        """The crawl of that key, and whether it goes on where an earlier run was. It begins anew where there
        was none, where that one came to its end (nothing waits, or ``max_pages`` were asked for), or where
        ``anew`` says so."""
        with self._database.transaction(write=True) as connection:
            found = connection.execute(sa.select(crawls.c.id).where(crawls.c.key == key)).scalar_one_or_none()
            if found is not None:
                tally = _tally(connection, found)
                if not anew and tally.waiting and tally.asked < max_pages:
                    return int(found), True
                connection.execute(crawl_pages.delete().where(crawl_pages.c.crawl_id == found))
                connection.execute(crawls.delete().where(crawls.c.id == found))
            new = crawls.insert().values(key=key, url=rows.plain(url), began_at=now).returning(crawls.c.id)
            number = int(connection.execute(new).scalar_one())
            _add(connection, number, [Waiting(url, 0)])
            return number, False

    def next(self, crawl: int) -> Waiting | None:
        """The page that is to be read next: the least deep, and of these the one found first; what was tried
        in an earlier run comes after all others."""
        tried = crawl_pages.c.outcome != ""
        columns = (
            crawl_pages.c.url,
            crawl_pages.c.depth,
            crawl_pages.c.found_on,
            crawl_pages.c.pattern,
            tried,
        )
        waits = (crawl_pages.c.crawl_id == crawl) & (crawl_pages.c.state == "waiting")
        query = (
            sa.select(*columns).where(waits).order_by(tried, crawl_pages.c.depth, crawl_pages.c.id).limit(1)
        )
        with self._database.transaction() as connection:
            found = connection.execute(query).one_or_none()
        return None if found is None else Waiting(*found)

    def commit(
        self, crawl: int, done: Done, found: Sequence[Waiting], *, site: str, variant: str, per_pattern: int
    ) -> int:
        """Notes what became of a page and takes up what was found on it, at most ``per_pattern`` addresses of
        one pattern; how many were new."""
        state = "read" if done.readable else "failed"
        values = {"outcome": done.outcome, "reason": rows.plain(done.reason)}
        with self._database.transaction(write=True) as connection:
            if done.readable and done.final_url != done.url:
                state = _also(connection, crawl, done.final_url, state)
            this = (crawl_pages.c.crawl_id == crawl) & (crawl_pages.c.url == rows.plain(done.url))
            connection.execute(crawl_pages.update().where(this).values(state=state, **values))
            if done.text is not None:
                self._index.put_newest_in(connection, done.url, site, variant, done.sha256, done.text)
            return _add(connection, crawl, _within(connection, crawl, found, per_pattern))

    def tally(self, crawl: int) -> Tally:
        """How a crawl stands."""
        with self._database.transaction() as connection:
            return _tally(connection, crawl)

    def wait_again(self, crawl: int, urls: Sequence[str]) -> None:
        """Has pages wait again that failed for a reason that may lie not with them; the next run tries them
        last, and once."""
        these = crawl_pages.c.url.in_([rows.plain(url) for url in urls])
        change = crawl_pages.update().where(crawl_pages.c.crawl_id == crawl, these)
        with self._database.transaction(write=True) as connection:
            connection.execute(change.values(state="waiting"))

    def failures(self, crawl: int) -> list[Failure]:
        """The pages that could not be read, in the order in which they were found."""
        columns = (crawl_pages.c.url, crawl_pages.c.outcome, crawl_pages.c.reason)
        failed = (crawl_pages.c.crawl_id == crawl) & (crawl_pages.c.state == "failed")
        query = sa.select(*columns).where(failed).order_by(crawl_pages.c.id)
        with self._database.transaction() as connection:
            return [Failure(*row) for row in connection.execute(query)]


def _tally(connection: sa.Connection, crawl: int) -> Tally:
    query = sa.select(crawl_pages.c.state, sa.func.count()).where(crawl_pages.c.crawl_id == crawl)
    counts = {row[0]: int(row[1]) for row in connection.execute(query.group_by(crawl_pages.c.state))}
    return Tally(
        counts.get("read", 0), counts.get("failed", 0), counts.get("waiting", 0), counts.get("led", 0)
    )


def _also(connection: sa.Connection, crawl: int, final_url: str, state: str) -> str:
    """Notes where a page led to (``same``: it was never asked for itself), so that it is not read twice; the
    state of the page that led there: ``led`` where the other was read before."""
    final = (crawl_pages.c.crawl_id == crawl) & (crawl_pages.c.url == rows.plain(final_url))
    known = connection.execute(sa.select(crawl_pages.c.state).where(final)).scalar_one_or_none()
    if known is None:
        _add(connection, crawl, [Waiting(final_url, 0)])
    elif known != "waiting":
        return "led"
    connection.execute(crawl_pages.update().where(final).values(state="same"))
    return state


def _within(
    connection: sa.Connection, crawl: int, found: Sequence[Waiting], per_pattern: int
) -> list[Waiting]:
    """Of what was found, what is new and within the bounds for patterns and for the crawl."""
    new = {rows.plain(page.url): page for page in found}
    of_crawl = crawl_pages.c.crawl_id == crawl
    for start in range(0, len(urls := list(new)), _BATCH):
        batch = urls[start : start + _BATCH]
        query = sa.select(crawl_pages.c.url).where(of_crawl, crawl_pages.c.url.in_(batch))
        for url in connection.execute(query).scalars():
            del new[url]
    counted: dict[str, int] = {}
    known = connection.execute(sa.select(sa.func.count()).where(of_crawl)).scalar_one()
    taken: list[Waiting] = []
    for page in new.values():
        if page.pattern:
            if page.pattern not in counted:
                same = sa.select(sa.func.count()).where(of_crawl, crawl_pages.c.pattern == page.pattern)
                counted[page.pattern] = connection.execute(same).scalar_one()
            if counted[page.pattern] >= per_pattern:
                continue
            counted[page.pattern] += 1
        if known + len(taken) >= MOST_KNOWN:
            break
        taken.append(page)
    return taken


def _add(connection: sa.Connection, crawl: int, pages: Sequence[Waiting]) -> int:
    if pages:
        fixed = {"crawl_id": crawl, "state": "waiting", "outcome": "", "reason": ""}
        connection.execute(
            crawl_pages.insert(),
            [
                {
                    **fixed,
                    "url": rows.plain(page.url),
                    "depth": page.depth,
                    "found_on": rows.plain(page.found_on),
                    "pattern": rows.plain(page.pattern),
                }
                for page in pages
            ],
        )
    return len(pages)
