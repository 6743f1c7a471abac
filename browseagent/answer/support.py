"""Whether a sentence that a model wrote is carried by words that stand on the page.

No model judges here; what is compared is what words alone tell:

- every number, with its unit, every month and weekday, and every name must stand in the support;
- the clause that says the most alike must not deny what the sentence affirms, nor say the contrary
  ("opens", "closes"), nor leave open what the sentence states;
- two names that change places around the same verb ("Marlow beat Reid") are another claim;
- a number belongs to what stands beside it: where another clause fits the sentence better, and gives
  another number, the sentence has mixed them up;
- enough of the remaining words must stand there too: nearly all for a model that was not measured.

The support is the quoted units; their neighbouring sentences and their headings may say what something is,
never the contrary. What this lets through and what it wrongly drops is measured by ``bench/support.py``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from browseagent.answer.claims import (
    MONTHS,
    calendar,
    clauses,
    compares,
    content,
    denials,
    doubtful,
    excludes,
    folded,
    gives_cause,
    hedged,
    names,
    of_all,
    of_some_only,
    opposites,
    orders,
)
from browseagent.answer.lexical import is_unspaced, stem
from browseagent.answer.quantity import Quantity, agrees, quantities

FREE = 0.6
"""Share of a sentence's content words that its support must hold, for a model that was measured and may
put things its own way. Chosen on half of ``tests/answer/support_cases.json``."""
STRICT = 0.7
"""The same for a model that was not measured."""


CELLS = " | "
"""Between the cells of a row."""
_EDGE = re.compile(r"[,;]\s|[，；。]|\s(?:and|but|while|whereas|from)\s", re.I)
_OF_MONTH_BEFORE = re.compile(rf"\b(?:{MONTHS})\s*$", re.I)
_OF_MONTH_AFTER = re.compile(rf"^\s*(?:{MONTHS})\b", re.I)
_NAME_GROUP = re.compile(r"[A-Z][\w’'.&-]*(?:\s(?:of|the|&|and|de|von)?\s?[A-Z&][\w’'.&-]*)*")
_LEFT_OUT = re.compile(r",\s*(?:but |and )?not\s+([^,.;]+)", re.I)
_ENGLISH = frozenset("the of and a to is was by over than from who had been has his her as with for it".split())
_BEFORE_NOUNS = frozenset(
    "the a an of in on at for from with this that its his her their our your my no".split()
)
_PIVOTS = frozenset("after befor than until sinc".split())
_BE = frozenset("is are was were be been being".split())
# What an amount of its kind says by itself: a price costs, a length of time lasts.
_IMPLIED = {
    "money": "cost price pay charg fee",
    "time": "take last long hour minut day",
    "months": "take last long old age",
    "length": "long tall high deep wide far distanc length height",
    "mass": "weigh weight heavi",
    "clock": "time hour",
}
_MONEY = frozenset({"GBP", "USD", "EUR", "CNY", "JPY", "CHF"})
_LIGHT = frozenset(
    stem(word)
    for word in "about around roughly nearly almost approximately some just also there only take get give need require "
    "must have per each over under more less than according according".split()
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Support:
    """What is to carry a sentence."""

    quoted: tuple[str, ...]
    """The quoted units, as a reader sees them."""
    around: str = ""
    """Neighbouring sentences, headings, column headers."""
    rivals: tuple[str, ...] = ()
    """Other units of the passage: what a number could have been mixed up with."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the check says of a sentence."""

    failures: tuple[str, ...]
    """What is not carried, in words; empty where all is."""
    verbatim: bool = False
    """Whether the sentence stands in the quotes as it is."""

    @property
    def supported(self) -> bool:
        """Whether the sentence may be shown as carried."""
        return not self.failures


