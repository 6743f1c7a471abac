"""Pages from files and bytes, and recordings of pages."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from browseagent.records import Outcome, Page, Via
from browseagent.web import Replay, Request, page_from_bytes, page_from_file, save
from browseagent.web.limits import Limits
from browseagent.web.replay import load

HTML = b"<!doctype html><title>T</title><h1>Saved</h1><p>Words of a saved page, kept for later.</p>"


@pytest.mark.parametrize(
    ("body", "kind", "outcome"),
    [
        (HTML, "text/html", Outcome.OK),
        (b"%PDF-1.7 rest", "application/pdf", Outcome.OK),
        (b"just words", "text/plain", Outcome.OK),
        (b'{"a": 1}', "application/json", Outcome.OK),
        (b"<?xml version='1.0'?><rss version='2.0'></rss>", "application/xml", Outcome.OK),
        (b"", "", Outcome.EMPTY),
        (b"\x89PNG\r\n\x1a\n", "", Outcome.UNSUPPORTED),
        (b"PK\x03\x04", "", Outcome.UNSUPPORTED),
    ],
)
def test_bytes_are_told_by_their_content(body: bytes, kind: str, outcome: Outcome) -> None:
    """What was handed over on standard input gets its type and outcome by what it holds."""
    page = page_from_bytes(body, "file:///dev/stdin")
    assert (page.outcome, page.content_type, page.via) == (outcome, kind, Via.FILE)


async def test_files(tmp_path: Path) -> None:
    """A file is a page with its file URI; one that is missing, a folder or too large says so."""
    file = tmp_path / "a page.html"
    file.write_bytes(HTML)
    page = await page_from_file(file)
    assert (page.outcome, page.body, page.url) == (Outcome.OK, HTML, file.as_uri())
    assert (await page_from_file(tmp_path / "none.html")).outcome is Outcome.NOT_FOUND
    assert (await page_from_file(tmp_path)).outcome is Outcome.UNREACHABLE
    assert (await page_from_file(file, limits=Limits(decoded_bytes=10))).outcome is Outcome.TOO_LARGE


@pytest.fixture
def page() -> Page:
    """A page with everything that a recording keeps."""
    return Page(
        url="https://a.test/x",
        final_url="https://a.test/y",
        outcome=Outcome.OK,
        via=Via.CHROMIUM,
        fetched_at=datetime(2025, 3, 1, tzinfo=UTC),
        status=200,
        redirects=("https://a.test/x", "https://a.test/y"),
        headers=(("content-type", "text/html"), ("etag", '"1"'), ("set-cookie", "a"), ("set-cookie", "b")),
        body=HTML,
        dom="<html><p>lone surrogate \ud800 and 漢字</p></html>",
        visible_text="Saved",
        notes=("a consent layer was refused",),
    )


def test_a_recording_gives_the_page_back(page: Page, tmp_path: Path) -> None:
    """What is saved is loaded again to the last byte, and saved over it changes nothing else there."""
    folder = save(page, tmp_path / "deep" / "slug")
    assert load(folder) == page
    (folder / "expected.md").write_text("reviewed")
    later = replace(page, dom=None, visible_text=None, via=Via.HTTP)
    assert load(save(later, folder)) == later
    assert sorted(path.name for path in folder.iterdir()) == ["body.html", "expected.md", "page.json"]
    assert [path.name for path in folder.parent.iterdir()] == ["slug"]


async def test_a_recording_is_a_source(page: Page, tmp_path: Path) -> None:
    """Its folder gives the page as it was recorded, with its URL and time; a damaged one says so."""
    folder = save(page, tmp_path / "slug")
    assert await page_from_file(folder) == replace(page, via=Via.FILE)
    (folder / "page.json").write_text("{")
    damaged = await page_from_file(folder)
    assert damaged.outcome is Outcome.UNSUPPORTED
    assert damaged.hint == "Record the page anew."


@pytest.mark.parametrize("body", ["../secret.txt", "/etc/hostname", "sub/body.html", None, 7])
async def test_a_recording_by_another_reads_no_other_file(body: object, page: Page, tmp_path: Path) -> None:
    """A recording may come from anybody: the file that it names is its own, or it is none."""
    (tmp_path / "secret.txt").write_text("secret")
    folder = save(page, tmp_path / "slug")
    record = json.loads((folder / "page.json").read_text("utf-8"))
    (folder / "page.json").write_text(json.dumps({**record, "body": body}), "utf-8")
    with pytest.raises(ValueError, match="no recording"):
        load(folder)
    assert (await page_from_file(folder)).body == b""


async def test_replay(page: Page, tmp_path: Path) -> None:
    """A replay serves recordings under every URL of the chain, answers 304, and fetches nothing else."""
    save(page, tmp_path / "one")
    replay = Replay.of(tmp_path)
    for url in ("https://a.test/x", "https://a.test/y", "https://a.test/y#part"):
        assert (await replay.fetch(Request(url))).body == HTML
    assert (await replay.fetch(Request("https://a.test/x", etag='"1"'))).status == 304
    assert (await replay.fetch(Request("https://b.test/"))).outcome is Outcome.UNREACHABLE
    assert len(replay.requests) == 5


def test_a_folder_of_another_kind_is_refused(tmp_path: Path) -> None:
    """A page.json of another schema is an error that names the folder."""
    for record in ('{"schema": "other/1"}', '{"schema": "browseagent.page/1"}', "[]"):
        (tmp_path / "page.json").write_text(record)
        with pytest.raises(ValueError, match="no recording"):
            load(tmp_path)


async def test_saving_while_others_read(page: Page, tmp_path: Path) -> None:
    """A reader beside a writer never sees half a file."""
    folder = save(page, tmp_path / "one")

    def write() -> None:
        for _ in range(30):
            save(page, folder)

    writing = asyncio.create_task(asyncio.to_thread(write))
    while not writing.done():
        assert load(folder).body == HTML
        await asyncio.sleep(0)
    await writing
