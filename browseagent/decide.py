"""What to do next: the controller's decisions, apart from everything that they set in motion.

``decide`` is a pure function of the state; :mod:`browseagent.agent` carries out what it says and
puts the result into the next state. Later steps (following links) are further actions here.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from browseagent.records import Document, Page


@dataclass(frozen=True, slots=True)
class Budget:
    """What a run may spend."""

    pages: int
    """Pages that may be fetched or read from the store."""
    seconds: float
    """Time for getting pages."""
    tokens: int
    """Tokens that may go through the model."""


@dataclass(frozen=True, slots=True)
class State:
    """Where a run stands."""

    budget: Budget
    waiting: tuple[str | Path | Page, ...]
    """Sources not yet opened."""
    pages: tuple[Page, ...] = ()
    """Pages that were opened, readable or not."""
    documents: tuple[Document, ...] = ()
    seconds: float = 0.0
    concluded: bool = False
    """Whether the documents were answered from (or summarised)."""


@dataclass(frozen=True, slots=True)
class Open:
    """Get this source, within so many seconds."""

    source: str | Path | Page
    seconds: float


@dataclass(frozen=True, slots=True)
class Conclude:
    """Answer from (or summarise) the documents that there are."""

    tokens: int


@dataclass(frozen=True, slots=True)
class Stop:
    """Nothing more to do, and why."""

    reason: str


Action = Open | Conclude | Stop


def decide(state: State) -> Action:
    """The next action. Every state leads to ``Stop`` in finitely many steps: each ``Open`` takes a
    source away, and there is one ``Conclude``."""
    if state.concluded:
        return Stop(_why_done(state))
    left = state.budget.seconds - state.seconds
    if state.waiting and len(state.pages) < state.budget.pages and left > 0:
        return Open(state.waiting[0], left)
    if state.documents:
        return Conclude(state.budget.tokens)
    return Stop("no source could be read" if state.pages else "there was nothing to read")


def _why_done(state: State) -> str:
    if not state.waiting:
        return "every source was read"
    if len(state.pages) >= state.budget.pages:
        return f"the budget of {state.budget.pages} pages was spent; {len(state.waiting)} sources are left"
    return f"the budget of {state.budget.seconds:g} s was spent; {len(state.waiting)} sources are left"
