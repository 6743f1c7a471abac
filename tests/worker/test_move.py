"""A store is moved into PostgreSQL whole, also when it is ended in between, and what differs is noticed."""

from __future__ import annotations

from pathlib import Path

import pytest

from browseagent.errors import StoreError, UsageError
from browseagent.store.database import Database
from browseagent.store.move import move, summed, tables
from browseagent.store.pages import SqlPageStore
from tests.watch.world import START, URL, Bench, Clock


@pytest.fixture
async def home(tmp_path: Path) -> Path:
    """A store of SQLite with a watch that changed, and its page."""
    path = tmp_path / "pages.sqlite"
    clock = Clock()
    with SqlPageStore(path, clock=clock) as pages:
        bench = Bench(pages, clock)
        bench.book.put_group("shops", {"tags": ["shop"]}, START)
        bench.add(group="shops", ask=[{"question": "What does it cost?", "type": "money"}])
        for number in range(5):
            bench.add(f"other{number}", url=f"https://other{number}.example/")
        bench.web.show("It costs £10.00 today.")
        await bench.check()
        bench.web.show("It costs £12.00 today.")
        await bench.check()
        pages.put_derived("a key", b"\x00\xff", sha256="0" * 64)
    return path


def test_everything_is_there_afterwards(home: Path, postgres_database: str) -> None:
    """Tables are the same by count and hash; what is added gets numbers of its own."""
    source, target = Database(home), Database(postgres_database)
    done = move(source, target)
    assert not done.resumed
    assert done.tables["watches"].rows == 6 and done.tables["versions"].rows == 2
    assert {table.name: summed(target, table) for table in tables()} == done.tables
    source.close()
    target.close()
    with SqlPageStore(postgres_database) as pages:
        bench = Bench(pages, Clock())
        assert [event.kind for event in bench.history()] == ["changed", "new"]
        page = pages.latest(URL)
        assert page is not None and b"12.00" in (page.body or b"")
        bench.add("new", url="https://new.example/")
        assert len(bench.book.entries()) == 7


def test_a_copy_that_was_ended_goes_on(home: Path, postgres_database: str) -> None:
    """What was there already is not copied again, and nothing is missing."""
    source, target = Database(home), Database(postgres_database)

    class EndedError(Exception):
        pass

    def ends(table: str, rows: int) -> None:
        if table == "watches":
            raise EndedError

    with pytest.raises(EndedError):
        move(source, target, ends)
    told: list[str] = []
    done = move(source, target, lambda table, rows: told.append(table))
    assert done.resumed and "watches" not in told and "events" in told
    with pytest.raises(UsageError, match="stored"):
        move(source, target)
    source.close()
    target.close()


def test_a_source_that_was_written_to_is_noticed(home: Path, postgres_database: str) -> None:
    """What changed in a table that was copied already makes the comparison fail."""
    source, target = Database(home), Database(postgres_database)

    def writes(table: str, rows: int) -> None:
        if table == "events":
            with source.transaction(write=True) as connection:
                connection.exec_driver_sql("UPDATE watches SET checks = checks + 1")

    with pytest.raises(StoreError, match="watches"):
        move(source, target, writes)
    source.close()
    target.close()
