"""A thread as a person would tell it: what was asked, by whom, when, with how many replies; then the answer
that was accepted, or is likeliest to be what helped, and others.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from browseagent.answer.chooser import Rated
from browseagent.answer.lexical import words
from browseagent.answer.named import Name
from browseagent.answer.outline import QUESTION_MARKS
from browseagent.answer.passages import Unit
from browseagent.answer.pieces import Begun
from browseagent.answer.posts import said_at
from browseagent.answer.settled import lengthened
from browseagent.answer.values import days
from browseagent.records import Document

_YEAR = re.compile(r",? \d{4}(?!\d)")
POST_CHARS = 300
"""How much of a post is told as one point."""
BOUND = 0.5
"""Share of the pieces that are of posts, from which on the others are what stands around these."""
ACCEPTED, VOTED, LONG, OPENER, OPENING, ASKS, DEEP, LOOSE = 2.5, 0.8, 0.5, -0.7, -1.5, 0.7, -0.3, -1.5
"""What a piece of a post gains, in logits: for being of the accepted answer, of the one with most votes, for
each time that its post is e times as long as the middle one, for being of a later post of who began the
thread, for being of the post that did, for asking there, for what comes before it in its post, and for being
no sentence."""


def threaded(document: Document, every: Sequence[Unit], rated: Sequence[Rated]) -> list[Rated]:
    """The pieces of a thread, each told with what goes on with it and weighed by its post; the likeliest of
    the post that began it says so. As they are where the page's markup does not bind its posts."""
    bound = [each for each in rated if each.piece.post >= 0]
    if len(bound) < BOUND * len(rated) or not bound:
        return list(rated)
    began = document.posts[0].author if document.posts[0].opens else ""
    first = bound[0].piece.post
    opens = first if all(post.author == began for post in document.posts[: first + 1]) else -1
    if opens < 0:  # what the thread begins with is bound to nobody
        bound = [each for each in rated if each.piece.post >= 0 or each.piece.span < bound[0].piece.span]
    sizes = Counter[int]()
    for unit in every:
        sizes[unit.block.post] += len(words(unit.text))
    middle = median([size for post, size in sizes.items() if post not in (-1, opens)] or [1])
    most = max((post.votes for post in document.posts if not post.opens), default=0)
    found = []
    depth = Counter[int]()
    for each in bound:
        number = each.piece.post
        is_opening = number == opens
        gain = LOOSE * (not each.piece.is_sentence)
        if is_opening:
            gain += OPENING + ASKS * any(mark in each.piece.words_shown for mark in QUESTION_MARKS)
        else:
            post = document.posts[number]
            gain += LONG * max(-2.0, min(2.0, math.log(max(1, sizes[number]) / max(1.0, middle))))
            gain += ACCEPTED * post.accepted + OPENER * (post.author == began)
            gain += VOTED * math.log1p(post.votes) / math.log1p(most) if most > 1 else 0.0
            gain += DEEP * math.log1p(depth[number])
            depth[number] += 1
        piece = lengthened(every, each.piece, POST_CHARS, before=is_opening)
        found.append(replace(each, piece=piece, likelihood=_moved(each.likelihood, gain)))
    opening = max(
        (each for each in found if each.piece.post == opens), key=lambda each: each.likelihood, default=None
    )
    if opening is not None:
        begun = _begun(document, opens) if opens >= 0 else None
        found[found.index(opening)] = replace(
            opening, piece=replace(opening.piece, begun=begun), likelihood=1.0
        )
    return found


def _moved(likelihood: float, gain: float) -> float:
    """A probability moved by so many logits."""
    odds = likelihood / max(1e-9, 1 - likelihood) * math.exp(gain)
    return odds / (1 + odds)


def _begun(document: Document, first: int) -> Begun | None:
    """Who began a thread, on which day, and how many posts follow, as far as the page shows that."""
    post = document.posts[first]
    author, when = said_at(document, post.author), _day(document, post.when)
    names = [name for name in (author, when) if name is not None]
    told = [f"by {author.words}"] if author is not None else []
    told += [when.words] if when is not None else []
    if document.replies is not None and told:
        told.append("1 reply" if document.replies == 1 else f"{document.replies or 'no'} replies")
    return Begun(", ".join(told), tuple(names)) if told else None


def _day(document: Document, when: str) -> Name | None:
    """The day in what the page shows as the time of a post."""
    found = days(when, document.language or "en")
    name = said_at(document, when[found[0].start : found[0].end]) if found else None
    year = _YEAR.match(name.document.text, name.end) if name is not None else None
    return replace(name, end=year.end()) if name is not None and year is not None else name
