"""Stored pages and their versions as the JSON documents of the contract. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from browseagent.forms import stored_shapes as shapes
from browseagent.forms.results import hunk
from browseagent.records import Hunk
from browseagent.store.listing import StoredPage, StoreSize
from browseagent.store.port import Version


def version(each: Version) -> shapes.Version:
    """One stored version of a page."""
    return {
        "id": each.id,
        "url": each.url,
        "sha256": each.sha256,
        "first_seen": each.first_seen.isoformat(),
        "last_seen": each.last_seen.isoformat(),
        "status": each.status,
        "via": each.via,
        "bytes": each.bytes,
        "title": each.title,
        "variant": each.variant,
    }


def stored_page(each: StoredPage) -> shapes.StoredPage:
    """What is stored of one URL."""
    return {
        "url": each.url,
        "title": each.title,
        "versions": each.versions,
        "bytes": each.bytes,
        "last_seen": each.last_seen.isoformat(),
        "held": each.held,
        "variant": each.variant,
    }


def cache_list(pages: list[StoredPage], size: StoreSize) -> shapes.Cache:
    """``browseagent.cache/1``."""
    total: shapes.StoreSize = {
        "pages": size.pages,
        "versions": size.versions,
        "bytes": size.bytes,
        "file_bytes": size.file_bytes,
        "max_bytes": size.max_bytes,
    }
    pages_json = [stored_page(each) for each in pages]
    return {"schema": "browseagent.cache/1", "pages": pages_json, "size": total, "error": None}


def history(url: str, versions: list[Version]) -> shapes.History:
    """``browseagent.history/1``."""
    listed = [version(each) for each in versions]
    return {"schema": "browseagent.history/1", "url": url, "versions": listed, "error": None}


def diff(before: Version, after: Version, hunks: Sequence[Hunk]) -> shapes.Diff:
    """``browseagent.diff/1``: ``changes`` as those of a watch."""
    changes = [hunk(each) for each in hunks]
    return {
        "schema": "browseagent.diff/1",
        "url": after.url,
        "before": version(before),
        "after": version(after),
        "changed": any(not hunk.noise for hunk in hunks),
        "changes": changes,
        "error": None,
    }
