"""The table of what was asked before."""

from __future__ import annotations

import sqlalchemy as sa

from browseagent.store.schema import ROW_ID, UtcTime, metadata

asked = sa.Table(
    "asked",
    metadata,
    sa.Column("id", ROW_ID, primary_key=True, autoincrement=True),
    sa.Column("at", UtcTime, nullable=False),
    sa.Column("question", sa.Text, nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("answer", sa.Text),
    sa.Column("model", sa.Text, nullable=False),
    sa.Column("document", sa.JSON, nullable=False),
    sa.Index("asked_by_time", "at", "id"),
)
"""``document`` is the whole answer as JSON (``browseagent.answer/1``): quotes, the hashes of pages."""
