"""Data folders of an earlier program are opened by this one: nothing is lost, and no news is made up.

All by the command line, and what it promises; how the folders were made is in ``README.md`` beside this file.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import tomllib
from collections import Counter
from typing import Any

import pytest

from fixtures.server import FixtureServer
from tests.upgrade.person import Json, Person
from tests.upgrade.site import NAMES, ORIGIN, Step, serve

DRAWN = ("clicked", "drawn")
ASKED = ("answers", "pending", "price")
PLAIN = tuple(name for name in NAMES if name not in (*DRAWN, *ASKED, "down", "walled"))
TROUBLED = {"down": 4, "walled": 5}
"""Watches of pages that cannot be had, and the exit status that says so."""
KINDS = [
    pytest.param("sqlite", (*PLAIN, *TROUBLED), id="plain"),
    pytest.param("sqlite", DRAWN, id="drawn", marks=pytest.mark.browser),
    pytest.param("sqlite", ASKED, id="asked", marks=pytest.mark.model),
    pytest.param("postgresql", (*PLAIN, *TROUBLED), id="plain-postgresql"),
]


def lost(before: Any, after: Any, where: str = "") -> list[str]:
    """What of a JSON document is not in a later one. Keys may be added, nothing else may change."""
    if isinstance(before, dict) and isinstance(after, dict):
        # How much room something takes and where a model lies may differ.
        kept = before.keys() - {"bytes", "file_bytes"} - ({"state"} if "digest" in before else set())
        return [
            one
            for key in sorted(kept)
            for one in (
                lost(before[key], after[key], f"{where}.{key}")
                if key in after
                else [f"{where}.{key} is gone"]
            )
        ]
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        pairs = enumerate(zip(before, after, strict=True))
        return [one for at, (old, new) in pairs for one in lost(old, new, f"{where}[{at}]")]
    return [] if before == after else [f"{where}: {before!r} became {after!r}"]


def alerts(server: FixtureServer) -> Counter[str]:
    """How often each watch has told of something since the server was reset."""
    posted = (request.path for request in list(server.log) if request.method == "POST")
    return Counter(path.removeprefix("/hook/") for path in posted if path.startswith("/hook/"))


def checks(person: Person, names: tuple[str, ...], *, troubled: bool = True) -> dict[str, Json]:
    """One check of each watch, by its name."""
    status = next((TROUBLED[name] for name in names if troubled and name in TROUBLED), 0)
    document = person.done("watch", "check", *names, "--json", status=status).json
    return {each["watch"]: each for each in document["checks"]}


@pytest.mark.parametrize("person", ["sqlite", "postgresql"], indirect=True)
def test_everything_is_still_there(person: Person, told: Json) -> None:
    """Pages and their versions, watches with settings, state, snapshots and history, standing answers, an
    event not yet judged, letters not yet sent, models: all that the earlier program told of is told now."""
    commands = list(told["documents"])
    now = dict(zip(commands, person.told(commands), strict=True))
    assert [one for each in commands for one in lost(told["documents"][each], now[each], each)] == []
    exported = tomllib.loads(person.done("watch", "export").out)
    assert lost(tomllib.loads(told["export"]), exported) == []


def test_the_folder_holds_what_it_should(told: Json) -> None:
    """The record itself has a change that waits for its judgement, letters that wait, and one that died."""
    stands = {each["name"]: each for each in told["documents"]["watch list"]["watches"]}
    assert {*stands} == {*NAMES}
    assert [name for name, each in stands.items() if each["pending"]] == ["pending"]
    assert {name for name, each in stands.items() if each["waiting_alerts"]} == {"digest", "unsent"}
    assert [name for name, each in stands.items() if each["dead_alerts"]] == ["dead"]
    answers = told["documents"]["watch history answers"]["events"][0]["answers"]
    assert [each["value"] for each in answers[:4]] == [44.5, 9, "2027-03-15", "copper"]


def state_of(check: dict[str, Any]) -> str:
    """The state of a check; noise alone, which is in the history and sends nothing, is no change."""
    return "unchanged" if check.get("kind") == "noise" and check["event"] is None else str(check["state"])


@pytest.mark.parametrize(("person", "names"), KINDS, indirect=["person"])
def test_what_did_not_change_is_no_news_and_what_did_is_told_once(
    request: pytest.FixtureRequest, person: Person, club: FixtureServer, names: tuple[str, ...]
) -> None:
    """The first check after the upgrade tells of nothing but what was left to be told: the pages are as they
    were, though a later program may see more of them than the old captures hold. When they change, each is
    told once."""
    if names == ASKED:
        request.getfixturevalue("with_model")
    left = Counter(name for name in ("pending",) if name in names) + Counter({"unsent": 1, "digest": 1})
    states = {name: state_of(found) for name, found in checks(person, names).items()}
    assert states == {name: {"down": "failed", "walled": "blocked"}.get(name, "unchanged") for name in names}
    checks(person, tuple(name for name in names if name != "down"))  # a third failure of that would be told
    # Three intervals after the folder was made, what was not seen since is told of, and once it is seen.
    overdue = Counter(name for name in TROUBLED if alerts(club)[name])
    assert alerts(club) <= left + overdue  # a digest waits for its hour
    assert alerts(club)["unsent"] == 1
    assert alerts(club)["pending"] == int("pending" in names)

    club.log.clear()
    serve(club, Step.CHANGED)
    for _ in range(2):
        checks(person, names, troubled=False)
    silent = {"digest", "pending"}
    expected = Counter(name for name in names if name not in silent) + overdue
    assert alerts(club) - Counter({"digest": 1}) == expected


def test_the_feed_of_alerts_goes_on(person: Person, club: FixtureServer) -> None:
    """An alert is added to the file that holds the earlier ones."""
    serve(club, Step.CHANGED)
    person.done("watch", "check", "text")
    feed = (person.folder / "alerts.atom").read_text("utf-8")
    assert feed.count("<entry>") == 2
    assert "“three” became “four”" in feed and "“four” became “five”" in feed


def test_pages_are_read_as_they_were(person: Person, told: Json) -> None:
    """Each version can be read and compared, those of Chromium and of a session too, without the network."""
    url, documents = f"{ORIGIN}/article.html", told["documents"]
    plain = [each for each in documents[f"cache history {url}"]["versions"] if not each["variant"]]
    (pinned,) = (each for each in documents["watch show text"]["snapshots"] if each["pinned"])
    wanted = {
        f"cache show {url} --version {plain[0]['id']}": "The club has four boats on the water",
        f"cache show {url} --version {plain[1]['id']}": "The club has three boats on the water",
        f"watch show text --snapshot {pinned['id']}": "The club has three boats on the water",
        f"cache diff {url}": "three boats",
        f"read {ORIGIN}/tides.html --offline": "High water at Saltmarsh reaches 3.4",
        f"read {ORIGIN}/notice.pdf --offline": "from 10 until 18",
        f"read {ORIGIN}/members.html --offline --profile work": "Wilma Reed",
    }
    assert len(plain) == 2
    for (command, words), said in zip(wanted.items(), person.told(list(wanted)), strict=True):
        assert words in json.dumps(said), command


def test_a_profile_is_still_logged_in(person: Person, club: FixtureServer) -> None:
    """The cookie of the earlier login goes along."""
    read = person.done("read", f"{ORIGIN}/members.html", "--fresh", "--profile", "work", "--via", "http")
    assert "Wilma Reed" in read.out
    (asked,) = club.requests_for("/members.html")
    assert asked.headers["cookie"] == "session=open-sesame"


def test_a_crawl_goes_on_where_it_was(person: Person, club: FixtureServer) -> None:
    """Only what was left is asked for, and then the whole site is there."""
    done = person.done("crawl", f"{ORIGIN}/house/index.html", "--max-pages", "7", "--json")
    assert (done.json["resumed"], done.json["failed"]) == (True, 0)
    asked = {request.path for request in club.log if request.path.startswith("/house/")}
    assert {"/house/shed.html", "/house/roof.html"} <= asked
    assert not asked & {"/house/bar.html", "/house/loft.html"}


@pytest.mark.model
def test_a_stored_site_is_asked(with_model: Person) -> None:
    """The index of the earlier program, or one made anew, leads to the page."""
    question = "Who mends sails in the loft?"
    found = with_model.done(
        "ask", question, f"{ORIGIN}/house/index.html", "--site", "--offline", "--json"
    ).json
    assert "Wanda Pell" in found["answer"] and found["quotes"][0]["url"].endswith("/house/loft.html")


def test_the_reader_that_a_person_tuned_stays(person: Person, told: Json) -> None:
    """It is listed, a fetch leaves it alone, and it still reads."""
    (before, *_) = told["documents"]["model list"]["models"]
    person.done("model", "fetch", "--quiet", PIP_NO_INDEX="1")
    (after, *_) = person.told(["model list"])[0]["models"]
    assert after["digest"] == before["digest"] and after["state"].startswith("ready in ")
    asked = person.runs("ask", "How many boats?", f"{ORIGIN}/article.html", "--offline", "--json")
    assert asked.status in (0, 3), asked.err
    assert (person.folder / "tuned" / "adapter.safetensors").stat().st_size > 0


def test_a_saved_chat_is_known_as_one(person: Person) -> None:
    """A chat may be saved over it; a file that is no chat is not overwritten."""
    typed = "/save chat.md\n/save watches.toml\n/quit\n"
    ended = person.runs("chat", f"{ORIGIN}/article.html", "--offline", typed=typed)
    assert "saved to chat.md" in ended.out
    assert "watches.toml is there already, and is no chat" in ended.out + ended.err
    assert (person.folder / "watches.toml").read_text("utf-8").startswith("# The watches")


def test_a_newer_store_is_refused(person: Person) -> None:
    """A store of a later program is left alone, and the person is told what to do."""
    database = person.home / "pages.sqlite"
    newer = sqlite3.connect(database, isolation_level=None)
    newer.execute("UPDATE meta SET value = '9999' WHERE key = 'schema_version'")
    before = list(newer.iterdump())
    refused = person.runs("cache", "list", "--json")
    assert refused.status == 2
    assert "another version of browseagent" in refused.json["error"]["message"]
    assert "Upgrade browseagent" in refused.json["error"]["hint"]
    assert list(newer.iterdump()) == before
    newer.close()


def test_what_this_program_leaves_is_refused_by_the_earlier_one(person: Person) -> None:
    """The earlier program reads the number of the schema: it grows with every change of the tables."""

    def schema() -> tuple[int, list[str]]:
        copy = shutil.copy(database, person.folder / "copy.sqlite")
        connection = sqlite3.connect(copy)
        (number,) = connection.execute("SELECT value FROM meta WHERE key = 'schema_version'").fetchone()
        tables = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY sql")
        made = [sql for (sql,) in tables if "page_text" not in sql]
        connection.close()
        return int(number), made

    database = person.home / "pages.sqlite"
    number, tables = schema()
    person.done("cache", "list")
    now, made = schema()
    assert now > number if made != tables else now == number
