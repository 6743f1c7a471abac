"""The answer of a model that was not trained to read: likelihoods alone are asked, of the question after each
piece of evidence, then of the spans of the best one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from browseagent.answer.evidence import Evidence, gather, shown
from browseagent.answer.passages import Unit, quote_of
from browseagent.answer.question import Question
from browseagent.answer.signals import page_cover
from browseagent.answer.spans import candidates
from browseagent.answer.weights import Weights
from browseagent.model.port import LanguageModel
from browseagent.model.prompts import load_prompt
from browseagent.records import Answer, Answered, Document, NotFound

CLOSEST = 3
"""Quotes that are shown of what came near."""


def by_likelihood(
    question: Question, documents: Sequence[Document], model: LanguageModel, budget: int, weights: Weights
) -> Answer:
    """The answer that the documents give, with at most ``budget`` tokens of reading."""
    found = gather(question, documents, model, budget, weights)
    if not found:
        return NotFound(question=question.words)
    confidence = weights.probability(signals(question, documents, found))
    quotes = tuple(quote_of(evidence.unit) for evidence in found[: CLOSEST + 1])
    if confidence < weights.threshold:
        return NotFound(question=question.words, confidence=confidence, closest=quotes[:CLOSEST])
    text = short_answer(question, found[0].unit, model, weights.span_margin) or quotes[0].text
    return Answered(
        question=question.words,
        answer=text,
        support=quotes[:1],
        closest=quotes[1:],
        confidence=confidence,
    )


def signals(question: Question, documents: Sequence[Document], found: Sequence[Evidence]) -> dict[str, float]:
    """What the confidence is computed from: the best evidence and how it stands among the rest."""
    best = found[0]
    runner_up = found[1].score if len(found) > 1 else best.score - 3
    features = asdict(best.features)
    return {
        **{name: features[name] for name in ("cover", "group_cover", "gain", "fits", "rare_fit")},
        "margin": min(3.0, best.score - runner_up),
        "page_cover": page_cover(question, documents),
    }


def short_answer(question: Question, unit: Unit, model: LanguageModel, margin: float) -> str | None:
    """The likeliest span of the expected form, or None where none stands out.

    The measure is how much likelier the question makes the span (domain-conditional pointwise
    mutual information; Holtzman et al., 2021, "Surface Form Competition"), a token.
    """
    spans = candidates(question, unit)
    if not spans:
        return None
    text = unit.passage.document.text
    if len(spans) == 1:
        return text[slice(*spans[0])]
    section, evidence = unit.passage.document.title, shown(unit)
    context = load_prompt("span-likelihood").render(
        section=section, evidence=evidence, question=question.words
    )
    prior = load_prompt("span-prior").render(section=section, evidence=evidence)
    given = [f" {text[start:end]}" for start, end in spans]
    scored = model.score([(context, span) for span in given] + [(prior, span) for span in given])
    rated = sorted(
        (
            (span_score(a.total, b.total, a.tokens), span)
            for a, b, span in zip(scored, scored[len(spans) :], spans, strict=False)
        ),
        reverse=True,
    )
    if rated[0][0] - rated[1][0] < margin:
        return None
    return text[slice(*rated[0][1])]


def span_score(conditional: float, prior: float, tokens: int) -> float:
    """Rating of a span from its two log-likelihoods."""
    return (conditional - prior) / max(1, tokens)
