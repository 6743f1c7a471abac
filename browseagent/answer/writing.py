"""Answers in a model's own words, of which nothing is shown that the check does not let through.

The model is given numbered passages and replies with sentences and quotes. The quotes are found again on
the page, or are nothing; each sentence must be carried by them (:mod:`browseagent.answer.support`). What is
not is asked for once more, with what failed; what still is not is dropped, or kept and marked where the
person asked for that. The model has no tools and names no page: it replies text and numbers of passages.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from itertools import combinations
from typing import Any, TypeVar

from browseagent.answer.claims import orders
from browseagent.answer.excerpts import Excerpt
from browseagent.answer.languages import not_in
from browseagent.answer.passages import Unit, quote_of
from browseagent.answer.progress import Tell, listener, tell_judged, untold, usage_text
from browseagent.answer.question import Question
from browseagent.answer.replies import ANSWER_SCHEMA, WrittenPoint, answer_reply
from browseagent.answer.retrieval import best_excerpts, excerpts_for
from browseagent.answer.shown import fenced, found_again, mark_of, support_of
from browseagent.answer.support import FREE, STRICT, Verdict, check
from browseagent.errors import ModelError
from browseagent.model.port import Message, Writer, Written
from browseagent.model.prompts import load_prompt
from browseagent.read.text import sentences
from browseagent.records import (
    Answer,
    Answered,
    Document,
    Manner,
    ModelInfo,
    NotFound,
    Point,
    Quote,
    Usage,
)

T = TypeVar("T")
PASSAGES = 10
"""Excerpts that a writer is shown for a question, of about 240 tokens each."""
TOKENS = 4_000
"""Of reading, so that the prompt fits the context of 8,192 tokens that local servers give by default."""
CLOSEST = 3
UNMEASURED = 0.5
"""Confidence in the answer of a model whose rate of right answers was not measured."""
MISSED = 0.2
"""Confidence that the answer is there where a model says that it is not."""
AGAIN = 6
"""Failed sentences that are told to the model when it is asked once more."""
UNSUPPORTED = "[unsupported]"
_STYLES = {
    "": "",
    "paragraph": '- Write "answer" as one short paragraph.',
    "bullets": '- Write "answer" as a list, each line a full sentence that begins with "- ".',
    "brief": '- Write "answer" as one sentence.',
    "headline": '- Write "answer" as one sentence of at most twelve words.',
    "reply": '- The question is a message that somebody sent. Write "answer" as a reply, ready to be sent: '
    "it speaks to the person, answers what the passages tell of what was asked, and leaves out the rest.",
}
Found = list[tuple[Excerpt, Unit]]


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a model writes."""

    seconds: float
    """For everything, a second asking included."""
    manner: Manner = field(default_factory=Manner)
    precision: float | None = None
    """Share of right answers among those that the model was measured to give; None: it was not measured, and
    hardly a word is granted to it that its quotes do not hold."""
    tell: Tell = untold
    """Is told what is written, as it comes, what it took, and what the check makes of it."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What came of asking a model for an answer."""

    answer: Answer | None
    """None: it claimed to have one, and nothing of it is carried by the pages."""
    quotes: tuple[Quote, ...]
    """Of its quotes, those that stand on the pages."""
    closest: tuple[Quote, ...]
    info: ModelInfo
    said: str = ""
    """What the model wrote at the first asking, unchecked: to be measured, never shown."""
    first: tuple[int, int] = (0, 0)
    """Of the sentences of the first asking those that are carried, and all."""


