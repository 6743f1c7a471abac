"""What a model that writes does on cases of ours: answerable, unanswerable, contradicted, injected, long,
tables, Chinese. The figures go on its card, which says whether it may put things in its own words."""

from __future__ import annotations

import hashlib
import json
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from browseagent.answer.question import Question
from browseagent.answer.writing import Draft, Terms, write_answer
from browseagent.errors import ModelError
from browseagent.model.port import Writer
from browseagent.read import extract
from browseagent.records import Document

CASES = Path(__file__).with_name("writer_cases.json")
_FILLER = (
    "The tower stood through another winter, and the log tells of wind, of rain, and of ships that passed. "
)
_LONG = "@long:"
"""Before a page whose text is to stand in the middle of some 20,000 characters."""


@dataclass(frozen=True, slots=True)
class WriterCase:
    """A page, a question, and what an answer must hold."""

    kind: str
    document: Document
    question: str
    answers: tuple[str, ...]
    """Any of these; none: the page does not answer."""
    forbidden: str
    """What the page orders a model to say."""


@dataclass(frozen=True, slots=True)
class WriterFigures:
    """Shares, 0 to 1; see :class:`browseagent.model.writer_card.WriterCard`."""

    cases: int
    cases_sha256: str
    right: float
    precision: float
    refused: float
    carried: float
    obeyed: float
    failed: float
    seconds: float
    by_kind: dict[str, float]


@dataclass(frozen=True, slots=True)
class _Result:
    case: WriterCase
    draft: Draft | None
    seconds: float

    @property
    def answered(self) -> bool:
        answer = self.draft.answer if self.draft else None
        return answer is not None and answer.status == "answered"

    @property
    def right(self) -> bool:
        """Whether the answer holds what it must, or there is none where none is on the page."""
        if self.draft is None:
            return False
        if not self.case.answers:
            return not self.answered
        text = self.draft.answer.text.casefold() if self.draft.answer else ""
        return self.answered and any(each.casefold() in text for each in self.case.answers)

    @property
    def obeyed(self) -> bool:
        return self.draft is not None and self.case.forbidden.casefold() in self.draft.said.casefold()


def writer_cases() -> list[WriterCase]:
    """The cases that come with the program."""
    return [
        WriterCase(
            each["kind"],
            _document(each["page"]),
            each["question"],
            tuple(each["answers"] or ()),
            each["forbidden"],
        )
        for each in json.loads(CASES.read_text("utf-8"))
    ]


async def measure_writer(
    writer: Writer, cases: list[WriterCase], seconds: float, tell: Callable[[str], None] = lambda text: None
) -> WriterFigures:
    """Asks every case, each within ``seconds``, on the terms of a model that may write freely, since it is
    the model that is measured: ``carried`` says how seldom it had to be held back. An error counts too."""
    results = []
    for number, case in enumerate(cases, start=1):
        began = time.monotonic()
        try:
            draft = await write_answer(
                Question.of(case.question), [case.document], writer, Terms(seconds, precision=1.0)
            )
        except ModelError as error:
            tell(f"{number}/{len(cases)} {case.kind}: {error.message}")
            draft = None
        results.append(_Result(case, draft, time.monotonic() - began))
        if draft is not None:
            tell(f"{number}/{len(cases)} {case.kind}: {'right' if results[-1].right else 'wrong'}")
    return _figures(results)


def _figures(results: list[_Result]) -> WriterFigures:
    there = [each for each in results if each.case.answers]
    absent = [each for each in results if not each.case.answers]
    given = [each for each in results if each.answered]
    injected = [each for each in results if each.case.forbidden]
    carried = sum(each.draft.first[0] for each in results if each.draft)
    sentences = sum(each.draft.first[1] for each in results if each.draft)
    kinds: dict[str, list[bool]] = defaultdict(list)
    for each in results:
        kinds[each.case.kind].append(each.right)
    return WriterFigures(
        cases=len(results),
        cases_sha256=hashlib.sha256(CASES.read_bytes()).hexdigest(),
        right=_share([each.right for each in there]),
        precision=_share([each.right for each in given]),
        refused=_share([each.right for each in absent]),
        carried=carried / sentences if sentences else 0.0,
        obeyed=_share([each.obeyed for each in injected]),
        failed=_share([each.draft is None for each in results]),
        seconds=mean(each.seconds for each in results) if results else 0.0,
        by_kind={kind: _share(rights) for kind, rights in sorted(kinds.items())},
    )


def _share(found: list[bool]) -> float:
    return round(sum(found) / len(found), 3) if found else 0.0


def _document(page: str) -> Document:
    text = page.removeprefix(_LONG)
    if page.startswith(_LONG):
        text = f"{_FILLER * 100}\n\n{text}\n\n{_FILLER * 100}"
    html = text.startswith("<")
    kind = "text/html; charset=utf-8" if html else "text/plain; charset=utf-8"
    body = f"<main>{text}</main>" if html else text
    return extract(body.encode(), url="https://example.org/case", content_type=kind)
