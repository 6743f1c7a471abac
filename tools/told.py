"""What a transcript of the command tells, whichever processor and clock made it.

Two runs that tell the same may differ in what a clock decides (ages, clocks, when a check is next) and in
what the last digit of a float decides: a confidence's number, its word where the number lies near the
word's border, the order of alternatives, and the order of the passages that come closest, of which the
last place is any of several that are nearly as near. Everything else is told: the answer, its quote and
link, what page it is of and how that was had, the exit status, each line and its place, prices, sizes and
seconds that a page or an answer holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import ndiff
from itertools import takewhile

from browseagent.cli.show.results import FAIR, HIGH

NEAR = 0.03
"""How far from the border of its word a confidence may lie and be called by its neighbour's word."""
_AGE = r"(?:just now|\d+ (?:s|min|h|days?|years?) ago)"
_READ = re.compile(rf"(?<= · read ){_AGE}(?=,| ·|$)")
_SEEN = re.compile(rf"(?<=, seen ){_AGE}(?=,|$)")
_CLOCK = re.compile(r"^(?:\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d(?=  )")
_CONFIDENCE = re.compile(r"^(Confidence[^:\n]*: )(high|fair|low) \((\d\.\d\d)\)$", re.M)
_WATCHES = re.compile(r"^watch +state +changed +next check +health$")
_SINCE = re.compile(rf"(?<=  ){_AGE}(?=  )")
_UNTIL = re.compile(r"(?<=  )(?:in \d+ (?:s|min|h|d)|due now)(?=  )")
_PAGE_WORDS = re.compile(r"\s*(?:“|•|\+ |- |https?://)")
"""How a line begins whose words are a page's, in which nothing varies: a quote, point, difference, link."""
_OTHER, _CLOSEST = "Or: ", "What comes closest:"


@dataclass(frozen=True, slots=True)
class Told:
    """A transcript without what varies."""

    lines: tuple[str, ...]
    alternatives: frozenset[str]
    """Each with its quote and link, in any order."""
    closest: frozenset[str]
    """The passages that come closest, each with its link, in any order."""


def undated(text: str) -> str:
    """The text with every page's age as it is in a quick run: ``read just now``, ``seen just now``."""
    return "\n".join(map(_undated, text.split("\n")))


def differences(shown: str, printed: str) -> list[str]:
    """What one of two transcripts tells and the other does not, a line each, as a diff has them; empty where
    both tell the same."""
    one, other = told(shown), told(_with_words_of(shown, printed))
    found = [line for line in ndiff(one.lines, other.lines) if line[0] in "+-"]
    found += _apart(one.alternatives, other.alternatives)
    missed = len(one.closest - other.closest)
    if len(one.closest) != len(other.closest) or missed > 1 or missed == len(one.closest) > 0:
        found += _apart(one.closest, other.closest)
    return found


def told(text: str) -> Told:
    """What a transcript tells."""
    paragraphs = [list(lines) for lines in _paragraphs(text)]
    kept: list[str] = []
    alternatives: list[str] = []
    closest: list[str] = []
    while paragraphs:
        paragraph = paragraphs.pop(0)
        quotes = ["\n".join(quote) for quote in takewhile(_is_quote, paragraphs)]
        if paragraph[0].startswith(_OTHER):
            alternatives.append("\n".join([*paragraph, *quotes[:1]]))
            del paragraphs[: len(quotes[:1])]
        elif paragraph == [_CLOSEST]:
            kept += [*paragraph, ""]
            closest += quotes
            del paragraphs[: len(quotes)]
        else:
            kept += [*_folded(paragraph), ""]
    return Told(tuple(kept[:-1]), frozenset(alternatives), frozenset(closest))


def _paragraphs(text: str) -> Iterator[list[str]]:
    for paragraph in re.split(r"\n(?:[ \t]*\n)+", text.strip("\n")):
        yield [line.rstrip() for line in paragraph.split("\n")]


def _is_quote(paragraph: Sequence[str]) -> bool:
    return paragraph[0].lstrip().startswith("“")


def _folded(paragraph: Sequence[str]) -> Iterator[str]:
    """The lines of a paragraph without what a clock or a digit decides."""
    watches = False
    for line in paragraph:
        watches = watches or _WATCHES.match(line) is not None
        if watches:  # the columns are as wide as what stands in them
            yield re.sub(" {2,}", "  ", _UNTIL.sub("SOON", _SINCE.sub("AGO", line)))
        elif _PAGE_WORDS.match(line):
            yield line
        else:
            yield _CONFIDENCE.sub(r"\1\2", _CLOCK.sub("CLOCK", _undated(line)))


def _undated(line: str) -> str:
    return line if _PAGE_WORDS.match(line) else _SEEN.sub("just now", _READ.sub("just now", line))


def _with_words_of(shown: str, printed: str) -> str:
    """``printed`` with each confidence called what it is called at its place in ``shown``, where both numbers
    lie near one border."""
    others = iter(_CONFIDENCE.findall(shown))

    def called(match: re.Match[str]) -> str:
        _, word, number = next(others, ("", match[2], match[3]))
        near = any(_near(number, border) and _near(match[3], border) for border in (FAIR, HIGH))
        return f"{match[1]}{word if near else match[2]} ({match[3]})"

    return _CONFIDENCE.sub(called, printed)


def _near(number: str, border: float) -> bool:
    return abs(float(number) - border) < NEAR


def _apart(shown: frozenset[str], printed: frozenset[str]) -> list[str]:
    gone, new = sorted(shown - printed), sorted(printed - shown)
    return [*(f"- {each}" for each in gone), *(f"+ {each}" for each in new)]
