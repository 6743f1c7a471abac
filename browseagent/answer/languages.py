"""Whether a page is in the language that the embedded reader reads, which is English, and whether a model
wrote in the one that it was asked for. Pure."""

from __future__ import annotations

import unicodedata
from collections import Counter
from functools import lru_cache

from browseagent.answer.lexical import STOP_WORDS, words
from browseagent.records import Answer, Document

NOT_READ = "the embedded model reads English, and this page is in another language; --model names another"
PARTLY_READ = "the embedded model reads English, and some of these pages are in another language"
UNREAD = "Not read: the model does not know this language."
"""What a person is told where no page was read."""
ENGLISH = 0.12
"""Share of function words among the words of a page from which on it is English, whatever it says of itself:
passages in German, French and Danish have .09 or less. Running English has .19 or more; names and prices of a
listing, menus and footers have less, so that what a page says of itself is believed there."""
OTHER = 0.2
"""The same share of another language from which on a page is in that one, though it does not say so: of 210
pages in English none had more than .12, of one in Indonesian that says it is English .39."""
_OTHERS = (
    *("German", "French", "Spanish", "Italian", "Portuguese", "Dutch"),
    *("Polish", "Swedish", "Danish", "Czech", "Turkish", "Indonesian"),
)
_LOOKED_AT = 20_000
_FEW = 30
"""Words below which a page is believed what it says of itself."""


def was_not_read(note: str) -> bool:
    """Whether a model's note says that it read nothing of what it was asked about."""
    return NOT_READ in note


def is_unread(answer: Answer) -> bool:
    """Whether the model read none of the pages that an answer is of."""
    return answer.model is not None and was_not_read(answer.model.note)


@lru_cache(maxsize=64)
def in_english(document: Document) -> bool:
    """Whether a document is in English: by its function words, and where these are few by what it says of
    itself, or that it says nothing and is in Latin letters, unless they are those of another language."""
    text = document.text[:_LOOKED_AT]
    letters = [character for character in text if character.isalpha()]
    if sum(character < "\u0250" for character in letters) * 2 < len(letters):
        return False
    found = words(text)
    english = sum(word in STOP_WORDS for word in found)
    if english >= ENGLISH * len(found) and len(found) >= _FEW:
        return True
    if document.language and not document.language.lower().startswith("en"):
        return False
    return not any(sum(word in some for word in found) >= OTHER * len(found) for some in _function_words())


@lru_cache(maxsize=1)
def _function_words() -> tuple[frozenset[str], ...]:
    """Of other languages that are written in Latin letters, those that English does not use."""
    from justext import get_stoplist

    english = get_stoplist("English") | STOP_WORDS
    return tuple(get_stoplist(language) - english for language in _OTHERS)


_SCRIPTS = {
    language: scripts.split()
    for languages, scripts in (
        ("ru uk be bg mk kk mn", "CYRILLIC"),
        ("sr", "CYRILLIC LATIN"),
        ("ar fa ur ps", "ARABIC"),
        ("hi mr ne", "DEVANAGARI"),
        ("zh", "CJK"),
        ("ja", "CJK HIRAGANA KATAKANA"),
        ("ko", "HANGUL"),
        ("el", "GREEK"),
        ("he", "HEBREW"),
        ("th", "THAI"),
        ("bn", "BENGALI"),
        ("ta", "TAMIL"),
    )
    for language in languages.split()
}
"""The letters of languages that are written in others than Latin ones."""
_ENOUGH = 5
"""Words from which on English is told from another language in Latin letters."""


def script_of(text: str) -> str:
    """The name, as Unicode has it, of the letters that most of a text is in; empty where it has none."""
    letters = (unicodedata.name(each, "").partition(" ")[0] for each in text if each.isalpha())
    return next((name for name, _ in Counter(letters).most_common(1)), "")


def not_in(language: str, text: str) -> str:
    """What to say of a text that is plainly not in the language of a tag, and nothing where it may be. Told
    apart are kinds of letters, and among Latin ones English from all others."""
    wanted, script = language.partition("-")[0].lower(), script_of(text)
    found = words(text)
    if not wanted or not script:
        return ""
    if script not in _SCRIPTS.get(wanted, ["LATIN"]):
        return f"{language} was asked for, and this is written in {script.title()} letters"
    english = sum(word in STOP_WORDS for word in found) >= ENGLISH * len(found)
    if script != "LATIN" or len(found) < _ENOUGH or english == (wanted == "en"):
        return ""
    return f"{language} was asked for, and this is {'English' if english else 'not English'}"
