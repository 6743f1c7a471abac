"""A thread's summary: what is asked, by whom and when, how many replied, the answer that counts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from browseagent import extract
from browseagent.answer.summarize import summarize
from browseagent.records import Document, Point

REPLIES = (
    ("ada_lund", "Thank you for the pictures, they are of a good size and very clear to see.", 0),
    ("bert77", "Sanding did nothing for mine, I had to buy new pads made for wet weather. They cost me $12 "
               "at the shop in town and have been quiet since May.", 9),
    ("tom", "I will have a look at the pads as soon as it is dry again in our yard.", 0),
    ("Cleo M", "Toe the pads in by one millimetre at the front and the noise is gone for good.", 1),
)  # fmt: skip
ASKED = "My bicycle brake squeals loudly whenever it rains. What should I try first?"


def thread(
    *, replies: str = "", accepted: str = "", quoting: bool = False, title: str = "Squealing brake"
) -> Document:
    def item(kind: str, name: str, text: str, day: int, likes: int = 0) -> str:
        role = "acceptedAnswer" if name == accepted else "comment"
        quoted = f"<blockquote><p>{ASKED}</p></blockquote>" if quoting and kind == "Comment" else ""
        return (
            f'<div itemprop="{role}" itemscope itemtype="https://schema.org/{kind}"><p>'
            f'<span itemprop="author" itemscope><a href="/u"><b itemprop="name">{name}</b></a></span></p>'
            f'<p><time itemprop="datePublished">{day} May 2026</time></p>'
            f'<meta itemprop="upvoteCount" content="{likes}">'
            f'<div itemprop="text">{quoted}<p>{text}</p></div></div>'
        )

    posts = item("DiscussionForumPosting", "tom", ASKED, 1) + "".join(
        item("Comment", name, text, day, likes) for day, (name, text, likes) in enumerate(REPLIES, start=2)
    )
    count = f'<meta itemprop="commentCount" content="{replies}">' if replies else ""
    html = (
        f"<html lang=en><title>{title}</title><body>{count}<main><h1>{title}</h1>"
        f"<p>The shop has pads of all kinds for every bicycle in town.</p>{posts}</main></body></html>"
    )
    read = extract(html.encode(), url="https://example.org/t/1", content_type="text/html")
    return replace(read, kind="forum")


def points(document: Document, most: int = 3) -> tuple[Point, ...]:
    found = summarize([document], "short", most=most).points
    for quote in (quote for point in found for quote in point.quotes):
        texts = [document.text, document.rest.text if document.rest else ""]
        assert quote.text in [text[quote.start : quote.end] for text in texts]
    return found


def test_a_thread_begins_with_what_is_asked_by_whom_and_when() -> None:
    """The title, who began it, the day, the number of replies, and the question, whole."""
    first = points(thread(replies="4"))[0]
    assert first.text == f"Squealing brake (by tom, 1 May 2026, 4 replies): {ASKED}"
    assert first.support == "entailed"
    assert {"Squealing brake", "tom", "1 May 2026", ASKED} <= {quote.text for quote in first.quotes}


@pytest.mark.parametrize(("said", "told"), [("", ""), ("2", ""), ("40", ", 40 replies")])
def test_replies_are_counted_only_where_the_page_says_so(said: str, told: str) -> None:
    """Those on other pages too; a number that the posts belie is not told."""
    assert points(thread(replies=said))[0].text.startswith(f"Squealing brake (by tom, 1 May 2026{told}): ")


def test_the_answer_that_helped_most_is_told() -> None:
    """Of the replies that with the most votes, with what goes on with it, not who thanks."""
    told = [point.text for point in points(thread(), 2)]
    assert told[1] == f"bert77: {REPLIES[1][1]}"


def test_an_accepted_answer_is_told_and_called_so() -> None:
    """Also where another has more votes."""
    found = points(thread(accepted="Cleo M"), 2)
    assert found[1].text == f"Cleo M (accepted answer): {REPLIES[3][1]}"
    assert found[1].support == "entailed"


def test_what_stands_around_the_posts_is_no_point() -> None:
    """Nor is what a post repeats of another."""
    for document in (thread(), thread(quoting=True)):
        told = [point.text for point in points(document, 12)]
        assert len(told) == len(set(told)) >= 4
        assert not any("The shop has" in text for text in told)
        assert sum("squeals" in text for text in told) == 1


def test_a_title_that_asks_is_told_whole() -> None:
    """Who began the thread stands after its title's own question mark."""
    first = points(thread(title="Squealing brake?"))[0].text
    assert first.startswith("Squealing brake? (by tom, 1 May 2026): ")


def test_an_opening_that_is_bound_to_nobody_is_not_given_to_who_replies() -> None:
    """Where the markup binds replies alone, the question is told without a name."""
    document = thread()
    moved = [replace(block, post=-1) if block.post == 0 else block for block in document.blocks]
    told = [point.text for point in points(replace(document, blocks=tuple(moved)), 2)]
    assert told[0].endswith(ASKED) and "tom" not in told[0] and "bert77" not in told[0]
    assert told[1].startswith("bert77: ")
