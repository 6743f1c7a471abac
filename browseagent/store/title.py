"""The title that a page's markup gives, for listings. The reader finds a better one; this is cheap."""

from __future__ import annotations

import html
import re

from browseagent.records import Page

_HEAD_BYTES = 65_536  # a title stands in the head; what comes later is not worth searching
_TITLE = re.compile(r"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([A-Za-z0-9_.:-]+)", re.IGNORECASE)
_LONGEST = 300


def title_of(page: Page) -> str:
    """The content of the ``title`` element with white space folded, or an empty string."""
    found = _TITLE.search(_head(page))
    if not found:
        return ""
    title = " ".join(html.unescape(found.group(1)).split())
    return title.encode("utf-8", "replace").decode("utf-8")[:_LONGEST]


def _head(page: Page) -> str:
    if page.dom is not None:
        return page.dom[:_HEAD_BYTES]
    head = page.body[:_HEAD_BYTES]
    named = _CHARSET.search(page.content_type.encode("ascii", "replace")) or _CHARSET.search(head)
    charset = named.group(1).decode("ascii") if named else "utf-8"
    try:
        return head.decode(charset, "replace")
    except (LookupError, ValueError):  # a charset that Python does not know, or no text encoding
        return head.decode("utf-8", "replace")
