"""How one version of a page's text differs from an earlier one. Pure: no I/O, no model.

Blocks are compared, not characters. Two blocks are the same where their words are: white space,
typography, counters, relative dates, clocks and session tokens are folded before the comparison.
JSON and feeds are compared as what they are (:mod:`browseagent.watch.compare_data`), where the documents
know the pages that they were read from.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from browseagent.read.structured import MARK
from browseagent.records import Block, BlockKind, Change, Document, Hunk

_TYPOGRAPHY = str.maketrans(
    {
        "‘": "'", "’": "'", "‚": "'", "‛": "'", "`": "'", "´": "'", "′": "'", "“": '"', "”": '"', "„": '"',
        "‟": '"',
        "«": '"', "»": '"', "″": '"', "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-",
        "•": "",
        "·": "", "⁃": "", "↗": "", "⁠": "", "​": "", "￼": "",
    }
)  # fmt: skip
_UNIT = r"(?:s|sec(?:ond)?s?|m|min(?:ute)?s?|h|hrs?|hours?|d|days?|w|weeks?|mo|months?|y|yrs?|years?)"
_VOLATILE = (
    # relative dates: "5 minutes ago", "updated 3h ago", "vor 2 Tagen", "il y a 3 jours", "3天前"
    re.compile(rf"\b(?:about |over |almost |less than )?(?:an?|one|\d+)\s*{_UNIT}\s+ago\b", re.I),
    re.compile(r"\bvor (?:einer?m?|\d+) (?:sekunden?|minuten?|stunden?|tag(?:en)?|wochen?|monat(?:en)?"
            r"|jahr(?:en)?)\b", re.I),
    re.compile(r"\bil y a (?:une?|\d+) (?:secondes?|minutes?|heures?|jours?|semaines?|mois|ans?)\b", re.I),
    re.compile(r"\bhace (?:una?|\d+) (?:segundos?|minutos?|horas?|días?|semanas?|mes(?:es)?|años?)\b", re.I),
    re.compile(r"\d+\s*(?:秒|分钟|分|小时|時間|天|日|周|週間|个月|か月|年)前"),
    re.compile(r"\b(?:just now|moments? ago|gerade eben|刚刚)\b", re.I),
    # counters: "1,234 views", "12.5K followers", "3 people are viewing this"
    re.compile(
        r"\b\d[\d.,]*\s*[kmb]?\+?\s*(?=(?:views?|likes?|comments?|followers?|shares?|reactions?|claps?"
        r"|upvotes?|votes?"
        r"|replies|reads?|downloads?|visitors?|members? online|users? online|people (?:are )?(?:viewing"
        r"|watching|online)"
        r"|online now|watching)\b)",
        re.I,
    ),
    re.compile(r"(?<=\b)(?:views|likes|comments|followers|shares|downloads|visitors|hits"
            r"|votes):?\s*\d[\d.,]*[kmb]?\b", re.I),
    # a clock with seconds
    re.compile(r"\b\d{1,2}:\d\d:\d\d(?:\.\d+)?(?:\s?[ap]m)?(?:\s?(?:utc|gmt|z)\b)?", re.I),
    # how long it takes to read is counted from the text itself
    re.compile(r"\b\d+\s*-?\s*min(?:ute)?s?\.?\s+read\b", re.I),
)  # fmt: skip
_STAMP = re.compile(
    r"(?P<said>\b\w*(?:updat|generat|render|serve[dr]|retriev|fetch|cache|checked|modif|refresh|sync|timestamp"
    r"|as of|aktualisiert|erstellt|stand\b|now\b)\w*\W{0,12}(?:on |at |am |um )?)?"
    r"\b(?P<day>\d{4}-\d\d-\d\d)[T ](?P<clock>\d{1,2}:\d\d):(?P<seconds>\d\d)(?:\.\d+)?"
    r"(?P<zone>\s?[ap]m\b|\s?(?:utc|gmt|z)\b|[+-]\d\d:?\d\d)?",
    re.I,
)
"""A time to the second. What a page says of its own making is noise; of anything else the day is none, and
the hour is none where it is a full minute, as people set them."""
_TOKEN = re.compile(
    r"\b(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[0-9a-f]{8}(?:-?[0-9a-f]{4,}){2,}\b"
    r"|\b(?=\w*\d)(?=\w*[a-z])(?=\w*[A-Z])\w{24,}\b"
)
_STATED = re.compile(r"(Price: )(\d+\.\d+)(?![\d.])")
_URL = re.compile(r"(https?://[^\s?#]+)[?#]\S*")
_SPACE = re.compile(r"\s+")
_WORD = re.compile(r"\w", re.UNICODE)
# Pairs of blocks that share this much of their words are one block that changed, not two.
_SIMILAR = 0.5
# Blocks of a page beyond which those that are repeated often are no anchors: with them the comparison of
# a log of 100,000 like lines takes hours.
_LONG = 2000
# Pairs of blocks that are looked at for likeness in one place; beyond it what is gone and what came are
# not paired.
_PAIRS = 40_000


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    key: str
    where: str


def fold(text: str) -> str:
    """The text as it is compared: what two readings of an unchanged page may differ in is the same."""
    text = unicodedata.normalize("NFKC", text).translate(_TYPOGRAPHY)
    text = _STAMP.sub(_day_of, _URL.sub(r"\1", text))
    for pattern in _VOLATILE:
        text = pattern.sub("", text)
    text = _TOKEN.sub("", text)
    # Only letters and digits and what may change a meaning between them: inline markup moves spaces about.
    return _SPACE.sub("", text)


def _day_of(stamp: re.Match[str]) -> str:
    if stamp["said"]:
        return stamp["said"]
    if stamp["seconds"] != "00":
        return stamp["day"]
    return f"{stamp['day']} {stamp['clock']}{stamp['zone'] or ''}"


def compare(before: Document, after: Document, ignore: Sequence[re.Pattern[str]] = ()) -> Change:
    """The places where the text of ``after`` differs from that of ``before``, in order.

    Text that was on the page both times, but was taken for the page's own only once, is no change, and
    what ``ignore`` matches is not compared.
    """
    from browseagent.watch.compare_data import compared

    data = compared(before, after, ignore)
    return compare_blocks(before, after, ignore) if data is None else Change(data)


def compare_blocks(before: Document, after: Document, ignore: Sequence[re.Pattern[str]] = ()) -> Change:
    """:func:`compare`, whatever the documents were made from."""
    old, new = _pieces(before, ignore), _pieces(after, ignore)
    long = max(len(old), len(new)) > _LONG
    matcher = SequenceMatcher(None, [p.key for p in old], [p.key for p in new], autojunk=long)
    removed: list[tuple[int, list[_Piece], list[_Piece]]] = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag != "equal":
            removed.append((j1, old[i1:i2], new[j1:j2]))
    regions = [(a, b) for _, a, b in removed if _joined(a) != _joined(b)]
    gone = _vanished((p for a, _ in regions for p in a), (*after.omitted, *after.hidden))
    came = _vanished((p for _, b in regions for p in b), (*before.omitted, *before.hidden))
    moved = Counter(p.key for p in gone) & Counter(p.key for p in came)
    hunks: list[Hunk] = []
    gone_ids, came_ids = {id(p) for p in gone}, {id(p) for p in came}
    for a, b in regions:
        hunks += _hunks([p for p in a if id(p) in gone_ids], [p for p in b if id(p) in came_ids], moved)
    return Change(tuple(hunks))


def text_key(document: Document, ignore: Sequence[re.Pattern[str]] = ()) -> str:
    """A hash of the text as it is compared: where two documents have the same, they do not differ."""
    from browseagent.watch.compare_data import data_text

    data = data_text(document)
    if data is None:
        keys = "\n".join(piece.key for piece in _pieces(document, ignore))
    else:
        keys = fold(without(data, ignore))
    return hashlib.sha256(keys.encode("utf-8", "surrogatepass")).hexdigest()


def _pieces(document: Document, ignore: Sequence[re.Pattern[str]]) -> list[_Piece]:
    pieces = []
    headings: dict[int, str] = {}
    for block in document.blocks:
        text = document.block_text(block)
        key = fold(without(_by_value(text), ignore))
        if _WORD.search(key):
            pieces.append(_Piece(text, key, _where(block, headings)))
        if block.kind is BlockKind.HEADING:
            headings = {level: title for level, title in headings.items() if level < block.level}
            headings[block.level] = " ".join(text.split())
    return pieces


def _by_value(text: str) -> str:
    """A price that the page's data state as it is compared: 2879.2 and 2879.20 are one."""
    stated = _STATED.match(text) if text.endswith(MARK) else None
    return text if stated is None else f"{stated[1]}{stated[2].rstrip('0').rstrip('.')}{text[stated.end() :]}"


