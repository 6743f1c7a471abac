"""When a page counts as loaded: when its text has stopped changing and what it asked for has come. Pure.

Not when the network is idle: pages that poll, stream or track are never idle, and others are idle
before their scripts have drawn anything. What decides is the text, and whether the page still means
to change it (a request for data under way, a timer about to fire, a part marked as loading). Data that
the page asks its own site for once is waited for; what it asks for over and over is not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from playwright.async_api import Request as Wire

STILL_SCRIPTED = 0.05
"""Stillness asked of a page with scripts that has nothing more under way: one frame to draw, twice."""
STILL_PENDING = 1.0
"""Stillness asked while requests or timers are under way: longer than the polls of live pages last,
shorter than people wait."""
STILL_BUSY = 6.0
"""Stillness asked while a part of the page says that it is loading, or hardly any text is there."""
THIN = 200
"""Characters of text below which a page with something under way is taken to be a frame."""
RICH = 3000
"""Characters of text from which a page without an empty place is whole, whatever it still waits for."""
OLD_REQUEST = 5.0
"""Age in seconds at which a script or a request to elsewhere is no longer part of loading."""
_DATA_TYPES = {"fetch", "xhr", "script", "document"}
_LIVE = re.compile(
    r"poll|\bbus\b|message-bus|socket|sockjs|signalr|comet|events?\b|stream|subscri|presence|heartbeat|"
    r"\bping\b|beacon|collect|telemetry|analytics|metrics|\blogs?\b|track",
    re.IGNORECASE,
)
"""Names of what never ends, or says something to the server: no page's text comes from there."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One look at the page. Times in seconds on one clock."""

    at: float
    ready: bool
    """Whether the document was received and parsed (``readyState`` is not ``loading``)."""
    complete: bool
    """Whether its ``load`` event has come."""
    chars: int
    digest: int
    """Hash of the visible text, digits folded."""
    busy: bool
    """Whether a part that is shown says that it is loading."""
    timers: int
    """Timers about to fire."""
    scripted: bool
    """Whether the document has scripts or frames at all."""
    lazy: bool
    """Whether the page watches what is scrolled into view: then "loading more" waits for the reader."""
    requests: int
    """Requests for data or scripts under way that are younger than :data:`OLD_REQUEST`."""
    data: int = 0
    """Requests under way for data that the page asks its own site for, and for the first time."""
    hollow: bool = False
    """Whether the main part of the page has an empty place."""

    @property
    def awaited(self) -> bool:
        """Whether data is under way without which the page is not whole."""
        return self.data > 0 and (self.hollow or self.chars < RICH)


class Loading(StrEnum):
    """What to do next."""

    WAIT = "wait"
    LOADED = "loaded"


def judge_loading(sample: Sample, changed_at: float) -> Loading:
    """Whether the page is loaded, given when its text was last seen to change."""
    if not sample.ready:
        return Loading.WAIT
    if not sample.scripted:
        return Loading.LOADED
    if sample.data > 0:
        return Loading.WAIT
    under_way = sample.requests > 0 or sample.timers > 0 or not sample.complete
    still = STILL_SCRIPTED
    if under_way:
        still = STILL_PENDING
    if (sample.busy and not _waits_for_reader(sample)) or (sample.chars < THIN and under_way):
        still = STILL_BUSY
    elif sample.chars == 0:
        still = STILL_PENDING
    return Loading.LOADED if sample.at - changed_at >= still else Loading.WAIT


def _waits_for_reader(sample: Sample) -> bool:
    return sample.lazy and sample.complete and sample.chars >= THIN and sample.requests == 0


def unfinished(sample: Sample) -> str | None:
    """What was still missing when the wait was given up; None where nothing was."""
    if not sample.ready:
        return "the server had not finished sending the page"
    if sample.busy and not _waits_for_reader(sample):
        return "a part of the page was still loading"
    if sample.awaited or (sample.chars < THIN and sample.requests > 0):
        return "the page was still waiting for data"
    return None


@dataclass(slots=True)
class Traffic:
    """A page's requests for data, as they begin and end."""

    url: str
    """Where the page stands."""
    began: dict[Wire, float] = field(default_factory=dict)
    _asked: set[str] = field(default_factory=set)
    _data: set[Wire] = field(default_factory=set)

    def begin(self, wire: Wire, at: float) -> None:
        """A request begins."""
        if wire.resource_type not in _DATA_TYPES:
            return
        self.began[wire] = at
        parts = urlsplit(wire.url)
        place = f"{parts.netloc}{parts.path}"
        own = _site(parts.hostname) == _site(urlsplit(self.url).hostname)
        if wire.resource_type in ("fetch", "xhr") and own and not _LIVE.search(parts.path):
            if place not in self._asked:
                self._data.add(wire)
            self._asked.add(place)

    def streams(self, wire: Wire, content_type: str) -> None:
        """What a request is answered with; what is a stream of events has no end."""
        if "event-stream" in content_type:
            self._data.discard(wire)

    def end(self, wire: Wire) -> None:
        """A request has ended, well or not."""
        self.began.pop(wire, None)
        self._data.discard(wire)

    def leave(self, url: str) -> None:
        """The page went elsewhere: what it had asked for is nobody's any more."""
        self.url = url
        self._asked.clear()
        self._data.clear()

    def young(self, now: float) -> int:
        """How many are under way that began lately."""
        return sum(now - began < OLD_REQUEST for began in self.began.values())

    @property
    def data(self) -> int:
        """How many are under way that the page's text may come from."""
        return len(self._data)


def _site(host: str | None) -> str:
    """The last two labels of a host, which the parts of a site mostly share; an address as it is."""
    labels = (host or "").split(".")
    return ".".join(labels if labels[-1].isdigit() else labels[-2:])
