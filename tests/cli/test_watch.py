"""The watch commands, run as a person runs them, against the fixture sites."""

from __future__ import annotations

import json
import re
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from fixtures.server import FixtureServer
from tests.command import Command
from tools.tried_imports import write_backup

FERRY = "/watch/ferry-status.html"


@pytest.fixture
def ferry(real: Command, fresh_site: FixtureServer) -> str:
    """A watch of the ferry's page that has had its first look."""
    url = fresh_site.url(FERRY)
    added = real("watch", "add", url, "--name", "ferry", "--every", "5m", "--notify", "stdout")
    assert (added.status, added.out) == (0, f"Watching {url} as ferry, every 5m.\n")
    assert real("watch", "check", "ferry").status == 0
    return url


def test_a_change_from_first_look_to_alert(real: Command, fresh_site: FixtureServer, ferry: str) -> None:
    """Unchanged, changed, told once; the history and the list say so; each has its JSON."""
    same = real("watch", "check", "ferry", "--json").json
    assert (same["schema"], same["state"], same["event"]) == ("browseagent.check/1", "unchanged", None)
    fresh_site.set_state("watch/ferry/fare", "9.10")
    changed = real("watch", "check", "ferry", "--json")
    document = changed.json
    assert document["state"] == "changed" and len(document["event"]) == 32
    assert document["changes"] == [
        {
            "before": "A day return costs £8.40.",
            "after": "A day return costs £9.10.",
            "kind": "changed",
            "where": "Gull Island ferry: service status",
        }
    ]
    assert document["page"]["url"] == ferry and document["answers"] == []
    assert "“£8.40” became “£9.10”" in document["summary"] and document["summary"] in changed.err
    (event,) = real("watch", "history", "ferry", "--json").json["events"]
    assert event["event"] == document["event"]
    assert event["alerts"] == [{"target": "stdout", "status": "sent", "error": ""}]
    told = real("watch", "history", "ferry").out
    assert "- A day return costs £8.40." in told and "\x1b[" not in told
    (listed,) = real("watch", "list", "--json").json["watches"]
    assert (listed["name"], listed["state"], listed["snapshots"]) == ("ferry", "changed", 2)
    assert re.search(r"^ferry +changed +just now|^ferry +changed +\d+ s ago", real("watch", "list").out, re.M)
    diff = real("watch", "diff", "ferry", "--json").json
    assert diff["changes"] == document["changes"]
    assert "£8.40" in real("watch", "show", "ferry", "--snapshot", "1").out


def test_what_is_being_checked_is_said(real: Command, ferry: str) -> None:
    """Which watch, of how many, and its page: as steps with -v, and so in the line of a terminal."""
    assert f"check: checking: ferry, {ferry}" in real("watch", "check", "ferry", "-v").err
    real("watch", "add", f"{ferry}?other", "--name", "other")
    told = real("watch", "check", "--all", "-v").err
    assert f"checking 1 of 2: ferry, {ferry}" in told and f"checking 2 of 2: other, {ferry}?other" in told
    assert f"checking: ferry, {ferry}" in real("watch", "test", "ferry", "-v").err
    assert f"replaying ferry, {ferry}" in real("watch", "replay", "ferry", "-v").err


def test_a_watch_that_cannot_be_read_hides_no_other(real: Command, ferry: str, tmp_path: Path) -> None:
    """`list` and `check --all` do what they do of the others, and say what is wrong with it and what to do;
    as they say, it is mended by `export` and `import`, or removed."""
    real("watch", "add", f"{ferry}?other", "--name", "other")
    _set(tmp_path, '{"url": "x", "keep": 0}')
    listed = real("watch", "list")
    assert listed.status == 0 and "ferry" in listed.out and "other" not in listed.out
    assert "warning: not readable: other: keep: a whole number" in listed.err
    assert "hint: Mend it: `browseagent watch export" in listed.err
    told = real("watch", "list", "--json").json
    assert [each["name"] for each in told["watches"]] == ["ferry"]
    assert [(each["name"], each["url"]) for each in told["unreadable"]] == [("other", "x")]
    checked = real("watch", "check", "--all")
    assert checked.status == 2 and "ferry  unchanged" in checked.out and "other: keep" in checked.err
    shown = real("watch", "show", "other")
    assert shown.status == 2 and "other: keep" in shown.err and "watch import" in shown.err
    file = tmp_path / "watches.toml"
    assert real("watch", "export", "--to", str(file)).status == 0
    text = file.read_text("utf-8").replace("keep = 0", "keep = 5").replace('url = "x"', f'url = "{ferry}?2"')
    file.write_text(text, "utf-8")
    assert real("watch", "import", str(file)).status == 0
    assert len(real("watch", "list", "--json").json["watches"]) == 2
    _set(tmp_path, "{}")
    assert real("watch", "remove", "other").status == 0
    assert real("watch", "list", "--json").json["unreadable"] == []


