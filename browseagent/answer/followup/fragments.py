"""Fragments: "And for students?" put in the place of what it stands for in the question before it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from browseagent.answer.followup.clause import (
    Clause,
    Phrase,
    Words,
    after_of,
    as_question,
    is_plural,
    is_verb,
    kind,
    lower_of,
    until_of,
)
from browseagent.answer.followup.vocabulary import (
    ASKING,
    ATTRIBUTES,
    AUXILIARIES,
    DETERMINERS,
    PARTICIPLES,
    PREPOSITIONS,
    PURE_VERBS,
    REQUESTS,
    SELF,
)

MOST_WORDS = 7
"""Of a fragment; more is a sentence that was not understood."""
_OF_TIME = {"day": "on", "part of day": "in", "month": "in", "year": "in", "season": "in", "group": "for"}
"""The preposition of a phrase that is added."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a question where a fragment may go, and the words that are there."""

    name: str
    """``subject``, or the number of a phrase."""
    preposition: str
    words: Words


def is_fragment(words: Words, *, led: bool) -> bool:
    """Whether these words are a part of a question. ``led``: an "and" or "what about" stood before them."""
    lower = [word.lower() for word in words]
    if not lower or len(lower) > MOST_WORDS or lower[0] in REQUESTS or AUXILIARIES & set(lower):
        return False
    if is_asking(words):
        return not any(is_verb(word) for word in lower[1:]) or lower[:2] == ["how", "long"]
    if lower[0] in ASKING:
        return False
    return led or lower[0] in PREPOSITIONS or len(lower) <= 3


def is_asking(words: Words) -> bool:
    """Whether a fragment says what is asked for: "When", "By whom", "How many children"."""
    lower = [word.lower() for word in words]
    return lower[0] in ASKING or (lower[0] in PREPOSITIONS and lower[1:2] != [] and lower[1] in ASKING)


def filled(fragment: Words, earlier: Clause) -> str:
    """The question that a fragment stands for after another one; empty where none is found."""
    if is_asking(fragment):
        return _asking(fragment, earlier)
    if len(fragment) == 1 and fragment[0].lower() in PURE_VERBS and earlier.verb:
        return str(replace(earlier, verb=(fragment[0].lower(),)))
    preposition = fragment[0].lower() if fragment[0].lower() in PREPOSITIONS else ""
    words = fragment[1:] if preposition else fragment
    if not words:
        return ""
    if preposition:
        return str(_with_phrase(preposition, words, earlier))
    return str(_with_words(words, earlier))


def _asking(fragment: Words, earlier: Clause) -> str:
    """The same question, something else being asked for."""
    lower = lower_of(fragment)
    myself = bool(earlier.subject) and earlier.subject[0].lower() in SELF
    if lower == ("why", "not"):
        verb = ("not", *(word for word in earlier.verb if word != "not"))
        return str(replace(earlier, asks=("Why",), auxiliary=earlier.auxiliary.lower(), verb=verb))
    if lower == ("how", "much") and myself:
        rest = " ".join((*earlier.verb, *(phrase.text for phrase in earlier.phrases)))
        return as_question(f"How much does it cost to {rest}")
    if earlier.auxiliary:
        return str(replace(earlier, asks=fragment, auxiliary=earlier.auxiliary.lower()))
    subject_asked = lower[0] in ("who", "what", "which") or lower[:2] in (("how", "many"), ("how", "much"))
    past = earlier.verb[0].lower() if earlier.verb else ""
    if subject_asked or not earlier.about or not (past in PARTICIPLES or past.endswith("ed")):
        return str(replace(earlier, asks=fragment))
    done, *others = earlier.phrases
    passive = "were" if is_plural(done.words) else "was"
    rest = " ".join(phrase.text for phrase in others)
    return as_question(f"{' '.join(fragment)} {passive} {done.text} {PARTICIPLES.get(past, past)} {rest}")


def _slots(earlier: Clause) -> Iterator[Slot]:
    if earlier.subject and earlier.subject[0].lower() not in SELF:
        yield Slot("subject", "", earlier.subject)
    for number, phrase in enumerate(earlier.phrases):
        yield Slot(str(number), phrase.preposition.lower(), phrase.words)


