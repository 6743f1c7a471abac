"""What a sentence claims, as far as words alone can tell: its clauses, names, dates, and whether it denies.

Written for English; negations, months and weekdays of some other languages are known too. Pure.
"""

from __future__ import annotations

import re
import unicodedata

from browseagent.answer.claim_words import DAYS, FORMS, MONTHS, OPENERS, OPPOSITES
from browseagent.answer.lexical import STOP_WORDS, stem, terms, words

_CALENDAR = {
    name: f"{kind}{number}"
    for kind, groups in (("month", MONTHS), ("day", DAYS))
    for number, group in enumerate(groups, start=1)
    for name in group
}
# These are common words too; as a date they stand beside a number.
MONTH_NAMES = "|".join(sorted((name for group in MONTHS for name in group), reverse=True))
"""Every name of a month, as alternatives of a pattern."""
_AMBIGUOUS = frozenset(
    ("may", "mar", "sun", "sat", "wed", "mon", "jan", "dec", "mai", "mars", "juni", "juli")
)
_CJK_MONTH = re.compile(r"(\d{1,2})月")
_ISO = re.compile(r"\b\d{4}-(\d{2})-\d{2}\b")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+")

_NOT = re.compile(
    r"\b(?:not|never|no(?! (?:more|less|fewer|later|earlier|doubt)\b)(?!\.\s?\d)|none|nobody|nothing"
    r"|neither|nor|without"
    r"|cannot|unable|fail(?:s|ed)? to|refus(?:e[sd]?|ing)|lack(?:s|ed)?|ruled out|unlikely|impossible"
    r"|hardly|barely"
    r"|nicht|kein\w*|nie(?:mals)?|ohne|aucune?|jamais|sans|nunca|ning[uú]n\w*|sin)\b"
    r"|\b\w+n['’]t\b|[不没無无未非]",
    re.I,
)
_ONLY_LOOKS = re.compile(
    r"\bnot only\b|\bno (?:more|less|fewer|later|earlier) than\b|\bnot just\b|\bnon-\w+", re.I
)
_NEITHER = re.compile(r"\bneither\b(.*?)\bnor\b", re.I)
_HEDGE = re.compile(
    r"\b(?:may(?! \d)|might|could|would|should|if|unless|plan(?:s|ned|ning)?|propos(?:e[sd]?|al|als|ing)"
    r"|expect(?:s|ed)?"
    r"|hope[sd]?|intend(?:s|ed)?|consider(?:s|ed|ing)?|likely|possibl[ey]|perhaps|alleg\w+|claim(?:s|ed)?"
    r"|reportedly"
    r"|rumou?r\w*|den(?:y|ies|ied)|suggest(?:s|ed)?|aim(?:s|ed)?|want(?:s|ed)?|ask(?:s|ed)?|demand(?:s|ed)?"
    r"|will"
    r"|projected|forecast|estimate[sd]?|potential(?:ly)?|can|threaten(?:s|ed)?)\b",
    re.I,
)
_DOUBT = re.compile(
    r"\b(?:may(?! \d)|might|could|if|unless|alleg\w+|claim(?:s|ed)?|reportedly|rumou?r\w*|den(?:y|ies|ied)"
    r"|propos(?:e[sd]|al|als)"
    r"|hope[sd]?|considering|perhaps|possibly|plan(?:s|ned) to)\b"
    r"|\b(?:say|reply|answer|write|state|tell\s+\w+)\s+(?:that|with|only)\b",
    re.I,
)
_CLAUSE = re.compile(
    r"[,;]\s|[。，；]|\s[–—-]\s|[.!?]\s+|\s(?:but|while|whereas|although|though|and|aber|während)\s", re.I
)
_NOTHING_TO_PAY = re.compile(
    r"\b(?:pay|pays|costs?|charged?) nothing\b|\b(?:no|without|free of) (?:charge|fee|cost|payment)\b", re.I
)
_ALL = re.compile(
    r"\b(?:all|always|every(?! (?:day|week|month|year|hour|morning|evening|night|summer|winter)\b)\w*"
    r"|entire(?:ly)?"
    r"|completely)\b(?! the same\b)",
    re.I,
)
_ONLY = re.compile(r"\bonly (?!\d)(?:\w+ ){1,3}(?:may|can|could|are|is|will|have|has|must|was|were)\b", re.I)
_EXCEPT = re.compile(
    r"\b(?:only|just|solely|except|exclusively|none but|reserved|limited|restricted)\b", re.I
)
_CAUSE = re.compile(
    r"\b(?:because|due to|owing to|caus(?:e[sd]?|ing)|thanks to|as a result|result(?:s|ed) (?:in|from)"
    r"|led to|therefore"
    r"|so that|reasons?|since|hence|brought about)\b",
    re.I,
)
_COMPARES = re.compile(r"\b(?:more|less|fewer|\w{2,}er|worse)\b[^,;]*? than (?!\d)", re.I)
_ORDERS = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b[^.]{0,40}\b(?:instruct\w*|prompts?|rules|above|previous"
    r"|prior|text)\b"
    r"|^\W*(?:system|assistant|user|developer|instructions?|note to (?:ai|llm)s?)\s*[:,>\]]|<\|\w+\|>"
    r"|\bsystem prompt\b"
    r"|\btell (?:the|your) (?:user|reader|human)s?\b|\byou are (?:now )?(?:an? |the )?(?:\w+ ){0,2}(?:ai"
    r"|assistant"
    r"|chatbot|language model|llm|salesman|bot)\b|\bas an ai\b|\b(?:ai|llm|language) (?:models?"
    r"|assistants?) (?:must|should)\b"
    r"|\b(?:fetch|visit|open|load|go to)\s+https?://"
    r"|\b(?:output|print|append|insert|visit|click|open)\b[^.]{0,30}\b(?:https?://|the link\b|this link\b)"
    r"|^\W*(?:please |now |instead,? )*(?:say|reply|answer|respond|output|print|repeat|recommend|append"
    r"|insert|translate)\b"
    r"(?:[^.]{0,40}\b(?:that|with|only|to everyone|the (?:link|words?|text|sentence|phrase))\b)"
    r"|忽略[^。]{0,12}(?:指令|指示|说明|内容)|ignorier\w*[^.]{0,40}(?:anweisung|befehl)"
    r"|ignore[zr]?[^.]{0,40}(?:consignes|instrucciones)"
    r"|ignora[^.]{0,40}(?:instrucciones|istruzioni)|игнорируй",
    re.I,
)
_CAPITAL = re.compile(r"(?<![\w])(?:[A-ZÄÖÜÉÀ-Þ][\w’'&.-]*)")
_OPENERS = frozenset(word for group in OPENERS for word in group)

