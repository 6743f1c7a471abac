"""Pictures of what watches saw, by snapshot: kept within a limit of each watch, gone with their snapshots."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import astuple, dataclass

import sqlalchemy as sa

from browseagent.records import Box, Screenshot
from browseagent.store import blobs
from browseagent.store.database import Database, damaged
from browseagent.store.watch_schema import screenshots, snapshots
from browseagent.watch.retention import Kept, over

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Prepared:
    """A picture taken apart and compressed, ready to be stored."""

    shot: Screenshot
    names: Mapping[str, str]
    """The blob of each column."""
    packed: Mapping[str, blobs.Packed]


def prepare(shot: Screenshot) -> Prepared:
    """The part of :func:`put_in` that is slow and needs no lock."""
    boxes = json.dumps([astuple(each) for each in shot.boxes], separators=(",", ":"))
    raw = {"image_blob": shot.image, "boxes_blob": boxes.encode()}
    names = {column: blobs.sha256_of(data) for column, data in raw.items()}
    return Prepared(shot, names, {names[column]: blobs.pack(data) for column, data in raw.items()})


def put_in(connection: sa.Connection, watch: int, snapshot: int, prepared: Prepared, most: int) -> None:
    """Stores the picture of a snapshot within a write transaction of the caller's; then the oldest ones of
    the watch go until all are within ``most`` bytes. One that alone is more is not stored."""
    size = sum(len(each.data) for each in prepared.packed.values())
    if size > most:
        return
    new = blobs.missing(connection, prepared.packed)
    blobs.insert(connection, {name: prepared.packed[name] for name in new})
    shot = prepared.shot
    row: dict[str, object] = {
        "snapshot_id": snapshot,
        "watch_id": watch,
        "media_type": shot.media_type,
        "stored_bytes": size,
    }
    row |= {"width": shot.width, "height": shot.height, **prepared.names}
    connection.execute(screenshots.insert().values(**row))
    kept = (
        sa.select(snapshots.c.id, snapshots.c.at, screenshots.c.stored_bytes, snapshots.c.pinned)
        .join(screenshots, screenshots.c.snapshot_id == snapshots.c.id)
        .where(screenshots.c.watch_id == watch)
    )
    forget(connection, over([Kept(*found) for found in connection.execute(kept)], most))


def forget(connection: sa.Connection, ids: Collection[int]) -> None:
    """Drops the pictures of snapshots, within a write transaction of the caller's."""
    ordered = sorted(ids)
    for start in range(0, len(ordered), _BATCH):
        these = screenshots.c.snapshot_id.in_(ordered[start : start + _BATCH])
        gone = screenshots.delete().where(these)
        found = connection.execute(gone.returning(screenshots.c.image_blob, screenshots.c.boxes_blob)).all()
        blobs.drop_unused(connection, {name for row in found for name in row})


def of_watch(connection: sa.Connection, watch: int) -> set[int]:
    """The snapshots of a watch that have a picture."""
    query = sa.select(screenshots.c.snapshot_id).where(screenshots.c.watch_id == watch)
    return set(connection.execute(query).scalars())


class Screenshots:
    """The pictures in a database. Every method may raise StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_watch(self, watch: int) -> set[int]:
        """The snapshots of a watch that have a picture."""
        with self._database.transaction() as connection:
            return of_watch(connection, watch)

    def get(self, snapshot: int, *, image: bool = True) -> Screenshot | None:
        """The picture of a snapshot, or None; without ``image`` its bytes are left out."""
        query = sa.select(screenshots).where(screenshots.c.snapshot_id == snapshot)
        with self._database.transaction() as connection:
            row = connection.execute(query).one_or_none()
            if row is None:
                return None
            try:
                data = blobs.read(connection, row.image_blob) if image else b""
                boxes = blobs.read(connection, row.boxes_blob)
            except blobs.DamagedBlobError as error:
                raise damaged(self._database.path, f"the picture of snapshot {snapshot}: {error}") from error
        found = tuple(Box(*each) for each in json.loads(boxes))
        return Screenshot(data, row.media_type, row.width, row.height, found)
