"""The pages that the kept data folders were made of, at each step of their story.

They are served at one address, which the folders hold in every row: an address of the loopback network that
nothing else uses. Never edit a page: what is served after an upgrade is compared with what the folders hold.
"""

from __future__ import annotations

import json
import time
import tomllib
from collections.abc import Mapping
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING

from fixtures.behaviours import Gate, Redirect, Template
from fixtures.server import FixtureServer
from tests.pdf import pdf_of

if TYPE_CHECKING:
    from collections.abc import Iterator

HOST, PORT = "127.14.8.1", 18420
ORIGIN = f"http://{HOST}:{PORT}"
WATCHES = Path(__file__).with_name("watches.toml")
NAMES = tuple(tomllib.loads(WATCHES.read_text("utf-8"))["watches"])
"""The watches of the folders."""
_PATIENCE_S = 300
"""How long to wait for the address while another run of these tests has it."""


class Step(IntEnum):
    """A moment in the story of the pages."""

    FIRST = 0
    """What the watches saw first."""
    KEPT = 1
    """What they saw last before the folders were put away."""
    SAME = 2
    """What the next program sees: the same, but for what is noise."""
    CHANGED = 3
    """What it sees later: every page has changed."""


HTML = "text/html; charset=utf-8"
Body = tuple[int, str, bytes]
"""Status, media type, body."""


def _page(title: str, main: str, *, language: str = "en", script: str = "", extra: str = "") -> Body:
    """A page with more around its text than a reader keeps: what an old capture does not hold is not told."""
    return (
        200,
        HTML,
        f"""<!doctype html>
<html lang="{language}"><head><title>{title} | Saltmarsh Rowing Club</title>
<meta name="description" content="{title}: news of the club">
<meta property="og:image" content="/boat.png">
<script type="application/ld+json">{{"@type": "WebPage", "name": "{title}", "inLanguage": "en"}}</script>
</head><body>
<nav><a href="/article.html">News</a> <a href="/price.html" title="What we sell">Shop</a></nav>
<main><h1>{title}</h1>
{main}
<figure><img src="/boat.png" alt="Two people in a wooden boat"><figcaption>The oldest boat.</figcaption>
</figure></main>
<aside aria-label="Elsewhere">{extra}<p hidden>Members only.</p></aside>
<form action="/join"><label>Name <input name="name" placeholder="Yours"></label><button>Join</button></form>
<footer>Saltmarsh Rowing Club, Quay Street</footer>
{script}</body></html>
""".encode(),
    )


_BOATS = (
    "The club has three boats on the water this spring, and crews go out on every evening with high tide.",
    "The club has four boats on the water this spring, and crews go out on every evening with high tide.",
    "The club has five boats on the water this spring, and crews go out on every evening with high tide.",
)
_NEWS = """<p>{boats}</p>
<p>Beginners meet Agnes Tull at the slipway, where oars and life jackets are lent to whoever comes. Nobody
needs to bring more than dry clothes and an hour or two.</p>
{more}
<p>The annual dinner is held in the boat house; tickets are sold at the bar until they are gone.</p>"""
_MORE = (
    "<p>The old slipway is closed for repairs.</p>",
    "<p>A second coach, Ivo Marsh, has joined the club.</p>",
    "<p>A third coach, Berta Lund, has joined the club.</p>",
)


def _news(step: Step) -> Body:
    number = _number(step)
    return _page("Spring on the water", _NEWS.format(boats=_BOATS[number], more=_MORE[number]))


def _part(step: Step) -> Body:
    """News with what a watch is told to leave out: an advertisement, and a number by an expression."""
    ad = (
        f'<div class="ad"><p>Advertisement {step}: buy our oars today.</p></div><p>Sheet Nr {100 + step}.</p>'
    )
    number = _number(step)
    return _page("On the board", _NEWS.format(boats=_BOATS[number], more=_MORE[number]) + ad)


_PRICES = ("£52.00", "£44.50", "£34.00")
_STOCK = (
    "There are 12 lanterns in stock.",
    "There are 9 lanterns in stock.",
    "There are 4 lanterns in stock.",
)
_CLOSES = (
    "The sale closes on 1 March 2027.",
    "The sale closes on 15 March 2027.",
    "The sale closes on 2 May 2027.",
)
_METAL = (
    "The lantern is made of brass.",
    "The lantern is made of copper.",
    "The lantern is made of steel.",
)


