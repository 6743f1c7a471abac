"""What the model is told of a chunk."""

from __future__ import annotations

import pytest

from browseagent.read.chunks import Chunk
from browseagent.read.dom import parse
from browseagent.read.features import count, folded
from browseagent.read.hints import TEXT_GROUPS, text_hints
from browseagent.read.nodes import FAR, Node, near_of
from browseagent.read.visibility import visibility_of
from browseagent.read.walk import walk
from browseagent.records import BlockKind


def hinted(text: str) -> set[str]:
    return {name for name, said in zip(TEXT_GROUPS, text_hints(text), strict=True) if said}


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("Add to cart", {"shop"}),
        ("ADD TO CART", {"shop"}),
        ("Add to cart – 3 für 2", {"shop"}),
        ("12 USD", {"price"}),
        ("12 USD, größer", {"price"}),
        ("Read more", {"more"}),
        ("He read more", set()),
    ],
)
def test_hints_are_told_whatever_the_case_and_the_script(text: str, groups: set[str]) -> None:
    """Capitals, and one letter beyond ASCII, change nothing of what a text is taken to speak of."""
    assert hinted(text) == groups


@pytest.mark.parametrize(
    ("text", "words"),
    [("Don't_stop:  GO!", "don t stop go"), ("Don't_stop:  GÉANT!", "don t stop géant"), ("…—!", "")],
)
def test_folding_leaves_words_alone(text: str, words: str) -> None:
    """Signs and underscores part words, in ASCII and beyond it."""
    assert folded(text) == words


def test_a_chunk_is_found_where_its_words_stand_in_a_row() -> None:
    """All its words elsewhere in the extracted text are not enough."""
    texts = ["The line is long", "long is the line", "nothing", "…", "the LINE, is"]
    counts = count([Chunk(BlockKind.PARAGRAPH, text) for text in texts], "So: the line is long. It is.")
    assert [each.found for each in counts] == [1.0, 0.0, 0.0, 0.0, 1.0]


def test_distances_grow_with_each_element_and_end_at_far() -> None:
    """A marked element is as far above as there are elements between, up to a distance that means nowhere."""
    node = Node("nav", None, {})
    assert (near_of(node)[0], near_of(node)[1]) == (0, FAR)
    for _ in range(3):
        node = Node("div", node, {})
    assert near_of(node)[0] == 3
    for _ in range(2 * FAR):
        node = Node("div", node, {})
    assert near_of(node)[0] == FAR


def test_an_element_counts_what_stands_anywhere_in_it() -> None:
    """Words, linked words, sentences and chunks of tables, code and lists count for all around them."""
    root = parse(
        "<body><div><p>Two <a href=/a>words here</a>.</p><section><ul><li>Three</ul><pre>four five</pre>"
        "<table><tr><th>six<th>seven<tr><td>8<td>9</table></section></div><p>Ten</body>"
    )
    chunks = walk(root, "http://a.example/", visibility_of(root)).chunks
    assert [chunk.text for chunk in chunks][:3] == ["Two words here.", "Three", "four five"]
    first = chunks[0].node
    assert first is not None and first.parent is not None and first.parent.parent is not None
    around, body = first.parent, first.parent.parent
    assert (first.words, first.link_words, first.sentences, first.chunks) == (3, 2, 1, 1)
    assert (around.words, around.link_words, around.sentences, around.chunks) == (10, 2, 1, 5)
    assert (body.words, body.chunks) == (11, 6)
