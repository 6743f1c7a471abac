"""The session in which a watch asks for its page. Pure."""

from __future__ import annotations

from dataclasses import replace

from browseagent.errors import UsageError
from browseagent.session import Session
from browseagent.session_values import written_header
from browseagent.watch.records import Watch


def session_of(watch: Watch, base: Session | None = None) -> Session:
    """The session of ``base`` (what holds for the whole program) with what the watch says in its place.
    Raises UsageError for values that cannot be."""
    try:
        headers = tuple(map(written_header, watch.headers))
    except ValueError as error:
        raise UsageError(str(error)) from None
    base = base or Session()
    headers = headers or base.headers
    if watch.basic and not any(name.lower() == "authorization" for name, _ in headers):
        headers = (*headers, ("Authorization", f"Basic {watch.basic}"))
    session = replace(
        base,
        profile=watch.profile or "",
        headers=headers,
        user_agent=watch.user_agent or base.user_agent,
        proxy=watch.proxy or base.proxy,
        locale=watch.locale or base.locale,
        clicks=watch.clicks,
        wait_for=watch.wait_for or "",
    )
    if watch.via == "http" and (watch.clicks or watch.wait_for):
        raise UsageError('clicks and wait_for need a browser, and via = "http" forbids it')
    return session
