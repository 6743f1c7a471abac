"""What a page lists within paragraphs: links one after the other with a number each ("Shoes (16) Coats (5)"),
lines of a paragraph, or paragraphs that each are a name and a number ("Ana Ruiz 286 replies"); and lists
whose items tell a number each and lead nowhere, or stand within other items.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from browseagent.answer.quotes import block_at, is_quotable, trimmed
from browseagent.answer.tables.grid import Grid, GridRow
from browseagent.read.placed import PlacedLinks
from browseagent.records import Block, BlockKind, Document

Span = tuple[int, int]
FEWEST = 3
LONGEST = 80
"""Characters of what is listed: longer pieces are sentences."""
NUMBERED = 0.6
"""Share of what is listed that tells a number."""
_TITLE = 40
_INITIAL = 2
"""Characters of what stands for a person's picture."""


def run_grids(document: Document) -> Iterator[Grid]:
    """Each such list as a grid of one column."""
    links, run = PlacedLinks(document), list[tuple[Block, int]]()
    number = 0
    for place, block in enumerate((*document.blocks, None)):
        if block is not None and _is_named_number(document, links, block):
            run.append((block, place))
            continue
        if run and block is not None and block.end - block.start <= _INITIAL:
            continue
        found = [([(each.start, each.end) for each, _ in run], run[0][1])] if len(run) >= FEWEST else []
        run = []
        if block is not None and block.kind is BlockKind.PARAGRAPH:
            found += [(spans, place) for spans in (_lines(document, block), _linked(document, links, block))]
        for spans, at in found:
            if _is_list(document, spans):
                yield _grid(document, links, number, spans, at)
                number += 1
    for place, items in _item_runs(document, links):
        if _is_list(document, items):
            yield _grid(document, links, number, items, place)
            number += 1


def _item_runs(document: Document, links: PlacedLinks) -> Iterator[tuple[int, list[Span]]]:
    """The items of one level that follow each other and are no listing of their own: they lead nowhere, or
    stand within others."""
    run: list[Span] = []
    level = 0
    for place, block in enumerate((*document.blocks, None)):
        within = block is not None and (block.level > 1 or links.first(block.start, block.end) is None)
        item = block if block is not None and within and block.kind is BlockKind.ITEM else None
        if run and (item is None or item.level != level):
            yield place - len(run), run
            run = []
        if item is not None:
            run.append(trimmed(document.text, item.start, item.end))
            level = item.level


def _is_named_number(document: Document, links: PlacedLinks, block: Block) -> bool:
    """Whether a paragraph is a link and a number after it."""
    its = links.within(block.start, block.end)
    return (
        block.kind is BlockKind.PARAGRAPH
        and 0 < len(its) < FEWEST
        and its[0].start == block.start
        and block.end - block.start <= LONGEST
        and any(mark.isdigit() for mark in document.text[its[0].end : block.end])
    )


def _lines(document: Document, block: Block) -> list[Span]:
    """The lines of a paragraph."""
    found, at = [], block.start
    for line in document.text[block.start : block.end].split("\n"):
        found.append(trimmed(document.text, at, at + len(line)))
        at += len(line) + 1
    return found


def _linked(document: Document, links: PlacedLinks, block: Block) -> list[Span]:
    """The links of a paragraph that begins with one, each with what stands after it."""
    starts = [link.start for link in links.within(block.start, block.end)]
    if not starts or starts[0] != block.start:
        return []
    return [trimmed(document.text, *span) for span in zip(starts, [*starts[1:], block.end], strict=True)]


def _is_list(document: Document, spans: Sequence[Span]) -> bool:
    told = [document.text[slice(*span)] for span in spans]
    numbered = sum(any(c.isdigit() for c in each) and any(c.isalpha() for c in each) for each in told)
    short = all(0 < len(each) <= LONGEST for each in told)
    return len(told) >= FEWEST and short and numbered >= NUMBERED * len(told)


def _grid(document: Document, links: PlacedLinks, number: int, spans: Sequence[Span], place: int) -> Grid:
    heading = _heading(document, links, place)
    rows = tuple(GridRow(*_proof(document, span), (span,)) for span in spans)
    context = tuple(dict.fromkeys(line for line in (document.title, heading) if line))
    return Grid(number, context, ("title",), rows, True, heading=heading, listed=True)


def _proof(document: Document, span: Span) -> Span:
    """What can be quoted for a row: itself, or the paragraph where a name alone proves nothing."""
    block = None if is_quotable(document, *span) else block_at(document, span[0])
    return span if block is None else trimmed(document.text, block.start, block.end)


def _heading(document: Document, links: PlacedLinks, place: int) -> str:
    """The nearest heading above; a short paragraph right above that is no link is one."""
    for back, block in enumerate(reversed(document.blocks[:place])):
        text = " ".join(document.text[block.start : block.end].split())
        short = back == 0 and block.kind is BlockKind.PARAGRAPH and len(text) <= _TITLE
        if block.kind is BlockKind.HEADING or (short and links.first(block.start, block.end) is None):
            return text
    return ""
