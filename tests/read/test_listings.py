"""Program text in tables with a gutter of line numbers."""

from __future__ import annotations

import pytest

from browseagent.read import extract
from browseagent.records import BlockKind, Document

LINES = ("def reef(wind):", "    return wind &gt; 20")
PRE = "\n".join(LINES)
FORGE = "".join(
    f"<tr><td id=L{n} class='blob-num' data-line-number={n}></td><td class='blob-code inner'>{line}</td>"
    for n, line in enumerate(LINES, 1)
)
NUMBERED = "".join(
    f"<tr><td class='hljs-ln-line hljs-ln-numbers'>{n}</td><td class=hljs-ln-code>{line}</td></tr>"
    for n, line in enumerate(LINES, 1)
)
GUTTER = "".join(f"<div class=line>{n}</div>" for n in (1, 2))
DIVS = "".join(f"<div class=line><code>{line}</code></div>" for line in LINES)


def page(body: str) -> Document:
    told = "This takes in the sail when the wind is strong, and the helm calls it once a minute at sea."
    html = "<!doctype html><html lang=en><head><title>Reef</title></head><body><main><h1>Reef</h1>"
    return extract(
        f"{html}<p>{told}</p>{body}<p>{told[5:]}</p>".encode(), "https://a.example/reef", "text/html"
    )


def texts(document: Document, kind: BlockKind) -> list[str]:
    return [document.block_text(block) for block in document.blocks if block.kind is kind]


@pytest.mark.parametrize(
    "listing",
    [
        f"<table><tr><td class=linenos><pre>1\n2</pre><td class=code><pre>{PRE}</pre></table>",
        f"<table class=js-file-line-container>{FORGE}</table>",
        f"<pre><code class=hljs><table class=hljs-ln>{NUMBERED}</table></code></pre>",
        f"<table class=x><tr><td class=gutter>{GUTTER}<td class=code><div>{DIVS}</div></table>",
        f"<table><tr><td class=lntd><pre><span class=lnt>1\n</span></pre><td class=lntd><pre>{PRE}</pre>",
        f"<table><tr><td><pre>1\n2\n</pre><td><pre>{PRE}</pre></table>",
        f"<pre><span class=ln>1</span>{LINES[0]}\n<span class=ln>2</span>{LINES[1]}</pre>",
    ],
)
def test_a_listing_in_a_table_is_code_without_its_gutter(listing: str) -> None:
    """However a highlighter numbers the lines, they are one piece of code, indented, without the numbers."""
    document = page(listing)
    assert texts(document, BlockKind.CODE) == ["def reef(wind):\n    return wind > 20"]
    assert not texts(document, BlockKind.ROW)


def test_a_table_of_options_is_no_listing() -> None:
    """Code in cells beside words, or beside numbers that count things, is data."""
    rows = "<tr><td><code>-v</code><td>says more</tr><tr><td><code>-q</code><td>says less</tr>"
    counts = "<tr><td>4<td><code>-v</code></tr><tr><td>2<td><code>-q</code></tr>"
    first = f"<table><tr><th>Option<th>Does</tr>{rows}</table>"
    document = page(f"{first}<table><tr><th>Uses<th>Of</tr>{counts}</table>")
    assert "-q\tsays less" in texts(document, BlockKind.ROW)
    assert "2\t-q" in texts(document, BlockKind.ROW)
