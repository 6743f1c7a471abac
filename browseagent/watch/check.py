"""One check of a watch, from the claim to the verdict. The world is behind the ports of :class:`World`.

A change that was committed and not judged, because the process was killed or the model failed, is
judged first. Then the page is looked at; what was seen is committed (:meth:`WatchStore.observe`), judged,
and the verdict committed with its letters (:meth:`WatchStore.conclude`). Whatever ends the process in
between, the next check goes on from what is committed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from browseagent.errors import BrowseAgentError, error_for
from browseagent.records import Document, ErrorInfo, Hunk, Page
from browseagent.watch.health import after_check
from browseagent.watch.letters import change_letters, notice_letters
from browseagent.watch.look import Look, Looker
from browseagent.watch.look import World as World
from browseagent.watch.places import marked
from browseagent.watch.port import Claim, Conclusion, Observation, PendingEvent
from browseagent.watch.reading import PageReader, ReadingError
from browseagent.watch.records import State, Verdict, Watch
from browseagent.watch.ruling import Ruling
from browseagent.watch.schedule import following, interval_of, schedule_of
from browseagent.watch.verdict import as_read_now, remembered, told_of, verdict
from browseagent.web.port import Fetcher

TRIES = 3
"""How often a change is tried to be judged before it goes out unjudged: a model that is broken, or a page
that breaks it, must not silence an alert."""

_FATAL = "the program ended whenever it asked the model"


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check came to."""

    watch: Watch
    state: State
    reason: str
    page: Page
    document: Document | None
    verdict: Verdict | None = None
    """None where there was nothing to judge, or where it could not be judged yet."""
    event: str | None = None
    caught_up: tuple[tuple[PendingEvent, Verdict], ...] = ()
    """Changes that an earlier check left unjudged."""

    @property
    def trouble(self) -> ErrorInfo | None:
        """What kept the check from seeing the page; None where it saw it."""
        if self.state.good or self.page.outcome.readable:
            return None
        return error_for(self.page).info()


