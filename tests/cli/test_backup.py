"""``browseagent backup`` and ``restore``."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import tarfile
import threading
import time
from dataclasses import replace
from pathlib import Path

from browseagent.records import Box, Screenshot
from browseagent.store.pages import SqlPageStore
from browseagent.store.screenshots import Screenshots
from tests.command import Command
from tests.watch.world import URL as SHOP
from tests.watch.world import Bench, Clock

URL = "https://example.org/fares"


def test_all_that_is_kept_comes_back_elsewhere(real: Command, scripted: Command, tmp_path: Path) -> None:
    """Questions and watches are there after a restore elsewhere; secrets are not, and are named."""
    scripted("ask", "What?", "https://example.org/answered")
    real("watch", "add", URL, "--name", "fares", "--header", "X-Pass: hush", "--notify",
         "webhook:https://hooks.example.org/s3cret", "--notify", "stdout")  # fmt: skip
    file = tmp_path / "kept.backup"
    told = real("backup", str(file))
    assert told.out.startswith(f"0 pages in 0 versions, 1 watch and 1 question are in {file}, ")
    assert told.err.endswith(f"To put it back: browseagent restore {file}\n")
    made = real("backup", str(file), "--json").json
    assert [made[name] for name in ("pages", "versions", "watches", "questions")] == [0, 0, 1, 1]
    assert {each["what"] for each in made["left_out"]} == {
        "headers", "notify webhook:https://hooks.example.org/…",
    }  # fmt: skip
    with tarfile.open(file) as archive:
        archive.extractall(tmp_path / "look", filter="data")
    held = (tmp_path / "look" / "pages.sqlite").read_bytes()
    assert b"hush" not in held
    assert b"s3cret" not in held
    assert file.stat().st_mode & 0o077 == 0
    home = str(tmp_path / "other")
    told = real("restore", str(file), BROWSEAGENT_HOME=home)
    assert "not in the backup: fares: headers" in told.err
    assert told.out.endswith(": 0 pages in 0 versions, 1 watch and 1 question.\n")
    assert (
        real("history", "list", "--json", BROWSEAGENT_HOME=home).json["questions"][0]["question"] == "What?"
    )
    (watch,) = real("watch", "list", "--json", BROWSEAGENT_HOME=home).json["watches"]
    assert (watch["name"], watch["settings"]["notify"]) == ("fares", ["stdout"])


def test_pictures_of_watches_come_back(real: Command, tmp_path: Path) -> None:
    """A backup holds what a watch through a browser saw."""
    shot = Screenshot(b"\xff\xd8 picture", "image/jpeg", 1280, 900, (Box("Adults 7 euros", 1, 2, 3, 4),))
    with SqlPageStore(tmp_path / "home" / "pages.sqlite", clock=Clock()) as pages:
        bench = Bench(pages, Clock())
        bench.add(screenshots=5)
        bench.web.show("Adults pay 7 euros.")
        bench.web.pages[SHOP] = replace(bench.web.pages[SHOP], screenshot=shot)
        asyncio.run(bench.check())
        number = bench.book.snapshots("lantern")[0].id
    file, home = tmp_path / "kept.backup", tmp_path / "other"
    assert real("backup", str(file)).status == 0
    assert real("restore", str(file), BROWSEAGENT_HOME=str(home)).status == 0
    with SqlPageStore(home / "pages.sqlite") as pages:
        assert Screenshots(pages.database).get(number) == shot


def test_secrets_are_in_it_where_asked_for(real: Command, tmp_path: Path) -> None:
    """--with-secrets leaves nothing out."""
    real("watch", "add", URL, "--name", "fares", "--header", "X-Pass: hush")
    file = tmp_path / "kept.backup"
    assert real("backup", str(file), "--with-secrets", "--json").json["left_out"] == []
    home = str(tmp_path / "other")
    real("restore", str(file), BROWSEAGENT_HOME=home)
    assert "X-Pass: hush" in real("watch", "export", BROWSEAGENT_HOME=home).out


def test_nothing_is_lost_by_mistake(real: Command, tmp_path: Path) -> None:
    """A store that holds something is replaced only with --over; what is no backup changes nothing."""
    real("watch", "add", URL, "--name", "fares")
    file = tmp_path / "kept.backup"
    assert real("backup", str(file)).status == 0
    real("watch", "add", URL + "/more", "--name", "more")
    refused = real("restore", str(file))
    assert (refused.status, "--over" in refused.err) == (2, True)
    cut = tmp_path / "cut.backup"
    cut.write_bytes(file.read_bytes()[:300])
    assert real("restore", str(cut), "--over").status == 2
    assert len(real("watch", "list", "--json").json["watches"]) == 2
    assert real("restore", str(file), "--over").status == 0
    assert len(real("watch", "list", "--json").json["watches"]) == 1


def test_a_backup_of_a_newer_version_is_refused(real: Command, tmp_path: Path) -> None:
    """It says to upgrade, and leaves what is there."""
    real("watch", "add", URL, "--name", "fares")
    file = tmp_path / "kept.backup"
    real("backup", str(file))
    folder = tmp_path / "look"
    with tarfile.open(file) as archive:
        archive.extractall(folder, filter="data")
    manifest = json.loads((folder / "manifest.json").read_text()) | {"schema": 999}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with tarfile.open(file, "w:gz") as archive:
        archive.add(folder, ".")
    refused = real("restore", str(file), "--over")
    assert (refused.status, "newer" in refused.err) == (2, True)


def test_it_is_of_one_moment_while_others_write(
    real: Command, environment: dict[str, str], tmp_path: Path
) -> None:
    """A writer that adds rows to two tables in one transaction, again and again: the backup has as many of
    both."""
    real("watch", "add", URL, "--name", "fares")
    place = Path(environment["BROWSEAGENT_HOME"]) / "pages.sqlite"
    with sqlite3.connect(place) as database:
        database.executescript("CREATE TABLE a (x); CREATE TABLE b (x);")
    stop = threading.Event()

    def write() -> None:
        with sqlite3.connect(place, timeout=15, isolation_level=None) as own:
            while not stop.is_set():
                own.executescript(
                    "BEGIN IMMEDIATE; INSERT INTO a VALUES (1); INSERT INTO b VALUES (1); COMMIT;"
                )
                time.sleep(0.005)  # others get a turn, as they do of any program that writes

    writer = threading.Thread(target=write)
    writer.start()
    try:
        file = tmp_path / "kept.backup"
        assert real("backup", str(file)).status == 0
    finally:
        stop.set()
        writer.join()
    with tarfile.open(file) as archive:
        archive.extract("pages.sqlite", tmp_path, filter="data")
    with sqlite3.connect(tmp_path / "pages.sqlite") as database:
        (one,), (two,) = database.execute("SELECT COUNT(*) FROM a UNION ALL SELECT COUNT(*) FROM b")
    assert one == two > 0


def test_a_backup_goes_where_it_was_meant_to(scripted: Command, tmp_path: Path) -> None:
    """No folder is made of a typing error, no other file is lost; an older backup is replaced."""
    scripted("ask", "What?", "https://example.org/answered")
    mistyped, notes, kept = tmp_path / "no" / "kept", tmp_path / "notes.txt", tmp_path / "kept"
    notes.write_text("mine", encoding="utf-8")
    ended = scripted("backup", str(mistyped))
    assert (ended.status, mistyped.parent.exists()) == (2, False)
    assert "there is no folder" in ended.err
    ended = scripted("backup", str(notes))
    assert (ended.status, notes.read_text(encoding="utf-8")) == (2, "mine")
    assert [scripted("backup", str(kept)).status for _ in range(2)] == [0, 0]
