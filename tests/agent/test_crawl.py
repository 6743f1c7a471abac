"""A crawl of a small site, with a real store: what is read, what is left, and going on where it was."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from browseagent.agent.crawl import TROUBLES, Crawl, Crawled
from browseagent.agent.frontier import Bounds
from browseagent.agent.site import index_of
from browseagent.agent.sources import Sources
from browseagent.config import Settings
from browseagent.records import Outcome
from browseagent.store.crawls import Crawls
from browseagent.store.pages import SqlPageStore
from browseagent.store.profiles import Profiles
from browseagent.web import Web

ROOT = Path(__file__).resolve().parents[2]
WORDS = "The town keeps a record of everything that happens here, and of a good deal that does not."


class Site:
    """A site on 127.0.0.1: a tree of pages, a calendar without end, some that fail, one that is forbidden."""

    def __init__(self, pages: int) -> None:
        self.pages = pages
        self.silent_after = 10_000
        """Requests after which it answers nothing more."""
        self.dead: set[str] = set()
        """Paths that it never answers."""
        self.seconds = 0.0
        """How long it takes over each answer."""
        self.asked: Counter[str] = Counter()
        self.busy = 0
        self.most_at_once = 0
        handler = type("Handler", (_Handler,), {"site": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Site:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=10)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/"

    @property
    def host(self) -> str:
        """Host and port."""
        return urlsplit(self.url).netloc

    def body(self, path: str) -> tuple[int, str]:
        """Status and links of a path."""
        if path == "/":
            links = ["/p/1", "/p/1#again", "/moved", "/broken", "/secret/x", "/cal/2026/01/", "/song.mp3"]
            return 200, _page("Home", [*links, "http://other.example/", "/p/2?utm_source=x"])
        if path.startswith("/p/"):
            number = int(path.rpartition("/")[2])
            return 200, _page(
                f"Page {number}", [f"/p/{n}" for n in range(number, 4 * number) if n <= self.pages]
            )
        if path == "/hub":
            return 200, _page("Hub", [f"/go/{n}" for n in range(40)])
        if path.startswith("/cal/"):
            year, month = map(int, path.strip("/").split("/")[1:])
            months = 12 * year + month
            return 200, _page(f"Month {months}", [f"/cal/{months // 12}/{months % 12 + 1:02}/"])
        return (500, "") if path == "/broken" else (404, "")


class _Handler(BaseHTTPRequestHandler):
    site: Site

    def do_GET(self) -> None:
        site, path = self.site, urlsplit(self.path).path
        site.busy += 1
        site.most_at_once = max(site.most_at_once, site.busy)
        site.asked[path] += 1
        if site.asked.total() > site.silent_after or path in site.dead:
            site.busy -= 1
            self.close_connection = True
            return
        time.sleep(site.seconds)
        status, body = site.body(path)
        kind = "text/html; charset=utf-8"
        if path == "/robots.txt":
            status, body, kind = 200, "User-agent: *\nDisallow: /secret/\n", "text/plain"
        goal = "/p/2" if path == "/moved" else "/hub" if path.startswith("/go/") else ""
        self.send_response(301 if goal else status)
        if goal:
            self.send_header("Location", goal)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        site.busy -= 1
        self.wfile.write(body.encode())

    def log_message(self, format: str, *args: object) -> None:
        pass


def _page(title: str, links: list[str]) -> str:
    items = "".join(f"<li><a href='{link}'>{title} to {link}</a></li>" for link in links)
    paragraphs = f"<p>{WORDS}</p><p>{title} was written by its keeper. {WORDS}</p>"
    return f"<html lang=en><title>{title}</title><main><h1>{title}</h1>{paragraphs}<ul>{items}</ul></main>"


@pytest.fixture
def town() -> Iterator[Site]:
    with Site(12) as site:
        yield site


@pytest.fixture(params=["sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlPageStore]:
    with SqlPageStore(tmp_path / "home" / "pages.sqlite") as opened:
        yield opened


async def crawl(store: SqlPageStore, url: str, bounds: Bounds, *, anew: bool = False) -> Crawled:
    home = Path(str(store.database.path)).parent
    settings = Settings(home=home, via="http")
    profiles = Profiles(settings.profiles_path)
    async with Web(profiles=profiles, obey_robots=True, delay=0.0) as web:
        sources = Sources(settings, web, store, profiles)
        crawls = Crawls(store.database, index_of(store.database))
        run = Crawl(url, bounds, sources, crawls, lambda *_: None, seconds=10.0, anew=anew)
        return await run.to_the_end()


def stored(store: SqlPageStore) -> set[str]:
    return {urlsplit(page.url).path for page in store.pages()} - {"/robots.txt"}


async def test_a_site_is_stored_within_its_bounds(store: SqlPageStore, town: Site) -> None:
    """Every page of the host once, one at a time; not what robots.txt forbids, not other hosts, not other
    files; a calendar without end stops at the cap; what fails is told and ends nothing."""
    done = await crawl(store, town.url, Bounds(per_pattern=5))
    months = {f"/cal/2026/0{month}/" for month in range(1, 6)}
    # /moved leads to /p/2, which is stored under the one address of the two that was read.
    assert stored(store) == {"/", "/moved", *(f"/p/{n}" for n in range(1, 13) if n != 2), *months}
    assert (done.ended, done.error, done.resumed) == ("complete", None, False)
    assert {(urlsplit(each.url).path, each.outcome) for each in done.failures} == {
        ("/broken", "http_error"),
        ("/secret/x", "robots"),
    }
    assert town.asked["/secret/x"] == town.asked["/song.mp3"] == 0
    assert max(town.asked[f"/p/{n}"] for n in range(1, 13)) == 1
    assert town.most_at_once == 1


async def test_include_exclude_and_depth(store: SqlPageStore, town: Site) -> None:
    """The first page is always read; of the others those that match, and no deeper than was said."""
    done = await crawl(store, town.url, Bounds(depth=2, include=("/p/",), exclude=("/p/3$",)))
    assert stored(store) == {"/", "/p/1", "/p/2", "/p/4", "/p/5", "/p/6", "/p/7"}
    assert done.failures == ()


async def test_more_pages_go_on_where_fewer_ended(store: SqlPageStore, town: Site) -> None:
    """A budget that was spent can be raised: nothing is asked twice. At its end a crawl begins anew, and
    young pages come from the store."""
    first = await crawl(store, town.url, Bounds(max_pages=3, per_pattern=2))
    assert (first.ended, first.tally.asked) == ("max_pages", 3)
    second = await crawl(store, town.url, Bounds(max_pages=100, per_pattern=2))
    assert (second.ended, second.resumed) == ("complete", True)
    asked = town.asked.copy()
    assert max(times for path, times in asked.items() if path not in ("/", "/robots.txt")) == 1
    third = await crawl(store, town.url, Bounds(max_pages=100, per_pattern=2))
    assert (third.ended, third.resumed, third.tally.read) == ("complete", False, second.tally.read)
    assert town.asked["/p/5"] == asked["/p/5"]


async def test_a_network_that_is_gone_ends_it_for_now(store: SqlPageStore, town: Site) -> None:
    """Several pages in a row that do not come: the crawl stops, says so, and they wait for the next run."""
    town.silent_after = 7
    gone = await crawl(store, town.url, Bounds(per_pattern=1))
    assert gone.ended == "unreachable" and gone.error is not None
    assert gone.error.kind == "unreachable" and gone.tally.waiting >= TROUBLES
    assert {each.outcome for each in gone.failures} <= {"robots"}
    town.silent_after = 10_000
    back = await crawl(store, town.url, Bounds(per_pattern=1))
    assert (back.ended, back.error, back.resumed) == ("complete", None, True)
    assert back.tally.read >= 13


async def test_links_that_lead_back_are_pages_asked_for(store: SqlPageStore, town: Site) -> None:
    """A redirect to a page that was read counts against the budget: forty of them are not asked for free."""
    done = await crawl(store, f"{town.url}hub", Bounds(max_pages=5))
    assert (done.ended, done.tally.read, done.tally.asked) == ("max_pages", 1, 5)
    assert sum(times for path, times in town.asked.items() if path.startswith("/go/")) == 4


async def test_pages_that_stay_dead_hold_up_none_that_answer(store: SqlPageStore, town: Site) -> None:
    """What the network did not bring is tried once more, after all others, and then has failed."""
    town.dead = {f"/p/{n}" for n in range(2, 8)}
    town.pages = 30
    bounds = Bounds(include=("/p/",), per_pattern=100)
    first = await crawl(store, f"{town.url}p/1", bounds)
    runs = [first, await crawl(store, f"{town.url}p/1", bounds)]
    while runs[-1].tally.waiting and len(runs) < 5:
        runs.append(await crawl(store, f"{town.url}p/1", bounds))
    assert runs[-1].ended == "complete" and runs[-1].tally.waiting == 0
    assert {urlsplit(each.url).path for each in runs[-1].failures} == town.dead & set(town.asked)


async def test_a_site_that_cannot_be_read_is_an_error(store: SqlPageStore, town: Site) -> None:
    """Where not even the first page could be read, the crawl fails as that page does, with what to do."""
    done = await crawl(store, f"{town.url}nothing", Bounds())
    assert done.error is not None and done.error.kind == "not_found"
    assert done.error.hint == "Check the address."


KILLED = """if True:
    import asyncio, os, random, signal, sys, time
    from pathlib import Path
    from tests.agent.test_crawl import crawl
    from browseagent.agent.frontier import Bounds
    from browseagent.read import extract
    from browseagent.store.pages import SqlPageStore

    extract(b"<p>What reads pages is loaded before the first of them is forked.</p>", "http://a.example/")
    dice, kills = random.Random(7), 0
    while True:
        child = os.fork()
        if not child:
            with SqlPageStore(Path(sys.argv[1])) as store:
                done = asyncio.run(crawl(store, sys.argv[2], Bounds(max_pages=200, per_pattern=1)))
            os._exit(0 if done.ended == "complete" else 1)
        ends = time.monotonic() + (dice.uniform(0.2, 1.0) if kills < 6 else 60)
        while not os.waitpid(child, os.WNOHANG)[0] and time.monotonic() < ends:
            time.sleep(0.005)
        else:
            if time.monotonic() < ends:
                break
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            kills += 1
            continue
    print(kills)
