"""A question that was asked before, as far as a follow-up leans on it: its words, and what stretches of
them look like. The lists are closed classes of English, and whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from browseagent.answer.values import has_amount

Words = tuple[str, ...]
MOST_WORDS = 7
"""Of a fragment, and of what a pronoun stands for."""


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


BE = _set("is are was were am isn't aren't wasn't weren't")
HELPING = _set(
    "do does did can could will would shall should may might must don't doesn't didn't can't won't"
)
AUXILIARIES = BE | HELPING | _set("has have had hasn't haven't")
ASKING = _set("what which who whom whose when where why how")
_NAMING = _set("what which who whom whose where")
PREPOSITIONS = _set(
    "about after against along among around at before behind below beside between beyond by down "
    "during for from in inside into near off on onto out outside over per since than through to "
    "towards under until till up upon via with within without"
)
EDGES = PREPOSITIONS | {"", "of"}
"""What ends a phrase."""
DETERMINERS = _set("a an the my your our his her its their this that these those each every any some no")
SELF = _set("i you we one someone people me us there")
"""Subjects that a question is not about."""
_RANKS = _set("first second third fourth fifth last next previous other same")
_PARTICIPLES = _set(
    "built held made put shut set sold won lost paid kept found left born spent told led cut hit"
)
"""Those that do not end in -ed or -en."""
_TIMES = _set(
    "weekend morning afternoon evening night today tomorrow spring summer autumn winter january "
    "february march april may june july august september october november december"
)
_CLASSES = (AUXILIARIES, "aux"), (PREPOSITIONS, "prep"), ({"of"}, "of"), (DETERMINERS, "det"), (SELF, "self")


@dataclass(frozen=True, slots=True)
class Turn:
    """A question as it was understood, and its answer in words (empty where none was found)."""

    question: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Earlier:
    """A turn taken apart."""

    words: Words
    lower: Words
    answer: Words
    asked: int
    """How many of the words say what is asked for: "how many people"."""
    helping: str
    """The auxiliary after them; empty where there is none."""

    @classmethod
    def of(cls, turn: Turn) -> Earlier:
        """The parts of a turn."""
        words = words_of(turn.question)[:40]
        lower = lowered(words)
        asked = 0
        if asks(lower):
            usual = {"how": 3, "who": 1}.get(lower[0], 2)
            asked = next((at for at, word in enumerate(lower[:6]) if word in AUXILIARIES), usual)
        helping = lower[asked] if asked < len(lower) and lower[asked] in AUXILIARIES else ""
        return cls(words, lower, words_of(turn.answer), asked, helping)

    @property
    def is_english(self) -> bool:
        """Whether an English question word or auxiliary is in it."""
        return not (ASKING | AUXILIARIES).isdisjoint(self.lower)

    @property
    def named(self) -> Words:
        """The answer where it may stand for a thing: a short one to who, what, which or where; a number with
        what it counts ("bus 7"); no amount of money."""
        thing = self.answer[1:] if self.answer and self.answer[0].lower() in PREPOSITIONS else self.answer
        if len(thing) > MOST_WORDS or not _NAMING.intersection(self.lower[:1]):
            return ()
        if has_amount(" ".join(thing)):
            return ()
        counted = len(thing) == 1 and thing[0][:1].isdigit() and self.lower[0] in ("which", "what")
        return (self.words[1], *thing) if counted and self.asked > 1 else thing

    def spans(self) -> Iterator[tuple[int, int]]:
        """The stretches of words after the question word that hold no auxiliary, nor the verb that belongs
        to one ("the museum open" of "when does the museum open")."""
        for start in range(1 if self.asked else 0, len(self.words)):
            for end in range(start + 1, min(len(self.words), start + MOST_WORDS) + 1):
                if self.lower[end - 1] in AUXILIARIES:
                    break
                after = (*self.lower[end:], "")[0]
                follows = self.helping in HELPING and start == self.asked + 1
                if not (follows and after in PREPOSITIONS | {""}):
                    yield start, end

    def features(self, start: int, end: int) -> set[str]:
        """What a stretch looks like, and what stands before and after it."""
        inside, words = self.lower[start:end], self.words[start:end]
        before, (after, next_) = ("", *self.lower)[start], (*self.lower[end:], "", "")[:2]
        helping = "be" if self.helping in BE else "do" if self.helping in HELPING else self.helping and "have"
        there = next(
            (name for members, name in _CLASSES[1:3] if after in members), "word" if after else "end"
        )
        if there == "word" and helping == "do" and next_ in EDGES | DETERMINERS:
            there = "verb"
        elif there == "word" and helping == "be" and _is_participle(after):
            there = "participle"
        here = next((name for members, name in _CLASSES[:4] if before in members), "word")
        here = "many" if before in ("many", "much") else here
        found = {f"before {here}", f"after {there}", f"is {shape_of(words)}", f"size {min(len(words), 4)}"}
        for members, name in _CLASSES:
            tells = (("holds", inside[1:]), ("starts", inside[:1]), ("ends", inside[-1:]))
            found |= {f"{where} {name}" for where, part in tells if members & set(part)}
        capitals = [word[:1].isupper() for word in ("", *self.words[1:], "")]
        tells_so = (
            ("asked", start < self.asked),
            (f"of in {self.lower[0]}", "of" in inside),
            (f"of before {self.lower[0]}", before == "of"),
            (f"last participle {helping}", _is_participle(inside[-1])),
            ("time", _is_time(inside[-1])),
            ("several", is_several(words)),
            ("cut name", any(capitals[at - 1] and capitals[at] for at in (start, end) if at)),
        )
        return found | {name for name, so in tells_so if so}

    def answer_features(self) -> set[str]:
        """What the answer looks like, and what it was asked for by."""
        core = self.named[1:] if shape_of(self.named) in ("a", "the") and len(self.named) > 1 else self.named
        name = core[0][:1].isupper() and AUXILIARIES.isdisjoint(lowered(core))
        by = f"{self.lower[0]} {self.asked > 1}" if self.lower[0] in ("what", "which") else self.lower[0]
        found = {"answer", f"answer {by}", f"answer name {name}", f"answer {by} name {name}"}
        found.add(f"answer several {is_several(self.named)}")
        found.add(f"answer {self.helping in BE} {by} {name}")
        return found | ({"answer digit"} if _is_number(core[0]) else set())


def words_of(question: str) -> Words:
    """The words of a question, short forms written out and the marks at its end taken off."""
    written = re.sub(r"\b(what|who|where|when|how)['’]s\b", r"\1 is", question, flags=re.I)
    found = (word.strip(',;:"“”') for word in written.strip().rstrip("?.! ").split())
    return tuple(word for word in found if word)


def lowered(words: Words) -> Words:
    """The same words in lower case."""
    return tuple(word.lower() for word in words)


def asks(lower: Words) -> bool:
    """Whether words begin with what is asked for: "When", "By whom", "How many children"."""
    return lower[:1] != () and (
        lower[0] in ASKING or (lower[0] in PREPOSITIONS and not ASKING.isdisjoint(lower[1:2]))
    )


def likeness(put: Words, there: Words) -> set[str]:
    """How a fragment and the words that it might take the place of are alike."""
    ours, theirs = (lowered(each)[-1].rstrip("s") for each in (put, there))
    rank = (
        put[-1].lower() in _RANKS
        or ours.endswith(("'", "’", "imum"))
        or (len(ours) > 4 and ours.endswith("est"))
    )
    return {
        f"{shape_of(put)} for {shape_of(there)}",
        f"same first {shape_of(put)} {put[0].lower() == there[0].lower()}",
        f"time {_is_time(ours)} {_is_time(theirs)}",
        f"several {is_several(put)} {is_several(there)}",
        f"capital {put[-1][:1].isupper()} {there[-1][:1].isupper()}",
        f"digit {put[-1][-1:].isdigit()} {there[-1][-1:].isdigit()}",
        *(f"same end {n} {ours[-n:] == theirs[-n:]}" for n in (2, 3, 20)),
        f"longer {min(3, abs(len(put) - len(there)))}",
        f"rank {rank} {len(there)}",
    }


def is_several(words: Words) -> bool:
    """Whether a phrase is of several."""
    lower = lowered(words)
    last = (lower[: lower.index("of")] if "of" in lower else lower)[-1:]
    plural = last[0].endswith("s") and not last[0].endswith(("ss", "us", "is")) if last else False
    return "and" in lower or (
        not words[-1][:1].isupper() and (plural or last in (("people",), ("children",)))
    )


def shape_of(words: Words) -> str:
    """What a phrase begins with."""
    first = words[0].lower()
    if first in PREPOSITIONS | DETERMINERS:
        return "prep" if first in PREPOSITIONS else "a" if first in ("a", "an") else "the"
    return "name" if words[0][:1].isupper() else "digit" if _is_number(words[0]) else "bare"


def _is_number(word: str) -> bool:
    """Whether a word begins with a number, a mark before it or not: "12", "€12"."""
    return re.match(r"\W?\d", word) is not None


def _is_participle(word: str) -> bool:
    return word in _PARTICIPLES or (len(word) > 4 and word.endswith(("ed", "en", "ing", "own")))


def _is_time(word: str) -> bool:
    one = word.rstrip("s")
    return one.endswith("day") or one in _TIMES or re.fullmatch(r"(?:1\d|20)\d\d", word) is not None
