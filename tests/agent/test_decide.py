"""The controller's decisions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from browseagent.agent.decide import FOUND, WORTH, Budget, Conclude, Follow, Open, Rank, State, Stop, decide
from browseagent.agent.leads import Candidate, Lead
from browseagent.agent.rank import Ranked
from browseagent.records import Document, Outcome, Page, Via

NOW = datetime(2026, 1, 1, tzinfo=UTC)
BUDGET = Budget(pages=3, seconds=60, tokens=1000)


def opened(state: State, *, readable: bool, seconds: float = 1.0) -> State:
    page = Page("u", "u", Outcome.OK if readable else Outcome.TIMEOUT, Via.HTTP, NOW)
    documents = (*state.documents, Document(url="u", text="words")) if readable else state.documents
    return replace(
        state,
        waiting=state.waiting[1:],
        pages=(*state.pages, page),
        documents=documents,
        seconds=state.seconds + seconds,
    )


def test_sources_are_opened_in_order_then_answered_from() -> None:
    """Each source is opened once, then there is one conclusion, then the end."""
    state = State(BUDGET, ("a", Path("b")))
    assert decide(state) == Open("a", 60)
    state = opened(state, readable=True)
    assert decide(state) == Open(Path("b"), 59)
    state = opened(state, readable=False)
    assert decide(state) == Conclude(1000)
    assert decide(replace(state, concluded=True)) == Stop("every source was read")


def test_nothing_readable_ends_without_a_conclusion() -> None:
    """The model is not called when no page could be read."""
    assert decide(opened(State(BUDGET, ("a",)), readable=False)) == Stop("no source could be read")
    assert decide(State(BUDGET, ())) == Stop("there was nothing to read")


def test_a_spent_budget_stops_the_opening_and_is_said() -> None:
    """Pages and seconds are limits, and the reason to stop names the one that held."""
    state = opened(State(Budget(1, 60, 1000), ("a", "b")), readable=True)
    assert decide(state) == Conclude(1000)
    stop = decide(replace(state, concluded=True))
    assert isinstance(stop, Stop) and "1 page" in stop.reason
    late = opened(State(Budget(5, 10, 1000), ("a", "b")), readable=True, seconds=11)
    assert decide(late) == Conclude(1000)
    stop = decide(replace(late, concluded=True))
    assert isinstance(stop, Stop) and "10 s" in stop.reason


@given(st.lists(st.booleans(), max_size=8), st.integers(1, 6), st.floats(1, 100))
def test_every_run_ends(readable: list[bool], pages: int, seconds: float) -> None:
    """Whatever comes of the pages, the loop reaches its end within sources + 2 steps."""
    state = State(Budget(pages, seconds, 1), tuple("u" for _ in readable))
    for step in range(len(readable) + 3):
        action = decide(state)
        if isinstance(action, Stop):
            return
        if isinstance(action, Conclude):
            state = replace(state, concluded=True)
        else:
            state = opened(state, readable=readable[step], seconds=20)
    raise AssertionError("the loop did not end")


def test_chosen_sources_are_answered_from_one_by_one() -> None:
    """Each is read and answered from before the next is opened; the first sure answer ends it."""
    state = State(BUDGET, ("a", "b"), one_by_one=True)
    assert isinstance(decide(state), Open)
    read = replace(state, waiting=("b",), documents=(Document(url="a", text="words"),))
    assert isinstance(decide(read), Conclude)
    concluded = replace(read, concluded=True, answered=1)
    assert decide(replace(concluded, enough=True)) == Stop("the answer was found")
    following = decide(concluded)
    assert isinstance(following, Open) and following.source == "b"
    assert isinstance(decide(replace(concluded, waiting=())), Stop)


def test_an_answer_on_a_page_headed_otherwise_is_compared_with_the_next_best() -> None:
    """While looks are left, links are ranked and those that are worth it are read; then it is given."""
    link = Candidate("https://a.example/b", Lead.LINK, "https://a.example/")
    asked = State(
        BUDGET, (), documents=(Document(url="a", text="words"),), concluded=True, answered=1, follows=True
    )
    doubted = replace(asked, enough=True, looks=2)
    assert isinstance(decide(replace(doubted, found=(link,))), Rank)
    assert decide(replace(doubted, frontier=(Ranked(link, WORTH),))) == Follow(Ranked(link, WORTH), 60)
    for settled in (
        doubted,
        replace(doubted, frontier=(Ranked(link, WORTH - 0.01),)),
        replace(doubted, found=(link,), looks=0),
        replace(doubted, found=(link,), seconds=60.0),
        replace(doubted, found=(link,), follows=False),
    ):
        assert decide(settled) == Stop(FOUND)
