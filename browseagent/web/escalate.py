"""Whether what came is the page, or a browser is needed, or it leads elsewhere, or its Markdown is better.

Pure. Decided by looking at it, never by a list of sites. Each sign says in words what was seen, which is
noted on the page. A sign that is wrong costs a second and no more; a sign that is missed loses text, so
these lean to the browser.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from browseagent.read.media import MARKDOWN_TYPES, Media
from browseagent.records import Outcome, Page, Via, route_of
from browseagent.web.policy import forward_of, same_origin
from browseagent.web.port import Request
from browseagent.web.response import Response
from browseagent.web.signs import CHALLENGE_HEADERS, ENABLE_SCRIPTS, LOAD_MORE, PLACEHOLDER, challenge_source

if TYPE_CHECKING:
    from browseagent.web.shape import Element, Shape

THIN = 250
"""Characters of text below which a page with scripts is a shell: the shortest whole pages we know
(notices, status pages) hold more, the frames of script applications hold less."""
FORWARDING = 1000
"""Characters of text from which a page is read, though it sends its reader on."""
_ROOTS = {"root", "app", "__next", "__nuxt", "svelte", "___gatsby", "application", "react-root", "ember-app"}
_ADVERT = re.compile(
    r"(?:^|[\W_])(?:ads?|advert\w*|gpt|banner|sponsor\w*|promo|taboola|outbrain|modal|toast|portal|tooltip|"
    r"recaptcha|captcha|fb-root|chat|intercom|cookie\w*|consent\w*|gtm|analytics|announcer)(?:$|[\W_\d])",
    re.IGNORECASE,
)
_ORNAMENT = re.compile(
    r"(?:^|[\W_])(?:spacer|divider|separator|clear(?:fix)?|icon\w*|line|bar|overlay|backdrop|shadow|arrow|bg|"
    r"background|image|img|thumb\w*|video|player|map|share\w*|social|slider|swiper|carousel|progress|rating|stars?|"
    r"dots?|loader|anchor|row|col(?:umn)?|container|wrapper)(?:$|[\W_\d])",
    re.IGNORECASE,
)
"""Names of empty elements that are drawn, not filled."""
_LISTS = frozenset(["ul", "ol", "dl", "tbody"])
_FILLED = _LISTS | {"div", "section", "table"}
LITTLE = 1500
"""Characters of text below which any empty element of the main part may be what the page is about. Of 300
real pages it sends 19 more to a browser."""
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
_AGREES = 0.8
"""Share of the Markdown's words that the page must show. Link targets and image texts, which it does not
show, are not counted; the fixtures agree by 0.97 and more."""
_SHELL_WORDS = 60
"""A page with fewer words than this shows too little to be compared."""
_WORD = re.compile(r"[^\W_]+")
_NOT_SHOWN = re.compile(
    r"\]\([^)]*\)|<[^>]*>|\A---\n.*?\n---\n|!\[[^\]]*\]|https?://\S+|^ {0,3}\[[^\]]+\]:[^\n]*$",
    re.DOTALL | re.MULTILINE,
)
_VALIDATORS = ("etag", "last-modified", "content-type", "content-length")
_TEMPLATE = re.compile(r"\{\{\s*[\w.$|()'\" ]{1,60}\}\}")


def why_browser(response: Response) -> str | None:
    """Why Chromium is needed to read this page, or None where what came by HTTP is the page."""
    shape = response.shape
    if response.trouble is not None or response.status is None or shape is None:
        return None
    if response.status in (401, 403, 406, 429, 503):
        return _refused(response, shape)
    if response.status >= 300:
        return None
    if shape.scripts and route_of(response.final_url):
        return "the address names a view of the page that its scripts show"
    for sign in (_forwarded, _asks_for_scripts, _shell, _unfinished, _filled_later, _more_behind):
        reason = sign(shape)
        if reason is not None:
            return reason
    return None


def _refused(response: Response, shape: Shape) -> str | None:
    if any(response.header(name) for name in CHALLENGE_HEADERS) or challenge_source(shape):
        return "the server answers with a challenge that needs scripts"
    if shape.scripts and ENABLE_SCRIPTS.search(f"{shape.noscript} {shape.text[:2000]}"):
        return "the server wants scripts to run before it shows the page"
    if response.status in (403, 406):
        return f"the server refused a plain HTTP client ({response.status})"
    if response.status == 503 and shape.scripts and len(shape.text) < 1000:
        return "the server answers 503 with a page that runs scripts"
    return None


def _forwarded(shape: Shape) -> str | None:
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
        place = element.id or element.tag in _LISTS or len(shape.text) < LITTLE
        if element.main and element.tag in _FILLED and place and not _ORNAMENT.search(name):
            return f"an empty {_named(element)} stands in the main part of the page"
        if element.tag in ("main", "article", "tbody", "time"):
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


def markdown_instead(plain: Response, offered: Response) -> Response | None:
    """The page with the Markdown that it offered as its body, or None where that is no stand-in for it."""
    shape = plain.shape
    fetched = offered.trouble is None and offered.status == 200 and offered.media_type in MARKDOWN_TYPES
    if shape is None or not fetched or offered.media is not Media.MARKDOWN:
        return None
    words = _WORD.findall(_NOT_SHOWN.sub(" ", offered.text).lower())
    shown = set(_WORD.findall(shape.text.lower()))
    if not words:
        return None
    agrees = sum(word in shown for word in words) >= _AGREES * len(words)
    if len(shape.text.split()) >= _SHELL_WORDS and not agrees:
        return None
    # Validators are of the other address: asked of this one they would be wrong.
    headers = tuple(field for field in plain.headers if field[0] not in _VALIDATORS)
    return replace(
        plain,
        headers=(*headers, ("content-type", offered.header("content-type"))),
        body=offered.body,
        how=(*plain.how, f"the site offers this page as Markdown ({offered.url}), which was read"),
    )


def better(plain: Page, rendered: Page, why: str) -> Page:
    """Of the page as served and the page as rendered, the one to use."""
    if rendered.outcome.readable or not plain.outcome.readable:
        said = rendered if rendered.via is Via.CHROMIUM and rendered.status is not None else None
        best = said or (plain if not plain.outcome.readable and rendered.status is None else rendered)
        return replace(best, how=(*best.how, f"a browser was used: {why}"))
    if rendered.outcome in (Outcome.TIMEOUT, Outcome.UNREACHABLE, Outcome.TOO_LARGE):
        failed = (rendered.reason or rendered.outcome.value).rstrip(".")
        return replace(
            plain,
            outcome=Outcome.TRUNCATED,
            reason=f"This is the page as served, before its scripts ran: {failed}.",
            hint=rendered.hint,
            how=(*plain.how, f"a browser was tried: {why}"),
        )
    return replace(rendered, how=(*rendered.how, f"a browser was used: {why}"))


def named(request: Request, url: str) -> Request:
    """The request for an address that its page named. Elsewhere nothing of the person's trust holds."""
    same = same_origin(url, request.url)
    trusted, followed = request.trusted and same, request.followed and same
    by = request.named if same else request.named or request.url
    return replace(
        request, url=url, trusted=trusted, followed=followed, named=by, etag=None, last_modified=None
    )


def led(page: Response, to: Response) -> Response:
    """What a page led to, as what was asked for."""
    way = (*(page.redirects or (page.url,)), *(to.redirects or (to.url,)))
    return replace(to, url=page.url, redirects=tuple(dict.fromkeys((*way, to.final_url))))


def forwards_to(response: Response) -> str:
    """Where a page that says little itself sends its reader; empty where it sends them nowhere."""
    if response.trouble is not None or response.status is None or response.status >= 300:
        return ""
    shape = response.shape
    if shape is not None and len(shape.text) >= FORWARDING:
        return ""
    said = response.header("refresh") or (shape.refresh if shape is not None else "")
    return forward_of(said, response.final_url)


def renders(response: Response) -> bool:
    """Whether Chromium shows this as a document of its own (not in a viewer or as bare text)."""
    if response.media_type not in ("", "text/html", "application/xhtml+xml"):
        return False
    return not response.body or response.media is Media.HTML
