"""What a sentence claims, as far as words alone can tell: its clauses, names, dates, and whether it denies.

Written for English; negations, months and weekdays of some other languages are known too. Pure.
"""

from __future__ import annotations

import re
import unicodedata

from browseagent.answer.lexical import STOP_WORDS, stem, terms, words
from browseagent.answer.values import months, weekdays

_CALENDAR = {
    name: f"{kind}{number}"
    for language in ("de", "fr", "es")
    for kind, names_of in (("month", months), ("day", weekdays))
    for name, number in names_of(language).items()
}
_AMBIGUOUS = frozenset(
    ["may", "mar", "sun", "sat", "wed", "mon", "jan", "dec", "mai", "mars", "juni", "juli"]
)
"""These are common words too; as a date they stand beside a number."""
_OTHER_MONTH = re.compile(r"(\d{1,2})月|\b\d{4}-(\d{2})-\d{2}\b")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+")
_NOT = re.compile(
    r"\b(?:not(?! (?:only|just)\b)|never|no(?! (?:more|less|fewer|later|earlier|doubt)\b)(?!\.\s?\d)"
    r"|none|nobody|nothing|neither|nor|without|cannot|unable|fail(?:s|ed)? to|refus(?:e[sd]?|ing)"
    r"|lack(?:s|ed)?|ruled out|unlikely|impossible|hardly|barely"
    r"|nicht|kein\w*|nie(?:mals)?|ohne|aucune?|jamais|sans|nunca|ning[uú]n\w*|sin)\b"
    r"|\b\w+n['’]t\b|[不没無无未非]",
    re.I,
)
_DOUBT = re.compile(
    r"\b(?:may(?! \d)|might|could|if|unless|alleg\w+|claim(?:s|ed)?|reportedly|rumou?r\w*|den(?:y|ies|ied)"
    r"|propos(?:e[sd]|al|als)|hope[sd]?|considering|perhaps|possibly|plan(?:s|ned) to)\b"
    r"|\b(?:say|reply|answer|write|state|tell\s+\w+)\s+(?:that|with|only)\b",
    re.I,
)
_HEDGE = re.compile(
    r"\b(?:would|should|can|plan(?:s|ned|ning)?|proposing|expect(?:s|ed)?|hope[sd]?|intend(?:s|ed)?"
    r"|consider(?:s|ed)?|likely|possible|suggest(?:s|ed)?|aim(?:s|ed)?|want(?:s|ed)?|ask(?:s|ed)?"
    r"|demand(?:s|ed)?|projected|forecast|estimate[sd]?|potential(?:ly)?|threaten(?:s|ed)?)\b",
    re.I,
)
_CLAUSE = re.compile(
    r"[,;]\s|[。，；]|\s[–—-]\s|[.!?]\s+|\s(?:but|while|whereas|although|though|and|aber|während)\s", re.I
)
_STRONG = (
    re.compile(
        r"\b(?:all|always|every(?! (?:day|week|month|year|hour|morning|evening|night|summer|winter)\b)\w*"
        r"|entire(?:ly)?|completely|whole)\b(?! the same\b)",
        re.I,
    ),
    re.compile(r"\b(?:only|never|must(?! not))\b", re.I),
)
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


def _groups(text: str) -> list[list[str]]:
    return [group.split() for group in text.replace("\n", "|").split("|") if group.strip()]


_FORMS = {
    form: group[0]
    for group in _groups(
        """child children|man men|woman women|person people|foot feet|buy bought|sell sold|rise rose risen
fall fell fallen|lose lost|win won|leave left|teach taught|build built|begin began begun|take took taken
give gave given|make made|go went gone|come came|see saw seen|find found|get got|hold held|keep kept|pay paid
say said|tell told|write wrote written|speak spoke spoken|drive drove driven|grow grew grown|know knew known
run ran|sit sat|stand stood|spend spent|lead led|meet met|think thought|bring brought|catch caught|feel felt
send sent|draw drew|eat ate eaten|break broke broken|choose chose chosen|wear wore worn|sink sank sunk
fly flew flown|throw threw thrown|learn learnt|die dead death|bear born|late later"""
    )
    for form in group[1:]
}
"""Irregular forms, whose stems differ."""
_OPPOSITES: dict[str, frozenset[str]] = {}
for _one, _other in _groups(
    """open close|increase decrease|increase reduce|rise fall|grow shrink|up down|more less|more fewer
before after|above below|over under|allow forbid|allow ban|allow prohibit|allow refuse|permit forbid
permit ban|cheaper dearer|win lose|winner loser|include exclude|minimum maximum|start end|start finish
begin end|first last|earlier later|early late|north south|east west|left right|accept reject|accept refuse
approve reject|pass fail|buy sell|higher lower|high low|larger smaller|bigger smaller|longer shorter
older younger|taller shorter|heavier lighter|faster slower|better worse|best worst|most least
largest smallest|highest lowest|longest shortest|oldest youngest|oldest newest|cheapest dearest
support oppose|for against|true false|safe dangerous|dry wet|hot cold|warmer colder|male female|man woman
arrive leave|arrive depart|enter leave|inside outside|indoor outdoor|public private|full empty|old new
free paid|compulsory optional|possible impossible|legal illegal|available unavailable|able unable
raise lower|raise cut|gain loss|profit loss|success failure|alive dead|present absent|credit debit
import export|majority minority|morning evening|morning afternoon|daily weekly|weekly monthly
monthly yearly|summer winter|spring autumn|adult child|parent child|mother father|son daughter
brother sister|husband wife|king queen"""
):
    for _term, _contrary in ((stem(_one), stem(_other)), (stem(_other), stem(_one))):
        _OPPOSITES[_term] = _OPPOSITES.get(_term, frozenset()) | {_contrary}


