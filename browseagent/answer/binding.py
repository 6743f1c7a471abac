"""Numbers and names belong to what stands beside them, and do or suffer what is said: whether a sentence has
mixed them up.

On the page, two numbers of a kind (or two names) each have words beside them that the other has not:
"£48 for residents and £72 for everybody else". A sentence that takes the one with the other's words claims
what the page does not say.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from browseagent.answer.claims import clauses, content, folded, names
from browseagent.answer.lexical import STOP_WORDS, words
from browseagent.answer.quantity import Quantity, agrees, quantities

CELLS = " | "
"""Between the cells of a row."""
_WAY = re.compile(r"\b(from|to) (?:the )?(\w+)")
_BACK = {"from": "to", "to": "from"}
LEAST = 2
"""Of the words of another name that tell that a sentence has taken it for its own."""
_EDGE = re.compile(r"[,;]\s|[，；。]|\s(?:and|but|while|whereas|from)\s", re.I)
_NAME_GROUP = re.compile(r"[A-Z][\w’'.&-]*(?:\s(?:of|the|&|and|de|von)?\s?[A-Z&][\w’'.&-]*)*")


_BEFORE_NOUNS = frozenset(
    words("the a an of in on at for from with this that its his her their our your my no")
)
_PIVOTS = frozenset(words("after befor than until sinc"))
_BE = frozenset(words("is are was were be been being"))


@dataclass(frozen=True, slots=True)
class Support:
    """What is to carry a sentence."""

    quoted: tuple[str, ...]
    """The quoted units, as a reader sees them."""
    around: str = ""
    """Neighbouring sentences, headings, column headers."""
    rivals: tuple[str, ...] = ()
    """Other units of the passage: what a number could have been mixed up with."""
    topic: str = ""
    """The whole passage: it may say what something is called, and carries nothing else."""


def number_mixed_up(sentence: str, claimed: Quantity, support: Support) -> bool:
    """Whether what stands beside this number is on the page what stands beside another one.

    Of two numbers of a kind each has words that the other has not ("for residents", "for everybody else").
    The sentence must hold no larger share of the other's words than of its own number's.
    """
    beside = next((c for c in clauses(sentence) if any(agrees(q, claimed) for q in quantities(c))), sentence)
    ours, said = content_terms(without_quantities(beside)), quantities(beside)
    mine, others = [], []
    for unit, quoted in [*((u, True) for u in support.quoted), *((u, False) for u in support.rivals)]:
        for each in quantities(unit):
            if agrees(claimed, each):
                mine += [(unit, each)] * quoted
            elif (quoted or CELLS in unit) and not any(agrees(q, each) for q in said):
                others.append((unit, each))
    return bool(mine) and all(any(_fits_better(ours, other, own) for other in others) for own in mine)


def _fits_better(ours: frozenset[str], other: tuple[str, Quantity], own: tuple[str, Quantity]) -> bool:
    kinds = {other[1].dimension, own[1].dimension}
    if len(kinds) > 1 and ("" not in kinds or other[0] != own[0]):
        return False  # within a sentence the unit is often said once: "31 points, Almeida 27"
    near_other, near_own = (_beside(*each, whole=other[0] != own[0]) for each in (other, own))
    only_other, only_own = near_other - near_own, near_own - near_other
    if not only_other & ours:
        return False
    share_own = len(only_own & ours) / len(only_own) if only_own else 0.99
    return len(only_other & ours) / len(only_other) > share_own


def _beside(unit: str, number: Quantity, *, whole: bool) -> frozenset[str]:
    """The content words that stand by a number: of its cell (of the whole row where rows are compared), or up
    to the next number or the edge of the clause."""
    if CELLS in unit:
        if whole:
            return content_terms(without_quantities(unit))
        start, end = unit.rfind(CELLS, 0, number.start) + 1, unit.find(CELLS, number.end)
        return content_terms(without_quantities(unit[start : end if end > 0 else len(unit)]))
    return _zone(unit, (number.start, number.end), [(each.start, each.end) for each in quantities(unit)])


def name_mixed_up(sentence: str, name: str, quoted: Sequence[str]) -> bool:
    """The same of names as of numbers: what the sentence says of this one the page says of another."""
    beside = next((clause for clause in clauses(sentence) if name in clause), sentence)
    ours = content_terms(beside) - set(content(name))
    for unit in quoted:
        spans = [match.span() for match in _NAME_GROUP.finditer(unit) if names(f"x {match[0]}")]
        zones = [(unit[slice(*span)], _zone(unit, span, spans)) for span in spans]
        for own in (zone for group, zone in zones if name in group):
            for other in (zone for group, zone in zones if name not in group and not _said(group, sentence)):
                if len((other - own) & ours) >= LEAST and own - other and not (own - other) & ours:
                    return True
    return False


def _said(group: str, sentence: str) -> bool:
    return any(word in sentence for word in names(f"x {group}"))


def _zone(unit: str, span: tuple[int, int], marks: Sequence[tuple[int, int]]) -> frozenset[str]:
    """The content words between a mark and the next ones on either side, within its clause."""
    start = max((end for _, end in marks if end <= span[0]), default=0)
    stop = min((begin for begin, _ in marks if begin >= span[1]), default=len(unit))
    start = max((edge.end() for edge in _EDGE.finditer(unit, start, span[0])), default=start)
    edge = _EDGE.search(unit, span[1], stop)
    return content_terms(f"{unit[start : span[0]]} {unit[span[1] : edge.start() if edge else stop]}")


def without_quantities(text: str) -> str:
    """A text without its numbers and their units, which are compared by themselves."""
    kept, at = "", 0
    for each in quantities(text):
        kept += text[at : each.start] + " "
        at = max(at, each.end)
    return kept + text[at:]


@lru_cache(maxsize=4096)
def content_terms(text: str, every: bool = False) -> frozenset[str]:
    """The content terms of a text; without its numbers, unless ``every``."""
    return frozenset(term for term in content(text) if every or not term.isdigit())


def is_english(text: str) -> bool:
    """Whether a text holds a common English word: where the order of words is freer it tells no roles."""
    return bool(STOP_WORDS & set(folded(text)))


def swapped(sentence: str, given: str) -> bool:
    """Whether the nearest telling words on both sides of a shared word change places, or keep them where
    it turns passive ("A sued B", "A was sued by B")."""
    ours, theirs = content(sentence), content(given)
    named = set(content(" ".join(names(given))))
    ends = [
        {(way, content(word)[0]) for way, word in _WAY.findall(text) if content(word)}
        for text in (sentence, given)
    ]
    if any((_BACK[way], word) in ends[1] - ends[0] and (way, word) not in ends[1] for way, word in ends[0]):
        return True
    return any(_swapped(sentence, given, ours, theirs, only) for only in (set(theirs), named))


def _swapped(sentence: str, given: str, ours: list[str], theirs: list[str], telling_words: set[str]) -> bool:
    for middle in range(1, len(ours) - 1):
        verb = ours[middle]
        if ours.count(verb) != 1 or theirs.count(verb) != 1 or verb.isdigit():
            continue
        if _is_noun(sentence, verb) or _is_noun(given, verb):
            continue
        at = theirs.index(verb)
        before, after = set(theirs[:at]), set(theirs[at + 1 :])
        telling = (before ^ after) & telling_words  # a word on both sides ("tent") tells nothing
        subject = next((term for term in reversed(ours[:middle]) if term in telling), None)
        object_ = next((term for term in ours[middle + 1 :] if term in telling), None)
        if subject is None or object_ is None:
            continue
        passive, there = (verb not in _PIVOTS and _passive(text, verb) for text in (sentence, given))
        if subject in after and object_ in before and passive == there:
            return True
        kept = subject in before and object_ in after
        if kept and passive != there and "by" in folded(sentence if passive else given):
            return True
    return False


def _passive(text: str, verb: str) -> bool:
    """Whether a form of "be" stands just before the verb, or "by" just after it."""
    found = folded(text)
    at = _place(found, verb)
    return bool(_BE & set(found[max(0, at - 2) : at])) or "by" in found[at + 1 : at + 2]


def _is_noun(text: str, word: str) -> bool:
    """Whether an article or a preposition stands just before a word."""
    found = folded(text)
    at = _place(found, word)
    return at > 0 and found[at - 1] in _BEFORE_NOUNS


def _place(found: Sequence[str], term: str) -> int:
    return next((i for i, word in enumerate(found) if content(word) == [term]), 0)