def _put(earlier: Clause, slot: Slot, words: Words, preposition: str | None = None) -> Clause:
    """The question with other words in one place."""
    if slot.name == "subject":
        return earlier.with_subject(words)
    number = int(slot.name)
    kept = slot.preposition if preposition is None else preposition
    phrases = list(earlier.phrases)
    phrases[number] = Phrase(kept, words)
    return replace(earlier, phrases=tuple(phrases))


def _with_phrase(preposition: str, words: Words, earlier: Clause) -> Clause:
    """The question with a phrase of a preposition: in the place of its like, else added."""
    own = kind(words)
    slots = [slot for slot in _slots(earlier) if slot.preposition]
    alike = [slot for slot in slots if own and kind(slot.words) == own]
    same = [slot for slot in slots if slot.preposition == preposition and not _differ(own, kind(slot.words))]
    for slot in (*alike, *same):
        return _put(earlier, slot, words, preposition)
    # "for students" after "How much do adults pay": the group is who pays.
    groups = [slot for slot in _slots(earlier) if own == "group" and kind(slot.words) == own]
    for slot in groups:
        return _put(earlier, slot, _in_place(words, slot.words))
    return replace(earlier, phrases=(*earlier.phrases, Phrase(preposition, words)))


def _differ(one: str, other: str) -> bool:
    return bool(one and other and one != other)


def _with_words(words: Words, earlier: Clause) -> Clause:
    """The question about something else."""
    own = kind(words)
    slots = list(_slots(earlier))
    if own:
        for slot in slots:
            if kind(slot.words) == own:
                return _put(earlier, slot, words)
        if own != "group":
            return replace(earlier, phrases=(*earlier.phrases, Phrase(_OF_TIME[own], words)))
    if _is_name(words):
        for slot in reversed(slots):
            if name := _name_in(slot.words):
                start, end = name
                return _put(earlier, slot, (*slot.words[:start], *words, *slot.words[end:]))
    counted = lower_of(earlier.asks)
    if len(counted) == 3 and counted[:2] in (("how", "many"), ("how", "much")) and _article(words) == "":
        quantity = "many" if is_plural(words) else "much"
        return replace(earlier, asks=(earlier.asks[0], quantity, *words))
    about = earlier.about
    of_a_thing = about and not after_of(earlier.subject) and until_of(about)[-1].lower() not in ATTRIBUTES
    if of_a_thing and words[-1].lower() in ATTRIBUTES:
        return _attribute(words, about)
    things = [slot for slot in slots if slot.words and (own or not kind(slot.words))]
    alike = [slot for slot in things if not slot.preposition and _article(slot.words) == _article(words)]
    for slot in (*alike, *things):
        return _put(earlier, slot, _in_place(words, slot.words))
    if own == "group":
        return replace(earlier, phrases=(*earlier.phrases, Phrase("for", words)))
    return replace(earlier, phrases=(*earlier.phrases, Phrase("", words)))


def _in_place(words: Words, there: Words) -> Words:
    """Words in the place of others: for both halves of "the height of the tower", for "the large one"."""
    if words[-1].lower() in ("one", "ones"):
        return (*words[:-1], until_of(there)[-1])
    whole = after_of(there)
    if not whole or after_of(words):
        return words
    if words[-1].lower() in ATTRIBUTES:
        return (*words, "of", *whole)
    return (*until_of(there), "of", *words)


def _article(words: Words) -> str:
    """Whether a phrase begins with "the" or the like, with "a", or with neither: two phrases that stand for
    one another mostly agree in that."""
    first = words[0].lower()
    return "a" if first in ("a", "an") else "the" if first in DETERMINERS else ""


def _attribute(words: Words, about: Words) -> Clause:
    named = words if words[0].lower() in DETERMINERS else ("the", *words)
    be = "are" if is_plural(named) else "is"
    return Clause(("What",), be, (*named, "of", *about), (), ())


def _is_name(words: Words) -> bool:
    return all(word[:1].isupper() or word[:1].isdigit() for word in words) and words[0][:1].isupper()


def _name_in(words: Words) -> tuple[int, int] | None:
    """Where a phrase holds a name: its first run of capitals."""
    for start, word in enumerate(words):
        if word[:1].isupper():
            end = start + 1
            while end < len(words) and (words[end][:1].isupper() or words[end][:1].isdigit()):
                end += 1
            return start, end
    return None
