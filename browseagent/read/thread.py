"""Who wrote each post of a thread, as the page's markup binds it: by schema.org's items, by elements that say
whose they are, else by the largest elements that hold one author's name each.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from lxml import etree

from browseagent.read.dom import Element, attribute, text_of
from browseagent.read.metadata import types_of
from browseagent.read.nodes import signature_of
from browseagent.read.text import clean, fold_space
from browseagent.records import Post

NAME_WORDS, LEAST_WORDS, FEWEST = 4, 10, 2
"""Words of a name at most; words that the elements hold in which a name by its class alone makes a post, at
the middle, and how many such there are at least."""
TIME_CHARS = 40
_POSTS = frozenset(("comment", "answer", "question", "discussionforumposting", "socialmediaposting"))
_REPLYING = ("comment", "answer")
_COUNTS = ("commentcount", "answercount")
_REPLIES = ("comment", "reply")
_PROPERTIES = etree.XPath("//*[@itemprop][not(ancestor::head)]")
_NAMED = etree.XPath("//*[@data-author][not(ancestor-or-self::blockquote)]")
_CALLED = etree.XPath(
    "//*[contains(@class, 'uthor') or contains(@class, 'sername') or contains(@class, 'oster')]"
    "[not(ancestor-or-self::blockquote)]"
)
_CLASS = re.compile(r"[A-Z]?[a-z]+")
_NAMES = frozenset(("author", "username", "poster"))
_ACCEPTED = frozenset(("accepted", "solution"))


@dataclass(frozen=True, slots=True)
class Thread:
    """The posts of a page, and the elements that hold their words."""

    posts: tuple[Post, ...] = ()
    bodies: Mapping[Element, int] = field(default_factory=dict)
    """The number of the post that each element's words are of; an element within tells of its own."""
    replies: int | None = None
    """How many posts follow the first, where the page's markup says so."""


def thread_of(root: Element, objects: Sequence[Mapping[str, Any]]) -> Thread:
    """The posts of a page; none where its markup binds none to those who wrote them. ``objects`` is its
    JSON-LD."""
    found = _by_items(root)
    held = {each for post in found for each in (post.element, *post.bodies)}
    found += [post for post in _by_attribute(root) if not _touches(post.element, held)]
    found = found or _by_class(root)
    if not found:
        return Thread()
    order = {element: place for place, element in enumerate(root.iter())}
    found.sort(key=lambda post: order[post.element])
    regions = {post.element for post in found}
    posts = tuple(post.told(regions) for post in found)
    if found[0].kind not in _REPLYING:
        posts = (replace(posts[0], opens=True), *posts[1:])
    answers = sum(post.kind == "answer" for post in found)
    bodies = {body: number for number, post in enumerate(found) for body in post.bodies}
    return Thread(posts, bodies, _replies(root, objects, found, answers))


@dataclass(slots=True)
class _Found:
    """A post in the making."""

    element: Element
    author: str
    bodies: list[Element]
    kind: str = ""
    accepted: bool = False
    votes: int = 0
    position: int = 0
    published: Sequence[Element] = ()

    def told(self, regions: set[Element]) -> Post:
        accepted = self.accepted or not _ACCEPTED.isdisjoint(_words(self.element))
        return Post(self.author, self._when(regions), accepted, self.votes)

    def _when(self, regions: set[Element]) -> str:
        """The time that is marked as the post's, else the first that is shown in the largest element around
        its words that holds no other post."""
        around = self.bodies[0]
        while around is not self.element and not _holds(around.getparent(), regions - {self.element}):
            around = around.getparent()
        times = (fold_space(text_of(time)) for time in (*self.published, *around.iter("time")))
        return next((text for text in times if 0 < len(text) <= TIME_CHARS), "")


def _holds(element: Element, others: set[Element]) -> bool:
    return any(each in others for each in element.iter())


def _touches(element: Element, others: set[Element]) -> bool:
    """Whether an element is, holds or stands in one of some others."""
    above = any(each in others for each in element.iterancestors())
    return above or _holds(element, others)


def _by_items(root: Element) -> list[_Found]:
    """By items of schema.org: a post's properties are those that stand in no item within it."""
    of: dict[Element, dict[str, list[Element]]] = defaultdict(lambda: defaultdict(list))
    for element in _PROPERTIES(root):
        owner, counted = _owner(element), ""
        if _kind(owner) == "interactioncounter":  # its number is the post's
            counted, owner = _counted(owner), _owner(owner)
        if _kind(owner) in _POSTS:
            for name in attribute(element, "itemprop").split():
                of[owner][f"{name}{counted}"].append(element)
    found = []
    for owner, its in of.items():
        marks = [*its["author"], *its["creator"]]
        author = next(filter(None, map(_name, marks)), "")
        if author:
            votes = [*its["upvoteCount"], *its["userInteractionCountlike"]]
            bodies = [*its["text"], *its["articleBody"]] or [owner]
            accepted = "acceptedAnswer" in attribute(owner, "itemprop").split()
            post = _Found(owner, author, bodies, _kind(owner), accepted)
            post.votes = next(filter(None, map(_number, votes)), 0)
            post.published = [*its["datePublished"], *its["dateCreated"]]
            post.position = next(filter(None, map(_number, its["position"])), 0)
            found.append(post)
    return found


