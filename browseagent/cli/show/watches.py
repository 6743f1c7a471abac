"""Watches, their history and their checks for a person. Page text is cleaned of control characters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from browseagent.cli.failure import described
from browseagent.cli.show import results as render
from browseagent.cli.show.streams import Streams, clean, local_time, one_line
from browseagent.records import Hunk
from browseagent.records.clock import utc_now
from browseagent.records.counted import counted
from browseagent.store.watch_book import Chosen, Entry, EventEntry, SnapshotEntry
from browseagent.watch.check import Checked
from browseagent.watch.durations import duration_text
from browseagent.watch.notify.target import parse_target
from browseagent.watch.outbox import Sent
from browseagent.watch.records import StandingAnswer, Verdict
from browseagent.watch.run import Broken
from browseagent.watch.settings import shown_of
from browseagent.watch.worddiff import word_diff

if TYPE_CHECKING:
    from rich.console import Console


_STYLES = {
    "changed": "bold green", "new": "cyan", "unchanged": "", "unverified": "yellow", "blocked": "red",
    "failed": "red",
}  # fmt: skip


def table(console: Console, entries: Sequence[Entry], now: datetime) -> None:
    """One line a watch, as wide as the terminal: state, last change, next check, health."""
    from rich.table import Table
    from rich.text import Text

    narrow = not console.soft_wrap and console.width < 56
    grid = Table(box=None, pad_edge=False, show_edge=False, header_style="bold")
    grid.add_column("watch", overflow="ellipsis", no_wrap=True, ratio=2 if not console.soft_wrap else None)
    grid.add_column("state", no_wrap=True)
    if not narrow:
        grid.add_column("changed", no_wrap=True)
        grid.add_column("next check", no_wrap=True)
    grid.add_column("health", overflow="ellipsis", no_wrap=True, ratio=3 if not console.soft_wrap else None)
    for entry in entries:
        state = entry.state or "not yet checked"
        cells = [Text(one_line(entry.watch.name)), Text(state, style=_STYLES.get(state, "dim"))]
        if not narrow:
            cells += [Text(_since(entry.changed_at, now)), Text(_until(entry, now))]
        grid.add_row(*cells, Text(health(entry), style="red" if entry.in_trouble or entry.dead else ""))
    if console.soft_wrap:  # a pipe or a file: every line whole
        console.width = 400
    console.print(grid)


def unreadable(streams: Streams, found: Chosen) -> None:
    """Says which watches are left out because their stored settings cannot be read, and how to mend them."""
    for each in found.unreadable:
        streams.tell(f"warning: not readable: {described(each.wrong)}")


def health(entry: Entry) -> str:
    """What is to be known of a watch beyond its state, in a few words."""
    parts = []
    if entry.in_trouble or entry.state in ("failed", "blocked", "unverified"):
        parts.append(one_line(entry.reason))
    if entry.failures > 1:
        parts.append(f"{entry.failures} times in a row")
    if entry.pending:
        parts.append(f"{entry.pending} not yet judged")
    if entry.waiting:
        parts.append(f"{counted(entry.waiting, 'alert')} waiting")
    if entry.dead:
        parts.append(f"{counted(entry.dead, 'alert')} could not be sent")
    return "; ".join(parts) or "ok"


def about(
    console: Console,
    entry: Entry,
    snapshots: Sequence[SnapshotEntry],
    noise: Sequence[Hunk],
    now: datetime,
) -> None:
    """Everything about one watch."""
    from rich.text import Text

    console.print(Text(one_line(entry.watch.name), style="bold"))
    settings = shown_of(entry.watch)
    for key, value in settings.items():
        if key == "ask":
            value = [_asked(each) for each in value]
        shown = ", ".join(value) if isinstance(value, list) else str(value)
        console.print(Text(f"  {key}: {one_line(shown)}"), soft_wrap=True)
    every = entry.watch.every
    if every is not None and "every" not in settings:
        console.print(Text(f"  every: {duration_text(every)}"), soft_wrap=True)
    state = entry.state or "not yet checked"
    checked = f", {_since(entry.checked_at, now)}" if entry.checked_at else ""
    console.print(
        Text(f"State: {state}{checked}, {counted(entry.checks, 'check')}; next {_until(entry, now)}")
    )
    console.print(Text(f"Health: {health(entry)}"), soft_wrap=True)
    if noise:
        console.print(Text("Taken for noise on this page (--strict takes nothing):"))
        hunks(console, noise)
    for snapshot in snapshots:
        pinned = ", pinned" if snapshot.pinned else ""
        facts = f"{snapshot.chars:,} characters, {render.size(snapshot.bytes)}{pinned}"
        console.print(Text(f"  snapshot {snapshot.id}  {local_time(snapshot.at)}  {facts}"), soft_wrap=True)


def _asked(question: Mapping[str, str]) -> str:
    """A question as it is written, with the name that a condition calls it by, and the type of its answer."""
    named = f"{question['name']}=" if "name" in question else ""
    return f"{named}{question['question']} ({question['type']})"


def events(console: Console, found: Sequence[EventEntry]) -> None:
    """What happened, newest first, with the words that changed."""
    from rich.text import Text

    for number, event in enumerate(found):
        if number:
            console.print()
        told = "alert" if event.verdict and event.verdict.alert else "no alert"
        told = "not yet judged" if event.pending else told
        console.print(Text(f"{local_time(event.at)}  {event.kind}  ({told})", style="bold"), soft_wrap=True)
        if event.verdict is not None:
            verdict(console, event.verdict)
        for target, status, error in event.letters:
            why = f": {one_line(error)}" if error else ""
            console.print(Text(f"  {parse_target(target).shown} {status}{why}", style="dim"), soft_wrap=True)


def verdict(console: Console, found: Verdict) -> None:
    """Answers with their quotes, differences by words, and why there is an alert or none."""
    from rich.text import Text

    for answer in found.answers:
        console.print(Text(f"  {told(answer)}"), soft_wrap=True)
        if answer.quote is not None:
            console.print(Text(f"    “{one_line(answer.quote.text)}”"), soft_wrap=True)
            console.print(Text(f"    {one_line(answer.quote.link)}", style=render.LINK_STYLE), soft_wrap=True)
    if not found.answers and found.summary and not found.changes:
        console.print(Text(f"  {one_line(found.summary)}"), soft_wrap=True)
    hunks(console, found.changes)
    mark = "" if found.judged else " (not judged)"
    console.print(Text(f"  Why: {one_line(found.reason)}{mark}", style="dim"), soft_wrap=True)


def told(answer: StandingAnswer) -> str:
    """A standing answer in one line."""
    value = str(answer.value) if answer.value is not None else f"{answer.status}: {answer.reason}"
    before = f"{answer.previous} → " if answer.previous and answer.previous != answer.value else ""
    return one_line(f"{answer.question.text} {before}{value}")


def hunks(console: Console, changes: Sequence[Hunk]) -> None:
    """Differences: where each stands, a minus before what was, a plus before what is, the words that changed
    marked."""
    where = ""
    for hunk in changes:
        said = (hunk.after or hunk.before).startswith(hunk.where)  # a path, or the title of an entry
        if not said and hunk.where != where:
            _line(console, "  ", [(one_line(hunk.where), "dim")])
        where = hunk.where
        if hunk.noise:
            _line(console, "  ", [(f"noise: {hunk.noise}", "dim")])
        if hunk.kind == "moved":
            _line(console, "  ~ ", [(one_line(hunk.after), "dim")])
            continue
        spans = word_diff(one_line(hunk.before), one_line(hunk.after))
        for sign, kind, style in (("  - ", "removed", "red"), ("  + ", "added", "green")):
            text = hunk.before if kind == "removed" else hunk.after
            if not text.strip():
                continue
            whole = hunk.kind != "changed"
            strong = style if whole else f"bold {style} reverse"
            pieces = [
                (s.text, strong if s.kind == kind else style) for s in spans if s.kind in (kind, "same")
            ]
            _line(console, sign, pieces, style)


def _line(console: Console, sign: str, pieces: list[tuple[str, str]], style: str = "dim") -> None:
    """A line that on a terminal is wrapped beside its sign; in a pipe or a file it stays one."""
    from rich.table import Table
    from rich.text import Text

    line = Text()
    for text, its in pieces:
        line.append(clean(text), style=its)
    if console.soft_wrap:
        console.print(Text(sign, style=style) + line, soft_wrap=True)
        return
    grid = Table.grid()
    grid.add_column(width=len(sign), no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(Text(sign, style=style), line)
    console.print(grid)


def teller(streams: Streams, *, quiet: bool) -> Callable[[Checked | Broken | Sent], None]:
    """Tells what happens as it does; if ``quiet``, only of what went wrong."""

    def told(event: Checked | Broken | Sent) -> None:
        trouble = isinstance(event, Broken) or (isinstance(event, Sent) and event.error)
        if trouble or not quiet:
            streams.tell(live(event, utc_now()))

    return told


def came_to(checked: Checked) -> str:
    """What a check came to, in one line above :func:`verdict`, which says why."""
    return _state(checked, checked.verdict.summary if checked.verdict is not None else checked.reason)


def _state(checked: Checked, said: str) -> str:
    tail = f": {one_line(said)}" if said and checked.state != "unchanged" else ""
    return f"{one_line(checked.watch.name)}  {checked.state}{tail}"


def live(event: Checked | Broken | Sent, now: datetime) -> str:
    """One line about a check or a message, as it happens."""
    clock = f"{now.astimezone():%H:%M:%S}"
    if isinstance(event, Broken):
        return f"{clock}  {one_line(event.watch.name)}  failed: {one_line(event.reason)}"
    if isinstance(event, Sent):
        fate = "given up" if event.dead else "to be tried again" if event.error else "sent"
        why = f": {one_line(event.error)}" if event.error else ""
        return f"{clock}  {event.target}  {fate}{why}"
    said = event.verdict.summary if event.verdict and event.verdict.summary else event.reason
    return f"{clock}  {_state(event, said)}"


def left(count: int, first: datetime, now: datetime) -> str:
    """How many alerts wait after all that was due was sent, and what sends them when."""
    many, it = counted(count, "alert waits", "alerts wait"), "the first" if count > 1 else "it"
    when = f"from {first.astimezone():%Y-%m-%d %H:%M} on" if first > now else "at once"
    return f"{many} to be sent: `watch run`, or the next `watch check`, sends {it} {when}"


def _since(moment: datetime | None, now: datetime) -> str:
    return "never" if moment is None else render.age((now - moment).total_seconds())


def _until(entry: Entry, now: datetime) -> str:
    if not entry.watch.enabled:
        return "switched off"
    seconds = (entry.due_at - now).total_seconds()
    if seconds <= 0:
        return "due now"
    for unit, name in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds >= unit:
            return f"in {seconds / unit:.0f} {name}"
    return f"in {seconds:.0f} s"
