"""What says nothing in any page: times told from the moment of reading, clocks that show that moment, and
session tokens in addresses. Pure.

A :class:`Mask` writes a sign in their place. Two texts that are one under their masks differ by noise alone.
Whatever else differs is a change, until the page itself has shown otherwise
(:mod:`browseagent.watch.places`). That goes for values in addresses that look drawn by lot as well: a UUID
may be all that tells one address from another. But such a page is looked at twice before it is told.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import NamedTuple
from urllib.parse import urlsplit

from browseagent.answer.ago import ago_pattern
from browseagent.answer.values import Day, days, weekdays
from browseagent.records import Document
from browseagent.watch.meant import Meaning, Told

_URL = re.compile(r"(?:https?:|//)[^\s<>\"]+")
_CLOCK = re.compile(
    r"(?:(?P<day>\d{4}-\d\d-\d\d)[T ])?(?<![\d:])(?P<hour>[012]?\d):(?P<minute>[0-5]\d):(?P<second>[0-5]\d)"
    r"(?:\.\d+)?(?![\d:])(?:\s?(?P<half>[ap])\.?m\b\.?)?(?:\s?(?P<zone>z|utc|gmt|[+-]\d\d:?\d\d)\b)?",
    re.I,
)
"""With its seconds: people set appointments to the minute, and a program shows when it ran."""
_BY_CLOCK = re.compile(r",?\s(?:[-–]\s|\w{1,3}\s)?‹clock(=?) ([+-]\d+)›")
_AFTER_CLOCK = re.compile(r"‹clock(=?) ([+-]\d+)›,?\s(?:[-–]\s|\w{1,3}\s)?$")
"""A day before its clock, and after it: "1 March 2026 at 12:00:05"."""
_ZONED = re.compile(r"‹clock= [+-]\d+›")
"""A clock that tells its zone, which summer time changes."""
_NEAR = 60
"""Characters before a day among which its name and its clock stand."""
_BASIC = re.compile(r"\b(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(?![^\WZ])")
"""A moment as calendars (iCalendar) write it."""
_BOUND = re.compile(r"(?<=[≥≤] )\d{4}-\d\d-\d\d\b")
"""The first or the last day that a field offers."""
_EPOCH = re.compile(r"(?<![\w.])(\d{10})(?:\d{3}|\.\d{1,9})?(?![\w.])")
"""A moment as programs write it, in seconds or thousandths since 1970."""
_CACHED, _AHEAD = timedelta(minutes=10), timedelta(minutes=1)
"""How far a clock that says its day or its zone may stand from the moment of the look: pages come from
caches, and machines' clocks differ."""
_BARE = timedelta(seconds=20)
"""The same for one that says neither: a record of 2:29:44 stands that near to a look once in 60 times."""
_ZONE = timedelta(minutes=30)
"""Steps in which the clocks of the world stand apart, but for a few islands. A clock without its zone that
stands at one to the second was set by people: a program is there once in half an hour."""
_FARTHEST = timedelta(hours=14)
"""How far a zone may stand from UTC."""
_SESSION = re.compile(
    r"sess|sid$|token$|nonce|csrf|^utm_|^x-(?:amz|goog)-|^(?:_|_ga|_gl|cb|rnd|rand|nocache|(?:g|fb|d|y|ms)clk?id|mc_[ce]id)$",
    re.I,
)
_SIGNED = re.compile(
    r"[?&]x-(?:amz|goog)-signature=|^(?=.*[?&](?:s[et]|sk[et]|expires?|policy)=).*[?&]sig(?:nature)?=", re.I
)
"""A ``sig`` alone may be all that tells one address from another."""
_OF_SIGNATURES = re.compile(r"^(?:s[et]|sk[et]|expires?|policy|sig(?:nature)?)$", re.I)
"""The signature of a signed address, and from when and until when it holds."""
_VERSION = re.compile(r"v=(?:\d[\d.]*|(?=[a-f]*\d)[\da-f]{6,})", re.I)
"""Of a file, to be had past caches; the ``v`` of a film's address is neither number nor hash."""
_HEX = re.compile(r"(?=\D*\d)(?=[\d-]*[a-f])[0-9a-f-]{16,}", re.I)
_TURN = re.compile(r"(?<=[a-z])(?=[A-Z\d])|(?<=[A-Z])(?=[a-z\d])|(?<=\d)(?=[A-Za-z])")
"""Where letters, capitals and digits meet: what is drawn by lot has one at every second or third character,
words and names have few."""
_PARAMETER = re.compile(r"(?P<mark>[?&;#])(?:(?P<name>[^=&;#?]*)=)?(?P<value>[^&;#?]*)")
_SIGNS = {
    "‹ago›": "a relative time",
    "‹clock": "the time of the look",
    "‹day": "days from the look",
    "‹token›": "a token in an address",
}