def _price(step: Step) -> Body:
    number = _number(step)
    main = f"""<p>A storm lantern for the bow of a boat, with a wick of cotton and a globe of thick glass.</p>
<p>The lantern costs {_PRICES[number]}.</p><p>{_STOCK[number]}</p>
<p>{_CLOSES[number]}</p><p>{_METAL[number]}</p>
<p>Lanterns can be collected at the boat house on any evening.</p>"""
    return _page("Storm lantern", main)


def _data(step: Step) -> Body:
    boats = [
        {"id": 1, "name": "Heron", "price": 120},
        {"id": 2, "name": "Teal", "price": (80, 85, 90)[_number(step)]},
    ]
    if step is Step.SAME:
        boats.reverse()  # the order of records that name themselves is no change
    return 200, "application/json", json.dumps({"club": "Saltmarsh", "boats": boats}).encode()


_ENTRIES = ("The boats are out", "A coach is found", "The regatta is on")


def _feed(step: Step) -> Body:
    entries = "".join(
        f"<entry><id>urn:saltmarsh:{number}</id><title>{title}</title>"
        f"<updated>2026-0{number + 1}-01T09:00:00Z</updated>"
        f'<link href="/entry-{number}.html"/><summary>{title}, says the club.</summary></entry>'
        for number, title in enumerate(_ENTRIES[: _number(step) + 1])
    )
    feed = (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><id>urn:saltmarsh</id>'
        f"<title>Saltmarsh Rowing Club</title><updated>2026-03-01T09:00:00Z</updated>{entries}</feed>"
    )
    return 200, "application/atom+xml; charset=utf-8", feed.encode()


def _notice(step: Step) -> Body:
    hours = ("9 until 17", "10 until 18", "11 until 19")[_number(step)]
    lines = [
        "Opening of the boat house",
        f"The boat house is open from {hours} on Saturdays.",
        "Bring your own oars.",
    ]
    return 200, "application/pdf", pdf_of([lines])


def _drawn(step: Step) -> Body:
    """A page whose text is drawn by a script, some of it after a click."""
    script = """<script>
fetch('/tides.json').then(reply => reply.json()).then(tide => {
  document.querySelector('#tide').textContent = tide.text;
  document.querySelector('#more').onclick = () => {
    document.querySelector('main').insertAdjacentHTML('beforeend', `<p id="shown">${tide.more}</p>`);
  };
});
</script>"""
    return _page("Tides", '<p id="tide"></p><button id="more">Neap tides</button>', script=script)


def _tides(step: Step) -> Body:
    metres = ("3.1", "3.4", "3.9")[_number(step)]
    text = f"High water at Saltmarsh reaches {metres} metres this week, which is enough for the long boats."
    more = (
        f"At neap tide the slipway has {metres[::-1]} metres less, and crews start from the pontoon instead."
    )
    return 200, "application/json", json.dumps({"text": text, "more": more}).encode()


_NOTICES = ("The bar opens at six.", "The bar opens at seven.", "The bar opens at eight.")


def _noisy(step: Step) -> Body:
    """A page with a clock and a token, which differ each time and are no change."""
    noise = f"<p>You are visitor number {1000 + 37 * _number(step)}.</p><p>Page made at 10:0{step}:17.</p>"
    link = f'<p><a href="/join?session=a8f3c{step}77be">Join the club</a></p>'
    notice = _NOTICES[_number(step)]
    return _page(
        "At the bar",
        f"<p>{notice} Crews who come late are served until the last boat is in.</p>{link}{noise}",
    )


_TONGUES = (
    (
        "en",
        "Welcome",
        "The club meets on Monday evenings, and everybody who likes the water is welcome to come along.",
    ),
    (
        "de",
        "Willkommen",
        "Der Verein trifft sich am Montagabend, und alle sind willkommen, die gerne am Wasser sind.",
    ),
    (
        "en",
        "Welcome",
        "The club meets on Monday evenings, and everybody who likes the water is welcome to come along.",
    ),
    (
        "en",
        "Welcome",
        "The club meets on Friday evenings, and everybody who likes the water is welcome to come along.",
    ),
)


