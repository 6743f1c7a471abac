"""``browseagent login``."""

from __future__ import annotations

from typing import Any

import click

from browseagent.cli.invocation import Invocation, pass_invocation, run_async
from browseagent.cli.options.reading import Duration
from browseagent.cli.options.session import PROFILE, WHO, session_of, with_options
from browseagent.cli.options.sources import url_of
from browseagent.cli.show import results as render
from browseagent.cli.show.streams import one_line
from browseagent.config import Settings, default_settings
from browseagent.errors import UsageError
from browseagent.session import Session

LONGEST = 3600.0
"""Seconds that the window stays open by default: a person may have to look for their telephone."""
_NO_DISPLAY = (
    "Run it where there is a display (`ssh -X` lends yours) and copy the profile's folder, {folder}, here; "
    "or export the cookies of your own browser and give them with --cookie-file."
)


@click.command()
@click.argument("url")
@PROFILE
@with_options(WHO)
@click.option("--timeout", type=Duration(), help="How long the window stays open at most.  [default: 1h]")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
@pass_invocation
def login(
    invocation: Invocation, /, url: str, profile: str | None, timeout: float | None, quiet: bool, **given: Any
) -> int:
    """Open a window at URL for you to log in; what the site leaves there is kept in a profile.

    Close the window when you are done. Every later command with --profile NAME is logged in then, with
    and without a browser. Ctrl-C leaves the profile as it was.
    """
    from browseagent.web.find_chromium import display

    settings = default_settings()
    session = session_of(settings.session, profile=profile or "default", **given)
    opened = url_of(url)
    if timeout is not None and timeout <= 0:
        raise UsageError("--timeout must be longer than nothing", hint="For example --timeout 30m.")
    if not display():
        folder = settings.profiles_path / session.profile
        raise UsageError("there is no display to open a window on", hint=_NO_DISPLAY.format(folder=folder))
    if not quiet:
        invocation.streams.tell(f"Log in at {one_line(opened)} and close the window when you are done.")
    kept = run_async(lambda: _log_in(settings, opened, session, timeout or LONGEST))
    invocation.streams.write(f"Kept {render.counted(kept, 'cookie')} in the profile {session.profile}.")
    if not quiet:
        name = f" --profile {session.profile}"
        invocation.streams.tell(f"It is used with{name}: browseagent read {one_line(opened)}{name}")
    return 0


async def _log_in(settings: Settings, url: str, session: Session, seconds: float) -> int:
    from browseagent.store.profiles import Profiles
    from browseagent.web.login import open_window

    done = await open_window(
        url, session, Profiles(settings.profiles_path), seconds, executable=settings.chromium
    )
    return done.cookies