class Checker:
    """Checks watches."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.looker = Looker(world)

    @property
    def fetcher(self) -> Fetcher:
        """What gets its pages."""
        return self._world.fetcher

    @property
    def reader(self) -> PageReader:
        """What reads its pages."""
        return self._world.reader

    async def check(self, claim: Claim, *, keep_due: bool = False) -> Checked:
        """One check. ``keep_due`` leaves the schedule as it is (a check by hand).

        Raises LostClaimError where it took too long, and whatever the store or a bug raises.
        """
        tried: set[int] = set()
        claim, caught_up, _ = await self._judge_all(claim, tried)
        look = await self.looker.look(claim.watch, claim.memory, claim.seen)
        earlier = {event.id for event in claim.pending}
        claim = await self._observe(claim, look, keep_due=keep_due)
        event = next((each for each in claim.pending if each.id not in earlier), None)
        due = self._due(claim, keep_due=keep_due)
        claim, judged, failed = await self._judge_all(claim, tried, look=look, event=event, due=due)
        if claim.pending:
            await asyncio.to_thread(self._world.store.release, claim, due)
        result = next((each for judged_event, each in judged if judged_event is event), None)
        return Checked(
            watch=claim.watch,
            state=look.weighed.state,
            reason=result.reason
            if result
            else f"not yet judged: {failed}"
            if failed
            else look.weighed.reason,
            page=look.page,
            document=look.document,
            verdict=result or _noise_of(look),
            event=event.key if event else None,
            caught_up=tuple(each for each in (*caught_up, *judged) if each[0] is not event),
        )

    # --- committing

    async def _observe(self, claim: Claim, look: Look, *, keep_due: bool) -> Claim:
        watch, weighed, now = claim.watch, look.weighed, self._world.now()
        schedule = schedule_of(watch)
        health, notice = after_check(
            watch, claim.health, weighed.state, weighed.reason, now, interval_of(schedule, now)
        )
        # A first look without questions is silent, and there is nothing in it to judge.
        to_judge = (weighed.state is State.CHANGED and not weighed.noise) or (
            weighed.state is State.NEW and bool(watch.questions)
        )
        document = look.document
        variant = await asyncio.to_thread(self._world.variant, watch) if weighed.keep else ""
        observation = Observation(
            at=now,
            state=weighed.state,
            reason=weighed.reason,
            memory=weighed.memory,
            seen=look.seen,
            health=health,
            keep=look.page if weighed.keep else None,
            variant=variant,
            language=document.language if document else "",
            chars=len(document.text) if document else 0,
            event=weighed.state.value if to_judge else "",
            noise=_noise_of(look),
            before=weighed.against.snapshot if weighed.against else None,
            notice=notice,
            letters=notice_letters(watch, notice, weighed.state.value, now) if notice else (),
            due=None if to_judge or claim.pending else self._due(claim, keep_due=keep_due),
        )
        return await asyncio.to_thread(self._world.store.observe, claim, observation)

    async def _judge_all(
        self,
        claim: Claim,
        tried: set[int],
        *,
        look: Look | None = None,
        event: PendingEvent | None = None,
        due: datetime | None = None,
    ) -> tuple[Claim, list[tuple[PendingEvent, Verdict]], str]:
        """Judges what is pending, in order. Where a model fails, it and what follows stays pending, and is
        not ``tried`` again; why it failed comes last. ``look`` is what is known of ``event`` already. With
        ``due`` the claim ends with the last verdict."""
        judged: list[tuple[PendingEvent, Verdict]] = []
        while claim.pending and claim.pending[0].id not in tried:
            first = claim.pending[0]
            tried.add(first.id)
            if claim.watch.questions or claim.watch.about:
                await asyncio.to_thread(self._world.store.begin_judging, claim, first)
            result = await self._judge(claim, first, look if first is event else None)
            if isinstance(result, str):
                return claim, judged, result
            now = self._world.now()
            conclusion = Conclusion(
                event=first,
                verdict=result,
                memory=remembered(claim.memory, result.answers, result.holds, first.after),
                letters=change_letters(claim.watch, first, result, now),
                at=now,
                due=due if len(claim.pending) == 1 else None,
            )
            claim = await asyncio.to_thread(self._world.store.conclude, claim, conclusion)
            judged.append((first, result))
        return claim, judged, ""

    def _due(self, claim: Claim, *, keep_due: bool) -> datetime:
        now = self._world.now()
        if keep_due and claim.due > now:
            return claim.due
        return following(schedule_of(claim.watch), claim.due, now)

    # --- judging

    async def _judge(self, claim: Claim, event: PendingEvent, look: Look | None) -> Verdict | str:
        """The verdict on an event; why the model failed where it is to be asked again."""
        watch, kind = claim.watch, State(event.kind)
        changes: Sequence[Hunk] = ()
        if look is not None and look.document is not None:
            after, changes = look.document, look.changes
        else:
            try:
                read, changes = await self._differences(claim, event)
            except ReadingError as error:
                if event.tries + 1 < TRIES:
                    return error.message
                return verdict(watch, kind, (), (), claim.memory, failed=error.message)
            if read is None:
                gone = "the page is not kept any more"
                return verdict(watch, kind, changes, (), claim.memory, failed=gone)
            after = read
        if event.tries >= TRIES:  # each time the process ended before it could say that the model failed
            return verdict(watch, kind, changes, (), claim.memory, note=event.note, failed=_FATAL)
        answers, failed = await self.looker.answers(
            watch, after, claim.memory, claim.memory.valued or event.before
        )
        if failed and event.tries + 1 < TRIES:
            return failed
        ruling = await self.ruling(watch, changes)
        memory = as_read_now(watch, claim.memory, answers)
        return verdict(watch, kind, changes, answers, memory, ruling=ruling, note=event.note, failed=failed)

    async def _differences(self, claim: Claim, event: PendingEvent) -> tuple[Document | None, Sequence[Hunk]]:
        watch = claim.watch
        before, after = [
            None if number is None else await asyncio.to_thread(self._world.store.snapshot_page, number)
            for number in (event.before, event.after)
        ]
        if after is None:
            return None, ()
        document = (await self._world.reader.read(after, watch)).document
        if before is None:
            return document, ()
        changes = await self._world.reader.differences(before, document, watch)
        return document, marked(changes, claim.memory.places) if watch.takes_noise else changes

    async def ruling(self, watch: Watch, changes: Sequence[Hunk]) -> Ruling | None:
        """What the model says of the changes that would be told of; None where there are none, or where it
        failed twice. Nothing of a failure is kept."""
        told = told_of(watch, changes)
        for _ in range(2 if told else 0):
            try:
                return await self._world.asker.judge(watch.about or "", told)
            except BrowseAgentError:
                continue
        return None


def _noise_of(look: Look) -> Verdict | None:
    """What is to be said of a look that differs by noise alone."""
    if not look.weighed.noise:
        return None
    return Verdict(State.CHANGED, look.changes, reason=look.weighed.reason)