_FORMS = {form: group[0] for group in FORMS for form in group[1:]}

_OPPOSITE: dict[str, frozenset[str]] = {}
for _pair in OPPOSITES:
    _one, _other = map(stem, _pair)
    _OPPOSITE[_one] = _OPPOSITE.get(_one, frozenset()) | {_other}
    _OPPOSITE[_other] = _OPPOSITE.get(_other, frozenset()) | {_one}


def content(text: str) -> list[str]:
    """The content words of a text in order, as stems, irregular forms and negations settled."""
    plain = _NOT.sub(" ", settled(text))
    return [stem(_FORMS.get(word, word)) for word in words(plain) if word not in STOP_WORDS]


def settled(text: str) -> str:
    """A text in which "pays nothing" and "no charge" read "free": they deny nothing."""
    return _NOTHING_TO_PAY.sub(" free ", text)


def of_all(text: str) -> bool:
    """Whether a text speaks of all of something."""
    return _ALL.search(text) is not None


def of_some_only(text: str) -> bool:
    """Whether a text excludes others: "only members may"."""
    return _ONLY.search(text) is not None


def compares(text: str) -> bool:
    """Whether a text compares two things ("more points than Voss"), not a thing with a number."""
    return _COMPARES.search(text) is not None


def orders(text: str) -> bool:
    """Whether a text tells a model, or whoever answers, what to say."""
    return _ORDERS.search(text) is not None