def _set(tmp_path: Path, settings: str) -> None:
    """Puts settings of the watch "other" into the database, past the program."""
    with closing(sqlite3.connect(tmp_path / "home" / "pages.sqlite")) as database:
        database.execute("UPDATE watches SET settings = ? WHERE name = 'other'", [settings])
        database.commit()


def test_an_alert_on_standard_output_is_there_once(
    real: Command, fresh_site: FixtureServer, ferry: str
) -> None:
    """`watch check` sends it, and does not say the same again."""
    fresh_site.set_state("watch/ferry/fare", "9.10")
    out = real("watch", "check", "ferry").out
    assert out.count("+ A day return costs £9.10.") == 1 and "ferry  changed: told" in out


def test_every_alert_goes_out_and_what_waits_is_told(
    real: Command, fresh_site: FixtureServer, tmp_path: Path
) -> None:
    """From cron all that changed is told in that run; of a digest it says how many wait and until when."""
    url, file = fresh_site.url(FERRY), tmp_path / "watches.toml"
    tables = [f"[watches.ferry{number}]\nurl = '{url}?{number}'" for number in range(22)]
    brief = f"[watches.brief]\nurl = '{url}?brief'\ndigest = '0 8 * * *'"
    file.write_text("\n".join(["[defaults]\nnotify = ['stdout']", *tables, brief]), "utf-8")
    real("watch", "import", str(file))
    real("watch", "check", "--all")
    fresh_site.set_state("watch/ferry/fare", "9.10")
    ended = real("watch", "check", "--all")
    assert ended.out.count("changed: told") == 22
    waits = r"1 alert waits to be sent: `watch run`, or the next `watch check`, sends it from \S+ 08:00 on"
    assert re.search(waits, ended.err)
    assert "alert" not in real("watch", "check", "ferry1").err
    assert "alert" not in real("watch", "check", "brief", "--quiet").err


def test_noise_is_in_the_history_and_nobody_is_told(
    real: Command, fresh_site: FixtureServer, ferry: str
) -> None:
    """State changed, kind noise, no event; `watch show` says what is taken for noise, with an example, and a
    strict watch tells of it."""
    real("watch", "add", ferry, "--name", "strict", "--strict", "--notify", "stdout")
    fresh_site.set_state("watch/ferry/note", "Looked at 5 minutes ago.")
    real("watch", "check", "--all")
    fresh_site.set_state("watch/ferry/note", "Looked at 2 hours ago.")
    noise = real("watch", "check", "ferry", "--json").json
    assert (noise["state"], noise["event"], noise["kind"], noise["alert"]) == (
        "changed",
        None,
        "noise",
        False,
    )
    assert [each["noise"] for each in noise["changes"]] == ["a relative time"]
    assert real("watch", "history", "ferry", "--json").json["events"][0]["kind"] == "noise"
    assert real("watch", "show", "ferry", "--json").json["noise"] == noise["changes"]
    shown = real("watch", "show", "ferry").out
    assert "Taken for noise" in shown and "Looked at 2 hours ago." in shown
    assert "+ Looked at 2 hours ago." in real("watch", "check", "strict").out


def test_a_condition_and_the_question_it_names_stand_together(real: Command) -> None:
    """What `show` tells can be written so again; a name that is taken leads to how to change that watch."""
    asked = ("--ask", "price=What is a return?", "--type", "money", "--ask", "stock=Is there any?")
    real("watch", "add", "http://127.0.0.1/", "--name", "a", *asked, "--when", "price < 9")
    shown = real("watch", "show", "a").out
    assert "ask: price=What is a return? (money), stock=Is there any? (text)" in shown
    assert "when: price < 9" in shown
    taken = real("watch", "add", "http://127.0.0.1/", "--name", "a")
    assert taken.status == 2 and "watch import" in taken.err


