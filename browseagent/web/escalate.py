"""Whether a page that came by plain HTTP needs a browser: decided by looking at it. Pure.

Never a list of sites. Each sign says in words what was seen, which is noted on the page. A sign that
is wrong costs a second and no more; a sign that is missed loses text, so these lean to the browser.
"""

from __future__ import annotations

import re

from browseagent.web.arrival import Arrival
from browseagent.web.shape import Element, Shape
from browseagent.web.signs import CHALLENGE_HEADERS, ENABLE_SCRIPTS, LOAD_MORE, PLACEHOLDER, challenge_source
from browseagent.web.sniff import sniff

THIN = 250
"""Characters of text below which a page with scripts is a shell: the shortest whole pages we know
(notices, status pages) hold more, the frames of script applications hold less."""
_ROOTS = {"root", "app", "__next", "__nuxt", "svelte", "___gatsby", "application", "react-root", "ember-app"}
_ADVERT = re.compile(
    r"(?:^|[\W_])(?:ads?|advert\w*|gpt|banner|sponsor\w*|promo|taboola|outbrain|modal|toast|portal|tooltip|"
    r"recaptcha|captcha|fb-root|chat|intercom|cookie\w*|consent\w*|gtm|analytics|announcer)(?:$|[\W_\d])",
    re.IGNORECASE,
)
_BINDINGS = (
    "data-bind",
    "data-api",
    "data-endpoint",
    "data-fetch",
    "data-url",
    "data-src-html",
    "v-text",
    "v-html",
    "ng-bind",
    "x-text",
    "x-html",
    "hx-get",
    "data-controller",
    "data-lazy",
    "data-deferred",
    "data-next",
)
_FETCHES = re.compile(
    r"\bfetch\s*\(|XMLHttpRequest|\$\.(?:get|post|ajax|getJSON|load)\b|\baxios\b|new\s+EventSource|new\s+WebSocket"
)
_WRITES = re.compile(
    r"\.(?:innerHTML|textContent|innerText)\s*\+?=|insertAdjacentHTML|replaceChildren|\.replaceWith\(|\.append(?:Child)?\(|document\.write|attachShadow|\.(?:html|text)\("
)
_FORWARDS = re.compile(
    r"(?:window\.|document\.|self\.|top\.)?location(?:\.href)?\s*=[^=]|location\.(?:replace|assign)\s*\("
)
_TEMPLATE = re.compile(r"\{\{\s*[\w.$|()'\" ]{1,60}\}\}")


def why_browser(arrival: Arrival, shape: Shape | None) -> str | None:
    """Why Chromium is needed to read this page, or None where what came by HTTP is the page.

    ``shape`` is that of ``arrival.markup``, or None where it is not HTML.
    """
    if arrival.trouble is not None or arrival.status is None or shape is None:
        return None
    if arrival.status in (401, 403, 406, 429, 503):
        return _refused(arrival, shape)
    if arrival.status >= 300 or sniff(arrival.body, arrival.media_type) != "html":
        return None
    for sign in (_forwarded, _asks_for_scripts, _shell, _unfinished, _filled_later, _more_behind):
        reason = sign(shape)
        if reason is not None:
            return reason
    return None


def _refused(arrival: Arrival, shape: Shape) -> str | None:
    if any(arrival.header(name) for name in CHALLENGE_HEADERS) or challenge_source(shape):
        return "the server answers with a challenge that needs scripts"
    if shape.scripts and ENABLE_SCRIPTS.search(f"{shape.noscript} {shape.text[:2000]}"):
        return "the server wants scripts to run before it shows the page"
    if arrival.status in (403, 406):
        return f"the server refused a plain HTTP client ({arrival.status})"
    if arrival.status == 503 and shape.scripts and len(shape.text) < 1000:
        return "the server answers 503 with a page that runs scripts"
    return None


def _forwarded(shape: Shape) -> str | None:
    if shape.refresh and len(shape.text) < 1000:
        return "the page forwards to another one"
    if len(shape.text) < THIN and any(_FORWARDS.search(code) for code in shape.inline):
        return "a script on the page forwards to another one"
    return None


def _asks_for_scripts(shape: Shape) -> str | None:
    if not shape.scripts:
        return None
    if ENABLE_SCRIPTS.search(shape.noscript) and len(shape.text) < 1500:
        return "the page says that it needs JavaScript"
    if ENABLE_SCRIPTS.search(shape.text) and len(shape.text) < 600:
        return "the page says that it needs JavaScript"
    return None


def _shell(shape: Shape) -> str | None:
    chars = len(shape.text)
    if shape.scripts and chars < THIN:
        return f"the page as served is a shell ({chars} characters of text, scripts)"
    if shape.scripts >= 5 and chars < 3 * THIN and shape.paragraphs == 0:
        return f"the page as served has little text ({chars} characters) and {shape.scripts} scripts"
    if shape.scripts and shape.size > 150_000 and chars < 0.005 * shape.size and shape.paragraphs < 3:
        return f"{shape.size // 1000} kB of markup hold {chars} characters of text"
    if shape.frames and chars < 2 * THIN:
        return "the page's content is in a frame"
    for element in shape.empty:
        if shape.scripts and element.id.lower() in _ROOTS:
            return f"the element #{element.id}, where applications draw, is empty"
    return None


def _unfinished(shape: Shape) -> str | None:
    if not shape.scripts:
        return None
    if shape.busy:
        return "a part of the page is marked as still loading (aria-busy)"
    if shape.skeletons:
        return "the page shows placeholders where text will be"
    for element in shape.short:
        if PLACEHOLDER.match(element.text[0]) and element.tag not in (
            "option",
            "title",
            "button",
            "noscript",
        ):
            return f"the page says “{element.text[0]}”"
    if _TEMPLATE.search(shape.text) and not any(tag.tag in ("pre", "code") for tag in shape.short):
        return "the page shows template marks that a script would fill"
    return None


def _filled_later(shape: Shape) -> str | None:
    if not shape.scripts:
        return None
    code = "\n".join(shape.inline)
    writes = bool(_WRITES.search(code))
    for element in shape.empty:
        name = f"{element.id} {element.classes}"
        if _ADVERT.search(name):
            continue
        if any(binding in element.attributes for binding in _BINDINGS):
            return f"an empty {_named(element)} is bound to data"
        if "-" in element.tag:
            return f"the element {_named(element)} is drawn by a script"
        if element.tag in ("main", "article", "tbody"):
            return f"the {_named(element)} of the page is empty"
        if element.id and writes and _mentions(code, element.id):
            return f"a script fills the empty {_named(element)}"
    if any(_FETCHES.search(piece) and _WRITES.search(piece) for piece in shape.inline):
        return "a script on the page fetches text and writes it in"
    for element in shape.short:
        if writes and element.id and _mentions(code, element.id) and not _ADVERT.search(element.id):
            return f"a script rewrites {_named(element)}"
    return None


def _more_behind(shape: Shape) -> str | None:
    if shape.scripts and any(LOAD_MORE.match(text) for text in shape.buttons):
        return "a button on the page loads more of it"
    return None


def _mentions(code: str, identifier: str) -> bool:
    quoted = re.escape(identifier)
    return bool(re.search(rf"""["'`]\#?{quoted}["'`\s.>]""", code))


def _named(element: Element) -> str:
    return f"<{element.tag} id={element.id}>" if element.id else f"<{element.tag}>"
