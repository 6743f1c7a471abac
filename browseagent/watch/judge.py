"""What a look at a page amounts to. Pure: no page is fetched here, no model asked, nothing stored.

:func:`weigh` says whether what came back is the page at all: a wall, an error, a page that shrank to nothing
or is cut short is never a baseline and never a change. :func:`settled` says what the differences of a page
amount to: nothing, noise, or a change, of which :mod:`browseagent.watch.verdict` says whether anybody is to
be told.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from browseagent.read.media import Media, media_of_page
from browseagent.records import Document, Hunk, Outcome, Page
from browseagent.records.counted import counted
from browseagent.watch.another import another_came
from browseagent.watch.content_lines import KINDS
from browseagent.watch.places import EMPTIED, Place, rebased
from browseagent.watch.records import State, Value
from browseagent.watch.rows import is_csv

_BLOCKED = {Outcome.BLOCKED, Outcome.LOGIN, Outcome.CONSENT, Outcome.ROBOTS, Outcome.POLICY}
_SHRUNK = 20
"""A page with less than a twentieth of its words left is blank for our purposes. Notices such as "This
position has been filled" on a page of a few hundred words are longer than that."""
_DATA = (Media.JSON, Media.XML, Media.FEED)
"""They may be empty, and say so by what they have of themselves: ``[]``."""
_TAIL = 2000
"""Bytes at the end of a page among which its end tag is looked for: some programs add comments after it."""
_COMPONENT = re.compile(rf"\s*BEGIN:{KINDS}\b".encode(), re.I)
_LAST_COMPONENT = re.compile(rf"\bEND:{KINDS}$".encode(), re.I)
_ROOT = re.compile(rb"<([A-Za-z_][\w:.-]*)")
_END = re.compile(rb"</([A-Za-z_][\w:.-]*)\s*>\s*(?:<!--(?:[^-]|-(?!->))*-->\s*)*$")
_SETTLED = 3
"""Looks in a row in another language after which the page is taken to have changed its language. A page
that serves two languages by turns goes back before."""
_KEYS = 8
"""Forms of a text that are remembered to be the same text, and doubts that are remembered."""
THIS_LOOK = 0
"""Stands for the snapshot of this look, whose number the store gives."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """A good look that later ones are compared with."""

    snapshot: int
    language: str
    words: int
    truncated: bool
    keys: tuple[str, ...]
    """Hashes of the text as it is compared (:func:`~browseagent.watch.compare.text_key`), and of
    other readings that were found not to differ from it; the newest last."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What is remembered of a watch between two checks."""

    baseline: Baseline | None = None
    variants: tuple[Baseline, ...] = ()
    """The page in other languages, where it is served in several by turns."""
    elsewhere: int = 0
    """Looks in a row in another language than the baseline's."""
    values: Mapping[str, Value] = field(default_factory=dict)
    """The last value that was found for each question, by :func:`question_key`."""
    holds: bool | None = None
    """Whether the predicate held when that was last known."""
    valued: int | None = None
    """The snapshot in which they were found; None: not known."""
    places: tuple[Place, ...] = ()
    """What the page has shown of the places that differ."""
    unshown: bool = False
    """Whether it is of a version that took noise for what words said of it: the page is given the chance to
    show its noise at the next difference, before anything is told."""
    empty: str = ""
    """By what the doubts of the last looks are known, none of which was without any: the place of a list that
    came empty, the text of a page that ended before its end, of a chosen part that has hardly any."""
    unmodified: int = 0
    """How often in a row the server said that the page was not modified."""
    misled: bool = False
    """Whether it has sent another page under the date or the tag of the one before."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a look is, and what is remembered after it."""

    state: State
    memory: Memory
    reason: str = ""
    against: Baseline | None = None
    """What to compare with, where the state is changed."""
    keep: bool = False
    """Whether the look is kept as a snapshot."""
    noise: bool = False
    """Whether it is changed by noise alone: nothing to judge, and no new baseline."""