def test_groups_are_made_listed_and_removed(real: Command) -> None:
    """A group with watches stays; its settings are its watches'."""
    assert real("watch", "group", "list").out == ""
    assert real("watch", "group", "add", "boats", "--every", "15m", "--notify", "stdout").status == 0
    real("watch", "add", "http://127.0.0.1/a", "--name", "a", "--group", "boats")
    (group,) = real("watch", "group", "list", "--json").json["groups"]
    assert group == {"name": "boats", "settings": {"every": "15m", "notify": ["stdout"]}, "watches": ["a"]}
    assert 'every = "15m"' in real("watch", "group", "list").out
    assert real("watch", "show", "a", "--json").json["watch"]["settings"]["every"] == "15m"
    refused = real("watch", "group", "remove", "boats")
    assert refused.status == 2 and "the group 'boats' has watches: a\nhint: " in refused.err
    real("watch", "remove", "a")
    assert real("watch", "group", "remove", "boats").status == 0
    assert real("watch", "group", "remove", "boats").status == 2


def test_a_preview_adds_nothing(real: Command, fresh_site: FixtureServer) -> None:
    """What would be watched, as text, by the options that were given, under the name that it would have; a
    name that is taken is refused."""
    options = ("--preview", "--exclude", "h1", "--via", "http")
    shown = real("watch", "add", fresh_site.url(FERRY), *options, "--name", "boat")
    assert re.search(r"^boat  new$", shown.out, re.M)
    assert shown.status == 0 and "A day return costs £8.40." in shown.out
    assert "service status" not in shown.out.partition("A day")[0]
    assert real("watch", "list").out == ""
    real("watch", "add", "http://127.0.0.1/a", "--name", "boat")
    assert real("watch", "add", fresh_site.url(FERRY), *options, "--name", "boat").status == 2


def test_when_a_watch_is_checked_next(real: Command) -> None:
    """By its wall clock: the hours of each day, the change of the clock, and when a digest goes out."""
    real("watch", "add", "http://127.0.0.1/a", "--name", "a", "--cron", "30 7,12 * * *", "--timezone",
         "Europe/Berlin", "--between", "08:00-20:00", "--digest", "0 18 * * *")  # fmt: skip
    times = real("watch", "next", "a", "-n", "400", "--json").json["times"]
    clocks = {each["local"][11:16] for each in times[1:]}
    assert len(times) == 400 and clocks == {"12:30"}
    assert {each["alerts_at"][11:16] for each in times} == {"18:00"}
    assert sum("the clock went forward by 60 minutes" in each["note"] for each in times) == 1
    assert sum("the clock went back by 60 minutes" in each["note"] for each in times) == 1
    lines = real("watch", "next", "a", "-n", "10").out.splitlines()
    assert len(lines) == 10 and all("alerts at" in line for line in lines)
    # Today's may come in its own time: the one before its hours was before now.
    assert all("first in its hours" in line for line in lines[2:])


def test_one_pass_for_cron(real: Command, fresh_site: FixtureServer) -> None:
    """``run --due`` checks what is due, prints alerts to standard output and a line a check beside it."""
    real("watch", "add", fresh_site.url(FERRY), "--name", "ferry", "--every", "5s", "--notify", "stdout")
    first = real("watch", "run", "--due")
    assert (first.status, first.out) == (0, "") and "ferry  new" in first.err
    nothing = real("watch", "run", "--due", "--quiet")
    assert (nothing.status, nothing.out) == (0, "")


def test_a_page_that_cannot_be_seen(real: Command, fresh_site: FixtureServer) -> None:
    """The state and the exit status say what it was; a wall is no failure of the network."""
    for name, path in (("down", "/cases/error-500.html"), ("wall", "/cases/bot-challenge.html")):
        real("watch", "add", fresh_site.url(path), "--name", name, "--via", "http")
    down, wall = real("watch", "check", "down", "--json"), real("watch", "check", "wall", "--json")
    assert (down.status, down.json["state"], down.json["error"]["kind"]) == (4, "failed", "http_error")
    assert (wall.status, wall.json["state"], wall.json["error"]["kind"]) == (5, "blocked", "blocked")


def test_a_trial_saves_nothing(real: Command, fresh_site: FixtureServer, ferry: str) -> None:
    """``watch test`` shows what would come of it, for a watch and for a URL, and leaves no trace."""
    fresh_site.set_state("watch/ferry/fare", "9.10")
    tried = real("watch", "test", "ferry", "--json")
    assert (tried.json["state"], tried.json["event"]) == ("changed", None)
    assert "A day return costs £9.10." in tried.json["text"]
    quiet = real("watch", "test", "ferry", "--only-removed", "--ignore", r"£[\d.]+", "--json").json
    assert quiet["state"] == "unchanged"
    assert real("watch", "test", ferry, "--json").json["state"] == "new"
    assert real("watch", "history", "ferry", "--json").json["events"] == []
    assert real("watch", "check", "ferry", "--json").json["state"] == "changed"


