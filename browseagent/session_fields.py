"""What a :class:`~browseagent.session.Session` can say, described once: the option and its help, how the
value is written and checked, the words that a person reads of it, and whether a watch may say it too.

The record itself checks its values by this table, the command line makes its options from it, and a watch
its settings. What chooses from a page that came is no part of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from browseagent import session_values as values

Written = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a session."""

    option: str
    """Of the command line, and in errors: ``--click``."""
    help: str
    words: Callable[[Any], str]
    """A value in the name of a stored variant of a page: never a secret. Changing them makes what is stored
    unknown."""
    kind: str = ""
    """What is written after the option, in its help; empty for a flag; ``selector`` for one of CSS."""
    read: Written | None = None
    """The value of what a person wrote. Raises ValueError. None: it is what was written."""
    check: Callable[[Any], object] | None = None
    """Raises ValueError for a value that cannot be."""
    many: bool = False
    """Whether there may be several: the value is a tuple, and the option may be repeated."""
    by_browser: bool = False
    """Whether only a browser can do it."""
    watched: bool = False
    """Whether a watch may have it too, as a setting of the same name."""


def _host(url: str) -> str:
    return f"{urlsplit(url).hostname}"


FIELDS: Mapping[str, Field] = {
    "profile": Field(
        "--profile",
        "Keep cookies and storage under this name.",
        lambda name: f"profile {name}",
        kind="name",
        read=values.profile_name,
        check=values.profile_name,
        watched=True,
    ),
    "cookies": Field(
        "--cookie-file",
        "Cookies to bring along, in Netscape's format.",
        lambda cookies: f"{len(cookies)} cookies of a file",
        kind="file",
    ),
    "headers": Field(
        "--header",
        "Sent to the site that you name, and to no other. May be repeated.",
        lambda headers: f"header {', '.join(name for name, _ in headers)}",
        kind="'name: value'",
        read=values.written_header,
        check=lambda header: values.header(*header),
        many=True,
        watched=True,
    ),
    "user_agent": Field(
        "--user-agent",
        "In place of our own name.",
        lambda _: "another user agent",
        kind="text",
        read=values.user_agent,
        check=values.user_agent,
        watched=True,
    ),
    "contact": Field(
        "--contact",
        "Your address in our name.  [default: BROWSEAGENT_CONTACT]",
        lambda address: f"contact {address}",
        kind="address",
        read=values.contact,
        check=values.contact,
    ),
    "proxy": Field(
        "--proxy",
        "http://, https:// or socks5:// upstream proxy.",
        lambda url: f"proxy {_host(url)}",
        kind="url",
        read=values.proxy,
        check=values.proxy,
        watched=True,
    ),
    "locale": Field(
        "--locale",
        "Language to ask for: de, de-AT.",
        lambda locale: f"locale {locale}",
        kind="locale",
        read=values.locale,
        check=values.locale,
        watched=True,
    ),
    "timezone": Field(
        "--timezone",
        "Time zone that pages see: Europe/Berlin.",
        lambda zone: f"time zone {zone}",
        kind="zone",
        read=values.time_zone,
        check=values.time_zone,
        by_browser=True,
    ),
    "viewport": Field(
        "--viewport",
        "Size of the window: 1280x800.",
        lambda size: f"window {size[0]}x{size[1]}",
        kind="wxh",
        read=values.written_viewport,
        check=lambda size: values.viewport(*size),
        by_browser=True,
    ),
    "clicks": Field(
        "--click",
        "Click this. May be repeated.",
        lambda clicks: f"clicked {', '.join(clicks)}",
        kind="selector",
        many=True,
        by_browser=True,
        watched=True,
    ),
    "wait_for": Field(
        "--wait-for",
        "Read the page once this is seen (after the clicks).",
        lambda selector: f"waited for {selector}",
        kind="selector",
        by_browser=True,
        watched=True,
    ),
    "browser_url": Field(
        "--browser-url",
        "Use a browser that runs already: ws:// or http://.",
        lambda url: f"browser at {_host(url)}",
        kind="url",
        read=values.browser_url,
        check=values.browser_url,
        by_browser=True,
    ),
    "obey_robots": Field(
        "--obey-robots",
        "Keep to robots.txt even for pages that you name.",
        lambda _: "obeying robots.txt",
    ),
    "media": Field("--media", "Load images, fonts, audio and video too.", lambda _: "with media"),
    "trackers": Field("--trackers", "Let pages reach known trackers.", lambda _: "with trackers"),
}
"""By the name of the field, in the order in which a session's words are said."""
WATCHED = tuple(name for name, field in FIELDS.items() if field.watched)
"""Those that a watch may have."""


def check_all(session: object) -> None:
    """Raises ValueError for the first value of a session that cannot be."""
    for name, field in FIELDS.items():
        value = getattr(session, name)
        if value and field.check is not None:
            for each in value if field.many else (value,):
                field.check(each)