def excludes(text: str) -> bool:
    """Whether a text says in any way that something is for some only."""
    return _EXCEPT.search(text) is not None


def gives_cause(text: str) -> bool:
    """Whether a text says why."""
    return _CAUSE.search(text) is not None


def folded(text: str) -> list[str]:
    """All words of a text, folded, without their possessive."""
    plain = unicodedata.normalize("NFKC", text).replace("’", "'")
    return [word.casefold().removesuffix("'s") for word in _WORD.findall(plain)]


def clauses(text: str) -> list[str]:
    """A text cut at its commas and conjunctions; a piece with fewer than two content words is left with
    the one before it."""
    pieces: list[str] = []
    begin = 0
    for cut in [*(match.span() for match in _CLAUSE.finditer(text)), (len(text), len(text))]:
        piece = text[begin : cut[0]].strip()
        begin = cut[1]
        if not piece:
            continue
        if pieces and (len(terms(piece)) < 2 or len(terms(pieces[-1])) < 2):
            pieces[-1] += ", " + piece
        else:
            pieces.append(piece)
    return pieces


def denials(text: str) -> int:
    """How many negations a text has."""
    return len(_NOT.findall(_NEITHER.sub(r"neither\1", _ONLY_LOOKS.sub(" ", settled(text)))))


def hedged(text: str) -> bool:
    """Whether a text leaves open if what it says is so, or is still to come."""
    return _HEDGE.search(text) is not None


def doubtful(text: str) -> bool:
    """Whether a text says only that something is claimed, possible, proposed, or to be said."""
    return _DOUBT.search(text) is not None


def calendar(text: str) -> set[str]:
    """The months and weekdays that a text names."""
    words = _WORD.findall(unicodedata.normalize("NFKC", text))
    found = set()
    for place, word in enumerate(words):
        name = _CALENDAR.get(word.casefold())
        beside = [
            each for each in (words[place - 1 : place] + words[place + 1 : place + 2]) if each.isdigit()
        ]
        if name and (word.casefold() not in _AMBIGUOUS or (word[0].isupper() and (beside or len(word) == 3))):
            found.add(name)
    found |= {f"month{int(month)}" for month in _CJK_MONTH.findall(text) + _ISO.findall(text)}
    return found


def names(text: str) -> list[str]:
    """The capitalised words of a sentence that are names, as written; its first word only where it looks
    like one."""
    found = []
    plain = unicodedata.normalize("NFKC", text).strip(" \"'“”‘’([•*-")
    for match in _CAPITAL.finditer(plain):
        word = match.group().rstrip(".'’-").removesuffix("'s").removesuffix("’s")
        low = word.casefold()
        if not word or low in _CALENDAR or low in STOP_WORDS or len(word) < 2:
            continue
        first = match.start() == 0 or plain[: match.start()].rstrip()[-1:] in (".", "!", "?", ":", "“", '"')
        if first and not _is_name_at_start(word, plain[match.end() :]):
            continue
        found.append(word)
    return found


def _is_name_at_start(word: str, rest: str) -> bool:
    if word.casefold() in _OPENERS:
        return False
    if word[1:] != word[1:].lower() or re.match(r"[’'\s]+[A-Z]", rest):
        return True
    return not re.search(r"(?:[^s]s|ing|ed|ly|ion|ment|ness)$", word)


def opposites(term: str) -> frozenset[str]:
    """The stems that mean the contrary of a stem."""
    return _OPPOSITE.get(term, frozenset())
