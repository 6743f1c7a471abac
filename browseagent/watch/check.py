"""One check of a watch, from the claim to the verdict. The world is behind the ports of :class:`World`.

A change that was committed and not judged, because the process was killed or the model failed, is
judged first. Then the page is looked at; what was seen is committed (:meth:`WatchStore.observe`), judged,
and the verdict committed with its letters (:meth:`WatchStore.conclude`). Whatever ends the process in
between, the next check goes on from what is committed.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from browseagent.errors import BrowseAgentError
from browseagent.records import Answer, Document, Hunk, Page, Via
from browseagent.session import Session
from browseagent.watch.answers import asked_of, standing_answer
from browseagent.watch.asking import session_of
from browseagent.watch.health import after_check
from browseagent.watch.judge import (
    Memory,
    Weighed,
    question_key,
    remembered,
    settled,
    told_by_answers,
    told_of,
    verdict,
    weigh,
)
from browseagent.watch.letters import change_letters, notice_letters
from browseagent.watch.port import (
    Claim,
    Conclusion,
    Observation,
    PendingEvent,
    Seen,
    WatchStore,
)
from browseagent.watch.reading import PageReader, Reading, ReadingError, elements_of
from browseagent.watch.records import StandingAnswer, State, Verdict, Watch
from browseagent.watch.ruling import Ruling
from browseagent.watch.schedule import interval_of, next_due, schedule_of
from browseagent.web.getter import Getter
from browseagent.web.port import Fetcher, Request

TRIES = 3
"""How often a change is tried to be judged before it goes out unjudged: a model that is broken, or a page
that breaks it, must not silence an alert."""

_FATAL = "the program ended whenever it asked the model"


class Asker(Protocol):
    """The model, as far as a check needs it: :class:`browseagent.agent.agent.Agent` is one."""

    async def ask(self, question: str, document: Document, /) -> Answer:
        """The answer to a question from a document. Trouble is in the answer."""
        ...

    async def judge(self, about: str, changes: Sequence[Hunk], /) -> Ruling:
        """Which changes are about something (empty: about anything), and what may be said of them. Raises
        :class:`~browseagent.errors.ModelError`."""
        ...


@dataclass(frozen=True, slots=True)
class World:
    """What a check needs of the world."""

    fetcher: Fetcher
    store: WatchStore
    asker: Asker
    reader: PageReader
    reader_version: str
    now: Callable[[], datetime]
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    session: Callable[[Watch], Session] = session_of
    """How the page of a watch is asked for."""
    variant: Callable[[Watch], str] = lambda _: ""
    """The name under which it is stored; runs in a thread."""


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a page, weighed and compared; nothing of it is committed."""

    page: Page
    weighed: Weighed
    seen: Seen
    changes: tuple[Hunk, ...] = ()
    document: Document | None = None
    """None where the page was not read: not readable, or not modified."""
    key: str = ""
    """Hash of its text as it is compared."""
    unasked: bool = False
    """Whether the model failed where it was to be asked of a page whose text is as it was: it is asked at
    the next check, though the page be the same."""


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


