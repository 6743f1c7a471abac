"""Takes an older database to the present schema, in the transaction that opens it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from browseagent.store.schema import SCHEMA_VERSION, alembic_version, meta

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "r0006"
"""The newest migration; a test holds it against the folder."""


def upgrade(connection: sa.Connection, found: int) -> None:
    """Runs the migrations that are missing in a database of schema ``found``. Schemas 1 and 2 were made
    without migrations, and are what the first and the second one make."""
    from alembic import command

    config = alembic_config(connection)
    if not sa.inspect(connection).has_table(alembic_version.name):
        alembic_version.create(connection)
        connection.execute(alembic_version.insert().values(version_num=f"r{found:04}"))
    command.upgrade(config, "head")
    change = meta.update().where(meta.c.key == "schema_version")
    connection.execute(change.values(value=str(SCHEMA_VERSION)))


def alembic_config(connection: sa.Connection) -> Config:
    """Alembic's settings, without a file."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
