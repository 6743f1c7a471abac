"""Where the links of a text lead: to another address than before, or no longer anywhere. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from urllib.parse import quote, urlsplit

from browseagent.records import Hunk
from browseagent.watch.folding import fold
from browseagent.watch.noise import address, reason
from browseagent.watch.places import drawn_place, place_of

_QUOTED = re.compile(r"%([\da-f]{2})", re.I)
_UNRESERVED = re.compile(r"[\w.~-]", re.ASCII)
_PORTS = {"http": ":80", "https": ":443"}


@dataclass(frozen=True, slots=True)
class Linked:
    """Words that lead somewhere."""

    text: str
    url: str
    where: str
    key: str
    """The folded text of the piece in which they stand."""


def links_changed(old: Sequence[Linked], new: Sequence[Linked], same: Counter[str]) -> Iterator[Hunk]:
    """The links whose words stayed and whose address is another, or which one of the sides does not have.
    ``same`` are the pieces that stand on both sides: of others the words themselves have changed."""
    was, is_ = ([(each.text, spelt(each.url)) for each in links] for links in (old, new))
    gone: list[Linked] = []
    came: list[Linked] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, was, is_, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        rest = list(new[j1:j2])
        for link in old[i1:i2]:
            twin = next((each for each in rest if fold(each.text) == fold(link.text)), None)
            if twin is None:
                gone.append(link)
            else:
                rest.remove(twin)
                if spelt(link.url) != spelt(twin.url):
                    yield _led(link, link.url, twin.url)
        came += rest
    moved = Counter(map(_known, gone)) & Counter(map(_known, came))
    for link in gone:
        if link.key in same and _known(link) not in moved:
            yield _led(link, link.url, "")
    for link in came:
        if link.key in same and _known(link) not in moved:
            yield _led(link, "", link.url)


def _known(link: Linked) -> tuple[str, str]:
    return fold(link.text), spelt(link.url)


@lru_cache(maxsize=4096)
def spelt(url: str) -> str:
    """An address in one spelling: of its host, of the signs in it, and of the order of what it asks; with
    https or without."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    host = parts.netloc.lower().removesuffix(_PORTS.get(parts.scheme, ""))
    query = "&".join(sorted(parts.query.split("&")))
    said = f"{parts.path or '/'}?{query}#{parts.fragment}"
    rest = quote(said, safe="%/?#:@!$&'()*+,;=[]~", errors="surrogatepass")
    scheme = "http" if parts.scheme == "https" else parts.scheme
    return f"{scheme}://{host}{_QUOTED.sub(_unquoted, rest)}"


def _unquoted(found: re.Match[str]) -> str:
    sign = chr(int(found[1], 16))
    return sign if _UNRESERVED.match(sign) else found[0].upper()


def _led(link: Linked, before: str, after: str) -> Hunk:
    was, is_ = (f"{link.text} → {url or 'nowhere'}" for url in (before, after))
    noise = reason(address(before)) if address(before) == address(after) else ""
    masked = address(before, drawn=True)
    if masked == address(after, drawn=True):
        place = drawn_place(link.text, masked)
    else:
        place = place_of((link.text, ""), [before], [after])
    return Hunk(was, is_, "changed", link.where, noise, place)
