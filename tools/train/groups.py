"""From a page and its questions to what is learnt in one step: some of its excerpts, each with its questions.

A question is asked of the excerpts that answer it and of the two, of those that are read anyway, that are
most like it by BM25 and do not hold its answer; one that the page does not answer of the three that are most
like it. All its excerpts come in one step, since they are told apart by one softmax
(:mod:`tools.train.loss`).
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from browseagent.answer.bm25 import BM25
from browseagent.answer.excerpts import Excerpt
from browseagent.answer.lexical import question_terms, terms
from browseagent.model.reader_format import LONGEST_ANSWER, ReaderFormat
from tools.train.placed import Place, Shown

MOST_TOKENS = 1_000
"""Of a step's passages; of longer excerpts those are left out that answer the fewest questions a token."""
MOST_EXCERPTS = 7
BESIDE = 2
"""Excerpts that do not answer a question, beside which it is shown."""
REFUSED = 3
"""The same of a question that the page does not answer."""
NEAREST = 8
"""Excerpts most like a question, from which those are taken: others it would not be asked of in use."""
MOST_ASKED = 48
"""Times that a question is asked of a passage in one step, which has to fit into memory; of more questions as
many are drawn."""
HARD = 0.4
"""What an excerpt is worth that is like a question and does not answer it, beside one that does."""
UNTITLED = 0.2
"""Share of excerpts that are shown without their heading."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question and where the page answers it: ``spans`` are answers as they stand, ``stretches`` sentences
    or steps within which one begins. Offsets in the page's text; both empty where it does not answer."""

    text: str
    spans: tuple[tuple[int, int], ...] = ()
    stretches: tuple[tuple[int, int], ...] = ()
    yes: bool | None = None
    """The answer, where it is yes or no."""

    @property
    def is_answerable(self) -> bool:
        """Whether the page answers it."""
        return bool(self.spans or self.stretches)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question beside one passage."""

    number: int
    """Of the question in its step."""
    question: tuple[int, ...]
    """Tokens, up to where the answer begins."""
    answer: tuple[int, ...]
    """Tokens to be written, with the end; empty where only the place is known, or there is none."""
    firsts: tuple[int, ...]
    """First tokens of right answers; empty where the passage does not answer."""
    spans: tuple[tuple[int, int], ...] = ()
    """Where right answers stand, in characters of the passage's text."""
    stretches: tuple[tuple[int, int], ...] = ()
    """Sentences or steps, likewise, within which a right answer begins."""
    yes: bool | None = None
    """What the passage decides, where that is asked."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage with all that is asked of it."""

    prefix: tuple[int, ...]
    text: str
    stretches: tuple[tuple[int, int], ...]
    """Of its text, within one of which an answer stands."""
    asked: tuple[Asked, ...]

    def __len__(self) -> int:
        return len(self.prefix) + sum(len(each.question) + len(each.answer) for each in self.asked)


Step = tuple[Passage, ...]


def steps_of(
    excerpts: Sequence[Excerpt],
    text: str,
    questions: Sequence[Question],
    written: ReaderFormat,
    chance: random.Random,
    most: int = 2,
) -> Iterator[Step]:
    """What is learnt of a page's excerpts, at most so many steps, the one that teaches most a token first.
    Offsets of questions count in ``text``."""
    shown = Shown(excerpts)
    places = [
        tuple(
            [place for span in its if (place := shown.place(text, *span))] for its in (q.spans, q.stretches)
        )
        for q in questions
    ]
    index = BM25([terms(f"{excerpt.heading} {excerpt.text}") for excerpt in shown.excerpts])
    liked = []
    worth: dict[int, float] = {}
    for each, (spans, stretches) in zip(questions, places, strict=True):
        scores = index.scores(question_terms(each.text))
        liked.append(sorted(range(len(scores)), key=lambda i: -scores[i]))
        for number in {place.excerpt for place in (*spans, *stretches)}:
            worth[number] = worth.get(number, 0.0) + 1
        for number in liked[-1][: 1 if each.is_answerable else REFUSED]:
            worth[number] = worth.get(number, 0.0) + HARD
    prefixes = {}
    for number in worth:
        heading = "" if chance.random() < UNTITLED else shown.excerpts[number].heading
        prefixes[number] = written.passage(heading, shown.excerpts[number].text)
    left = sorted(worth, key=lambda i: (-worth[i] / (40 + len(prefixes[i])), i))
    for _ in range(most):
        chosen: list[int] = []
        room = MOST_TOKENS
        for number in left:
            if len(prefixes[number]) <= room and len(chosen) < MOST_EXCERPTS:
                chosen.append(number)
                room -= len(prefixes[number])
        left = [number for number in left if number not in chosen]
        asked: dict[int, list[Asked]] = {number: [] for number in chosen}
        for number in chance.sample(range(len(questions)), len(questions)):
            if sum(map(len, asked.values())) < MOST_ASKED:
                (spans, stretches), nearest = places[number], liked[number][:NEAREST]
                _ask(number, questions[number], spans, stretches, nearest, asked, shown, written)
        step = tuple(
            Passage(
                prefixes[number],
                shown.excerpts[number].text,
                shown.excerpts[number].stretches,
                tuple(its),
            )
            for number, its in asked.items()
            if its
        )
        if any(one.firsts for passage in step for one in passage.asked):
            yield step


def _ask(
    number: int,
    each: Question,
    spans: Sequence[Place],
    stretches: Sequence[Place],
    nearest: Sequence[int],
    asked: dict[int, list[Asked]],
    shown: Shown,
    written: ReaderFormat,
) -> None:
    """Puts a question beside the passages of a step that it is learnt from."""
    tokens = written.question(each.text)
    held = {place.excerpt for place in (*spans, *stretches)}
    if each.is_answerable and not held & set(asked):
        return  # what answers it is not in this step
    for excerpt in sorted(held & set(asked)):
        text = shown.excerpts[excerpt].text
        here = [place for place in spans if place.excerpt == excerpt]
        firsts = {written.answer(text[place.start : place.end])[0] for place in here}
        for place in (place for place in stretches if place.excerpt == excerpt):
            stretch = (place.start, max(place.end, place.start + 30))
            firsts |= {start.tokens[0] for start in written.starts(text, [stretch])}
        answer = written.answer(text[here[0].start : here[0].end]) if here else ()
        if len(answer) > LONGEST_ANSWER:
            answer = ()
        within = tuple((place.start, place.end) for place in stretches if place.excerpt == excerpt)
        right = tuple((place.start, place.end) for place in here)
        asked[excerpt].append(Asked(number, tokens, answer, tuple(sorted(firsts)), right, within, each.yes))
    words = {shown.excerpts[p.excerpt].text[p.start : p.end].lower() for p in (*spans, *stretches)}
    others = [
        i
        for i in nearest
        if i in asked and i not in held and not any(word in shown.excerpts[i].text.lower() for word in words)
    ]
    for excerpt in others[: BESIDE if each.is_answerable else REFUSED]:
        asked[excerpt].append(Asked(number, tokens, (), ()))
