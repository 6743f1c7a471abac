"""The tables of whole sites, beside those of their pages in one database.

A row of ``crawls`` is a crawl by what was asked for (``key``); ``crawl_pages`` are the addresses that it
knows, and what became of each: that is its frontier, and all that it needs to go on. ``indexed`` says which
versions the full-text index holds. The index itself (``page_text``) is a virtual table of SQLite's FTS5,
made when it is first written (:mod:`browseagent.store.page_index`).
"""

from __future__ import annotations

import sqlalchemy as sa

from browseagent.store.schema import ROW_ID, UtcTime, metadata

crawls = sa.Table(
    "crawls",
    metadata,
    sa.Column("id", ROW_ID, primary_key=True, autoincrement=True),
    sa.Column("key", sa.String(64), nullable=False, unique=True),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("began_at", UtcTime, nullable=False),
)

crawl_pages = sa.Table(
    "crawl_pages",
    metadata,
    sa.Column("id", ROW_ID, primary_key=True, autoincrement=True),
    sa.Column("crawl_id", ROW_ID, sa.ForeignKey("crawls.id"), nullable=False),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("pattern", sa.Text, nullable=False),
    sa.Column("depth", sa.Integer, nullable=False),
    sa.Column("found_on", sa.Text, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("outcome", sa.String(32), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.UniqueConstraint("crawl_id", "url"),
    sa.Index("crawl_pages_by_state", "crawl_id", "state", "depth", "id"),
    sa.Index("crawl_pages_by_pattern", "crawl_id", "pattern"),
)
"""``state`` is waiting, read, failed, led (it was asked for and led to a page that was read before), or same
(what a page that was read led to)."""

indexed = sa.Table(
    "indexed",
    metadata,
    sa.Column("version_id", ROW_ID, primary_key=True, autoincrement=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("site", sa.String(255), nullable=False),
    sa.Column("variant", sa.Text, nullable=False),
    sa.Column("maker", sa.String(64), nullable=False),
    sa.Index("indexed_by_site", "site", "variant"),
)
"""``maker`` is the version of what made the text from the page."""