def without(text: str, ignore: Sequence[re.Pattern[str]]) -> str:
    """The text without what the patterns match."""
    for pattern in ignore:
        text = pattern.sub("", text)
    return text


def _where(block: Block, headings: dict[int, str]) -> str:
    own = block.level if block.kind is BlockKind.HEADING else 7
    above = [title for level, title in sorted(headings.items()) if level < own]
    return " › ".join([f"page {block.page}", *above] if block.page else above)


def _joined(pieces: Sequence[_Piece]) -> str:
    return "".join(p.key for p in pieces)


def _vanished(pieces: Iterable[_Piece], elsewhere: Iterable[str]) -> list[_Piece]:
    """The pieces that are not on the other page, not even outside its own text."""
    kept = list(pieces)
    if not kept:
        return kept
    keys = {fold(text) for text in elsewhere}
    return [p for p in kept if p.key not in keys]


def _hunks(gone: list[_Piece], came: list[_Piece], moved: Counter[str]) -> list[Hunk]:
    """One region's differences: like blocks paired, then what is left, then what only moved."""
    hunks = []
    rest = list(came)
    many = len(gone) * len(came) > _PAIRS
    for piece in gone:
        if piece.key in moved:
            continue
        if many:
            hunks.append(Hunk(piece.text, "", "removed", piece.where))
            continue
        twin = max(rest, key=lambda other: _likeness(piece.text, other.text), default=None)
        if twin is not None and twin.key not in moved and _likeness(piece.text, twin.text) >= _SIMILAR:
            rest.remove(twin)
            hunks.append(Hunk(piece.text, twin.text, "changed", twin.where))
        else:
            hunks.append(Hunk(piece.text, "", "removed", piece.where))
    for piece in rest:
        if piece.key in moved:
            hunks.append(Hunk(piece.text, piece.text, "moved", piece.where))
        else:
            hunks.append(Hunk("", piece.text, "added", piece.where))
    return hunks


def _likeness(one: str, other: str) -> float:
    """Share of the words that two texts have in common, 0 to 1."""
    a, b = Counter(one.split()), Counter(other.split())
    total = sum(a.values()) + sum(b.values())
    return 2 * sum((a & b).values()) / total if total else 1.0
