"""HTML to a document: walk the tree, judge which text is the page's own, set it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from browseagent.read.beside import title_of
from browseagent.read.chunks import Chunk, compose
from browseagent.read.continuation import next_page
from browseagent.read.described import head_of
from browseagent.read.dom import Element, attribute, flattened, nests_too_deep, parse
from browseagent.read.elements import narrow, notes_of
from browseagent.read.formulas import lost_formulas, may_draw_formulas
from browseagent.read.inline import resolve
from browseagent.read.labels import add_labels
from browseagent.read.metadata import Metadata, linked_data, meta_tags, metadata
from browseagent.read.microdata import in_tags, microdata
from browseagent.read.pictures import unread
from browseagent.read.rest import near_of, rest_of
from browseagent.read.select import PageFacts, Selection, select
from browseagent.read.structured import unseen_facts, unseen_origin
from browseagent.read.thread import Thread, thread_of
from browseagent.read.visibility import READ_UNSEEN, is_rendered, is_scripted, visibility_of, words_in
from browseagent.read.walk import Harvest, walk
from browseagent.records import Document, Elements, Link, Look

_Seen = TypeVar("_Seen", str, Look)
# Below this share of the page's words the document says how little it kept.
_LITTLE = 0.15
# A page that shows fewer words than this while hiding or deferring more is one that scripts would show.
_SHELL_WORDS = 300


def read_html(text: str, url: str, elements: Elements | None = None) -> Document:
    """The document in an HTML text, of the chosen elements where some were chosen. Never raises for bad
    HTML; an empty page has an empty text."""
    elements = elements or Elements()
    root = parse(text)
    if root is None:
        return Document(url=url, text="", kept=0.0, notes=("the page is empty",))
    held = list(root.iter())  # noqa: F841  lxml makes an element anew each time that none is held
    base = base_of(root, url)
    lost = lost_formulas(root) if may_draw_formulas(text) else 0
    without = notes_of(root, elements)
    if elements:
        narrow(root, elements)
    objects, tags = linked_data(root), meta_tags(root)
    thread = thread_of(root, objects)
    harvest, notes = gather(root, base, thread.bodies)
    notes.extend(without)
    too_deep = not harvest.chunks and not elements and nests_too_deep(text)
    if too_deep and (simpler := parse(flattened(text))) is not None:
        root, thread = simpler, Thread()
        objects, tags = linked_data(root), meta_tags(root)
        harvest, notes = gather(root, base)
        notes.append("the page nests too deeply to be parsed; its text was read without its structure")
    if lost:
        notes.append(f"{lost} formulas are drawn without their TeX or MathML; they were left out")
    said = metadata(root, objects, tags, url)
    add_labels(harvest.chunks, said, objects, tags)
    description = f"{tags.get('description', '')} {tags.get('og:description', '')}"
    facts = PageFacts(url, said.title, description, objects, tags)
    # What a person chose is taken whole: nothing in it is judged to be beside the point.
    choice = Selection(harvest.chunks) if elements.only else select(harvest.chunks, root, facts)
    facts_unseen: list[Chunk] = []
    if choice.chunks and not elements:  # what was left out must not come back from the page's data
        shown = " ".join(chunk.text for chunk in harvest.chunks)
        facts_unseen = unseen_facts((objects, microdata(root), in_tags(tags)), shown)
        if choice.kind == "article":
            facts_unseen += unseen_origin(said.author, said.date, shown)
    body, blocks, links = compose([*choice.chunks, *facts_unseen])
    chosen = {id(chunk) for chunk in choice.chunks}
    left = [chunk for chunk in harvest.chunks if id(chunk) not in chosen]
    elsewhere = [Link(u, c.text[s:e]) for c in left for s, e, u in c.links]
    near = [id(chunk) in chosen for chunk in harvest.chunks]
    beside = tuple(_by_chosen(harvest.beside, near))
    notes += unread(beside)
    if not elements:
        beside = (*title_of(root), *beside)
    kept = share(choice.chunks, harvest.chunks)
    if kept < _LITTLE and body and not elements:
        notes.append(f"{kept:.0%} of the words on the page are taken to be its own text")
    following = next_page(root, choice.chunks, base, url, choice.kind, objects, tags)
    rest = _document(rest_of(harvest.chunks, chosen), url, said)
    return Document(
        url=url, text=body, blocks=blocks, title=said.title, author=said.author, date=said.date,
        language=said.language, links=links + tuple(elsewhere), hidden=tuple(harvest.hidden),
        beside=beside, looks=tuple(_by_chosen(harvest.looks.all(), near)),
        kind=choice.kind, kept=kept, notes=(*notes, *choice.notes),
        next_url=following, rest=rest, near=_document(near_of(harvest.chunks, chosen), url, said),
        head=None if elements else _document(head_of(root, tags), url, said),
        posts=thread.posts, replies=thread.replies,
    )  # fmt: skip


def _by_chosen(seen: Iterable[tuple[int, _Seen]], near: list[bool]) -> Iterator[_Seen]:
    """What stands beside a chunk that was chosen, or on a page without text."""
    return (each for place, each in seen if not near or any(near[max(0, place - 1) : place + 2]))


def _document(chunks: Iterable[Chunk], url: str, said: Metadata) -> Document | None:
    """What is seen beside the main text, as a document."""
    body, blocks, links = compose(chunks)
    if not body:
        return None
    return Document(url, body, blocks, said.title, language=said.language, links=links)


def base_of(root: Element, url: str) -> str:
    """The URL that relative links start from."""
    base = next(root.iter("base"), None)
    return (resolve(url, attribute(base, "href")) if base is not None else "") or url


def gather(
    root: Element, base: str, bodies: Mapping[Element, int] | None = None
) -> tuple[Harvest, list[str]]:
    """All text of a page; where scripts would show most of it, what they would show as well."""
    harvest = walk(root, base, visibility_of(root), bodies=bodies)
    shown = _words(harvest.chunks)
    deferred = sum(words_in(element, 5000) for element in root.iter("noscript"))
    if deferred > max(50, shown):
        harvest = walk(root, base, visibility_of(root), scripted=False, bodies=bodies)
        return harvest, ["read from what the page offers to readers without scripts"]
    hidden = sum(len(text.split()) for text in harvest.hidden)
    mostly = shown < _SHELL_WORDS and hidden > max(50, 1.5 * shown)
    # In what a browser has rendered hidden text stays hidden, and beside other text without a script that
    # could show it. A page that shows nothing at all was saved without its scripts.
    if mostly and (is_scripted(root) or not shown) and not is_rendered(root):
        opened = walk(root, base, visibility_of(root, lenient=True), bodies=bodies)
        if _words(opened.chunks) > 2 * shown:
            return opened, [READ_UNSEEN]
    return harvest, []


def share(part: list[Chunk], whole: list[Chunk]) -> float:
    """Share of the words of the whole that are in the part, 0 to 1."""
    total = _words(whole)
    return min(1.0, _words(part) / total) if total else 0.0


def _words(chunks: list[Chunk]) -> int:
    return sum(len(chunk.text.split()) for chunk in chunks)
