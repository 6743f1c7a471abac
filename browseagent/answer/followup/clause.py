"""The parts of an English question, by its word order: what is asked, of what, and with which phrases."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from browseagent.answer.followup.vocabulary import (
    ASKING,
    AUXILIARIES,
    BE,
    DAYS,
    DETERMINERS,
    GROUPS,
    MONTHS,
    PARTICIPLES,
    PARTS_OF_DAY,
    PLURALS,
    PREDICATES,
    PREPOSITIONS,
    SEASONS,
    SELF,
    VERBS,
)

Words = tuple[str, ...]
_SHORT_IS = re.compile(r"\b(what|who|where|when|how)['’]s\b", re.I)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase, with the preposition before it where there is one."""

    preposition: str
    words: Words

    @property
    def text(self) -> str:
        """The phrase as it is written."""
        return " ".join(filter(None, (self.preposition, *self.words)))


@dataclass(frozen=True, slots=True)
class Clause:
    """A question in its order: ``When`` ``does`` ``the museum`` ``open`` ``on Sunday``."""

    asks: Words
    """``How many people``; empty for yes or no."""
    auxiliary: str
    """Empty where what is asked for is the subject: ``Who built the bridge``."""
    subject: Words
    verb: Words
    """The verb, or what is said of the subject."""
    phrases: tuple[Phrase, ...]
    """The object, and what stands after prepositions."""

    def __str__(self) -> str:
        words = [*self.asks, self.auxiliary, *self.subject, *self.verb, *(each.text for each in self.phrases)]
        return as_question(" ".join(filter(None, words)))

    @property
    def about(self) -> Words:
        """What the question is about: its subject, else its object; empty where there is neither."""
        if self.subject and self.subject[0].lower() not in SELF:
            return self.subject
        return self.phrases[0].words if self.phrases and not kind(self.phrases[0].words) else ()

    def with_subject(self, words: Words) -> Clause:
        """The same of another subject, the auxiliary agreeing with it."""
        changed = replace(self, subject=words)
        if is_plural(words) == is_plural(self.subject):
            return changed
        number = ("is", "are"), ("was", "were"), ("does", "do"), ("has", "have")
        forms = {pair[not is_plural(words)]: pair[is_plural(words)] for pair in number}
        auxiliary = self.auxiliary.lower()
        return replace(changed, auxiliary=forms.get(auxiliary, auxiliary))


def as_question(text: str) -> str:
    """Words as a question: a capital first, a question mark last."""
    text = " ".join(text.split()).rstrip("?.! ")
    return f"{text[:1].upper()}{text[1:]}?" if text else ""


def words_of(question: str) -> Words:
    """The words of a question, short forms written out and the marks at its end taken off."""
    written = _SHORT_IS.sub(r"\1 is", question).strip().rstrip("?.! ")
    return tuple(word.strip(',;:"“”') for word in written.split() if word.strip(',;:"“”'))


def clause_of(question: str) -> Clause:
    """The parts of a question."""
    words = words_of(question)
    lower = [word.lower() for word in words]
    asks = _asked(lower)
    begins = asks
    if begins < len(lower) and lower[begins] in AUXILIARIES and not _has_own_verb(lower, begins):
        auxiliary = words[begins] if asks else lower[begins]
        ends, verb_ends = _subject(words, begins + 1, be=lower[begins] in BE)
        subject, verb = words[begins + 1 : ends], words[ends:verb_ends]
    else:
        auxiliary, subject, verb_ends = "", (), min(begins + 1, len(words))
        verb = words[begins:verb_ends]
    return Clause(words[:asks], auxiliary, subject, verb, _phrases(words[verb_ends:]))


def _asked(lower: list[str]) -> int:
    """How many words say what is asked for."""
    at = 1 if lower[:1] and lower[0] in PREPOSITIONS and lower[1:2] and lower[1] in ASKING else 0
    if at >= len(lower) or lower[at] not in ASKING:
        return 0
    for end in range(at + 1, len(lower)):
        if lower[end] in AUXILIARIES:
            return end
        if lower[at] in ("who", "what") and end == at + 1 and is_verb(lower[end]):
            return end
        if end > at + 1 and is_verb(lower[end]):
            return end
    return at + 1 if lower[at] in ("who", "whom") else len(lower)