async def write_answer(
    question: Question, documents: Sequence[Document], writer: Writer, terms: Terms
) -> Draft:
    """A model's answer to a question from some documents. Raises :class:`~browseagent.errors.ModelError`."""
    passages = best_excerpts(question, documents, PASSAGES, TOKENS)
    if not passages:
        return Draft(NotFound(question=question.words), (), (), writer.info)
    asked = Asked(writer, terms, ANSWER_SCHEMA, ("writer-answer", "writer-again"))
    mark = mark_of(passages)
    prompt = load_prompt("writer-answer").render(mark=mark, manner=manner_lines(terms.manner, _STYLES))
    # The question comes last: what stands before it is the same for the next question on these pages, and
    # servers keep what they computed of a prompt's beginning (vLLM's prefix cache).
    told = [
        Message("system", prompt),
        Message("user", f"{fenced(passages, mark)}\n\nQuestion: {question.words}"),
    ]
    reply = await asked.once(told, answer_reply)
    nearest = excerpts_for((question,), documents, CLOSEST, TOKENS)
    closest = tuple(quote_of(passage.units[0]) for passage in nearest)
    if reply is None:
        nothing = NotFound(question=question.words, confidence=MISSED, closest=closest)
        return Draft(nothing, (), closest, asked.info())
    judge = partial(_judged, passages=passages, terms=terms, question=question, documents=documents)
    points, quotes, failures = judge(reply)
    first = (len(points) - len(failures), len(points))
    if failures:
        again = await asked.again(told, failures, answer_reply)
        if again is not None:
            second = judge(again)
            if _any_supported(second[0]) or not _any_supported(points):
                points, quotes, failures = second
    answer = _answer(question, points, closest, terms)
    asked.look_at_language([point.text for point in points])
    return Draft(answer, quotes, closest, asked.info(), reply.text, first)


def stand_in(question: Question, draft: Draft) -> Answer:
    """What is said where nothing of a model's answer is carried and no reader is at hand: its quotes, which
    do stand on the pages, or that nothing was found."""
    note = "what the model wrote is not carried by the pages; "
    if not draft.quotes:
        info = replace(draft.info, note=note + "nor does anything that it quoted stand there")
        return NotFound(question=question.words, confidence=MISSED, closest=draft.closest, model=info)
    info = replace(draft.info, note=note + "what it quoted stands in for it")
    return Answered(
        question=question.words,
        answer=" ".join(draft.quotes[0].text.split()),
        support=draft.quotes[: CLOSEST + 1],
        confidence=MISSED,
        model=info,
    )


@dataclass(slots=True)
class Asked:
    """The calls of one answer: they share a deadline, and their usage is summed."""

    writer: Writer
    terms: Terms
    schema: Mapping[str, Any]
    prompts: tuple[str, ...]
    usage: Usage = field(default_factory=Usage)
    note: str = ""
    _began: float = field(default_factory=time.monotonic)
    _last: str = ""

    async def once(self, messages: Sequence[Message], read: Callable[[str], T]) -> T:
        left = self.terms.seconds - (time.monotonic() - self._began)
        name, tell = self.writer.info.name, self.terms.tell
        tell("ask", f"{name} is reading {sum(len(each.text) for each in messages):,} characters", {})
        written: Written = await self.writer.write(
            messages, self.schema, seconds=max(0.1, left), heard=listener(tell)
        )
        self.usage += written.usage
        tell("wrote", f"{name} has written: {usage_text(written.usage)}", asdict(written.usage))
        self._last = written.text
        return read(written.text)

    async def again(
        self, messages: Sequence[Message], failures: Mapping[str, Verdict], read: Callable[[str], T]
    ) -> T | None:
        """A second reply, told what failed; None where there is none: what survived of the first stands."""
        lines = [f"- {text} ({'; '.join(verdict.failures)})" for text, verdict in failures.items()]
        told = load_prompt("writer-again").render(failures="\n".join(lines[:AGAIN]))
        turns = [*messages, Message("assistant", self._last), Message("user", told)]
        try:
            return await self.once(turns, read)
        except ModelError as error:
            self.note = f"asked once more, the model failed: {error.message}"
            return None

    def look_at_language(self, said: Sequence[str]) -> None:
        """Notes where what was written is plainly in another language than was asked for."""
        if told := not_in(self.terms.manner.language, " ".join(said)):
            self.note = "; ".join(filter(None, (self.note, told)))

    def info(self) -> ModelInfo:
        prompts = {name: load_prompt(name).sha256 for name in self.prompts}
        return replace(
            self.writer.info,
            prompts=prompts,
            usage=self.usage,
            note=self.note or self.writer.info.note,
            measured=self.terms.precision is not None,
        )


