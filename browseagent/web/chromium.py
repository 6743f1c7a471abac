"""One Chromium: started when first needed, started anew when it crashed or grew, always ended.

Playwright's driver starts Chromium in a process group of its own and ends it when the pipe to us
closes, which the kernel does for us even after SIGKILL; Chromium ends by itself when its pipe to the
driver closes. Signals are ours to handle: the program cancels, and cancellation comes here.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from playwright.async_api import Browser, BrowserContext, Error, Playwright

from browseagent.processes import kill
from browseagent.web.driver import NoBrowser, started
from browseagent.web.find_chromium import (
    HINT,
    attach,
    find_chromium,
    on_this_machine,
    refusal,
    resident_bytes,
)
from browseagent.web.limits import Limits

log = logging.getLogger(__name__)
LAUNCH_SECONDS = 30.0
"""Cold starts on a loaded two-core machine took up to 6 s."""
MEMORY_EVERY = 10
"""Pages between two looks at how much memory Chromium holds: one look takes some 20 ms."""
T = TypeVar("T")

# Every connection goes through the gate: no name is resolved by Chromium, no UDP leaves it (WebRTC,
# QUIC), and what it would load on its own account has nowhere to go (Playwright's own switches turn
# most of that off; `proxy` below points at a closed door, each page's context at its lane).
_SWITCHES = (
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-quic",
    "--dns-prefetch-disable",
    "--no-pings",
    "--disable-domain-reliability",
    "--disable-client-side-phishing-detection",
    "--safebrowsing-disable-auto-update",
    "--mute-audio",
    "--disable-gpu",  # Nothing is looked at.
    "--js-flags=--max-old-space-size=1024",
)
_LIGHT = ("--blink-settings=imagesEnabled=false", "--disable-remote-fonts")
_CLOSED_DOOR = "http://127.0.0.1:9"


class Crashed(Exception):
    """The renderer or the browser died under the page."""


@dataclass(slots=True)
class _Running:
    """A browser process and what it has done so far."""

    browser: Browser
    pid: int | None
    pages: int = 0
    open: int = 0
    retired: bool = False


class Chromium:
    """The browser of one run. Use :meth:`context`; call :meth:`aclose` on every way out.

    ``headed`` shows it to a person. ``running`` is the address of a browser that runs already: it is not
    started, not ended, and what others do in it is left alone.
    """

    def __init__(
        self,
        executable: Path | None,
        limits: Limits,
        *,
        media: bool = False,
        headed: bool = False,
        running: str = "",
    ) -> None:
        self._executable = executable
        self._limits = limits
        self._headed = headed
        self._address = running
        self.elsewhere = bool(running) and not on_this_machine(running)
        """Whether it runs on another machine, which cannot reach the egress gate."""
        self.media = media
        self._lock = asyncio.Lock()
        self._playwright: Playwright | None = None
        self._starting: asyncio.Task[_Running] | None = None
        self._current: _Running | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.sandboxed = False
        """Whether Chromium's own sandbox is on; known once it has started."""
        self.starts = 0

    @asynccontextmanager
    async def context(self, **options: object) -> AsyncIterator[BrowserContext]:
        """A fresh browser context (Playwright's ``new_context`` options). It is closed in the
        background, within ``limits.close`` seconds or together with its browser."""
        running = await self._running()
        running.pages += 1
        running.open += 1
        context: BrowserContext | None = None
        try:
            context = await running.browser.new_context(**options)  # type: ignore[arg-type]
            yield context
        finally:
            self._background(self._release(running, context))

    @property
    def open_pages(self) -> int:
        """Pages that are open now in the current browser."""
        return self._current.open if self._current is not None else 0

    async def crash(self) -> None:
        """Crashes the browser's processes as ``chrome://crash`` does. For tests and the soak run."""
        running = self._current
        if running is None or not running.browser.is_connected():
            return
        try:
            session = await running.browser.new_browser_cdp_session()
            await bounded(session.send("Browser.crash"), 2.0)
        except Error:
            return  # It was gone already.

    async def aclose(self) -> None:
        """Ends Chromium and the driver, whatever state they are in."""
        if self._starting is not None:
            with contextlib.suppress(Exception):  # It failed to start: nothing to end but the driver.
                await asyncio.wait_for(asyncio.shield(self._starting), LAUNCH_SECONDS)
        if self._tasks:
            await asyncio.wait(list(self._tasks), timeout=self._limits.close)
        for task in list(self._tasks):
            task.cancel()
        if self._current is not None:
            await self._end(self._current)
            self._current = None
        if self._playwright is not None:
            playwright, self._playwright = self._playwright, None
            await bounded(playwright.stop(), self._limits.close)

    async def _running(self) -> _Running:
        """The browser to use now: the current one while it is well, else a new one."""
        async with self._lock:
            current = self._current
            if current is not None and not current.browser.is_connected():
                self._current = current = None
            if current is not None and self._spent(current):
                current.retired = True
                self._current = None
                if not current.open:
                    self._background(self._end(current))
                current = None
            if current is None:
                if self._starting is None:
                    self._starting = asyncio.ensure_future(self._launch())
                try:
                    # Shielded: a page that is given up must not leave a browser half started.
                    current = self._current = await asyncio.shield(self._starting)
                finally:
                    if self._starting.done():
                        self._starting = None
            return current

    def _spent(self, running: _Running) -> bool:
        if running.pages >= self._limits.recycle_pages:
            return True
        if running.pages % MEMORY_EVERY or not running.pages or running.pid is None:
            return False
        return resident_bytes(running.pid) > self._limits.recycle_bytes

    async def _attach(self) -> _Running:
        """A browser that runs already. Its process is not ours to end, so its id is not asked for."""
        if self._playwright is None:
            self._playwright = await started()
        try:
            browser = await attach(self._playwright, self._address, LAUNCH_SECONDS)
        except Error as error:
            where = urlsplit(self._address)
            raise NoBrowser(
                f"the browser at {where.scheme}://{where.netloc.rpartition('@')[2]} cannot be used: "
                f"{refusal(error)}"
            ) from error
        return _Running(browser, None)

    async def _launch(self) -> _Running:
        if self._address:
            return await self._attach()
        search = find_chromium(self._executable)
        if search.found is None:
            raise NoBrowser(f"{search.explanation}. {HINT}")
        if self._playwright is None:
            self._playwright = await started()
        self.starts += 1
        root = hasattr(os, "geteuid") and os.geteuid() == 0
        browser: Browser | None = None
        if not root:
            try:
                browser = await self._start(search.found, sandbox=True)
                self.sandboxed = True
            except Error as error:
                if "sandbox" not in str(error).lower():
                    raise NoBrowser(f"{search.found} does not start: {first_line(error)}") from error
                log.warning("this machine does not allow Chromium's sandbox; started without it")
        if browser is None:
            try:
                browser = await self._start(search.found, sandbox=False)
            except Error as error:
                raise NoBrowser(f"{search.found} does not start: {first_line(error)}") from error
        return _Running(browser, await _pid_of(browser))

    async def _start(self, executable: Path, *, sandbox: bool) -> Browser:
        assert self._playwright is not None
        return await self._playwright.chromium.launch(
            executable_path=executable,
            headless=not self._headed,
            chromium_sandbox=sandbox,
            args=[*_SWITCHES, *(() if self.media else _LIGHT)],
            proxy={"server": _CLOSED_DOOR},
            handle_sigint=False,
            handle_sigterm=False,
            handle_sighup=False,
            timeout=LAUNCH_SECONDS * 1000,
        )

    async def _release(self, running: _Running, context: BrowserContext | None) -> None:
        closed = context is None or await bounded(context.close(), self._limits.close)
        running.open -= 1
        if not closed and running.browser.is_connected():
            running.retired = True
            if self._current is running:
                self._current = None
        if running.retired and not running.open:
            await self._end(running)

    async def _end(self, running: _Running) -> None:
        if not await bounded(running.browser.close(), self._limits.close) and running.pid is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                kill(running.pid)

    def _background(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def bounded(work: Awaitable[T], seconds: float) -> bool:
    """Whether some closing-down was done in time. It may fail: what is closed may be gone already."""
    try:
        async with asyncio.timeout(seconds):
            await work
    except TimeoutError:
        return False
    except Error:
        return True
    return True


_background: set[asyncio.Task[bool]] = set()


def detached(work: Any) -> None:
    """Runs a short piece of work that nobody waits for; asyncio keeps no reference of its own."""
    task = asyncio.ensure_future(work)
    _background.add(task)
    task.add_done_callback(_background.discard)


def first_line(error: BaseException) -> str:
    """The first line of an error's text: Playwright appends its whole call log."""
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__


async def _pid_of(browser: Browser) -> int | None:
    """Process id of the browser process, to end it by where it does not end itself."""
    try:
        session = await browser.new_browser_cdp_session()
        answer = await session.send("SystemInfo.getProcessInfo")
        await session.detach()
    except Error:
        return None
    ids = [int(entry["id"]) for entry in answer["processInfo"] if entry["type"] == "browser"]
    return ids[0] if ids else None
