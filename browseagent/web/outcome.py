"""From what arrived to what it is: the outcome of a page, one sentence for it, and a hint. Pure.

Words never decide alone. A wall needs its words, a structural sign, and no page around them: little
text and no paragraphs. So a page that is about captchas, cookies or logins stays ``ok``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from browseagent.read.media import Media
from browseagent.records import Outcome, Page, Via
from browseagent.web import signs
from browseagent.web.refusal import not_whole, status_of
from browseagent.web.response import Response
from browseagent.web.trouble import MEANT, TroubleKind, sentence

if TYPE_CHECKING:
    from browseagent.web.shape import Shape

WALL_CHARS = 1500
"""Walls of every vendor that we wrote fixtures after hold less text than this; articles hold more."""
PROSE_CHARS = 350
"""Running prose beyond which a page has something to say: the longest explanation on a wall that we
wrote after real ones (why robots are kept out, what a membership brings) has 300 characters."""
BESIDE_PROSE = 100
"""Sentences beside a consent form from which they are the page: a site's line about itself is shorter."""
MOST_PARAGRAPHS = 6
"""Of 80 characters or more: queues explain themselves in some, and pages have more."""
BARE_CHARS = 30
"""Text below this is no text: a logo's words, a copyright line."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """An outcome and why."""

    outcome: Outcome
    reason: str | None = None
    hint: str | None = None


_CUT_SHORT = (TroubleKind.PROTOCOL, TroubleKind.TIMEOUT)


_SECRET = ("set-cookie", "set-cookie2")
"""Response headers that no page keeps: whoever holds such a value is the one who logged in."""


def page_of(response: Response, now: datetime) -> Page:
    """The page that came, with its outcome."""
    verdict = judge(response)
    return Page(
        url=response.url,
        final_url=response.final_url,
        outcome=verdict.outcome,
        via=response.via,
        fetched_at=now,
        status=response.status,
        redirects=response.redirects,
        headers=tuple(field for field in response.headers if field[0] not in _SECRET),
        body=response.body,
        dom=response.dom,
        visible_text=response.visible_text,
        reason=verdict.reason,
        hint=verdict.hint,
        notes=response.notes,
        how=response.how,
        screenshot=response.screenshot,
    )


def judge(response: Response) -> Verdict:
    """The outcome of what came."""
    shape = response.shape
    if response.trouble is not None:
        return _troubled(response, shape)
    if response.status is not None:
        verdict = _by_status(response, shape)
        if verdict is not None:
            return verdict
    verdict = _by_kind(response) or _by_own_word(response)
    if verdict is not None:
        return verdict
    seen = (decide(response, shape) for decide in _DECIDERS) if shape is not None else ()
    return next(filter(None, seen), Verdict(Outcome.OK))


def _troubled(response: Response, shape: Shape | None) -> Verdict:
    trouble = response.trouble
    assert trouble is not None
    text = shape.text if shape is not None else ""
    if response.dom is not None and shape is not None and trouble.kind is TroubleKind.TIMEOUT:
        nothing = _nothing_there(response, shape)
        if nothing is not None:
            return nothing
    if trouble.kind is TroubleKind.ABSENT:
        # A wall, a login or an error page explains why what the person waited for is not there.
        instead = judge(replace(response, trouble=None))
        if not instead.outcome.readable:
            return instead
    came = response.status is not None and response.status < 300 and not response.media.unreadable
    # What broke off is a part of a page, be it small; what is still on its way may hardly have begun.
    much = bool(text or (shape is None and response.body.strip()))
    if trouble.kind is TroubleKind.TIMEOUT:
        much = len(text) >= WALL_CHARS // 5
    outcome, hint = MEANT[trouble.kind]
    if trouble.kind in _CUT_SHORT and came and much:
        return Verdict(Outcome.TRUNCATED, f"Only the beginning of the page arrived: {trouble.detail}.", hint)
    return Verdict(outcome, sentence(trouble.detail), hint)


def _by_status(response: Response, shape: Shape | None) -> Verdict | None:
    status = response.status
    assert status is not None
    if status == 304:
        return Verdict(Outcome.OK)
    if 200 <= status < 300:
        said = not_whole(response)
        return Verdict(Outcome.TRUNCATED, said, "Try again later.") if said else None
    if status == 404:
        return Verdict(Outcome.NOT_FOUND, "The server has no such page (404).", "Check the address.")
    if status == 410:
        return Verdict(Outcome.GONE, "The page was removed for good (410).", "Look for it in a web archive.")
    if status == 401 or (status == 403 and shape is not None and _asks_for_login(response, shape)):
        return Verdict(Outcome.LOGIN, f"The server wants a login ({status}).", _LOGIN_HINT)
    if status == 429:
        wait = response.header("retry-after")
        again = f" It asks to wait {wait} s." if wait.isdigit() else ""
        return Verdict(
            Outcome.BLOCKED, f"The server says that it was asked too often (429).{again}", "Try again later."
        )
    if status in (403, 405, 406, 503) and _challenged(response, shape):
        return Verdict(
            Outcome.BLOCKED, f"The site keeps programs out: it wants a human ({status}).", _BLOCKED_HINT
        )
    words = {403: "refuses access", 451: "may not show the page for legal reasons", 402: "wants payment"}
    what = words.get(status, "failed" if status >= 500 else "answered with an error")
    hint = "Try again later." if status >= 500 else "Open it in a browser to see what the site wants."
    return Verdict(Outcome.HTTP_ERROR, f"The server {what} ({status}).", hint)


def _by_own_word(response: Response) -> Verdict | None:
    """An error that came as a page does, with the status 200, and says itself what it is."""
    status = None if response.via is Via.FILE else status_of(response)
    verdict = None if status is None else _by_status(replace(response, status=status), response.shape)
    return verdict and replace(verdict, reason=f"{verdict.reason} It says so in a page that came as if well.")


def _by_kind(response: Response) -> Verdict | None:
    if response.dom is not None:
        return None
    kind = response.media
    if kind is Media.NOTHING:
        if response.via is Via.FILE:
            return Verdict(Outcome.EMPTY, "The file is empty.", "Save the page again, or give its address.")
        return Verdict(Outcome.EMPTY, "The server sent an empty page.", "Open it in a browser to see.")
    if kind.unreadable:
        named = f" ({response.media_type})" if response.media_type else ""
        article = {Media.IMAGE: "an image", Media.ARCHIVE: "an archive", Media.BINARY: "binary data"}
        what = article.get(kind, kind.value)
        return Verdict(
            Outcome.UNSUPPORTED, f"This is {what}{named}, not a text.", "Give a web page, a PDF or a text."
        )
    return None


_BLOCKED_HINT = "Open it in a browser, save the page, and give the saved file instead."
_LOGIN_HINT = (
    "Log in with `browseagent login` and name its --profile, or bring your cookies with --cookie-file."
)


def _challenged(response: Response, shape: Shape | None) -> bool:
    """Whether an error page is a challenge: here words or a sign are enough, for it is no article."""
    if any(response.header(name) for name in signs.CHALLENGE_HEADERS):
        return True
    if shape is None:
        return False
    said = f"{shape.title} {shape.text[:WALL_CHARS]}"
    return bool(signs.challenge_source(shape) or signs.WALL_WORDS.search(said))


def _has_page(shape: Shape) -> bool:
    """Whether there is a page around whatever looks like a wall: much text, or running prose."""
    return len(shape.text) > WALL_CHARS or shape.paragraphs > 2 or shape.prose > PROSE_CHARS


def _known_wall(response: Response, shape: Shape) -> Verdict | None:
    """A challenge, a queue, a limit or a notice of maintenance that is known by how it is built."""
    if len(shape.text) > 2 * WALL_CHARS or shape.paragraphs > MOST_PARAGRAPHS:
        return None
    built = signs.built_of(shape, response.final_url, response.headers)
    if response.dom is not None and len(shape.text) < signs.NOTICE_CHARS:
        # What a browser shows is without its scripts: those of the page as served count too.
        served = replace(response, dom=None).shape
        built += "\n".join(served.inline) if served is not None else ""
    if signs.WALLS.search(built) or signs.is_notice(shape, built) or signs.is_captcha(shape, built):
        said = "The site shows a check, a queue or a notice instead of the page."
        return Verdict(Outcome.BLOCKED, said, "Try again later, or open it in a browser to see.")
    return None


def _bot_wall(response: Response, shape: Shape) -> Verdict | None:
    if _has_page(shape):
        return None
    said = bool(signs.WALL_WORDS.search(f"{shape.title} {' '.join(shape.headings)} {shape.text}"))
    source = signs.challenge_source(shape)
    header = any(response.header(name) for name in signs.CHALLENGE_HEADERS)
    if (said and source) or (header and (said or source)):
        return Verdict(
            Outcome.BLOCKED, "The site keeps programs out: it asks for proof of a human.", _BLOCKED_HINT
        )
    return None


def _asks_for_login(response: Response, shape: Shape) -> bool:
    titles = [shape.title, *shape.headings[:2]]
    titled = any(signs.LOGIN_TITLE.match(title) for title in titles)
    said = bool(signs.LOGIN_WORDS.search(shape.text))
    asked, came = urlsplit(response.url).path, urlsplit(response.final_url).path
    sent = came != asked and bool(signs.LOGIN_PATH.search(came))
    if shape.passwords:
        return titled or said or sent
    return sent and (titled or said)


def _login_wall(response: Response, shape: Shape) -> Verdict | None:
    if _has_page(shape) or not _asks_for_login(response, shape):
        return None
    return Verdict(Outcome.LOGIN, "The site shows a login instead of the page.", _LOGIN_HINT)


def _consent_wall(response: Response, shape: Shape) -> Verdict | None:
    layered = len(shape.consent_text)
    beside = len(shape.text) - layered
    agreed = any(signs.CONSENT_BUTTON.match(text) for text in shape.buttons)
    if not agreed:
        return None
    walled = layered >= 100 and beside < 250 and shape.beside_prose < BESIDE_PROSE
    moved = "consent" in response.final_url.lower() and "consent" not in response.url.lower()
    words = len(signs.CONSENT_WORDS.findall(shape.text))
    if (walled or moved) and words >= 2:
        return Verdict(
            Outcome.CONSENT,
            "The site shows a consent form and nothing of the page.",
            "Answer it in a browser, save the page, and give the saved file instead.",
        )
    return None


def _soft_missing(response: Response, shape: Shape) -> Verdict | None:
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


def _nothing_there(response: Response, shape: Shape) -> Verdict | None:
    text = shape.text if response.visible_text is None else response.visible_text.strip()
    waiting = bool(signs.PLACEHOLDER.match(text[:200]))
    scripts = len(text) < 400 and bool(signs.ENABLE_SCRIPTS.search(text)) and shape.scripts > 0
    if response.via is Via.CHROMIUM:
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


def _teaser(response: Response, shape: Shape) -> Verdict | None:
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


_DECIDERS = (_known_wall, _bot_wall, _login_wall, _consent_wall, _soft_missing, _nothing_there, _teaser)
