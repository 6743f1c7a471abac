"""What the headings and the labelled items of a page say of its order: its sections, and the things that it
goes through one by one.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

from browseagent.answer.lexical import folded, words
from browseagent.read.placed import PlacedLinks
from browseagent.records import Block, BlockKind, Document

THING_CHARS = 110
"""A longer name is a sentence."""
SENTENCE, MOST, ENTRIES = 12, 0.5, 0.3
"""Words of a line from which on it is prose; share of the text that the sections of a page are, and those of
one form."""
FEWEST, SHARED, ALIKE = 4, 0.6, 2
"""Sections from which on they are of one form, the share of them in which a line or a label stands again,
and how many of these they share."""
LINE_CHARS = 80
"""Characters of a line that may stand in each of them."""
BARS = 3
"""Bars between its words by which a line is a menu, and a title a list of words."""
PROSE = (BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.QUOTE)
RUNNING = (BlockKind.PARAGRAPH, BlockKind.QUOTE)
"""Running text: prose that is no item of a list."""
QUESTION_MARKS, COLONS = ("?", "？"), (":", "：")
"""What a line ends with that asks, and one that announces the next."""

Rank = tuple[list[Block], Block | None]


def ranks(document: Document) -> list[Rank]:
    """The headings of each rank that stand under the same higher one, with that one; higher ranks first."""
    heads = [block for block in document.blocks if block.kind is BlockKind.HEADING]
    found: list[Rank] = []
    for level in sorted({head.level for head in heads}):
        above: Block | None = None
        run: list[Block] = []
        for head in (*heads, None):
            if head is None or head.level < level:
                if run:
                    found.append((run, above))
                above, run = head, []
            elif head.level == level:
                run.append(head)
    return found


def with_prose(document: Document, heads: Sequence[Block]) -> list[Block]:
    """The short headings with prose below, without questions; none where these sections are little of the
    text."""
    parts = _sections(document, heads)
    kept = [
        head
        for head, below in zip(heads, parts, strict=True)
        if any(block.kind in PROSE and len(words(document.block_text(block))) >= SENTENCE for block in below)
        and len(told := document.block_text(head).strip()) <= THING_CHARS
        and not told.endswith(QUESTION_MARKS)
    ]
    return kept if _size(heads, parts) >= MOST * len(document.text) else []


def holding(document: Document, heads: Sequence[Block], links: PlacedLinks) -> list[Block]:
    """The headings under which something stands that is no list of places on the same page. ``links``: those
    of the document."""
    parts = _sections(document, heads)
    return [
        head
        for head, below in zip(heads, parts, strict=True)
        if not all(leads_within(document, links, block.start, block.end) for block in below)
    ]


def leads_within(document: Document, links: PlacedLinks, start: int, end: int) -> bool:
    """Whether a span of a document has links, all of them to places on the same page."""
    inside, here = links.within(start, end), document.url.partition("#")[0]
    return bool(inside) and all(link.url.partition("#")[0] == here for link in inside)


def is_of_questions(document: Document, heading: Block) -> bool:
    """Whether a heading is a question among questions: what comes after the last of them is none of it."""
    heads = next(heads for heads, _ in ranks(document) if heading in heads)
    asked = [document.block_text(head).strip().endswith(QUESTION_MARKS) for head in heads]
    return document.block_text(heading).strip().endswith(QUESTION_MARKS) and 2 * sum(asked) > len(asked) > 1


def entries(document: Document) -> Rank:
    """The headings of sections of one form, which are a good part of the text: most of them have the same
    lines or labels below ("Best for:", "Visit website"); with the heading above. Empty without any."""
    for heads, above in ranks(document):
        if len(heads) < FEWEST:
            continue
        parts = _sections(document, heads)
        if _size(heads, parts) < ENTRIES * len(document.text):
            continue
        held = [_lines(document, below) for below in parts]
        times = Counter(line for lines in held for line in lines)
        shared = {line for line, count in times.items() if count >= max(FEWEST, SHARED * len(heads))}
        kept = [head for head, lines in zip(heads, held, strict=True) if shared & lines]
        if len(shared) >= ALIKE and len(kept) >= FEWEST:
            return kept, above
    return [], None


def labelled_items(document: Document) -> list[Block]:
    """The items of the longest list whose items begin with a label in bold for what they go on to say."""
    best: list[Block] = []
    run: list[Block] = []
    for block in (*document.blocks, None):
        if block is not None and block.kind is BlockKind.ITEM and _is_labelled(document, block):
            run.append(block)
            continue
        best, run = max(best, run, key=len), []
    return best if len(best) >= FEWEST else []


def _is_labelled(document: Document, item: Block) -> bool:
    """Whether an item begins with words in bold and goes on: the sign of a footnote is none."""
    label = document.text[item.start : item.start + item.term]
    return item.term < item.end - item.start and any(map(str.isalpha, label))


def _sections(document: Document, heads: Sequence[Block]) -> list[list[Block]]:
    """What stands below each heading, up to the next one of them; below the last, up to the next that is not
    below it."""
    blocks, last = document.blocks, heads[-1]

    def place(offset: int) -> int:
        return bisect_left(blocks, offset, key=lambda block: block.start)

    after = (blocks[at] for at in range(place(last.start + 1), len(blocks)))
    ends = (block.start for block in after if block.kind is BlockKind.HEADING and block.level <= last.level)
    edges = [*(head.start for head in heads), next(ends, len(document.text))]
    return [[*blocks[place(head.end) : place(until)]] for head, until in zip(heads, edges[1:], strict=True)]


def _size(heads: Sequence[Block], parts: Sequence[Sequence[Block]]) -> int:
    """Characters from the first of some headings to the end of what stands below the last."""
    return (parts[-1][-1] if parts[-1] else heads[-1]).end - heads[0].start


def _lines(document: Document, below: Sequence[Block]) -> set[str]:
    """The short lines of a section, and the labels that longer ones begin with."""
    found = set()
    for block in below:
        text = document.block_text(block)
        label = text[: block.term] if block.term else text
        if len(label) <= LINE_CHARS and any(map(str.isalpha, label)):
            found.add(folded(label))
    return found
