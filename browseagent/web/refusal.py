"""A refusal, or an error of a server's, that comes with the status 200: in JSON, as a bare line, as a page of
a line or two. Pure.

Such bodies state the status that they should have come with (an error member with ``429`` in it, a title that
is the phrase of a status), or say in words what is the matter. Words count where they are the whole of the
body: a page that writes about errors goes on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from browseagent.read.media import Media, media_of_page, text_of_page
from browseagent.records import Page
from browseagent.web.response import Response
from browseagent.web.shape import Shape, shape_of
from browseagent.web.signs import LIMITS, OUTAGES


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


SAID_CHARS = 400
"""Characters of a body that only says that something went wrong: the longest that we know have 300."""
_BODY_CHARS, _LINES = 4000, 3
_ERROR_NAMES = _names("error errors err fault failure exception")
_STATUS_NAMES = _names("status state result code type cod outcome stat success ok")
_CODE_NAMES = _names("code status statuscode httpstatus httpcode cod error errorcode")
_SAYS = _names("message msg detail details title description reason note notice info information")
_ABOUT = _names(
    "documentationurl url uri path instance statuscode timestamp requestid traceid retryafter meta data"
)
_NOT_NOW = (429, 503)
"""Of others only a comparison with what was there before tells that they are not what a page is about."""
_FAILED = re.compile(r"err(?:or)?|fail(?:ed|ure)?|denied|throttled|refused", re.I)
_PHRASES = {each.value: re.findall(r"[a-z]+", each.phrase.lower()) for each in HTTPStatus if each >= 400}
_TITLED = re.compile(r"^\W*(?:(?:error|http|status)\W+)*(?P<code>\d{3})\W+(?P<phrase>\D{3,60})$", re.I)
_PART = re.compile(r"bytes (\d+)-(\d+)/(\d+)")
_MARKUP = re.compile(r"<[^>]*>")


def status_of(response: Response) -> int | None:
    """The status that a body states which came with 200, and that a server would have sent with it; None for
    everything that is a page."""
    if response.media is Media.JSON and response.dom is None:
        failure = failure_in(response.text)
        return None if failure is None else _coded(failure)
    if response.media in (Media.PLAIN, Media.XML):
        return _in_text(response.text)
    shape = response.shape
    return None if shape is None else _shown(shape)


def not_whole(response: Response) -> str:
    """What a server says of a body that is a part of the page, or stands where it is still being made; empty
    where it says nothing of the kind."""
    part = _PART.fullmatch(response.header("content-range")) if response.status == 206 else None
    if part is not None:
        first, last, all_of_it = map(int, part.groups())
        if last + 1 - first < all_of_it:
            return f"The server sent {last + 1 - first:,} of {all_of_it:,} bytes (206)."
    said = response.text if response.shape is None else response.shape.text
    unmade = response.status == 202 and len(said) <= SAID_CHARS
    return "The server says that the page is not made yet (202)." if unmade else ""


def message_of(page: Page) -> str:
    """What a body says that only says something; empty for one that is more."""
    kind, text = media_of_page(page), text_of_page(page)
    if kind is Media.JSON:
        return said_in_json(text)
    if kind not in (Media.PLAIN, Media.XML, Media.HTML) or len(text) > 10 * SAID_CHARS:
        return ""
    if kind is Media.HTML:
        shape = shape_of(text)
        if shape.title or shape.headings or shape.links or shape.fields or shape.sources:
            return ""
        text = shape.text
    elif text.lstrip().startswith("<"):
        text = _MARKUP.sub(" ", text)
    lines = text.split("\n")
    said = " ".join(text.split())
    return said if len(said) <= SAID_CHARS and sum(map(bool, map(str.strip, lines))) <= _LINES else ""


def said_in_json(text: str) -> str:
    """What a small JSON document says that holds nothing but an error or a message; empty for any other."""
    value = failure_in(text)
    if value is None:
        value = _object(text) or {}
        if not {*map(_name, value)} & _SAYS or not _only_says(value) or _holds(value):
            return ""
    said = [each for each in _strings(value) if " " in each.strip()]
    return max(said, key=len) if said else json.dumps(value, ensure_ascii=False)


def failure_in(text: str) -> Mapping[str, Any] | None:
    """A small JSON document that tells of an error and holds no list and no record; None for any other."""
    value = _object(text)
    if not value or not any(_is_error(*each) or _says_so(*each) for each in value.items()):
        return None
    rest = {name: each for name, each in value.items() if not _is_error(name, each)}
    return None if _holds(rest) else value


def _holds(members: Mapping[str, Any]) -> bool:
    """Whether there is a list, or an object with more than plain values, among members."""

    def nests(value: Any) -> bool:
        inner = value.values() if isinstance(value, dict) else ()
        return bool(value) and (
            isinstance(value, list) or any(isinstance(e, list | dict) and e for e in inner)
        )

    return any(map(nests, members.values()))


def _only_says(value: Mapping[str, Any]) -> bool:
    """Whether all members are of the frame of a reply, and none of what a page is about."""
    names = (_name(name) for name, each in value.items() if not _is_error(name, each))
    return all(name in _SAYS or name in _ABOUT or name in _STATUS_NAMES for name in names)


def _is_error(name: str, value: Any) -> bool:
    """Whether a member is an error that happened: ``error: null`` and ``errors: 0`` say that none did."""
    words = re.findall(r"[A-Z]?[a-z]+", name)
    if not words or words[0].lower() not in _ERROR_NAMES:
        return False
    if isinstance(value, str):
        return value.strip().lower() not in ("", "0", "no", "none", "null", "false", "ok")
    return value is True or _number(value) is not None or (isinstance(value, dict | list) and bool(value))


def _says_so(name: str, value: Any) -> bool:
    """Whether a member says that the request failed."""
    name = _name(name)
    if name in ("success", "ok"):
        return value is False
    failed = isinstance(value, str) and _FAILED.fullmatch(value.strip())
    return name in _STATUS_NAMES and bool(failed or _number(value))


def _coded(failure: Mapping[str, Any]) -> int | None:
    """The status that an error in JSON names; 429 where it says that there were too many requests. A list of
    errors, and a status beside what is its own, may be what a page is about."""
    if not _only_says(failure) or any(isinstance(each, list) and each for each in failure.values()):
        return None
    inner = [each for name, each in failure.items() if _is_error(name, each) and isinstance(each, dict)]
    for members in (failure, *inner):
        for name, value in members.items():
            code = _number(value)
            if code in _NOT_NOW and _name(name) in _CODE_NAMES:
                return code
    return 429 if any(LIMITS.match(said) for said in _strings(failure)) else None


def _in_text(text: str) -> int | None:
    """The status of a body without HTML; of one in XML by what stands between its tags."""
    text = text.strip()
    if not text.startswith("<"):
        return _worded(text)
    between = [each for each in _MARKUP.split(text) if each.strip()] if len(text) < _BODY_CHARS else []
    short = sum(map(len, between)) <= SAID_CHARS
    return next(filter(None, map(_worded, between)), None) if short else None


def _worded(text: str) -> int | None:
    text = text.strip()
    if len(text) > SAID_CHARS or text.count("\n") > 3:
        return None
    return 429 if LIMITS.match(text) else 503 if OUTAGES.match(text) else None


def _shown(shape: Shape) -> int | None:
    """The status that a page of HTML is the error page of: it leads nowhere and asks for nothing."""
    if len(shape.text) > SAID_CHARS or shape.links or shape.fields or shape.paragraphs > 1:
        return None
    for title in (*shape.headings[:1], shape.title):
        found = _TITLED.match(title)
        if found and _is_phrase(int(found["code"]), found["phrase"]):
            return int(found["code"])
    return _worded(shape.headings[0] if shape.headings else shape.text)


def _is_phrase(code: int, said: str) -> bool:
    """Whether words are the phrase of a status, as servers write it: "Service Temporarily Unavailable"."""
    words = re.findall(r"[a-z]+", re.sub("temporarily|-", "", said.lower()))
    return bool(words) and words[: len(_PHRASES.get(code, [""]))] == _PHRASES.get(code)


def _number(value: Any) -> int | None:
    """A status of 400 or more, as a number or as text."""
    if isinstance(value, str) and re.fullmatch(r"[45]\d\d", value.strip()):
        value = int(value)
    return value if type(value) is int and 400 <= value < 600 else None


def _name(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower())


def _object(text: str) -> Mapping[str, Any] | None:
    """A small JSON object; of a list of one, that one."""
    try:
        value = json.loads(text.removeprefix("\ufeff")) if len(text) <= _BODY_CHARS else None
    except (ValueError, RecursionError):
        return None
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return value if isinstance(value, dict) else None


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _strings(each)
