"""Old snapshots through today's rules, or through other ones: what would have been told. Commits nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from browseagent.records import Document, Hunk, Page
from browseagent.watch.check import Checker
from browseagent.watch.compare import compare, text_key
from browseagent.watch.judge import Memory, numbered, remembered, settled, verdict, weigh
from browseagent.watch.records import State, Verdict, Watch


@dataclass(frozen=True, slots=True)
class OldLook:
    """A snapshot: what was seen and when."""

    id: int
    at: datetime
    page: Page
    document: Document


async def replay(watch: Watch, looks: Sequence[OldLook], checker: Checker) -> list[tuple[OldLook, Verdict]]:
    """What each look after the first would have come to, oldest first. Looks that show no change by these
    rules are left out."""
    ignore = [re.compile(pattern) for pattern in watch.ignore]
    documents = {look.id: look.document for look in looks}
    memory = Memory()
    found: list[tuple[OldLook, Verdict]] = []
    for look in looks:
        weighed = weigh(look.page, look.document, text_key(look.document, ignore), memory)
        changes: tuple[Hunk, ...] = ()
        if weighed.against is not None:
            changes = compare(documents[weighed.against.snapshot], look.document, ignore).differences
            weighed = settled(weighed, changes)
        memory = numbered(weighed.memory, look.id)
        if weighed.state not in (State.NEW, State.CHANGED):
            continue
        answers, failed = await checker.answers(watch, look.document, memory)
        result = verdict(watch, weighed.state, changes, answers, memory, note=weighed.reason, failed=failed)
        memory = remembered(memory, result.answers, result.holds)
        if weighed.state is State.CHANGED:
            found.append((look, result))
    return found