def weigh(
    page: Page, document: Document | None, key: str, memory: Memory, *, chosen: bool = False
) -> Weighed:
    """What a look is. ``document`` is None where the page is not readable; ``key`` its text's hash. With
    ``chosen`` it is a part of the page that a person chose and that is there: it may have no text.

    The state changed is provisional: :func:`settled` takes it back where a comparison finds nothing.
    """
    doubt = _doubt(page)
    if doubt is not None:
        return Weighed(doubt[0], memory, doubt[1])
    if said := _blank(page, document, memory, chosen=chosen):
        if not chosen and not (media_of_page(page) in _DATA and _ends(page)):
            return Weighed(State.UNVERIFIED, memory, said)
        if (unsure := _unless_twice({f"few:{key}": said}, memory)) is not None:
            return unsure
    assert document is not None
    if page.outcome is Outcome.TRUNCATED and memory.baseline is not None and not memory.baseline.truncated:
        return Weighed(State.UNVERIFIED, memory, f"only part of the page came: {page.reason}")
    now = Baseline(
        THIS_LOOK,
        document.language,
        len(document.text.split()),
        page.outcome is Outcome.TRUNCATED,
        (key,),
    )
    known = memory.baseline
    if known is None:
        return Weighed(State.NEW, replace(memory, baseline=now), keep=True)
    if other_language(known, now):
        return _inother_language(now, known, memory)
    memory = replace(memory, elsewhere=0, empty="")
    if key in known.keys:
        return Weighed(State.UNCHANGED, memory)
    return Weighed(State.CHANGED, replace(memory, baseline=now), against=known, keep=True)


def doubted(
    differences: Sequence[Hunk], before: Page, now: Page, document: Document, key: str, memory: Memory
) -> Weighed | None:
    """The doubt where a list that was full is empty (its frame often comes before its rows do), where a page
    ends before its end (a program that fails while it writes one ends it as if well), and where another page
    came. ``document`` is what is read of it, ``key`` that of its text."""
    if f"few:{key}" in memory.empty.split():
        return None
    marks: dict[str, str] = {}
    place = next((hunk.place for hunk in differences if hunk.place.startswith(EMPTIED)), "")
    if place:
        gone = sum(hunk.place == place and not hunk.after for hunk in differences)
        marks[place] = f"a list of {gone} came empty"
    if media_of_page(before) is media_of_page(now) and _ends(before) and not _ends(now):
        marks[f"cut:{key}"] = "the page ends without the end that it had"
    words = memory.baseline.words if memory.baseline is not None else 0
    if said := another_came(differences, before, now, document, words):
        marks["another"] = said
    return _unless_twice(marks, memory)


def _unless_twice(marks: Mapping[str, str], memory: Memory) -> Weighed | None:
    """The doubts that were not there at the looks before, each with its reason by what it is known by; None
    where all were, and where so many other ones were: what differs at each look is not seen twice."""
    known = memory.empty.split()
    new = [said for mark, said in marks.items() if mark not in known]
    if not new or len(known) >= _KEYS:
        return None
    noted = replace(memory, empty=" ".join([*known, *marks][-_KEYS:]))
    return Weighed(State.UNVERIFIED, noted, f"{'; '.join(new)}; that counts when it is seen twice")


def _ends(page: Page) -> bool:
    """Whether a page as served has its end: that of its root, of its value, of its last line."""
    media, tail = media_of_page(page), page.body[-_TAIL:].rstrip()
    if media is Media.HTML:
        return b"</html" in tail.lower()
    if media in (Media.XML, Media.FEED):
        if tail.endswith(b"/>") and page.body.count(b"<") == page.body.count(b"<?") + 1:
            return True
        root, last = _ROOT.search(page.body[:_TAIL]), _END.search(tail)
        return root is not None and last is not None and root[1] == last[1]
    if media is Media.JSON:
        return tail.endswith((b"}", b"]"))
    if _COMPONENT.match(page.body):
        return bool(_LAST_COMPONENT.search(tail))
    return not is_csv(page) or page.body.endswith(b"\n")


