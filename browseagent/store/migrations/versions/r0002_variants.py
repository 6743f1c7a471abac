"""Pages by the session that had them: schema 2, which was made without migrations too."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0002"
down_revision = "r0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the column; pages stored before are those of nobody in particular."""
    op.add_column("versions", sa.Column("variant", sa.Text(), nullable=False, server_default=""))
    op.drop_index("versions_by_url", "versions")
    op.create_index("versions_by_url", "versions", ["url", "variant", "first_seen", "id"])
