"""Sentences that can be read alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from browseagent import extract
from browseagent.answer.passages import units
from browseagent.answer.pieces import pieces
from browseagent.answer.settled import refers, settled
from browseagent.records import Document


def document(body: str, kind: str = "article") -> Document:
    html = f"<html lang=en><title>Oak Street</title><main><h1>Oak Street</h1>{body}</main></html>"
    read = extract(html.encode(), url="https://example.org/", content_type="text/html")
    return replace(read, kind=kind)


def told(read: Document) -> list[str | None]:
    every = units(read)
    found = [settled(read, every, piece) for piece in pieces(read, every)]
    for piece in filter(None, found):
        assert read.text[slice(*piece.span)] == piece.point().quotes[-1].text
    return [None if piece is None else piece.text for piece in found]


ADA = "Ada Lund planted the first oak of the street in 1921."
SHE = "She watered it twice a day for all of her life."
THIS = "This made the street cool in the long hot summers."


@pytest.mark.parametrize(
    ("text", "is_so"),
    [(SHE, True), ("“He’s not here any more,” she said.", True), ("Its roots go deep.", True), (ADA, False),
     ("Theirs was lost.", False), ("Oaks, they say, are old.", False), ("We also know they’re old.", True),
     ("Of many oaks this one was felled.", True), ("We water oaks when they need it.", False)],
)  # fmt: skip
def test_what_refers_to_something_before(text: str, *, is_so: bool) -> None:
    """A sentence that begins with a word for something said before, or says "this one"."""
    assert refers(text) is is_so


def test_a_sentence_is_told_with_what_it_refers_to() -> None:
    """With the one before, be that in the paragraph above, and with two where that refers as well."""
    assert told(document(f"<p>{ADA} {SHE}</p>")) == [ADA, f"{ADA} {SHE}"]
    assert told(document(f"<p>{ADA}</p><p>{SHE} {THIS}</p>")) == [ADA, f"{ADA} {SHE}", f"{ADA} {SHE} {THIS}"]


def test_what_refers_to_nothing_beside_it_is_no_point() -> None:
    """Where nothing comes before, or it is a line of a list, or all would be too long."""
    assert told(document(f"<p>{SHE}</p><p>{ADA}</p>")) == [None, ADA]
    assert told(document(f"<p>{ADA}</p><ul><li>{SHE}</li><li>{THIS}</li></ul>")) == [ADA, None, None]
    long = "Ada Lund planted the first oak of the street, " + "and another one, " * 24 + "and died in 1960."
    assert told(document(f"<p>{long} {SHE}</p>")) == [long, None]


def test_a_heading_says_of_what_a_sentence_is() -> None:
    """The one right above it names it; the page is what its first sentence is about, unless that is of a
    person."""
    assert told(document(f"<p>{ADA}</p><h2>The old oak</h2><p>{THIS}</p>"))[1] == f"The old oak: {THIS}"
    assert told(document(f"<p>{THIS}</p>")) == [THIS]


def test_a_post_may_speak_of_what_its_thread_is_about() -> None:
    """On a forum a reply's first sentence stays, though what it refers to is another's."""
    assert told(document(f"<p>{ADA}</p><h2>eve</h2><p>{THIS}</p>", "forum"))[-1] == THIS


def test_a_full_stop_of_a_measure_does_not_cut_a_sentence() -> None:
    """Both parts of it are told with the other."""
    whole = "The shop sells an oak cup of 20 oz. Tall ones are made to order by hand."
    assert told(document(f"<p>{whole}</p>", "collection")) == [whole, whole]


def test_an_answer_is_told_with_its_question() -> None:
    """Be that the sentence before which it takes up, one of several paragraphs, or the heading above."""
    asked, yes = "Do you lack the time to water your trees?", "If the answer is yes, let the council do it."
    assert told(document(f"<p>{asked}</p><p>{yes}</p>")) == [f"{asked} {yes}"]
    assert told(document(f"<p>{asked}</p><p>{ADA}</p>")) == [ADA]
    other = "<p>Who planted them?</p><p>All were planted by one woman and her sons.</p>"
    assert told(document(f"<p>{asked}</p><p>{ADA}</p>{other}"))[0] == f"{asked} {ADA}"
    assert told(document(f"<p>{asked} {ADA}</p>")) == [ADA]
    assert told(document(f"<h2>{asked}</h2><p>{yes}</p><p>{ADA}</p>")) == [f"{asked} {yes}", ADA]


def test_a_word_or_two_do_not_end_a_point() -> None:
    """They go on in the next sentence."""
    said = "Your street has the trees. The shade. The birds that sing all day."
    assert told(document(f"<p>{said}</p>"))[0] == said


def test_a_pronoun_after_an_adverbial_refers_back() -> None:
    """ "In April, he won" is told with the sentence that names him."""
    assert refers("In April, he won a broad patent on the method.")
    assert not refers("In April, Zhang won a broad patent on the method.")
