"""browseagent: ask web pages, and see the exact words that the answer rests on.

The public names are loaded when they are first used, so that ``import browseagent`` imports
neither torch, transformers nor playwright.
"""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False  # importing typing takes as long as all else that comes before Ctrl-C is looked after
if TYPE_CHECKING:
    from browseagent.agent.agent import Agent as Agent
    from browseagent.answer.typed.records import Extracted as Extracted
    from browseagent.read import extract as extract
    from browseagent.records import Answer as Answer
    from browseagent.records import Change as Change
    from browseagent.records import Document as Document
    from browseagent.records import Elements as Elements
    from browseagent.records import Page as Page
    from browseagent.records import Quote as Quote
    from browseagent.records import Summary as Summary
    from browseagent.session import Session as Session
    from browseagent.watch.compare import compare as compare

__version__ = "0.1.0"

_HOME = {
    "Agent": "browseagent.agent.agent",
    "Answer": "browseagent.records",
    "Change": "browseagent.records",
    "Document": "browseagent.records",
    "Elements": "browseagent.records",
    "Extracted": "browseagent.answer.typed.records",
    "Page": "browseagent.records",
    "Quote": "browseagent.records",
    "Session": "browseagent.session",
    "Summary": "browseagent.records",
    "compare": "browseagent.watch.compare",
    "extract": "browseagent.read",
}
__all__ = [
    "Agent",
    "Answer",
    "Change",
    "Document",
    "Elements",
    "Extracted",
    "Page",
    "Quote",
    "Session",
    "Summary",
    "compare",
    "extract",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
