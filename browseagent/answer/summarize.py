"""Summaries: the pieces of the pages that an editor would take, in their order, each a quote.

A chooser learnt from editors' choices says how likely each piece would be taken (``answer/chooser.py``). They
are taken greedily, least like those already taken (maximal marginal relevance; Carbonell & Goldstein, 1998).
No model reads: it costs less than a question, and works without one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from browseagent.answer.chooser import Rated, Vector, default_chooser
from browseagent.answer.contents import LISTS, SHOWN_LEAST, Contents, contents
from browseagent.answer.described import described
from browseagent.answer.headed import place_of
from browseagent.answer.lexical import folded, terms, words
from browseagent.answer.logistic import likely
from browseagent.answer.named import Name
from browseagent.answer.page_name import told_name
from browseagent.answer.passages import Unit, units
from browseagent.answer.pieces import Piece, pieces
from browseagent.answer.quotes import locate
from browseagent.answer.settled import settled
from browseagent.answer.thread import threaded
from browseagent.records import Coverage, Document, Length, Point, Summary

POINTS: dict[Length, int] = {"short": 3, "medium": 6, "long": 12}
ALIKE, SAME_SECTION, SAME_POST = 1.5, 0.1, 2.0
"""What a piece loses, in logits, for being like one that is taken, and for each under the same heading, or
where most of the page is posts in the same post."""
TOLD = 0.8
"""Share of a piece's words from which on it says nothing but what the list of the page's contents says."""
DESCRIBES = 1.0
"""What a piece gains, in logits, where it is the page's description of itself."""
REPEATS = 0.6
"""Cosine from which a piece says what another has said."""
LEAST, SURE, FIRM = 0.04, 3, 0.9
"""A piece that an editor would take less likely is no point, where there is another; after three points, one
less likely than the last divided by the number of points that are wanted."""


def summarize(
    documents: Sequence[Document], length: Length = "medium", *, most: int | None = None
) -> Summary:
    """The points of some documents, ``most`` where fewer than the length says are wanted; what one page says
    is not said again of another."""
    wanted = most or POINTS[length]
    every = [units(document) for document in documents]
    found = [_rated(document, its) for document, its in zip(documents, every, strict=True)]
    chosen: list[Rated] = []
    points: list[Point] = []
    for document, rated, share in zip(documents, found, _shares(wanted, documents), strict=True):
        held = contents(document) if share > 1 else None
        if held is not None and held.text in (point.text for point in points):
            held = None
        now = _beside(held, document, rated, share, chosen, firm=FIRM / wanted)
        chosen += now
        points += _in_order(document, [each.piece for each in now], held)
    # a sentence may be of several pieces: of the next one too where that needs it
    read = {
        (number, unit.passage.start, unit.passage.end)
        for number, rated in enumerate(found)
        for each in rated
        if each.piece.place >= 0
        for unit in each.piece.units
    }
    coverage = Coverage(
        chars=sum(len(document.text) for document in documents),
        chars_read=sum(end - start for _, start, end in read),
        passages=sum(map(len, every)),
        passages_read=len(read),
    )
    return Summary(points=tuple(points), coverage=coverage)


def _rated(document: Document, every: Sequence[Unit]) -> list[Rated]:
    """The pieces of a document as they can be read alone, with their likelihoods."""
    rated = default_chooser().rated(pieces(document, every))
    whole = ((each, settled(document, every, each.piece)) for each in rated)
    found = [replace(each, piece=piece) for each, piece in whole if piece is not None]
    own = described(document)
    shown = locate(document, own.words_shown) if own is not None else None
    if shown is not None:
        found = [_raised(each) if shown[0] <= each.piece.span[0] < shown[1] else each for each in found]
    elif own is not None:
        found.insert(0, default_chooser().rated([own, *(each.piece for each in found)])[0])
    return threaded(document, every, found) if document.kind == "forum" else found


def _raised(rated: Rated) -> Rated:
    return replace(rated, likelihood=likely(_logit(rated.likelihood) + DESCRIBES))


def first_point(document: Document) -> Point | None:
    """What a page is about: what its short summary says first, of a list its first three things, under the
    page's name where it does not say that; None where the page says nothing."""
    held, wanted = contents(document), POINTS["short"]
    rated = _rated(document, units(document))
    told = [each.piece for each in _beside(held, document, rated, wanted, (), firm=FIRM / wanted)[:1]]
    points = _in_order(document, told, held)
    if held is None or not points:
        return points[0] if points else None
    return held.of_first(SHOWN_LEAST).point if points[0] == held.point else _in_order(document, told, None)[0]


def _beside(
    held: Contents | None,
    document: Document,
    rated: Sequence[Rated],
    points: int,
    before: Sequence[Rated],
    *,
    firm: float,
) -> list[Rated]:
    """The pieces of a document that are taken beside its contents, which count as one of the points."""
    menu = _menu(document, held)
    kept = [each for each in rated if held is None or not _is_told(each, held)]
    kept = [each for each in kept if each.piece.is_sentence or each.piece.span[1] > menu]
    return taken(kept, points - (held is not None), before, firm=firm)


