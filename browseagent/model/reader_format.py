"""How a passage, a question and its answer are written for the reader, in training and in use alike.

    HEADING ⏎ TEXT | ⏎⏎ Question: QUESTION ⏎ Answer: | ANSWER end

The bars are where the tokens are cut: the passage does not depend on the question, so that what the
model makes of it can be kept. No answer is written as none: the end follows at once. After an answer "yes"
against "no" says whether it is right, and before one, of a question for yes or no, which it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tokenizers import Tokenizer

from browseagent.model.prompts import load_prompt

PROMPTS = ("reader-passage", "reader-question")
LONGEST_ANSWER = 24
"""Tokens. Of the answers in SQuAD's training half 99 % are shorter."""
SHORT_ANSWER = 6
"""Tokens of an answer that are looked at first."""
_WORD = re.compile(r"(?:(?<![\w)\]])[-–](?=[\d.$€£]))?[^\s\-–—/()\[\]“”\"]+")
"""Where an answer may begin: also after a hyphen, a slash, a bracket or a quotation mark."""


@dataclass(frozen=True, slots=True)
class Start:
    """A place where an answer may begin, and the tokens of the text from there."""

    offset: int
    """Characters into the passage's text."""
    tokens: tuple[int, ...]
    """At most :data:`LONGEST_ANSWER`."""
    ends: tuple[int, ...]
    """For each token the offset of the text after it where an answer may end there, else -1."""

    @property
    def is_long(self) -> bool:
        """Whether it has more tokens than are looked at first."""
        return len(self.tokens) > SHORT_ANSWER

    @property
    def short(self) -> Start:
        """The same with the tokens that are looked at first."""
        return Start(self.offset, self.tokens[:SHORT_ANSWER], self.ends[:SHORT_ANSWER])


class ReaderFormat:
    """Texts to tokens."""

    def __init__(self, tokenizer: Tokenizer, end: int) -> None:
        """``end`` is the number of the token that ends a text."""
        self._tokenizer = tokenizer
        self._passage, self._question = map(load_prompt, PROMPTS)
        self.end = end
        self.yes, self.no = (self._encode(f" {word}")[-1] for word in ("yes", "no"))

    @classmethod
    def of(cls, tokenizer: Any) -> ReaderFormat:
        """With a fast tokenizer of Transformers."""
        return cls(tokenizer.backend_tokenizer, int(tokenizer.eos_token_id))

    def passage(self, heading: str, text: str) -> tuple[int, ...]:
        """Tokens of a passage."""
        return self._encode(f"{self._passage.render(heading=heading, text=text)}\n\n")

    def question(self, question: str) -> tuple[int, ...]:
        """Tokens of a question, up to where the answer begins."""
        return self._encode(self._question.render(question=question))

    def answer(self, answer: str) -> tuple[int, ...]:
        """Tokens of an answer, or of none where ``answer`` is empty, with the end."""
        return (*(self._encode(f" {answer}") if answer else ()), self.end)

    def starts(self, text: str, stretches: Sequence[tuple[int, int]] = ()) -> list[Start]:
        """Every place of a text where an answer may begin, its tokens up to the end of the stretch."""
        within = stretches or ((0, len(text)),)
        places = [
            (match.start(), end)
            for start, end in within
            for match in _WORD.finditer(text, start, end)
            if _begins(match.group())
        ]
        if not places:
            return []
        # About four characters make a token; twice that is more than is needed.
        pieces = [f" {text[place : min(place + 8 * LONGEST_ANSWER, end)]}" for place, end in places]
        encoded = self._tokenizer.encode_batch(pieces, add_special_tokens=False)
        rows = zip(places, pieces, encoded, strict=True)
        return [_start(place, piece, each.ids, each.offsets) for (place, _), piece, each in rows]

    def _encode(self, text: str) -> tuple[int, ...]:
        return tuple(self._tokenizer.encode(text, add_special_tokens=False).ids)


def _begins(word: str) -> bool:
    sign = word[0] in "+-−–.'’" or unicodedata.category(word[0]) == "Sc"
    return word[0].isalnum() or (sign and any(character.isalnum() for character in word))


def _start(place: int, piece: str, ids: Sequence[int], offsets: Sequence[tuple[int, int]]) -> Start:
    tokens, ends = tuple(ids[:LONGEST_ANSWER]), []
    for _, end in offsets[:LONGEST_ANSWER]:
        # piece[0] is the blank before the text
        # A number may run into a word: "£34.00was £52.00".
        runs_on = end < len(piece) and piece[end - 1].isalnum() and piece[end].isalnum()
        whole = not runs_on or (piece[end - 1].isdigit() and piece[end].isalpha())
        ends.append(place + end - 1 if whole and not piece[end - 1].isspace() else -1)
    return Start(place, tokens, tuple(ends))
