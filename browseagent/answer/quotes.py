"""Quotes: the only way to make one is to find its words on the page.

A model's words are looked up after folding white space and Unicode (:func:`locate`); what is found
is turned into a :class:`~browseagent.records.Quote` whose text is the page's own characters. The
link is a text fragment (WICG, https://wicg.github.io/scroll-to-text-fragment/): it opens the page
scrolled to the words, with a prefix or suffix where the phrase occurs more than once.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from html import unescape
from urllib.parse import quote as percent_encode

from browseagent.answer.lexical import MIN_WORDS, words
from browseagent.read.described import PLACE as HEAD
from browseagent.records import Block, Document, Quote

_FEWEST_WORDS = 3
"""With which a span is linked at least: two or one may stand in a part of the page that is not read."""
_MOST_WORDS = 12
"""Beyond which a span whose first words stand elsewhere too is linked in another way."""
_LONGEST_EXACT = 200  # characters; a longer quote is linked by its first and last words
_EDGE_WORDS = 6
_TOKEN = re.compile(r"\S+")
_FOLDS = {
    **dict.fromkeys(map(ord, "‘’‚"), "'"),
    **dict.fromkeys(map(ord, "“”„«»"), '"'),
    **dict.fromkeys(map(ord, "–—‐‑−"), "-"),
    **dict.fromkeys(map(ord, "\u00ad\u200b\ufeff"), None),
}


def locate(document: Document, phrase: str) -> tuple[int, int] | None:
    """Where a phrase stands in the document's text, or None.

    White space, case, compatibility forms, dashes and quotation marks are folded on both sides.
    """
    return find_folded(document.text, phrase)


def find_folded(text: str, phrase: str) -> tuple[int, int] | None:
    """The same within any text."""
    wanted, _ = _fold(phrase)
    wanted = wanted.strip()
    if not wanted:
        return None
    folded, origin = _fold(text)
    at = folded.find(wanted)
    if at < 0:
        return None
    return origin[at], origin[at + len(wanted) - 1] + 1


def is_quotable(document: Document, start: int, end: int) -> bool:
    """Whether a span can prove anything: three words, a number, or a whole cell, block, or term with what
    explains it."""
    text = document.text[start:end]
    if not text or text != text.strip():
        return False
    found = words(text)
    if len(found) >= MIN_WORDS or any(character.isdigit() for character in text):
        return bool(found)
    block, last = block_at(document, start), block_at(document, end - 1)
    if block is None or last is None:
        return False
    whole = {(block.start, last.end), *((cell.start, cell.end) for cell in block.cells)}
    return (start, end) in {trimmed(document.text, *span) for span in whole}


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A span without white space at its ends: a row may begin or end with an empty cell."""
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())


def make_quote(document: Document, start: int, end: int) -> Quote:
    """The quote of a span. Raises ValueError where the span is not quotable."""
    if not is_quotable(document, start, end):
        raise ValueError(f"not quotable: {document.text[start:end]!r}")
    block = block_at(document, start)
    place = block.place if block is not None else ""
    return Quote(
        text=document.text[start:end],
        start=start,
        end=end,
        url=_url_at(document, start),
        link=document.url if place == HEAD else fragment_link(document, start, end),
        place=place,
    )


def block_at(document: Document, offset: int) -> Block | None:
    """The block that holds an offset, by binary search; None between blocks."""
    low, high = 0, len(document.blocks)
    while low < high:
        middle = (low + high) // 2
        if document.blocks[middle].end <= offset:
            low = middle + 1
        else:
            high = middle
    if low < len(document.blocks) and document.blocks[low].start <= offset:
        return document.blocks[low]
    return None


