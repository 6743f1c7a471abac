"""What came for a URL, before it is judged: the evidence that an outcome is decided from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from browseagent.read.media import Media, decode, media_of
from browseagent.records import Screenshot, Via
from browseagent.web.trouble import Trouble

if TYPE_CHECKING:
    from browseagent.web.shape import Shape


@dataclass(frozen=True)  # Without slots: what it is is looked at once, and kept.
class Response:
    """What came, by whichever way. ``body`` is decoded of its content-encoding, perhaps cut short."""

    url: str
    final_url: str
    via: Via
    status: int | None = None
    redirects: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    dom: str | None = None
    visible_text: str | None = None
    trouble: Trouble | None = None
    notes: tuple[str, ...] = ()
    how: tuple[str, ...] = ()
    """As a page has both."""
    screenshot: Screenshot | None = None
    leads_to: str = ""
    """Address of a download that the page started by itself."""

    def header(self, name: str) -> str:
        """The first header of that (lower-case) name, or an empty string."""
        return next((value for key, value in self.headers if key == name), "")

    @property
    def media_type(self) -> str:
        """The Content-Type without its parameters, lower case; empty where the server named none."""
        return self.header("content-type").partition(";")[0].strip().lower()

    @cached_property
    def media(self) -> Media:
        """What it is."""
        if self.dom is not None:
            return Media.HTML
        return media_of(self.body, self.header("content-type"), self.final_url)

    @cached_property
    def text(self) -> str:
        """As rendered where a browser was used, else the body decoded."""
        return self.dom if self.dom is not None else decode(self.body, self.header("content-type"))

    @cached_property
    def shape(self) -> Shape | None:
        """The shape of its document; None where it is no HTML."""
        from browseagent.web.shape import shape_of

        return shape_of(self.text) if self.media is Media.HTML else None
