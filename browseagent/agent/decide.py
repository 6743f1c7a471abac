"""What to do next: the controller's decisions, apart from everything that they set in motion.

``decide`` is a pure function of the state; :mod:`browseagent.agent.agent` carries out what it says and
puts the result into the next state. Where links may be followed, a page that does not answer surely
enough is followed by the most promising one that is known, until one does, a budget is spent, or
nothing promising is left (docs/agent.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from browseagent.agent.leads import Candidate
from browseagent.agent.rank import Ranked
from browseagent.records import Document, Page
from browseagent.records.counted import counted

PROMISING = 0.05
"""Promise below which a candidate is not worth a page."""
CLEAR = 0.8
"""Promise from which on a candidate is followed before the site's own lists are asked for."""
WORTH = 0.25
"""Promise from which on a candidate is read although an answer is sure enough (``State.looks``)."""
RANKING = 5
"""One part in so many of what a page may put through the model is for ranking its links."""

FOUND = "the answer was found"


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
    answered: int = 0
    """Documents that were answered from, the first so many."""
    follows: bool = False
    """Whether pages may be read that only other pages named."""
    one_by_one: bool = False
    """Whether the sources were chosen for the person, best first: each is answered from before the next."""
    enough: bool = False
    """Whether an answer so far is sure enough."""
    looks: int = 0
    """Pages that are still to be read although one is: it stands on a page that is headed otherwise."""
    found: tuple[Candidate, ...] = ()
    """Candidates that were not ranked yet."""
    frontier: tuple[Ranked, ...] = ()
    """Candidates that were not read yet, best first."""
    lists_asked: bool = False
    """Whether the site's own lists of pages were asked for."""


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
class Rank:
    """Put the candidates in the order of their promise."""

    tokens: int


@dataclass(frozen=True, slots=True)
class AskLists:
    """Ask the site for its own lists of its pages, within so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Follow:
    """Read this candidate, within so many seconds."""

    ranked: Ranked
    seconds: float


@dataclass(frozen=True, slots=True)
class Stop:
    """Nothing more to do, and why."""

    reason: str


Action = Open | Conclude | Rank | AskLists | Follow | Stop


def decide(state: State) -> Action:
    """The next action. Every state leads to ``Stop`` in finitely many steps: each ``Open`` takes a source
    away, each ``Follow`` a page of the budget, there is one ``AskLists``, and one ``Conclude`` and one
    ``Rank`` for what each of these brought."""
    left = state.budget.seconds - state.seconds
    room = len(state.pages) < state.budget.pages and left > 0
    unread = state.one_by_one and len(state.documents) > state.answered
    if not state.concluded:
        if state.waiting and room and not unread:
            return Open(state.waiting[0], left)
        if state.documents:
            return Conclude(_share(state))
        return Stop("no source could be read" if state.pages else "there was nothing to read")
    if state.enough and not (state.looks and state.follows and room):
        return Stop(FOUND)
    if state.one_by_one and state.waiting and room:
        return Open(state.waiting[0], left)
    if not state.follows:
        return Stop(_why_done(state))
    if not room:
        return Stop(_spent(state, "the answer was not sure enough"))
    if state.found:
        return Rank(state.budget.tokens // (RANKING * state.budget.pages))
    promise = state.frontier[0].promise if state.frontier else 0.0
    if state.enough:
        return Follow(state.frontier[0], left) if promise >= WORTH else Stop(FOUND)
    if not state.lists_asked and promise < CLEAR:
        return AskLists(left)
    if promise >= PROMISING:
        return Follow(state.frontier[0], left)
    return Stop("nothing promising is left to follow")


def _share(state: State) -> int:
    """Tokens for answering from what was read since the last time: all of them where nothing is followed."""
    if state.one_by_one:
        return state.budget.tokens // state.budget.pages
    if not state.follows:
        return state.budget.tokens
    new = len(state.documents) - state.answered
    return new * state.budget.tokens * (RANKING - 1) // (RANKING * state.budget.pages)


def _why_done(state: State) -> str:
    if not state.waiting:
        return "every source was read"
    return _spent(state, f"{counted(len(state.waiting), 'source')} left")


def _spent(state: State, left: str) -> str:
    """Which budget was spent, and what is left undone."""
    if len(state.pages) >= state.budget.pages:
        return f"the budget of {counted(state.budget.pages, 'page')} was spent; {left}"
    return f"the budget of {state.budget.seconds:g} s was spent; {left}"
