"""Readable text: which characters may stand in it, and where its sentences begin and end.

Zero-width and bidirectional controls can hide instructions from a person while a model reads them,
and control characters can take over a terminal. None of them reaches ``Document.text``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

CURRENCY = re.escape("".join(sign for sign in map(chr, range(0x10000)) if unicodedata.category(sign) == "Sc"))
"""The signs of all currencies that Unicode has, to stand in a class of a regular expression: ``[…]``."""
# Zero-width spaces and joiners, soft hyphens, invisible operators, Hangul and Mongolian fillers, bidi marks
# and overrides, tag characters and the supplementary variation selectors (both used to smuggle text).
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
# ZWNJ and ZWJ spell words in Persian and the Indic scripts and build emoji; elsewhere they only hide.
_JOINER = re.compile("(?<![\u0600-\u1cff\u2190-\u2bff\ufe0f\U0001f000-\U0001faff])[\u200c\u200d]"
                     "|[\u200c\u200d](?![\u0600-\u1cff\u2190-\u2bff\U0001f000-\U0001faff])")  # fmt: skip
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_NEWLINE = re.compile("\r\n?|[\x85\u2028\u2029\x0c]")
_SUSPECT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)


def clean(text: str) -> str:
    """The text without invisible and control characters; line ends become ``\\n``. Idempotent."""
    if not _SUSPECT.search(text):
        return text
    text = _CONTROL.sub("", _NEWLINE.sub("\n", text))
    text = _INVISIBLE.sub("", text)
    before = None
    while before != text:  # taking out one joiner can leave its neighbour alone
        before, text = text, _JOINER.sub("", text)
    return text


def fold_space(text: str) -> str:
    """Every run of white space becomes one space; none is left at the ends."""
    return " ".join(text.split())


_STOP = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s)|[。！？｡]+[」』”’）】]*|\n+")
_ABBREVIATIONS_NAMES = """
mr mrs ms dr prof rev hon st sr jr gen col capt lt maj sgt cmdr adm gov sen rep pres supt messrs
mmes mt ft vs etc al cf viz approx est ca c fig figs eq eqs sec ch vol vols no nos p pp pt ed eds
trans op cit ibid jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs
fri sat sun inc ltd co corp bros dept univ assn ave blvd rd e.g i.e a.m p.m u.s u.k u.n u.s.a d.c
ph.d m.d b.a m.a b.sc z.b d.h u.a bzw ggf usw nr bd hrsg art env tel min max lat long incl excl ref
refs abb
"""
_ABBREVIATIONS = frozenset(_ABBREVIATIONS_NAMES.split())
# Abbreviations that often close a sentence: they end one where a capital follows.
_CLOSING_NAMES = """
etc inc ltd co corp jr sr a.m p.m u.s u.k u.n u.s.a d.c ph.d m.d al usw bros
"""
_CLOSING = frozenset(_CLOSING_NAMES.split())
_STARTS = re.compile(r"\s+[\"'“‘«(\[]*([^\W_])")
# A line shorter than this was not broken for want of room.
_FULL_LINE = 50


def sentences(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Spans of the sentences in ``text[start:end]``, in order, white space at their ends left out. The rules
    for one script do no harm in another."""
    found: list[tuple[int, int]] = []
    begin = start
    for stop in _STOP.finditer(text, start, end):
        if _ends(text, begin, stop, end):
            _append(found, text, begin, stop.end())
            begin = stop.end()
    _append(found, text, begin, end)
    return found


def _append(found: list[tuple[int, int]], text: str, begin: int, end: int) -> None:
    while begin < end and text[begin].isspace():
        begin += 1
    while end > begin and text[end - 1].isspace():
        end -= 1
    if begin < end:
        found.append((begin, end))


def _ends(text: str, begin: int, stop: re.Match[str], limit: int) -> bool:
    mark = stop[0]
    if mark[0] == "\n":
        line = text[max(begin, text.rfind("\n", begin, stop.start()) + 1) : stop.start()]
        follows = text[stop.end() : stop.end() + 1]
        return (
            len(mark) > 1 or len(line) < _FULL_LINE or line.rstrip()[-1:] in ".!?:;" or not follows.islower()
        )
    if mark[0] in "。！？｡":
        return True
    after = _STARTS.match(text, stop.end(), limit)
    if mark[0] != ".":
        return after is None or not after[1].islower()
    if after is not None and after[1].islower():
        return False
    if len(mark) > 1 and mark.startswith(".."):
        return after is None or after[1].isupper()
    word = re.search(r"[^\s(\[\"“'‘]*$", text[begin : stop.start()])
    last = word[0].lower() if word else ""
    if len(last) == 1 and last.isalpha() and text[stop.start() - 1].isupper():
        return False  # an initial: J. Smith
    if re.fullmatch(r"(?:\w{1,2}\.-)+\w{1,2}", last):
        return False  # initials: J.-P. Rousseau
    if last in _ABBREVIATIONS:
        return last in _CLOSING and (after is None or after[1].isupper())
    # "1. Open the lid": a number at the start of a line counts steps.
    return not (last.isdigit() and len(last) <= 2 and not text[begin : stop.start()].strip()[: -len(last)])


def with_struck(text: str, struck: Iterable[tuple[int, int]], start: int, end: int) -> str:
    """A span of a text with what is struck out in it, stretches in order, between tildes."""
    told, at = "", start
    for first, last in struck:
        told += f"{text[at:first]}~~{text[first:last]}~~"
        at = last
    return told + text[at:end]