def _tongues(step: Step) -> Body:
    language, title, text = _TONGUES[step]
    return _page(title, f"<p>{text}</p>", language=language)


def _walled(step: Step) -> Body:
    if step in (Step.FIRST, Step.CHANGED):
        return _page(
            "Results", "<p>The Heron won the spring race by two lengths, ahead of eleven other boats.</p>"
        )
    wall = "<!doctype html><title>Just a moment...</title><h1>Checking your browser before you go on</h1>"
    return 403, HTML, wall.encode()


def _down(step: Step) -> Body:
    if step is Step.FIRST:
        return _page(
            "Webcam", "<p>The camera on the pier looks over the river towards the mill and the bridge.</p>"
        )
    if step is Step.CHANGED:
        return _page(
            "Webcam", "<p>The camera on the pier looks over the harbour towards the light and the sea.</p>"
        )
    return 503, "text/plain", b"down for repairs"


_ROOMS = {
    "index": ("The club house", '<a href="/house/bar.html">Bar</a> <a href="/house/loft.html">Loft</a> '
              '<a href="/house/shed.html">Shed</a> <a href="/house/roof.html">Roof</a>'),
    "bar": ("The bar", "The bar has forty seats and a stove that burns driftwood."),
    "loft": ("The loft", "Sails are mended in the loft by Wanda Pell on Tuesdays."),
    "shed": ("The shed", "The shed holds nineteen oars and one very old outboard motor."),
    "roof": ("The roof", "From the roof one sees as far as the Skerry lighthouse."),
}  # fmt: skip


def _number(step: Step) -> int:
    """Which of three texts stands on a page: that of SAME is that of KEPT."""
    return (0, 1, 1, 2)[step]


def pages(step: Step) -> Mapping[str, Body]:
    """Every page of the site by its path."""
    return {
        "/article.html": _news(step),
        "/part.html": _part(step),
        "/price.html": _price(step),
        "/pending.html": _price(step) if step is not Step.CHANGED else _price(Step.KEPT),
        "/boats.json": _data(step),
        "/feed.atom": _feed(step),
        "/notice.pdf": _notice(step),
        "/tides.html": _drawn(step),
        "/tides.json": _tides(step),
        "/noisy.html": _noisy(step),
        "/tongues.html": _tongues(step),
        "/walled.html": _walled(step),
        "/down.html": _down(step),
        **{f"/house/{name}.html": _page(title, f"<p>{text}</p>") for name, (title, text) in _ROOMS.items()},
        "/robots.txt": (200, "text/plain", b"User-agent: *\nAllow: /\n"),
        "/sitemap.xml": (404, "text/plain", b"none"),
        "/llms.txt": (404, "text/plain", b"none"),
    }


_SIGNS_IN = Redirect(
    "/members.html",
    303,
    headers=(("Set-Cookie", "session=open-sesame; Path=/; Max-Age=315360000; HttpOnly"),),
)


def serve(server: FixtureServer, step: Step) -> None:
    """Has the server show the site as it is at a step; alerts are taken at ``/hook/NAME``."""
    for path, (status, media_type, body) in pages(step).items():
        server.set_page(path, body, status=status, content_type=media_type)
    server.set_page(
        "/members.html", Gate("session=open-sesame", "session/account.html", "session/public.html")
    )
    server.set_page("/sign-in", _SIGNS_IN)
    if step in (Step.SAME, Step.CHANGED):  # what is noise differs with each request, as on a real page
        server.set_page("/noisy.html", Template("upgrade/noisy.html"))
        server.set_state("bar/notice", _NOTICES[_number(step)])
    for name in NAMES:
        takes_alerts(server, name)


def takes_alerts(server: FixtureServer, name: str, status: int = 204) -> None:
    """Has the server answer so what is posted to ``/hook/NAME``."""
    server.set_page(f"/hook/{name}", b"", status=status, content_type="text/plain")


@contextmanager
def opened() -> Iterator[FixtureServer]:
    """The server at the site's address, once no other run has it."""
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        server = FixtureServer(PORT, HOST)
        try:
            server.__enter__()
            break
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)
    try:
        yield server
    finally:
        server.__exit__(None, None, None)
