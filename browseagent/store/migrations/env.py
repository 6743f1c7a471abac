"""Alembic's entry: runs the migrations on the connection that :mod:`browseagent.store.migrate` gives it."""

from __future__ import annotations

from alembic import context

from browseagent.store import watch_schema  # noqa: F401  its tables belong to the metadata
from browseagent.store.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
