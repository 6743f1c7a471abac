"""One look at a page: it is got, weighed and compared with what is remembered. Commits nothing.

The world is behind the ports of :class:`World`.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from browseagent.read.elements import can_be_empty
from browseagent.records import Answer, Document, Hunk, Page, Via
from browseagent.session import Session
from browseagent.watch import places
from browseagent.watch.answers import asked_of, standing_answer
from browseagent.watch.instead import came_instead
from browseagent.watch.judge import Memory, Weighed, doubted, settled, weigh
from browseagent.watch.port import Seen, WatchStore
from browseagent.watch.reading import PageReader, Reading, ReadingError, elements_of
from browseagent.watch.records import Question, StandingAnswer, State, Value, Watch
from browseagent.watch.ruling import Ruling
from browseagent.watch.settings import session_of
from browseagent.watch.verdict import as_read_now, question_key, told_by_answers
from browseagent.web.getter import Getter
from browseagent.web.port import Fetcher, Request
from browseagent.web.refusal import message_of

_BELIEVED = 3
"""How often in a row a server is believed that a page was not modified since a date, or that it still has its
tag; then the page is asked for whole. A date that never changes is a common mistake."""
_BELIEVED_TAG = 20


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


class Looker:
    """Looks at the pages of watches."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def look(self, watch: Watch, memory: Memory, seen: Seen) -> Look:
        """Gets the page and weighs it against what is remembered."""
        known = seen if memory.baseline is not None and not memory.elsewhere else Seen()
        asked = _asked_with(known, memory)
        reading = Reading(
            self._world.reader, watch, lambda page: self._seen(watch, page).sha256 == known.sha256
        )
        page = await self._get(watch, asked, reading)
        if page.status == 304 and known.sha256:
            memory = replace(memory, unmodified=memory.unmodified + 1)
            return self._unmoved(page, memory, known, "not modified")
        if not page.outcome.readable:
            return Look(page, weigh(page, None, "", memory), seen)
        now_seen = self._seen(watch, page)
        memory = replace(
            memory, unmodified=0, misled=memory.misled or (asked != known and _misleads(known, now_seen))
        )
        if known.sha256 and now_seen.sha256 == known.sha256:
            return self._unmoved(page, memory, now_seen)
        try:
            look = await self._weighed(watch, memory, page, reading)
        except ReadingError as error:
            return Look(page, Weighed(State.FAILED, memory, error.message), seen)
        told = look.weighed.state is State.CHANGED and not look.weighed.noise
        if told and watch.confirm is not None:
            look = await self._confirmed(watch, memory, look, reading)
        return replace(look, seen=now_seen if look.weighed.state.good and not look.unasked else seen)

    def _unmoved(self, page: Page, memory: Memory, seen: Seen, reason: str = "") -> Look:
        """A page that is as it was at the last look. A place that stands still for long is forgotten: where
        it is not as in the baseline, the next look tells."""
        kept = places.unmoved(memory.places, self._world.now())
        if places.settled_elsewhere(memory.places, kept):
            seen = Seen()
        return Look(page, Weighed(State.UNCHANGED, replace(memory, places=kept, empty=""), reason), seen)

    async def _weighed(self, watch: Watch, memory: Memory, page: Page, reading: Reading) -> Look:
        read = await reading.read(page)
        said = await self._said_instead(memory, page)
        if said:
            reason = f"a message came instead of the page: “{said}”"
            return Look(page, Weighed(State.BLOCKED, memory, reason), Seen(), (), read.document, read.key)
        chosen = watch.select is not None and can_be_empty(watch.select, read.document)
        weighed, failed = weigh(page, read.document, read.key, memory, chosen=chosen), ""
        changes: tuple[Hunk, ...] = ()
        if weighed.against is not None:
            before = await asyncio.to_thread(self._world.store.snapshot_page, weighed.against.snapshot)
            if before is not None:
                changes = await self._world.reader.differences(before, read.document, watch)
                changes, seen = await self._by_places(watch, memory, page, reading, changes)
                doubt = doubted(changes, before, page, read.document, read.key, memory)
                if doubt is not None:
                    return Look(page, doubt, Seen(), changes, read.document, read.key)
                shown = replace(weighed.memory, places=seen, unshown=False)
                weighed = settled(replace(weighed, memory=shown), changes)
        elif weighed.state is State.UNCHANGED:
            seen = places.observed(memory.places, (), self._world.now())
            weighed = replace(weighed, memory=replace(weighed.memory, places=seen))
        if (weighed.state is State.UNCHANGED or weighed.noise) and watch.questions:
            known = None if memory.baseline is None else memory.baseline.snapshot
            answers, failed = await self.answers(watch, read.document, memory, memory.valued or known)
            if not failed:
                told = as_read_now(watch, weighed.memory, answers)
                anew = told_by_answers(page, read.document, read.key, watch, answers, told)
                weighed = anew or replace(weighed, memory=told)
        return Look(page, weighed, Seen(), changes, read.document, read.key, bool(failed))

    async def _said_instead(self, memory: Memory, page: Page) -> str:
        """The message that came where the baseline is a page; empty where this is one too."""
        if memory.baseline is None or not (said := message_of(page)):
            return ""
        before = await asyncio.to_thread(self._world.store.snapshot_page, memory.baseline.snapshot)
        return "" if before is None else came_instead(said, page, before)

    async def _by_places(
        self, watch: Watch, memory: Memory, page: Page, reading: Reading, changes: tuple[Hunk, ...]
    ) -> tuple[tuple[Hunk, ...], tuple[places.Place, ...]]:
        """The differences with what this page has shown to be noise, and what it has shown by now. Where a
        place differs for the second time running, a second look at once tells whether it does so by
        itself; of a watch of an earlier version that is asked at its first difference."""
        seen = places.observed(memory.places, changes, self._world.now())
        if not watch.takes_noise:
            return changes, seen
        changes = places.marked(changes, memory.places)
        if memory.unshown or places.suspected(changes, memory.places):
            again = await self._get(watch, Seen(), reading)
            if again.outcome.readable and again.sha256 != page.sha256:
                read = await reading.read(again)
                seen = places.differed(seen, await self._world.reader.differences(page, read.document, watch))
                changes = places.marked(changes, seen)
        return changes, seen

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
        conditional = watch.via != "chromium" and not watch.screenshots
        request = Request(
            watch.url,
            via=watch.via,
            timeout=watch.timeout,
            etag=known.etag if conditional else None,
            last_modified=known.last_modified if conditional else None,
            session=self._world.session(watch),
            elements=elements_of(watch),
            screenshot="jpeg" if watch.screenshots else "",
            trusted=not watch.public,
            named=watch.url if watch.public else "",  # its headers are for its own site
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

    async def answers(
        self, watch: Watch, document: Document, memory: Memory, before: int | None = None
    ) -> tuple[tuple[StandingAnswer, ...], str]:
        """The standing questions put to a document, and why the model failed where it did.

        An answer that differs from the one that is remembered is put to the snapshot ``before`` as well: a
        newer program, or another model, may read the same page otherwise, and that is no change of it. So is
        one where none is remembered: the model may have failed at the looks before."""
        found: list[StandingAnswer] = []
        failed = ""
        earlier: Document | None = None
        for question in watch.questions:
            previous = memory.values.get(question_key(question))
            answer, trouble = await self._answer(question, document, previous)
            failed = failed or trouble
            if before is not None and answer.value is not None and previous != answer.value:
                earlier = earlier or await self._read(watch, before)
                if earlier is not None:
                    then, _ = await self._answer(question, earlier, None)
                    answer = replace(answer, previous=then.value or previous)
            found.append(answer)
        return tuple(found), failed

    async def _answer(
        self, question: Question, document: Document, previous: Value | None
    ) -> tuple[StandingAnswer, str]:
        today = self._world.now().date()
        asked = await asyncio.to_thread(asked_of, question, document, today)
        said = {each: await self._world.asker.ask(each, document) for each in asked}
        answer = await asyncio.to_thread(standing_answer, question, document, said, previous, today=today)
        failed = any(each.status == "failed" for each in said.values())
        return answer, answer.reason if failed else ""

    async def _read(self, watch: Watch, snapshot: int) -> Document | None:
        page = await asyncio.to_thread(self._world.store.snapshot_page, snapshot)
        return None if page is None else (await self._world.reader.read(page, watch)).document


def _asked_with(known: Seen, memory: Memory) -> Seen:
    """The validators to ask with; none where the server has misled us by them, or for a look at the whole
    page now and then."""
    believed = _BELIEVED_TAG if known.etag else _BELIEVED
    return Seen() if memory.misled or memory.unmodified >= believed else known


def _misleads(known: Seen, now: Seen) -> bool:
    """Whether another content came with the validators of the one before."""
    stated = known.etag or known.last_modified
    same = (known.etag, known.last_modified) == (now.etag, now.last_modified)
    return bool(stated) and same and known.sha256 != now.sha256
