"""``browseagent crawl`` as a person runs it, against the fixture server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fixtures.server import FixtureServer

Command = Callable[..., Any]


def test_a_crawl_stores_pages_and_says_how_it_ended(real: Command, fresh_site: FixtureServer) -> None:
    """Exit status 0 and one JSON document; a second run with more pages goes on; what is stored is listed."""
    url = fresh_site.url("/news/index.html")
    options = ("--via", "http", "--include", "/news/", "--json")
    first = real("crawl", url, "--max-pages", "2", *options)
    assert (first.status, first.err) == (0, "")
    document = first.json
    assert (document["schema"], document["ended"], document["read"]) == (
        "browseagent.crawl/1",
        "max_pages",
        2,
    )
    assert document["waiting"] > 0 and document["error"] is None
    second = real("crawl", url, "--max-pages", "3", *options).json
    assert (second["resumed"], second["read"] + second["failed"]) == (True, 3)
    stored = {page["url"] for page in real("cache", "list", "--json").json["pages"]}
    assert url in stored and len(stored) >= 3


def test_wrong_usage_and_a_site_that_is_not_there(real: Command, site: FixtureServer) -> None:
    """A wrong expression is status 2; a first page that fails gives its own status; JSON in both cases."""
    wrong = real("crawl", site.url("/"), "--include", "(", "--json")
    assert (wrong.status, wrong.json["error"]["kind"]) == (2, "usage")
    assert "regular expression" in wrong.err
    file = real("crawl", "file:///etc/hostname")
    assert file.status == 2
    gone = real("crawl", site.url("/cases/gone.html"), "--via", "http", "--json")
    assert (gone.status, gone.json["error"]["kind"], gone.json["read"]) == (4, "gone", 0)
    nobody = real("crawl", "http://127.0.0.1:9/", "--via", "http", "--json")
    assert (nobody.status, nobody.json["ended"]) == (4, "unreachable")