def test_old_snapshots_through_other_rules(
    real: Command, fresh_site: FixtureServer, ferry: str, tmp_path: Path
) -> None:
    """``watch replay`` says what would have been sent, today and with a file of other rules."""
    for fare in ("9.10", "9.60"):
        fresh_site.set_state("watch/ferry/fare", fare)
        real("watch", "check", "ferry")
    (today,) = real("watch", "replay", "--json").json["watches"]
    assert (today["alerts"], len(today["events"])) == (2, 2)
    rules = tmp_path / "rules.toml"
    rules.write_text(f'[watches.ferry]\nurl = "{ferry}"\nonly = "removed"\nignore = ["£9"]\n')
    fresh_site.log.clear()
    (other,) = real("watch", "replay", "ferry", "--since", "1d", "--rules", str(rules), "--json").json[
        "watches"
    ]
    assert other["alerts"] == len(other["events"]) == 2
    assert fresh_site.log == []
    said = real("watch", "replay").out
    assert said.startswith("ferry: 2 changes, 2 alerts would have been sent\n")


def test_export_and_import(real: Command, ferry: str, tmp_path: Path) -> None:
    """The file goes to git and back; a dry run changes nothing; twice is once."""
    file = tmp_path / "watches.toml"
    assert real("watch", "export", "--to", str(file)).status == 0
    assert real("watch", "import", str(file)).out == "Nothing changes.\n"
    file.write_text(file.read_text().replace('every = "5m"', 'cron = "0 9 * * mon-fri"\ntimezone = "UTC"'))
    dry = real("watch", "import", str(file), "--dry-run")
    assert '  - every = "5m"\n  + timezone = "UTC"' in dry.out and "dry run" in dry.err
    assert 'every = "5m"' in real("watch", "export").out
    assert real("watch", "import", str(file), "--json").json["steps"] == [
        {"do": "change", "what": "watch", "name": "ferry"}
    ]
    assert real("watch", "import", str(file)).out == "Nothing changes.\n"
    assert real("watch", "check", "ferry", "--json").json["state"] == "unchanged"


def test_a_file_of_another_program(real: Command, tmp_path: Path) -> None:
    """What cannot be carried over is named, on standard error and in the JSON."""
    file = tmp_path / "urls.yaml"
    file.write_text("name: A\nurl: https://example.org/\nfilter: [{css: main}]\n---\ncommand: ls\n")
    done = real("watch", "import", str(file), "--json")
    assert done.json["steps"] == [{"do": "add", "what": "watch", "name": "A"}]
    assert {(each["watch"], each["what"]) for each in done.json["left_out"]} == {
        ("job 2", "a shell command"),
    }
    assert "not carried over: job 2: a shell command" in done.err


def test_the_part_of_a_page_that_is_watched(real: Command, fresh_site: FixtureServer) -> None:
    """A change outside of it is none; when the part is gone, nothing is taken for removed."""
    page = '<html><body><main><p class="fare">A return costs {}.</p></main><p id="ad">{}</p></body></html>'

    def show(*words: str) -> None:
        fresh_site.set_page("/part.html", page.format(*words))

    show("£8.40", "Buy a boat")
    added = ("--name", "part", "--select", "main", "--exclude", "#ad", "--via", "http")
    assert real("watch", "add", fresh_site.url("/part.html"), *added).status == 0

    def state() -> str:
        return str(real("watch", "check", "part", "--json").json["state"])

    assert state() == "new"
    show("£8.40", "Buy two boats")
    assert state() == "unchanged"
    show("£9.10", "Buy two boats")
    assert state() == "changed"
    page = page.replace("main>", "div>")
    show("£9.10", "Buy two boats")
    assert state() == "unverified"


