"""How one version of a page differs from an earlier one. Pure: no I/O, no model, no history.

Blocks are compared, not characters. Two blocks are the same where their words are: white space and
typography are folded, a number that the page's data state is compared by its value, what is struck out is
not what stands. Beside the text stand its links' addresses, its controls and what its images say. What
differs only by what says nothing in any page (:mod:`browseagent.watch.noise`) is told as noise.
JSON, CSV and feeds are compared as what they are (:mod:`browseagent.watch.compare_data`), where the
documents know the pages that they were read from.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from browseagent.read.beside import TITLE
from browseagent.read.stated import parsed
from browseagent.records import Change, Document, Hunk
from browseagent.watch.bound import Bound, rebound
from browseagent.watch.folding import fold, joined
from browseagent.watch.linked import Linked, links_changed
from browseagent.watch.looked import looks_changed
from browseagent.watch.meant import mean_the_same, meanings_changed
from browseagent.watch.noise import Mask, Masked, reason
from browseagent.watch.pieces import Piece, in_columns, key_of, piece_of, pieces_of, without
from browseagent.watch.places import drawn_place, is_numbers, place_of

# Pairs of blocks that share this much of their words are one block that changed, not two.
_SIMILAR = 0.5
# Blocks of a page beyond which those that are repeated often are no anchors: with them the comparison of
# a log of 100,000 like lines takes hours.
_LONG = 2000
# Pairs of blocks that are looked at for likeness in one place; beyond it what is gone and what came are
# not paired.
_PAIRS = 40_000
# Entries that make a list.
_FEW = 3


def compare(before: Document, after: Document, ignore: Sequence[re.Pattern[str]] = ()) -> Change:
    """The places where ``after`` differs from ``before``, in order.

    Text that was seen on the page both times, but was taken for the page's own only once, is no change, and
    what ``ignore`` matches is not compared.
    """
    from browseagent.watch.compare_data import compared

    data = compared(before, after, ignore)
    return compare_blocks(before, after, ignore) if data is None else Change(data)


def compare_blocks(before: Document, after: Document, ignore: Sequence[re.Pattern[str]] = ()) -> Change:
    """:func:`compare`, whatever the documents were made from."""
    masks = Mask(before), Mask(after)
    old, new = (pieces_of(each, ignore) for each in (before, after))
    hunks = _differences(old, new, masks, before.omitted, after.omitted)
    hunks = [*_with_rebound(hunks, old, new), *_links(old, new)]
    near = [[] if each.near is None else pieces_of(each.near, ignore) for each in (before, after)]
    texts = [[*_texts_of(document)] for document in (before, after)]
    hunks += (*_differences(near[0], near[1], masks, texts[0], texts[1]), *_links(near[0], near[1]))
    # A button's words are told once, where they stand in the text.
    told = {"", *(fold(text) for hunk in hunks for text in (hunk.before, hunk.after))}
    for hunk in meanings_changed(masks[0].meaning, masks[1].meaning):
        was, is_ = (mask.text(text).text for mask, text in zip(masks, (hunk.before, hunk.after), strict=True))
        hunks.append(replace(hunk, noise=reason(was) if was == is_ else ""))
    titles, others = zip(*(_apart(each.beside) for each in (before, after)), strict=True)
    hunks += _titled([piece_of(each, ignore) for each in titles], hunks)
    old, new = ([piece_of(text, ignore) for text in each] for each in others)
    for hunk in _differences(old, new, masks):
        if not {fold(_label(hunk.before)), fold(_label(hunk.after))} <= told:
            hunks.append(hunk)
    return Change((*hunks, *looks_changed(before, after)))


def text_key(document: Document, ignore: Sequence[re.Pattern[str]] = ()) -> str:
    """A hash of the page as it is compared: where two documents have the same, they do not differ."""
    from browseagent.watch.compare_data import data_text

    data = data_text(document)
    if data is None:
        pieces = pieces_of(document, ignore)
        links = (f"{text}\t{url}" for piece in pieces for text, url in piece.links)
        said = (p.key if p.number is None else f"{p.number}. {p.key}" for p in pieces)
        near = (
            () if document.near is None else (document.near.text, *(link.url for link in document.near.links))
        )
        seen = (*near, "", *document.beside, *map(str, document.looks))
        data = "\n".join((*said, "", *links, "", *seen))
    else:
        data = fold(without(data, ignore))
    return hashlib.sha256(data.encode("utf-8", "surrogatepass")).hexdigest()


def _texts_of(document: Document) -> Iterator[str]:
    """Everything that is read of a page, piece by piece."""
    yield from map(document.block_text, document.blocks)
    yield from document.omitted


def _differences(
    old: list[Piece],
    new: list[Piece],
    masks: tuple[Mask, Mask],
    old_omitted: Sequence[str] = (),
    new_omitted: Sequence[str] = (),
) -> list[Hunk]:
    """What differs between two rows of pieces, region by region: a region lies between neighbours that are
    the same in both."""
    long = max(len(old), len(new)) > _LONG
    matcher = SequenceMatcher(None, [p.key for p in old], [p.key for p in new], autojunk=long)
    regions = [
        (i1, i2, j1, j2)
        for tag, i1, i2, j1, j2 in matcher.get_opcodes()
        if tag != "equal" and joined(p.key for p in old[i1:i2]) != joined(p.key for p in new[j1:j2])
    ]
    gone = _vanished((p for i1, i2, _, _ in regions for p in old[i1:i2]), new_omitted)
    came = _vanished((p for _, _, j1, j2 in regions for p in new[j1:j2]), old_omitted)
    moved = Counter(p.key for p in gone) & Counter(p.key for p in came)
    gone_ids, came_ids = {id(p) for p in gone}, {id(p) for p in came}
    hunks: list[Hunk] = []
    for i1, i2, j1, j2 in regions:
        a, b = [p for p in old[i1:i2] if id(p) in gone_ids], [p for p in new[j1:j2] if id(p) in came_ids]
        neighbours = (new[j1 - 1].key if j1 else "", new[j2].key if j2 < len(new) else "")
        emptied = len(a) == i2 - i1 and len(b) <= 1 and _is_list(old, i1, i2)
        hunks += _placed(_hunks(a, b, moved, masks), neighbours, emptied=emptied)
    return hunks


def _placed(hunks: list[Hunk], neighbours: tuple[str, str], *, emptied: bool) -> Iterator[Hunk]:
    """One region's differences with their places: numbers in a text are known by the text, whatever else
    differs around them."""
    rest = [hunk for hunk in hunks if hunk.kind != "moved" and not hunk.place and not is_numbers(hunk)]
    sides = ([h.before for h in rest if h.before], [h.after for h in rest if h.after])
    place = place_of(neighbours, *sides, emptied=emptied)
    for hunk in hunks:
        if hunk.kind == "moved" or hunk.place:
            yield hunk
        elif is_numbers(hunk):
            yield replace(hunk, place=place_of((hunk.where, ""), [hunk.before], [hunk.after]))
        else:
            yield replace(hunk, place=place)


def _is_list(pieces: list[Piece], start: int, end: int) -> bool:
    """Whether a stretch is a whole list, or most of the page."""
    if end - start < _FEW:
        return False
    around = (*pieces[max(0, start - 1) : start], *pieces[end : end + 1])
    whole = all(p.listed for p in pieces[start:end]) and not any(p.listed for p in around)
    return whole or 2 * (end - start) >= len(pieces)


def _vanished(pieces: Iterable[Piece], elsewhere: Iterable[str]) -> list[Piece]:
    """The pieces that are not on the other page, not even outside its own text."""
    kept = list(pieces)
    if not kept:
        return kept
    keys = {fold(in_columns(text)) for text in elsewhere}
    return [p for p in kept if (fold(p.kept) if p.code else p.key) not in keys]


def _hunks(gone: list[Piece], came: list[Piece], moved: Counter[str], masks: tuple[Mask, Mask]) -> list[Hunk]:
    """One region's differences: blocks that differ by noise paired, then like ones, then what is left, then
    what only moved."""
    hunks = []
    rest = list(came)
    many = len(gone) * len(came) > _PAIRS
    masked = {
        id(each): _folded(mask.text(each.kept), each)
        for mask, row in zip(masks, (gone, came), strict=True)
        for each in row
    }
    for piece in gone:
        if piece.key in moved:
            continue
        own = masked[id(piece)]
        twin = next((other for other in rest if masked[id(other)].text == own.text), None)
        noise, place = "" if twin is None else reason(own.text), ""
        if twin is None:
            twin = next((other for other in rest if masked[id(other)].drawn == own.drawn), None)
            place = "" if twin is None else drawn_place(piece.where, own.drawn)
        if twin is None and own.told is not None:
            twin = next(
                (
                    other
                    for other in rest
                    if mean_the_same(own.told, masked[id(other)].told, masks[1].language)
                ),
                None,
            )
            noise = "" if twin is None else "a relative time"
        if twin is None and not many:
            twin = max(rest, key=lambda other: _likeness(piece.text, other.text), default=None)
            if twin is not None and (twin.key in moved or _likeness(piece.text, twin.text) < _SIMILAR):
                twin = None
        if twin is None:
            hunks.append(Hunk(piece.text, "", "removed", piece.where))
        else:
            rest.remove(twin)
            hunks.append(Hunk(piece.text, twin.text, "changed", twin.where, noise, place))
    for piece in rest:
        if piece.key in moved:
            hunks.append(Hunk(piece.text, piece.text, "moved", piece.where))
        else:
            hunks.append(Hunk("", piece.text, "added", piece.where))
    return hunks


def _folded(masked: Masked, piece: Piece) -> Masked:
    text, drawn = (key_of(each, code=piece.code) for each in (masked.text, masked.drawn))
    return masked._replace(text=text, drawn=drawn)


def _likeness(one: str, other: str) -> float:
    """Share of the words that two texts have in common, 0 to 1."""
    a, b = Counter(one.split()), Counter(other.split())
    total = sum(a.values()) + sum(b.values())
    return 2 * sum((a & b).values()) / total if total else 1.0


def _with_rebound(hunks: list[Hunk], old: list[Piece], new: list[Piece]) -> list[Hunk]:
    """The differences with what is said of something else than before, which else would only have moved."""
    moved = {fold(hunk.before) for hunk in hunks if hunk.kind == "moved"}
    was, is_ = (
        [Bound(p.text, p.key, p.where, p.above, p.number, p.listed or bool(p.links)) for p in side]
        for side in (old, new)
    )
    found = rebound(was, is_, moved)
    told = {fold(text) for hunk in found for text in (hunk.before, hunk.after)}
    return [*(hunk for hunk in hunks if hunk.kind != "moved" or fold(hunk.before) not in told), *found]


def _links(old: list[Piece], new: list[Piece]) -> Iterator[Hunk]:
    was, is_ = ([Linked(*link, p.where, p.key) for p in side for link in p.links] for side in (old, new))
    if was == is_:
        return
    counts = Counter(p.key for p in old), Counter(p.key for p in new)
    same = Counter({key: count for key, count in counts[0].items() if counts[1][key] == count})
    yield from links_changed(was, is_, same)


def _apart(beside: Sequence[str]) -> tuple[str, Sequence[str]]:
    """What the window is called, and the rest of what stands beside the text, but for what words mean."""
    rest = [line for line in beside if parsed(line) is None]
    return (rest[0], rest[1:]) if rest and rest[0].startswith(TITLE) else ("", rest)


def _titled(titles: Sequence[Piece], hunks: Sequence[Hunk]) -> list[Hunk]:
    """The difference of what windows are called, unless the text's own makes it."""
    was, is_ = titles
    told = ({fold(hunk.before) for hunk in hunks}, {fold(hunk.after) for hunk in hunks})
    rests = [
        {title.key, *(title.key.replace(text, "") for text in texts if text)}
        for title, texts in zip(titles, told, strict=True)
    ]
    if not was.key or not is_.key or not rests[0].isdisjoint(rests[1]):
        return []
    return [Hunk(was.text, is_.text, "changed", place=place_of(("title", ""), [was.text], [is_.text]))]


def _label(said: str) -> str:
    """The words of what stands beside the text, where it says nothing more; an image and a link are known by
    them."""
    kind, _, rest = said.partition("“")
    label, _, more = rest.rpartition("”")
    return said if not rest or (more and kind not in ("image ", "link ")) else label
