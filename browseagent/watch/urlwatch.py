"""Jobs of urlwatch and webchanges as watches of ours. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from browseagent.watch.durations import duration_text
from browseagent.watch.foreign import Imported, import_headers, line_with

# What of a job means nothing to us and need not be missed.
_HARMLESS = {"kind", "index_number", "enabled", "name", "url", "navigate", "guid", "use_browser"}
_MADE_ANYWAY = {
    *("html2text", "pdf2text", "ical2text", "strip", "striplines", "beautify", "format-json", "pretty-xml")
}
"""Filters that make text of a page."""
_NEEDED = {
    "data",
    "method",
    "cookies",
    "diff_filter",
    "diff_tool",
    "http_basic_auth",
    "evaluate",
    "xpath",
    "css",
}
"""Settings without which another page is seen, or another change told."""


def from_urlwatch(jobs: Iterable[object]) -> Imported:
    """Jobs of ``urls.yaml`` (urlwatch) or ``jobs.yaml`` (webchanges), a mapping each."""
    imported = Imported()
    for number, job in enumerate(jobs, start=1):
        if job is None:
            continue
        if not isinstance(job, Mapping):
            imported.lacks(f"job {number}", "it is no mapping")
            continue
        url = job.get("navigate") or job.get("url")
        if not isinstance(url, str) or not url.startswith(("http://", "https://")):
            what = "a shell command" if "command" in job else f"no web page: {url!r}"
            imported.lacks(str(job.get("name") or f"job {number}"), what)
            continue
        name = imported.name(str(job.get("name") or ""), url)
        imported.watches[name] = {}
        imported.watches[name] = _job(imported, name, url, job)
    return imported.paused()


def _job(imported: Imported, name: str, url: str, job: Mapping[Any, Any]) -> dict[str, Any]:
    settings: dict[str, Any] = {"url": url}
    if job.get("navigate") or job.get("use_browser"):
        settings["via"] = "chromium"
    if job.get("enabled") is False:
        settings["enabled"] = False
    for key, value in job.items():
        if key in _HARMLESS or value in (None, False):
            continue
        if key == "timeout" and isinstance(value, (int, float)) and value > 0:
            settings["timeout"] = duration_text(value)
        elif key in ("additions_only", "deletions_only"):
            settings["only"] = "added" if key == "additions_only" else "removed"
        elif key == "tags":
            settings["tags"] = [str(tag) for tag in value] if isinstance(value, list) else [str(value)]
        elif key == "filter":
            _filters(imported, name, value, settings)
        elif key == "headers" and isinstance(value, Mapping):
            import_headers(imported, name, value, settings)
        elif key == "user_agent" and isinstance(value, str):
            settings["user_agent"] = value
        elif key == f"{urlsplit(url).scheme}_proxy" and isinstance(value, str):
            settings["proxy"] = value
        elif key == "wait_for_selector" and isinstance(value, str):
            settings["wait_for"] = value
        elif not (key == "method" and str(value).upper() == "GET"):
            imported.lacks(name, str(key), needed=str(key) in _NEEDED)
    return settings


def _filters(imported: Imported, name: str, filters: object, settings: dict[str, Any]) -> None:
    """Filters: those that choose elements by CSS or drop lines are carried over; making text of a page we
    do anyway."""
    for each in filters if isinstance(filters, list) else str(filters).split(","):
        kind, value = next(iter(each.items())) if isinstance(each, Mapping) and each else (str(each), None)
        kind, _, short = str(kind).strip().partition(":")
        value = short or value
        if kind in _MADE_ANYWAY and not (isinstance(value, Mapping) and "password" in value):
            continue
        told = {str(key): str(part) for key, part in value.items()} if isinstance(value, Mapping) else {}
        plain = value if isinstance(value, str) else None
        selected = _selected(kind, plain, told)
        if selected is not None and "select" not in settings:
            settings["select"] = selected
            if "exclude" in told:
                settings["exclude"] = [told["exclude"]]
        elif kind == "delete_lines_containing" and (words := plain or told.get("text")):
            settings["ignore"] = [*settings.get("ignore", []), line_with(words)]
        elif expression := _unwanted(kind, plain, told):
            settings["ignore"] = [*settings.get("ignore", []), f".*(?:{expression}).*"]
        else:
            imported.lacks(name, f"the filter {kind}", needed=True)


def _selected(kind: str, plain: str | None, told: Mapping[str, str]) -> str | None:
    """The CSS selector of a filter that chooses elements by one; None where it does not."""
    if kind == "css":
        return told["selector"] if {"selector"} <= set(told) <= {"selector", "exclude"} else plain
    if plain is None or kind not in ("element-by-id", "element-by-class", "element-by-tag"):
        return None
    return {"id": "#", "class": "."}.get(kind.rpartition("-")[2], "") + plain


def _unwanted(kind: str, plain: str | None, told: Mapping[str, str]) -> str | None:
    """The regular expression of the lines that a filter drops; None where it drops none."""
    if kind == "grepi":
        return plain or (told["re"] if set(told) == {"re"} else None)
    return told["re"] if kind == "delete_lines_containing" and set(told) == {"re"} else None
