"""JSON of a schema, character by character (llguidance): how what is begun comes to its shortest end.

Knows no model: :mod:`browseagent.model.constrained` asks it about a model's tokens,
:mod:`browseagent.model.llama_cpp` about bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from llguidance import LLMatcher, LLTokenizer

from browseagent.errors import ModelError

if TYPE_CHECKING:
    from llguidance._lib import JsonCompileOptions

NO_BLANKS: JsonCompileOptions = {"whitespace_flexible": False}
"""A small model writes blanks without end."""
ALLOWED = 200
"""How llguidance marks a token that may follow."""
_LONGEST_END = 2_000
"""Tokens of an end that is looked for; a schema that leads back to itself may have none."""
_CLOSING = ("]", "}", ",", "n", "f", "0")
"""What ends JSON outside of a string soonest, in this order: null before false before a number."""


class Alphabet:
    """A tokenizer, and those of its tokens that close JSON."""

    def __init__(self, tokens: LLTokenizer) -> None:
        self.tokens = tokens
        self.closing = tuple(tokens.greedy_tokenize(each)[0] for each in _CLOSING)
        self.quote = tokens.greedy_tokenize('"')[0]

    def shortest_end(self, matcher: LLMatcher, taken: Sequence[int]) -> list[int] | None:
        """Tokens that end the document after those that are ``taken``, nearly the fewest; None where no end
        was found. From any place on this way the rest of it is the way again."""
        matcher = matcher.deep_copy()
        way: list[int] = []
        while len(way) < _LONGEST_END and not matcher.is_error():
            if matcher.is_accepting():
                return way
            step = matcher.compute_ff_tokens()
            if not step:
                text = self.tokens.decode_bytes([*taken, *way])
                wanted = (self.quote,) if _in_string(text) else self.closing
                step = [each for each in wanted if matcher.validate_tokens([each])][:1]
            step = step or [matcher.compute_logit_bias().find(ALLOWED)]
            if not matcher.consume_tokens(step):
                return None
            way += step
        return None


def schema_matcher(tokens: LLTokenizer, schema: Mapping[str, Any], form: JsonCompileOptions) -> LLMatcher:
    """What follows JSON of a schema. Raises :class:`ModelError` for a schema that nothing can be held to."""
    try:
        grammar = LLMatcher.grammar_from_json_schema(json.dumps(schema), overrides=form)
        matcher = LLMatcher(tokens, grammar, log_level=0)
    except ValueError as error:
        raise ModelError(f"a reply cannot be held to the schema: {error}") from error
    check(matcher)
    return matcher


def check(matcher: LLMatcher) -> None:
    """Raises :class:`ModelError` where the matcher has given up."""
    if matcher.is_error():
        reason = " ".join(matcher.get_error().split())[:200]
        raise ModelError(f"a reply cannot be held to the schema: {reason}")


class Form:
    """A schema, for replies that come as text."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        """Raises :class:`ModelError` for a schema that nothing can be held to, or that has no end."""
        self._alphabet = _bytes()
        self._matcher = schema_matcher(self._alphabet.tokens, schema, NO_BLANKS)
        start = self._matcher.deep_copy()
        # In a schema that must hold itself what is forced at its start has no end.
        start.consume_tokens(start.compute_ff_tokens()[:_LONGEST_END])
        check(start)

    def closed(self, begun: str) -> str | None:
        """The shortest document that begins so; None where no short one does, or none at all. A whole
        document stays as it is."""
        matcher = self._matcher.deep_copy()
        taken = self._alphabet.tokens.tokenize_bytes(begun.encode("utf-8", "replace"))
        if matcher.try_consume_tokens(taken) != len(taken):
            return None
        end = self._alphabet.shortest_end(matcher, taken)
        if end is None:
            return None
        return begun + self._alphabet.tokens.decode_bytes(end).decode("utf-8", "replace")


@cache
def _bytes() -> Alphabet:
    return Alphabet(LLTokenizer("byte"))


def _in_string(text: bytes) -> bool:
    """Whether JSON that breaks off here does so within a string."""
    return re.sub(rb"\\.", b"", text, flags=re.S).count(b'"') % 2 == 1
