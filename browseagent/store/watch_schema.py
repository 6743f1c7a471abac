"""The tables of watches, beside those of pages in one database.

A row of ``watches`` holds what a person asked for and what is remembered between two checks; it is
claimed by writing ``lease_token`` and ``lease_until``. ``snapshots`` are looks that are kept: they
refer to versions of the page store, which they hold. ``screenshots`` are pictures of snapshots.
``events`` are changes and troubles; one that is ``pending`` was seen and not yet judged. ``outbox``
holds one row a target and event until it is sent, and after that its fate.
"""

from __future__ import annotations

import sqlalchemy as sa

from browseagent.store.schema import ROW_ID, UtcTime, metadata

watch_groups = sa.Table(
    "watch_groups",
    metadata,
    sa.Column("name", sa.String(100), primary_key=True),
    sa.Column("settings", sa.JSON, nullable=False),
)
"""The group with an empty name holds the defaults."""

watches = sa.Table(
    "watches",
    metadata,
    sa.Column("id", ROW_ID, primary_key=True, autoincrement=True),
    sa.Column("uid", sa.String(32), nullable=False, unique=True),
    sa.Column("name", sa.String(100), nullable=False, unique=True),
    sa.Column("group_name", sa.String(100)),
    sa.Column("settings", sa.JSON, nullable=False),
    sa.Column("host", sa.String(255), nullable=False),
    sa.Column("enabled", sa.Boolean, nullable=False),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("due_at", UtcTime, nullable=False),
    sa.Column("lease_token", sa.String(64)),
    sa.Column("lease_until", UtcTime),
    sa.Column("memory", sa.JSON, nullable=False),
    sa.Column("seen_sha256", sa.String(64), nullable=False),
    sa.Column("etag", sa.Text),
    sa.Column("last_modified", sa.Text),
    sa.Column("state", sa.String(16)),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("checked_at", UtcTime),
    sa.Column("good_at", UtcTime, nullable=False),
    sa.Column("changed_at", UtcTime),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("trouble_told", sa.Boolean, nullable=False),
    sa.Column("checks", sa.BigInteger, nullable=False),
    sa.Index("watches_by_due", "enabled", "due_at"),
    sa.Index("watches_by_group", "group_name"),
)

snapshots = sa.Table(
    "snapshots",
    metadata,
    sa.Column("id", ROW_ID, primary_key=True, autoincrement=True),
    sa.Column("watch_id", ROW_ID, sa.ForeignKey("watches.id"), nullable=False),
    sa.Column("version_id", ROW_ID, sa.ForeignKey("versions.id"), nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("language", sa.String(35), nullable=False),
    sa.Column("chars", sa.BigInteger, nullable=False),
    sa.Column("pinned", sa.Boolean, nullable=False),
    sa.Index("snapshots_by_watch", "watch_id", "id"),
    sa.Index("snapshots_by_version", "version_id"),
)

screenshots = sa.Table(
    "screenshots",
    metadata,
    sa.Column("snapshot_id", ROW_ID, sa.ForeignKey("snapshots.id"), primary_key=True, autoincrement=False),
    sa.Column("watch_id", ROW_ID, sa.ForeignKey("watches.id"), nullable=False),
    sa.Column("media_type", sa.String(32), nullable=False),
    sa.Column("width", sa.Integer, nullable=False),
    sa.Column("height", sa.Integer, nullable=False),
    sa.Column("stored_bytes", sa.BigInteger, nullable=False),
    sa.Column("image_blob", sa.String(64), sa.ForeignKey("blobs.sha256"), nullable=False),
    sa.Column("boxes_blob", sa.String(64), sa.ForeignKey("blobs.sha256"), nullable=False),
    sa.Index("screenshots_by_watch", "watch_id", "snapshot_id"),
    sa.Index("screenshots_by_image", "image_blob"),
    sa.Index("screenshots_by_boxes", "boxes_blob"),
)
"""The picture of a snapshot, and where its texts stand on it, as JSON."""

events = sa.Table(
    "events",
    metadata,
    sa.Column("id", ROW_ID, primary_key=True, autoincrement=True),
    sa.Column("watch_id", ROW_ID, sa.ForeignKey("watches.id"), nullable=False),
    sa.Column("key", sa.String(64), nullable=False, unique=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("before_id", ROW_ID),
    sa.Column("after_id", ROW_ID),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("verdict", sa.JSON),
    sa.Column("alert", sa.Boolean, nullable=False),
    sa.Index("events_by_watch", "watch_id", "id"),
    sa.Index("events_by_status", "status", "watch_id"),
)
"""``before_id`` and ``after_id`` are snapshots, which retention may drop while the event stays."""

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("id", ROW_ID, primary_key=True, autoincrement=True),
    sa.Column("event_id", ROW_ID, sa.ForeignKey("events.id"), nullable=False),
    sa.Column("watch_id", ROW_ID, sa.ForeignKey("watches.id"), nullable=False),
    sa.Column("target", sa.Text, nullable=False),
    sa.Column("key", sa.String(64), nullable=False, unique=True),
    sa.Column("batch", sa.String(64), nullable=False),
    sa.Column("payload", sa.JSON, nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("next_at", UtcTime, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("lease_token", sa.String(64)),
    sa.Column("lease_until", UtcTime),
    sa.Column("sent_at", UtcTime),
    sa.Column("error", sa.Text, nullable=False),
    sa.Index("outbox_by_time", "status", "next_at"),
    sa.Index("outbox_by_watch", "watch_id", "status"),
    sa.Index("outbox_by_event", "event_id"),
)
"""``status`` is waiting, sent or dead."""
