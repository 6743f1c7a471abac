"""The options that describe a watch, and the settings that they make."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence
from typing import Any

import click

from browseagent.cli.completing import groups
from browseagent.cli.options.reading import run_options
from browseagent.cli.options.session import Option, with_options
from browseagent.config import HELP
from browseagent.errors import UsageError
from browseagent.session_fields import FIELDS, WATCHED


def _of_session(name: str) -> Option:
    """The option of a field of the watch's session; the watch as a whole checks what is written."""
    field = FIELDS[name]
    return click.option(field.option, name, multiple=field.many, metavar=field.kind.upper(), help=field.help)


_OPTIONS: tuple[Option, ...] = (
    click.option("--every", help="Interval, such as 15m.  [default: 1h]"),
    click.option("--cron", help="Cron expression instead of an interval, such as '0 9 * * mon-fri'."),
    click.option("--timezone", help="Time zone of --cron and --between.  [default: this machine's]"),
    click.option("--between", help="Only within these hours, such as 08:00-20:00 or 22:00-06:00."),
    click.option("--select", help="Only this part of the page, as a CSS selector."),
    click.option("--exclude", multiple=True, help="Not this part of the page."),
    click.option("--ignore", multiple=True, metavar="REGEX", help="What this matches is no change."),
    click.option("--strict", is_flag=True, help="Take nothing for noise: tell of every difference."),
    click.option("--only-added", is_flag=True, help="Tell of what was added or changed, not of removals."),
    click.option("--only-removed", is_flag=True, help="Tell of what was removed or changed."),
    click.option("--ask", multiple=True, metavar="QUESTION", help="A standing question, or NAME=QUESTION."),
    click.option(
        "--type", "types", multiple=True, metavar="TYPE",
        help="Type of the answer to the --ask before it: money, number, date, boolean, choice:a,b, text.",
    ),
    click.option("--when", metavar="CONDITION", help="Tell when this begins to hold: 'price < 50'."),
    click.option("--about", help="Which changes matter, in words."),
    click.option("--notify", multiple=True, metavar="TARGET",
                 help="stdout, command:PROGRAM, webhook:URL, feed:FILE, or a URL of Apprise."),
    click.option("--digest", metavar="CRON", help="Collect alerts and send them together then."),
    click.option("--tag", "tags", multiple=True, help="A word to find it by."),
    click.option("--group", shell_complete=groups, help="Take settings from this group."),
    click.option("--confirm", metavar="DURATION", help="Look again after so long before it counts."),
    *map(_of_session, WATCHED),
    click.option("--fail-after", type=click.IntRange(min=1), help="Failures in a row before an alert."),
    click.option("--keep", type=click.IntRange(min=1), help="Snapshots to keep at least.  [default: 50]"),
    click.option("--keep-for", metavar="DURATION", help="Keep younger snapshots too."),
    click.option("--screenshots", type=click.IntRange(min=1), metavar="MB",
                 help="Look through a browser and keep pictures, the newest up to so many megabytes."),
)  # fmt: skip
_OF_PAGES = (
    click.option("--via", type=click.Choice(["auto", "http", "chromium"]), help=HELP["via"]),
    click.option("--timeout", metavar="DURATION", help=HELP["timeout"]),
)
_NAMES = (
    *("every", "cron", "timezone", "between", "select", "exclude", "ignore", "strict"),
    *("only_added", "only_removed"),
    *("ask", "types", "when", "about", "notify", "digest", "tags", "group", "confirm"),
    *WATCHED,
    *("fail_after", "keep", "keep_for", "screenshots"),
)
_NAMES_OF_PAGES = ("via", "timeout")
_OF_THE_WATCH = "it is a setting of each watch (`watch add`, or the file of `watch import`)"
_NOW = "a check looks at the page as it is now"
_REFUSED = (
    ("via", False, _OF_THE_WATCH),
    ("timeout", False, _OF_THE_WATCH),
    ("max_age", False, _NOW),
    ("fresh", True, "a check always asks the server"),
    ("offline", True, _NOW),
    ("as_of", False, _NOW),
    ("max_pages", False, "a check reads one page"),
)
"""Common options that would say nothing, or something else than the watch does: name, flag, reason."""
_NAMED = re.compile(r"([^\W\d]\w*)=(.+)", re.S)


def watch_options(command: Callable[..., int]) -> Callable[..., int]:
    """Adds the options to a command, which gets them as one argument ``settings``."""
    return _adds(command, _OPTIONS + _OF_PAGES, (*_NAMES, *_NAMES_OF_PAGES))


def check_options(*own: str) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """Adds to a command that checks watches those of the common options that make sense there, as one
    argument ``reading``. The others are refused with the reason, but for its ``own``."""
    refused = [_refused(name, flag, why) for name, flag, why in _REFUSED if name not in own]

    def add(command: Callable[..., int]) -> Callable[..., int]:
        return with_options(refused)(run_options(command))

    return add


def _refused(name: str, flag: bool, why: str) -> Option:
    option = "--" + name.replace("_", "-")

    def refuse(_context: click.Context, _parameter: click.Parameter, value: object) -> None:
        if value:
            raise UsageError(f"{option} cannot be used here: {why}")

    return click.option(option, is_flag=flag, expose_value=False, hidden=True, callback=refuse)


def _adds(command: Callable[..., int], options: Sequence[Option], names: Sequence[str]) -> Callable[..., int]:
    @functools.wraps(command)
    def with_settings(*args: Any, **given: Any) -> int:
        values = {name: given.pop(name) for name in names}
        return command(*args, settings=_settings(values), **given)

    wrapped: Callable[..., int] = with_settings
    for option in reversed(options):
        wrapped = option(wrapped)
    return wrapped


def _settings(values: dict[str, Any]) -> dict[str, Any]:
    """What was given, as settings; what was not is left to the group and the defaults."""
    added, removed = values.pop("only_added"), values.pop("only_removed")
    if added and removed:
        raise UsageError("--only-added and --only-removed exclude each other")
    asked, types = values.pop("ask"), values.pop("types")
    if len(types) > len(asked):
        raise UsageError("there are more --type than --ask", hint="Give each --ask its --type after it.")
    out = {key: list(value) if isinstance(value, tuple) else value for key, value in values.items() if value}
    if added or removed:
        out["only"] = "added" if added else "removed"
    if asked:
        kinds = [*types, *["text"] * (len(asked) - len(types))]
        out["ask"] = [_asked(text, kind) for text, kind in zip(asked, kinds, strict=True)]
    return out


def _asked(text: str, kind: str) -> dict[str, str]:
    named = _NAMED.fullmatch(text.strip())
    if named is None:
        return {"question": text, "type": kind}
    return {"question": named[2].strip(), "type": kind, "name": named[1]}
