"""What a session is, which sessions are told apart, and what becomes of a profile."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest

from browseagent.errors import UsageError
from browseagent.session import Cookie, Kept, Profile, Session, changed, merged

COOKIE = Cookie("session", "open-sesame", "example.org")
VALUES: dict[str, Any] = {
    "profile": "work",
    "cookies": (COOKIE,),
    "headers": (("Authorization", "Bearer swordfish"),),
    "user_agent": "Weather Station 3",
    "contact": "me@example.org",
    "proxy": "http://user:swordfish@127.0.0.1:3128",
    "locale": "de-AT",
    "timezone": "Europe/Vienna",
    "viewport": (800, 600),
    "clicks": ("#more",),
    "wait_for": ".price",
    "browser_url": "ws://user:swordfish@127.0.0.1:9222/token",
    "obey_robots": True,
    "media": True,
    "trackers": True,
}


def test_every_field_tells_sessions_apart() -> None:
    """Whatever is set, pages are kept apart from those had without it, and with another value of it."""
    assert set(VALUES) == {field.name for field in fields(Session)}
    variants = {Session(**{name: value}).variant() for name, value in VALUES.items()}
    assert len(variants) == len(VALUES)
    assert Session().variant() == "" and "" not in variants
    others: dict[str, Any] = {
        "profile": "home",
        "cookies": (replace(COOKIE, value="other"),),
        "headers": (("Authorization", "Bearer herring"),),
        "clicks": ("#more", "#more"),
        "viewport": (801, 600),
    }
    for name, value in others.items():
        assert Session(**{name: value}).variant() != Session(**{name: VALUES[name]}).variant()


def test_a_variant_is_the_same_tomorrow_and_another_after_a_login() -> None:
    """It depends on nothing but the fields and the identity of the profile."""
    session = Session(profile="work", clicks=("a", "b"))
    assert session.variant("1") == Session(profile="work", clicks=("a", "b")).variant("1")
    assert session.variant("1") != session.variant("2")
    assert Session(clicks=("a", "b")).variant() != Session(clicks=("b", "a")).variant()
    assert session.variant("1").startswith("profile work; clicked a, b [")


def test_nothing_secret_is_shown() -> None:
    """Neither by repr nor in the words of the variant: values of cookies and headers, passwords, tokens."""
    session = Session(**{name: value for name, value in VALUES.items() if name != "browser_url"})
    shown = f"{session!r} {session.variant()} {COOKIE!r} {Profile('1', (COOKIE,))!r} {Kept((COOKIE,))!r}"
    running = Session(browser_url=VALUES["browser_url"])
    shown += f" {running!r} {running.variant()}"
    assert "open-sesame" not in shown and "swordfish" not in shown and "token" not in shown
    assert "header Authorization" in shown and "proxy 127.0.0.1" in shown


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("profile", "../work"),
        ("profile", ".hidden"),
        ("profile", "a/b"),
        ("profile", "x" * 65),
        ("headers", (("Bad Name", "1"),)),
        ("headers", (("X-Split", "a\r\nX-Other: b"),)),
        ("headers", (("Host", "example.org"),)),
        ("headers", (("Cookie", "a=b"),)),
        ("headers", (("X-A", "1"), ("x-a", "2"))),
        ("user_agent", "a\nb"),
        ("contact", "nobody"),
        ("contact", "me@example.org) evil"),
        ("proxy", "ftp://127.0.0.1:21"),
        ("proxy", "socks5h://127.0.0.1:1080"),
        ("proxy", "http://127.0.0.1:99999"),
        ("proxy", "http://127.0.0.1:3128/path"),
        ("locale", "german"),
        ("locale", "de_DE"),
        ("timezone", "Mars/Olympus"),
        ("timezone", "../../etc/passwd"),
        ("viewport", (99, 600)),
        ("viewport", (800, 8193)),
        ("browser_url", "unix:///tmp/socket"),
    ],
)
def test_what_cannot_be_is_wrong_usage(field: str, value: object) -> None:
    """Also from Python, where no option was parsed; the value of a header is not repeated."""
    with pytest.raises(UsageError) as raised:
        Session(**{field: value})  # type: ignore[arg-type]
    assert "X-Other: b" not in raised.value.message


def test_a_proxy_for_a_browser_that_runs_already_is_wrong_usage() -> None:
    """It was started with its own way to the network."""
    with pytest.raises(UsageError, match="runs already"):
        Session(proxy="http://127.0.0.1:3128", browser_url="ws://127.0.0.1:9222")


def test_a_stranger_has_nothing_to_lose() -> None:
    """What robots.txt is asked with: the same way, and nothing secret."""
    stranger = Session(**{name: value for name, value in VALUES.items() if name != "browser_url"}).stranger
    assert (stranger.proxy, stranger.user_agent) == (VALUES["proxy"], VALUES["user_agent"])
    assert (stranger.profile, stranger.cookies, stranger.headers) == ("", (), ())


def test_what_changed_in_cookies() -> None:
    """New values are kept, what is gone is gone; what only the way of writing it down changed is neither."""
    far = replace(COOKIE, name="far", expires=2e9, same_site="Lax")
    before = (COOKIE, far)
    assert not changed(before, before)
    assert not changed(before, (COOKIE, replace(far, same_site="", expires=2e9 - 60)))
    fresh = replace(COOKIE, value="new")
    assert changed(before, (fresh,)) == Kept((fresh,), frozenset({far.key}))


def test_a_profile_after_a_page() -> None:
    """Changes are merged into what is there; what has expired is dropped; storage is kept by origin."""
    old = Profile("1", (COOKIE, replace(COOKIE, name="old", expires=50)), ({"origin": "http://a", "n": 1},))
    new = replace(COOKIE, name="new")
    kept = Kept((new,), frozenset({COOKIE.key}), ({"origin": "http://b"}, {"origin": "http://a", "n": 2}))
    after = merged(old, kept, now=100)
    assert after.identity == "1"
    assert after.cookies == (new,)
    assert list(after.storage) == [{"origin": "http://a", "n": 2}, {"origin": "http://b"}]