def _in_order(document: Document, told: Sequence[Piece], held: Contents | None) -> list[Point]:
    """The points of one page in its order; the first says what the page is, where none does, and how a
    thread began."""
    name = told_name(document)
    begun = next((piece.begun for piece in told if piece.begun is not None), None)
    if begun is not None:
        first, *others = (replace(piece, begun=None) for piece in told)
        told = [replace(first, begun=begun, page=name), *others]
    if held is not None:
        at = 0 if held.is_first else place_of(document, held.first)
        before = [piece for piece in told if piece.place < 0 or piece.span[0] < (at or 0)]
    else:
        before = list(told)
    after = told[len(before) :]
    middle = [] if held is None else [held.point]
    if (
        name is not None
        and begun is None
        and before
        and _is_of(before[0], name)
        and not _is_said(name, (*told, *middle))
    ):
        before[0] = replace(before[0], page=name)
    return [*(piece.point() for piece in before), *middle, *(piece.point() for piece in after)]


def _is_of(piece: Piece, name: Name) -> bool:
    """Whether a piece stands under the page's name."""
    return name.document != piece.document or name.start < piece.span[0]


def _is_said(name: Name, told: Sequence[Piece | Point]) -> bool:
    """Whether what is told says more than half of the words of the page's name."""
    wanted = set(terms(name.words))
    said = {term for each in told for term in terms(each.text)}
    return 2 * len(wanted & said) > len(wanted)


def _menu(document: Document, held: Contents | None) -> int:
    """Up to where lines that are no sentences choose from a list, or sort it: where the list begins; all of
    the main text where the things stand beside that, and the lines have lost their names."""
    if held is None or document.kind not in LISTS:
        return 0
    place = place_of(document, held.first)
    return len(document.text) if place is None else place


def _is_told(rated: Rated, held: Contents) -> bool:
    """Whether a piece says nothing but what the page's contents say, or is another thing of a list of which
    these tell the prices."""
    piece = rated.piece
    start, end = piece.span
    inside = any(
        name.document == piece.document and name.start <= start and end <= name.end
        for told in held.told
        for name in told.names
    )
    among = piece.place >= 0 and held.begins <= start <= held.until
    if inside or (held.prices and piece.heading is None and among):
        return True
    said, known = words(piece.text), set(words(held.text))
    is_price = held.is_first and not any(map(str.isalpha, "".join(said)))
    return is_price or sum(word in known for word in said) >= TOLD * len(said)


def _shares(points: int, documents: Sequence[Document]) -> list[int]:
    """How many points each document gets: at least one, longer ones more, by the square root."""
    sizes = [math.sqrt(len(document.text)) for document in documents]
    return [max(1, round(points * size / (sum(sizes) or 1.0))) for size in sizes]


def taken(
    rated: Sequence[Rated], points: int, before: Sequence[Rated] = (), *, firm: float = 0.0
) -> list[Rated]:
    """The pieces of one document that are taken, in its order. ``before``: what is said already; ``firm``:
    how likely an editor must take a piece where there are enough others."""
    said = {_folded(each) for each in before}
    of_posts = 2 * sum(each.piece.author is not None for each in rated) > len(rated)
    apart = SAME_POST if of_posts else SAME_SECTION
    found: list[Rated] = []
    while len(found) < points:
        best, best_rating = None, -math.inf
        for each in rated:
            if each in found or _folded(each) in said or any(_overlap(each, other) for other in found):
                continue
            likeness = max((_cosine(each.vector, other.vector) for other in (*before, *found)), default=0.0)
            beside = sum(each.piece.part == other.piece.part for other in found)
            rating = _logit(each.likelihood) - ALIKE * likeness - apart * beside
            if likeness < REPEATS and rating > best_rating:
                best, best_rating = each, rating
        if best is None or (found and best.likelihood < (LEAST if len(found) < SURE else max(LEAST, firm))):
            break
        found.append(best)
        said.add(_folded(best))
    return sorted(found, key=lambda each: each.piece.place)


def _overlap(one: Rated, other: Rated) -> bool:
    """Whether two pieces of one document share words."""
    (a, b), (c, d) = one.piece.span, other.piece.span
    return a < d and c < b and (one.piece.place < 0) == (other.piece.place < 0)


def _folded(rated: Rated) -> str:
    return folded(rated.piece.words_shown)


def _logit(likelihood: float) -> float:
    return (
        math.log(likelihood / (1 - likelihood)) if 0 < likelihood < 1 else math.copysign(30, likelihood - 0.5)
    )


def _cosine(one: Vector, other: Vector) -> float:
    return sum(weight * other.get(term, 0.0) for term, weight in one.items())
