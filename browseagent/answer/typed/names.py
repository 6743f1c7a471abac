"""What the names in a schema mean: as words to look for, and as a question to ask."""

from __future__ import annotations

import re

from browseagent.answer.lexical import question_terms, stem, terms

_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\dA-Z_]+|\d+")
_ASKS = re.compile(
    r"\?\s*$|^(?:what|which|who|whom|whose|when|where|why|how|is|are|was|were|do|does|did|can|may|has|have)\b",
    re.I,
)
_SAME = (
    "title name product headline heading item label",
    "price cost fee amount fare tariff",
    "link url href uri website address",
    "rating stars score",
    "reviews votes",
    "date day published when posted updated",
    "stock available availability",
    "text description summary teaser abstract snippet excerpt details",
    "author writer byline",
    "phone telephone tel",
    "sku code article number mpn",
    "brand manufacturer maker",
    "section category group",
    "time hours",
    "servings serves yield portions",
    "place location venue where city",
)
_SYNONYMS: dict[str, set[int]] = {}
for _group, _line in enumerate(_SAME):
    for _word in _line.split():
        _SYNONYMS.setdefault(stem(_word), set()).add(_group)
_FORMER = frozenset(stem(word) for word in ("former", "was", "old", "previous", "original", "rrp", "regular"))
_GENERIC = frozenset(stem(word) for word in ("product", "item", "current", "value", "number", "count"))
"""Words that a name may have and that tell nothing apart."""


def spelt(name: object) -> str:
    """A name as it is said in a message: short, on one line."""
    text = " ".join(str(name).split())
    return text if len(text) <= 60 else f"{text[:57]}…"


def name_words(name: str) -> list[str]:
    """The words of a name: ``unitPrice``, ``unit_price`` and ``unit-price`` are "unit price"."""
    return [part.lower() for part in _PARTS.findall(name)]


def name_stems(name: str) -> frozenset[str]:
    """The stemmed words of a name that carry its meaning."""
    return frozenset(question_terms(" ".join(name_words(name))))


def likeness(wanted: frozenset[str], offered: frozenset[str]) -> float:
    """How well the stemmed words of a name are meant by those of another, 0 to 3. A word of what is wanted
    that is not offered counts more than the reverse: a former price is not the price, but the weight may
    be called the packed weight."""
    if not wanted or not offered or bool(_FORMER & wanted) != bool(_FORMER & offered):
        return 0.0
    wanted = wanted - _GENERIC or wanted
    if wanted == offered:
        return 3.0
    shared = wanted & offered
    if shared:
        return 2.0 if shared == wanted else 0.5 + len(shared) / len(wanted | offered)
    groups = {group for word in wanted for group in _SYNONYMS.get(word, ())}
    if len(wanted - _FORMER) == 1 and any(groups & _SYNONYMS.get(word, set()) for word in offered):
        return 2.0
    within = any(len(a) > 3 and len(b) > 3 and (a in b or b in a) for a in wanted for b in offered)
    return 1.5 if within and len(wanted) == len(offered) == 1 else 0.0


def means(name: str, word: str) -> bool:
    """Whether a name has the word, or one that means the same, in it."""
    groups = _SYNONYMS.get(stem(word), set())
    return any(each == stem(word) or groups & _SYNONYMS.get(each, set()) for each in name_stems(name))


def described_stems(text: str) -> frozenset[str]:
    """The stemmed content words of a description or a question."""
    return frozenset(terms(text))


def asked_for(path: tuple[str, ...], described: str, question: str, kind: str) -> str:
    """The question that asks for one value: its description, else its names with what the person asked."""
    described = " ".join(described.split())
    if _ASKS.search(described):
        return described
    names = [" ".join(name_words(part)) for part in path if part != "[]"]
    if not described and not names:
        return question
    wanted = re.sub(r"^(?:the|an?)\s+", "", described, flags=re.I).rstrip(".") if described else names[-1]
    if kind == "boolean":
        asked = f"Is it {wanted.removeprefix('is ').removeprefix('has ')}"
    elif kind == "list":
        asked = f"What are the {wanted}"
    elif kind == "date" and "date" not in wanted:
        asked = f"When is the {wanted}"
    else:
        asked = f"What is the {wanted}"
    of = " ".join(names[:-1]) if not described else ""
    if of:
        asked = f"{asked} of the {of}"
    if not question:
        return f"{asked}?"
    return f"{question.rstrip('?')}: {asked[0].lower()}{asked[1:]}?" if _ASKS.search(question) else (
        f"{asked} of {question.rstrip('.')}?"
    )  # fmt: skip
