"""A window in which a person logs in; what the site leaves in it goes into a profile.

Through the same egress gate as everything else. The window belongs to the person: nothing is clicked, and
it is theirs to close.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from playwright.async_api import BrowserContext, Error, Page

from browseagent.errors import FetchError, UsageError
from browseagent.session import Cookie, Session, changed
from browseagent.web.browser import give, left_in
from browseagent.web.chromium import Chromium, first_line
from browseagent.web.cookies import Sessions, StorageState, from_browser
from browseagent.web.driver import NoBrowser
from browseagent.web.egress import Egress
from browseagent.web.limits import Limits
from browseagent.web.manners import LANGUAGES, Identity, user_agent
from browseagent.web.policy import origin_of
from browseagent.web.port import ProfileStore

LOOK_SECONDS = 1.0
"""Between two looks at what the window holds: a browser that is ended at once leaves the last one."""
WINDOW_BYTES, WINDOW_CONNECTIONS = 2_000_000_000, 20_000
"""What the window may bring in and open: a person goes from page to page in it."""
START_SECONDS = 60.0
"""For the window to open and the first page to begin: a cold start on a busy machine takes 10 s."""


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """What was kept."""

    cookies: int
    origins: int


@dataclass(frozen=True, slots=True)
class LoginWindow:
    """Opens a window with a profile in it, and keeps what it holds when it is closed."""

    chromium: Chromium
    egress: Egress
    profiles: ProfileStore
    identity: Identity

    async def open(self, url: str, session: Session, seconds: float) -> LoggedIn:
        """Returns when the window is closed, or after ``seconds``. Raises FetchError where the window did
        not open; then, and where it is cancelled, the profile is as it was."""
        origin = origin_of(url)
        if origin is None:
            raise UsageError(f"{url} is no http or https URL")
        brought = await Sessions(self.profiles).bring(session)
        try:
            async with (
                self.egress.lane(origin, typed=True, proxy=session.proxy) as passage,
                self.chromium.context(**self._options(session, passage.proxy, brought)) as context,
            ):
                left = await _watched(context, url, brought, seconds)
        except NoBrowser as error:
            raise FetchError(f"no window could be opened: {error}", kind="no_browser", url=url) from error
        kept = replace(changed(brought.cookies, left.cookies), storage=left.storage)
        await asyncio.to_thread(self.profiles.merge, session.profile, kept, login=True)
        return LoggedIn(len(left.cookies), len(left.storage))

    def _options(self, session: Session, proxy: str, brought: StorageState) -> dict[str, Any]:
        said = self.identity.of(session)
        options: dict[str, Any] = {
            "proxy": {"server": proxy},
            "user_agent": said.user_agent,
            "locale": said.locale,
            "timezone_id": session.timezone or None,
            "storage_state": {"cookies": [], "origins": list(brought.storage)},
        }
        if session.viewport is None:
            return options | {"no_viewport": True}
        width, height = session.viewport
        return options | {"viewport": {"width": width, "height": height}}


async def _watched(context: BrowserContext, url: str, brought: StorageState, seconds: float) -> StorageState:
    """What the context holds when its last window has been closed."""
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    closed = asyncio.Event()
    context.on("close", lambda _: closed.set())
    try:
        await give(context, brought)
        page = await context.new_page()
        await page.goto(url, wait_until="commit", timeout=START_SECONDS * 1000)
    except Error as error:
        if closed.is_set() or not context.pages:
            raise FetchError("the window was closed before its page had come", url=url) from error
        raise FetchError(f"{url} did not open: {first_line(error)}", url=url) from error
    last = StorageState(brought.cookies, brought.storage)
    while context.pages and not closed.is_set() and loop.time() < until:
        last = await _looked(context, last)
        try:
            async with asyncio.timeout_at(min(loop.time() + LOOK_SECONDS, until)):
                await closed.wait()
        except TimeoutError:
            pass  # It is still open: the next look.
    if closed.is_set():
        return last
    return await left_in(context, last, loop.time() + START_SECONDS)


async def _looked(context: BrowserContext, last: StorageState) -> StorageState:
    """The cookies, and the local storage of what is open now, over what was seen before."""
    try:
        cookies: tuple[Cookie, ...] = tuple(map(from_browser, await context.cookies()))
    except Error:
        return last
    storage = {entry["origin"]: entry for entry in last.storage}
    for page in context.pages:
        seen = await _storage(page)
        if seen is not None:
            storage[seen["origin"]] = {**storage.get(seen["origin"], {}), **seen}
    return StorageState(cookies, tuple(storage.values()))


async def _storage(page: Page) -> dict[str, Any] | None:
    """What the page's origin has in its local storage; None where that cannot be had at once."""
    try:
        async with asyncio.timeout(LOOK_SECONDS):
            origin, items = await page.evaluate("() => [location.origin, Object.entries(localStorage)]")
    except (TimeoutError, Error):
        return None
    kept = [{"name": str(name), "value": str(value)} for name, value in items]
    return {"origin": str(origin), "localStorage": kept} if kept and str(origin).startswith("http") else None


async def open_window(
    url: str,
    session: Session,
    profiles: ProfileStore,
    seconds: float,
    *,
    executable: Path | None = None,
    headed: bool = True,
) -> LoggedIn:
    """Opens a window of our own, and ends its browser with it. ``headed`` is False in tests."""
    limits = Limits(page_bytes=WINDOW_BYTES, page_connections=WINDOW_CONNECTIONS)
    chromium = Chromium(executable, limits, media=True, headed=headed)
    async with Egress(limits=limits) as egress:
        try:
            window = LoginWindow(chromium, egress, profiles, Identity(user_agent(), LANGUAGES))
            return await window.open(url, session, seconds)
        finally:
            await chromium.aclose()