def fragment_link(document: Document, start: int, end: int) -> str:
    """The URL of the page that the span stands on, with a text fragment that scrolls to it."""
    prefix, suffix = "", ""
    lines = filter(str.strip, re.split(r"[\t\n]+", document.text[start:end]))
    pieces = [_as_sent(document, start, line.strip()) for line in lines]
    if (edges := _shortest(document, start, pieces)) is not None:
        first, last = edges
    else:
        first, last = _edges(pieces)
        if max(_times(document, start, each) for each in (first, document.text[start:end])) > 1:
            prefix, suffix = (_as_sent(document, start, w) for w in _surroundings(document, start, end))
    directive = "".join(
        [
            f"{_encode(prefix)}-," if prefix else "",
            _encode(first),
            f",{_encode(last)}" if last else "",
            f",-{_encode(suffix)}" if suffix else "",
        ]
    )
    base, _, fragment = _url_at(document, start).partition("#")
    block = block_at(document, start)
    if block is not None and block.page:
        fragment = f"page={block.page}"
    return f"{base}#{fragment.partition(':~:')[0]}:~:text={directive}"


def _as_sent(document: Document, start: int, words: str) -> str:
    """Words without the white space that the page of an offset has not between them: what only style sets
    apart there is one word to who looks for it."""
    wanted = _folded(words)
    texts = [text for text in _beside(document, start) if text]
    if any(wanted in text for text in texts):
        return words
    pattern = re.compile("( ?)".join(map(re.escape, wanted.split())))
    found = next((match for text in texts if (match := pattern.search(text))), None)
    if found is None:
        return words
    first, *others = words.split()
    return first + "".join(gap + word for gap, word in zip(found.groups(), others, strict=True))


def _shortest(document: Document, start: int, pieces: list[str]) -> tuple[str, str] | None:
    """Words of a span's pieces, as few as stand nowhere else on its page, from the beginning of one, and the
    last ones of another, as few as stand nowhere else after these, if there are any; all of a short one. None
    where no piece of it stands there alone."""
    while pieces and not (first := _alone(document, start, pieces[0])):
        pieces = pieces[1:]
    if not pieces:
        return None
    if len(pieces) == 1 and len(list(_TOKEN.finditer(pieces[0], len(first)))) < _FEWEST_WORDS:
        return pieces[0], ""
    rest = _folded(" ".join(pieces))[len(_folded(first)) :]
    for number, piece in reversed(list(enumerate(pieces))):
        for token in reversed(list(_TOKEN.finditer(piece, 0 if number else len(first)))):
            words = piece[token.start() :]
            if any(map(str.isalnum, words)) and rest.count(_folded(words)) == 1:
                return first, words
    return first, ""


def _alone(document: Document, start: int, piece: str) -> str:
    """The first words of a piece, as few as stand once on its page; empty where they do not."""
    tokens = list(_TOKEN.finditer(piece))
    for token in tokens[min(_FEWEST_WORDS, len(tokens)) - 1 : _MOST_WORDS]:
        if _times(document, start, piece[: token.end()]) == 1:
            return piece[: token.end()]
    return ""


def _edges(pieces: list[str]) -> tuple[str, str]:
    """Exact text and nothing for a short span; else its first and its last words.

    Neither may reach over the edge of an element: a phrase never matches across table cells or
    lines, so those are linked as a range from the first piece to the last.
    """
    head, tail = pieces[0], pieces[-1]
    if len(head) <= _LONGEST_EXACT and len(tail) <= _LONGEST_EXACT:
        return head, tail if len(pieces) > 1 else ""
    tokens_first, tokens_last = list(_TOKEN.finditer(head)), list(_TOKEN.finditer(tail))
    if len(tokens_first) < 2 * _EDGE_WORDS and len(pieces) == 1:
        return head, ""
    first = head[tokens_first[0].start() : tokens_first[min(_EDGE_WORDS, len(tokens_first)) - 1].end()]
    last = tail[tokens_last[-min(_EDGE_WORDS, len(tokens_last))].start() : tokens_last[-1].end()]
    return first, last


