"""Pages: schema 1, which was made without migrations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0001"
down_revision = None
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "blobs",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("codec", sa.String(length=8), nullable=False),
        sa.Column("stored_bytes", sa.BigInteger(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256"),
    )
    op.create_index("blobs_by_size", "blobs", ["stored_bytes"])
    op.create_table(
        "derived",
        sa.Column("key", sa.String(length=512), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("last_used", sa.BigInteger(), nullable=False),
        sa.Column("codec", sa.String(length=8), nullable=False),
        sa.Column("stored_bytes", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("derived_by_content", "derived", ["sha256"])
    op.create_index("derived_by_size", "derived", ["stored_bytes"])
    op.create_index("derived_by_use", "derived", ["last_used"])
    op.create_table(
        "meta",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "url_holds",
        sa.Column("owner", sa.String(length=255), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("owner", "url"),
    )
    op.create_index("url_holds_by_url", "url_holds", ["url"])
    op.create_table(
        "versions",
        sa.Column("id", ROW_ID, autoincrement=True, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("first_seen", sa.BigInteger(), nullable=False),
        sa.Column("last_seen", sa.BigInteger(), nullable=False),
        sa.Column("last_used", sa.BigInteger(), nullable=False),
        sa.Column("final_url", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("via", sa.String(length=16), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("stored_bytes", sa.BigInteger(), nullable=False),
        sa.Column("redirects", sa.JSON(), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("hint", sa.Text(), nullable=True),
        sa.Column("body_blob", sa.String(length=64), nullable=False),
        sa.Column("dom_blob", sa.String(length=64), nullable=True),
        sa.Column("visible_blob", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["body_blob"],
            ["blobs.sha256"],
        ),
        sa.ForeignKeyConstraint(
            ["dom_blob"],
            ["blobs.sha256"],
        ),
        sa.ForeignKeyConstraint(
            ["visible_blob"],
            ["blobs.sha256"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("versions_by_body", "versions", ["body_blob"])
    op.create_index("versions_by_content", "versions", ["sha256"])
    op.create_index("versions_by_dom", "versions", ["dom_blob"])
    op.create_index("versions_by_url", "versions", ["url", "first_seen", "id"])
    op.create_index("versions_by_use", "versions", ["last_used"])
    op.create_index("versions_by_visible", "versions", ["visible_blob"])
    op.create_table(
        "version_holds",
        sa.Column("owner", sa.String(length=255), nullable=False),
        sa.Column("version_id", ROW_ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["versions.id"],
        ),
        sa.PrimaryKeyConstraint("owner", "version_id"),
    )
    op.create_index("version_holds_by_version", "version_holds", ["version_id"])
