"""The list of watches: what it shows, and what it asks the database for."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from browseagent.store.watch_schema import events, outbox, watches
from browseagent.wiring import Kept, open_kept
from tests.serve.serving import Serving, serving, settings_in

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


def fill(kept: Kept, first: int, last: int) -> None:
    """Watches with these numbers; each third is off, each fifth failed, each seventh has an alert to send."""
    rows: list[dict[str, Any]] = [
        {
            "uid": secrets.token_hex(16), "name": f"watch {n:04d}", "host": "site.example",
            "enabled": n % 3 != 0, "settings": {"url": f"https://site{n % 10}.example/{n}", "tags": ["t"]},
            "created_at": NOW, "due_at": NOW + timedelta(days=900), "memory": {}, "seen_sha256": "",
            "reason": "", "failures": n % 5 == 0, "trouble_told": False, "checks": 1, "good_at": NOW,
            "checked_at": NOW, "state": "failed" if n % 5 == 0 else "unchanged",
        }
        for n in range(first, last)
    ]  # fmt: skip
    with kept.pages.database.transaction(write=True) as connection:
        connection.execute(watches.insert(), rows)
        query = sa.select(watches.c.id, watches.c.name).where(watches.c.name >= rows[0]["name"])
        for row in connection.execute(query).all():
            if int(row.name[-4:]) % 7:
                continue
            event = {
                "watch_id": row.id, "key": secrets.token_hex(16), "kind": "changed", "status": "judged",
                "at": NOW, "note": "", "tries": 1, "alert": True,
            }  # fmt: skip
            made = connection.execute(events.insert().values(**event).returning(events.c.id)).scalar_one()
            letter = {
                "event_id": made, "watch_id": row.id, "target": "stdout", "key": secrets.token_hex(16),
                "batch": "", "payload": {}, "status": "waiting", "created_at": NOW, "next_at": NOW,
                "attempts": 0, "error": "",
            }  # fmt: skip
            connection.execute(outbox.insert().values(**letter))


@contextmanager
def statements() -> Iterator[list[str]]:
    """What is asked of any database in the block."""
    asked: list[str] = []

    def told(*given: Any) -> None:
        asked.append(str(given[2]))

    sa.event.listen(sa.Engine, "before_cursor_execute", told)
    try:
        yield asked
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", told)


def _asked(server: Serving, path: str) -> list[str]:
    with statements() as asked:
        reply = server.client.get(path, headers={"accept": "text/html"})
    assert reply.status_code == 200
    return asked


def test_a_longer_list_asks_no_more_of_the_database(tmp_path: Path) -> None:
    """A page of the list takes as many queries among 700 watches as among 7, and reads no watch's memory."""
    paths = ("/watches", "/watches?q=site1+watch", "/watches?state=failed", "/status", "/metrics")
    settings = settings_in(tmp_path)
    with open_kept(settings) as kept:
        fill(kept, 0, 7)
        with serving(tmp_path) as server:
            for path in paths:
                _asked(server, path)  # what is looked up once is looked up
            few = {path: len(_asked(server, path)) for path in paths}
            fill(kept, 7, 700)
            many = {path: _asked(server, path) for path in paths}
    assert {path: len(asked) for path, asked in many.items()} == few
    for path in paths[:3]:
        assert len([each for each in many[path] if each.startswith("SELECT")]) == 2
        assert not [each for each in many[path] if "memory" in each]


def test_the_list_shows_how_each_stands(tmp_path: Path) -> None:
    """Name, address, state, whether it is off, and what is wrong, of those on the page alone."""
    with open_kept(settings_in(tmp_path)) as kept:
        fill(kept, 0, 120)
        part = kept.book.listed(["site5"], start=2, most=3)
        assert part.total == 12
        assert [(each.name, each.url) for each in part.entries] == [
            (f"watch {n:04d}", f"https://site5.example/{n}") for n in (25, 35, 45)
        ]
        one = part.entries[1]
        assert replace(one, due_at=NOW) == type(one)(
            "watch 0035", "https://site5.example/35", enabled=True, state="failed", checked_at=NOW,
            changed_at=None, due_at=NOW, failures=1, in_trouble=False, pending=0, waiting=1, dead=0,
        )  # fmt: skip
        assert not part.entries[2].enabled
        assert kept.book.listed(["site5"], start=500).entries == []