def _surroundings(document: Document, start: int, end: int) -> tuple[str, str]:
    """The words before a span that tell it from its other occurrences; where those do not, or there are
    none, also the words after it."""
    part = document.part_at(start)
    first, last = (part.start, part.end) if part is not None else (0, len(document.text))
    before = list(_TOKEN.finditer(document.text, max(first, start - 200), start))
    after = list(_TOKEN.finditer(document.text, end, min(last, end + 200)))
    block = block_at(document, start)
    inside = [token for token in before if block is not None and token.start() >= block.start]
    before = (inside or _last_line(document.text, before))[-4:]
    prefix = document.text[before[0].start() : before[-1].end()] if before else ""
    if prefix and _times(document, start, f"{prefix} {document.text[start:end]}") < 2:
        return prefix, ""
    after = _first_line(document.text, after)[:4]
    return prefix, document.text[after[0].start() : after[-1].end()] if after else ""


def _last_line(text: str, tokens: list[re.Match[str]]) -> list[re.Match[str]]:
    kept: list[re.Match[str]] = []
    for token in reversed(tokens):
        if kept and re.search(r"[\t\n]", text[token.end() : kept[-1].start()]):
            break
        kept.append(token)
    return kept[::-1]


def _first_line(text: str, tokens: list[re.Match[str]]) -> list[re.Match[str]]:
    kept: list[re.Match[str]] = []
    for token in tokens:
        if kept and re.search(r"[\t\n]", text[kept[-1].end() : token.start()]):
            break
        kept.append(token)
    return kept


def _url_at(document: Document, offset: int) -> str:
    part = document.part_at(offset)
    return part.url if part is not None else document.url


def _times(document: Document, start: int, words: str) -> int:
    """How often words stand on the page of an offset: as it was shown, as it was sent, or in what is read."""
    part = document.part_at(start)
    text = document.text[part.start : part.end] if part is not None else document.text
    wanted = _folded(words)
    return max(known.count(wanted) for known in (_plain(text), *_beside(document, start)))


def _beside(document: Document, start: int) -> tuple[str, str]:
    """The words of the page of an offset, as it was shown and as it was sent, in lower case between single
    spaces; empty where that is not known."""
    part = document.part_at(start)
    page = part.page if part is not None else document.page
    return ("", "") if page is None else (_plain(page.visible_text or ""), _sent(page.body))


_APART = re.compile(
    r"(?i)</?(?:address|article|aside|blockquote|br|caption|dd|div|dl|dt|fig\w+|footer|h[1-6r]|header|li|main"
    r"|nav|ol|option|p|pre|section|summary|t[dhr]|table|ul)\b[^>]*>"
)
"""Tags whose text no browser runs together with what stands before it."""


@lru_cache(maxsize=4)
def _sent(body: bytes) -> str:
    """The words of a page as it was sent, its elements taken off: about what a browser shows."""
    apart = _APART.sub(" ", body.decode("utf-8", "replace"))
    return _plain(unescape(re.sub(r"(?s)<(script|style)\b.*?</\1|<[^>]*>", "", apart)))


@lru_cache(maxsize=8)
def _plain(text: str) -> str:
    """A whole text in lower case between single spaces, kept: a table's every cell is looked for in it."""
    return _folded(text)


def _folded(text: str) -> str:
    return " ".join(text.lower().split())


def _encode(text: str) -> str:
    """Percent-encoding for a text directive: also ``-``, ``,`` and ``&``, which it gives a meaning."""
    return percent_encode(" ".join(text.split()), safe="").replace("-", "%2D")


def _fold(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters the offset it came from."""
    out: list[str] = []
    origin: list[int] = []
    space = False
    for offset, character in enumerate(text):
        if character.isspace():
            if not space and out:
                out.append(" ")
                origin.append(offset)
            space = True
            continue
        space = False
        for folded in unicodedata.normalize("NFKC", character).translate(_FOLDS).casefold():
            out.append(folded)
            origin.append(offset)
    return "".join(out), origin
