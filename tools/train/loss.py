"""What is minimised: one softmax over the places of all passages of a page, and "none".

After Clark and Gardner, 2018, "Simple and Effective Multi-Paragraph Reading Comprehension" (shared
normalisation).

A place's score is how much likelier the model makes the answer's first token than the end of the text, which
is how it says none: what a reader compares in use. None itself, once for all passages, scores 0. Beside this
each passage has its own loss, as in ``browseagent model tune``: the rest of the answer's words, and, with a
smaller share, its first token among all tokens.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from browseagent.model.packing import Branch, Row, branch_mask, ids_of, positions_of
from tools.train.groups import Asked, Passage, Step

OWN = 0.3
"""Share of a passage's own loss of the first token."""


def step_loss(model: Any, step: Step, end: int) -> torch.Tensor:
    """The mean loss of a step's questions."""
    odds: dict[int, list[torch.Tensor]] = {}
    right: dict[int, list[torch.Tensor]] = {}
    own: list[torch.Tensor] = []
    for passage in step:
        for asked, told in zip(passage.asked, _told(model, passage), strict=True):
            first = told[0]
            odds.setdefault(asked.number, []).append(first[list(passage.starts)] - first[end])
            if asked.firsts:
                given = torch.logsumexp(first[list(asked.firsts)], 0)
                right.setdefault(asked.number, []).append(given - first[end])
                own.append(-OWN * given - _rest(asked, told))
            else:
                own.append(-OWN * first[end])
    shared = []
    for number, scores in odds.items():
        none = scores[0].new_zeros(1)
        every = torch.logsumexp(torch.cat([none, *scores]), 0)
        shared.append(every - (torch.logsumexp(torch.stack(right[number]), 0) if number in right else 0.0))
    return (torch.stack(shared).sum() + torch.stack(own).sum()) / len(shared)


def _rest(asked: Asked, told: torch.Tensor) -> torch.Tensor:
    """Log-probability of an answer's tokens after its first; 0 where only its place is known."""
    if not asked.answer:
        return told.new_zeros(())
    rest = torch.tensor(asked.answer[1:], device=told.device)
    return told[torch.arange(1, len(asked.answer), device=told.device), rest].sum()


def _told(model: Any, passage: Passage) -> Sequence[torch.Tensor]:
    """For each question the log-probabilities of the next token, where its answer begins and within it; shape
    (tokens of the answer or 1, vocabulary)."""
    # The last token of an answer, the end, is predicted only.
    branches = tuple(Branch((*each.question, *each.answer[:-1])) for each in passage.asked)
    row = Row(passage.prefix, branches)
    device = model.device
    mask = branch_mask(len(row.prefix), [len(each.tokens) for each in branches], model.dtype)
    states = model.base_model(
        input_ids=ids_of(row).to(device),
        position_ids=positions_of(row).to(device),
        attention_mask=mask.to(device),
        use_cache=False,
    )[0][0]
    at: list[int] = []
    sizes: list[int] = []
    place = len(row.prefix)
    for each, branch in zip(passage.asked, branches, strict=True):
        first, place = place + len(each.question) - 1, place + len(branch.tokens)
        at += range(first, place)
        sizes.append(place - first)
    logits = model.get_output_embeddings()(states[torch.tensor(at, device=device)]).float()
    return torch.split(torch.log_softmax(logits, -1), sizes)
