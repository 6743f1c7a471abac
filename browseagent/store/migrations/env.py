"""Alembic's entry: runs the migrations on the connection that :mod:`browseagent.store.migrate` gives it."""

from __future__ import annotations

from alembic import context

from browseagent.store import site_schema, watch_schema  # noqa: F401  their tables belong to it
from browseagent.store.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