def _has_own_verb(lower: list[str], at: int) -> bool:
    """Whether "have" is itself the verb: "Which rooms have a view"."""
    return (
        at > 1
        and lower[at] in ("has", "have", "had")
        and lower[at + 1 : at + 2] != []
        and (lower[at + 1] in DETERMINERS)
    )


def _subject(words: Words, begins: int, *, be: bool) -> tuple[int, int]:
    """Where the subject ends, and where the verb or predicate after it does."""
    lower = [word.lower() for word in words]
    for at in range(begins, len(words)):
        first = at == begins or lower[at - 1] in DETERMINERS or lower[at - 1] == "of"
        if first and lower[at] not in PREPOSITIONS:
            continue
        if lower[at] in PREPOSITIONS:
            # "does the ferry depart from Dover": the verb is not known, but it stands there
            ends = at if be or at - 1 <= begins else at - 1
            return ends, at
        found = is_predicate(lower[at]) if be else lower[at] in VERBS
        # "does the premium plan include": of two words that may be verbs the first is a noun
        if found and (be or lower[at + 1 : at + 2] == [] or lower[at + 1] not in VERBS):
            return at, at + 1
    last = len(words)
    unknown = not be and last - begins > 1
    return (last - 1, last) if unknown else (last, last)


def _phrases(words: Words) -> tuple[Phrase, ...]:
    found: list[Phrase] = []
    preposition, held = "", list[str]()
    for word in words:
        if word.lower() in PREPOSITIONS:
            if held or preposition:
                found.append(Phrase(preposition, tuple(held)))
            preposition, held = word, []
        else:
            held.append(word)
    if held or preposition:
        found.append(Phrase(preposition, tuple(held)))
    return tuple(found)


def is_verb(word: str) -> bool:
    """Whether a word may be a verb: a known one, in any of its regular forms, or one in -ed."""
    stems = (word, word.removesuffix("s"), word.removesuffix("es"))
    return (
        any(stem in VERBS for stem in stems) or word in PARTICIPLES or (len(word) > 4 and word.endswith("ed"))
    )


def is_predicate(word: str) -> bool:
    """Whether a word may be said of a subject after "is"."""
    return word in PREDICATES or (len(word) > 4 and word.endswith(("ed", "ing")))


def is_plural(words: Words) -> bool:
    """Whether a noun phrase is of several."""
    core = [word.lower() for word in until_of(words)]
    if not core:
        return False
    if "and" in core:
        return True
    last = core[-1]
    return last in PLURALS or (
        last.endswith("s") and not last.endswith(("ss", "us", "is")) and not _is_name(words)
    )


def _is_name(words: Words) -> bool:
    return words[0][:1].isupper()


def lower_of(words: Words) -> Words:
    """The same words in lower case."""
    return tuple(word.lower() for word in words)


def until_of(words: Words) -> Words:
    """The phrase up to its "of"."""
    lower = [word.lower() for word in words]
    return words[: lower.index("of")] if "of" in lower else words


def after_of(words: Words) -> Words:
    """What follows the first "of" of a phrase; empty where it has none."""
    return words[len(until_of(words)) + 1 :]


def kind(words: Words) -> str:
    """What sort of thing a phrase names, as far as its words tell: ``day``, ``month``, ``season``, ``part of
    day``, ``year``, ``group``; empty for others."""
    sorts = (("day", DAYS), ("part of day", PARTS_OF_DAY), ("group", GROUPS))
    last = words[-1].lower() if words else ""
    if any(re.fullmatch(r"(?:1\d|20)\d\d", word) for word in words):
        return "year"
    if last in SEASONS:
        return "season"
    if words and words[0][:1].isupper() and last in MONTHS:
        return "month"
    return next((name for name, members in sorts if last in members), "")
