"""A made-up town's site of thousands of pages of ten kinds, by a seed, and questions with their pages.

Pages of different kinds are about the same few streets and names, link to each other and mention each other,
so that most words of a question stand on many pages. Questions use other words than the pages in part.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from browseagent.records import Outcome, Page, Via

SITE = "harwick.example"
_STREETS = "Alder Birch Cedar Dove Elm Fern Garnet Heron Iris Juniper Kestrel Linden Mason Nettle Orchard Priory Quay Rowan Saddler Tanner Upland Violet Weaver Yarrow Abbey Bridge Castle Dyer Fuller Glebe".split()  # noqa: SIM905, E501
_WAYS = ("Street", "Lane", "Road", "Square", "Terrace")
_FIRST = "Ada Bruno Clara Derek Edith Felix Greta Hugo Irma Jonas Karin Leo Maud Nils Olive Piers Rosa Simon Thea Victor".split()  # noqa: SIM905, E501
_LAST = "Adler Brandt Castell Dorn Ebner Falk Gruber Hollis Ibsen Jansen Keller Lorenz Moss Nolan Orme Pell Quist Rusk Strand Thorn Usher Vane Wray Yates".split()  # noqa: SIM905, E501
_PLACES = "library museum theatre swimming-pool archive observatory chapel mill bakery clinic school gallery cinema car-park playground".split()  # noqa: SIM905, E501
_DISHES = [
    "plum tart",
    "fish soup",
    "barley bread",
    "leek pie",
    "lamb stew",
    "walnut cake",
    "pickled herring",
    "onion jam",
    "cheese pudding",
    "bean salad",
]
_THINGS = "kettle lantern rucksack bicycle-pump umbrella telescope wheelbarrow toolbox heater blanket hammock thermos".split()  # noqa: SIM905, E501
_SUBJECTS = "pottery bookbinding Spanish beekeeping welding photography weaving first-aid astronomy accounting".split()  # noqa: SIM905, E501
_PERMITS = [
    "skip",
    "scaffold",
    "street party",
    "market stall",
    "tree felling",
    "busking",
    "taxi",
    "dog walking",
    "film",
    "bonfire",
]
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = "January February March April May June July August September October November December".split()  # noqa: SIM905
_FILL = (
    "The council publishes this page for residents and visitors of Harwick, and looks after it once a year.",
    "Please tell us when something here is out of date, and somebody will see to it.",
    "Paper copies of this page can be had at the town hall, in large print too.",
    "Opening times, prices and dates may change at short notice when the weather is bad.",
    "Harwick was a harbour long before it was a town, and many of its streets are older than its walls.",
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question, the page that answers it, and the words that do."""

    question: str
    url: str
    answer: str
    kind: str


