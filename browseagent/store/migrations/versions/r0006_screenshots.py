"""Pictures of what watches saw: schema 6."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0006"
down_revision = "r0005"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "screenshots",
        sa.Column("snapshot_id", ROW_ID, sa.ForeignKey("snapshots.id"), autoincrement=False, nullable=False),
        sa.Column("watch_id", ROW_ID, sa.ForeignKey("watches.id"), nullable=False),
        sa.Column("media_type", sa.String(length=32), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("stored_bytes", sa.BigInteger(), nullable=False),
        sa.Column("image_blob", sa.String(length=64), sa.ForeignKey("blobs.sha256"), nullable=False),
        sa.Column("boxes_blob", sa.String(length=64), sa.ForeignKey("blobs.sha256"), nullable=False),
        sa.PrimaryKeyConstraint("snapshot_id"),
    )
    op.create_index("screenshots_by_watch", "screenshots", ["watch_id", "snapshot_id"])
    op.create_index("screenshots_by_image", "screenshots", ["image_blob"])
    op.create_index("screenshots_by_boxes", "screenshots", ["boxes_blob"])
