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

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from browseagent.answer.binding import (
    Support,
    content_terms,
    is_english,
    name_mixed_up,
    number_mixed_up,
    swapped,
    without_quantities,
)
from browseagent.answer.claims import (
    calendar,
    clauses,
    content,
    denials,
    doubtful,
    folded,
    hedged,
    names,
    opposites,
    orders,
    strengths,
)
from browseagent.answer.lexical import is_unspaced, stem, words
from browseagent.answer.quantity import Quantity, agrees, quantities

FREE = 0.6
"""Share of a sentence's content words that its support must hold, for a model that was measured and may
put things its own way. Chosen on half of ``tests/answer/support_cases.json``."""
STRICT = 0.7
"""The same for a model that was not measured."""


_CONTRARY = {"over", "under"}
"""Bounds of a number of which one denies the other: "at least", "up to"."""
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
    map(
        stem,
        words(
            "about around roughly nearly almost approximately some just also there only take get give need"
            " require must have per each over under more less than according become go come set out place may"
            " might"
        ),
    )
)


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
    failures += _contrary(aligned, content_terms(quoted, every=True))
    failures += _reach(sentence, aligned)
    failures += _roles(sentence, support.quoted)
    failures += _words(sentence, f"{everything}\n{question}", support.topic, share)
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
        matches = [
            each for each in given if agrees(claimed, each) and {claimed.bound, each.bound} != _CONTRARY
        ]
        if not matches:
            failures.append(f"the number {_written(sentence, claimed)!r} is not in the quotes")
        elif number_mixed_up(sentence, claimed, support):
            failures.append(f"the number {_written(sentence, claimed)!r} belongs to something else")
    return failures


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
        if there and name_mixed_up(sentence, name, quoted):
            failures.append(f"the name {name!r} belongs to something else")
        if not there and not (name.isupper() and _spelt_out(name, everything)):
            failures.append(f"the name {name!r} is not in the quotes")
    return failures


def _spelt_out(acronym: str, text: str) -> bool:
    """Whether the capitals of an acronym begin words that follow each other."""
    initials = "".join(word[0] for word in text.split() if word[:1].isupper())
    return acronym in initials


def _aligned(sentence: str, support: Support) -> list[tuple[str, str]]:
    """Each clause of the sentence with the clause of the quoted units that is most like it."""
    given = [clause for unit in support.quoted for clause in clauses(unit)]
    pairs = []
    for clause in clauses(sentence):
        wanted = content_terms(clause)
        best = max(given, key=lambda each: (_likeness(wanted, content_terms(each)), -len(each)), default="")
        pairs.append((clause, best))
    return pairs


def _likeness(wanted: frozenset[str], given: frozenset[str]) -> float:
    """Shared words (Dice's measure), opposites counted as shared: they speak of the same."""
    shared = sum(1 for term in wanted if term in given or opposites(term) & given)
    return 2 * shared / (len(wanted) + len(given)) if shared else 0.0


def _contrary(aligned: Sequence[tuple[str, str]], whole: frozenset[str]) -> Iterator[str]:
    """A clause may not turn round what its clause of the page says: by a denial, or by contrary words."""
    for clause, given in aligned:
        wanted, there = content_terms(clause, every=True), content_terms(given, every=True)
        turned = sum(
            1
            for term in wanted - there
            if not opposites(term) & wanted
            and (opposites(term) & (there - wanted) or (opposites(term) & whole and term not in whole))
        )
        apart = (denials(clause) + denials(given) + turned) % 2
        if apart and not (turned and _turned_round(clause, given)):
            yield "the page says the contrary" if turned else "the page does not deny it, or denies it"


def _turned_round(clause: str, given: str) -> bool:
    """Whether two words change places beside a contrary: "A is dearer than B", "B is cheaper than A"."""
    ours, theirs = content(clause), content(given)
    shared = [term for term in ours if term in theirs]
    return len(shared) >= 2 and theirs.index(shared[0]) > theirs.index(shared[-1])


def _reach(sentence: str, aligned: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Of some does not mean of all or only; what may be is not stated as a fact."""
    if any(strengths(clause) - strengths(given) for clause, given in aligned):
        yield "the page does not say it of all, or not only or never"
    if not hedged(sentence) and any(doubtful(given) for _, given in aligned):
        yield "the page leaves open what the sentence states"


def _roles(sentence: str, quoted: Sequence[str]) -> list[str]:
    """Two participants that change places around the same word, or keep them where it turns passive."""
    for unit in quoted:
        if is_english(unit) and any(swapped(sentence, each) for each in (unit, *clauses(unit))):
            return ["who did what to whom is not as on the page"]
    return []


def _words(sentence: str, everything: str, topic: str, share: float) -> list[str]:
    wanted = content_terms(without_quantities(sentence)) - _LIGHT
    if is_unspaced(sentence):
        share = min(share, FREE)  # pairs of characters across word edges are never all the same
    given = content_terms(everything, every=True) | _implied(everything)
    missing = [term for term in wanted if term not in given]
    if not wanted or 1 - len(missing) / len(wanted) >= share:
        return []
    passage = content_terms(topic)
    new = [term for term in missing if term not in passage]
    if len(missing) <= len(wanted) / 2 and 1 - len(new) / len(wanted) >= share:
        return []  # what a passage is about it does not repeat in every sentence
    return [f"these words are not in the quotes: {', '.join(sorted(missing)[:6])}"]


def _implied(text: str) -> frozenset[str]:
    kinds = {"money" if each.dimension in _MONEY else each.dimension for each in quantities(text)}
    return frozenset(" ".join(_IMPLIED.get(kind, "") for kind in kinds).split())


def _written(sentence: str, claimed: Quantity) -> str:
    return sentence[claimed.start : claimed.end].strip()
