"""All watches in one file, and watches of other programs."""

from __future__ import annotations

import tomllib

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from browseagent.errors import UsageError
from browseagent.watch.changedetection import from_changedetection
from browseagent.watch.definitions import Definitions, checked, plan, read_toml, value_text, write_toml
from browseagent.watch.urlwatch import from_urlwatch
from tools.tried_imports import BY_ITSELF, EVERYTHING
from tools.tried_imports import URLWATCH as URLWATCH_WHOLE

URL = "https://example.org/"
FILE = Definitions(
    defaults={"notify": ["stdout"], "every": "2h"},
    groups={"shops": {"every": "30m", "tags": ["shop"]}},
    watches={
        "lantern": {
            "url": URL,
            "group": "shops",
            "ask": [{"question": 'What does "it" cost?', "type": "money", "name": "price"}],
            "when": "price < 50",
            "ignore": [r"\d+ visitors"],
        },
        "a name with spaces": {"url": URL, "enabled": False, "keep": 5},
    },
)


def test_a_file_is_read_back_as_it_was_written() -> None:
    """Export and import are each other's inverse, and taking over twice changes nothing."""
    text = write_toml(FILE)
    assert text.startswith("# Watches of browseagent")
    assert read_toml(text) == FILE
    assert {step.kind for step in plan(read_toml(text), FILE)} == {"same"}
    watches = checked(FILE, Definitions())
    assert (watches["lantern"].every, watches["lantern"].notify) == (1800, ("stdout",))


@given(st.text(), st.text(min_size=1))
def test_any_text_is_written_as_toml(value: str, key: str) -> None:
    """Whatever a name or a pattern holds, the file can be read."""
    try:
        (value + key).encode()
    except UnicodeEncodeError:
        return  # no text
    data = Definitions(watches={key: {"url": value, "tags": [value]}})
    assert read_toml(write_toml(data)) == data
    assert tomllib.loads(f"x = {value_text({'k': [True, 3, value]})}") == {"x": {"k": [True, 3, value]}}


def test_a_dry_run_says_what_would_change() -> None:
    """Added, changed key by key, the same, and removed only where that is asked for."""
    new = Definitions(watches={"lantern": {"url": URL, "every": "5m"}, "ferry": {"url": URL}})
    stored = Definitions(watches={"lantern": {"url": URL, "cron": "0 9 * * *"}, "old": {"url": URL}})
    assert [line for step in plan(new, stored) for line in step.lines] == [
        "change watch lantern",
        '  - cron = "0 9 * * *"',
        '  + every = "5m"',
        "add watch ferry",
        '  + url = "https://example.org/"',
    ]
    assert [(s.kind, s.name) for s in plan(new, stored, prune=True)][-1] == ("remove", "old")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[watches", "no TOML"),
        ("[watch.x]\nurl = 'https://example.org'", "'watch' is no table of such a file"),
        ("watches = 3", "watches is no table"),
        ("[watches.x]\nurl = 'https://example.org/'\nevry = '5m'", "evry"),
        ("[watches.x]\nurl = 'https://example.org/'\ngroup = 'y'", "no group 'y'"),
        ("[groups.y]\nevery = 'soon'", "soon"),
        ("[defaults]\nevery = 'soon'", "soon"),
    ],
)
def test_mistakes_are_found_before_anything_is_changed(text: str, said: str) -> None:
    """The error names what is wrong."""
    with pytest.raises(UsageError, match=said):
        checked(read_toml(text), Definitions())


URLWATCH = """\
name: Ferry
url: https://example.org/ferry
filter:
  - css: main.status
  - html2text
  - grep: cancelled
timeout: 60
additions_only: true
tags: [boats]
---
navigate: https://example.org/app
wait_for_selector: '#ready'
wait_until: networkidle
---
command: ls
---
url: https://example.org/ferry
name: Ferry
headers: {X-Key: abc, User-Agent: Ferry/1, Accept-Language: 'de-AT,de;q=0.9', Cookie: a=b}
https_proxy: http://127.0.0.1:3128
http_proxy: http://127.0.0.1:3129
"""