def test_what_is_asked_for_of_the_watches_is_all_that_is_read(tmp_path: Path) -> None:
    """With a limit the API asks as many queries among 700 watches as among 7; without one it gives all."""
    paths = ("/v1/watches?limit=5", "/v1/watches?state=failed&limit=1&offset=1")
    with open_kept(settings_in(tmp_path)) as kept:
        fill(kept, 0, 7)
        with serving(tmp_path) as server:
            for path in paths:
                _asked(server, path)
            few = {path: len(_asked(server, path)) for path in paths}
            fill(kept, 7, 700)
            assert {path: len(_asked(server, path)) for path in paths} == few
            every = server.client.get("/v1/watches").json()["watches"]
            assert [each["name"] for each in every] == [f"watch {n:04d}" for n in range(700)]
            past = server.client.get("/v1/watches", params={"offset": 695, "limit": 10**30}).json()["watches"]
    assert past == every[695:]


def test_a_watch_that_cannot_be_read_hides_no_other(tmp_path: Path) -> None:
    """The API lists the others, and that one apart, with what is wrong and how to mend it; by its own address
    it is a wrong request with that error, not one that is not there, and what was told of it stays in the
    feed."""
    with open_kept(settings_in(tmp_path)) as kept:
        fill(kept, 0, 15)
        with kept.pages.database.transaction(write=True) as connection:
            broken = {"url": "https://site7.example/7", "every": "soon"}
            connection.execute(watches.update().where(watches.c.name == "watch 0007").values(settings=broken))
        assert {each.name for each in kept.book.recent()} == {"watch 0000", "watch 0007", "watch 0014"}
        with serving(tmp_path) as server:
            reply = server.client.get("/v1/watches")
            one = server.client.get("/v1/watches/watch 0007")
            none = server.client.get("/v1/watches/nobody")
    assert reply.status_code == 200 and len(reply.json()["watches"]) == 14
    (other,) = reply.json()["unreadable"]
    assert (other["name"], other["url"]) == ("watch 0007", "https://site7.example/7")
    assert "every: 'soon'" in other["error"]["message"] and "watch import" in other["error"]["hint"]
    assert (one.status_code, one.json()["error"]) == (400, other["error"])
    assert none.status_code == 404


def test_watches_are_chosen_by_what_they_and_their_groups_say(tmp_path: Path) -> None:
    """Words stand in the name or the address, in any case; a tag may be the group's, unless the watch
    says its own; what is chosen is counted after that, and has its numbers."""
    with open_kept(settings_in(tmp_path)) as kept:
        fill(kept, 0, 120)
        kept.book.put_group("shops", {"tags": "Größe"}, NOW)
        for name, more in {"Übersee": {}, "own": {"tags": ["t"]}}.items():
            kept.book.put(name, {"url": "https://site5.example/", "group": "shops", **more}, NOW)

        def names(*words: str, **more: Any) -> list[str]:
            return [each.watch.name for each in kept.book.chosen(words, **more).entries]

        assert names("SITE5", start=2, most=3) == ["watch 0015", "watch 0025", "watch 0035"]
        assert names("übersee", "site5") == ["Übersee"] == names(tag="Größe")
        assert names("site5", tag="t", start=11) == ["watch 0105", "watch 0115"]
        assert names("site5", state="failed", most=1) == ["watch 0005"]
        assert names(tag="none") == names("site5", "site6") == []
        (seventh,) = kept.book.chosen(["watch", "0035"]).entries
        assert (seventh.waiting, seventh.pending, seventh.failures) == (1, 0, 1)
