"""From bytes to readable text: :func:`extract` for bytes, :func:`read_page` for a fetched page.

By content, not by suffix: HTML, PDF, RSS and Atom, JSON, Markdown, plain text. Nothing here does any
input or output, and nothing heavy is imported before it is needed.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import cache
from importlib import resources

from browseagent.read.chunks import Chunk, compose
from browseagent.read.media import Media, decode, media_of
from browseagent.records import Document, Elements, Page
from browseagent.records.counted import counted

__all__ = ["extract", "extractor_version", "read_page"]


ONLY_HTML = "elements can be chosen from HTML only, and left out of it"


def extract(body: bytes, url: str, content_type: str = "", *, elements: Elements | None = None) -> Document:
    """The readable text of a body and its structure; of the chosen ``elements`` where some were chosen.

    Never raises for what is wrong with the body: a page without text gives a document without text,
    and ``notes`` says why. Raises ValueError for a selector that is none.
    """
    media = media_of(body, content_type, url)
    if media is Media.HTML:
        from browseagent.read.html import read_html

        return read_html(decode(body, content_type), url, elements)
    if elements is not None and elements.only:
        return _nothing(url, ONLY_HTML)
    if media.unreadable:
        return _nothing(url, "this is no text: an image, an archive or a program")
    try:
        document = _READERS[media](body, url, content_type)
    except ValueError as error:
        return _nothing(url, str(error))
    return replace(document, notes=(*document.notes, ONLY_HTML)) if elements else document


def _nothing(url: str, note: str) -> Document:
    return Document(url=url, text="", kept=0.0, notes=(note,))


def _read_pdf(body: bytes, url: str, content_type: str) -> Document:
    from browseagent.read.pdf import pdf_chunks

    title, chunks, left = pdf_chunks(body)
    document = document_of(chunks, url, title=title)
    if document.text and left:
        said = counted(left, "page at its end was left out", "pages at its end were left out")
        return replace(document, notes=(said,))
    if document.text:
        return document
    return replace(document, notes=("the PDF holds no text; its pages may be pictures of text",))


def _read_feed(body: bytes, url: str, content_type: str) -> Document:
    from browseagent.read.feed import feed_chunks

    title, chunks = feed_chunks(decode(body, content_type), url)
    return document_of(chunks, url, kind="listing", title=title)


def _read_data(body: bytes, url: str, content_type: str) -> Document:
    from browseagent.read.data import data_in
    from browseagent.read.plain import data_chunks

    try:
        value = data_in(decode(body, content_type), media_of(body, content_type, url))
        chunks, left = data_chunks(value)
        document = document_of(chunks, url, kind="listing")
        return replace(document, notes=(f"{left} of its values were left out",)) if left else document
    except ValueError:  # said to be data and is none: what it says can still be read
        return _read_plain(body, url, content_type)


def _read_markdown(body: bytes, url: str, content_type: str) -> Document:
    from browseagent.read.markdown_text import front_matter, markdown_chunks
    from browseagent.read.metadata import iso_date

    said, text = front_matter(decode(body, content_type))
    chunks = markdown_chunks(text, url)
    document = document_of(chunks, url, kind="documentation", title=said.get("title", ""))
    return replace(document, author=said.get("author", ""), date=iso_date(said.get("date", "")))


def _read_plain(body: bytes, url: str, content_type: str) -> Document:
    from browseagent.read.plain import plain_chunks

    return document_of(plain_chunks(decode(body, content_type)), url)


_READERS = {
    Media.PDF: _read_pdf,
    Media.FEED: _read_feed,
    Media.JSON: _read_data,
    Media.XML: _read_data,
    Media.MARKDOWN: _read_markdown,
    Media.PLAIN: _read_plain,
    Media.NOTHING: _read_plain,
}


def document_of(chunks: list[Chunk], url: str, *, kind: str = "article", title: str = "") -> Document:
    """A document of all the given chunks; its title is its first heading unless given."""
    body, blocks, links = compose(chunks)
    heading = next((c.text.strip() for c in chunks if c.level and c.kind.value == "heading"), "")
    return Document(url=url, text=body, blocks=blocks, links=links, kind=kind, title=title or heading)


def read_page(page: Page, elements: Elements | None = None) -> Document:
    """The document of a fetched page, and how much of what the browser showed it holds."""
    content_type = page.content_type
    if page.dom is not None:  # the rendered tree is serialised as UTF-8, whatever the server said
        content_type = "text/html; charset=utf-8"
    document = replace(extract(page.content, page.final_url, content_type, elements=elements), page=page)
    if page.visible_text is not None and page.visible_text.strip():
        shown = len("".join(page.visible_text.split()))
        held = len("".join(document.text.split()))
        document = replace(document, kept=min(1.0, held / shown))
    return document


@cache
def extractor_version() -> str:
    """Names what :func:`extract` does: a hash of this package's own files, so that it changes
    whenever they do."""
    digest = hashlib.sha256()
    for file in sorted(resources.files(__package__).iterdir(), key=lambda entry: entry.name):
        if file.name.endswith((".py", ".json")):
            digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