def test_jobs_of_urlwatch_and_webchanges() -> None:
    """What has an equivalent is carried over; everything else is named."""
    imported = from_urlwatch(yaml.safe_load_all(URLWATCH))
    assert imported.watches == {
        "Ferry": {
            "url": "https://example.org/ferry", "select": "main.status", "timeout": "1m", "only": "added",
            "tags": ["boats"], "enabled": False,
        },
        "example.org/app": {"url": "https://example.org/app", "via": "chromium", "wait_for": "#ready"},
        "Ferry 2": {
            "url": "https://example.org/ferry", "headers": ["X-Key: abc"], "user_agent": "Ferry/1",
            "locale": "de-AT", "proxy": "http://127.0.0.1:3128", "enabled": False,
        },
    }  # fmt: skip
    assert imported.left_out == [
        ("Ferry", "the filter grep"),
        ("example.org/app", "wait_until"),
        ("job 3", "a shell command"),
        (
            "Ferry 2",
            "the header Cookie; Cookie is set with --cookie-file, "
            "which also says to whom each cookie belongs",
        ),
        ("Ferry 2", "http_proxy"),
        ("Ferry", "imported paused: without the filter grep it would check something else"),
        ("Ferry 2", "imported paused: without the header Cookie it would check something else"),
    ]
    checked(Definitions(watches=imported.watches), Definitions())


def test_a_backup_of_changedetection() -> None:
    """Intervals, filters, ignored lines, tags and targets come along; the rest is named."""
    imported = from_changedetection(
        {
            "settings": {
                "application": {"notification_urls": ["mailto://a@b.c"], "tags": {"t1": {"title": "boats"}}},
                "requests": {"time_between_check": {"hours": 3}},
            },
            "watching": {
                "u1": {
                    "url": "https://example.org/a",
                    "title": "A <b>page</b>",
                    "tags": ["t1"],
                    "time_between_check": {"minutes": 90},
                    "include_filters": ["main", "xpath://h1"],
                    "subtractive_selectors": ["nav"],
                    "ignore_text": ["visitor number", "/[0-9]+ views/i"],
                    "notification_urls": ["json://localhost/hook"],
                    "fetch_backend": "html_webdriver",
                    "paused": True,
                    "filter_text_removed": False,
                    "trigger_text": ["sold out"],
                    "method": "GET",
                    "processor": "text_json_diff",
                },
                "u2": {"url": "https://example.org/b", "processor": "restock_diff", "method": "POST"},
                "u3": {"url": "https://example.org/{{ date }}"},
            },
        }
    )
    assert imported.watches == {
        "A b page /b": {
            "url": "https://example.org/a", "every": "90m", "enabled": False, "via": "chromium",
            "tags": ["boats"], "select": "main", "exclude": ["nav"], "only": "added",
            "ignore": ["(?i).*visitor\\ number.*", "(?i)[0-9]+ views"], "notify": ["json://localhost/hook"],
        },
        "example.org/b": {"url": "https://example.org/b", "every": "3h", "notify": ["mailto://a@b.c"],
                          "enabled": False},
    }  # fmt: skip
    assert imported.left_out == [
        ("A b page /b", "the filter xpath://h1"),
        ("A b page /b", "trigger_text"),
        ("example.org/b", "the processor restock_diff; ask a question instead"),
        ("example.org/b", "method"),
        ("u3", "its address 'https://example.org/{{ date }}'"),
        (
            "A b page /b",
            "imported paused: without the filter xpath://h1, trigger_text it would check something else",
        ),
        (
            "example.org/b",
            "imported paused: without the processor restock_diff, method it would check something else",
        ),
    ]
    checked(Definitions(watches=imported.watches), Definitions())


def _imported(watch: dict[str, object], **application: object) -> tuple[dict[str, object], list[str]]:
    """One watch of changedetection.io as ours, and what is said of it."""
    data = {"settings": {"application": application}, "watching": {"u": {"url": URL, "title": "A", **watch}}}
    imported = from_changedetection(data)
    return imported.watches["A"], [what for _, what in imported.left_out]


@pytest.mark.parametrize(
    ("watch", "kept"),
    [
        ({"css_filter": "main"}, {"select": "main"}),
        ({"browser_steps": [{"operation": "Click element", "selector": "#ok"}]}, {"clicks": ["#ok"]}),
        ({"browser_steps": [{"operation": "Choose one"}]}, {}),
        ({"notification_muted": True, "notification_urls": ["stdout"]}, {}),
        ({"last_error": "404", "check_count": 7, "previous_md5": "ab", "uuid": "u"}, {}),
        ({"time_schedule_limit": {"enabled": False, "monday": {"enabled": True}}}, {}),
        ({"fetch_backend": "system"}, {}),
        (BY_ITSELF, {}),
    ],
)
def test_what_is_kept_is_not_named(watch: dict[str, object], kept: dict[str, object]) -> None:
    """Settings with an equivalent, the program's own book-keeping, and what it does by itself."""
    assert _imported(watch) == ({"url": URL, **kept}, [])


