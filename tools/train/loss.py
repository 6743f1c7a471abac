"""What is minimised: one softmax over the places of all passages of a page, and "none"; and another over
whole answers, judged after they are written.

After Clark and Gardner, 2018, "Simple and Effective Multi-Paragraph Reading Comprehension" (shared
normalisation).

A place's score is how much likelier the model makes the answer's first token than the end of the text, which
is how it says none: what a reader compares in use. None itself, once for all passages, scores 0. Beside this
each passage has its own loss, as in ``browseagent model tune``: the rest of the answer's words, and, with a
smaller share, its first token among all tokens.

An answer's judgement is how much likelier "yes" is than "no" after its last token, when passage, question and
answer are read (a verifier: Cobbe et al., 2021, "Training Verifiers to Solve Math Word Problems", on the
reader's own states). Where a question asks yes or no, the same is learnt before any answer.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import torch
from transformers import DynamicCache

from browseagent.model.packing import Branch, Row, branch_mask, ids_of, positions_of
from browseagent.model.reader_format import ReaderFormat, Start
from tools.train.candidates import Candidate, candidates
from tools.train.groups import Asked, Passage, Step

OWN = 0.3
"""Share of a passage's own loss of the first token."""
DECIDED = 0.5
"""Share of the loss of yes against no."""


def step_loss(model: Any, step: Step, written: ReaderFormat, chance: random.Random) -> torch.Tensor:
    """The mean loss of a step's questions."""
    places: dict[int, list[torch.Tensor]] = {}
    right_places: dict[int, list[torch.Tensor]] = {}
    judged: dict[int, list[torch.Tensor]] = {}
    right: dict[int, list[torch.Tensor]] = {}
    own: list[torch.Tensor] = []
    words = model.get_output_embeddings().weight
    for passage in step:
        starts = written.starts(passage.text, passage.stretches)
        begin = sorted({start.tokens[0] for start in starts})
        firsts, tried = read_passage(model, passage, written, starts, chance)
        for number, asked in enumerate(passage.asked):
            first = firsts[number]
            places.setdefault(asked.number, []).append(first[begin] - first[written.end])
            if asked.firsts:
                given = torch.logsumexp(first[list(asked.firsts)], 0)
                right_places.setdefault(asked.number, []).append(given - first[written.end])
                own.append(-OWN * given)
                if asked.yes is not None:
                    odds = first[written.yes] - first[written.no]
                    own.append(-DECIDED * torch.nn.functional.logsigmoid(odds if asked.yes else -odds))
            else:
                own.append(-OWN * first[written.end])
            for each, states in tried[number]:
                verdict = states[-1] @ (words[written.yes] - words[written.no])
                judged.setdefault(asked.number, []).append(verdict.float())
                if each.right:
                    right.setdefault(asked.number, []).append(verdict.float())
                if each.tokens == asked.answer[:-1]:
                    own.append(-_rest(asked, _told(model, states)))
    losses = [_shared(scores, right_places.get(number, ())) for number, scores in places.items()]
    losses += [
        _shared([score[None] for score in scores], right.get(number, ()))
        for number, scores in judged.items()
        if number in right or number not in right_places
    ]
    return (torch.stack(losses).sum() + torch.stack(own).sum()) / len(places)


def _shared(scores: Sequence[torch.Tensor], right: Sequence[torch.Tensor]) -> torch.Tensor:
    """One question's loss: of what is right among all scores and none's 0; of none where nothing is."""
    every = torch.logsumexp(torch.cat([scores[0].new_zeros(1), *scores]), 0)
    return every - (torch.logsumexp(torch.stack(list(right)), 0) if right else 0.0)


def _rest(asked: Asked, told: torch.Tensor) -> torch.Tensor:
    """Log-probability of an answer's tokens after its first."""
    rest = torch.tensor(asked.answer[1:], device=told.device)
    return told[torch.arange(len(rest), device=told.device), rest].sum()


def read_passage(
    model: Any, passage: Passage, written: ReaderFormat, starts: Sequence[Start], chance: random.Random
) -> tuple[torch.Tensor, list[list[tuple[Candidate, torch.Tensor]]]]:
    """For each question the log-probabilities of the next token where its answer begins, shape (questions,
    vocabulary); and the answers that are tried with the states of their tokens, shape (tokens, width)."""
    cache = DynamicCache()
    prefix, sizes = len(passage.prefix), [len(each.question) for each in passage.asked]
    questions = Row(passage.prefix, tuple(Branch(each.question) for each in passage.asked))
    mask = branch_mask(prefix, sizes, model.dtype)
    states = _states(model, ids_of(questions), positions_of(questions), mask, cache)
    ends = [prefix + sum(sizes[: number + 1]) for number in range(len(sizes))]
    firsts = _told(model, states[[end - 1 for end in ends]])
    likely = firsts.detach().cpu()
    tried = [
        (number, each)
        for number, asked in enumerate(passage.asked)
        for each in candidates(asked, starts, likely[number], passage.text, chance)
    ]
    found: list[list[tuple[Candidate, torch.Tensor]]] = [[] for _ in sizes]
    if not tried:
        return firsts, found
    lengths = [len(each.tokens) for _, each in tried]
    ids = [token for _, each in tried for token in each.tokens]
    positions = [
        prefix + sizes[number] + place for number, each in tried for place in range(len(each.tokens))
    ]
    lasts = [ends[number] - 1 for number, each in tried for _ in each.tokens]
    # An answer sees what its question's last token sees, and itself.
    bias = torch.cat([mask[:1, :, lasts], branch_mask(0, lengths, model.dtype)[:1]], dim=3)
    states = _states(model, torch.tensor([ids]), torch.tensor([positions]), bias, cache)
    for (number, each), its in zip(tried, torch.split(states, lengths), strict=True):
        found[number].append((each, its))
    return firsts, found


def _states(
    model: Any, ids: torch.Tensor, positions: torch.Tensor, mask: torch.Tensor, cache: DynamicCache
) -> torch.Tensor:
    device = model.device
    states: torch.Tensor = model.base_model(
        input_ids=ids.to(device),
        position_ids=positions.to(device),
        attention_mask=mask.to(device),
        past_key_values=cache,
        use_cache=True,
    )[0][0]
    return states


def _told(model: Any, states: torch.Tensor) -> torch.Tensor:
    """Log-probabilities of the next token, float32, shape (states, vocabulary)."""
    return torch.log_softmax(model.get_output_embeddings()(states).float(), -1)
