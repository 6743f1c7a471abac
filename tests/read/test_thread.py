"""Who wrote each post of a thread, by the page's markup."""

from __future__ import annotations

import json

import pytest

from browseagent import extract
from browseagent.read.continuation import join
from browseagent.read.serialize import dump_document, load_document
from browseagent.records import Document

WORDS = {
    "tom": "My bicycle brake squeals loudly whenever it rains, what should I try first?",
    "ada_lund": "Clean the rim with alcohol and sand the pads lightly before anything else.",
    "bert77": "Sanding did nothing for mine, I had to buy new pads made for wet weather.",
}
PEOPLE = list(WORDS)


def read(body: str, data: object = None) -> Document:
    script = f'<script type="application/ld+json">{json.dumps(data)}</script>' if data else ""
    html = f"<html lang=en><title>Brake</title>{script}<body><main><h1>Brake</h1>{body}</main></body></html>"
    return extract(html.encode(), url="https://example.org/t/1", content_type="text/html")


def told(document: Document) -> dict[str, str]:
    """Each author's words in the main text."""
    return {
        document.posts[block.post].author: document.block_text(block)
        for block in document.blocks
        if block.post >= 0
    }


def by_items(replies: str = "") -> str:
    """The first post is the item that the others stand in, as some forums have it."""
    others = "".join(
        f'<div itemprop="comment" itemscope itemtype="https://schema.org/Comment">'
        f'<span itemprop="author" itemscope itemtype="https://schema.org/Person">'
        f'<a href="/u/{name}"><span itemprop="name">{name}</span></a> (since 2019)</span>'
        f'<time>{day} May 2026</time><div itemprop="text"><p>{WORDS[name]}</p></div>'
        f'<div itemscope itemprop="interactionStatistic" itemtype="https://schema.org/InteractionCounter">'
        f'<meta itemprop="interactionType" content="https://schema.org/LikeAction">'
        f'<meta itemprop="userInteractionCount" content="{day}"></div></div>'
        for day, name in enumerate(PEOPLE[1:], start=2)
    )
    return (
        '<div itemscope itemtype="https://schema.org/DiscussionForumPosting"><header>'
        "<p>Last reply <time>3 May 2026</time></p>"
        '<span itemprop="author" itemscope><b itemprop="name">tom</b></span>'
        '<time itemprop="datePublished">1 May 2026</time></header>'
        f'<div itemprop="text"><p>{WORDS["tom"]}</p></div>'
        f"<p>The shop has pads of all kinds for every bicycle.</p>{others}{replies}</div>"
    )


def by_attribute() -> str:
    return "".join(
        f'<article data-author="{name}"><h4>{name}</h4><blockquote data-author="eve"><p>I heard it</p>'
        f"</blockquote><p>{WORDS[name]}</p></article>"
        for name in PEOPLE
    )


def by_class() -> str:
    return "".join(
        f'<div class="post"><div class="left"><h3 class="cPane_author"><a href="/{name}">{name}</a></h3>'
        f'<span>Member</span></div><div class="right"><p>{WORDS[name]}</p></div></div>'
        for name in PEOPLE
    )


@pytest.mark.parametrize(
    "body", [by_items(), by_attribute(), by_class()], ids=["items", "attribute", "class"]
)
def test_each_post_is_of_who_wrote_it(body: str) -> None:
    """By schema.org's items, by an attribute, by the element that holds one author's name."""
    document = read(body)
    assert [post.author for post in document.posts] == PEOPLE
    assert told(document) == WORDS


def test_what_stands_between_the_posts_is_of_nobody() -> None:
    """An advertisement within the item of the thread is not who began it."""
    document = read(by_items())
    (advertisement,) = (b for b in document.blocks if document.block_text(b).startswith("The shop"))
    assert advertisement.post == -1


def test_when_and_how_liked() -> None:
    """The time that is shown with each post and the number of its likes; the thread's own is not its last."""
    document = read(by_items())
    assert [post.when for post in document.posts] == ["1 May 2026", "2 May 2026", "3 May 2026"]
    assert [post.votes for post in document.posts] == [0, 2, 3]


