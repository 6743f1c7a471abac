"""Several browsers by turns: the least busy first, a lost one left out until it is back."""

from __future__ import annotations

from browseagent.web.pool import FIRST_REST, Pool

ONE, TWO = "ws://127.0.0.1:1/", "http://127.0.0.1:2"


def test_the_least_busy_comes_first() -> None:
    """A page goes where fewest are open."""
    pool = Pool((ONE, TWO), lambda: 0.0)
    assert pool.by_turns() == [ONE, TWO]
    with pool.using(ONE):
        assert pool.by_turns() == [TWO, ONE]
        assert pool.states() == {"busy": 1, "idle": 1, "lost": 0}
    assert pool.by_turns() == [ONE, TWO]
    assert not Pool(())


def test_a_lost_one_is_left_out_and_comes_back() -> None:
    """It rests longer each time; one page finds out whether it is back; once it is, it is as the others."""
    now = 0.0
    pool = Pool((ONE, TWO), lambda: now)
    pool.lost(ONE)
    assert pool.by_turns() == [TWO] and pool.states()["lost"] == 1
    now = FIRST_REST
    assert pool.by_turns() == [ONE, TWO]
    with pool.using(ONE):
        assert pool.by_turns() == [TWO]
        pool.lost(ONE)
    now = FIRST_REST * 2.5
    assert pool.by_turns() == [TWO]
    now = FIRST_REST * 3
    with pool.using(ONE):
        pool.well(ONE)
    assert pool.by_turns() == [ONE, TWO]


def test_where_all_are_lost_one_is_tried() -> None:
    """A page is told why there is no browser by one that was asked."""
    pool = Pool((ONE, TWO), lambda: 0.0)
    pool.lost(TWO)
    pool.lost(ONE)
    pool.lost(ONE)
    assert pool.by_turns() == [TWO]
