"""One answer from the answers of several pages: what agrees is quoted together, what does not is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from browseagent.answer.reading import same_words
from browseagent.records import Alternative, Answer, Answered, NotFound

RIVAL = -0.1
"""By how much another page's answer may fail to be believed and is still shown beside the one that is."""
CLOSEST = 3


@dataclass(frozen=True, slots=True)
class PageAnswer:
    """What one page (or the pages that the person named, together) says to the question."""

    answer: Answer
    date: str = ""
    """ISO date of the page; empty where it does not say."""
    needed: float = 0.0
    """Confidence from which on it is believed."""
    formed: bool = True
    """Whether it has the form that the question asks for; one that has not is not believed at all."""
    headed: bool = True
    """Whether the page is headed by words of the question; what another says in passing is easily misread."""

    @property
    def surplus(self) -> float:
        """By how much it is surer than it must be; below zero it is not believed."""
        answered = self.answer.status == "answered" and self.formed
        return self.answer.confidence - self.needed if answered else -1.0


def merge(found: Sequence[PageAnswer]) -> Answer:
    """The surest answer of several pages' that is believed, of those headed by the question where there are
    such; else that there is none. Pages that say the same are quoted beside it; other answers nearly as
    likely are its alternatives, newest page first. ``found`` is not empty; a single one stands as it is."""
    if len(found) == 1:
        return found[0].answer
    ordered = sorted(found, key=lambda each: -each.surplus)
    sure = sorted((each for each in ordered if each.surplus >= 0), key=lambda each: not each.headed)
    if not sure:
        return _nothing(sorted(found, key=lambda each: -each.answer.confidence))
    best = sure[0].answer
    assert isinstance(best, Answered)
    said = same_words(best.text)
    agreeing = [each.answer for each in sure[1:] if same_words(each.answer.text) == said]
    rivals = [each for each in ordered if each.surplus >= RIVAL and not _says(said, each.answer.text)]
    newest = sorted(rivals, key=lambda each: each.date, reverse=True)
    alternatives = [Alternative(each.answer.text, each.answer.quotes[0]) for each in newest]
    support = [*best.support, *(answer.quotes[0] for answer in agreeing)]
    return replace(best, support=tuple(support[:CLOSEST]), alternatives=(*alternatives, *best.alternatives))


def _says(said: str, text: str) -> bool:
    words = same_words(text)
    return not words or words in said or said in words


def _nothing(ordered: Sequence[PageAnswer]) -> NotFound:
    """No answer; the closest passages are those of the likeliest pages."""
    best = ordered[0].answer
    perhaps = best.perhaps if isinstance(best, NotFound) else Alternative(best.text, best.quotes[0])
    nearest = [quote for each in ordered for quote in (*each.answer.quotes[:1], *each.answer.closest)]
    return NotFound(
        question=best.question,
        confidence=best.confidence,
        closest=tuple(dict.fromkeys(nearest))[:CLOSEST],
        perhaps=perhaps,
        model=best.model,
    )
