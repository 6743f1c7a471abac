"""From an HTML tree to chunks of text in order, each with the place where it stood.

One pass over the tree in document order. Block elements end a run of text; a table of data becomes
rows; what the page hides is set apart. Nothing is judged here: navigation and adverts are chunks too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from browseagent.read.beside import beside
from browseagent.read.chunks import FORMULA, Chunk, Run
from browseagent.read.dom import Element, text_of
from browseagent.read.formulas import formula_of, is_raised, raised_sign, written
from browseagent.read.headings import level_of, posts
from browseagent.read.inline import flatten, is_apart, note_hidden, open_link
from browseagent.read.labels import PRICE, icon_label, is_bare_price, short_label, tabs_of
from browseagent.read.looks import Looks
from browseagent.read.nodes import Node
from browseagent.read.ordinary import beside_in, is_ordinary
from browseagent.read.tables import code_cells, code_text, is_data_table, table_rows
from browseagent.read.tags import GAPS, LISTS, SKIPPED, Numbers, code_language, is_block, is_mark
from browseagent.read.visibility import Shown, Visibility
from browseagent.records import BlockKind

_SENTENCE_END = re.compile(r"[.!?。！？][\"'”’)\]]?(?=\s|$)")


@dataclass(slots=True)
class Harvest:
    """All text of a page, in order."""

    chunks: list[Chunk] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    beside: list[tuple[int, str]] = field(default_factory=list)
    """What is seen beside the text, each with the number of chunks before it."""
    looks: Looks = field(default_factory=Looks)


def walk(
    root: Element,
    base: str,
    visibility: Visibility,
    *,
    scripted: bool = True,
    bodies: Mapping[Element, int] | None = None,
) -> Harvest:
    """All chunks of the tree under ``root``; ``base`` resolves links; unless ``scripted``, what
    ``<noscript>`` offers is text too; ``bodies``: the elements of a thread's posts with their numbers. Never
    recurses."""
    walker = _Walker(base, visibility, scripted, posts(root), bodies or {}, tabs_of(root))
    entered: list[tuple[Element, Iterator[Element]]] = []
    within = iter((root,))
    while True:
        if (element := next(within, None)) is not None:
            if walker.enter(element):
                if element.text:
                    walker.run.add(element.text)
                if len(element):
                    entered.append((element, within))
                    within = iter(element)
                    continue
                walker.leave(element)
        elif entered:
            element, within = entered.pop()
            walker.leave(element)
        else:
            break
        if element.tail and entered:
            walker.run.add(element.tail)
    walker.flush()
    return walker.harvest


_BOLD = ("b", "strong")
_LONGEST_TERM = 60
_REPLACED = frozenset(("iframe", "svg", "video", "select", "input"))


def _is_shadow(element: Element) -> bool:
    """Whether an element is a declared shadow root, whose content the page shows."""
    return bool(element.tag == "template" and element.get("shadowrootmode"))


class _Walker:
    def __init__(
        self,
        base: str,
        visibility: Visibility,
        scripted: bool,
        posts: frozenset[str],
        bodies: Mapping[Element, int],
        tabs: Mapping[Element, str],
    ) -> None:
        self.base = base
        self.tabs = tabs
        self.tab = ""  # the name of the tab whose panel has begun and has no text yet
        self.bodies = bodies
        self.posts = posts
        self.scripted = scripted
        self.visibility = visibility
        self.harvest = Harvest()
        self.run = Run()
        self.node = Node("", None, {})
        self.href = ""
        self.lists: list[Numbers | None] = []  # open lists, outermost first; None: without numbers
        self.item_open = False  # a list item has begun and has no text yet
        self.number: int | None = None  # what the page shows beside it
        self.quotes = 0
        self.tables = 0
        self.offered: list[Element] = []
        self.struck: list[Element] = []
        self.bold: Element | None = None  # the bold words that the text gathered so far began with
        self.term = 0  # how many characters they are

    def enter(self, element: Element) -> bool:
        """Begins an element; False: its content is dealt with or is no text."""
        tag = element.tag
        ordinary = is_ordinary(element, self.visibility)
        if not ordinary:
            formula = formula_of(element)
            if formula is not None and self.visibility.of(element) is not Shown.HIDDEN:
                self.run.formula(formula)
                return False
            if tag == "noscript" and not self.scripted:
                self.flush()
                return True
            if is_mark(element):
                return False
            shown = self.visibility.of(element)
            for said in beside(element, shown, self.visibility, self.base):
                self.harvest.beside.append((len(self.harvest.chunks), said))
            if tag == "svg" and shown is not Shown.HIDDEN:
                self.harvest.looks.see(element, len(self.harvest.chunks))
            if tag in SKIPPED and not _is_shadow(element):
                if tag in _REPLACED:
                    self.run.space()
                if said := icon_label(element):
                    self.run.label(said)
                return False
            if shown is Shown.HIDDEN:
                note_hidden(self.harvest.hidden, element)
                if self.visibility.in_part(element):
                    self.run.label(short_label(text_of(element)))
                return False
            if shown is Shown.OFFERED:
                self.offered.append(element)
        self.harvest.looks.see(element, len(self.harvest.chunks))
        struck = not ordinary and self.visibility.strikes(element)
        label = PRICE if is_bare_price(element) else "" if ordinary else icon_label(element)
        if is_block(element):
            goes_on = self.enter_block(element, tag)
            if label:
                self.run.label(label)
            if goes_on and struck:
                self.strike(element)
            return goes_on
        if struck:
            self.strike(element)
        if label:
            self.run.label(label)
        if tag == "br":
            self.run.line()
        elif tag == "a":
            if is_apart(element):
                self.run.space()
            self.href = open_link(self.run, element, self.base)
        elif (
            not ordinary
            and is_raised(element)
            and len(self.run)
            and (sign := raised_sign(element, self.run.text))
        ):
            self.run.touch(sign)
        elif tag in GAPS or is_apart(element):
            self.run.space()
        elif tag in _BOLD and not len(self.run):
            self.bold = element
        if element.get("id") and "id" not in self.node.attributes:
            self.node.anchor = element.get("id")
        return True

    def strike(self, element: Element) -> None:
        """What the page strikes out begins."""
        self.run.strike()
        self.struck.append(element)

    def enter_block(self, element: Element, tag: str) -> bool:
        """Begins a block element: what was gathered before it is a chunk."""
        self.flush()
        self.node = Node(tag, self.node, dict(element.items()))
        self.node.post = self.bodies.get(element, self.node.post)
        self.tab = self.tabs.get(element, self.tab)
        if parts := [element] if tag == "pre" else code_cells(element) if tag == "table" else []:
            self.code(parts)
            self.up()
            return False
        if tag == "table" and is_data_table(element):
            self.table(element)
            self.up()
            return False
        if tag in LISTS:
            self.lists.append(Numbers(element) if tag == "ol" else None)
        elif tag == "li":
            self.item_open = True
            counted = self.lists[-1] if self.lists else None
            self.number = counted.next(element) if counted is not None else None
        elif tag == "blockquote":
            self.quotes += 1
        return True

    def leave(self, element: Element) -> None:
        """Ends an element that :meth:`enter` began."""
        tag = element.tag
        if self.offered and self.offered[-1] is element:
            self.flush()
            self.offered.pop()
        if not is_block(element):
            if self.struck and self.struck[-1] is element:
                self.run.unstrike()
                self.struck.pop()
            if tag == "a":
                self.run.close()
                self.href = ""
            elif tag in GAPS:
                self.run.space()
            elif element is self.bold:
                self.bold, self.term = None, len(self.run)
            return
        self.flush()
        if self.struck and self.struck[-1] is element:
            self.run.unstrike()
            self.struck.pop()
        self.up()
        if tag in LISTS:
            self.lists.pop()
        elif tag == "li":
            self.item_open = False
        elif tag == "blockquote":
            self.quotes -= 1

    def flush(self) -> None:
        """Makes a chunk of the text gathered so far, if there is any."""
        if not len(self.run):
            self.run.label("")
            if not self.href:
                self.run.close()
            return
        self.run.close()
        for _ in self.struck:
            self.run.unstrike()
        text, links, marks, labels = self.run.text, self.run.links, self.run.marks, self.run.labels
        term, self.term, self.bold = self.term, 0, None
        self.run = self.next_run()
        if self.href:
            self.run.open(self.href)
        if text.strip():
            said = [
                span for span in written(text) if not any(s < span[1] and span[0] < e for s, e, _ in marks)
            ]
            marks = sorted([*marks, *((s, e, FORMULA) for s, e in said)])
            level = self.heading()
            kind = BlockKind.HEADING if level else self.kind()
            chunk = Chunk(kind, text, links, level, marks=marks, node=self.node, anchor=self.node.anchor)
            chunk.labels = labels
            chunk.term = len(text) if self.node.tag == "dt" else term if term < len(text) else 0
            chunk.term = chunk.term if chunk.term <= _LONGEST_TERM else 0
            self.describe(chunk)
            self.put(chunk)

    def next_run(self) -> Run:
        """A run for what follows, which is struck out where what holds it is."""
        run = Run()
        for _ in self.struck:
            run.strike()
        return run

    def kind(self) -> BlockKind:
        """What the innermost elements make of text that is no heading."""
        if self.item_open:
            return BlockKind.ITEM
        return BlockKind.QUOTE if self.quotes else BlockKind.PARAGRAPH

    def heading(self) -> int:
        """Level of the heading that is open, or 0."""
        return level_of(self.node, self.posts)

    def describe(self, chunk: Chunk) -> None:
        """Sets what depends on the kind of the chunk."""
        if chunk.kind is BlockKind.HEADING:
            chunk.text = chunk.text.replace("\n", " ")
        elif chunk.kind is BlockKind.ITEM:
            chunk.level = max(1, len(self.lists))
            chunk.ordered, chunk.number = self.number is not None, self.number
        self.item_open = False

    def put(self, chunk: Chunk) -> None:
        """Takes a chunk, and counts it for the element that it stands in."""
        chunk.offered = bool(self.offered)
        if self.struck and not chunk.marks:
            chunk.marks = [(0, len(chunk.text), "struck")]
        if self.tab:
            if chunk.kind is not BlockKind.HEADING:
                chunk.labels.insert(0, (0, self.tab))
            self.tab = ""
        self.harvest.chunks.append(chunk)
        self.node.words += len(chunk.text.split())
        self.node.link_words += sum(len(chunk.text[s:e].split()) for s, e, _ in chunk.links)
        self.node.sentences += len(_SENTENCE_END.findall(chunk.text))
        self.node.chunks += 1

    def up(self) -> None:
        """Leaves the innermost block element: what was counted in it counts for the one above."""
        node, above = self.node, self.node.parent
        if above is not None:
            above.words += node.words
            above.link_words += node.link_words
            above.sentences += node.sentences
            above.chunks += node.chunks
            self.node = above

    def code(self, parts: Sequence[Element]) -> None:
        """Program text, as it stands in one element or in the lines of a listing."""
        text = code_text(parts)
        if text.strip():
            chunk = Chunk(BlockKind.CODE, text, language=code_language(parts[0]), node=self.node)
            chunk.anchor = self.node.anchor
            self.put(chunk)
            self.item_open = False

    def table(self, element: Element) -> None:
        """A table of data: its caption, then its rows."""
        place = len(self.harvest.chunks)
        self.harvest.beside += (
            (place, each)
            for each in beside_in(
                element, self.visibility, self.base, lambda e: self.harvest.looks.see(e, place)
            )
        )
        for caption in element.iterchildren("caption"):
            run = Run()
            flatten(run, caption, self.base, self.visibility, self.harvest.hidden)
            if run.text:
                chunk = Chunk(BlockKind.PARAGRAPH, run.text, run.links, marks=run.marks, node=self.node)
                chunk.anchor = self.node.anchor
                self.put(chunk)
        for chunk in table_rows(element, self.tables, self.base, self.visibility, self.harvest.hidden):
            chunk.node, chunk.anchor = self.node, self.node.anchor
            self.put(chunk)
        self.tables += 1
        self.item_open = False
