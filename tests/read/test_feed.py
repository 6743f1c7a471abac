"""Feeds: titles decoded once, links from their base, plain text as it stands."""

from __future__ import annotations

import pytest

from browseagent.read import extract
from browseagent.records import Document

ATOM = 'xmlns="http://www.w3.org/2005/Atom"'


def feed(body: str, kind: str = "atom") -> Document:
    return extract(body.encode(), "https://a.example/feeds/new.xml", f"application/{kind}+xml")


def atom(title: str, rest: str = '<link href="t9.html"/>', base: str = "") -> Document:
    return feed(f"<feed {ATOM} {base}><title>Tools</title><entry>{title}{rest}</entry></feed>")


@pytest.mark.parametrize(
    ("title", "read"),
    [
        ('<title type="html"><![CDATA[News &bull; 1.9 &lt;stable&gt;]]></title>', "News • 1.9 <stable>"),
        ('<title type="html">Tool &amp;amp; Tackle &lt;b&gt;1.9&lt;/b&gt;</title>', "Tool & Tackle 1.9"),
        ('<title type="text">Why &lt;b&gt; is not &amp;amp;</title>', "Why <b> is not &amp;"),
        ('<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">A <b>b</b> &amp; c</div></title>',
         "A b & c"),
        ("<title>Ropes &amp; knots: a &lt; b</title>", "Ropes & knots: a < b"),
        ("<title>Ropes &bull; knots&nbsp;&eacute;</title>", "Ropes • knots é"),
    ],
)  # fmt: skip
def test_the_title_of_an_entry_is_decoded_once(title: str, read: str) -> None:
    """As its type says; what is an angle bracket after that is one."""
    assert f"\n\n{read}" in atom(title).text


@pytest.mark.parametrize(
    ("title", "read"),
    [
        ("<![CDATA[Tool &amp; Tackle]]>", "Tool & Tackle"),
        ("Tool &amp;amp; Tackle", "Tool & Tackle"),
        ("<![CDATA[The <em>new</em> pier]]>", "The new pier"),
        ("List&lt;String&gt; explained", "List<String> explained"),
        ("AT&amp;T and &#8217;80s", "AT&T and ’80s"),
        ("Map&lt;Key&gt; &amp;amp; List&lt;Item&gt; &amp;#8211; 2", "Map<Key> & List<Item> – 2"),
    ],
)
def test_the_title_of_an_rss_item_is_html_where_it_looks_so(title: str, read: str) -> None:
    """RSS does not say; a tag or an entity of HTML does. Angle brackets that are no tag stay."""
    document = feed(
        f"<rss><channel><title>T</title><item><title>{title}</title></item></channel></rss>", "rss"
    )
    assert f"\n\n{read}" in document.text


@pytest.mark.parametrize(
    ("base", "link", "url"),
    [
        ('xml:base="https://tools.example/f/"', '<link href="t9.html"/>', "https://tools.example/f/t9.html"),
        ('xml:base="/f/"', '<link xml:base="old/" href="t9.html"/>', "https://a.example/f/old/t9.html"),
        ("", '<link href="t9.html"/>', "https://a.example/feeds/t9.html"),
        ('xml:base="https://tools.example/f/"', '<link href="https://b.example/9"/>', "https://b.example/9"),
    ],
)
def test_links_start_from_the_base_that_the_feed_names(base: str, link: str, url: str) -> None:
    """Of the whole feed, of one element, or of none; in the text of an entry as well."""
    text = '<content type="html" xml:base="pics/">&lt;a href="1.png"&gt;The first picture&lt;/a&gt;</content>'
    document = atom("<title>Nine</title>", link + text, base)
    assert document.links[0].url == url
    start = (
        "https://tools.example/f/"
        if "tools" in base
        else "https://a.example/f/"
        if base
        else "https://a.example/feeds/"
    )
    assert document.links[1].url == f"{start}pics/1.png"


def test_plain_text_of_an_entry_is_read_as_it_stands() -> None:
    """A summary that says it is text loses nothing that looks like a tag."""
    document = atom("<title>Eight</title>", '<summary type="text">Plain &lt;b&gt; text here.</summary>')
    assert document.text.endswith("Plain <b> text here.")


def test_what_else_an_entry_says_is_read() -> None:
    """By its name, once; addresses and what only repeats the text are left out."""
    more = (
        "<category>Open</category><category>Lamps</category><g:shipping><g:price>4 EUR</g:price></g:shipping>"
        "<itunes:summary>Seen from the pier.</itunes:summary><wfw:commentRss>https://a.example/c</wfw:commentRss>"
        '<enclosure url="/s/part%201.mp3" type="audio/mpeg"/><enclosure url="/p.jpg" type="image/jpeg"/>'
    )
    document = feed(
        "<rss><channel><title>T</title><item><title>Lamp</title>"
        f"<description>Seen from the pier.</description>{more}</item></channel></rss>",
        "rss",
    )
    assert document.text.partition("Seen from the pier.")[2].split("\n") == [
        "", "", "category: Open, Lamps", "shipping price: 4 EUR", "part 1.mp3",
    ]  # fmt: skip
    assert document.links[-1].url == "https://a.example/s/part%201.mp3"
