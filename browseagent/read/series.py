"""Whether one URL is the next of a series: ``story.html`` and ``story-2.html``, ``?page=2`` and ``?page=3``.

Pure. A link called "next" leads as often to another article as to the next page of this one; that the
addresses differ in the number of the page alone is what tells them apart.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

_NUMBERED = re.compile(
    r"^(?P<stem>.*?)(?:[-_/.,]?(?:page|pg|part|seite|teil|pagina|p)[-_/=]?|[-_/.,])(?P<number>\d{1,3})$",
    re.IGNORECASE,
)
_KEYS = {"page", "p", "pg", "pageno", "page_no", "pagenum", "part", "seite", "pagina", "paged", "artpage"}
_SUFFIX = re.compile(r"\.(?:html?|php|aspx?|jsp|shtml|cms)$", re.IGNORECASE)
_INDEX = re.compile(r"/(?:index|default)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Place:
    """An address without its page number, and the number; 0 where it shows none."""

    stem: tuple[str, str, tuple[tuple[str, str], ...]]
    """Host with port, path without suffix and number, the rest of the query."""
    number: int = 0


def readings(url: str) -> list[Place]:
    """Every way to read a URL: as it stands (page 0), by a number in its query, by one in its path."""
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2].lower()
    except ValueError:
        return []
    if parts.scheme.lower() not in ("http", "https") or not host:
        return []
    path = _INDEX.sub("", _SUFFIX.sub("", parts.path.rstrip("/")))
    query = tuple(sorted(parse_qsl(parts.query, keep_blank_values=True)))
    found = [Place((host, path, query))]
    for pair in query:
        if pair[0].lower() in _KEYS and pair[1].isascii() and pair[1].isdigit() and len(pair[1]) <= 3:
            rest = tuple(other for other in query if other != pair)
            found.append(Place((host, path, rest), int(pair[1])))
    numbered = _NUMBERED.match(path)
    if numbered:
        found.append(Place((host, numbered["stem"], query), int(numbered["number"])))
    return found


def follows(url: str, candidate: str) -> bool:
    """Whether ``candidate`` is the address of the page after ``url`` in one series."""
    here = readings(url)
    for then in readings(candidate):
        if then.number < 2:
            continue
        for now in here:
            # A page without a number is the first.
            if now.stem == then.stem and then.number == max(now.number, 1) + 1:
                return True
    return False
