"""Whether a response by plain HTTP is enough, decided by looking at it."""

from __future__ import annotations

import pytest

from browseagent.records import Via
from browseagent.web.escalate import why_browser
from browseagent.web.response import Response

TEXT = "<p>" + "Plain words about an ordinary matter that people come to read about. " * 12 + "</p>"
URL = "https://a.test/"


def _why(markup: str, status: int = 200, *headers: tuple[str, str]) -> str | None:
    response = Response(
        URL, URL, Via.HTTP, status, body=markup.encode(), headers=(("content-type", "text/html"), *headers)
    )
    return why_browser(response)


@pytest.mark.parametrize(
    "markup",
    [
        f"<h1>Plain</h1>{TEXT}",
        f"<h1>Plain</h1>{TEXT}<script src=/analytics.js></script>",
        f"{TEXT}<div id=div-gpt-ad-1></div><script>ads('div-gpt-ad-1'); x.innerHTML = ''</script>",
        f"{TEXT}<noscript><img src=/pixel.gif></noscript><script src=a.js></script>",
        f"<noscript>Enable JavaScript for comments.</noscript>{TEXT}{TEXT}<script src=a.js></script>",
        f'{TEXT}<script type="application/ld+json">{{"@type": "Article"}}</script>',
        "<h1>Closed</h1><p>We are closed on Monday.</p>",
        f"<article><h1>Why pages say Loading…</h1>{TEXT}<p>Loading… is a word that nobody likes to see.</p>"
        "</article><script src=a.js></script>",
        f"{TEXT}<pre><code>{{{{ name }}}}</code></pre>",
    ],
)
def test_pages_that_are_whole(markup: str) -> None:
    """A page whose text is in the response needs no browser, whatever scripts it carries beside."""
    assert _why(markup) is None


@pytest.mark.parametrize(
    ("markup", "word"),
    [
        ("<div id=root></div><script src=/app.js></script>", "shell"),
        (f"{TEXT}<div id=app></div><script src=/app.js></script>", "#app"),
        (
            f"<noscript>You need to enable JavaScript to run this app.</noscript>{TEXT}<script></script>",
            "JavaScript",
        ),
        (f"{TEXT}<p aria-busy=true></p><script src=a.js></script>", "aria-busy"),
        (f"{TEXT}<p>Price: <span class=price>Loading…</span></p><script src=a.js></script>", "Loading…"),
        (f"{TEXT}<p>价格 <b>加载中…</b></p><script src=a.js></script>", "加载中"),
        (f'{TEXT}<div class="card skeleton"></div><script src=a.js></script>', "placeholders"),
        (
            f"{TEXT}<b id=stock></b><script>document.getElementById('stock').textContent = '5'</script>",
            "fills the empty",
        ),
        (
            f"{TEXT}<b class=p>–</b><script>fetch('/p').then(t => {{ e.innerHTML = t }})</script>",
            "fetches text",
        ),
        (f"{TEXT}<product-price sku=4></product-price><script src=a.js></script>", "drawn by a script"),
        (f"{TEXT}<span data-bind=price></span><script src=a.js></script>", "bound to data"),
        (f"<nav>{TEXT}</nav><main></main><script src=a.js></script>", "<main>"),
        (f"{TEXT}<p>Hello {{{{ user.name }}}}</p><script src=a.js></script>", "template"),
        (f"{TEXT}<button>Load more reviews</button><script src=a.js></script>", "button"),
        ("<p>Moving</p><script>location.replace('/next')</script>", "forwards"),
        ("<h1>Notes</h1><iframe src=/content.html></iframe>", "frame"),
    ],
)
def test_pages_that_need_scripts(markup: str, word: str) -> None:
    """Each sign that text is still to come is seen, and named."""
    reason = _why(markup)
    assert reason is not None
    assert word in reason


def test_challenges() -> None:
    """A refusal that only scripts can answer is tried with a browser; other errors are not."""
    assert _why("<h1>Just a moment</h1><script src=/c.js></script>", 403, ("cf-mitigated", "challenge"))
    assert _why("<p>no</p>", 403)
    assert _why("<p>Enable JavaScript and cookies to continue</p><script></script>", 503)
    assert _why(f"{TEXT}<script src=a.js></script>", 404) is None
    assert _why("<h1>Too many</h1>", 429) is None
    assert _why("<h1>Internal error</h1>", 500) is None