def content(text: str) -> list[str]:
    """The content words of a text in order, as stems, irregular forms and negations settled."""
    plain = _NOT.sub(" ", text)
    return [stem(_FORMS.get(word, word)) for word in words(plain) if word not in STOP_WORDS]


def opposites(term: str) -> frozenset[str]:
    """The stems that mean the contrary of a stem."""
    return _OPPOSITES.get(term, frozenset())


def strengths(text: str) -> frozenset[int]:
    """The ways in which a text claims the most: of all, or of nothing else."""
    return frozenset(number for number, pattern in enumerate(_STRONG) if pattern.search(text))


def orders(text: str) -> bool:
    """Whether a text tells a model, or whoever answers, what to say."""
    return _ORDERS.search(text) is not None


def denials(text: str) -> int:
    """How many negations a text has; "neither … nor" is one."""
    found = [match[0].lower() for match in _NOT.finditer(text)]
    return len(found) - ("neither" in found and "nor" in found)


def doubtful(text: str) -> bool:
    """Whether a text says only that something is claimed, possible, proposed, or to be said."""
    return _DOUBT.search(text) is not None


def hedged(text: str) -> bool:
    """Whether a text leaves open if what it says is so, or only expects it."""
    return doubtful(text) or _HEDGE.search(text) is not None


def folded(text: str) -> list[str]:
    """All words of a text, folded, without their possessive."""
    plain = unicodedata.normalize("NFKC", text).replace("’", "'")
    return [word.casefold().removesuffix("'s") for word in _WORD.findall(plain)]


def clauses(text: str) -> list[str]:
    """A text cut at its commas and conjunctions; a piece with fewer than two content words is left with
    the one before it."""
    pieces: list[str] = []
    for piece in filter(None, map(str.strip, _CLAUSE.split(text))):
        if pieces and (len(terms(piece)) < 2 or len(terms(pieces[-1])) < 2):
            pieces[-1] += ", " + piece
        else:
            pieces.append(piece)
    return pieces


def calendar(text: str) -> set[str]:
    """The months and weekdays that a text names."""
    found = {f"month{int(one or other)}" for one, other in _OTHER_MONTH.findall(text)}
    every = ["", *_WORD.findall(unicodedata.normalize("NFKC", text)), ""]
    for place, word in enumerate(every):
        name = _CALENDAR.get(word.casefold()) or _CALENDAR.get(word.casefold().removesuffix("s"))
        dated = word[:1].isupper() and (len(word) == 3 or any(map(str.isdigit, every[place - 1 : place + 2])))
        if name and (dated or word.casefold() not in _AMBIGUOUS):
            found.add(name)
    return found


def names(text: str) -> list[str]:
    """The capitalised words of a text that are names, as written; the first word of a sentence only where
    another capital follows it or is in it."""
    found = []
    plain = unicodedata.normalize("NFKC", text).strip(" \"'“”‘’([•*-")
    for match in _CAPITAL.finditer(plain):
        word = match.group().rstrip(".'’-").removesuffix("'s").removesuffix("’s")
        before, after = plain[: match.start()].rstrip(), plain[match.end() :]
        first = not before or before[-1] in '.!?:“"'
        plainly = word[1:] == word[1:].lower() and not re.match(r"[’'\s]+[A-Z]", after)
        if len(word) > 1 and word.casefold() not in STOP_WORDS | _CALENDAR.keys() and not (first and plainly):
            found.append(word)
    return found
