"""Results for a person: the answer first, then the words on the page that it rests on.

Everything that comes from a page is cleaned of control characters. Prose is wrapped to the
terminal; links are never broken, so that they can be opened.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from itertools import count, repeat
from typing import TYPE_CHECKING
from urllib.parse import unquote

from browseagent.answer.languages import UNREAD, is_unread
from browseagent.cli.failure import not_read
from browseagent.cli.show.streams import clean, one_line
from browseagent.records import (
    Answer,
    Answered,
    Hunk,
    ModelInfo,
    NotFound,
    PageReport,
    Quote,
    Summary,
)

if TYPE_CHECKING:
    from rich.console import Console
from browseagent.records import STANDARD_INPUT, Outcome, Via
from browseagent.records.counted import counted as counted

LINK_STYLE = "underline bright_blue"
"""Of addresses: ANSI's own blue (#0000ee, #000080) is not seen on old dark themes; the bright one has
contrast on black and on white, and the line shows where a theme has it pale."""
_INDENT = 2
_QUOTES = 4
"""Quotes of one point that are shown; a list of things rests on one for each."""
_NARROW = 30  # columns under which an indent costs more than it shows


def answer(console: Console, result: Answer, *, first: int = 0) -> None:
    """An answer, or what came nearest where there is none. Its quotes are numbered from ``first``; 0 for
    no numbers."""
    numbers = count(first) if first else repeat(0)
    if result.status == "answered":
        prose(console, clean(result.text), style="bold")
        named = ""
        for each in result.quotes:
            _quote(console, each, result.pages if each.url != named else (), next(numbers))
            named = each.url
        for other in result.alternatives if isinstance(result, Answered) else ():
            console.print()
            prose(console, f"Or: {one_line(other.text)}")
            _quote(console, other.quote, (), next(numbers))
        console.print()
        prose(console, f"Confidence: {confidence(result)}", style="dim")
        return
    read = sum(page.outcome.readable for page in result.pages)
    said = "Not on this page." if read <= 1 else f"Not on these {read} pages."
    understood = not is_unread(result)
    if not understood:
        said = UNREAD
    prose(console, said, style="bold")
    for page in result.pages:
        if page.outcome.readable:
            prose(console, about(page), style="dim")
    if isinstance(result, NotFound) and result.perhaps is not None:
        console.print()
        prose(console, f"Perhaps: {one_line(result.perhaps.text)}")
        _quote(console, result.perhaps.quote, (), next(numbers))
    shown = result.perhaps.quote if isinstance(result, NotFound) and result.perhaps is not None else None
    closest = [each for each in result.closest[:3] if shown is None or each.link != shown.link]
    if closest:
        console.print()
        prose(console, "What comes closest:" if shown is None else "What else comes close:")
    for each in closest:
        _quote(console, each, (), next(numbers))
    if not understood:
        return
    console.print()
    told = confidence(result)
    prose(console, f"Confidence that the answer is there: {told}", style="dim")


def summary(console: Console, result: Summary, style: str = "") -> None:
    """The points of a summary, each with what carries it, and how much was read; as a paragraph, first the
    text as a whole."""
    if style == "paragraph" and result.points:
        marked = (f"{p.text} [unsupported]" if p.support == "unsupported" else p.text for p in result.points)
        prose(console, " ".join(map(one_line, marked)), style="bold")
        console.print()
    for point in result.points:
        doubt = " (no quote supports this)" if point.support == "unsupported" else ""
        prose(console, one_line(point.text) + doubt, style="bold", mark="• ")
        for each in point.quotes[:_QUOTES]:
            if one_line(each.text) not in one_line(point.text):
                prose(console, f"“{one_line(each.text)}”", indent=_INDENT)
            link(console, each.link)
        if len(point.quotes) > _QUOTES:
            prose(console, f"… and {counted(len(point.quotes) - _QUOTES, 'more quote')}", indent=_INDENT)
    if not result.points:
        prose(console, "Nothing to summarise was found.")
    console.print()
    for page in result.pages:
        if page.outcome.readable:
            prose(console, about(page), style="dim")
    coverage = result.coverage
    share = coverage.chars_read / coverage.chars if coverage.chars else 0.0
    reader = "The model read" if result.model is not None else "Read"
    told = f"{reader} {coverage.chars_read:,} of {coverage.chars:,} characters ({share:.0%})."
    prose(console, told, style="dim")


def warnings(pages: Sequence[PageReport], model: ModelInfo | None = None) -> list[str]:
    """What to say on standard error of pages: those that were not read while others were, and what a
    person should know of those that were, and of the model."""
    unread = [not_read(page) for page in pages if not page.outcome.readable]
    notes = [one_line(note) for page in pages if page.outcome.readable for note in page.notes]
    notes += [one_line(page.hint) for page in pages if page.outcome is Outcome.TRUNCATED and page.hint]
    notes += [model.note] if model is not None and model.note else []
    return unread + [f"note: {note}" for note in notes]


def hunks(console: Console, differences: Sequence[Hunk]) -> None:
    """Differences, what was before a minus and what is now a plus."""
    for number, hunk in enumerate(differences):
        if number:
            console.print()
        for sign, text, style in (("-", hunk.before, "red"), ("+", hunk.after, "green")):
            for line in clean(text).splitlines():
                if line.strip():
                    prose(console, f"{sign} {line}", style=style)


def quotes(console: Console, result: Answer) -> None:
    """The words that an answer rests on, with their links; nothing for one that was not found."""
    for each in result.quotes if result.status == "answered" else ():
        _quote(console, each, result.pages)


def _quote(console: Console, each: Quote, pages: Sequence[PageReport], number: int = 0) -> None:
    console.print()
    mark = f"[{number}] " if number else ""
    prose(console, f"“{one_line(each.text)}”", indent=_INDENT, mark=mark)
    if each.place:
        place = "beside its main text" if each.place == "page" else f"its {each.place}"
        prose(console, f"from the page, {place}", indent=_INDENT, style="dim")
    page = next((page for page in pages if each.url in (page.final_url, page.url)), None)
    if page is not None:
        prose(console, about(page), indent=_INDENT, style="dim")
    link(console, each.link)


def about(page: PageReport) -> str:
    """A page by its title (or its URL), how it was had, and whether it is whole."""
    parts = [one_line(page.title) or one_line(page.final_url), provenance(page)]
    return " · ".join([*parts, one_line(incomplete(page))]).rstrip(" ·")


def link(console: Console, link: str) -> None:
    """On a line of its own, unbroken; where the terminal takes links, as one, and no longer than the line."""
    from rich.style import Style
    from rich.text import Text

    if link.partition("#")[0] == STANDARD_INPUT:
        return  # what was piped in is not there to be opened
    indent = "" if console.width < _NARROW else " " * _INDENT
    address = one_line(link)
    if not (console.is_terminal and takes_links(os.environ)):
        console.print(Text(indent) + Text(address, style=LINK_STYLE), soft_wrap=True)
        return
    shown = Text(one_line(unquote(address.partition("#")[0])), Style.parse(LINK_STYLE) + Style(link=address))
    shown.truncate(max(console.width - len(indent), 1), overflow="ellipsis")
    console.print(Text(indent) + shown, soft_wrap=True)


def takes_links(environment: Mapping[str, str]) -> bool:
    """Whether a terminal shows links (OSC 8), by what it says of itself; ``FORCE_HYPERLINK`` decides it
    where that is wrong: 1 for yes, 0 for no."""
    said = environment.get("FORCE_HYPERLINK", "")
    if said:
        return said != "0"
    if environment.get("TMUX") or environment.get("STY"):
        return False  # what stands behind them is not known
    vte = environment.get("VTE_VERSION", "")
    return (
        environment.get("TERM_PROGRAM") in _WITH_LINKS
        or environment.get("TERM") in _WITH_LINKS
        or bool({"WT_SESSION", "KONSOLE_VERSION", "DOMTERM"} & environment.keys())
        or (vte.isdecimal() and int(vte) >= _VTE_WITH_LINKS)
    )


_WITH_LINKS = {
    "iTerm.app",
    "WezTerm",
    "vscode",
    "ghostty",
    "zed",
    "xterm-kitty",
    "xterm-ghostty",
    "alacritty",
    "foot",
}
_VTE_WITH_LINKS = 5000
"""GNOME Terminal and others, from 0.50 on."""


def prose(console: Console, text: str, *, indent: int = 0, style: str = "", mark: str = "") -> None:
    """Wrapped to the terminal, each line indented, and beside the ``mark`` that stands before the first;
    elsewhere (a pipe, a file) left whole."""
    from rich.text import Text

    indent = 0 if console.width < _NARROW else indent
    lines = Text(text, style=style).split("\n", allow_blank=True)
    if not console.soft_wrap:
        lines = Text(text, style=style).wrap(console, console.width - indent - len(mark))
    for number, line in enumerate(lines):
        line.rstrip()
        before = Text(" " * len(mark) if number else mark, style=style)
        console.print(Text(" " * indent) + before + line, soft_wrap=True)


def told(console: Console, text: str) -> None:
    """Lines, each wrapped to the terminal, what is said of a name beside the name; one with an address stays
    whole, so that it can be opened."""
    from rich.text import Text

    for line in text.split("\n"):
        name = _NAME.match(line)
        mark = name[0] if name and len(name[0]) <= console.width / 3 else ""
        if "://" in line:
            console.print(Text(line), soft_wrap=True)
        else:
            prose(console, line.removeprefix(mark), mark=mark)


_NAME = re.compile(r"\S+(?: \S+)? {2,}")
"""What begins a line of a list: a name, and the room up to what is said of it."""
FAIR, HIGH = 0.58, 0.8
"""The probabilities from which on a confidence is called so: fair is what the reader must have to be
believed."""
_AGES = ((86_400 * 365, "year", "years"), (86_400, "day", "days"), (3600, "h", "h"), (60, "min", "min"))


def age(seconds: float) -> str:
    """``just now``, ``3 min ago``, ``2 days ago``."""
    for unit, name, several in _AGES:
        if seconds >= unit:
            return f"{counted(int(seconds // unit), name, several)} ago"
    return f"{int(seconds)} s ago" if seconds >= 10 else "just now"


def size(count: int) -> str:
    """``812 B``, ``1.4 MB``: decimal units, as disks are sold."""
    amount = float(count)
    for unit in ("B", "kB", "MB"):
        if amount < 999.5:
            return f"{amount:.0f} {unit}" if unit == "B" or amount >= 10 else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} GB"


def confidence(result: Answer) -> str:
    """The probability in a word and as a number; of a model that was not measured, that."""
    probability = result.confidence
    if result.model is not None and not result.model.measured:
        return "not measured with this model"
    word = "high" if probability >= HIGH else "fair" if probability >= FAIR else "low"
    return f"{word} ({probability:.2f})"


def provenance(page: PageReport) -> str:
    """When and how a page was had: ``read 3 min ago, from cache``."""
    if page.url == STANDARD_INPUT:
        return "from standard input"
    if page.via is Via.FILE:
        return "from a file"
    how = {Via.CACHE: ", from cache", Via.CHROMIUM: ", with Chromium"}.get(page.via, "")
    return f"read {age(page.age_s)}{how}"


def incomplete(page: PageReport) -> str:
    """What to say of a page that was read but is not whole; empty for others."""
    if page.outcome is not Outcome.TRUNCATED:
        return ""
    return f"only part of the page could be read{': ' + page.reason if page.reason else ''}"