def _judged(
    reply: WrittenPoint,
    *,
    passages: Sequence[Excerpt],
    terms: Terms,
    question: Question,
    documents: Sequence[Document],
) -> tuple[tuple[Point, ...], tuple[Quote, ...], dict[str, Verdict]]:
    """The sentences of a reply with what carries each, the quotes that were found, and what failed."""
    found = found_again(passages, reply.quotes)
    points = []
    failures: dict[str, Verdict] = {}
    translated = is_translated(terms.manner, documents)
    for sentence in sentences_of(reply.text):
        point, verdict = supported_sentence(
            sentence, found, terms, question=question.words, translated=translated
        )
        points.append(point)
        if not verdict.supported:
            failures[sentence] = verdict
    quotes = tuple(quote_of(unit) for _, unit in found if not orders(unit.text))
    tell_judged(terms.tell, points, failures)
    return tuple(points), quotes, failures


def supported_sentence(
    sentence: str, found: Found, terms: Terms, *, question: str = "", translated: bool = False
) -> tuple[Point, Verdict]:
    """A sentence with the fewest of the found units that carry it, or as unsupported with what failed."""
    share = STRICT if terms.precision is None else FREE
    verdict = Verdict(("nothing that was quoted for it stands in the passages",))
    for group in _groups(sentence, found):
        verdict = check(sentence, support_of(group), share=share, question=question, translated=translated)
        if verdict.supported:
            kind = "quote" if verdict.verbatim else "entailed"
            return Point(sentence, kind, tuple(quote_of(unit) for _, unit in group)), verdict  # type: ignore[arg-type]
    return Point(sentence, "unsupported", ()), verdict


def is_translated(manner: Manner, documents: Sequence[Document]) -> bool:
    """Whether the person asked for another language than that of the documents."""
    wanted = manner.language.partition("-")[0].lower()
    spoken = {document.language.partition("-")[0].lower() for document in documents}
    return bool(wanted) and wanted not in spoken


def _groups(sentence: str, found: Found) -> Iterator[Found]:
    """Sets of units to try: each alone, the ones with most words of the sentence first; two; all."""
    words = set(sentence.casefold().split())
    ranked = sorted(found, key=lambda each: -len(words & set(each[1].reading.casefold().split())))
    yield from ([each] for each in ranked)
    yield from (list(pair) for pair in combinations(ranked[:5], 2))
    if len(ranked) > 2:
        yield ranked


def sentences_of(text: str) -> list[str]:
    """The sentences of a reply; the marks of a list are no part of them."""
    lines = (line.strip().lstrip("-•*–").strip() for line in text.splitlines())
    return [line[start:end] for line in lines if line for start, end in sentences(line, 0, len(line))]


def _answer(
    question: Question, points: Sequence[Point], closest: tuple[Quote, ...], terms: Terms
) -> Answer | None:
    """The answer of what is carried, and of the rest where that is to be kept; None where nothing is."""
    if not _any_supported(points):
        return None
    shown = [point for point in points if terms.manner.keep_unsupported or point.support != "unsupported"]
    said = [f"{p.text} {UNSUPPORTED}" if p.support == "unsupported" else p.text for p in shown]
    listed = terms.manner.style == "bullets"
    quotes = dict.fromkeys(quote for point in shown for quote in point.quotes)
    return Answered(
        question=question.words,
        answer="\n".join(f"• {each}" for each in said) if listed else " ".join(said),
        support=tuple(quotes),
        closest=tuple(quote for quote in closest if quote not in quotes),
        confidence=UNMEASURED if terms.precision is None else terms.precision,
        sentences=tuple(shown),
    )


def _any_supported(points: Sequence[Point]) -> bool:
    return any(point.support != "unsupported" for point in points)


def manner_lines(manner: Manner, styles: Mapping[str, str]) -> str:
    lines = [styles[manner.style]]
    if manner.language:
        lines.append(f"- Write in the language with the code {manner.language}. Quotes stay as they are.")
    return "\n".join(line for line in lines if line)
