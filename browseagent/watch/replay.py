"""Old snapshots through today's rules, or through other ones: what would have been told. Commits nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from browseagent.records import Hunk, Page
from browseagent.watch.check import Checker
from browseagent.watch.judge import Memory, numbered, settled, weigh
from browseagent.watch.reading import ReadingError
from browseagent.watch.records import State, Verdict, Watch
from browseagent.watch.verdict import remembered, verdict


@dataclass(frozen=True, slots=True)
class OldLook:
    """A snapshot: what was seen and when."""

    id: int
    at: datetime
    page: Page


async def replay(watch: Watch, looks: Sequence[OldLook], checker: Checker) -> list[tuple[OldLook, Verdict]]:
    """What each look after the first would have come to, oldest first. Looks that show no change by these
    rules, and pages that cannot be read any more, are left out."""
    reader = checker.reader
    pages: dict[int, Page] = {}
    memory = Memory()
    found: list[tuple[OldLook, Verdict]] = []
    for look in looks:
        pages[look.id] = look.page
        try:
            read = await reader.read(look.page, watch)
            weighed = weigh(look.page, read.document, read.key, memory)
            changes: tuple[Hunk, ...] = ()
            if weighed.against is not None:
                before = pages[weighed.against.snapshot]
                changes = await reader.differences(before, read.document, watch)
                weighed = settled(weighed, changes)
        except ReadingError:
            continue
        memory = numbered(weighed.memory, look.id)
        if weighed.state not in (State.NEW, State.CHANGED) or weighed.noise:
            continue
        answers, failed = await checker.looker.answers(watch, read.document, memory, memory.valued)
        ruling = await checker.ruling(watch, changes)
        result = verdict(
            watch,
            weighed.state,
            changes,
            answers,
            memory,
            ruling=ruling,
            note=weighed.reason,
            failed=failed,
        )
        memory = remembered(memory, result.answers, result.holds, look.id)
        if weighed.state is State.CHANGED:
            found.append((look, result))
    return found
