"""What arrived for a URL, before it is judged: the evidence that an outcome is decided from."""

from __future__ import annotations

import re
from dataclasses import dataclass

from browseagent.records import Via
from browseagent.web.trouble import Trouble

_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([a-zA-Z0-9_.:-]+)""", re.IGNORECASE)
_HEADER_CHARSET = re.compile(r"""charset\s*=\s*["']?([^\s;"']+)""", re.IGNORECASE)
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


@dataclass(frozen=True, slots=True)
class Arrival:
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
    screenshot: bytes | None = None
    interactive: bool | None = None
    """Whether the browser shows something to work with (a canvas, a video, a form); None: unknown."""

    def header(self, name: str) -> str:
        """The first header of that (lower-case) name, or an empty string."""
        return next((value for key, value in self.headers if key == name), "")

    @property
    def media_type(self) -> str:
        """The Content-Type without its parameters, lower case; empty where the server named none."""
        return self.header("content-type").partition(";")[0].strip().lower()

    @property
    def markup(self) -> str:
        """The document's HTML: as rendered where a browser was used, else as served."""
        return self.dom if self.dom is not None else decode_markup(self.body, self.header("content-type"))


def decode_markup(body: bytes, content_type: str) -> str:
    """HTML bytes as text, well enough to look for signs in it; reading proper is the read room's."""
    for bom, name in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(name, "replace")
    named = _HEADER_CHARSET.search(content_type)
    label = named[1] if named else ""
    if not label:
        meta = _META_CHARSET.search(body[:4096])
        label = meta[1].decode("ascii", "replace") if meta else "utf-8"
    try:
        return body.decode(label, "replace")
    except LookupError:
        return body.decode("utf-8", "replace")
