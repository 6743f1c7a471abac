"""Pronouns: "How much is it?" with what was spoken of in the place of "it"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from browseagent.answer.followup.clause import (
    Clause,
    Words,
    after_of,
    clause_of,
    is_plural,
    is_predicate,
    is_verb,
    kind,
    until_of,
    words_of,
)
from browseagent.answer.followup.vocabulary import (
    ATTRIBUTES,
    AUXILIARIES,
    BE,
    DETERMINERS,
    GOING,
    PERSONS,
    PREPOSITIONS,
    SELF,
)

THING = frozenset({"it", "its", "this", "that"})
SEVERAL = frozenset({"they", "them", "their", "these", "those"})
PERSON = frozenset({"he", "she", "him", "his", "her"})
POSSESSIVE = frozenset({"its", "their", "his", "her"})
POINTING = frozenset({"this", "that", "these", "those"})
ANSWER_WORDS = 6
"""Of an answer that stands for a thing; a longer one is a sentence about it."""
_EMPTY_IT = re.compile(
    r"\bit (?:\w+ )?(?:take|takes|took|cost|costs|possible|necessary|allowed|safe|easy|hard|legal|free|worth|"
    r"better|best|true|ok|okay|important|required) (?:\w+ )?(?:to|that|for \w+ to)\b"
    r"|\btime is it\b|\bit (?:rain|snow)",
    re.I,
)
"""An "it" that stands for nothing: "Is it possible to park?"."""
_UNITS = frozenset("euros euro dollars pounds percent metres meters km kg".split())  # noqa: SIM905


@dataclass(frozen=True, slots=True)
class Turn:
    """A question as it was understood, and its answer in words (empty where none was found)."""

    question: str
    answer: str = ""


def resolved(words: Words, turns: Sequence[Turn]) -> Words:
    """The words of a question with the things that its pronouns stand for, as far as they are found."""
    if _EMPTY_IT.search(" ".join(words)):
        return words
    for at, word in enumerate(words):
        pronoun = word.lower()
        if pronoun == "there":
            place = _place(words, at, turns)
            if place:
                return (*words[:at], *place, *words[at + 1 :])
        elif pronoun == "one" and at and is_verb(words[at - 1].lower()):
            thing = _one_of(turns)
            if thing:
                return _replaced(words, at, thing)
        elif pronoun in THING | SEVERAL | PERSON and _stands_alone(words, at):
            thing = _thing(pronoun, turns)
            if thing:
                return _replaced(words, at, thing)
    return words


def _stands_alone(words: Words, at: int) -> bool:
    """Whether the word at that place is a pronoun, not the determiner of what follows."""
    pronoun = words[at].lower()
    after = words[at + 1].lower() if at + 1 < len(words) else ""
    if pronoun not in POINTING:
        return True
    before = words[at - 1].lower() if at else ""
    follows = after == "" or after in AUXILIARIES | PREPOSITIONS or is_verb(after) or is_predicate(after)
    return follows and (at == 0 or before in AUXILIARIES | PREPOSITIONS or after == "")


def _replaced(words: Words, at: int, thing: Words) -> Words:
    pronoun = words[at].lower()
    after = words[at + 1].lower() if at + 1 < len(words) else ""
    her = pronoun == "her" and (not after or after in PREPOSITIONS)
    if pronoun in POSSESSIVE and not her:
        mark = "'" if thing[-1].endswith("s") and is_plural(thing) else "'s"
        thing = (*thing[:-1], thing[-1] + mark)
    before = list(words[:at])
    if before and before[-1].lower() in ("do", "does", "is", "are", "was", "were", "has", "have"):
        before[-1] = (
            _agreeing(before[-1], several=is_plural(thing)) if pronoun not in POSSESSIVE else before[-1]
        )
    if at:
        thing = _lowered(thing)
    return (*before, *thing, *words[at + 1 :])


def _agreeing(auxiliary: str, *, several: bool) -> str:
    pairs = {"do": "does", "are": "is", "were": "was", "have": "has"}
    other = {one: many for many, one in pairs.items()}
    found = (other if several else pairs).get(auxiliary.lower())
    if found is None:
        return auxiliary
    return found.capitalize() if auxiliary[:1].isupper() else found


def _lowered(thing: Words) -> Words:
    """A phrase as it stands within a sentence."""
    first = thing[0]
    return (first.lower(), *thing[1:]) if first.lower() in DETERMINERS else thing


def _thing(pronoun: str, turns: Sequence[Turn]) -> Words:
    """What a pronoun stands for: the nearest thing spoken of that may be meant by it."""
    for turn in reversed(turns):
        clause = clause_of(turn.question)
        if pronoun in PERSON:
            found = _person(clause, turn)
        elif pronoun in SEVERAL:
            found = _several(clause, turn)
        else:
            found = _single(clause, turn)
        if found:
            return found
    return ()


def _person(clause: Clause, turn: Turn) -> Words:
    """The person that was asked for, or was spoken of by name or by what they do."""
    answer = _named(turn)
    asked = [word.lower() for word in (*clause.asks, *clause.subject)]
    if answer and ("who" in asked or "whom" in asked or PERSONS & set(asked)):
        return answer
    for words in _spoken_of(clause):
        capitals = tuple(word for word in words if word[:1].isupper())
        if len(capitals) > 1 and len(capitals) == len(words):
            return words
        if until_of(words)[-1].lower() in PERSONS:
            return words
    return ()


def _several(clause: Clause, turn: Turn) -> Words:
    """What was spoken of in the plural; else a thing that several people are, such as a team."""
    asked = clause.asks[1:] if clause.asks and clause.asks[0].lower() in ("which", "what") else ()
    answer = tuple(words_of(turn.answer))
    if asked and not clause.auxiliary and answer and len(answer) <= ANSWER_WORDS:
        return answer
    for words in (*_spoken_of(clause), asked, clause.asks[2:]):
        if words and is_plural(words) and kind(words) not in ("day", "part of day"):
            return words
    return _named(turn) or clause.about


def _single(clause: Clause, turn: Turn) -> Words:
    """The thing that was asked for by what it is, where the answer names it; else what was spoken of."""
    who = bool(clause.asks) and clause.asks[0].lower() in ("who", "whom")
    if not who and _asks_which_thing(clause):
        if answer := _named(turn):
            return answer
        numbered = tuple(words_of(turn.answer))
        if len(clause.asks) == 2 and len(numbered) == 1 and numbered[0][:1].isdigit():
            return (clause.asks[1], *numbered)
    for words in _spoken_of(clause):
        if is_plural(words) or kind(words):
            continue
        whole = after_of(words)
        if whole and (who or until_of(words)[-1].lower() in ATTRIBUTES):
            return whole
        return words
    return ()


def _one_of(turns: Sequence[Turn]) -> Words:
    """What "one" stands for: the last thing that was spoken of with "a"."""
    for turn in reversed(turns):
        for words in _spoken_of(clause_of(turn.question)):
            if words[0].lower() in ("a", "an"):
                return words
    return ()


def _asks_which_thing(clause: Clause) -> bool:
    """Whether the answer is another name of what the question is about: "What is the largest lake?"."""
    first = clause.asks[0].lower() if clause.asks else ""
    if first in ("what", "which") and len(clause.asks) == 1:
        return clause.auxiliary.lower() in BE and bool(clause.subject)
    return first in ("what", "which") and not clause.auxiliary


def _spoken_of(clause: Clause) -> Iterator[Words]:
    """The things that a question names, the one that it is about first."""
    if clause.subject and clause.subject[0].lower() not in SELF:
        yield clause.subject
    for phrase in clause.phrases:
        if phrase.words and phrase.words[0].lower() not in SELF and not kind(phrase.words):
            yield phrase.words


def _named(turn: Turn) -> Words:
    """The answer where it is a name; empty where it is none."""
    words = words_of(turn.answer)
    core = words[1:] if words and words[0].lower() in DETERMINERS else words
    if not core or len(words) > ANSWER_WORDS or not core[0][:1].isupper():
        return ()
    lower = {word.lower() for word in words}
    if lower & (AUXILIARIES | _UNITS) or kind(words):
        return ()
    return words


def _place(words: Words, at: int, turns: Sequence[Turn]) -> Words:
    """The place that "there" stands for, with its preposition; empty where it stands for none."""
    before = words[at - 1].lower() if at else ""
    after = words[at + 1].lower() if at + 1 < len(words) else ""
    if before in BE or after in BE or before in ("will", "has", "have"):
        return ()
    for turn in reversed(turns):
        place = _single(clause_of(turn.question), turn)
        if not place:
            continue
        place = _lowered(place)
        if before in PREPOSITIONS:
            return place
        if before in GOING:
            return ("to", *place)
        named = place[0].lower() not in DETERMINERS
        return ("in" if named and before in ("live", "lives", "lived", "lie") else "at", *place)
    return ()