def test_a_name_alone_binds_nothing() -> None:
    """Names in a list beside the text, and names so long that they are none, are no posts."""
    names = "".join(f'<li class="author">{name}</li>' for name in PEOPLE)
    long = "".join(f'<div><p class="author">{text}</p><p>{text}</p></div>' for text in WORDS.values())
    assert read(f"<p>{WORDS['tom']}</p><ul>{names}</ul>").posts == ()
    assert read(long).posts == ()


def test_an_accepted_answer_and_its_comments() -> None:
    """An answer is marked by its property, a comment within it is of another; answers are what is counted."""

    def item(kind: str, role: str, name: str, inner: str = "", text: str = "") -> str:
        return (
            f'<div itemscope itemprop="{role}" itemtype="https://schema.org/{kind}">'
            f'<div itemprop="text"><p>{text or WORDS[name]}</p></div>'
            f'<p itemprop="author" itemscope><a href="/u"><b itemprop="name">{name}</b></a></p>{inner}</div>'
        )

    comment = item("Comment", "comment", "tom", text="That helped at once, and it has been quiet since then.")
    answers = item("Answer", "acceptedAnswer", "ada_lund", comment) + item(
        "Answer", "suggestedAnswer", "bert77"
    )
    count = '<p><span itemprop="answerCount">2</span> answers</p>'
    document = read(item("Question", "mainEntity", "tom", f"{count}{answers}"))
    assert [(post.author, post.accepted) for post in document.posts] == [
        ("tom", False), ("ada_lund", True), ("tom", False), ("bert77", False)
    ]  # fmt: skip
    assert document.replies == 2
    assert [block.post for block in document.blocks if "quiet since" in document.block_text(block)] == [2]


@pytest.mark.parametrize(("count", "replies"), [(2, 2), (258, 258), (1, None), ("many", None)])
def test_the_number_of_replies_is_the_pages(count: object, replies: int | None) -> None:
    """It may be that of several pages; a number that the posts belie is none."""
    counter = {"interactionType": "https://schema.org/CommentAction", "userInteractionCount": count}
    data = {"@type": "DiscussionForumPosting", "interactionStatistic": [counter]}
    assert read(by_attribute(), data).replies == replies
    assert read(by_attribute()).replies is None


def test_posts_survive_the_store_and_the_next_page() -> None:
    """What is stored and read again is the same; of two pages that are one the posts go on."""
    one = read(by_items())
    other = read(by_items().replace("brake", "bell").replace("rim", "clapper").replace("Sanding", "Oiling"))
    assert load_document(dump_document(one)) == one
    whole = join(one, other)
    assert [post.author for post in whole.posts] == PEOPLE * 2
    moved = {whole.block_text(block): block.post for block in whole.blocks}
    assert moved[WORDS["ada_lund"]] == 1 and moved[WORDS["ada_lund"].replace("rim", "clapper")] == 4


def test_who_wrote_the_last_post_is_not_the_author_of_an_index() -> None:
    """A moderator's name beside one board of many, of which the others have names without a class."""
    boards = "".join(
        f'<li class="row"><dl><dt><a href="/f{n}">Board {n}</a> People talk here of wheels and of number {n}.'
        f'</dt><dd class="lastpost">Last post by <a href="/u{n}"{mark}>person{n}</a></dd></dl></li>'
        for n in range(5)
        for mark in ([' class="username"'] if n == 3 else [""])
    )
    news = "".join(
        f'<div class="forumbg"><dl><dt>All links to the {n} other sites of this board are gone by '
        f'<a class="username" href="/m{n}">moderator{n}</a> since the spring</dt></dl></div>'
        for n in range(2)
    )
    document = read(f'<div class="boards"><ul>{boards}</ul></div>{news}')
    assert "person3" not in {post.author for post in document.posts}
