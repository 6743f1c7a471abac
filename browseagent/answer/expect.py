"""What sort of thing a question asks for, from its words alone (English), and what would be one."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from browseagent.answer.values.currencies import mark_pattern


class Expected(StrEnum):
    """The form that the short answer takes."""

    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    NAME = "name"
    """A person, organisation or place: something with a capital letter."""
    PHRASE = "phrase"
    """Anything else that is named in a few words."""
    STATEMENT = "statement"
    """Yes or no, a reason, a way: only a sentence answers it."""


_STATEMENT = re.compile(
    r"^(is|are|was|were|am|do|does|did|has|have|had|can|could|will|would|should|may|might|must)\b"
    r"|\bwhy\b|\bwhat happens\b|^how (do|does|did|can|could|is|are|was|were|should|to|would|has|have|will)\b"
    r"|\bexplain\b|\bdescribe\b",
    re.I,
)
_YES_OR_NO = re.compile(
    r"^(?:and |so |but )?(?:is|are|was|were|am|do|does|did|has|have|had|can|could|will|would|should|may|might"
    r"|must)\b(?!.*\bor\b)",
    re.I,
)
_NUMBER = re.compile(
    r"\bhow (many|much|long|old|far|tall|high|deep|wide|large|big|fast|often|heavy|hot|cold)\b"
    r"|\b(what|which) (percent(age)?|number|amount|share|proportion|size|length|height|weight|distance|depth"
    r"|fraction|temperature|score|rate|portion|quantity|age)\b|\bpopulation\b|\bphone number\b",
    re.I,
)
_MONEY = re.compile(
    r"\b(prices?|priced|costs?|fees?|fare|salary|wages?|rent|charged?)\b"
    r"|\bhow (much|expensive|cheap)\b.*\b(pay|paid|spen[dt]|earn)\b"
    r"|^how much (is|are|was|were|for|would|will|do i|does it|did it)\b",
    re.I,
)
_DATE = re.compile(
    r"\bwhen\b|\b(what|which) (year|date|day|month|decade|century|time|season|era|period|week)\b"
    r"|\bhow (recently|soon)\b|\b(deadline|opening hours)\b|\bwhat is the date\b",
    re.I,
)
_NAME = re.compile(
    r"\bwho(m|se)?\b|\bwhere\b"
    r"|\b(what|which) (person|man|woman|country|city|town|state|nation|company|organi[sz]ation|team|player"
    r"|university|king|queen|president|author|artist|actor|language|region|continent|river|county|place|scientist"
    r"|philosopher|general|church|school)\b"
    r"|\b(name|names|named|called) of\b|\bwhat is the name\b",
    re.I,
)


_FORMS = (
    (Expected.MONEY, _MONEY),
    (Expected.NUMBER, _NUMBER),
    (Expected.DATE, _DATE),
    (Expected.NAME, _NAME),
)


def expected(question: str) -> Expected:
    """What form the short answer to a question takes."""
    if _STATEMENT.search(question):
        return Expected.STATEMENT
    for kind, pattern in _FORMS:
        if pattern.search(question):
            return kind
    return Expected.PHRASE


def asks_yes_or_no(question: str) -> bool:
    """Whether a question asks for yes or no (English)."""
    return _YES_OR_NO.match(question.strip()) is not None


_MONTHS = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.?"
)
_WORD_NUMBERS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    "|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion|dozen"
    "|half|quarter|third|twice|once|several"
)
NUMBER = re.compile(
    rf"(?:[$€£¥₹]\s?)?\d[\d.,]*\d|(?:[$€£¥₹]\s?)?\d|\b(?:{_WORD_NUMBERS})(?:[- ](?:{_WORD_NUMBERS}))*\b", re.I
)
DATE = re.compile(
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\s+)?{_MONTHS}(?:\s+\d{{1,2}}(?:st|nd|rd|th)?\b)?(?:,?\s+\d{{4}})?"
    r"|\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b|\b(?:1\d|20)\d{2}s?\b(?:\s?[–-]\s?(?:1\d|20)?\d{2}\b)?"
    r"|\b(?:\d{1,2}(?:st|nd|rd|th)|first|second|third)(?: and \w+)? centur(?:y|ies)(?:\s+(?:BC|AD|BCE|CE))?"
    r"|\b\d{1,2}(?::\d{2})?\s?(?:am|pm|a\.m\.|p\.m\.)|\b\d{1,2}:\d{2}\b|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?\b",
)
NAME = re.compile(
    r"\b[A-Z][\w’'.&-]*(?:\s+(?:(?:of|the|de|la|le|von|van|der|del|di|du|and|for|&)\s+){0,2}[A-Z0-9][\w’'.&-]*)*"
)


MEASURE = re.compile(
    r"[ \u00a0-]?(?:%|mm|cm|m|km|mi|miles?|met(?:er|re)s?|kilomet(?:er|re)s?|yards?|feet|foot|ft|inch(?:es)?"
    r"|acres?|hectares?|seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?|centuries|kg|g|grams?|tons?|tonnes?"
    r"|pounds?|lbs?|degrees?|°[CF]?|years? old)\b",
    re.I,
)
"""What follows the number that says how long, far, tall, heavy or old something is."""
_MEASURED = re.compile(
    r"\bhow (long|far|tall|high|deep|wide|large|big|heavy|old|fast|hot|cold|soon|often)\b", re.I
)
_COUNTED = re.compile(r"\bhow many\s+(?:\w+\s+){0,2}?(\w{3,})", re.I)

# Words of a question that only say which form is asked for: the form itself answers them.
PRICE_WORDS = frozenset({"price", "cost", "charg", "pay", "paid", "fee", "much", "expens", "cheap"})


def follows(question: str) -> re.Pattern[str] | None:
    """What should follow the number that answers: a measure ("how tall"), or the thing counted ("how
    many trams"); None where the question does not say."""
    if _MEASURED.search(question):
        return MEASURE
    counted = _COUNTED.search(question)
    if counted is None:
        return None
    return re.compile(rf"[ \u00a0-](?:[\w-]+ ){{0,2}}{re.escape(counted[1].rstrip('s'))}", re.I)


@lru_cache(maxsize=1)
def money_pattern() -> re.Pattern[str]:
    """An amount of money with its currency, or that there is none to pay."""
    mark = mark_pattern()
    digits = r"\d(?:[\d.,]*\d)?"
    return re.compile(
        rf"{mark}\s?{digits}(?:\s?(?i:thousand|million|billion|bn|m|k)\b)?"
        rf"|(?<!\w){digits}(?:\s?(?i:thousand|million|billion))?(?:[.,:][-–])?\s?(?:{mark}|(?i:pence|cents?)\b)"
        r"|(?i:\bfree(?: of charge)?\b)"
    )


def holds(kind: Expected, text: str) -> bool:
    """Whether a text holds something of the expected form."""
    if kind is Expected.MONEY:
        return money_pattern().search(text) is not None
    if kind is Expected.NUMBER:
        return NUMBER.search(text) is not None
    if kind is Expected.DATE:
        return DATE.search(text) is not None
    if kind is Expected.NAME:
        # The first word is capital in any sentence; a name is a capital further in.
        return any(match.start() > 0 or " " in match.group() for match in NAME.finditer(text))
    return True