@pytest.mark.parametrize(
    ("watch", "lost"),
    [
        ({"trigger_text": ["sold out"]}, "trigger_text"),
        ({"method": "POST"}, "method"),
        ({"extract_text": ["/[0-9]+/"]}, "extract_text"),
        ({"browser_steps": [{"operation": "Enter text", "selector": "#q"}]}, "browser_steps"),
        ({"include_filters": ["jq:.a"]}, "the filter jq:.a"),
        ({"filter_text_replaced": False}, "filter_text_replaced"),
        ({"proxy": "de"}, "proxy"),
        ({"fetch_backend": "a_browser_of_theirs"}, "fetch_backend a_browser_of_theirs"),
    ],
)
def test_a_watch_of_something_else_is_paused(watch: dict[str, object], lost: str) -> None:
    """Where a setting that is lost decides what is seen or told, the watch waits for a person."""
    settings, said = _imported(watch)
    assert settings["enabled"] is False
    assert said == [lost, f"imported paused: without {lost} it would check something else"]


def test_what_a_file_of_every_setting_leaves_out_is_named() -> None:
    """Of a job and a watch with each setting of the manuals: every one is kept or named."""
    jobs = [job for job in yaml.safe_load_all(URLWATCH_WHOLE) if isinstance(job, dict) and "url" in job]
    named = {(name, what.removeprefix("the filter ")) for name, what in from_urlwatch(jobs).left_out}
    carried = {"name", "url", "filter", "headers", "https_proxy", "additions_only"}
    for job in jobs:
        kept = from_urlwatch([job]).watches[job["name"]]
        for each in job.keys() - carried:
            assert each in kept or (job["name"], each) in named
    whole = from_changedetection({"watching": {"u": EVERYTHING}})
    said = " ".join(what for _, what in whole.left_out)
    carried = {
        *("title", "url", "tags", "paused", "time_between_check", "time_between_check_use_default"),
        *("subtractive_selectors", "ignore_text", "fetch_backend", "notification_urls"),
        *("filter_text_removed", "use_page_title_in_list", "filter_failure_notification_send"),
    }
    words = {"include_filters": "xpath://h1", "headers": "the header Cookie", "processor": "restock_diff"}
    assert [key for key in EVERYTHING.keys() - carried if words.get(key, key) not in said] == []


def test_settings_of_all_watches_and_of_tags() -> None:
    """What holds for all watches is carried into each, or named once; a tag's own settings are named."""
    tags = {"t": {"title": "shops", "include_filters": [".price"], "overrides_watch": True, "uuid": "t"}}
    settings, said = _imported(
        {"tags": ["t"], "a_setting_to_come": 3},
        tags=tags, global_ignore_text=["Cookie"], global_subtractive_selectors=["nav"],
        fetch_backend="html_webdriver", notification_title="Look", password=False,
    )  # fmt: skip
    assert settings == {
        "url": URL, "tags": ["shops"], "ignore": ["(?i).*Cookie.*"], "exclude": ["nav"], "via": "chromium",
        "enabled": False,
    }  # fmt: skip
    assert said == [
        "notification_title",
        "include_filters of its tag shops",
        "a_setting_to_come",
        "imported paused: without include_filters of its tag shops it would check something else",
    ]


@pytest.mark.parametrize(
    ("job", "kept", "said"),
    [
        ("filter: [{css: {selector: main, exclude: .ad}}]", {"select": "main", "exclude": [".ad"]}, []),
        ("filter: [{delete_lines_containing: Seen by}]", {"ignore": [r".*Seen\ by.*"]}, []),
        ("filter: [{grepi: 'Seen by|Ad'}]", {"ignore": [".*(?:Seen by|Ad).*"]}, []),
        ("filter: [{grepi: {re: Seen}}]", {"ignore": [".*(?:Seen).*"]}, []),
        ("filter: [{html2text: {method: pyhtml2text}}]", {}, []),
        ("{max_tries: 2, http_proxy: http://p:1}", {}, ["max_tries", "http_proxy"]),
        ("cookies: {a: b}", {"enabled": False}, ["cookies"]),
        ("data: {a: b}", {"enabled": False}, ["data"]),
        ("filter: [{xpath: //h1}]", {"enabled": False}, ["the filter xpath"]),
        ("{filter: [pdf2text, {ical2text: null}], kind: url}", {}, []),
        ("filter: [{pdf2text: {password: x}}]", {"enabled": False}, ["the filter pdf2text"]),
        ("note: ask Ann", {}, ["note"]),
    ],
)
def test_settings_of_jobs(job: str, kept: dict[str, object], said: list[str]) -> None:
    """Each setting of a job is kept or named; where another page or part would be watched, it is paused."""
    imported = from_urlwatch([{"url": URL, "name": "A", **yaml.safe_load(job)}])
    assert imported.watches == {"A": {"url": URL, **kept}}
    assert [what for _, what in imported.left_out if not what.startswith("imported paused")] == said
    assert len(imported.left_out) == len(said) + ("enabled" in kept)
