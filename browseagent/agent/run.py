"""One run of the loop: :func:`~browseagent.agent.decide.decide` says what to do next, this does it.

What happens is in the run's state at any moment, so that a failure can be told with the pages that were
read before it.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from browseagent.agent.believe import NamedSite, PageAnswer, judged, merge, named_site
from browseagent.agent.choice import Choosing
from browseagent.agent.decide import (
    AskLists,
    Budget,
    Conclude,
    Follow,
    Open,
    Rank,
    State,
    Stop,
    decide,
)
from browseagent.agent.leads import Candidate, Lead, links_of, page_key, part_of, search_of
from browseagent.agent.named import Source, web_url
from browseagent.agent.rank import Ranked, best_of, rank, said_of, told_of
from browseagent.agent.scope import Scope, scope_of
from browseagent.agent.sitemap import listed_pages
from browseagent.agent.sources import Obtained, Sources
from browseagent.answer.question import Question
from browseagent.config import Settings
from browseagent.model.port import LanguageModel
from browseagent.records import Answer, Document, Outcome, Page
from browseagent.records.counted import counted

AWAY = 3
"""Links that a page outside the part of the site that was named counts as further away."""
LOOKS = 2
"""Pages that are read after an answer that is sure enough and stands on a page headed otherwise: the one that
tells of it is mostly a link or two away."""
TOLD = 5
"""Of the best candidates, those that a trace shows."""

Compute = Callable[[Callable[[], Any]], Awaitable[Any]]


class Tell(Protocol):
    """Tells of one step."""

    def __call__(self, step: str, message: str, data: Mapping[str, object] | None = None) -> None: ...


@dataclass(slots=True)
class Run:
    """The loop over some sources. ``question`` is None where they are only to be got, not answered from."""

    settings: Settings
    sources: Sources
    named: Sequence[Source]
    budget: Budget
    tell: Tell
    model: Callable[[], Awaitable[LanguageModel]]
    compute: Compute
    read: Callable[[Question, Sequence[Document], int], Awaitable[Answer]]
    """The answer that some documents give to a question, with at most so many tokens of reading."""
    choosing: Choosing
    question: Question | None = None
    answers: list[PageAnswer] = field(default_factory=list)
    answering: float = 0.0
    """Seconds that the model took."""
    state: State = field(init=False)
    _scope: Scope = field(init=False)
    _typed: str = field(init=False)
    """The URL that the person named, on whose behalf links are followed."""
    _site: NamedSite = field(init=False)
    _depths: dict[str, int] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        waiting = tuple(source for source in self.named if not isinstance(source, Document))
        documents = tuple(source for source in self.named if isinstance(source, Document))
        urls = [web_url(source) for source in self.named if isinstance(source, str)]
        self._scope = scope_of(urls, self.settings.allow_domains)
        self._site = named_site(urls)
        self._typed = urls[0] if urls else ""
        follows = self.question is not None and self.budget.pages > len(self.named) and bool(urls)
        chosen = self.question is not None and self.settings.asks_stored_site
        self.state = State(self.budget, waiting, documents=documents, follows=follows, one_by_one=chosen)

    async def to_the_end(self) -> str:
        """Goes on until there is nothing more to do; says why that is."""
        while True:
            match decide(self.state):
                case Open(source, seconds):
                    await self._open(source, seconds)
                case Conclude(tokens):
                    await self._conclude(tokens)
                case Rank(tokens):
                    await self._rank(tokens)
                case AskLists(seconds):
                    await self._ask_lists(seconds)
                case Follow(ranked, seconds):
                    await self._follow(ranked, seconds)
                case Stop(reason):
                    self.tell("stop", reason)
                    return reason

    def answer(self) -> Answer:
        """What the pages that were answered from say together; there must be one."""
        return self.choosing.counted_in(merge(self.answers), [each.answer for each in self.answers])

    async def _open(self, source: str | Path | Page, seconds: float) -> None:
        self.tell("open", f"opening {source.url if isinstance(source, Page) else source}")
        began = time.monotonic()
        within = min(seconds, self.settings.timeout)
        obtained = await self.sources.obtain(source, seconds=within)
        self._site = self._site.with_named(obtained.page.final_url)
        self._opened(obtained, began)
        self.state = replace(self.state, waiting=self.state.waiting[1:])

    async def _follow(self, ranked: Ranked, seconds: float) -> None:
        candidate = ranked.candidate
        self.tell(
            "follow",
            f"following {candidate.anchor or candidate.address!r} on {candidate.found_on} "
            f"to {candidate.url}: {ranked.why}",
            told_of(ranked),
        )
        began = time.monotonic()
        within = min(seconds, self.settings.timeout)
        obtained = await self.sources.obtain(candidate.url, seconds=within, linked_by=self._typed)
        if not self._scope.covers(obtained.page.final_url):
            reason = f"{candidate.url} leads to another site, {obtained.page.final_url}"
            hint = "--allow-domain opens it."
            page = replace(obtained.page, outcome=Outcome.POLICY, reason=reason, hint=hint)
            obtained = Obtained(page, None, obtained.requested)
        self._depths[obtained.page.final_url] = candidate.depth
        # What a search shows of a page is a scrap of it: it leads there, and is not answered from.
        self._opened(obtained, began, leads_only=candidate.lead is Lead.SEARCH)
        self._forget_seen()
        if self.state.enough:
            self.state = replace(self.state, looks=self.state.looks - 1)

    def _opened(self, obtained: Obtained, began: float, *, leads_only: bool = False) -> None:
        """Puts a page into the state, with the links that it gives."""
        page, document = obtained.page, obtained.document
        self.tell(
            "opened",
            f"{page.outcome} {page.final_url} ({page.via})",
            {
                "url": page.url,
                "outcome": page.outcome.value,
                "via": page.via.value,
                "requested": obtained.requested,
                "sha256": page.sha256,
                "chars": len(document.text) if document else 0,
                "reason": page.reason,
            },
        )
        state = self.state
        if document is not None and state.follows and not self._is_of_site(document):
            note = f"{page.final_url} has no link in common with the named site: not answered from"
            self.tell("other", note)
            page, document = replace(page, notes=(*page.notes, note)), None
        new = () if document is None or leads_only else (document,)
        self.state = replace(
            state,
            pages=(*state.pages, page),
            documents=(*state.documents, *new),
            concluded=state.concluded and not new,
            seconds=state.seconds + time.monotonic() - began,
        )
        if document is not None and self.state.follows:
            self._add(self._leads(page, document))

    def _is_of_site(self, document: Document) -> bool:
        """Whether a page is of the site that was named; where it is not, nor is its folder followed again."""
        self._site = self._site.with_page(document)
        return self._site.holds(document)

    async def _conclude(self, tokens: int) -> None:
        """Answers from the documents that came since the last time."""
        state = self.state
        if self.question is None:
            self.state = replace(state, concluded=True)
            return
        new = state.documents[state.answered :]
        self.tell("answer", f"reading {counted(len(new), 'page')} for: {self.question.words}")
        began = time.monotonic()
        answer = await self.read(self.question, new, tokens)
        looked_for = state.follows or state.one_by_one
        said = PageAnswer(answer)
        if looked_for:
            said = judged(self.question, answer, new, state.documents)
        self.answers.append(said)
        self.answering += time.monotonic() - began
        believed = looked_for and said.surplus >= 0
        looks = state.looks if state.enough else LOOKS
        self.state = replace(
            state,
            concluded=True,
            answered=len(state.documents),
            enough=state.enough or believed,
            looks=0 if believed and said.headed else looks,
        )
        if looked_for:
            words = f"“{answer.text}”" if answer.text else "nothing"
            why = ", and an amount was asked for" if answer.text and not said.formed else ""
            told = f"{words} (confidence {answer.confidence:.2f}, needed {said.needed:.2f}{why})"
            self.tell("said", told, {"confidence": answer.confidence, "needed": said.needed})

    async def _rank(self, tokens: int) -> None:
        assert self.question is not None
        state = self.state
        known = {page_key(each.candidate.url): each for each in state.frontier}
        for candidate in state.found:
            key = page_key(candidate.url)
            old = known.get(key)
            # Of several links to a page the one that says most of it stands.
            if old is None or said_of(candidate) > said_of(old.candidate):
                known[key] = Ranked(candidate)
        model = await self.model()
        call = partial(rank, self.question, list(known.values()), model, tokens)
        ranked: tuple[Ranked, ...] = await self.compute(call)
        began = time.monotonic()
        left = state.budget.seconds - state.seconds
        frontier = await self.choosing.first(self.question, ranked, tokens, left)
        spent = state.seconds + time.monotonic() - began
        self.state = replace(state, found=(), frontier=frontier, seconds=spent)
        best = [told_of(each) for each in frontier[:TOLD]]
        self.tell("rank", f"{len(frontier)} links are known; the best: {best_of(frontier)}", {"best": best})

    async def _ask_lists(self, seconds: float) -> None:
        self.tell("survey", f"looking for lists of the pages of {self._typed}")
        began = time.monotonic()
        listed = await listed_pages(self.sources, self._typed, self._scope, seconds)
        spent = self.state.seconds + time.monotonic() - began
        self.state = replace(self.state, lists_asked=True, seconds=spent)
        self._add(listed)

    def _leads(self, page: Page, document: Document) -> list[Candidate]:
        """What a page leads to: its links, and its site's search."""
        assert self.question is not None
        depth = self._depths.get(page.final_url, 0)
        search = search_of(page, self.question, depth)
        return links_of(document, depth=depth) + ([search] if search else [])

    def _add(self, candidates: Sequence[Candidate]) -> None:
        """Puts candidates into the state: those that may be followed and were not read."""
        seen = self._seen()
        part = part_of(self._typed)
        candidates = [
            each if part in ("", part_of(each.url)) else replace(each, depth=each.depth + AWAY)
            for each in candidates
        ]
        new = [
            each
            for each in candidates
            if page_key(each.url) not in seen
            and self._scope.covers(each.url)
            and self._site.may_hold(each.url)
        ]
        self.state = replace(self.state, found=(*self.state.found, *new))

    def _forget_seen(self) -> None:
        """Takes the pages that were read off the candidates, and those of sites that showed to be others."""
        seen = self._seen()
        left = tuple(
            each
            for each in self.state.frontier
            if page_key(each.candidate.url) not in seen and self._site.may_hold(each.candidate.url)
        )
        self.state = replace(self.state, frontier=left)

    def _seen(self) -> set[str]:
        read = [url for page in self.state.pages for url in (page.url, page.final_url, *page.redirects)]
        read += [part.url for document in self.state.documents for part in document.parts]
        return {page_key(url) for url in read}
