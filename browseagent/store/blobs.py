"""Bytes kept once by their hash, compressed where that makes them smaller.

zlib at its middle level: a page is written while a person waits (bench numbers in docs/cache.md).
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from browseagent.store.schema import blobs, versions
from browseagent.store.watch_schema import screenshots

_BATCH = 500  # SQLite takes at least 999 bound variables a statement


class DamagedBlobError(Exception):
    """Stored bytes that are not what was stored. Becomes a StoreError in the store."""


@dataclass(frozen=True, slots=True)
class Packed:
    """Bytes as they are stored."""

    codec: str
    data: bytes


def pack(raw: bytes) -> Packed:
    """Compresses bytes where that helps."""
    small = zlib.compress(raw, 6)
    return Packed("zlib", small) if len(small) < len(raw) else Packed("raw", raw)


def unpack(codec: str, data: bytes) -> bytes:
    """The bytes that were packed. Raises DamagedBlobError."""
    if codec == "raw":
        return data
    if codec != "zlib":
        raise DamagedBlobError(f"unknown compression {codec!r}")
    try:
        return zlib.decompress(data)
    except zlib.error as error:
        raise DamagedBlobError(str(error)) from error


def sha256_of(raw: bytes) -> str:
    """The name of a blob."""
    return hashlib.sha256(raw).hexdigest()


def missing(connection: sa.Connection, names: Iterable[str]) -> set[str]:
    """Those of the named blobs that are not stored."""
    wanted = set(names)
    query = sa.select(blobs.c.sha256).where(blobs.c.sha256.in_(wanted))
    return wanted - set(connection.execute(query).scalars())


def insert(connection: sa.Connection, packed: Mapping[str, Packed]) -> None:
    """Stores blobs that are not there yet."""
    for name, blob in packed.items():
        connection.execute(
            blobs.insert().values(sha256=name, codec=blob.codec, stored_bytes=len(blob.data), data=blob.data)
        )


def read(connection: sa.Connection, name: str) -> bytes:
    """The bytes of a blob. Raises DamagedBlobError where they are missing or altered."""
    query = sa.select(blobs.c.codec, blobs.c.data).where(blobs.c.sha256 == name)
    row = connection.execute(query).one_or_none()
    if row is None:
        raise DamagedBlobError(f"blob {name} is missing")
    raw = unpack(row.codec, row.data)
    if sha256_of(raw) != name:
        raise DamagedBlobError(f"blob {name} does not match its hash")
    return raw


def stored_bytes(connection: sa.Connection, names: Iterable[str]) -> int:
    """Size of the named blobs as they are stored."""
    query = sa.select(sa.func.coalesce(sa.func.sum(blobs.c.stored_bytes), 0))
    return int(connection.execute(query.where(blobs.c.sha256.in_(set(names)))).scalar_one())


def drop_unused(connection: sa.Connection, names: Iterable[str]) -> None:
    """Deletes those of the named blobs that nothing refers to any more."""
    ordered = sorted(set(names))
    columns = (
        versions.c.body_blob, versions.c.dom_blob, versions.c.visible_blob,
        screenshots.c.image_blob, screenshots.c.boxes_blob,
    )  # fmt: skip
    unused = [~sa.exists().where(column == blobs.c.sha256) for column in columns]
    for start in range(0, len(ordered), _BATCH):
        batch = ordered[start : start + _BATCH]
        connection.execute(blobs.delete().where(blobs.c.sha256.in_(batch), *unused))
