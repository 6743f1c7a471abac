"""From a follow-up and what was said before to a question that can be understood alone.

Whatever a follow-up may stand for is an option: the question before it with the fragment in the place of
some of its words or after them, or the follow-up with words that were said in the place of its pronoun. An
option has features of form (:mod:`browseagent.answer.earlier`); their weights were fitted by
``tools/fit_followup.py`` on pairs of ours.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from browseagent.answer.earlier import (
    ASKING,
    AUXILIARIES,
    BE,
    DETERMINERS,
    EDGES,
    HELPING,
    MOST_WORDS,
    PREPOSITIONS,
    SELF,
    Earlier,
    Turn,
    Words,
    asks,
    is_several,
    likeness,
    lowered,
    shape_of,
    words_of,
)

REMEMBERED = 5
"""Turns that a follow-up may lean on."""
_LEAD = re.compile(
    r"^(?:(?:and|but|or|so|ok|okay|then)[, ]+)*(?:(?:what|how) about|what of)\b[, ]*"
    r"|^(?:(?:and|but|or|so|then)[, ]+)+",
    re.I,
)
_TAIL = re.compile(r"(?: (?:too|also|instead|then|please|again|though))+$", re.I)
_EMPTY = re.compile(
    r"\bit (?:[\w ]+ )?(?:to|that|from)\b|\btime (?:is|does) it\b|\bit (?:rain|snow)|\bthere (?:an?|any)\b",
    re.I,
)
"""An "it" or "there" that stands for nothing: "Is it possible to park?"."""
_REQUESTS = frozenset(("tell", "show", "list", "give", "explain", "describe", "find", "compare", "thanks"))
_KINDS = {
    word: kind
    for kind, members in (
        ("person", "he she him his her"),
        ("several", "they them their these those"),
        ("thing", "it its this that"),
        ("there", "there"),
        ("one", "one"),
    )
    for word in members.split()
}
_POINTING = frozenset(("this", "that", "these", "those"))
_NUMBER = (("is", "are"), ("was", "were"), ("does", "do"), ("has", "have"))


@dataclass(frozen=True, slots=True)
class Option:
    """A question that may be meant, and the features that tell for or against it."""

    words: Words
    features: frozenset[str] = frozenset()


def complete(follow_up: str, turns: Sequence[Turn]) -> str:
    """The question that a follow-up means after these turns, the latest last. One that leans on nothing,
    or on something that is not found, is given back as it is."""
    found = options(follow_up, turns)
    if not found:
        return follow_up
    text = " ".join(max(found, key=lambda each: sum(_weights().get(f, 0.0) for f in each.features)).words)
    return f"{text[:1].upper()}{text[1:]}?"


@cache
def _weights() -> dict[str, float]:
    text = files("browseagent.answer").joinpath("followup_weights.json").read_text("utf-8")
    return {str(name): float(weight) for name, weight in json.loads(text).items()}


def options(follow_up: str, turns: Sequence[Turn]) -> list[Option]:
    """All that a follow-up may mean; none where it can be understood alone."""
    typed = follow_up.strip().rstrip("?.! ")
    lead = _LEAD.match(typed)
    words = words_of(_TAIL.sub("", typed[lead.end() if lead else 0 :]))
    lower = lowered(words)
    if not turns or not words or not re.search("[a-z0-9]", typed, re.I):
        return []
    if _is_fragment(lower, led=lead is not None):
        earlier = Earlier.of(turns[-1])
        return list(_filled(words, earlier)) if earlier.is_english else []
    if not _EMPTY.search(" ".join(words)):
        for at, word in enumerate(lower):
            if word in _KINDS and _stands_alone(lower, at):
                return list(_resolved(words, at, [Earlier.of(turn) for turn in turns[-REMEMBERED:]]))
    return []


def _is_fragment(lower: Words, *, led: bool) -> bool:
    """Whether these words are a part of a question. ``led``: an "and" or "what about" stood before them."""
    whole = AUXILIARIES | (_KINDS.keys() - {"one", "that", "this"})
    if len(lower) > MOST_WORDS or lower[0] in _REQUESTS or whole & set(lower):
        return False
    if asks(lower):
        return len(lower) <= (1 if lower[0] == "who" else 4 if lower[0] == "how" else 3)
    return led or lower[0] in PREPOSITIONS or len(lower) <= 3


def _stands_alone(lower: Words, at: int) -> bool:
    """Whether the word there is a pronoun, not the determiner of what follows."""
    word, before, after = lower[at], lower[at - 1] if at else "", (*lower[at + 1 : at + 3], "", "")
    closed = AUXILIARIES | EDGES | {"be"}
    if word == "there":
        return not {before, after[0]} & (BE | {"will", "has", "have"})
    if word == "one":
        owned = before in DETERMINERS | ASKING | PREPOSITIONS | {"", "there"}
        return not owned and after[0] != "of" and (after[0] in closed or before not in AUXILIARIES)
    if word in _POINTING:
        follows = after[0] in closed or (before in HELPING and after[1] in closed)
        return follows and (after[0] == "" or at == 0 or before in AUXILIARIES | PREPOSITIONS)
    return True


def _filled(part: Words, earlier: Earlier) -> Iterator[Option]:
    """The questions that a fragment may stand for after another one."""
    low = lowered(part)
    rest = earlier.words[earlier.asked + bool(earlier.helping) :]
    if low == ("why", "not") and earlier.helping:
        yield Option(("why", f"{earlier.helping}n't", *rest))
    elif asks(low) and earlier.helping:
        yield Option((*part, earlier.helping, *rest))
    elif asks(low) and low[0] in (earlier.lower[0], "who", "what", "which"):
        yield Option((*part, *rest))
    elif asks(
        low
    ):  # after "Who won the race?", answered by Lea Horn: "When was it that Lea Horn won the race?"
        subject = earlier.answer if 0 < len(earlier.answer) <= MOST_WORDS else ("someone",)
        yield Option((*part, "was", "it", "that", *subject, *rest))
    else:
        yield from _placed(part, earlier)


def _placed(part: Words, earlier: Earlier) -> Iterator[Option]:
    """A fragment in the place of any words of the question, or after it: "the large one" for "the small" of
    "the small tent"."""
    put = part[:-1] if part[-1].lower() in ("one", "ones") and len(part) > 1 else part
    kind = shape_of(put) if put == part else "modifier"
    for start, end in earlier.spans():
        if kind == "prep" and earlier.lower[start] not in PREPOSITIONS:
            continue
        own = earlier.features(start, end)
        words = (*earlier.words[:start], *put, *earlier.words[end:])
        if start == earlier.asked + 1:
            words = _agreeing(words, start - 1, is_several(put), is_several(earlier.words[start:end]))
        alike = likeness(put, earlier.words[start:end])
        yield Option(words, frozenset((*own, *alike, *(f"{kind}: {each}" for each in own))))
    time = next(each for each in sorted(likeness(put, put)) if each.startswith("time"))
    yield Option((*earlier.words, *put), frozenset(("append", f"append {kind}", f"append {time}")))


def _resolved(words: Words, at: int, earlier: Sequence[Earlier]) -> Iterator[Option]:
    """The questions with what a pronoun may stand for in its place."""
    kind = _KINDS[words[at].lower()]
    for back, each in enumerate(reversed(earlier)):
        things = [
            (each.words[i:j], each.features(i, j)) for i, j in each.spans() if _is_thing(each.lower, i, j)
        ]
        if each.named:
            things.insert(0, (each.named, each.answer_features()))
        for thing, own in things:
            crossed = (f"{kind}: {feature}" for feature in own)
            yield Option(_put(words, at, thing), frozenset((*own, *crossed, f"back {back}")))


def _is_thing(lower: Words, start: int, end: int) -> bool:
    """Whether a stretch may be a thing; after "I" stands what I do."""
    begins = lower[start] not in EDGES | SELF | {"many", "much"} and (SELF - {"there"}).isdisjoint(
        lower[start - 1 : start]
    )
    return begins and lower[end - 1] not in EDGES | DETERMINERS


def _put(words: Words, at: int, thing: Words) -> Words:
    """Words with a thing in the place of the pronoun there."""
    pronoun, before, after = words[at].lower(), words[:at], words[at + 1 : at + 2]
    if before and thing[0].lower() in DETERMINERS:
        thing = (thing[0].lower(), *thing[1:])
    if pronoun in ("its", "their", "his") or (pronoun == "her" and after and after[0].lower() not in EDGES):
        thing = (*thing[:-1], thing[-1] + ("'" if is_several(thing) and thing[-1].endswith("s") else "'s"))
    elif pronoun == "there" and before and before[-1].lower() not in PREPOSITIONS:
        going = before[-1].lower() in ("get", "go", "travel", "come", "walk", "drive")
        thing = ("to" if going else "in" if thing[0][:1].isupper() else "at", *thing)
    elif before and _KINDS[pronoun] != "person":
        before = _agreeing(words, at - 1, is_several(thing), _KINDS[pronoun] == "several")[:at]
    return (*before, *thing, *words[at + 1 :])


def _agreeing(words: Words, at: int, several: bool, before: bool) -> Words:
    """Words whose auxiliary at that place agrees with a subject of another number than before."""
    forms = {pair[not several]: pair[several] for pair in _NUMBER} if several != before and at >= 0 else {}
    found = forms.get(words[at].lower(), words[at])
    return (*words[:at], found.capitalize() if words[at][:1].isupper() else found, *words[at + 1 :])
