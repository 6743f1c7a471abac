"""What came back from the web: pages, and what may be chosen of one."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal
from urllib.parse import unquote


class Outcome(StrEnum):
    """What came of an attempt to get a page. Only ``ok`` and ``truncated`` may reach a model."""

    OK = "ok"
    EMPTY = "empty"
    TRUNCATED = "truncated"
    NOT_FOUND = "not_found"
    GONE = "gone"
    HTTP_ERROR = "http_error"
    LOGIN = "login"
    BLOCKED = "blocked"
    CONSENT = "consent"
    ROBOTS = "robots"
    POLICY = "policy"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    TOO_LARGE = "too_large"
    UNSUPPORTED = "unsupported"

    @property
    def readable(self) -> bool:
        """Whether the text of such a page may be read and answered from."""
        return self in (Outcome.OK, Outcome.TRUNCATED)


STANDARD_INPUT = "file:///dev/stdin"
"""The address of a page that was piped in; it cannot be opened again."""


class Via(StrEnum):
    """How a page was had."""

    HTTP = "http"
    CHROMIUM = "chromium"
    FILE = "file"
    CACHE = "cache"


def route_of(url: str) -> str:
    """The fragment of an address where it names a page of its own: a view of a single-page application
    (``#/…``, ``#!…``, ``#View:mark=heron``). Empty where it only names a place on the page or in a film,
    its first view (``#/``), from where its reader came, or what a login hands over."""
    fragment = url.partition("#")[2].partition(":~:")[0]
    said = unquote(fragment)
    if said.startswith("!") or "/" in said:
        return fragment if said.strip("!/?") else ""
    named = [part for part in fragment.split("&") if not _NO_VIEW.match(part)]
    return "&".join(named) if "=" in fragment and not _HANDED_OVER.search(fragment) else ""


_NO_VIEW = re.compile(r"(?:utm_\w+|xtor|at_(?:medium|campaign)|(?:fb|g)clid|t|xywh)=", re.I)
"""Parameters of a fragment that name no view: where a reader came from, and a time or a part of a film (W3C
Media Fragments)."""
_HANDED_OVER = re.compile(r"(?:^|&)(?:access|id)_token=", re.I)


@dataclass(frozen=True, slots=True)
class Box:
    """Where a text stands on a picture of its page, in pixels."""

    text: str
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Screenshot:
    """A picture of a page from top to bottom, and where its texts stand on it, in their order."""

    image: bytes
    media_type: Literal["image/png", "image/jpeg"]
    width: int
    height: int
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """What came back for a URL, whether or not it was any good.

    A fetch that fails is a page too: its ``outcome`` says what happened, ``reason`` says it in one
    sentence for a person, ``hint`` says what to do next.
    """

    url: str
    """The URL asked for (for a file: its ``file:`` URI)."""
    final_url: str
    """The URL after redirects."""
    outcome: Outcome
    via: Via
    fetched_at: datetime
    status: int | None = None
    """HTTP status of the final response; None where there was none."""
    redirects: tuple[str, ...] = ()
    """Every URL on the way, the requested one first; empty where there was no redirect."""
    headers: tuple[tuple[str, str], ...] = ()
    """Response headers, names in lower case, repeats kept."""
    body: bytes = b""
    """The body as received, content-encoding undone."""
    dom: str | None = None
    """The document as Chromium rendered it, serialised; None where no browser was used."""
    visible_text: str | None = None
    """What the browser showed (``innerText`` of the body); None where no browser was used."""
    reason: str | None = None
    hint: str | None = None
    notes: tuple[str, ...] = ()
    """What a person should know whenever the page is read, e.g. that it was cut off."""
    how: tuple[str, ...] = ()
    """How it was had, e.g. a consent layer was refused, or why a browser was used: of this fetch alone, so
    neither stored nor told again."""
    screenshot: Screenshot | None = field(default=None, repr=False, compare=False)
    """The page as it was read, where that was asked for. Watches store it; the page store does not."""

    def header(self, name: str) -> str | None:
        """The first header of that name, or None."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key == wanted), None)

    @property
    def content_type(self) -> str:
        """The Content-Type as served, or an empty string."""
        return self.header("content-type") or ""

    @property
    def content(self) -> bytes:
        """The bytes that are read: the rendered DOM where there is one, else the body."""
        return self.body if self.dom is None else self.dom.encode("utf-8", "surrogatepass")

    @property
    def sha256(self) -> str:
        """Hash of :attr:`content`, in hexadecimal: the identity of a page version."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Elements:
    """Which elements of a page its document is made of, as CSS selectors. Chosen when a page is read, so
    one stored page serves every choice."""

    only: tuple[str, ...] = ()
    """These elements and nothing else; empty: the page's main content."""
    without: tuple[str, ...] = ()
    """Not these elements."""

    def __bool__(self) -> bool:
        return bool(self.only or self.without)