def check(
    sentence: str, support: Support, *, share: float = FREE, question: str = "", translated: bool = False
) -> Verdict:
    """Whether the support carries a sentence.

    ``question`` grants its words: what was asked about need not be repeated on the page. With
    ``translated`` the sentence is in another language than the support: words cannot be compared then, only
    numbers, dates, names and denials.
    """
    quoted = "\n".join(support.quoted)
    ordering = any(map(orders, support.quoted))
    if any(_same(sentence, unit) for unit in support.quoted) and not (ordering and sentence != quoted):
        return Verdict((), verbatim=True)
    if ordering:
        return Verdict(("words that tell a reader what to say carry nothing",))
    everything = f"{quoted}\n{support.around}"
    failures = [
        *_numbers(sentence, support, everything),
        *_dates(sentence, everything),
        *_names(sentence, support.quoted, f"{everything}\n{question}"),
    ]
    if translated:
        failures += ["it denies what the page affirms, or affirms what it denies"] * (
            bool(denials(sentence)) != bool(denials(quoted))
        )
        return Verdict(tuple(failures))
    aligned = _aligned(sentence, support)
    failures += _contrary(aligned, _content(quoted, every=True))
    failures += _reach(sentence, quoted, aligned)
    failures += _stated(sentence, support.quoted, aligned)
    failures += _roles(sentence, support.quoted)
    failures += _words(sentence, f"{everything}\n{question}", share)
    return Verdict(tuple(dict.fromkeys(failures)))


def _same(sentence: str, quoted: str) -> bool:
    """Whether the sentence stands in the quote as it is."""
    wanted, given = folded(sentence), folded(quoted)
    joined = f" {' '.join(given)} "
    return bool(wanted) and f" {' '.join(wanted)} " in joined and not _cut_from_denial(wanted, given)


def _cut_from_denial(wanted: list[str], given: list[str]) -> bool:
    """Whether words were cut out of a sentence that denies or doubts them ("it is not true that …")."""
    for at in range(len(given) - len(wanted) + 1):
        if given[at : at + len(wanted)] == wanted:
            before = " ".join(given[max(0, at - 8) : at])
            return bool(denials(before)) or doubtful(before + " that")
    return False


def _numbers(sentence: str, support: Support, everything: str) -> list[str]:
    given = quantities(everything)
    failures = []
    for claimed in quantities(sentence):
        matches = [each for each in given if agrees(claimed, each)]
        if claimed.dimension and not any(each.dimension for each in matches):
            # The page's number bears no unit itself: a column header or a heading must name it.
            matches = matches if _names_unit(claimed, everything) else []
        if not matches:
            failures.append(f"the number {_written(sentence, claimed)!r} is not in the quotes")
        elif _mixed_up(sentence, claimed, support):
            failures.append(f"the number {_written(sentence, claimed)!r} belongs to something else")
    return failures


def _names_unit(claimed: Quantity, everything: str) -> bool:
    if claimed.dimension in ("ordinal", "clock"):
        return True
    named = quantities(
        " ".join(f"1 {word} " for word in everything.replace("(", " ").replace(")", " ").split())
    )
    return any(each.dimension == claimed.dimension and each.size == claimed.size for each in named)


def _mixed_up(sentence: str, claimed: Quantity, support: Support) -> bool:
    """Whether what stands beside this number is on the page what stands beside another one.

    Of two numbers of a kind each has words that the other has not ("for residents", "for everybody else"). The
    sentence must hold no larger share of the other's words than of its own number's.
    """
    beside = next((c for c in clauses(sentence) if any(agrees(q, claimed) for q in quantities(c))), sentence)
    ours, said = _content(_without_quantities(beside)), quantities(beside)
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
            return _content(_without_quantities(unit))
        start, end = unit.rfind(CELLS, 0, number.start) + 1, unit.find(CELLS, number.end)
        return _content(_without_quantities(unit[start : end if end > 0 else len(unit)]))
    every = quantities(unit)
    start = max((each.end for each in every if each.end <= number.start), default=0)
    end = min((each.start for each in every if each.start >= number.end), default=len(unit))
    start = max((m.end() for m in _EDGE.finditer(unit, start, number.start)), default=start)
    edge = _EDGE.search(unit, number.end, end)
    before, after = unit[start : number.start], unit[number.end : edge.start() if edge else end]
    return _content(f"{_OF_MONTH_BEFORE.sub('', before)} {_OF_MONTH_AFTER.sub('', after)}")


def _dates(sentence: str, everything: str) -> list[str]:
    return [
        "a month or weekday is not in the quotes" for _ in sorted(calendar(sentence) - calendar(everything))
    ]