def test_a_page_behind_a_login(real: Command, fresh_site: FixtureServer) -> None:
    """It is asked for with the profile's cookies, and stored apart from what others get."""
    assert real("read", fresh_site.url("/session/sign-in"), "--profile", "work", "--via", "http").status == 0
    url = fresh_site.url("/session/account.html")
    real("watch", "add", url, "--name", "mine", "--profile", "work", "--via", "http")
    real("watch", "add", url, "--name", "public", "--via", "http")
    mine, public = (real("watch", "test", name, "--json").json["text"] for name in ("mine", "public"))
    assert mine != public
    assert real("watch", "check", "--all").status == 0
    assert {
        each["variant"].partition(" [")[0]
        for each in real("cache", "list", "--json").json["pages"]
        if each["url"] == url
    } == {"", "profile work"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("add", "http://127.0.0.1/", "--when", "price < 5"), "none is asked: --ask 'price="),
        (("add", "http://127.0.0.1/", "--every", "soon"), "not a duration"),
        (("add", "http://127.0.0.1/", "--notify", "pigeon"), "no target"),
        (("add", "http://127.0.0.1/", "--type", "money"), "more --type than --ask"),
        (("add", "http://127.0.0.1/", "--select", "main["), "no CSS selector"),
        (("check", "--all", "--offline"), "the page as it is now"),
        (("check", "--all", "--timeout", "5s"), "a setting of each watch"),
        (("run", "--due", "--via", "http"), "a setting of each watch"),
        (("run", "--due", "--fresh"), "always asks the server"),
        (("add", "http://127.0.0.1/", "--profile", "../x"), "profile"),
        (("check", "nothing"), "no watch named"),
        (("check",), "names of watches, or --all"),
        (("remove", "nothing"), "no watch named"),
        (("next", "nothing"), "no watch named"),
        (("group", "remove", "nothing"), "no group"),
        (("group", "add", "g", "--every", "soon"), "not a duration"),
        (("pin", "nothing", "3"), "no watch named"),
    ],
)
def test_wrong_usage(real: Command, arguments: tuple[str, ...], said: str) -> None:
    """Exit status 2, the reason in words, and nothing is changed."""
    ended = real("watch", *arguments)
    assert (ended.status, ended.out) == (2, "") and said in ended.err


def test_wrong_usage_is_json_where_json_was_asked_for(real: Command) -> None:
    """Standard output is one JSON document also on failure."""
    ended = real("watch", "show", "nothing", "--json")
    assert ended.status == 2 and json.loads(ended.out)["error"]["kind"] == "usage"


def test_a_watch_is_removed(real: Command, ferry: str) -> None:
    """With its history; a second time it is not known."""
    assert real("watch", "remove", "ferry").out == "Removed ferry.\n"
    assert real("watch", "list").out == ""
    assert real("watch", "remove", "ferry").status == 2


def test_what_a_watch_sends_and_what_is_about_it(real: Command, fresh_site: FixtureServer) -> None:
    """A header goes to the site and is shown to nobody; a change about something else is kept, not told."""
    shape = ("--header", "X-Pass: hush", "--user-agent", "Lamp/1", "--via", "http")
    url = fresh_site.url(FERRY)
    real("watch", "add", url, "--name", "ferry", "--about", "dogs", "--notify", "stdout", *shape)
    assert real("watch", "check", "ferry").status == 0
    headers = next(request.headers for request in fresh_site.log if request.path == FERRY)
    assert (headers["x-pass"], headers["user-agent"]) == ("hush", "Lamp/1")
    fresh_site.set_state("watch/ferry/fare", "9.10")
    quiet = real("watch", "check", "ferry")
    assert (quiet.status, "Why: it is not about “dogs”" in quiet.out) == (0, True)
    for shown in (real("watch", "show", "ferry"), real("watch", "list", "--json"), quiet):
        assert "hush" not in shown.out + shown.err
    assert 'headers = ["X-Pass: hush"]' in real("watch", "export").out
    assert real("watch", "pin", "ferry", "1", "--json").json["pinned"] is True
    assert real("watch", "resend", "ferry", "--json").json["alerts"] == 0


def test_a_backup_of_one_file_for_each_watch(real: Command, tmp_path: Path) -> None:
    """As later versions of changedetection.io make it; tags are named by their titles."""
    write_backup(tmp_path)
    taken = real("watch", "import", str(tmp_path / "backup.zip"), "--dry-run")
    assert taken.status == 0
    assert "add watch example.org/plain\n" in taken.out and '  + tags = ["shops"]\n' in taken.out
    named = [line.removeprefix("not carried over: ") for line in taken.err.splitlines()]
    assert "Everything: browser_steps" in named and "its settings: jitter_seconds" in named
    assert not any(line.startswith("example.org/plain") for line in named)
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("holiday.jpg", b"")
    other = real("watch", "import", str(tmp_path / "other.zip"))
    assert other.status == 2 and "no backup of changedetection.io" in other.err
