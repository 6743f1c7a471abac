"""Who wrote what on a forum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from browseagent import extract
from browseagent.answer.pieces import pieces
from browseagent.answer.posts import authors, posts
from browseagent.answer.summarize import summarize
from browseagent.records import Document

QUESTION = "My bicycle brake squeals loudly whenever it rains, what should I try first?"
REPLIES = {
    "ada_lund": "Clean the rim with alcohol and sand the pads lightly before anything else.",
    "bert77": "Sanding did nothing for mine, I had to buy new pads made for wet weather.",
    "Cleo M": "Toe the pads in by one millimetre at the front and the noise is gone.",
    "dora": "Check that the caliper bolts hold a torque of eight newton metres first.",
}


def _link(name: str) -> str:
    return f'<a href="/members/{name}">{name}</a>'


def thread(quoting: str = "", liked: Sequence[str] = (), dash: str = "") -> Document:
    """A thread whose posts name their authors beside the text; ``liked`` is who likes each."""
    told = [("tom", QUESTION), *REPLIES.items()]
    if quoting:
        told[1] = ("ada_lund", f"{quoting}</p><p>{REPLIES['ada_lund']}")
    told += [("tom", "Thanks to all of you, the pads were worn down to the metal.")] if liked else []
    rows = "".join(
        f'<div class="post"><div class="user-name">{dash}{_link(name)}</div>'
        f'<div class="posted"><time>{day} May 2026</time></div><div class="body"><p>{text}</p></div>'
        f'<div class="likes">{_link(liked[day - 1]) if liked else ""}</div></div>'
        for day, (name, text) in enumerate(told, start=1)
    )
    title = "Squealing brake"
    html = f"<html lang=en><title>{title}</title><body><main><h1>{title}</h1>{rows}</main></body></html>"
    read = extract(html.encode(), url="https://example.org/t/1", content_type="text/html")
    return replace(read, kind="forum")


def test_a_reply_is_told_with_its_author() -> None:
    """Each reply is of the person whose record on the page holds it, and the name is quoted with it."""
    document = thread()
    found = {piece.words_shown: piece for piece in pieces(document)}
    for name, text in REPLIES.items():
        assert found[text].text == f"{name}: {text}"
        quotes = found[text].point().quotes
        assert [quote.text for quote in quotes] == [name, text]
        assert document.rest is not None
        assert document.rest.text[quotes[0].start : quotes[0].end] == name
        assert document.text[quotes[1].start : quotes[1].end] == text


def test_what_opens_a_thread_is_given_to_nobody() -> None:
    """The first words may be repeated by who replies: they have an author only where the page names it."""
    document = thread()
    assert authors(document, [QUESTION]) == [None]
    named = authors(replace(document, author="tom"), [QUESTION])
    assert [post.author.words for post in named if post] == ["tom"]


def test_a_repeated_sentence_is_not_its_repeaters() -> None:
    """A reply that repeats the question before its own words is not given the question."""
    document = thread(quoting=QUESTION)
    found = {piece.words_shown: piece for piece in pieces(document)}
    assert found[QUESTION].author is None
    assert found[REPLIES["bert77"]].text.startswith("bert77: ")


def test_who_likes_a_post_has_not_written_it() -> None:
    """The author's name stands before the words, that of who likes them after these."""
    found = {
        piece.words_shown: piece for piece in pieces(thread(liked=("zoe", "max", "ida", "lea", "kim", "ron")))
    }
    for name, text in REPLIES.items():
        assert found[text].text == f"{name}: {text}"


def test_a_dash_is_no_part_of_a_name() -> None:
    """ "– dora" is dora."""
    assert {post.author.words for post in posts(thread(dash="– "))} == {"tom", *REPLIES}


def test_little_of_a_record_may_be_what_it_repeats() -> None:
    """Of a long record a few words may be another's: they have no author."""
    document = thread(quoting="I tried that last year on two of my bicycles without any luck at all. " * 3)
    said = next(post.said for post in posts(document) if post.author.words == "ada_lund")
    assert len(said.split()) > 5 * 3
    assert authors(document, [QUESTION, "Clean the rim"]) == [None, None]
    assert [post.author.words for post in authors(document, [QUESTION, REPLIES["dora"]]) if post] == ["dora"]


def test_a_quotation_in_a_thread_is_not_its_quoters() -> None:
    """What is marked as another's words has no author."""
    told = "I rode it for years with the brakes that it came with, and never heard a thing."
    document = thread(quoting=f"</p><blockquote><p>{told}</p></blockquote><p>")
    found = {piece.words_shown: piece for piece in pieces(document)}
    assert found[told].author is None
    assert found[REPLIES["dora"]].author is not None


def test_a_page_without_records_has_no_posts() -> None:
    """Where no record tells who wrote, nothing has an author."""
    bare = Document(url="https://example.org/", text="Use the blue one instead of that.")
    assert posts(bare) == [] and authors(bare, ["Use the blue one instead of that."]) == [None]


def test_several_people_are_heard() -> None:
    """The points of a thread are of several people, not all of one."""
    told = [point.text for point in summarize([thread()], "medium").points]
    assert sum(text.startswith(f"{name}: ") for name in REPLIES for text in told) >= 3
