"""What two transcripts may differ in and still tell the same, and what not."""

from __future__ import annotations

import pytest

from tools.told import differences, undated

ANSWER = """\
44.50 GBP

  “£44.50was £52.00”
  Fathom 400 Camping Lantern · read just now
  http://127.0.0.1:8420/shop/lantern.html#:~:text=%C2%A344.50was%20%C2%A352.00

Or: 52.00 GBP

  “It was £52.00 in spring.”
  http://127.0.0.1:8420/shop/lantern.html#:~:text=It%20was

Or: 3 min ago

  “Sold · read 3 min ago, said the shop.”
  http://127.0.0.1:8420/shop/lantern.html#:~:text=Sold

Confidence: fair (0.66)
"""
MISSING = """\
Not on this page.
Tram line to reach Saltmarsh by 2028 · read just now, from cache

What comes closest:

  “By Tomas Reid · read 2 days ago”
  http://127.0.0.1:8420/tram.html#:~:text=By

  “The existing Blue Line opened in May 2009.”
  http://127.0.0.1:8420/tram.html#:~:text=The

  “Nine trams an hour would run.”
  http://127.0.0.1:8420/tram.html#:~:text=Nine

Confidence that the answer is there: low (0.06)
(exit status 3)
"""
WATCHES = """\
10:51:03  lantern  new: the first look is silent
watch    state    changed   next check  health
lantern  changed  just now  in 13 min   ok
"""
STORED = """\
http://127.0.0.1:8420/news/tram-extension.html
  Tram line to reach Saltmarsh by 2028
  1 version, 3.6 kB, seen just now
"""
ROWS = """\
 Service    Price   Last sent
──────────────────────────────
 Standard   £3.95   2 days ago
"""


@pytest.mark.parametrize(
    ("transcript", "old", "new"),
    [
        pytest.param(ANSWER, "(0.66)", "(0.67)", id="a confidence's digit"),
        pytest.param(ANSWER, "fair (0.66)", "fair (0.62)", id="a confidence of the same word"),
        pytest.param(MISSING, "low (0.06)", "low (0.31)", id="one of an answer that is not there"),
        pytest.param(ANSWER, "read just now", "read 14 s ago", id="the age of a page"),
        pytest.param(MISSING, "read just now, from", "read 2 min ago, from", id="an age before other facts"),
        pytest.param(STORED, "seen just now", "seen 1 h ago", id="when it was seen"),
        pytest.param(WATCHES, "10:51:03", "23:59:59", id="a clock"),
        pytest.param(WATCHES, "in 13 min ", "due now   ", id="when a check is next"),
        pytest.param(WATCHES, "just now  in", "12 s ago  in", id="an age in a table"),
        pytest.param(
            WATCHES,
            "changed   next check  health\nlantern  changed  just now  in 13 min   ok",
            "changed    next check  health\nlantern  changed  2 days ago  in 13 min   ok",
            id="the width of its column",
        ),
        pytest.param(ANSWER, "(0.66)\n", "(0.66)", id="the last line's end"),
    ],
)
def test_what_a_processor_or_a_clock_decides_tells_nothing(transcript: str, old: str, new: str) -> None:
    """Digits of a confidence, ages, clocks and the columns that they stand in may be others."""
    other = transcript.replace(old, new)
    assert other != transcript
    assert differences(transcript, other) == differences(other, transcript) == []


