"""Replies that can only be JSON of a schema: each token is chosen among those that the schema allows
(llguidance), and the document is closed before the tokens run out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import torch
from llguidance.hf import from_tokenizer
from transformers import LogitsProcessor

from browseagent.model.json_form import ALLOWED, NO_BLANKS, Alphabet, check, schema_matcher

if TYPE_CHECKING:
    from llguidance import LLMatcher
    from llguidance._lib import JsonCompileOptions

MARGIN = 32
"""Tokens by which one more token can put off the end: that of a new object adds its names."""
_FORM: JsonCompileOptions = {**NO_BLANKS, "json_allowed_escapes": '"\\bfnrt'}
"""No \\u either, by which half a character can be written."""


class Constraint:
    """A model's tokenizer, made ready once (0.4 s for 49,000 tokens)."""

    def __init__(self, tokenizer: Any, vocabulary: int, ends: Sequence[int]) -> None:
        """``vocabulary`` is how many tokens there are; ``ends`` are those that end the model's turn.
        Raises ValueError for a tokenizer that llguidance does not know."""
        self.tokens = from_tokenizer(tokenizer, n_vocab=vocabulary, eos_token=list(ends))
        self.ends = tuple(ends)
        self.alphabet = Alphabet(self.tokens)

    def held_to(self, schema: Mapping[str, Any], *, after: int, new_tokens: int) -> JsonOnly:
        """What holds one reply to a schema, after a prompt of ``after`` tokens. ``new_tokens`` are for what
        the model says; those that any document of the schema needs come on top. Raises ModelError for a
        schema that it cannot be held to."""
        return JsonOnly(self, schema_matcher(self.tokens, schema, _FORM), after, new_tokens)


class JsonOnly(LogitsProcessor):  # type: ignore[misc]  # Transformers is untyped here
    """Lets only those tokens through that continue a JSON document of the schema, and from the point on
    from which the rest of the tokens is needed to close it, only those that close it."""

    def __init__(self, constraint: Constraint, matcher: LLMatcher, after: int, new_tokens: int) -> None:
        self._constraint = constraint
        self._matcher = matcher
        self._after = after
        self._taken: list[int] = []
        self._last: tuple[list[int], torch.Tensor | None] | None = None
        end = self._shortest_end()
        check(self._matcher)
        self.most = new_tokens + len(end or ())
        """Tokens that the reply has at most."""
        self._near = 2 * (len(end) + MARGIN) if end else 0

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        tokens = input_ids[0, self._after :].tolist()
        # Prompt lookup asks again and again for the same place.
        if self._last is None or self._last[0] != tokens:
            self._last = tokens, self._forbidden(tokens, scores.shape[-1])
        forbidden = self._last[1]
        return scores if forbidden is None else scores.masked_fill(forbidden.to(scores.device), -torch.inf)

    def _forbidden(self, tokens: list[int], width: int) -> torch.Tensor | None:
        """Which tokens may not follow some others; None where these are none of ours: a guess of prompt
        lookup, which is dropped at the token that is not allowed."""
        if not self._follow(tokens):
            return None
        forbidden = torch.ones(width, dtype=torch.bool)
        left = self.most - len(tokens)
        end = self._shortest_end() if left <= self._near else None
        if end and left <= len(end) + MARGIN:
            forbidden[end[0]] = False
            return forbidden
        allowed = torch.frombuffer(bytearray(self._matcher.compute_logit_bias()), dtype=torch.uint8)
        check(self._matcher)
        forbidden[: len(allowed)] = allowed[:width] != ALLOWED
        return forbidden

    def _follow(self, tokens: list[int]) -> bool:
        """Brings the matcher to some tokens; False where it does not allow them."""
        same = 0
        for ours, theirs in zip(self._taken, tokens, strict=False):
            if ours != theirs:
                break
            same += 1
        self._matcher.rollback(len(self._taken) - same)
        count = self._matcher.try_consume_tokens(tokens[same:])
        self._taken = tokens[: same + count]
        check(self._matcher)
        return len(self._taken) == len(tokens)

    def _shortest_end(self) -> list[int] | None:
        way = self._constraint.alphabet.shortest_end(self._matcher, self._taken)
        return None if way is None else [*way, self._constraint.ends[0]]
