"""Yes or no, from the question and the sentence that decides it.

A linear model over the words of both (English), fitted by ``tools/fit_yesno.py`` on questions that were asked
of real pages: what a negation does, and what "only", "free" and "required" do.
"""

from __future__ import annotations

import json
import math
import re
from functools import lru_cache
from importlib.resources import files

from browseagent.answer.lexical import question_terms, terms
from browseagent.answer.logistic import likely
from browseagent.answer.opposites import yes_or_no
from browseagent.answer.outline import QUESTION_MARKS
from browseagent.answer.passages import Unit
from browseagent.answer.question import Kind, Question

Both = tuple[float, float, float]
BOTH: Both = 1.525, 0.599, 0.233
"""What the log-odds by words and by the reader count, and what is added (``tools/fit_reader.py``)."""
EVIDENT = 0.49
"""Added to the log-odds of the evidence, where it is a sentence that is to decide: that is right more often
than words that are as likely an answer (``tools/fit_reader.py``)."""
_TOKEN = re.compile(r"[^\W\d_]+(?:'t)?|\d+")
_NOT = re.compile(r"(?:can)?not|no|never|without|\w+n't")


def says_yes(question: Question, unit: Unit, read: float) -> float | None:
    """How likely a unit that decides a question says yes to it; None where the question asks for something
    else, or the page is in another language. ``read`` is the reader's log-odds of yes against no."""
    return likely(odds(by_words(question.words, unit.reading), read)) if is_decided(question, unit) else None


def sureness(evidence: float, yes: float, evident: float = EVIDENT) -> float:
    """How likely the likelier of yes and no is right, by the sentence it is told by. ``evidence`` is how
    likely that would be right where something else is asked, ``yes`` how likely it says yes."""
    held = max(1e-6, min(1 - 1e-6, evidence))
    return likely(math.log(held / (1 - held)) + evident) * max(yes, 1 - yes)


def is_decided(question: Question, unit: Unit) -> bool:
    """Whether a unit is to say yes or no to a question: where it asks for that, and the page is English."""
    language = unit.passage.document.language or "en"
    return question.kind is Kind.YES_NO and language.startswith("en")


def may_decide(question: Question, unit: Unit) -> bool:
    """Whether a unit may decide a question: that of a page or a post ("Do I need new ones?") says neither yes
    nor no to it."""
    return question.kind is not Kind.YES_NO or not unit.text.endswith(QUESTION_MARKS)


def odds(said: float, read: float, both: Both = BOTH) -> float:
    """Log-odds of yes, of those by words and those by the reader."""
    words, reader, intercept = both
    return intercept + words * said + reader * read


def by_words(question: str, sentence: str) -> float:
    """Log-odds, by their words, of a sentence that decides a question saying yes to it."""
    weights, intercept = _fitted()
    return intercept + sum(weights.get(each, 0.0) for each in features(question, sentence))


def features(question: str, sentence: str) -> frozenset[str]:
    """The words of the sentence that the question lacks, those of the question (``?``), its first two
    (``^``), whether either denies, what a word and its opposite say, and how much of the question the
    sentence holds."""
    asked, said = _words(question), _words(sentence)
    denies = [any(_NOT.fullmatch(word) for word in each) for each in (asked, said)]
    wanted = set(question_terms(question))
    held = len(wanted & set(terms(sentence))) / max(1, len(wanted))
    return frozenset(
        (
            *(set(said) - set(asked)),
            *(f"?{word}" for word in asked),
            f"^{' '.join(asked[:2])}",
            f"denies {denies[0]:d}{denies[1]:d}",
            f"opposites {yes_or_no(question, sentence)}",
            f"held {round(4 * held)}",
            f"long {len(said).bit_length()}",
        )
    )


def _words(text: str) -> list[str]:
    return ["0" if word.isdigit() else word for word in _TOKEN.findall(text.lower().replace("’", "'"))]


@lru_cache(maxsize=1)
def _fitted() -> tuple[dict[str, float], float]:
    data = json.loads(files("browseagent.answer").joinpath("yesno.json").read_text(encoding="utf-8"))
    scale = data["scale"]
    return {name: weight / scale for name, weight in data["weights"].items()}, data["intercept"] / scale