class Masked(NamedTuple):
    """A text under a mask."""

    text: str
    drawn: str
    """With a sign also for each value in an address that looks drawn by lot; as a rule the very same."""
    told: Told | None = None
    """What the page states of its words."""


class Mask:
    """Writes signs in the place of what says nothing in one reading of a page."""

    def __init__(self, document: Document) -> None:
        """By the language of the document, and the moment at which its page came, where that is known."""
        self.meaning = Meaning(document.beside)
        self.language = document.language.partition("-")[0].lower()
        self._at = document.page.fetched_at.astimezone(UTC) if document.page is not None else None

    def text(self, text: str) -> Masked:
        """The text under the mask."""
        masked, told = self._signed(_URL.sub(lambda found: address(found[0]), text)), self.meaning.told(text)
        if not _URL.search(text):
            return Masked(masked, masked, told)
        drawn = self._signed(_URL.sub(lambda found: address(found[0], drawn=True), text))
        return Masked(masked, drawn, told)

    def _signed(self, text: str) -> str:
        text = ago_pattern(self.language).sub("‹ago›", text)
        if self._at is None:
            return text
        text = _BOUND.sub(partial(_ahead, self._at), text)
        text = _EPOCH.sub(partial(_since_1970, self._at), _BASIC.sub(r"\1-\2-\3T\4:\5:\6", text))
        text = _CLOCK.sub(partial(_lag, self._at), text)
        return _ZONED.sub("‹clock›", self._undated(self._at, text)) if "‹clock" in text else text

    def _undated(self, at: datetime, text: str) -> str:
        """Without the day of the look, and its name, where they stand by the clock that shows its moment."""
        names = "|".join(map(re.escape, weekdays(self.language)))
        name = re.compile(rf"(?:(?<!\w)(?:{names})\.?,?\s)?$", re.I)
        for found in reversed(days(text, self.language)):
            named = name.search(text[max(0, found.start - _NEAR) : found.start])
            start = found.start - (len(named[0]) if named else 0)
            before = text[max(0, start - _NEAR) : start]
            clock = _BY_CLOCK.match(text, found.end) or _AFTER_CLOCK.search(before)
            if clock is None:
                continue
            zone = _zone_of(at, int(clock[2]), found, text[found.start : found.end])
            if zone is not None:
                sign = "‹date›" if clock[1] else f"‹date {zone:+}›"
                text = f"{text[:start]}{sign}{text[found.end :]}"
        return text


def _zone_of(at: datetime, clock: int, found: Day, told: str) -> int | None:
    """In which zone a clock that stands ``clock`` minutes ahead of UTC, or a day more or less, shows the look
    with the day beside it, in minutes ahead of UTC; None: in none, then the two are another moment."""
    parts = sorted(map(int, re.findall(r"\d+", told)))  # day and month may be told either way
    for zone in (clock, clock - 1440):
        for apart in (timedelta(), -_CACHED, _AHEAD):
            each = (at + timedelta(minutes=zone) + apart).date()
            same = (
                (found.year or each.year, found.month, found.day) == (each.year, each.month, each.day)
                if found.day
                else parts == sorted((each.year, each.month, each.day))
            )
            if same and abs(zone) <= _FARTHEST / timedelta(minutes=1):
                return zone
    return None


