"""Gets pages, and says truly what became of each.

:class:`Web` fetches from the network, :class:`Replay` from recorded fixtures; both are a
:class:`~browseagent.web.port.Fetcher`. :func:`page_from_file` and :func:`page_from_bytes` make pages of
what a person has on disk or on standard input. Playwright and httpx are imported when ``Web`` is first
asked for, not before.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from browseagent.web.port import Fetcher, Request

if TYPE_CHECKING:
    from browseagent.web.fetch import Web as Web
    from browseagent.web.file import page_from_bytes as page_from_bytes
    from browseagent.web.file import page_from_file as page_from_file
    from browseagent.web.limits import Limits as Limits
    from browseagent.web.policy import Policy as Policy
    from browseagent.web.replay import Replay as Replay
    from browseagent.web.replay import save as save

_HOME = {
    "Limits": "limits",
    "Policy": "policy",
    "Replay": "replay",
    "Web": "fetch",
    "page_from_bytes": "file",
    "page_from_file": "file",
    "save": "replay",
}
__all__ = [
    "Fetcher",
    "Limits",
    "Policy",
    "Replay",
    "Request",
    "Web",
    "page_from_bytes",
    "page_from_file",
    "save",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"browseagent.web.{_HOME[name]}"), name)
    globals()[name] = value
    return value
