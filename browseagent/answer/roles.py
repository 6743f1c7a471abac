"""Who does what to whom: two participants that change places around a word make another claim (English)."""

from __future__ import annotations

from collections.abc import Sequence

from browseagent.answer.claims import content, folded, names
from browseagent.answer.lexical import words

_ENGLISH = frozenset(
    words("the of and a to is was by over than from who had been has his her as with for it")
)
_BEFORE_NOUNS = frozenset(
    words("the a an of in on at for from with this that its his her their our your my no")
)
_PIVOTS = frozenset(words("after befor than until sinc"))
_BE = frozenset(words("is are was were be been being"))


def is_english(text: str) -> bool:
    """Whether a text holds a common English word: where the order of words is freer it tells no roles."""
    return bool(_ENGLISH & set(folded(text)))


def swapped(sentence: str, given: str, *, names_only: bool) -> bool:
    """Whether the nearest telling words on both sides of a shared word change places, or keep them where
    it turns passive ("A sued B", "A was sued by B"). With ``names_only`` only names count."""
    ours, theirs = content(sentence), content(given)
    named = set(content(" ".join(names(given)))) if names_only else set(theirs)
    for middle in range(1, len(ours) - 1):
        verb = ours[middle]
        if ours.count(verb) != 1 or theirs.count(verb) != 1 or verb.isdigit():
            continue
        if _is_noun(sentence, verb) or _is_noun(given, verb):
            continue
        at = theirs.index(verb)
        before, after = set(theirs[:at]), set(theirs[at + 1 :])
        telling = (before ^ after) & named  # a word on both sides ("tent") tells nothing
        subject = next((term for term in reversed(ours[:middle]) if term in telling), None)
        object_ = next((term for term in ours[middle + 1 :] if term in telling), None)
        if subject is None or object_ is None:
            continue
        passive, there = (verb not in _PIVOTS and _passive(text, verb) for text in (sentence, given))
        if subject in after and object_ in before and passive == there:
            return True
        kept = subject in before and object_ in after
        if kept and passive != there and "by" in folded(sentence if passive else given):
            return True
    return False


def _passive(text: str, verb: str) -> bool:
    """Whether a form of "be" stands just before the verb, or "by" just after it."""
    found = folded(text)
    at = _place(found, verb)
    return bool(_BE & set(found[max(0, at - 2) : at])) or "by" in found[at + 1 : at + 2]


def _is_noun(text: str, word: str) -> bool:
    """Whether an article or a preposition stands just before a word."""
    found = folded(text)
    at = _place(found, word)
    return at > 0 and found[at - 1] in _BEFORE_NOUNS


def _place(found: Sequence[str], term: str) -> int:
    return next((i for i, word in enumerate(found) if content(word) == [term]), 0)
