"""The tables of the page store, in SQLAlchemy's terms so that another database can hold them too.

``blobs`` hold bytes once each, by their SHA-256. A row of ``versions`` is a span of time in which
a URL had one content, as one kind of session saw it (``variant``; empty: one that asks for nothing);
it refers to the blobs of its body, its rendered DOM and its visible text. ``derived`` holds what was
computed from a content. The two ``holds`` tables name what eviction and ``cache clear`` must leave
alone, and for whom. ``meta`` records the version of this schema.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

SCHEMA_VERSION = 6
"""2 added variants, 3 the watches, 4 crawls and the full-text index, 5 what was asked, 6 pictures of
watches; ``migrations/`` takes an older database there."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def micros(moment: datetime) -> int:
    """A time as the columns hold it: whole microseconds since 1970."""
    return (moment - _EPOCH) // _MICROSECOND


class UtcTime(sa.types.TypeDecorator[datetime]):
    """An aware datetime as whole microseconds since 1970: exact, ordered, the same in every database."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> int | None:
        return None if value is None else micros(value)

    def process_result_value(self, value: int | None, dialect: sa.Dialect) -> datetime | None:
        return None if value is None else _EPOCH + value * _MICROSECOND


ROW_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")  # SQLite counts up only INTEGER keys
_HASH = sa.String(64)

metadata = sa.MetaData()

meta = sa.Table(
    "meta",
    metadata,
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)

alembic_version = sa.Table(
    "alembic_version",
    metadata,
    sa.Column("version_num", sa.String(32), nullable=False),
    sa.PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
"""As Alembic would make it: where the migrations are."""

blobs = sa.Table(
    "blobs",
    metadata,
    sa.Column("sha256", _HASH, primary_key=True),
    sa.Column("codec", sa.String(8), nullable=False),
    sa.Column("stored_bytes", sa.BigInteger, nullable=False),
    sa.Column("data", sa.LargeBinary, nullable=False),
    # The size of the store is a sum over this column; from the index it is read without the data.
    sa.Index("blobs_by_size", "stored_bytes"),
)

versions = sa.Table(
    "versions",
    metadata,
    sa.Column("id", ROW_ID, primary_key=True, autoincrement=True),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("variant", sa.Text, nullable=False, server_default=""),
    sa.Column("sha256", _HASH, nullable=False),
    sa.Column("first_seen", UtcTime, nullable=False),
    sa.Column("last_seen", UtcTime, nullable=False),
    sa.Column("last_used", UtcTime, nullable=False),
    sa.Column("final_url", sa.Text, nullable=False),
    sa.Column("outcome", sa.String(32), nullable=False),
    sa.Column("via", sa.String(16), nullable=False),
    sa.Column("status", sa.Integer),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("stored_bytes", sa.BigInteger, nullable=False),
    sa.Column("redirects", sa.JSON, nullable=False),
    sa.Column("headers", sa.JSON, nullable=False),
    sa.Column("notes", sa.JSON, nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("hint", sa.Text),
    sa.Column("body_blob", _HASH, sa.ForeignKey("blobs.sha256"), nullable=False),
    sa.Column("dom_blob", _HASH, sa.ForeignKey("blobs.sha256")),
    sa.Column("visible_blob", _HASH, sa.ForeignKey("blobs.sha256")),
    sa.Index("versions_by_url", "url", "variant", "first_seen", "id"),
    sa.Index("versions_by_content", "sha256"),
    sa.Index("versions_by_use", "last_used"),
    sa.Index("versions_by_body", "body_blob"),
    sa.Index("versions_by_dom", "dom_blob"),
    sa.Index("versions_by_visible", "visible_blob"),
)

derived = sa.Table(
    "derived",
    metadata,
    sa.Column("key", sa.String(512), primary_key=True),
    sa.Column("sha256", _HASH, nullable=False),
    sa.Column("last_used", UtcTime, nullable=False),
    sa.Column("codec", sa.String(8), nullable=False),
    sa.Column("stored_bytes", sa.BigInteger, nullable=False),
    sa.Column("value", sa.LargeBinary, nullable=False),
    sa.Index("derived_by_content", "sha256"),
    sa.Index("derived_by_use", "last_used"),
    sa.Index("derived_by_size", "stored_bytes"),
)

version_holds = sa.Table(
    "version_holds",
    metadata,
    sa.Column("owner", sa.String(255), primary_key=True),
    sa.Column("version_id", ROW_ID, sa.ForeignKey("versions.id"), primary_key=True),
    sa.Index("version_holds_by_version", "version_id"),
)

url_holds = sa.Table(
    "url_holds",
    metadata,
    sa.Column("owner", sa.String(255), primary_key=True),
    sa.Column("url", sa.Text, primary_key=True),
    sa.Index("url_holds_by_url", "url"),
)
