"""Watches of urlwatch, webchanges and changedetection.io as ours, and what cannot be carried over. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from browseagent.session_values import header, locale, user_agent
from browseagent.watch.durations import duration_text

_UNITS = {"weeks": 604_800, "days": 86_400, "hours": 3600, "minutes": 60, "seconds": 1}


@dataclass(slots=True)
class Carried:
    """What was carried over: settings by name, and by name what was not."""

    watches: dict[str, dict[str, Any]] = field(default_factory=dict)
    left_out: list[tuple[str, str]] = field(default_factory=list)

    def name(self, wanted: str, url: str) -> str:
        """A name that is ours in form and not taken."""
        parts = urlsplit(url)
        plain = re.sub(r"[^\w .:/@+-]+", " ", wanted) or f"{parts.hostname or ''}{parts.path}"
        plain = " ".join(plain.split()).strip(" _.-:/@+")[:80] or "watch"
        name, number = plain, 1
        while name in self.watches:
            number += 1
            name = f"{plain} {number}"
        return name


# What of a job of urlwatch or webchanges means nothing to us and need not be missed.
_HARMLESS = {"kind", "note", "user_visible_url", "index_number", "enabled", "name", "url", "navigate", "guid"}


def from_urlwatch(jobs: Iterable[object]) -> Carried:
    """Jobs of ``urls.yaml`` (urlwatch) or ``jobs.yaml`` (webchanges), a mapping each."""
    carried = Carried()
    for number, job in enumerate(jobs, start=1):
        if job is None:
            continue
        if not isinstance(job, Mapping):
            carried.left_out.append((f"job {number}", "it is no mapping"))
            continue
        url = job.get("navigate") or job.get("url")
        if not isinstance(url, str) or not url.startswith(("http://", "https://")):
            what = "a shell command" if "command" in job else f"no web page: {url!r}"
            carried.left_out.append((str(job.get("name") or f"job {number}"), what))
            continue
        name = carried.name(str(job.get("name") or ""), url)
        carried.watches[name] = _urlwatch_job(carried, name, url, job)
    return carried


def _urlwatch_job(carried: Carried, name: str, url: str, job: Mapping[Any, Any]) -> dict[str, Any]:
    settings: dict[str, Any] = {"url": url}
    if job.get("navigate") or job.get("use_browser"):
        settings["via"] = "chromium"
    if job.get("enabled") is False:
        settings["enabled"] = False
    for key, value in job.items():
        if key in _HARMLESS or key == "use_browser":
            continue
        if key == "timeout" and isinstance(value, (int, float)) and value > 0:
            settings["timeout"] = duration_text(value)
        elif key in ("additions_only", "deletions_only"):
            if value:
                settings["only"] = "added" if key == "additions_only" else "removed"
        elif key == "tags":
            settings["tags"] = [str(tag) for tag in value] if isinstance(value, list) else [str(value)]
        elif key == "filter":
            _urlwatch_filters(carried, name, value, settings)
        elif key == "headers" and isinstance(value, Mapping):
            _headers(carried, name, value, settings)
        elif key == "user_agent" and isinstance(value, str):
            settings["user_agent"] = value
        elif key in ("http_proxy", "https_proxy") and isinstance(value, str):
            if key.startswith(urlsplit(url).scheme + "_"):
                settings["proxy"] = value
        elif key == "wait_for_selector" and isinstance(value, str):
            settings["wait_for"] = value
        else:
            carried.left_out.append((name, str(key)))
    return settings


_OWN = {"user-agent": "user_agent", "accept-language": "locale"}
"""Headers that are settings of their own."""


def _headers(carried: Carried, name: str, headers: Mapping[Any, Any], settings: dict[str, Any]) -> None:
    """Request headers; those that cannot be set are named."""
    for key, value in headers.items():
        own, said = _OWN.get(str(key).lower()), str(value)
        if own == "locale":
            said = re.split(r"[,;]", said)[0].strip()
        try:
            if own == "locale":
                settings[own] = locale(said)
            elif own:
                settings[own] = user_agent(said)
            else:
                settings["headers"] = [*settings.get("headers", []), ": ".join(header(str(key), said))]
        except ValueError as error:
            carried.left_out.append((name, f"the header {key}: {error}"))


def _urlwatch_filters(carried: Carried, name: str, filters: object, settings: dict[str, Any]) -> None:
    """Filters: those that choose elements by CSS are carried over; making text of a page we do anyway."""
    listed = filters if isinstance(filters, list) else str(filters).split(",")
    for each in listed:
        kind, value = next(iter(each.items())) if isinstance(each, Mapping) and each else (str(each), None)
        kind, _, short = str(kind).partition(":")
        value = short or value
        if isinstance(value, Mapping) and set(value) == {"selector"}:
            value = value["selector"]
        if kind in ("html2text", "strip", "striplines", "beautify", "format-json"):
            continue
        if kind == "css" and isinstance(value, str) and "select" not in settings:
            settings["select"] = value
        elif kind in ("element-by-id", "element-by-class") and isinstance(value, str):
            settings["select"] = ("#" if kind.endswith("id") else ".") + value
        elif kind == "element-by-tag" and isinstance(value, str):
            settings["select"] = value
        else:
            carried.left_out.append((name, f"the filter {kind}"))


# What a person may have set and would miss.
_MISSED = {
    "body", "method", "proxy", "trigger_text", "text_should_not_be_present", "extract_text",
    "webdriver_js_execute_code", "browser_steps", "css_filter", "conditions", "notification_title",
    "notification_body", "webdriver_delay", "sort_text_alphabetically", "remove_duplicate_lines",
    "check_unique_lines", "time_schedule_limit", "llm_intent", "ai_prompt",
}  # fmt: skip


def from_changedetection(data: Mapping[str, Any]) -> Carried:
    """``url-watches.json`` of changedetection.io, as its backup holds it."""
    carried = Carried()
    options = data.get("settings", {})
    application = options.get("application", {})
    tags = {uid: str(tag.get("title", "")) for uid, tag in application.get("tags", {}).items()}
    defaults = options.get("requests", {}).get("time_between_check", {})
    for uid, watch in data.get("watching", {}).items():
        url = str(watch.get("url", ""))
        title = str(watch.get("title") or "")
        if not url.startswith(("http://", "https://")) or "{" in url:
            carried.left_out.append((title or str(uid), f"its address {url!r}"))
            continue
        name = carried.name(title, url)
        settings = _changedetection_watch(carried, name, watch, tags)
        every = _seconds(watch.get("time_between_check")) or _seconds(defaults)
        carried.watches[name] = {"url": url, **({"every": duration_text(every)} if every else {}), **settings}
        targets = watch.get("notification_urls") or application.get("notification_urls") or []
        if targets:
            carried.watches[name]["notify"] = [str(target) for target in targets]
    return carried


def _changedetection_watch(
    carried: Carried, name: str, watch: Mapping[str, Any], tags: Mapping[str, str]
) -> dict[str, Any]:
    settings: dict[str, Any] = {}
    if watch.get("paused"):
        settings["enabled"] = False
    if watch.get("fetch_backend") in ("html_webdriver", "html_playwright"):
        settings["via"] = "chromium"
    named = [tags.get(str(uid), str(uid)) for uid in watch.get("tags") or []]
    if named or watch.get("tag"):
        settings["tags"] = named or [part.strip() for part in str(watch["tag"]).split(",")]
    chosen = [str(each) for each in watch.get("include_filters") or []]
    css = [each for each in chosen if not each.startswith(("xpath", "/", "json", "jq"))]
    carried.left_out += [(name, f"the filter {each}") for each in chosen if each not in css]
    if css:
        settings["select"] = ", ".join(css)
    if watch.get("subtractive_selectors"):
        settings["exclude"] = [str(each) for each in watch["subtractive_selectors"]]
    if watch.get("ignore_text"):
        settings["ignore"] = [_ignored(str(each)) for each in watch["ignore_text"]]
    if isinstance(watch.get("headers"), Mapping):
        _headers(carried, name, watch["headers"], settings)
    wanted = {key: watch.get(f"filter_text_{key}", True) for key in ("added", "removed")}
    if wanted["added"] != wanted["removed"]:
        settings["only"] = "added" if wanted["added"] else "removed"
    if watch.get("processor") not in (None, "text_json_diff"):
        carried.left_out.append((name, f"the processor {watch['processor']}; ask a question instead"))
    carried.left_out += [
        (name, key) for key in sorted(_MISSED & set(watch)) if watch[key] and not _plain(key, watch[key])
    ]
    return settings


def _plain(key: str, value: object) -> bool:
    """Whether a setting is as changedetection.io makes it by itself."""
    if key == "method":
        return value == "GET"
    return isinstance(value, Mapping) and not value.get("enabled", True)


def _ignored(text: str) -> str:
    """A line to ignore: as a regular expression it is written /…/flags, else it is words of the line."""
    written = re.fullmatch(r"/(.+)/([a-z]*)", text, re.S)
    if written:
        flags = "".join(flag for flag in written[2] if flag in "ims")
        return f"(?{flags}){written[1]}" if flags else written[1]
    return f"(?i).*{re.escape(text)}.*"


def _seconds(parts: object) -> int:
    if not isinstance(parts, Mapping):
        return 0
    return sum(int(parts.get(unit) or 0) * seconds for unit, seconds in _UNITS.items())
