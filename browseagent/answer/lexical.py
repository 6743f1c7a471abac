"""Words as retrieval sees them: folded, stemmed, without the words that carry no content.

Languages written without spaces have no words to split at; there the terms are overlapping pairs
of characters (bigrams), as usual for BM25 over Chinese and Japanese.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import snowballstemmer

_WORD = re.compile(r"\w+")
_UNSPACED = re.compile(r"[぀-ヿ㐀-䶿一-鿿豈-﫿ｦ-ﾟ\U00020000-\U0003134f]+")

# Words below which a phrase proves nothing when it is quoted.
MIN_WORDS = 3

# English function words and question words: they say what is asked, not what it is about.
_FUNCTION_WORDS = (
    "a an and any are as at be been being but by can could did do does for from had has have he her his "
    "how i if in into is it its many me much my not of on or our she should so some such than that the "
    "their them then there these they this those to was we were what when where which who whom whose "
    "why will with would you your"
)
STOP_WORDS = frozenset(_FUNCTION_WORDS.split())
_stemmer = snowballstemmer.stemmer("english")


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The stem of a lower-case word (Snowball's English stemmer; Porter 2)."""
    return str(_stemmer.stemWord(word)) if word.isascii() else word


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[str, ...]:
    """All words of a text in order, folded (NFKC, lower case) but not stemmed; bigrams for CJK."""
    plain = unicodedata.normalize("NFKC", text).lower().replace("’", "'").replace("'s", "")
    found: list[str] = []
    for match in _WORD.finditer(plain):
        token, at = match.group(), 0
        for run in _UNSPACED.finditer(token):
            if run.start() > at:
                found.append(token[at : run.start()])
            found += _bigrams(run.group())
            at = run.end()
        if at < len(token):
            found.append(token[at:])
    return tuple(found)


def folded(text: str) -> str:
    """The words of a text in one line, by which texts are compared."""
    return " ".join(words(text))


def terms(text: str) -> list[str]:
    """The stemmed content words of a text, in order, repeats kept."""
    return [stem(word) for word in words(text) if word not in STOP_WORDS]


def question_terms(question: str) -> list[str]:
    """The content terms of a question; where it has none, all of its words."""
    return terms(question) or [stem(word) for word in words(question)]


def is_unspaced(text: str) -> bool:
    """Whether most of the letters belong to a script written without spaces."""
    unspaced = sum(len(run) for run in _UNSPACED.findall(text))
    return unspaced > 0 and unspaced * 2 > sum(character.isalpha() for character in text)


def _bigrams(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)] or [run]
