"""What a page states in its data and does not show: price, rating, times, places.

Each statement becomes a block that says where it comes from (:data:`MARK`), set after the page's text.
"""

from __future__ import annotations

import re
from calendar import month_name
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from browseagent.read.chunks import Chunk
from browseagent.read.metadata import types_of
from browseagent.read.text import clean, fold_space
from browseagent.records import BlockKind

MARK = " [page data]"
_AUTHOR, _PUBLISHED = "Author", "Published"
_MOST = 12
_MOST_CHARS = 200
_DURATION = re.compile(r"^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:\d+S)?)?$")

_DECIMAL = re.compile(r"\d+(?:\.\d+)?")
_NUMBERS = (re.compile(r"\d+(?:[.,'’]\d+)*"), re.compile(r"\d{1,3}(?: \d{3})+(?:[.,]\d+)?"))
"""Without and with spaces between thousands."""

Fact = tuple[str, str, str]
"""Name, value in words, and the part of the value that the page would show if it showed it."""


def unseen_facts(sources: Iterable[Sequence[Mapping[str, Any]]], shown: str) -> list[Chunk]:
    """One paragraph for each fact in the page's data whose value stands nowhere in ``shown``, the text that
    the page shows. ``sources`` are objects as in JSON-LD; of each kind the first source that has it counts.
    Facts of lists of other things (several products on a page) are left out."""
    readers: dict[str, Callable[[Mapping[str, Any]], Iterator[Fact]]] = {
        "product": _product, "recipe": _recipe, "event": _event,
    }  # fmt: skip
    chunks = []
    seen = fold_space(shown).lower()
    for kind, reader in readers.items():
        found = next(filter(None, (_of_kind(objects, kind) for objects in sources)), [])
        if len(found) != 1:
            continue
        for name, value, sign in reader(found[0]):
            if value and len(value) <= _MOST_CHARS and not _is_shown(sign.lower(), seen):
                chunks.append(Chunk(BlockKind.PARAGRAPH, f"{name}: {value}{MARK}"))
    return chunks[:_MOST]


def _of_kind(objects: Sequence[Mapping[str, Any]], kind: str) -> list[Mapping[str, Any]]:
    return [item for item in objects if any(name.endswith(kind) for name in types_of(item))]


def _is_shown(sign: str, seen: str) -> bool:
    """Whether a value stands in a text; a number in any spelling, and not as a part of a longer one."""
    if not _DECIMAL.fullmatch(sign):
        return sign in seen
    whole, _, part = sign.partition(".")
    wanted = {whole + part.ljust(2, "0"), *((whole + part,) if part else (whole,))}
    found = {re.sub(r"\D", "", number) for pattern in _NUMBERS for number in pattern.findall(seen)}
    return not wanted.isdisjoint(found)


def unseen_origin(author: str, date: str, shown: str) -> list[Chunk]:
    """Who wrote a page and when, where it says so in its data and not in ``shown``."""
    seen = fold_space(shown).lower()
    names = [name for name in author.split(", ") if name.lower() not in seen]
    facts = [(_AUTHOR, ", ".join(names))] if author and len(author) <= _MOST_CHARS else []
    if date and not any(form.lower() in seen for form in spellings(date)):
        facts.append((_PUBLISHED, date))
    return [Chunk(BlockKind.PARAGRAPH, f"{name}: {value}{MARK}") for name, value in facts if value]


def is_origin(text: str) -> bool:
    """Whether a paragraph says who wrote the page or when, by :func:`unseen_origin`."""
    return text.endswith(MARK) and text.partition(":")[0] in (_AUTHOR, _PUBLISHED)


def spellings(date: str) -> Iterator[str]:
    """The ways in which a page may show an ISO date; in languages other than English, by its digits."""
    year, month, day = date.split("-")
    for m, d in ((month, day), (str(int(month)), str(int(day)))):
        for mark in "./-":
            yield from (f"{d}{mark}{m}{mark}{year}", f"{m}{mark}{d}{mark}{year}", f"{year}{mark}{m}{mark}{d}")
        yield from (f"{year}年{m}月{d}日", f"{year} 年 {m} 月 {d} 日")
        name = month_name[int(month)]
        for word in (name, name[:3], f"{name[:3]}."):
            yield from (f"{d} {word}", f"{d}. {word}", f"{word} {d}")


def price_digits(objects: Sequence[Mapping[str, Any]]) -> str:
    """The price of the one product that a page's data tell of, in digits; empty where there is none."""
    found = _of_kind(objects, "product")
    return _text(_member(found[0], "offers").get("price")) if len(found) == 1 else ""


def _text(value: Any) -> str:
    """A plain value, or the name of an object, in one line; empty for anything else."""
    if isinstance(value, list):
        value = value[0] if len(value) == 1 else None
    if isinstance(value, Mapping):
        value = value.get("name")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return fold_space(clean(str(value)))


def _member(item: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = item.get(name)
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return value if isinstance(value, Mapping) else {}


def _product(item: Mapping[str, Any]) -> Iterator[Fact]:
    offer = _member(item, "offers")
    price, most = _text(offer.get("price")), _text(offer.get("highPrice"))
    digits = (price or _text(offer.get("lowPrice"))).removesuffix(".00").removesuffix(".0")
    if not price:
        price = _text(offer.get("lowPrice"))
        price = f"{price} to {most}" if price and most and most != price else price
    yield "Price", f"{price} {_text(offer.get('priceCurrency'))}".strip() if price else "", digits
    stock = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", _text(offer.get("availability")).rsplit("/", 1)[-1])
    yield "Availability", stock, stock
    yield from _rating(item)


def _rating(item: Mapping[str, Any]) -> Iterator[Fact]:
    rating = _member(item, "aggregateRating")
    value, best = _text(rating.get("ratingValue")), _text(rating.get("bestRating"))
    number = _text(rating.get("reviewCount")) or _text(rating.get("ratingCount"))
    words = value + (f" of {best}" if best else "") + (f" by {number}" if number else "")
    yield "Rating", words if value else "", value


def _recipe(item: Mapping[str, Any]) -> Iterator[Fact]:
    for name, key in (("Preparation", "prepTime"), ("Cooking", "cookTime"), ("Total time", "totalTime")):
        found = _DURATION.match(_text(item.get(key)))
        if found and any(found.groups()):
            days, hours, minutes = (int(part or 0) for part in found.groups())
            parts = ((days, "days"), (hours, "hours"), (minutes, "minutes"))
            words = " ".join(
                f"{amount} {unit if amount > 1 else unit[:-1]}" for amount, unit in parts if amount
            )
            yield name, words, words.split(" ", 1)[0] + " " + words.split(" ")[1][:3]
    served = _text(item.get("recipeYield"))
    yield "Yield", served, served
    yield from _rating(item)


def _event(item: Mapping[str, Any]) -> Iterator[Fact]:
    for name, key in (("Begins", "startDate"), ("Ends", "endDate")):
        value = _text(item.get(key))
        yield name, value, value[:10]
    place = _text(item.get("location"))
    yield "Place", place, place