@dataclass(frozen=True, slots=True)
class Site:
    """Pages as if they had just been fetched, and questions on some of them."""

    pages: tuple[Page, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class _Made:
    path: str
    title: str
    body: str
    question: str
    answer: str


def made_site(pages: int, questions: int, seed: int = 1) -> Site:
    """A site of so many pages, and so many questions, no two on one page."""
    rng = random.Random(seed)
    made: dict[str, tuple[str, _Made]] = {}
    while len(made) < pages - 1:
        kind = rng.choice(list(_KINDS))
        page = _KINDS[kind](rng)
        made.setdefault(page.path, (kind, page))
    everything = list(made.values())
    home = _page("/", "Harwick", "<p>Welcome to the town of Harwick.</p>", rng, everything)
    stored = [home, *(_page(each.path, each.title, each.body, rng, everything) for _, each in everything)]
    chosen = rng.sample(everything, min(questions, len(everything)))
    asked = [Question(each.question, _url(each.path), each.answer, kind) for kind, each in chosen]
    return Site(tuple(stored), tuple(asked))


def _url(path: str) -> str:
    return f"https://{SITE}{path}"


def _page(path: str, title: str, body: str, rng: random.Random, others: list[tuple[str, _Made]]) -> Page:
    """The page with what surrounds it: navigation, filling, and links to others with their titles."""
    fill = " ".join(rng.sample(_FILL, 2))
    near = "".join(f'<li><a href="{p.path}">{p.title}</a></li>' for _, p in rng.sample(others, 4))
    html = (
        f"<!doctype html><html lang=en><head><title>{title} | Harwick</title></head><body>"
        "<nav><a href=/>Home</a> <a href=/places/>Places</a> <a href=/news/>News</a></nav>"
        f"<main><article><h1>{title}</h1>{body}<p>{fill}</p><h2>See also</h2><ul>{near}</ul></article></main>"
        "<footer>Town of Harwick, Town Hall, 1 Castle Square</footer></body></html>"
    )
    url = _url(path)
    headers = (("content-type", "text/html; charset=utf-8"),)
    now = datetime.now(UTC)
    return Page(url, url, Outcome.OK, Via.HTTP, now, 200, headers=headers, body=html.encode())


def _street(rng: random.Random) -> str:
    return f"{rng.choice(_STREETS)} {rng.choice(_WAYS)}"


def _name(rng: random.Random) -> str:
    return f"{rng.choice(_FIRST)} {rng.choice(_LAST)}"


def _slug(*words: object) -> str:
    return "-".join(str(word).lower().replace(" ", "-") for word in words)


def _day(rng: random.Random) -> str:
    return f"{rng.randint(1, 28)} {rng.choice(_MONTHS)}"


def _place(rng: random.Random) -> _Made:
    street, place = _street(rng), rng.choice(_PLACES)
    price, opens, closes, shut = rng.randint(2, 40), rng.randint(7, 11), rng.randint(4, 9), rng.choice(_DAYS)
    name = f"{street} {place.replace('-', ' ')}"
    body = (
        f"<p>The {name} is open from {opens} am to {closes} pm and closed on {shut}.</p>"
        f"<h2>Admission</h2><p>Tickets are {price} crowns for adults, half of that for children.</p>"
        f"<p>It was opened by {_name(rng)} in {rng.randint(1805, 1999)}.</p>"
    )
    asked = [
        (f"How much do adults pay to get into the {name}?", f"{price} crowns"),
        (f"On which day is the {name} shut?", shut),
        (f"When does the {name} open in the morning?", f"{opens} am"),
    ]
    return _Made(f"/places/{_slug(name)}", f"The {name}", body, *rng.choice(asked))


def _person(rng: random.Random) -> _Made:
    name, room, phone = _name(rng), rng.randint(100, 499), f"0555 {rng.randint(100000, 999999)}"
    area = rng.choice(["parks", "housing", "licensing", "schools", "roads", "culture", "waste", "finance"])
    body = (
        f"<p>{name} is head of {area} and has worked for the town since {rng.randint(1990, 2024)}.</p>"
        f"<dl><dt>Office</dt><dd>Room {room}, Town Hall</dd><dt>Telephone</dt><dd>{phone}</dd></dl>"
    )
    asked = [
        (f"What is the phone number of {name}?", phone),
        (f"Where is the office of {name}?", f"Room {room}"),
    ]
    return _Made(f"/people/{_slug(name)}", name, body, *rng.choice(asked))


def _news(rng: random.Random) -> _Made:
    street, place, year = _street(rng), rng.choice(_PLACES).replace("-", " "), rng.randint(2015, 2026)
    what, verb = rng.choice(
        [("roof", "repaired"), ("floor", "flooded"), ("door", "stolen"), ("wall", "painted")]
    )
    cost, name = rng.randint(2, 90) * 1000, _name(rng)
    body = (
        f"<p>{_day(rng)} {year}. The {what} of the {street} {place} has been {verb}, the council said.</p>"
        f"<p>The bill came to {cost:,} crowns. “We are glad that it is over,” said {name}, who runs it.</p>"
    )
    title = f"{street} {place}: {what} {verb}"
    asked = [
        (
            f"What did it cost when the {what} of the {street} {place} was {verb} in {year}?",
            f"{cost:,} crowns",
        ),
        (f"Who runs the {street} {place} whose {what} was {verb} in {year}?", name),
    ]
    return _Made(f"/news/{year}/{_slug(street, place, what, verb)}", title, body, *rng.choice(asked))


def _recipe(rng: random.Random) -> _Made:
    dish, name, minutes, grams = (
        rng.choice(_DISHES),
        _name(rng),
        rng.randint(15, 180),
        rng.randint(2, 40) * 25,
    )
    body = (
        f"<p>A recipe from the town's cookbook.</p><ul><li>{grams} g flour</li><li>salt</li></ul>"
        f"<ol><li>Mix everything.</li><li>Bake for {minutes} minutes and let it cool.</li></ol>"
    )
    asked = [
        (f"How long does {name}'s {dish} bake?", f"{minutes} minutes"),
        (f"How much flour goes into the {dish} of {name}?", f"{grams} g"),
    ]
    return _Made(f"/recipes/{_slug(name, dish)}", f"{name}'s {dish}", body, *rng.choice(asked))


def _product(rng: random.Random) -> _Made:
    brand, thing, number = rng.choice(_LAST), rng.choice(_THINGS).replace("-", " "), rng.randint(1, 99)
    price, grams, years = rng.randint(5, 300), rng.randint(1, 90) * 50, rng.randint(1, 10)
    rows = f"<tr><th>Weight</th><td>{grams} g</td></tr><tr><th>Guarantee</th><td>{years} years</td></tr>"
    body = f"<p>Price: £{price}.00, in stock.</p><table>{rows}</table><p>Made by {brand} in Harwick.</p>"
    name = f"{brand} {thing} {number}"
    asked = [
        (f"What is the price of the {name}?", f"£{price}.00"),
        (f"How heavy is the {name}?", f"{grams} g"),
    ]
    return _Made(f"/shop/{_slug(name)}", name, body, *rng.choice(asked))


def _course(rng: random.Random) -> _Made:
    subject, level = rng.choice(_SUBJECTS), rng.choice(["beginners", "intermediate learners", "teachers"])
    street, day, fee, tutor = _street(rng), rng.choice(_DAYS), rng.randint(20, 200), _name(rng)
    body = (
        f"<p>Evening class for {level}, taught by {tutor} every {day} at the {street} school.</p>"
        f"<p>The fee is {fee} crowns a term, to be paid in advance.</p>"
    )
    asked = [
        (f"Who teaches {subject} for {level} in {street}?", tutor),
        (f"What is the fee for the {subject} class for {level} at {street} school?", f"{fee} crowns"),
    ]
    title = f"{subject.capitalize()} for {level}, {street}"
    return _Made(f"/courses/{_slug(subject, level, street)}", title, body, *rng.choice(asked))


def _bus(rng: random.Random) -> _Made:
    number, start, end = rng.randint(1, 400), _street(rng), _street(rng)
    minutes, last = rng.randint(5, 60), f"{rng.randint(8, 11)}.{rng.randint(10, 59)} pm"
    body = (
        f"<p>Line {number} goes from {start} to {end} every {minutes} minutes on weekdays.</p>"
        f"<p>The last one leaves {start} at {last}.</p>"
    )
    asked = [
        (f"How often does bus {number} run?", f"every {minutes} minutes"),
        (f"When does the last bus {number} leave?", last),
    ]
    return _Made(f"/transport/bus-{number}", f"Bus {number}: {start} – {end}", body, *rng.choice(asked))


def _permit(rng: random.Random) -> _Made:
    permit, street, fee, days = rng.choice(_PERMITS), _street(rng), rng.randint(5, 150), rng.randint(3, 40)
    body = (
        f"<p>You need a permit for a {permit} in the conservation area around {street}.</p>"
        f"<p>Applying costs {fee} crowns and takes {days} working days. Send two drawings and a map.</p>"
    )
    asked = [
        (f"What must I pay to apply for a {permit} permit in {street}?", f"{fee} crowns"),
        (f"How long does a {permit} permit for {street} take?", f"{days} working days"),
    ]
    title = f"{permit.capitalize()} permit, {street}"
    return _Made(f"/permits/{_slug(permit, street)}", title, body, *rng.choice(asked))


def _minutes(rng: random.Random) -> _Made:
    year, month, street = rng.randint(2000, 2026), rng.choice(_MONTHS), _street(rng)
    yes, no, chair = rng.randint(10, 30), rng.randint(1, 9), _name(rng)
    topic = rng.choice(["lighting", "speed limit", "trees", "parking", "benches", "cycle lane"])
    body = (
        f"<p>In the chair: {chair}.</p><h2>Item 1: {topic}, {street}</h2>"
        f"<p>Agreed by {yes} votes to {no}.</p><h2>Item 2: any other business</h2><p>There was none.</p>"
    )
    asked = [
        (f"How did the council vote in {month} {year} on the {topic} in {street}?", f"{yes} votes to {no}"),
        (f"Who chaired the council meeting of {month} {year} about {street}?", chair),
    ]
    title = f"Council minutes, {month} {year}"
    return _Made(f"/council/minutes/{year}/{_slug(month, street)}", title, body, *rng.choice(asked))


def _event(rng: random.Random) -> _Made:
    what = rng.choice(
        ["fair", "concert", "flea market", "lecture", "puppet show", "boat race", "quiz", "dance"]
    )
    street, day, year, seats = _street(rng), _day(rng), rng.randint(2024, 2027), rng.randint(20, 400)
    body = (
        f"<p>Join us on {day} {year} in {street}. There are seats for {seats} people.</p>"
        f"<p>Organised by {_name(rng)}. Dogs are welcome.</p>"
    )
    asked = [
        (f"On what date is the {what} in {street} in {year}?", day),
        (f"How many seats are there at the {year} {what} in {street}?", str(seats)),
    ]
    title = f"{what.capitalize()} in {street}"
    return _Made(f"/events/{year}/{_slug(what, street)}", title, body, *rng.choice(asked))


_KINDS: dict[str, Callable[[random.Random], _Made]] = {
    "place": _place,
    "person": _person,
    "news": _news,
    "recipe": _recipe,
    "product": _product,
    "course": _course,
    "bus": _bus,
    "permit": _permit,
    "minutes": _minutes,
    "event": _event,
}