def reason(masked: str) -> str:
    """What a masked text has signs for, in words."""
    return ", ".join(said for sign, said in _SIGNS.items() if sign in masked) or "the page's own doing"


def address(url: str, *, drawn: bool = False) -> str:
    """An address with a sign for each session or cache token, wherever such may stand: in the query, in a
    parameter of the path, in the fragment. With ``drawn`` for each value too that looks drawn by lot."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    path, semicolon, parameters = parts.path.partition(";")
    rest = f"{semicolon}{parameters}" + (f"?{parts.query}" if parts.query else "")
    rest += f"#{parts.fragment}" if parts.fragment else ""
    head = f"{parts.scheme}:" if parts.scheme else ""
    token = partial(_token, drawn, bool(_SIGNED.search(rest)))
    return f"{head}//{parts.netloc}{path}{_PARAMETER.sub(token, rest)}" if parts.netloc else url


def _token(drawn: bool, signed: bool, found: re.Match[str]) -> str:
    value, name = found["value"], found["name"] or ""
    named = _SESSION.search(name) or (signed and _OF_SIGNATURES.search(name))
    named = named or _VERSION.fullmatch(f"{name}={value}")
    if not value or not (named or (drawn and _random(value))):
        return found[0]
    return f"{found['mark']}{'' if found['name'] is None else f'{name}='}‹token›"


def _random(value: str) -> bool:
    return bool(_HEX.fullmatch(value)) or (len(value) >= 16 and 4 * len(_TURN.findall(value)) >= len(value))


def _lag(at: datetime, found: re.Match[str]) -> str:
    """The sign of a clock that stands by the look, with its zone: two looks must see it in the same, unless
    it is told."""
    clock = _moment(at, found)
    if clock is None:
        return found[0]
    dated = bool(found["day"] or found["zone"])
    before, after = (_CACHED, _AHEAD) if dated else (_BARE, _BARE / 4)
    apart = clock - at
    zone = timedelta() if found["zone"] else _ZONE * round((apart + before / 2) / _ZONE)
    if not -before <= apart - zone <= after or abs(zone) > _FARTHEST:
        return found[0]
    if not found["zone"] and not (clock.minute % 30 or clock.second):
        return found[0]
    if found["zone"]:
        return f"‹clock= {_told(found['zone']).total_seconds() / 60:+.0f}›"
    if not found["day"]:
        zone %= timedelta(days=1)
    return f"‹clock {zone.total_seconds() / 60:+.0f}›"


def _ahead(at: datetime, found: re.Match[str]) -> str:
    """The sign of a day that is so many days from that of the look, which is another one in other zones."""
    try:
        days = (datetime.fromisoformat(found[0]).date() - at.date()).days
    except ValueError:
        return found[0]
    return f"‹day {days if abs(days) > 1 else 0:+}›"


def _since_1970(at: datetime, found: re.Match[str]) -> str:
    """The sign of a number that is the moment of the look."""
    apart = int(found[1]) - at.timestamp()
    return "‹clock›" if -_CACHED.total_seconds() <= apart <= _AHEAD.total_seconds() else found[0]


def _moment(at: datetime, found: re.Match[str]) -> datetime | None:
    """The moment that a clock shows, in UTC where it says its zone; on the day of the look where it says
    none."""
    hour = int(found["hour"]) % 12 + 12 * (found["half"] in "pP") if found["half"] else int(found["hour"])
    try:
        day = datetime.fromisoformat(found["day"]).date() if found["day"] else at.date()
        clock = datetime(
            day.year, day.month, day.day, hour, int(found["minute"]), int(found["second"]), tzinfo=UTC
        )
    except ValueError:
        return None
    clock -= _told(found["zone"] or "")
    if not found["day"]:
        apart = clock - at
        clock -= timedelta(days=round(apart / timedelta(days=1)))
    return clock


def _told(zone: str) -> timedelta:
    """How far a zone that is told by its hours and minutes stands ahead of UTC."""
    if zone[:1] not in ("+", "-"):
        return timedelta()
    ahead = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
    return ahead if zone[0] == "+" else -ahead