class Checker:
    """Checks watches."""

    def __init__(self, world: World) -> None:
        self._world = world

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
        look = await self.look(claim.watch, claim.memory, claim.seen)
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
            verdict=result,
            event=event.key if event else None,
            caught_up=tuple(each for each in (*caught_up, *judged) if each[0] is not event),
        )

    # --- looking

    async def look(self, watch: Watch, memory: Memory, seen: Seen) -> Look:
        """Gets the page and weighs it against what is remembered. Commits nothing."""
        known = seen if memory.baseline is not None and not memory.elsewhere else Seen()
        reading = Reading(
            self._world.reader, watch, lambda page: self._seen(watch, page).sha256 == known.sha256
        )
        page = await self._get(watch, known, reading)
        if page.status == 304 and known.sha256:
            return Look(page, Weighed(State.UNCHANGED, memory, "not modified"), seen)
        if not page.outcome.readable:
            return Look(page, weigh(page, None, "", memory), seen)
        now_seen = self._seen(watch, page)
        if known.sha256 and now_seen.sha256 == known.sha256:
            return Look(page, Weighed(State.UNCHANGED, memory), now_seen)
        try:
            look = await self._weighed(watch, memory, page, reading)
        except ReadingError as error:
            return Look(page, Weighed(State.FAILED, memory, error.message), seen)
        if look.weighed.state is State.CHANGED and watch.confirm is not None:
            look = await self._confirmed(watch, memory, look, reading)
        return replace(look, seen=now_seen if look.weighed.state.good and not look.unasked else seen)

    async def _weighed(self, watch: Watch, memory: Memory, page: Page, reading: Reading) -> Look:
        read = await reading.read(page)
        weighed, failed = weigh(page, read.document, read.key, memory), ""
        changes: tuple[Hunk, ...] = ()
        if weighed.against is not None:
            before = await asyncio.to_thread(self._world.store.snapshot_page, weighed.against.snapshot)
            if before is not None:
                changes = await self._world.reader.differences(before, read.document, watch)
                weighed = settled(weighed, changes)
        if weighed.state is State.UNCHANGED and watch.questions:
            answers, failed = await self.answers(watch, read.document, memory)
            anew = told_by_answers(page, read.document, read.key, watch, answers, memory)
            weighed = weighed if failed or anew is None else anew
        return Look(page, weighed, Seen(), changes, read.document, read.key, bool(failed))

    async def _confirmed(self, watch: Watch, memory: Memory, look: Look, reading: Reading) -> Look:
        """The look, or a doubt where a second one some time later shows something else."""
        assert watch.confirm is not None
        await self._world.sleep(watch.confirm)
        page = await self._get(watch, Seen(), reading)
        if page.outcome.readable:
            again = await self._weighed(watch, memory, page, reading)
            if again.weighed.state is State.CHANGED and again.key == look.key:
                return look
        reason = f"the change was not there any more {watch.confirm:g} s later"
        return replace(look, weighed=Weighed(State.UNVERIFIED, memory, reason))

    async def _get(self, watch: Watch, known: Seen, reading: Reading) -> Page:
        conditional = watch.via != "chromium"
        request = Request(
            watch.url,
            via=watch.via,
            timeout=watch.timeout,
            etag=known.etag if conditional else None,
            last_modified=known.last_modified if conditional else None,
            session=self._world.session(watch),
            elements=elements_of(watch),
        )
        return await Getter(self._world.fetcher).get(request, reading.document)

    def _seen(self, watch: Watch, page: Page) -> Seen:
        """What is known of a response, and of the rules by which it was read. A rendered page has no
        validators: a script's data may have changed though the document itself has not."""
        rules = (self._world.reader_version, watch.select or "", *watch.exclude, "", *watch.ignore)
        named = "\n".join((page.sha256, page.final_url, page.content_type, page.outcome, *rules))
        sha256 = hashlib.sha256(named.encode("utf-8", "surrogatepass")).hexdigest()
        if page.dom is not None or page.via is Via.CHROMIUM:
            return Seen(sha256)
        return Seen(sha256, page.header("etag"), page.header("last-modified"))

    # --- committing

    async def _observe(self, claim: Claim, look: Look, *, keep_due: bool) -> Claim:
        watch, weighed, now = claim.watch, look.weighed, self._world.now()
        schedule = schedule_of(watch)
        health, notice = after_check(
            watch, claim.health, weighed.state, weighed.reason, now, interval_of(schedule, now)
        )
        # A first look without questions is silent, and there is nothing in it to judge.
        to_judge = weighed.state is State.CHANGED or (weighed.state is State.NEW and bool(watch.questions))
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
                memory=remembered(claim.memory, result.answers, result.holds),
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
        return next_due(schedule_of(claim.watch), now)

    # --- judging

    async def _judge(self, claim: Claim, event: PendingEvent, look: Look | None) -> Verdict | str:
        """The verdict on an event; why the model failed where it is to be asked again."""
        watch, kind = claim.watch, State(event.kind)
        changes: Sequence[Hunk] = ()
        if look is not None and look.document is not None:
            after, changes = look.document, look.changes
        else:
            try:
                read, changes = await self._differences(watch, event)
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
        answers, failed = await self.answers(watch, after, claim.memory)
        if failed and event.tries + 1 < TRIES:
            return failed
        ruling = await self.ruling(watch, changes)
        return verdict(
            watch, kind, changes, answers, claim.memory, ruling=ruling, note=event.note, failed=failed
        )

    async def _differences(self, watch: Watch, event: PendingEvent) -> tuple[Document | None, Sequence[Hunk]]:
        before, after = [
            None if number is None else await asyncio.to_thread(self._world.store.snapshot_page, number)
            for number in (event.before, event.after)
        ]
        if after is None:
            return None, ()
        document = (await self._world.reader.read(after, watch)).document
        if before is None:
            return document, ()
        return document, await self._world.reader.differences(before, document, watch)

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

    async def answers(
        self, watch: Watch, document: Document, memory: Memory
    ) -> tuple[tuple[StandingAnswer, ...], str]:
        """The standing questions put to a document, and why the model failed where it did."""
        found: list[StandingAnswer] = []
        failed = ""
        today = self._world.now().date()
        for question in watch.questions:
            asked = await asyncio.to_thread(asked_of, question, document, today)
            said = {each: await self._world.asker.ask(each, document) for each in asked}
            previous = memory.values.get(question_key(question))
            answer = await asyncio.to_thread(standing_answer, question, document, said, previous, today=today)
            found.append(answer)
            if any(each.status == "failed" for each in said.values()):
                failed = failed or answer.reason
        return tuple(found), failed
