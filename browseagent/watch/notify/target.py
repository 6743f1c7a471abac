"""Where an alert goes, as it is written. Pure.

stdout                      standard output of `watch run` (or of `watch check`)
command:notify-send -u low  a program and its arguments; the alert comes on its standard input
webhook:https://…           an HTTP POST of JSON, signed where $BROWSEAGENT_WEBHOOK_SECRET is set
feed:/path/alerts.atom      an Atom feed in a file
mailto://…, tgram://…       any other URL: Apprise, which must be installed
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from browseagent.errors import UsageError

Kind = Literal["stdout", "command", "webhook", "feed", "apprise"]


@dataclass(frozen=True, slots=True)
class Target:
    """A place that alerts go to."""

    kind: Kind
    address: str
    """A URL, a path, or a command line; empty for standard output."""

    @property
    def argv(self) -> list[str]:
        """The program and its arguments. Only what the person wrote: no word of a page gets in here."""
        return shlex.split(self.address)

    @property
    def shown(self) -> str:
        """The target without what may be secret in it (passwords and tokens of URLs)."""
        if self.kind in ("stdout", "feed"):
            return f"{self.kind}:{self.address}".rstrip(":")
        if self.kind == "command":
            return f"command:{self.argv[0]}"
        parts = urlsplit(self.address)
        host = parts.hostname or "…"
        return f"{'webhook:' if self.kind == 'webhook' else ''}{parts.scheme}://{host}/…"


def parse_target(text: str) -> Target:
    """The target that a text names. Raises UsageError."""
    written = text.strip()
    if written == "stdout":
        return Target("stdout", "")
    kind, _, rest = written.partition(":")
    if kind == "command" and rest:
        try:
            words = shlex.split(rest)
        except ValueError as error:
            raise _unknown(text, str(error)) from error
        if words:
            return Target("command", rest)
    if kind == "feed" and rest and not rest.startswith("//"):
        return Target("feed", rest)
    if kind == "webhook" and re.fullmatch(r"https?://[^\s/]+\S*", rest):
        return Target("webhook", rest)
    if re.fullmatch(r"[a-z][a-z0-9+.-]*://\S+", written) and kind not in ("http", "https", "webhook"):
        return Target("apprise", written)
    raise _unknown(text, "it is of no known form")


def _unknown(text: str, why: str) -> UsageError:
    return UsageError(
        f"{text!r} is no target for alerts: {why}",
        hint="Write stdout, command:PROGRAM ARGUMENTS, webhook:https://…, feed:FILE, or a URL of Apprise.",
    )
