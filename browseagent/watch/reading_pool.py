"""Reads pages in processes of their own, so that one which hangs can be ended.

A job has a deadline. At it, or where the check that wants it is cancelled, the process is killed and the
next job gets another: nothing waits for what hangs, and nothing of it stays. A process that a page takes
down is replaced in the same way. There are as many processes as jobs at once; few are kept idle.
"""

from __future__ import annotations

import asyncio
import pickle
import sys
from dataclasses import replace
from types import TracebackType
from typing import Any, Self

from browseagent.processes import OWN_GROUP, bound
from browseagent.records import Document, Hunk, Page
from browseagent.watch.reading import Read, ReadingError, unpaged
from browseagent.watch.reading_child import LENGTH, pack
from browseagent.watch.records import Watch

SECONDS = 60.0
"""For one job. The slowest page of 2,008 takes two seconds on one core, starting a process three."""
_IDLE = 4
"""Processes kept for the next job: as many as there are checks at once by default."""
_JOBS = 500
"""After which a process is replaced: parsers leak."""


class ReadingPool:
    """A :class:`~browseagent.watch.reading.PageReader`. Use it as an asynchronous context manager."""

    def __init__(self, seconds: float = SECONDS, program: tuple[str, ...] = ()) -> None:
        """``program`` stands in for the child, in tests."""
        self._seconds = seconds
        self._program = program or (sys.executable, "-m", "browseagent.watch.reading_child")
        self._idle: list[_Child] = []
        self.lost = 0
        """Processes that hung or died."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        while self._idle:
            await self._idle.pop().end()

    async def read(self, page: Page, watch: Watch) -> Read:
        found: Read = await self._do("read", _unpictured(page), watch)
        return replace(found, document=replace(found.document, page=page))

    async def differences(self, before: Page, after: Document, watch: Watch) -> tuple[Hunk, ...]:
        page = None if after.page is None else _unpictured(after.page)
        found: tuple[Hunk, ...] = await self._do("differences", before, unpaged(after), page, watch)
        return found

    async def _do(self, name: str, *arguments: object) -> Any:
        child: _Child | None = None
        done = False
        try:
            async with asyncio.timeout(self._seconds):
                child = self._idle.pop() if self._idle else await _Child.start(self._program)
                well, found = await child.ask((name, arguments))
                done = True
        except TimeoutError:
            raise ReadingError(f"reading the page did not end within {self._seconds:g} s") from None
        except (asyncio.IncompleteReadError, ConnectionError, pickle.UnpicklingError) as error:
            raise ReadingError("the page took the process that read it down") from error
        except OSError as error:
            raise ReadingError(f"no process could be started to read the page: {error}") from error
        finally:
            if child is not None:
                if done and child.jobs < _JOBS and len(self._idle) < _IDLE:
                    self._idle.append(child)
                else:
                    self.lost += not done
                    await child.end()
        if not well:
            raise ReadingError(f"the page could not be read: {found}")
        return found


def _unpictured(page: Page) -> Page:
    """The page without its picture, which nobody reads."""
    return replace(page, screenshot=None)


class _Child:
    """One process."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.jobs = 0

    @classmethod
    async def start(cls, program: tuple[str, ...]) -> _Child:
        pipe = asyncio.subprocess.PIPE
        return cls(
            await asyncio.create_subprocess_exec(
                *bound(program),  # it ends with us, even where we are killed and it hangs
                stdin=pipe,
                stdout=pipe,
                start_new_session=True,
                creationflags=OWN_GROUP,
            )
        )

    async def ask(self, job: object) -> Any:
        """The reply to one job."""
        self.jobs += 1
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None and stdout is not None
        stdin.write(await asyncio.to_thread(pack, job))
        await stdin.drain()
        (length,) = LENGTH.unpack(await stdout.readexactly(LENGTH.size))
        return pickle.loads(await stdout.readexactly(length))

    async def end(self) -> None:
        """Kills it: it holds nothing that needs to be put in order."""
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()
