"""Which candidate to read next: BM25 over what is said of each, then the language model on a few.

A link says little, so its parts count apart: a word of the question in the anchor or in the address is
worth more than one beside it. The model's part is how much likelier the question becomes after the
link's description than after nothing (as for evidence, :mod:`browseagent.answer.evidence`): it sees
that "Rubbish and recycling" is where to ask about bins. It is asked once for each candidate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

from browseagent.agent.leads import Candidate, Lead
from browseagent.answer.bm25 import BM25
from browseagent.answer.lexical import terms
from browseagent.answer.question import Question
from browseagent.model.port import LanguageModel
from browseagent.model.prompts import load_prompt

JUDGED = 6
"""Candidates that the model is asked about each time."""
TOKENS_EACH = 100
"""What asking about one costs at most: a link with the words beside it and the question."""
MOST = 400
"""Candidates that are kept; the others share the fewest words with the question."""
NEAR_WEIGHT = 0.4
"""Of the words around a link and of its heading, beside 1 for the anchor's and the address's own."""
GAIN_WEIGHT = 0.5
"""Of the model's gain in nats a token, as far as it is beyond the usual one."""
DEPTH_COST = 0.03
"""A link: of two that look alike the nearer one is read first."""
GUESSED = {Lead.SEARCH: 0.45, Lead.NEXT: 0.4, Lead.LISTS: 0.3}
"""Match of what its own words say nothing of: a search holds the question's because they were put there, and
"older items" may hold anything. Better than a link that shares no word, worse than one that shares some."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate and how promising it is."""

    candidate: Candidate
    promise: float = 0.0
    """About 0 to 1.5."""
    match: float = 0.0
    """Share of the question's content words in the description, weighted by how rare they are among the
    candidates: of all of them, and of those that any candidate holds, on average."""
    gain: float | None = None
    """Nats a token by which the description makes the question likelier; None: not asked."""
    shared: tuple[str, ...] = ()
    """Stems of the question's words that the description holds."""
    chosen_by: str = ""
    """Name of the model that put it first (:mod:`browseagent.agent.choice`); empty: our ranking did."""

    @property
    def why(self) -> str:
        """Why it stands where it stands, in words."""
        said = f"shares {', '.join(self.shared)}" if self.shared else "shares no word with the question"
        gain = f", model {self.gain:+.2f}" if self.gain is not None else ""
        chosen = f"chosen by {self.chosen_by}; " if self.chosen_by else ""
        return f"{chosen}{self.candidate.lead}, {said}, match {self.match:.2f}{gain}"


def rank(
    question: Question, known: Sequence[Ranked], model: LanguageModel, tokens: int
) -> tuple[Ranked, ...]:
    """The candidates by promise, best first; the model reads about ``tokens`` at most. Raises
    :class:`~browseagent.errors.ModelError`."""
    matched = sorted(_matched(question, known), key=lambda each: -_promise(each, 0.0))[:MOST]
    asked = (place for place, each in enumerate(matched) if each.candidate.lead not in GUESSED)
    new = [place for place in asked if matched[place].gain is None]
    new = new[: min(JUDGED, tokens // TOKENS_EACH)]
    gains = _gains(question.words, [matched[place].candidate for place in new], model)
    for place, gain in zip(new, gains, strict=True):
        matched[place] = replace(matched[place], gain=gain)
    usual = median([each.gain for each in matched if each.gain is not None] or [0.0])
    rated = [replace(each, promise=_promise(each, usual), chosen_by="") for each in matched]
    return tuple(sorted(rated, key=lambda each: -each.promise))


def _promise(each: Ranked, usual: float) -> float:
    """``usual`` is the median gain: any words at all make most questions likelier than none do."""
    gain = max(0.0, each.gain - usual) if each.gain is not None else 0.0
    return each.match + GAIN_WEIGHT * gain - DEPTH_COST * each.candidate.depth


def _matched(question: Question, known: Sequence[Ranked]) -> list[Ranked]:
    """The candidates with their match and the words that they share."""
    asked = question.leads
    own = [terms(f"{each.candidate.anchor} {each.candidate.address}") for each in known]
    near = [terms(f"{each.candidate.heading} {each.candidate.around}") for each in known]
    every = BM25([[*a, *b] for a, b in zip(own, near, strict=True)])
    mass = sum(map(every.idf, asked)) or 1.0
    # Words that no candidate holds tell none from the others: one half of the measure leaves them out.
    vocabulary = {term for words in (*own, *near) for term in words}
    held = sum(map(every.idf, asked & vocabulary)) or mass
    found = []
    for each, mine, beside in zip(known, own, near, strict=True):
        own_terms, near_terms = asked & set(mine), (asked & set(beside)) - set(mine)
        weight = sum(map(every.idf, own_terms)) + NEAR_WEIGHT * sum(map(every.idf, near_terms))
        match = (weight / mass + weight / held) / 2
        guessed = GUESSED.get(each.candidate.lead, 0.0)
        match = guessed if each.candidate.lead is Lead.SEARCH else max(match, guessed)
        if each.candidate.lead is Lead.SITEMAP and not match:
            continue
        found.append(replace(each, match=match, shared=(*sorted(own_terms), *sorted(near_terms))))
    return found


def _gains(question: str, candidates: Sequence[Candidate], model: LanguageModel) -> list[float]:
    if not candidates:
        return []
    prompt, prior = load_prompt("link-likelihood"), load_prompt("question-prior")
    pairs = [(prior.render(section=""), f" {question}")]
    pairs += [
        (prompt.render(heading=each.heading, link=described(each)), f" {question}") for each in candidates
    ]
    before, *after = model.score(pairs)
    return [(each.total - before.total) / max(1, each.tokens) for each in after]


def described(candidate: Candidate) -> str:
    """A candidate as the model reads it: its anchor, or the words of its address, and what stands beside."""
    return "\n".join(filter(None, (candidate.anchor or candidate.address, candidate.around)))


def said_of(candidate: Candidate) -> tuple[bool, bool, int]:
    """How much a link says of its page: that it is the next one or a list, whether the link has words of its
    own, and how many stand beside it."""
    return candidate.lead in GUESSED, bool(candidate.anchor), len(candidate.around)


def best_of(frontier: Sequence[Ranked]) -> str:
    if not frontier:
        return "none"
    first = frontier[0]
    return f"{first.candidate.anchor or first.candidate.url!r} ({first.promise:.2f}: {first.why})"


def told_of(ranked: Ranked) -> dict[str, object]:
    """A candidate for the trace."""
    candidate = ranked.candidate
    return {
        "url": candidate.url,
        "anchor": candidate.anchor,
        "found_on": candidate.found_on,
        "lead": candidate.lead.value,
        "promise": round(ranked.promise, 3),
        "why": ranked.why,
    }
