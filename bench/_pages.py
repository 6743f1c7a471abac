"""Long pages of a made-up town's directory, by a seed: sentences that hold facts, and questions for them."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from browseagent.records import Outcome, Page, Via

_PLACES = [
    "library",
    "museum",
    "theatre",
    "market",
    "swimming-pool",
    "garden",
    "archive",
    "observatory",
    "workshop",
    "mill",
]
_STREETS = [
    "Alder",
    "Birch",
    "Cedar",
    "Dove",
    "Elm",
    "Fern",
    "Garnet",
    "Heron",
    "Iris",
    "Juniper",
    "Kestrel",
    "Linden",
]
_NAMES = [
    "Adler",
    "Brandt",
    "Castell",
    "Dorn",
    "Ebner",
    "Falk",
    "Gruber",
    "Hollis",
    "Ibsen",
    "Jansen",
    "Keller",
    "Lorenz",
]
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_NOTHING = (
    "Visitors describe the {place} as quiet in the morning and crowded after school.",
    "The council has discussed the roof of the {place} more often than anything else.",
    "Bicycles may be left behind the {place}, as long as the gate stays free.",
    "Nobody remembers why the {place} was painted in two colours.",
)
"""Sentences that answer nothing, so that the answer has neighbours that share its words."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about a page, and the words that answer it."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class LongPage:
    """A page and questions on it, each about another section."""

    url: str
    words: int
    html: str
    text: str
    """What stands in it, without the markup."""
    questions: tuple[Asked, ...]

    def stored(self) -> Page:
        """As if it had just been fetched."""
        return Page(
            url=self.url,
            final_url=self.url,
            outcome=Outcome.OK,
            via=Via.HTTP,
            fetched_at=datetime.now(UTC),
            status=200,
            headers=(("content-type", "text/html; charset=utf-8"),),
            body=self.html.encode(),
        )


def long_page(words: int, *, seed: int = 1, questions: int = 8) -> LongPage:
    """A page of about ``words`` words (to the end of the section), in sections of some 90."""
    rng = random.Random(f"{seed}:{words}")
    sections: list[str] = []
    asked: list[Asked] = []
    count = 0
    while count < words:
        section, fact = _section(rng, len(sections) + 1)
        sections.append(section)
        asked.append(fact)
        count += len(section.split())
    html = (
        "<!doctype html><html lang=en><head><title>A directory of the town</title></head><body><article>"
        f"<h1>A directory of the town</h1>{''.join(sections)}</article></body></html>"
    )
    chosen = tuple(rng.sample(asked, min(questions, len(asked))))
    text = re.sub(r"<[^>]+>", "\n", "".join(sections))
    return LongPage(f"http://127.0.0.1:9/directory-{words}.html", count, html, text, chosen)


def prose(words: int, *, seed: str) -> str:
    """At least so many words of such sections; the first differ from seed to seed."""
    rng = random.Random(seed)
    start = rng.randint(1, 90_000)
    sections: list[str] = []
    while sum(len(section.split()) for section in sections) < words:
        sections.append(re.sub(r"<[^>]+>", "\n", _section(rng, start + len(sections))[0]).strip())
    return "\n".join(sections)


def _section(rng: random.Random, number: int) -> tuple[str, Asked]:
    """The markup of one section, and a question that it alone answers: its place has a number."""
    place = f"{rng.choice(_PLACES)} {number}"
    keeper, street = rng.choice(_NAMES), rng.choice(_STREETS)
    opened, price, house = rng.randint(1805, 1999), rng.randint(2, 40), rng.randint(1, 180)
    facts = [
        f"The {place} stands at {house} {street} Street and was opened in {opened} by {keeper} and a sister.",
        f"A ticket for the {place} costs {price} crowns, and half of that for children under twelve.",
        f"The {place} is closed on {rng.choice(_DAYS)} and on the last day of every month.",
    ]
    sentences = facts + [line.format(place=place) for line in rng.sample(_NOTHING, 3)]
    rng.shuffle(sentences)
    fact = rng.choice(
        [
            Asked(f"When was the {place} opened?", str(opened)),
            Asked(f"How much does a ticket for the {place} cost?", f"{price} crowns"),
        ]
    )
    return f"<h2>The {place}</h2><p>{' '.join(sentences[:3])}</p><p>{' '.join(sentences[3:])}</p>", fact
