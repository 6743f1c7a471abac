"""The elements above a piece of a page's text: what each is called, holds and repeats."""

from __future__ import annotations

from collections.abc import Mapping

from browseagent.read.hints import NAME_GROUPS, TAG_GROUPS, name_groups, tag_group

FAR = 15
"""Distance that stands for "nowhere above"."""
GROUPS = len(TAG_GROUPS) + len(NAME_GROUPS)
"""So many kinds of marked elements are told apart."""
LEVELS = 4
"""So many elements above a chunk are looked at."""


def signature_of(tag: str, attributes: Mapping[str, str]) -> str:
    """What elements of one make have in common."""
    return f"{tag} {attributes.get('class') or ''}"


class Node:
    """A block element above some chunk, with what was counted beneath it."""

    __slots__ = (
        "anchor", "attributes", "chunks", "depth", "link_words", "near", "parent", "path", "post", "rank",
        "same", "sentences", "signature", "tag", "words",
    )  # fmt: skip

    def __init__(self, tag: str, parent: Node | None, attributes: Mapping[str, str]) -> None:
        self.tag = tag
        self.parent = parent
        self.attributes = attributes
        self.anchor: str = attributes.get("id") or (parent.anchor if parent else "")
        self.depth: int = parent.depth + 1 if parent else 0
        self.post: int = parent.post if parent else -1
        """Number of the post whose words stand in it."""
        self.words = self.link_words = self.chunks = self.sentences = 0
        self.signature = signature_of(tag, attributes)
        self.same: dict[str, int] = {}
        """How many children of each signature."""
        self.rank = 0
        """How many siblings of its signature come before it."""
        self.path: int = hash((parent.path if parent else 0, self.signature))
        """The same for elements that stand alike on the page."""
        self.near: bytearray | None = None
        """Distances to marked elements above; see :func:`near_of`."""
        if parent is not None:
            self.rank = parent.same.get(self.signature, 0)
            parent.same[self.signature] = self.rank + 1


_FURTHER = bytes(min(FAR, distance + 1) for distance in range(256))
"""One element further down, for each distance."""


def near_of(node: Node) -> bytearray:
    """How far above a node each marked element stands; kept at the node."""
    if node.near is not None:
        return node.near
    chain = []
    here: Node | None = node
    while here is not None and here.near is None:
        chain.append(here)
        here = here.parent
    near = here.near if here is not None and here.near else bytearray([FAR] * GROUPS)
    for place in reversed(chain):
        near = near.translate(_FURTHER)
        attributes = place.attributes
        group = tag_group(place.tag, attributes.get("role"))
        if group >= 0:
            near[group] = 0
        if place.tag not in ("body", "html"):
            said = attributes.get
            names = f"{said('class') or ''} {said('id') or ''} {said('data-testid') or ''}"
            for named in name_groups(names) if len(names) > 2 else ():
                near[len(TAG_GROUPS) + named] = 0
        place.near = near
    return near


def record_of(node: Node | None, total: int) -> tuple[float, float, float, float, float]:
    """The most repeated element above: how often, its words, how far up, which one, its share."""
    best = (1.0, 0.0, 0.0, 0.0, 0.0)
    level = 0
    while node is not None and node.parent is not None and level < 8:
        same = node.parent.same[node.signature]
        if same > best[0] and same >= 3:
            group = same * node.words
            best = (float(same), float(node.words), float(level), node.rank / same, min(1.0, group / total))
        node = node.parent
        level += 1
    return best


def wrappers(node: Node | None) -> list[Node]:
    """The elements above that each hold more chunks than the one before: wrappers of one thing left out."""
    steps: list[Node] = []
    while node is not None and len(steps) < LEVELS:
        while node.parent is not None and node.parent.chunks == node.chunks:
            node = node.parent
        steps.append(node)
        node = node.parent
    return steps
