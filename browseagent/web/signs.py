"""Words and names by which a wall, a shell or a placeholder is known.

The words stand in ``words/*.txt``, one regular expression a line. A phrase alone never decides: articles
are written about captchas and cookies. The deciders ask for a structural sign beside it (see ``outcome``
and ``escalate``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from browseagent.web.shape import Shape


def _words(name: str, before: str = "", after: str = "") -> re.Pattern[str]:
    text = (files("browseagent.web") / "words" / f"{name}.txt").read_text("utf-8")
    return re.compile(f"{before}(?:{'|'.join(text.splitlines())}){after}", re.IGNORECASE)


ENABLE_SCRIPTS = _words("enable_scripts")
PLACEHOLDER = _words("placeholder", "^", r"(?: (?:\w+ ){0,3}\w+)?\s?(?:\.{1,3}|…|⋯)?$")
LOAD_MORE = _words("load_more", r"^\W*", r"\W*$")
WALL_WORDS = _words("wall_words")
LOGIN_TITLE = _words("login_title", r"^\W*(?:please )?", r"\b")
LOGIN_WORDS = _words("login_words")
CONSENT_WORDS = _words("consent_words")
CONSENT_BUTTON = _words("consent_button", r"^\W*(?:i )?")
REFUSE = _words("refuse", "^", r"(?:\W.{0,40}|$)")
NOT_FOUND_TITLE = _words("not_found_title", r"^\W*")
_BEFORE_SAID = r"\W*(?:(?:http|error|status|code)\W+)*(?:[45]\d\d\b\W*)?"
LIMITS, OUTAGES = _words("limits", _BEFORE_SAID), _words("outages", _BEFORE_SAID)
"""How a server says that it was asked too often, and that it cannot answer."""
PAYWALL_WORDS = _words("paywall_words")
TRACKERS = tuple((files("browseagent.web") / "words" / "trackers.txt").read_text("utf-8").split())
"""Hosts that measure and advertise: a page reads the same without them."""
LOGIN_PATH = re.compile(
    r"/(?:log-?in|sign-?in|sso|auth(?:enticate|orize|wall)?|accounts?/login|users?/sign_in|session/new|"
    r"wp-login\.php|saml|oauth2?|cas/login)(?:[/?#.]|$)",
    re.IGNORECASE,
)
SORRY = re.compile(
    r"^\W*(?:we(?:'|’)?re sorry|we are sorry|sorry|oops|error|hmm|uh[- ]oh)\b.{0,20}$", re.IGNORECASE
)
NOT_FREE = re.compile(r'"isAccessibleForFree"\s*:\s*"?(?:false)"?', re.IGNORECASE)
CHALLENGE_HEADERS = ("cf-mitigated", "x-datadome", "x-amzn-waf-action", "x-sucuri-block")
NOTICE_CHARS, NOTICE_LINKS = 800, 5
"""A page that has more text or more links than a notice of maintenance or a place in a queue."""
WALLS = _words("walls", "(?m)")
"""What only the walls of well-known services have, of what :func:`built_of` tells of a page: challenges,
queues, limits, notices of maintenance. Their scripts on ordinary pages (sensors, connectors) are not here."""
_WALL_NAMES = _words("wall_names", "(?m)^#", "$")
_CAPTCHAS = _words("captchas", "(?m)^#", "$")
_CAPTCHA_CHARS = 400
_CHALLENGE_SOURCES = _words("challenge_sources")
_CHALLENGE_IDS = _words("challenge_ids", "^", "$")


def challenge_source(shape: Shape) -> str | None:
    """The script, frame, form or element that only a challenge has; None where there is none."""
    for source in shape.sources:
        if _CHALLENGE_SOURCES.search(source):
            return source[:120]
    return next((f"#{name}" for name in sorted(shape.names) if _CHALLENGE_IDS.match(name)), None)


def built_of(shape: Shape, at: str, headers: Iterable[tuple[str, str]]) -> str:
    """What a page is made of and came with, one thing a line: its address, its headers, what it loads and
    links to, the names of its elements, its scripts. No word of its text is in it."""
    return "\n".join(
        (
            f"at {at}",
            *(f"{name}: {value}" for name, value in headers),
            *shape.sources,
            *shape.links,
            shape.refresh,
            *(f"#{name}" for name in shape.names),
            *shape.inline,
        )
    )


def is_notice(shape: Shape, built: str) -> bool:
    """Whether a page calls itself a wall by the names of its elements, and leads hardly anywhere."""
    short = len(shape.text) < NOTICE_CHARS and len(shape.links) <= NOTICE_LINKS
    return short and bool(_WALL_NAMES.search(built))


def is_captcha(shape: Shape, built: str) -> bool:
    """Whether a page is nothing but a riddle for people: beside comments and on forms such stand too."""
    alone = not shape.fields and len(shape.text) < _CAPTCHA_CHARS and len(shape.links) <= NOTICE_LINKS
    return alone and bool(_CAPTCHAS.search(built))