def _owner(element: Element) -> Element | None:
    """The item that an element's property is of."""
    return next((each for each in element.iterancestors() if "itemscope" in each.attrib), None)


def _counted(counter: Element) -> str:
    """What a counter counts: "like", "comment"."""
    kind = next((each for each in counter.iter() if each.get("itemprop") == "interactionType"), None)
    said = "" if kind is None else kind.get("content") or kind.get("href") or text_of(kind)
    return _action(said)


def _action(said: str) -> str:
    return said.strip().rsplit("/", 1)[-1].lower().removesuffix("action")


def _kind(element: Element | None) -> str:
    return "" if element is None else attribute(element, "itemtype").rstrip("/").rsplit("/", 1)[-1].lower()


def _name(mark: Element) -> str:
    """The name that an author's element holds; empty where that is too long for one."""
    inner = next((each for each in mark.iter() if each.get("itemprop") == "name"), mark)
    said = fold_space(clean(inner.get("content") or "")) or fold_space(text_of(inner))
    return said if len(said.split()) <= NAME_WORDS else ""


def _number(element: Element) -> int:
    said = (element.get("content") or text_of(element)).strip()
    return int(said) if said.isascii() and said.isdigit() and len(said) < 9 else 0


def _by_attribute(root: Element) -> list[_Found]:
    named = ((element, fold_space(clean(attribute(element, "data-author")))) for element in _NAMED(root))
    return [_Found(element, name, [element]) for element, name in named if name]


def _by_class(root: Element) -> list[_Found]:
    """By the largest elements that hold one name each, of those names that are set in one way."""
    marks: dict[str, list[tuple[Element, str]]] = defaultdict(list)
    for element in _CALLED(root):
        said = fold_space(text_of(element)) if _NAMES & _words(element) else ""
        if said and len(said.split()) <= NAME_WORDS:
            marks[signature_of(element.tag, element.attrib)].append((element, said))
    best: list[_Found] = []
    for its in marks.values():
        regions = {region: name for region, name in _regions(its).items() if _is_one(region, its)}
        sizes = sorted(len(text_of(each).split()) for each in regions)
        if len(regions) > max(len(best), FEWEST - 1) and sizes[len(sizes) // 2] >= LEAST_WORDS:
            best = [_Found(element, name, [element]) for element, name in regions.items()]
    return best


def _is_one(region: Element, marks: Sequence[tuple[Element, str]]) -> bool:
    """Whether a name is that of all of a region: no other element of the form of the one around it stands
    there with words but without a name, as those of other boards do in a forum's index."""
    named = {element for element, _ in marks}
    within = [element for element in region.iter() if element in named]
    around = next((each for each in within[0].iterancestors() if each.get("class")), region)
    if around is region or not _holds(region, {around}):
        return True
    form = signature_of(around.tag, around.attrib)
    alike = (each for each in region.iter(around.tag) if signature_of(each.tag, each.attrib) == form)
    return all(_holds(each, named) or not text_of(each).strip() for each in alike)


def _words(element: Element) -> set[str]:
    return set(map(str.lower, _CLASS.findall(attribute(element, "class"))))


def _regions(marks: Iterable[tuple[Element, str]]) -> dict[Element, str]:
    """The largest element around each name that holds no other; without those that hold the whole page."""
    marks = list(marks)
    held: dict[Element, set[str]] = defaultdict(set)
    for element, name in marks:
        for each in (element, *element.iterancestors()):
            held[each].add(name)
    found = {}
    for element, name in marks:
        region = element
        for each in element.iterancestors():
            if len(held[each]) > 1:
                found[region] = name
                break
            region = each
    return found


def _replies(
    root: Element, objects: Sequence[Mapping[str, Any]], found: Sequence[_Found], answers: int
) -> int | None:
    """What the page's markup gives as the number of replies, where its posts do not belie that: as a number,
    or by the places of all posts of a page on which they are counted from the first."""
    least = answers or len(found) - 1
    said = [each for each in (*_told(objects), *_shown(root)) if each >= least]
    if said:
        return said[0]
    places = [post.position or (not number) for number, post in enumerate(found)]
    return len(found) - 1 if not answers and places == [*range(1, len(found) + 1)] else None


def _told(objects: Sequence[Mapping[str, Any]]) -> Iterator[int]:
    """The numbers of comments or answers in the page's JSON-LD."""
    for item in objects:
        if not types_of(item) & _POSTS:
            continue
        numbers = [value for name, value in item.items() if name.lower() in _COUNTS]
        statistics = item.get("interactionStatistic")
        for each in statistics if isinstance(statistics, list) else [statistics]:
            if isinstance(each, dict):
                action = _action(str(each.get("interactionType")))
                numbers += [each.get("userInteractionCount")] if action in _REPLIES else []
        yield from (int(each) for each in numbers if str(each).isascii() and str(each).isdigit())


def _shown(root: Element) -> Iterator[int]:
    """The same in its elements."""
    for element in _PROPERTIES(root):
        name = attribute(element, "itemprop").lower()
        if name in _COUNTS:
            yield _number(element)
        elif name == "userinteractioncount":
            counter = _owner(element)
            if (
                _kind(counter) == "interactioncounter"
                and _counted(counter) in _REPLIES
                and _kind(_owner(counter)) in _POSTS
            ):
                yield _number(element)