def _names(sentence: str, quoted: Sequence[str], everything: str) -> list[str]:
    known = set(folded(everything))
    stems = {stem(word) for word in known}
    flat = everything.casefold()
    failures = []
    for name in names(sentence):
        parts = [part for part in folded(name) if len(part) > 1]
        there = all(part in known or stem(part) in stems for part in parts) or name.casefold() in flat
        if there and _mixed_up_names(sentence, name, quoted):
            failures.append(f"the name {name!r} belongs to something else")
        if not there and not (name.isupper() and _spelt_out(name, everything)):
            failures.append(f"the name {name!r} is not in the quotes")
    return failures


def _mixed_up_names(sentence: str, name: str, quoted: Sequence[str]) -> bool:
    """The same of names as of numbers: what the sentence says of this one the page says of another."""
    beside = next((clause for clause in clauses(sentence) if name in clause), sentence)
    ours = _content(beside) - set(content(name))
    for unit in quoted:
        groups = [match for match in _NAME_GROUP.finditer(unit) if names(f"x {match[0]}")]
        mine = [match for match in groups if name in match[0]]
        others = [match for match in groups if match not in mine and not _said(match[0], sentence)]
        for own in mine:
            zone_own = _near(unit, own.span(), groups)
            for other in others:
                zone = _near(unit, other.span(), groups)
                only, only_own = zone - zone_own, zone_own - zone
                if len(only & ours) >= 2 and only_own and not only_own & ours:
                    return True
    return False


def _said(group: str, sentence: str) -> bool:
    return any(word in sentence for word in names(f"x {group}"))


def _near(unit: str, span: tuple[int, int], groups: Sequence[re.Match[str]]) -> frozenset[str]:
    """The content words between a name and the next one on either side, within its clause."""
    start = max((m.end() for m in groups if m.end() <= span[0]), default=0)
    end = min((m.start() for m in groups if m.start() >= span[1]), default=len(unit))
    start = max((m.end() for m in _EDGE.finditer(unit, start, span[0])), default=start)
    edge = _EDGE.search(unit, span[1], end)
    return _content(f"{unit[start : span[0]]} {unit[span[1] : edge.start() if edge else end]}")


def _spelt_out(acronym: str, text: str) -> bool:
    """Whether the capitals of an acronym begin words that follow each other."""
    initials = "".join(word[0] for word in text.split() if word[:1].isupper())
    return acronym in initials


def _aligned(sentence: str, support: Support) -> list[tuple[str, str]]:
    """Each clause of the sentence with the clause of the quoted units that is most like it."""
    given = [clause for unit in support.quoted for clause in clauses(unit)]
    pairs = []
    for clause in clauses(sentence):
        wanted = _content(clause)
        best = max(given, key=lambda each: (_likeness(wanted, _content(each)), -len(each)), default="")
        pairs.append((clause, best))
    return pairs


def _likeness(wanted: frozenset[str], given: frozenset[str]) -> float:
    """Shared words (Dice's measure), opposites counted as shared: they speak of the same."""
    shared = sum(1 for term in wanted if term in given or opposites(term) & given)
    return 2 * shared / (len(wanted) + len(given)) if shared else 0.0


def _contrary(aligned: Sequence[tuple[str, str]], whole: frozenset[str]) -> list[str]:
    failures = []
    for sentence, units in ((" ".join(clause for clause, _ in aligned), {unit for _, unit in aligned}),):
        for left_out in (match[1] for unit in units for match in _LEFT_OUT.finditer(unit)):
            if (
                content(left_out)
                and set(content(left_out)) <= set(content(sentence))
                and not denials(sentence)
            ):
                failures.append("the page says that it is not so")
    for clause, given in aligned:
        wanted, there = _content(clause, every=True), _content(given, every=True)
        turned = sum(
            1
            for term in wanted - there
            if not opposites(term) & wanted
            and (opposites(term) & (there - wanted) or (opposites(term) & whole and term not in whole))
        )
        apart = (denials(clause) + denials(_LEFT_OUT.sub("", given)) + turned) % 2
        if apart and not (turned and _turned_round(clause, given)):
            failures.append(
                "the page says the contrary" if turned else "the page does not deny it, or denies it"
            )
    return failures


