"""From ranked evidence to an answer, or to "not on this page". Everything printed is a quote.

The model is asked for likelihoods alone. The best evidence is quoted; within it the span that the
model finds likeliest as an answer is given as the short answer where it is clearly the likeliest,
else the evidence itself is. Below the calibrated threshold there is no answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from functools import lru_cache

from browseagent.answer.evidence import Evidence, gather, query_terms, shown
from browseagent.answer.expect import Expected, expected
from browseagent.answer.lexical import terms
from browseagent.answer.passages import Unit
from browseagent.answer.quotes import make_quote
from browseagent.answer.spans import candidates
from browseagent.answer.weights import Weights, default_weights
from browseagent.model.port import LanguageModel
from browseagent.model.prompts import load_prompt
from browseagent.records import Answer, Answered, Document, ModelInfo, NotFound, Quote

CLOSEST = 3
PROMPTS = ("question-likelihood", "question-prior", "span-likelihood", "span-prior")


def answer_from(
    question: str,
    documents: Sequence[Document],
    model: LanguageModel,
    budget: int,
    weights: Weights | None = None,
) -> Answer:
    """The answer that the documents give, with at most ``budget`` tokens of reading.

    Raises :class:`~browseagent.errors.ModelError` where the model fails.
    """
    weights = weights or default_weights()
    info = _info(model)
    found = gather(question, documents, model, budget, weights)
    if not found:
        return NotFound(question=question, model=info)
    confidence = weights.probability(signals(question, documents, found))
    quotes = tuple(_quote(evidence.unit) for evidence in found[: CLOSEST + 1])
    if confidence < weights.threshold:
        return NotFound(question=question, confidence=confidence, closest=quotes[:CLOSEST], model=info)
    text = short_answer(question, found[0].unit, model, weights.span_margin) or quotes[0].text
    return Answered(
        question=question,
        answer=text,
        support=quotes[:1],
        closest=quotes[1:],
        confidence=confidence,
        model=info,
    )


def signals(question: str, documents: Sequence[Document], found: Sequence[Evidence]) -> dict[str, float]:
    """What the confidence is computed from: the best evidence and how it stands among the rest."""
    best = found[0]
    runner_up = found[1].score if len(found) > 1 else best.score - 3
    asked = set(query_terms(question))
    on_page = {term for document in documents for term in _vocabulary(document) & asked}
    features = asdict(best.features)
    return {
        **{name: features[name] for name in ("cover", "group_cover", "gain", "fits", "rare_fit")},
        "margin": min(3.0, best.score - runner_up),
        "page_cover": len(on_page) / max(1, len(asked)),
    }


@lru_cache(maxsize=16)
def _vocabulary(document: Document) -> frozenset[str]:
    """The content terms of a document: stemmed once, however many questions are asked of it."""
    return frozenset(terms(document.text))


def short_answer(question: str, unit: Unit, model: LanguageModel, margin: float) -> str | None:
    """The likeliest span of the expected form, or None where none stands out.

    The measure is how much likelier the question makes the span (domain-conditional pointwise
    mutual information; Holtzman et al., 2021, "Surface Form Competition"), a token.
    """
    kind = expected(question)
    spans = candidates(question, unit, kind)
    if not spans or kind is Expected.STATEMENT:
        return None
    text = unit.passage.document.text
    if len(spans) == 1:
        return text[slice(*spans[0])]
    section, evidence = unit.passage.document.title, shown(unit)
    context = load_prompt("span-likelihood").render(section=section, evidence=evidence, question=question)
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


def _quote(unit: Unit) -> Quote:
    return make_quote(unit.passage.document, unit.passage.start, unit.passage.end)


def _info(model: LanguageModel) -> ModelInfo:
    return replace(model.info, prompts={name: load_prompt(name).sha256 for name in PROMPTS})
