"""Reading a page for a check, and comparing it with an earlier one: what may hang, behind one port.

A page's markup, or a regular expression of ``ignore``, may keep a parser busy for ever, and no thread of
Python's can be ended from outside. So checks read through a :class:`PageReader`:
:class:`browseagent.watch.reading_pool.ReadingPool` does it in processes that can be ended, and
:class:`HereReader` in this process, for tests.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from browseagent.errors import NoTextError
from browseagent.read import read_page
from browseagent.records import Document, Elements, Hunk, Page
from browseagent.watch.compare import compare, text_key
from browseagent.watch.records import Watch


class ReadingError(NoTextError):
    """Reading a page did not end, or took down the process that read it."""

    kind = "reading"


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of a page."""

    document: Document
    key: str
    """Hash of its text as it is compared."""


class PageReader(Protocol):
    """Reads pages and compares them, by the rules of a watch. Both raise :class:`ReadingError`."""

    async def read(self, page: Page, watch: Watch) -> Read:
        """The part of a page that is watched."""
        ...

    async def differences(self, before: Page, after: Document, watch: Watch) -> tuple[Hunk, ...]:
        """How a document that was read differs from an earlier page."""
        ...


class Reading:
    """A page of a watch, read once: to be got, to be weighed, and to be confirmed."""

    def __init__(self, reader: PageReader, watch: Watch, known: Callable[[Page], bool]) -> None:
        """``known`` tells a page whose text was weighed at an earlier look."""
        self._reader, self._watch, self._known = reader, watch, known
        self._read: dict[str, asyncio.Future[Read]] = {}

    async def document(self, page: Page) -> Document | None:
        """For a :class:`~browseagent.web.getter.Getter`: None where nothing can be learnt from it."""
        try:
            return None if self._known(page) else (await self.read(page)).document
        except ReadingError:
            return None  # said when the page is weighed

    async def read(self, page: Page) -> Read:
        """What was read of a page. Raises ReadingError."""
        reading = self._read.get(page.sha256)
        if reading is None:
            reading = self._read[page.sha256] = asyncio.ensure_future(self._reader.read(page, self._watch))
        found = await reading
        return replace(found, document=replace(found.document, page=page))


def elements_of(watch: Watch) -> Elements:
    """The part of its page that is watched."""
    return Elements((watch.select,) if watch.select else (), watch.exclude)


def read_watched(page: Page, watch: Watch) -> Document:
    """The readable text of the part of a page that is watched."""
    return read_page(page, elements_of(watch))


def read_now(page: Page, watch: Watch) -> Read:
    """:meth:`PageReader.read`, in this thread."""
    document = read_watched(page, watch)
    return Read(document, text_key(document, _ignored(watch)))


def differences_now(before: Page, after: Document, watch: Watch) -> tuple[Hunk, ...]:
    """:meth:`PageReader.differences`, in this thread."""
    found = compare(read_watched(before, watch), after, _ignored(watch)).differences
    return found if watch.takes_noise else tuple(replace(hunk, noise="") for hunk in found)


def _ignored(watch: Watch) -> list[re.Pattern[str]]:
    return [re.compile(pattern) for pattern in watch.ignore]


class HereReader:
    """A :class:`PageReader` in threads of this process. ``before`` is called ahead of each page."""

    def __init__(self, before: Callable[[Page], None] = lambda _: None) -> None:
        self._before = before

    async def read(self, page: Page, watch: Watch) -> Read:
        self._before(page)
        return await asyncio.to_thread(read_now, page, watch)

    async def differences(self, before: Page, after: Document, watch: Watch) -> tuple[Hunk, ...]:
        return await asyncio.to_thread(differences_now, before, after, watch)


def unpaged(document: Document) -> Document:
    """The document without its page: to be sent to who has the page already."""
    parts = tuple(replace(part, page=None) for part in document.parts)
    return replace(document, page=None, parts=parts)
