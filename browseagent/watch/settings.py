"""A watch as settings (a TOML table, a JSON object, command-line options) and back. Pure.

Settings come in layers: the defaults, a group's, the watch's own; a later layer replaces an earlier
one key by key. Every mistake is an error that names the watch and the key.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import unquote, urlsplit

from browseagent.errors import UsageError
from browseagent.read.elements import check_syntax, selector
from browseagent.session import Session
from browseagent.session_fields import FIELDS, WATCHED
from browseagent.watch.durations import duration_text, parse_duration, parse_window, window_text
from browseagent.watch.notify.target import parse_target
from browseagent.watch.predicate import parse
from browseagent.watch.records import Question, Settings, ValueKind, Watch
from browseagent.watch.schedule import schedule_of

_TEXT = {
    *("url", "cron", "timezone", "select", "when", "about", "digest", "group", "basic"),
    *(name for name in WATCHED if not FIELDS[name].many),
}
_LISTS = {"exclude", "ignore", "notify", "tags", *(name for name in WATCHED if FIELDS[name].many)}
_DURATIONS = {"every", "confirm", "timeout", "keep_for"}
_FLAGS = {"enabled", "strict", "public"}
_COUNTS = {"fail_after", "keep", "keep_bytes", "screenshots"}
_CHOICES = {"only": ("added", "removed"), "via": ("auto", "http", "chromium")}
KEYS = tuple(sorted({*_TEXT, *_LISTS, *_DURATIONS, *_COUNTS, *_CHOICES, "between", "ask", *_FLAGS}))
"""Every key that a watch, a group or the defaults may have."""
_LONGEST = 100 * 365.25 * 86_400
"""Seconds: dates end in the year 9999, and each due time is one."""
_MOST = 10**9
_NAME = re.compile(r"[^\W_][\w .:/@+-]{0,98}")


def layered(*layers: Settings) -> dict[str, Any]:
    """The layers as one. An interval replaces a cron expression of an earlier layer, and vice versa."""
    merged: dict[str, Any] = {}
    for layer in layers:
        for key, other in (("every", "cron"), ("cron", "every")):
            if key in layer:
                merged.pop(other, None)
        merged.update(layer)
    return merged


def watch_of(name: str, settings: Settings) -> Watch:
    """The watch of merged settings. Raises UsageError, also for a schedule that is never due, a
    condition that cannot be read, a regular expression that is none or a target that is unknown."""
    if not _NAME.fullmatch(name):
        hint = "A name begins with a letter or a digit and has letters, digits, spaces and .:/@+-_"
        raise UsageError(f"{name!r} is no name for a watch", hint=hint)
    settings = without_login(settings)
    values = {key: _value(name, key, value) for key, value in settings.items() if value is not None}
    if "every" not in values and "cron" in values:
        values["every"] = None
    if not values.get("url"):
        raise UsageError(f"{name}: no url is given")
    questions = values.pop("ask", ())
    watch = Watch(name=name, questions=questions, **values)
    _check(watch)
    return watch


def without_login(settings: Settings) -> dict[str, Any]:
    """The settings with a user and a password in the address as the setting ``basic``, which is sent to the
    site alone and never shown."""
    url = settings.get("url")
    if not isinstance(url, str) or "@" not in url:
        return dict(settings)
    scheme, _, rest = url.partition("://")
    end = min((at for at in (rest.find(mark) for mark in "/?#") if at >= 0), default=len(rest))
    login, at, host = rest[:end].rpartition("@")
    if not at:
        return dict(settings)
    user, _, password = login.partition(":")
    basic = base64.b64encode(f"{unquote(user)}:{unquote(password)}".encode()).decode()
    return {**settings, "url": f"{scheme}://{host}{rest[end:]}", "basic": basic}


def session_of(watch: Watch, base: Session | None = None) -> Session:
    """The session of ``base`` (what holds for the whole program) with what the watch says in its place.
    Raises UsageError for values that cannot be."""
    try:
        given = {name: _given(name, getattr(watch, name)) for name in WATCHED if getattr(watch, name)}
    except ValueError as error:
        raise UsageError(str(error)) from None
    own = {"profile": "", "clicks": (), "wait_for": ""}  # never those of the whole program
    session = Session(**given) if base is None else replace(base, **{**own, **given})
    if watch.basic and not any(name.lower() == "authorization" for name, _ in session.headers):
        headers = (*session.headers, ("Authorization", f"Basic {watch.basic}"))
        session = replace(session, headers=headers)
    if watch.via == "http" and (watch.clicks or watch.wait_for):
        raise UsageError('clicks and wait_for need a browser, and via = "http" forbids it')
    return session


def _given(name: str, written: Any) -> Any:
    """What a watch says of a field of its session, as the session has it. Raises ValueError."""
    field = FIELDS[name]
    return tuple(map(field.read, written)) if field.many and field.read is not None else written


def layer_of(name: str, settings: Settings) -> dict[str, Any]:
    """Settings of a group or the defaults, each key checked by itself; the same settings back."""
    for key, value in settings.items():
        _value(name, key, value)
    return dict(settings)


def settings_of(watch: Watch) -> dict[str, Any]:
    """A watch as settings, without what is the default; :func:`watch_of` reads them back."""
    plain = Watch(watch.name, watch.url)
    out: dict[str, Any] = {"url": watch.url}
    for key in KEYS:
        value: Any = watch.questions if key == "ask" else getattr(watch, key)
        if key == "url" or value is None or value == (() if key == "ask" else getattr(plain, key)):
            continue
        if key in _DURATIONS:
            value = duration_text(value)
        elif key == "between":
            value = window_text(value)
        elif key == "ask":
            value = [asked_text(question) for question in value]
        elif isinstance(value, tuple):
            value = list(value)
        out[key] = value
    return out


def shown_of(watch: Watch) -> dict[str, Any]:
    """A watch as settings for eyes and logs: without what may be secret in targets, headers and proxies."""
    out = settings_of(watch)
    if watch.notify:
        out["notify"] = [parse_target(target).shown for target in watch.notify]
    if watch.headers:
        out["headers"] = [f"{each.partition(':')[0]}: …" for each in watch.headers]
    if watch.basic:
        out["basic"] = "…"
    if watch.proxy:
        parts = urlsplit(watch.proxy)
        out["proxy"] = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    return out


def asked_text(question: Question) -> dict[str, str]:
    """A question as settings."""
    kind = question.kind.value
    if question.choices:
        kind += ":" + ",".join(question.choices)
    out = {"question": question.text, "type": kind}
    return out if question.name == "value" else {**out, "name": question.name}


def question_of(text: str, kind: str = "text", name: str = "value") -> Question:
    """A question; ``kind`` as ``money`` or ``choice:a,b,c``. Raises UsageError."""
    sort, _, rest = kind.partition(":")
    choices = tuple(part.strip() for part in rest.split(",") if part.strip())
    try:
        parsed = ValueKind(sort)
    except ValueError:
        known = ", ".join(ValueKind)
        raise UsageError(f"{kind!r} is no type of answer", hint=f"Types are: {known}") from None
    if (parsed is ValueKind.CHOICE) != (len(choices) > 1) or (rest and parsed is not ValueKind.CHOICE):
        raise UsageError(f"{kind!r}: choices are given as choice:one,other, to the type choice alone")
    if not any(character.isalnum() for character in text):
        raise UsageError("the question has no words")
    if not re.fullmatch(r"[^\W\d]\w*", name) or name in ("previous", "and", "or", "not", "is"):
        raise UsageError(f"{name!r} is no name for a question", hint="Write a word, such as price.")
    return Question(" ".join(text.split()), parsed, choices, name)


def _value(name: str, key: str, value: object) -> Any:
    try:
        return _converted(key, value)
    except (ValueError, TypeError) as error:
        raise UsageError(f"{name}: {key}: {error}") from error


def _converted(key: str, value: object) -> Any:
    if key in _TEXT:
        return _text(value)
    if key in _LISTS:
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, (list, tuple)):
            raise ValueError("a list of texts is expected")
        return tuple(_text(item) for item in items)
    if key in _DURATIONS:
        seconds = parse_duration(value) if isinstance(value, str) else float(value)  # type: ignore[arg-type]
        if not 0 < seconds <= _LONGEST:  # nor is it NaN
            raise ValueError("it must be longer than nothing, and at most 100 years")
        return seconds
    if key in _COUNTS:
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= _MOST:
            raise ValueError(f"a whole number from 1 to {_MOST:,} is expected")
        return value
    if key in _CHOICES:
        if value not in _CHOICES[key]:
            raise ValueError(f"{value!r} is none of {', '.join(_CHOICES[key])}")
        return value
    if key == "between":
        return parse_window(_text(value))
    if key in _FLAGS:
        if not isinstance(value, bool):
            raise ValueError("true or false is expected")
        return value
    if key == "ask":
        items = value if isinstance(value, (list, tuple)) else [value]
        return tuple(_question(item) for item in items)
    raise ValueError(f"this key is not known; known are {', '.join(KEYS)}")


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"a text is expected, not {value!r}")
    return value


def _question(item: object) -> Question:
    if isinstance(item, Question):
        return item
    if isinstance(item, str):
        return question_of(item)
    if not isinstance(item, Mapping) or "question" not in item or set(item) - {"question", "type", "name"}:
        raise ValueError("a question is a text, or a table with question, type and name")
    return question_of(
        _text(item["question"]), _text(item.get("type", "text")), _text(item.get("name", "value"))
    )


def _check(watch: Watch) -> None:
    """What can be checked of a watch as a whole."""
    parts = urlsplit(watch.url)
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
        raise UsageError(f"{watch.name}: {watch.url!r} is no http:// or https:// URL")
    if watch.screenshots and watch.via == "http":
        raise UsageError(
            f'{watch.name}: screenshots need a browser, and via = "http" forbids it',
            hint="Take one of the two away.",
        )
    schedule_of(watch)
    for pattern in watch.ignore:
        try:
            re.compile(pattern)
        except re.error as error:
            raise UsageError(
                f"{watch.name}: ignore: {pattern!r} is no regular expression: {error}"
            ) from error
    try:
        for text in (*([watch.select] if watch.select else []), *watch.exclude):
            selector(text)
        for text in (*watch.clicks, *([watch.wait_for] if watch.wait_for else [])):
            check_syntax(text)
        session_of(watch)
    except ValueError as error:
        raise UsageError(f"{watch.name}: {error}") from error
    except UsageError as error:
        raise UsageError(f"{watch.name}: {error.message}", hint=error.hint) from error
    names = [question.name for question in watch.questions]
    if len(set(names)) < len(names):
        raise UsageError(f"{watch.name}: two questions have one name", hint="Give each a name of its own.")
    if watch.when is not None:
        parse(watch.when, names)
    if watch.digest is not None:
        schedule_of(Watch(watch.name, watch.url, None, watch.digest, watch.timezone))
    for target in watch.notify:
        parse_target(target)