def settled(weighed: Weighed, differences: Sequence[Hunk]) -> Weighed:
    """A provisional change after the comparison. Blocks that only moved, or a reading that differs by
    nothing, are the same text, and remembered as such; noise leaves the baseline where it is."""
    if weighed.against is None:
        return weighed
    told = [hunk for hunk in differences if hunk.kind != "moved"]
    if any(not hunk.noise for hunk in told):
        return replace(weighed, memory=replace(weighed.memory, places=rebased(weighed.memory.places)))
    known, memory = weighed.against, weighed.memory
    (new,) = [
        each
        for each in (memory.baseline, *memory.variants)
        if each is not None and each.snapshot == THIS_LOOK
    ]
    same = known if told else replace(known, keys=(*known.keys, *new.keys)[-_KEYS:])
    if memory.baseline is new:
        memory = replace(memory, baseline=same)
    else:
        memory = replace(memory, variants=tuple(same if v is new else v for v in memory.variants))
    if told:
        reasons = "; ".join(dict.fromkeys(hunk.noise for hunk in told))
        return Weighed(State.CHANGED, memory, f"nothing but noise: {reasons}", known, noise=True)
    return Weighed(State.UNCHANGED, memory, "blocks only changed places" if differences else "")


def numbered(memory: Memory, snapshot: int) -> Memory:
    """The memory with the snapshot's number in the place of THIS_LOOK."""

    def one(baseline: Baseline) -> Baseline:
        return replace(baseline, snapshot=snapshot) if baseline.snapshot == THIS_LOOK else baseline

    baseline = None if memory.baseline is None else one(memory.baseline)
    return replace(memory, baseline=baseline, variants=tuple(map(one, memory.variants)))


def _doubt(page: Page) -> tuple[State, str] | None:
    """Why what came back is not the page, or None where it is."""
    said = page.reason or f"the page's outcome is {page.outcome}"
    if page.outcome in _BLOCKED:
        return State.BLOCKED, said
    if page.outcome is Outcome.EMPTY:
        return State.UNVERIFIED, said
    return None if page.outcome.readable else (State.FAILED, said)


def _blank(page: Page, document: Document | None, memory: Memory, *, chosen: bool) -> str:
    """What is said of a page without text, or with hardly any of what it had; empty of any other."""
    seen = document is not None and bool(document.text.strip() or (chosen and document.beside))
    if document is None or not seen:
        return f"no readable text was found at {page.url}"
    known, words = memory.baseline, len(document.text.split())
    if known is not None and words * _SHRUNK < known.words:
        return f"the page shrank from {counted(known.words, 'word')} to {words:,}"
    return ""


def other_language(known: Baseline, now: Baseline) -> bool:
    """Whether two looks are known to be in two languages."""
    a, b = (each.language.partition("-")[0].lower() for each in (known, now))
    return bool(a and b and a != b)


def _inother_language(now: Baseline, known: Baseline, memory: Memory) -> Weighed:
    """A look in another language than the baseline's: compared with the last one in that language.

    The first one has nothing to be compared with; from the third in a row on the page is taken to
    have changed its language for good.
    """
    twin = next((each for each in memory.variants if not other_language(each, now)), None)
    looks = memory.elsewhere + 1
    if looks >= _SETTLED:
        others = tuple(each for each in memory.variants if each is not twin)
        memory = replace(memory, baseline=now, variants=(*others, known), elsewhere=0)
        reason = f"the page is in {now.language} now, it was in {known.language}"
        return Weighed(State.CHANGED, memory, reason, against=known, keep=True)
    memory = replace(memory, elsewhere=looks)
    reason = f"the page came in {now.language} instead of {known.language}"
    if twin is None:
        memory = replace(memory, variants=(*memory.variants, now))
        return Weighed(State.UNVERIFIED, memory, reason, keep=True)
    if now.keys[0] in twin.keys:
        return Weighed(State.UNCHANGED, memory, reason)
    memory = replace(memory, variants=tuple(now if each is twin else each for each in memory.variants))
    return Weighed(State.CHANGED, memory, reason, against=twin, keep=True)
