"""From what arrived to what it is: the outcome of a page, one sentence for it, and a hint. Pure.

Words never decide alone. A wall needs its words, a structural sign, and no page around them: little
text and no paragraphs. So a page that is about captchas, cookies or logins stays ``ok``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from browseagent.records import Outcome, Via
from browseagent.web import signs
from browseagent.web.arrival import Arrival
from browseagent.web.shape import Shape
from browseagent.web.sniff import sniff
from browseagent.web.trouble import TroubleKind

WALL_CHARS = 1500
"""Walls of every vendor that we wrote fixtures after hold less text than this; articles hold more."""
PROSE_CHARS = 350
"""Running prose beyond which a page has something to say: the longest explanation on a wall that we
wrote after real ones (why robots are kept out, what a membership brings) has 300 characters."""
BESIDE_PROSE = 100
"""Sentences beside a consent form from which they are the page: a site's line about itself is shorter."""
BARE_CHARS = 30
"""Text below this is no text: a logo's words, a copyright line."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """An outcome and why."""

    outcome: Outcome
    reason: str | None = None
    hint: str | None = None


_HINTS = {
    TroubleKind.URL: "Check the address.",
    TroubleKind.POLICY: "Give the address itself on the command line if you mean to reach it.",
    TroubleKind.ROBOTS: "Name the page yourself, without --obey-robots, if its owner allows that.",
    TroubleKind.DNS: "Check the spelling of the host and your network connection.",
    TroubleKind.CONNECT: "Check the address and the port, or try again later.",
    TroubleKind.TLS: "Somebody may be in between, or the site's certificate needs renewal; try again later.",
    TroubleKind.PROTOCOL: "Try again later.",
    TroubleKind.REDIRECTS: "The site may want cookies or a login; open it in a browser to see.",
    TroubleKind.TIMEOUT: "Try again with a longer --timeout.",
    TroubleKind.TOO_LARGE: "Download it yourself and give a part of it as a file.",
    TroubleKind.BOMB: "Do not open it.",
    TroubleKind.ENCODING: "Try --via chromium.",
    TroubleKind.DOWNLOAD: "Download it yourself and give it as a file.",
    TroubleKind.CRASH: "Try --via http.",
    TroubleKind.NO_BROWSER: "Run `browseagent doctor`, or try --via http.",
    TroubleKind.ABSENT: "Check the selector (--screenshot shows the page), or give it a longer --timeout.",
}
_TROUBLES = {
    TroubleKind.URL: Outcome.UNREACHABLE,
    TroubleKind.POLICY: Outcome.POLICY,
    TroubleKind.ROBOTS: Outcome.ROBOTS,
    TroubleKind.DNS: Outcome.UNREACHABLE,
    TroubleKind.CONNECT: Outcome.UNREACHABLE,
    TroubleKind.TLS: Outcome.UNREACHABLE,
    TroubleKind.PROTOCOL: Outcome.UNREACHABLE,
    TroubleKind.REDIRECTS: Outcome.HTTP_ERROR,
    TroubleKind.TIMEOUT: Outcome.TIMEOUT,
    TroubleKind.TOO_LARGE: Outcome.TOO_LARGE,
    TroubleKind.BOMB: Outcome.TOO_LARGE,
    TroubleKind.ENCODING: Outcome.UNSUPPORTED,
    TroubleKind.DOWNLOAD: Outcome.UNSUPPORTED,
    TroubleKind.CRASH: Outcome.UNREACHABLE,
    TroubleKind.NO_BROWSER: Outcome.UNREACHABLE,
    TroubleKind.ABSENT: Outcome.TIMEOUT,
}
_CUT_SHORT = (TroubleKind.PROTOCOL, TroubleKind.TIMEOUT)


def judge(arrival: Arrival, shape: Shape | None) -> Verdict:
    """The outcome. ``shape`` is that of ``arrival.markup``, or None where it is not HTML."""
    if arrival.trouble is not None:
        return _troubled(arrival, shape)
    if arrival.status is not None:
        verdict = _by_status(arrival, shape)
        if verdict is not None:
            return verdict
    verdict = _by_kind(arrival)
    if verdict is not None:
        return verdict
    if shape is None:
        return Verdict(Outcome.OK)
    for decide in (_bot_wall, _login_wall, _consent_wall, _soft_missing, _nothing_there, _teaser):
        verdict = decide(arrival, shape)
        if verdict is not None:
            return verdict
    return Verdict(Outcome.OK)


def _troubled(arrival: Arrival, shape: Shape | None) -> Verdict:
    trouble = arrival.trouble
    assert trouble is not None
    text = shape.text if shape is not None else ""
    if arrival.dom is not None and shape is not None and trouble.kind is TroubleKind.TIMEOUT:
        nothing = _nothing_there(arrival, shape)
        if nothing is not None:
            return nothing
    if trouble.kind is TroubleKind.ABSENT:
        # A wall, a login or an error page explains why what the person waited for is not there.
        instead = judge(replace(arrival, trouble=None), shape)
        if not instead.outcome.readable:
            return instead
    whole = arrival.status is not None and arrival.status < 300
    if trouble.kind in _CUT_SHORT and whole and len(text) >= WALL_CHARS // 5:
        return Verdict(
            Outcome.TRUNCATED,
            f"Only the beginning of the page arrived: {trouble.detail}.",
            _HINTS[trouble.kind],
        )
    return Verdict(_TROUBLES[trouble.kind], _sentence(trouble.detail), _HINTS[trouble.kind])


def _by_status(arrival: Arrival, shape: Shape | None) -> Verdict | None:
    status = arrival.status
    assert status is not None
    if status == 304 or 200 <= status < 300:
        return Verdict(Outcome.OK) if status == 304 else None
    if status == 404:
        return Verdict(Outcome.NOT_FOUND, "The server has no such page (404).", "Check the address.")
    if status == 410:
        return Verdict(Outcome.GONE, "The page was removed for good (410).", "Look for it in a web archive.")
    if status == 401 or (status == 403 and shape is not None and _asks_for_login(arrival, shape)):
        return Verdict(Outcome.LOGIN, f"The server wants a login ({status}).", _LOGIN_HINT)
    if status == 429:
        wait = arrival.header("retry-after")
        again = f" It asks to wait {wait} s." if wait.isdigit() else ""
        return Verdict(
            Outcome.BLOCKED, f"The server says that it was asked too often (429).{again}", "Try again later."
        )
    if status in (403, 405, 406, 503) and _challenged(arrival, shape):
        return Verdict(
            Outcome.BLOCKED, f"The site keeps programs out: it wants a human ({status}).", _BLOCKED_HINT
        )
    words = {403: "refuses access", 451: "may not show the page for legal reasons", 402: "wants payment"}
    what = words.get(status, "failed" if status >= 500 else "answered with an error")
    hint = "Try again later." if status >= 500 else "Open it in a browser to see what the site wants."
    return Verdict(Outcome.HTTP_ERROR, f"The server {what} ({status}).", hint)


def _by_kind(arrival: Arrival) -> Verdict | None:
    if arrival.dom is not None:
        return None
    kind = sniff(arrival.body, arrival.media_type)
    if kind == "nothing":
        return Verdict(Outcome.EMPTY, "The server sent an empty page.", "Open it in a browser to see.")
    if kind in ("image", "archive", "media", "binary"):
        named = f" ({arrival.media_type})" if arrival.media_type else ""
        what = {"image": "an image", "archive": "an archive", "media": "audio or video"}.get(
            kind, "binary data"
        )
        return Verdict(
            Outcome.UNSUPPORTED, f"This is {what}{named}, not a text.", "Give a web page, a PDF or a text."
        )
    return None


_BLOCKED_HINT = "Open it in a browser, save the page, and give the saved file instead."
_LOGIN_HINT = (
    "Log in with `browseagent login` and name its --profile, or bring your cookies with --cookie-file."
)


def _challenged(arrival: Arrival, shape: Shape | None) -> bool:
    """Whether an error page is a challenge: here words or a sign are enough, for it is no article."""
    if any(arrival.header(name) for name in signs.CHALLENGE_HEADERS):
        return True
    if shape is None:
        return False
    said = f"{shape.title} {shape.text[:WALL_CHARS]}"
    return bool(signs.challenge_source(shape) or signs.WALL_WORDS.search(said))


def _has_page(shape: Shape) -> bool:
    """Whether there is a page around whatever looks like a wall: much text, or running prose."""
    return len(shape.text) > WALL_CHARS or shape.paragraphs > 2 or shape.prose > PROSE_CHARS


def _bot_wall(arrival: Arrival, shape: Shape) -> Verdict | None:
    if _has_page(shape):
        return None
    said = bool(signs.WALL_WORDS.search(f"{shape.title} {' '.join(shape.headings)} {shape.text}"))
    source = signs.challenge_source(shape)
    header = any(arrival.header(name) for name in signs.CHALLENGE_HEADERS)
    if (said and source) or (header and (said or source)):
        return Verdict(
            Outcome.BLOCKED, "The site keeps programs out: it asks for proof of a human.", _BLOCKED_HINT
        )
    return None


def _asks_for_login(arrival: Arrival, shape: Shape) -> bool:
    titles = [shape.title, *shape.headings[:2]]
    titled = any(signs.LOGIN_TITLE.match(title) for title in titles)
    said = bool(signs.LOGIN_WORDS.search(shape.text))
    asked, came = urlsplit(arrival.url).path, urlsplit(arrival.final_url).path
    sent = came != asked and bool(signs.LOGIN_PATH.search(came))
    if shape.passwords:
        return titled or said or sent
    return sent and (titled or said)


def _login_wall(arrival: Arrival, shape: Shape) -> Verdict | None:
    if _has_page(shape) or not _asks_for_login(arrival, shape):
        return None
    return Verdict(Outcome.LOGIN, "The site shows a login instead of the page.", _LOGIN_HINT)


def _consent_wall(arrival: Arrival, shape: Shape) -> Verdict | None:
    layered = len(shape.consent_text)
    beside = len(shape.text) - layered
    agreed = any(signs.CONSENT_BUTTON.match(text) for text in shape.buttons)
    if not agreed:
        return None
    walled = layered >= 100 and beside < 250 and shape.beside_prose < BESIDE_PROSE
    moved = "consent" in arrival.final_url.lower() and "consent" not in arrival.url.lower()
    words = len(signs.CONSENT_WORDS.findall(shape.text))
    if (walled or moved) and words >= 2:
        return Verdict(
            Outcome.CONSENT,
            "The site shows a consent form and nothing of the page.",
            "Answer it in a browser, save the page, and give the saved file instead.",
        )
    return None


def _soft_missing(arrival: Arrival, shape: Shape) -> Verdict | None:
    if _has_page(shape):
        return None
    sorry = shape.lead if shape.headings and signs.SORRY.match(shape.headings[0]) else ""
    for title in (shape.title, *shape.headings[:2], sorry):
        if signs.NOT_FOUND_TITLE.match(title):
            said = title[:80]
            return Verdict(
                Outcome.NOT_FOUND, f"The page says that it does not exist (“{said}”).", "Check the address."
            )
    return None


def _nothing_there(arrival: Arrival, shape: Shape) -> Verdict | None:
    text = shape.text if arrival.visible_text is None else arrival.visible_text.strip()
    waiting = bool(signs.PLACEHOLDER.match(text[:200]))
    scripts = len(text) < 400 and bool(signs.ENABLE_SCRIPTS.search(text)) and shape.scripts > 0
    if arrival.via is Via.CHROMIUM:
        if waiting or not text or (len(text) < BARE_CHARS and shape.scripts and not shape.headings):
            return Verdict(
                Outcome.EMPTY, "The page shows no text, even with its scripts run.", "Try --timeout 60."
            )
        return None
    noscript = bool(signs.ENABLE_SCRIPTS.search(shape.noscript)) and len(text) < 2 * BARE_CHARS
    if not text or waiting or scripts or noscript or (len(text) < BARE_CHARS and shape.scripts):
        hint = "Try --via chromium." if shape.scripts else "Open it in a browser to see."
        return Verdict(Outcome.EMPTY, "The page as served holds no text.", hint)
    return None


def _teaser(arrival: Arrival, shape: Shape) -> Verdict | None:
    declared = any(signs.NOT_FREE.search(block) for block in shape.structured)
    offered = bool(signs.PAYWALL_WORDS.search(shape.paywall_text))
    tail = shape.text[int(len(shape.text) * 0.5) :]
    closing = bool(signs.PAYWALL_WORDS.search(tail))
    if offered or (declared and closing):
        return Verdict(
            Outcome.TRUNCATED,
            "Only the beginning of the page is open; the rest is for subscribers.",
            _LOGIN_HINT,
        )
    return None


def _sentence(detail: str) -> str:
    """The detail as a sentence; a host name that it begins with stays as it is."""
    named = bool(re.match(r"\S+[.:]\w", detail))
    text = detail if named else detail[:1].upper() + detail[1:]
    return text if text.endswith((".", "!", "?")) else text + "."
