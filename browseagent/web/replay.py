"""Recorded pages: saving one as a folder, and a fetcher that serves such folders.

A recording is a folder ``<slug>/`` with ``page.json`` (everything but the bytes), ``body.html`` or
``body.bin`` (the body as served) and ``dom.html`` (the document as rendered, where a browser was used).
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from browseagent.records import Outcome, Page, Via
from browseagent.web.port import Request

SCHEMA = "browseagent.page/1"
RECORD = "page.json"
_BODIES = ("body.html", "body.bin")


def save(page: Page, folder: Path) -> Path:
    """Writes a page as a recording into ``folder``, all of it or nothing; a recording that is there
    already is replaced, other files beside it (expected results) are kept. Gives the folder back."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        body_name = _body_name(page)
        if page.body:
            (fresh / body_name).write_bytes(page.body)
        if page.dom is not None:
            (fresh / "dom.html").write_bytes(page.dom.encode("utf-8", "surrogatepass"))
        text = json.dumps(_described(page, body_name), indent=2, ensure_ascii=False) + "\n"
        (fresh / RECORD).write_bytes(text.encode("utf-8", "surrogatepass"))
        _put(fresh, folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return folder


def load(folder: Path) -> Page:
    """The page that a recording holds. Raises ``OSError`` or ``ValueError`` where it holds none."""
    try:
        return _page(folder)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{folder} is no recording of a page: {error!r} in its {RECORD}") from error


def is_recording(folder: Path) -> bool:
    """Whether a folder looks like a recording."""
    return (folder / RECORD).is_file()


def _page(folder: Path) -> Page:
    record: dict[str, Any] = json.loads((folder / RECORD).read_bytes().decode("utf-8", "surrogatepass"))
    if record.get("schema") != SCHEMA:
        raise ValueError(f"{folder} is no recording of a page: its schema is {record.get('schema')!r}")
    if record["body"] not in ("", *_BODIES):  # it may be another's: no file elsewhere is read for it
        raise ValueError(f"{folder} is no recording of a page: its body is {record['body']!r}")
    body = (folder / record["body"]).read_bytes() if record["body"] else b""
    dom = folder / "dom.html"
    return Page(
        url=record["url"],
        final_url=record["final_url"],
        outcome=Outcome(record["outcome"]),
        via=Via(record["via"]),
        fetched_at=datetime.fromisoformat(record["fetched_at"]),
        status=record["status"],
        redirects=tuple(record["redirects"]),
        headers=tuple((name, value) for name, value in record["headers"]),
        body=body,
        dom=dom.read_bytes().decode("utf-8", "surrogatepass") if dom.is_file() else None,
        visible_text=record["visible_text"],
        reason=record["reason"],
        hint=record["hint"],
        notes=tuple(record["notes"]),
    )


class Replay:
    """A :class:`~browseagent.web.port.Fetcher` over recordings; nothing is fetched.

    ``requests`` holds every request in order, for tests. A URL that was not recorded is a page with
    outcome ``unreachable``. With a validator that matches, the answer is a 304, as a server's would be.
    """

    def __init__(self, pages: Iterable[Page]) -> None:
        self.requests: list[Request] = []
        self._pages: dict[str, Page] = {}
        for page in pages:
            for url in (*page.redirects, page.final_url, page.url):
                self._pages[url] = page

    @classmethod
    def of(cls, root: Path) -> Replay:
        """All recordings directly beneath a folder."""
        return cls(load(found.parent) for found in sorted(root.glob(f"*/{RECORD}")))

    async def fetch(self, request: Request) -> Page:
        """The recorded page, as recorded."""
        self.requests.append(request)
        page = self._pages.get(request.url) or self._pages.get(request.url.partition("#")[0])
        if page is None:
            return Page(
                request.url,
                request.url,
                Outcome.UNREACHABLE,
                Via.HTTP,
                datetime.fromisoformat("2000-01-01T00:00:00+00:00"),
                reason=f"{request.url} was not recorded.",
                hint="Record it with `browseagent record`.",
            )
        if request.etag is not None and request.etag == page.header("etag"):
            return replace(page, url=request.url, status=304, body=b"", dom=None, visible_text=None)
        return replace(page, url=request.url)


def _body_name(page: Page) -> str:
    return _BODIES["html" not in page.content_type.lower()]


def _described(page: Page, body_name: str) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "url": page.url,
        "final_url": page.final_url,
        "outcome": page.outcome.value,
        "via": page.via.value,
        "fetched_at": page.fetched_at.isoformat(),
        "status": page.status,
        "redirects": list(page.redirects),
        "headers": [list(field) for field in page.headers],
        "body": body_name if page.body else "",
        "sha256": page.sha256,
        "visible_text": page.visible_text,
        "reason": page.reason,
        "hint": page.hint,
        "notes": list(page.notes),
    }


def _put(fresh: Path, folder: Path) -> None:
    """Puts a finished folder in its place. Where one is there already, its recording's files are replaced
    one by one, ``page.json`` last: until then the old one is read or, with the bytes already changed, the
    new one; no file is ever half written."""
    if not folder.exists():
        fresh.rename(folder)
        return
    for name in (*_BODIES, "dom.html", RECORD):
        if (fresh / name).exists():
            (fresh / name).replace(folder / name)
        elif name != RECORD:
            (folder / name).unlink(missing_ok=True)
