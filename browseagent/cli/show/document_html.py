"""A document as a plain HTML page: its blocks and links, nothing that runs. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from urllib.parse import urlsplit

from browseagent.cli.show.streams import clean
from browseagent.records import Block, BlockKind, Document, Link

_SAFE_SCHEMES = ("http", "https", "mailto")
_WRAPPERS = {BlockKind.PARAGRAPH: "p", BlockKind.QUOTE: "blockquote"}


def to_html(document: Document, rest: Document | None = None) -> str:
    """A whole HTML page, what stands beside the main text as ``<aside>``. Markup in the text is escaped;
    links lead to the web or to mail only."""
    language = f' lang="{escape(document.language)}"' if document.language else ""
    head = [
        "<!doctype html>",
        f"<html{language}>",
        '<meta charset="utf-8">',
        f"<title>{_text(document.title)}</title>",
        f'<link rel="canonical" href="{escape(document.url)}">' if _is_safe(document.url) else "",
    ]
    beside = [] if rest is None else ["<aside>", *_body(rest), "</aside>"]
    return "\n".join([line for line in head if line] + list(_body(document)) + beside + ["</html>"]) + "\n"


def _body(document: Document) -> Iterator[str]:
    open_tag = ""
    table = -1
    for block in document.blocks:
        wanted = _container(block)
        if wanted != open_tag or (wanted == "table" and block.table != table):
            if open_tag:
                yield f"</{open_tag}>"
            if wanted:
                yield f"<{wanted}>"
            open_tag = wanted
        table = block.table
        yield _block(document, block)
    if open_tag:
        yield f"</{open_tag}>"


def _container(block: Block) -> str:
    if block.kind is BlockKind.ROW:
        return "table"
    if block.kind is BlockKind.ITEM:
        return "ol" if block.ordered else "ul"
    return ""


def _block(document: Document, block: Block) -> str:
    if block.kind is BlockKind.ROW:
        tag = "th" if block.is_header else "td"
        spans = [(cell.start, cell.end) for cell in block.cells] or [(block.start, block.end)]
        cells = "".join(f"<{tag}>{_linked(document, block, *span)}</{tag}>" for span in spans)
        return f"<tr>{cells}</tr>"
    if block.kind is BlockKind.CODE:
        named = f' class="language-{escape(block.language)}"' if block.language else ""
        return f"<pre><code{named}>{_text(document.block_text(block))}</code></pre>"
    inner = _linked(document, block, block.start, block.end)
    if block.kind is BlockKind.HEADING:
        level = min(max(block.level, 1), 6)
        return f"<h{level}>{inner}</h{level}>"
    if block.kind is BlockKind.ITEM:
        number = "" if block.number is None else f' value="{block.number}"'
        return f"<li{number}>{inner}</li>"
    tag = _WRAPPERS.get(block.kind, "p")
    return f"<{tag}>{inner}</{tag}>"


def _linked(document: Document, block: Block, start: int, end: int) -> str:
    """The text of a span with the links that lie in it, and what is struck out in it."""
    parts: list[str] = []
    position = start
    for link in sorted(document.links, key=lambda link: link.start):
        if _lies_in(link, position, end) and _is_safe(link.url):
            parts.append(_struck(document, block, position, link.start))
            inner = _struck(document, block, link.start, link.end)
            parts.append(f'<a href="{escape(clean(link.url))}">{inner}</a>')
            position = link.end
    parts.append(_struck(document, block, position, end))
    return "".join(parts)


def _struck(document: Document, block: Block, start: int, end: int) -> str:
    """The text of a span without links."""
    parts: list[str] = []
    position = start
    for mark in block.marks:
        first, last = max(position, mark.start), min(end, mark.end)
        if mark.kind == "struck" and first < last:
            struck = _text(document.text[first:last])
            parts.append(f"{_text(document.text[position:first])}<s>{struck}</s>")
            position = last
    parts.append(_text(document.text[position:end]))
    return "".join(parts)


def _lies_in(link: Link, start: int, end: int) -> bool:
    return start <= link.start < link.end <= end


def _is_safe(url: str) -> bool:
    try:
        return urlsplit(url).scheme.lower() in _SAFE_SCHEMES
    except ValueError:
        return False


def _text(text: str) -> str:
    return escape(clean(text), quote=False)