@pytest.mark.parametrize(
    ("transcript", "old", "new"),
    [
        pytest.param(ANSWER, "44.50 GBP", "52.00 GBP", id="an answer"),
        pytest.param(ANSWER, "£44.50was", "£45.50was", id="a price in a quote"),
        pytest.param(ANSWER, "text=%C2%A344.50was", "text=%C2%A344.50", id="a link"),
        pytest.param(ANSWER, "Lantern · read", "Tent · read", id="a page's title"),
        pytest.param(ANSWER, "fair (0.66)", "high (0.86)", id="a confidence's word"),
        pytest.param(ANSWER, "fair (0.66)", "low (0.49)", id="its word, far from the border"),
        pytest.param(ANSWER, "Or: 3 min ago", "Or: 4 min ago", id="an age that is an answer"),
        pytest.param(ANSWER, "read 3 min", "read 4 min", id="what looks like a page's age in a quote"),
        pytest.param(ANSWER, "Or: 52.00 GBP", "Or: 25.00 GBP", id="an alternative"),
        pytest.param(ANSWER, "read just now", "read just now, from cache", id="how a page was had"),
        pytest.param(ANSWER, "Confidence: fair (0.66)\n", "", id="a line less"),
        pytest.param(ANSWER, "(0.66)\n", "(0.66)\n(exit status 1)\n", id="a line more"),
        pytest.param(MISSING, "status 3", "status 4", id="an exit status"),
        pytest.param(MISSING, "Not on this page.", "Not on these 2 pages.", id="a number of pages"),
        pytest.param(WATCHES, "new: the", "changed: the", id="a state"),
        pytest.param(WATCHES, "in 13 min   ok", "in 13 min   failed", id="a watch's health"),
        pytest.param(STORED, "3.6 kB", "3.7 kB", id="a size"),
        pytest.param(STORED, "1 version", "2 versions", id="a count"),
        pytest.param(ROWS, "2 days ago", "3 days ago", id="an age in a page's table"),
        pytest.param(ROWS, " Service    Price", " Service  Price", id="a column of a page's table"),
        pytest.param("40 s\n", "40 s", "50 s", id="seconds that are an answer"),
    ],
)
def test_everything_else_is_told(transcript: str, old: str, new: str) -> None:
    """Another answer, quote, link, page, word, state, size, exit status or number of lines differs."""
    assert old in transcript
    other = transcript.replace(old, new)
    assert differences(transcript, other) and differences(other, transcript)
    assert differences(other, other) == []


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("fair (0.78)", "high (0.81)", True),
        ("fair (0.79)", "high (0.80)", True),
        ("low (0.56)", "fair (0.59)", True),
        ("fair (0.76)", "high (0.81)", False),
        ("fair (0.78)", "high (0.84)", False),
        ("low (0.48)", "high (0.81)", False),
    ],
)
def test_a_word_at_its_border_may_be_the_next(one: str, other: str, same: bool) -> None:
    """A confidence is called by either word where both numbers lie within .03 of what parts the two."""
    first, second = (ANSWER.replace("fair (0.66)", each) for each in (one, other))
    assert (differences(first, second) == []) is (differences(second, first) == []) is same


def in_order(transcript: str, *places: int) -> str:
    """A transcript of paragraphs with those at the places in this order instead of theirs."""
    paragraphs = transcript.split("\n\n")
    moved = {old: paragraphs[new] for old, new in zip(sorted(places), places, strict=True)}
    return "\n\n".join(moved.get(place, paragraph) for place, paragraph in enumerate(paragraphs))


def test_what_is_nearly_as_good_may_come_in_any_order() -> None:
    """Alternatives keep their quotes, whichever is first; so do the passages that come closest."""
    swapped = in_order(ANSWER, 4, 5, 2, 3)
    assert swapped.index("Or: 3 min") < swapped.index("Or: 52") and differences(ANSWER, swapped) == []
    assert differences(MISSING, in_order(MISSING, 4, 2, 3)) == []


def test_an_alternative_has_its_own_quote() -> None:
    """The same words with each other's quotes are told as different; one that goes is missed."""
    assert differences(ANSWER, in_order(ANSWER, 4, 2))
    gone = "\n\n".join(each for at, each in enumerate(ANSWER.split("\n\n")) if at not in (4, 5))
    assert differences(ANSWER, gone) and differences(gone, ANSWER)


def test_of_the_closest_passages_one_may_be_another() -> None:
    """The last place is any of those that are nearly as near; two others, or one fewer, are a difference."""
    one = MISSING.replace("By Tomas Reid", "By Ann Hale")
    assert differences(MISSING, one) == []
    assert differences(MISSING, one.replace("Nine trams", "Six trams"))
    fewer = "\n\n".join(each for at, each in enumerate(MISSING.split("\n\n")) if at != 4)
    assert differences(MISSING, fewer) and differences(fewer, MISSING)


def test_a_sole_closest_passage_is_not_another() -> None:
    """Where only one is shown it must be the same."""
    sole = "\n\n".join(each for at, each in enumerate(MISSING.split("\n\n")) if at not in (3, 4))
    assert differences(sole, sole) == []
    assert differences(sole, sole.replace("Tomas Reid", "Ann Hale"))


def test_a_difference_names_both() -> None:
    """What the manual shows comes with a minus, what the program prints with a plus."""
    told = differences(ANSWER, ANSWER.replace("44.50 GBP", "52.00 GBP"))
    assert told == ["- 44.50 GBP", "+ 52.00 GBP"]


def test_what_is_written_into_the_manual_is_undated() -> None:
    """Ages are written as in a quick run, confidences as they are, and a page's words stay."""
    late = MISSING.replace("read just now", "read 12 s ago")
    assert undated(late) == MISSING
    assert undated(STORED.replace("seen just now", "seen 14 s ago")) == STORED