def _turned_round(clause: str, given: str) -> bool:
    """Whether the first and the last name or noun change places: "A is dearer than B", "B is cheaper than A"."""
    ours, theirs = content(clause), content(given)
    shared = [term for term in ours if term in theirs]
    return len(shared) >= 2 and theirs.index(shared[0]) > theirs.index(shared[-1])


def _stated(sentence: str, quoted: Sequence[str], aligned: Sequence[tuple[str, str]]) -> list[str]:
    """A sentence may not state as a fact what the page leaves open."""
    if hedged(sentence):
        return []
    source = {given for _, given in aligned}
    units = [unit for unit in quoted if any(given in unit for given in source)]
    # "A, but B may …": what is stated in a clause of its own stays stated, unless the condition leads it.
    if any(doubtful(given) for given in source) or any(_conditional(unit) for unit in units):
        return ["the page leaves open what the sentence states"]
    return []


def _conditional(unit: str) -> bool:
    first = folded(unit)[:1]
    return bool(first) and first[0] in ("if", "unless")


def _reach(sentence: str, quoted: str, aligned: Sequence[tuple[str, str]]) -> list[str]:
    """Of some does not mean of all; one after the other does not mean because."""
    failures = []
    for clause, given in aligned:
        if of_all(clause) and not of_all(given):
            failures.append("the page does not say it of all")
        if of_some_only(given) and not excludes(sentence):
            failures.append("the page says it of some only")
    if " than " in sentence and " than " not in quoted and compares(sentence):
        failures.append("the page does not compare the two")
    if gives_cause(sentence) and not gives_cause(quoted):
        failures.append("the page does not say that one is the cause of the other")
    return failures


def _roles(sentence: str, quoted: Sequence[str]) -> list[str]:
    """Two participants that change places around the same word, or keep them where it turns passive."""
    for unit in quoted:
        if not _ENGLISH & set(folded(unit)):
            continue  # where the order of words is freer, it does not tell who does what
        for given in dict.fromkeys((unit, *clauses(unit))):
            if _swapped(sentence, given, names_only=False) or _swapped(sentence, given, names_only=True):
                return ["who did what to whom is not as on the page"]
    return []


def _swapped(sentence: str, given: str, *, names_only: bool) -> bool:
    ours, theirs = content(sentence), content(given)
    named = set(content(" ".join(names(given)))) if names_only else set(theirs)
    for middle in range(1, len(ours) - 1):
        verb = ours[middle]
        if ours.count(verb) != 1 or theirs.count(verb) != 1 or verb.isdigit():
            continue
        if _is_noun(sentence, verb) or _is_noun(given, verb):
            continue
        at = theirs.index(verb)
        before, after = set(theirs[:at]), set(theirs[at + 1 :])
        telling = (before ^ after) & named  # a word on both sides ("tent") tells nothing
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


def _words(sentence: str, everything: str, share: float) -> list[str]:
    wanted = _content(_without_quantities(sentence)) - _LIGHT
    if is_unspaced(sentence):
        share = min(share, FREE)  # pairs of characters across word edges are never all the same
    given = _content(everything, every=True) | _implied(everything)
    missing = [term for term in wanted if term not in given]
    if not wanted or 1 - len(missing) / len(wanted) >= share:
        return []
    return [f"these words are not in the quotes: {', '.join(sorted(missing)[:6])}"]


def _without_quantities(text: str) -> str:
    """A text without its numbers and their units, which are compared by themselves."""
    kept, at = "", 0
    for each in quantities(text):
        kept += text[at : each.start] + " "
        at = max(at, each.end)
    return kept + text[at:]


def _implied(text: str) -> frozenset[str]:
    kinds = {"money" if each.dimension in _MONEY else each.dimension for each in quantities(text)}
    return frozenset(" ".join(_IMPLIED.get(kind, "") for kind in kinds).split())


@lru_cache(maxsize=4096)
def _content(text: str, every: bool = False) -> frozenset[str]:
    """The content terms of a text; without its numbers, unless ``every``."""
    return frozenset(term for term in content(text) if every or not term.isdigit())


def _written(sentence: str, claimed: Quantity) -> str:
    return sentence[claimed.start : claimed.end].strip()