"""


def test_killed_again_and_again_it_ends_with_every_page(tmp_path: Path) -> None:
    """SIGKILL at any moment loses no page and reads none twice but the one that was under way."""
    place = tmp_path / "home" / "pages.sqlite"
    with Site(20) as town:
        town.seconds = 0.1  # twenty pages take twice as long as the first child lives, on any machine
        done = subprocess.run(
            [sys.executable, "-c", KILLED, str(place), town.url],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        kills = int(done.stdout)
        pages = {path: times for path, times in town.asked.items() if path.startswith("/p/")}
    assert kills >= 2
    with SqlPageStore(place) as store:
        assert {f"/p/{n}" for n in range(1, 21)} - {"/p/2"} <= stored(store)
        missing = {urlsplit(each.url).path for each in index_of(store.database).missing(town.host, "")}
        assert missing <= {"/robots.txt"}  # every page went into the index with what became of it
    assert sum(times - 1 for times in pages.values()) <= kills


async def test_a_stored_page_leads_on_where_it_was_found(store: SqlPageStore, town: Site) -> None:
    """Where the named page is at a private address its links may lead there, also in a later run that has the
    page from the store: its server is asked for it once more. Another site's address stays shut."""
    home = Path(str(store.database.path)).parent
    settings = Settings(home=home, via="http")
    profiles = Profiles(settings.profiles_path)
    with Site(1) as other:
        for run in (1, 2):
            async with Web(profiles=profiles, obey_robots=True, delay=0.0) as web:
                sources = Sources(settings, web, store, profiles)
                named = await sources.obtain(town.url, seconds=10.0)
                assert named.requested == (run == 1)
                for path in ("p/1", "p/3")[run - 1], "p/5":
                    linked = await sources.obtain(f"{town.url}{path}", seconds=10.0, linked_by=town.url)
                    assert linked.page.outcome is Outcome.OK, linked.page.reason
                shut = await sources.obtain(f"{other.url}p/1", seconds=10.0, linked_by=town.url)
                assert shut.page.outcome is Outcome.POLICY
        assert not other.asked
    assert town.asked["/"] == 2
