"""The dashboard: what waits, how late it is, what fails, and who works, for each database."""

from __future__ import annotations

import secrets
from datetime import timedelta
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser

from browseagent.config import Settings
from browseagent.records.clock import utc_now
from browseagent.store.cluster import Cluster
from browseagent.store.watch_schema import watches
from browseagent.wiring import Kept, open_kept
from browseagent.worker.queue import StoreQueue
from tests.serve.pages.conftest import ATTACK, Server, opened, running
from tests.watch.conftest import postgres, postgres_database  # noqa: F401  fixtures


def filled(kept: Kept) -> None:
    """Six watches: two are due, two failed for one reason and one for another."""
    found = [
        ("unchanged", ""), ("unchanged", ""), (None, ""), ("failed", "the server answered 500"),
        ("failed", "the server answered 500"), ("blocked", f"a wall {ATTACK}"),
    ]  # fmt: skip
    at = utc_now()
    rows = [
        {
            "uid": secrets.token_hex(16), "name": f"watch {n}", "host": "site.example", "enabled": True,
            "settings": {"url": f"https://site.example/{n}"}, "created_at": at,
            "due_at": at + timedelta(minutes=60 if n > 1 else -25), "memory": {}, "seen_sha256": "",
            "reason": reason, "failures": int(state in ("failed", "blocked")), "trouble_told": False,
            "checks": 1, "good_at": at, "state": state,
            "checked_at": at + timedelta(hours=1) if n < 4 else at - timedelta(hours=1),
        }
        for n, (state, reason) in enumerate(found)
    ]  # fmt: skip
    with kept.pages.database.transaction(write=True) as connection:
        connection.execute(watches.insert(), rows)


def tiles(server: Server) -> dict[str, str]:
    """The numbers of the page, by what they are of."""
    tree = BeautifulSoup(server.client.get("/status").text, "html.parser")
    return {
        " ".join(each.dt.get_text().split()): each.dd.get_text()
        for each in tree.select(".tiles > div")
        if each.dt and each.dd
    }


def table(server: Server, caption: str) -> list[list[str]]:
    """The rows of the table of that caption."""
    tree = BeautifulSoup(server.client.get("/status").text, "html.parser")
    (found,) = [
        each for each in tree.find_all("table") if each.caption and caption in each.caption.get_text()
    ]
    return [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in found.select("tbody tr")]


def test_without_workers_it_tells_of_the_watches(tmp_path: Path) -> None:
    """SQLite: what is due and since when, checks of the last minute, failures by state and by reason; the
    same figures as /metrics."""
    with open_kept(Settings(home=tmp_path)) as kept:
        filled(kept)
    with running(tmp_path) as server:
        found = tiles(server)
        assert found["due now"] == "2"
        assert found["age of the oldest due check"] in ("25 min", "26 min")
        assert found["checks in the last minute"] == "4"
        assert (found["failed"], found["blocked"], found["not checked yet"]) == ("2", "1", "1")
        assert table(server, "Why the last check failed") == [
            ["failed", "the server answered 500", "2"],
            ["blocked", f"a wall {ATTACK}", "1"],
        ]
        assert "None is at work in this database" in server.client.get("/status").text
        metrics = server.client.get("/metrics").text
        assert "browseagent_watches_due 2\n" in metrics
        assert "browseagent_checks_a_minute 4\n" in metrics


@pytest.mark.browser
def test_with_workers_it_tells_of_each(
    tmp_path: Path,
    postgres_database: str,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    chromium: Browser,
) -> None:
    """PostgreSQL: queues, workers with what they did, browsers elsewhere; on a phone too."""
    monkeypatch.setenv("BROWSEAGENT_DATABASE", postgres_database)
    with open_kept(Settings(home=tmp_path, database=postgres_database)) as kept:
        filled(kept)
        cluster, queue = Cluster(kept.pages.database), StoreQueue(16)
        cluster.prepare(queue)
        assert cluster.feed(utc_now(), queue, limit=16)
        figures = {
            "queues": ["checks", "pages"], "concurrency": 4, "running": 3, "checks_a_minute": 11,
            "outcomes": {"unchanged": 90, "failed": 5}, "browsers": {"busy": 1, "idle": 1, "lost": 1},
        }  # fmt: skip
        cluster.tell("one", figures, utc_now())
        cluster.tell("two", {**figures, "checks_a_minute": 7, "browsers": {}}, utc_now())
        cluster.tell("killed", figures, utc_now() - timedelta(seconds=50))
    with running(tmp_path) as server:
        found = tiles(server)
        assert found["checks in the last minute"] == "18"
        assert (found["lost"], found["busy"]) == ("1", "1")
        assert table(server, "Queues")[0][0] == "checks" and int(table(server, "Queues")[0][1]) > 0
        one, two, killed = table(server, "2 at work, 1 silent")
        assert killed[0] == "killed" and killed[6].startswith("silent since")
        assert one[:6] == [
            "one", "checks, pages", "3 of 4", "11", "failed 5, unchanged 90", "1 busy, 1 idle, 1 lost",
        ]  # fmt: skip
        assert two[5] == "its own"
        assert 'browseagent_worker_checks{outcome="failed"} 10' in server.client.get("/metrics").text
        assert "\nbrowseagent_workers 2\n" in server.client.get("/metrics").text
        with opened(chromium, server, viewport={"width": 390, "height": 844}) as page:
            page.goto("/")
            page.click("nav a:has-text('Status')")
            page.wait_for_url("**/status")
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
