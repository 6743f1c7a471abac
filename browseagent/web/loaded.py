"""When a page counts as loaded: when its text has stopped changing. Pure.

Not when the network is idle: pages that poll, stream or track are never idle, and others are idle
before their scripts have drawn anything. What decides is the text, and whether the page still means
to change it (a request for data under way, a timer about to fire, a part marked as loading).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

STILL_SCRIPTED = 0.05
"""Stillness asked of a page with scripts that has nothing more under way: one frame to draw, twice."""
STILL_PENDING = 1.0
"""Stillness asked while requests or timers are under way: longer than the polls of live pages last,
shorter than people wait."""
STILL_BUSY = 6.0
"""Stillness asked while a part of the page says that it is loading, or hardly any text is there."""
THIN = 200
"""Characters of text below which a page with something under way is taken to be a frame."""
OLD_REQUEST = 5.0
"""Age in seconds at which a request is a long poll and no longer part of loading."""


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
    if sample.chars < THIN and sample.requests > 0:
        return "the page was still waiting for data"
    return None
