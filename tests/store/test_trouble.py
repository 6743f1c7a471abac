"""Two processes at once, sudden death, damage, and files that are not ours."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from browseagent.errors import StoreError
from browseagent.records import Outcome, Page, Via
from browseagent.store.pages import SqlPageStore

URL = "https://example.org/"
NOW = datetime(2026, 3, 1, tzinfo=UTC)

WRITER = """
import random, sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from browseagent.records import Outcome, Page, Via
from browseagent.store.pages import SqlPageStore

path, name, count, size = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
source = random.Random(name)
with SqlPageStore(path, max_bytes=size * 40) as store:
    print("ready", flush=True)
    for number in range(count):
        url = f"https://example.org/{name}/{number % 7}"
        at = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(seconds=number)
        body = source.randbytes(size)
        store.put(Page(url, url, Outcome.OK, Via.HTTP, at, body=body))
        shared = "https://example.org/shared"
        store.put(Page(shared, shared, Outcome.OK, Via.HTTP, at, body=b"same"))
        back = store.latest(url)
        assert back is not None and back.body == body, url
"""


def writer(path: Path, name: str, count: int, size: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-W", "error", "-c", WRITER, str(path), name, str(count), str(size)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def put(store: SqlPageStore, body: bytes) -> None:
    store.put(Page(URL, URL, Outcome.OK, Via.HTTP, NOW, body=body))


def test_two_processes_write_at_once(tmp_path: Path) -> None:
    """Two processes that open a new store and write to it at the same time lose nothing."""
    path = tmp_path / "home" / "pages.sqlite"
    processes = [writer(path, name, 20, 2_000) for name in ("one", "two")]
    for process in processes:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
    with SqlPageStore(path) as store:
        urls = {page.url for page in store.pages()}
        assert len(urls) == 15
        assert len(store.history("https://example.org/shared")) == 1
        for url in urls:
            assert store.latest(url) is not None


def test_a_store_opened_twice_survives_a_process_that_comes_and_goes(tmp_path: Path) -> None:
    """A second opening gives up no lock of the first: one that ends does not delete the log."""
    path = tmp_path / "home" / "pages.sqlite"
    with SqlPageStore(path) as first:
        put(first, b"first")
        with SqlPageStore(path) as second:
            put(second, b"second")
            _, errors = writer(path, "guest", 1, 100).communicate(timeout=60)
            assert not errors
            put(first, b"third")
            with SqlPageStore(path) as third:
                put(third, b"fourth")
                for store in (first, second, third):
                    assert len(store.history(URL)) == 4


def test_two_threads_share_one_store(tmp_path: Path) -> None:
    """Calls from several threads, as the agent makes them, do not disturb each other."""
    failures: list[BaseException] = []

    def work(store: SqlPageStore, name: str) -> None:
        try:
            for number in range(10):
                url = f"{URL}{name}/{number}"
                store.put(Page(url, url, Outcome.OK, Via.HTTP, NOW, body=url.encode()))
                page = store.latest(url)
                assert page is not None
                assert page.body == url.encode()
        except BaseException as error:  # noqa: BLE001  whatever it is, it is shown by the test's thread
            failures.append(error)

    with SqlPageStore(tmp_path / "pages.sqlite") as store:
        threads = [threading.Thread(target=work, args=(store, name)) for name in "abc"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert failures == []
        assert store.size().pages == 30


@pytest.mark.parametrize("delay", [0.0, 0.03, 0.11])
def test_killed_while_writing(tmp_path: Path, delay: float) -> None:
    """SIGKILL in the middle of writes leaves a store that is whole, can be read, and written again."""
    path = tmp_path / "pages.sqlite"
    process = writer(path, "victim", 100_000, 200_000)
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(delay)
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=10)
    process.stdout.close()
    process.stderr.close()
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.close()
    with SqlPageStore(path) as store:
        for stored in store.pages():
            for version in store.history(stored.url):
                page = store.version_page(version.id)
                assert page is not None
                assert page.sha256 == version.sha256
        put(store, b"after")
        latest = store.latest(URL)
        assert latest is not None
        assert latest.body == b"after"


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    """A damaged file is named in the error with what to do, and keeps its bytes."""
    path = tmp_path / "pages.sqlite"
    path.write_bytes(b"this is not a database" * 1000)
    with pytest.raises(StoreError, match="damaged") as caught:
        SqlPageStore(path)
    assert str(path) in caught.value.message
    assert "mv" in caught.value.hint
    assert path.read_bytes() == b"this is not a database" * 1000


def test_a_page_that_was_damaged_on_disk_is_not_believed(tmp_path: Path) -> None:
    """Bytes that no longer match their hash are an error, never an answer."""
    path = tmp_path / "pages.sqlite"
    with SqlPageStore(path) as store:
        put(store, b"the price is 10 euros")
    connection = sqlite3.connect(path)
    connection.execute("UPDATE blobs SET data = ?", (b"the price is 99 euros",))
    connection.commit()
    connection.close()
    with SqlPageStore(path) as store, pytest.raises(StoreError, match="does not match its hash"):
        store.latest(URL)


def test_pages_torn_out_of_the_file_are_reported(tmp_path: Path) -> None:
    """A database that was cut in half gives a StoreError saying where it is, not a stack trace."""
    path = tmp_path / "pages.sqlite"
    with SqlPageStore(path) as store:
        for number in range(30):
            put(store, bytes([number]) * number * 5000)
    whole = path.read_bytes()
    path.write_bytes(whole[:8192] + b"\xff" * (len(whole) - 8192))
    with pytest.raises(StoreError, match=r"pages\.sqlite is damaged"), SqlPageStore(path) as store:
        store.latest(URL)


def test_a_newer_schema_is_not_touched(tmp_path: Path) -> None:
    """A store of a newer version says so and names the way out."""
    path = tmp_path / "pages.sqlite"
    SqlPageStore(path).close()
    connection = sqlite3.connect(path)
    connection.execute("UPDATE meta SET value = '99' WHERE key = 'schema_version'")
    connection.commit()
    connection.close()
    with pytest.raises(StoreError, match="schema 99") as caught:
        SqlPageStore(path)
    assert "Upgrade" in caught.value.hint


def test_another_programs_database_is_not_touched(tmp_path: Path) -> None:
    """A database with other tables is not taken for ours, and gets none of ours."""
    path = tmp_path / "pages.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE accounts (id INTEGER)")
    connection.commit()
    with pytest.raises(StoreError, match="not a page store"):
        SqlPageStore(path)
    tables = connection.execute("SELECT name FROM sqlite_master").fetchall()
    connection.close()
    assert tables == [("accounts",)]


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    """A path beneath a file is an error with a hint, not a stack trace."""
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be opened") as caught:
        SqlPageStore(tmp_path / "file" / "home" / "pages.sqlite")
    assert "BROWSEAGENT_HOME" in caught.value.hint
