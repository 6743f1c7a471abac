"""Watches of changedetection.io as ours. Pure.

Every setting that a person may have made is carried over or named; what the program itself writes down of a
watch is neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from browseagent.watch.durations import duration_text
from browseagent.watch.foreign import Imported, import_headers, line_with

_UNITS = {"weeks": 604_800, "days": 86_400, "hours": 3600, "minutes": 60, "seconds": 1}
_IMPORTED = {
    *("url", "title", "tag", "tags", "paused", "fetch_backend", "include_filters", "css_filter", "headers"),
    *("subtractive_selectors", "ignore_text", "time_between_check", "time_between_check_use_default"),
    *("notification_urls", "notification_muted", "browser_steps", "processor"),
    *("filter_text_added", "filter_text_removed", "filter_text_replaced"),
    # What these are settings of is named itself.
    *("conditions_match_logic", "follow_price_changes", "in_stock_only"),
}
_KEPT_BOOK = re.compile(
    r"uuid|date_created|last_\w+|previous_\w+|history\w*|newest_\w+|check_count|consecutive_\w+|content-type"
    r"|fetch_time|has_\w+|viewed|page_title|remote_server_reply|notification_alert_count|favicon\w*|in_progress"
    r"|browser_steps_last_error_step|error\w*|\w+_last_error|_\w+"
)
"""What the program writes down itself."""
_ITS_DEFAULT: Mapping[str, object] = {
    "method": "GET", "trim_text_whitespace": True, "ignore_whitespace": True,
    "use_page_title_in_list": True, "filter_failure_notification_send": True,
    "filter_failure_notification_threshold_attempts": 6, "ssim_threshold": "0.96",
    "notification_body": "{{watch_url}} had a change.\n---\n{{diff}}\n---\n",
    "notification_title": "ChangeDetection.io Notification - {{watch_url}}",
}  # fmt: skip
_FORMATS = ("System default", "HTML Color", "htmlcolor")
"""Of alerts, as the program makes them by itself in one version or another."""
_BROWSERS = ("html_webdriver", "html_playwright", "html_puppeteer")
_CLIENTS = ("", "system", "html_requests")
_NEEDED = {
    *("method", "body", "trigger_text", "text_should_not_be_present", "extract_text", "conditions", "proxy"),
    *("webdriver_js_execute_code", "check_unique_lines", "llm_intent", "ai_prompt", "ignore_status_codes"),
}
"""Settings without which another page is seen, or another change told."""
_GLOBAL = {
    *("notification_urls", "tags", "global_ignore_text", "global_subtractive_selectors", "fetch_backend"),
    *("all_paused", "all_muted", "time_between_check", "timeout", "application", "requests", "headers"),
}
_GLOBAL_HARMLESS = re.compile(
    r"password|api_access_token\w*|rss_\w+|schema_version|ui|pager_size|active_base_url|shared_diff_access"
    r"|removepassword_button|workers"
)
"""Of the program's own pages and workings."""


def joined(
    settings: Mapping[str, Any], watches: Mapping[str, Any], tags: Mapping[str, Any]
) -> dict[str, Any]:
    """``url-watches.json`` of what later versions keep in ``changedetection.json`` and, by its identity,
    in the ``watch.json`` of each watch and the ``tag.json`` of each tag."""
    options = dict(settings.get("settings") or {})
    options["application"] = {**(options.get("application") or {}), "tags": tags}
    return {**settings, "settings": options, "watching": watches}


def from_changedetection(data: Mapping[str, Any]) -> Imported:
    """``url-watches.json`` of changedetection.io, as its backup holds it."""
    imported = Imported()
    options = data.get("settings", {})
    application, requests = options.get("application", {}), options.get("requests", {})
    for whole in (application, requests, {"headers": options.get("headers")}):
        for key, value in whole.items():
            if value and not (key in _GLOBAL or _GLOBAL_HARMLESS.fullmatch(key) or _plain(key, value)):
                imported.lacks("its settings", key)
    for uid, watch in data.get("watching", {}).items():
        url = str(watch.get("url", ""))
        title = str(watch.get("title") or "")
        if not url.startswith(("http://", "https://")) or "{" in url:
            imported.lacks(title or str(uid), f"its address {url!r}")
            continue
        name = imported.name(title, url)
        imported.watches[name] = {"url": url}
        settings = _watch(imported, name, watch, application)
        every = (
            0 if watch.get("time_between_check_use_default") else _seconds(watch.get("time_between_check"))
        )
        every = every or _seconds(requests.get("time_between_check"))
        if isinstance(options.get("headers"), Mapping):
            import_headers(imported, name, options["headers"], settings)
        if isinstance(requests.get("timeout"), (int, float)) and requests["timeout"] > 0:
            settings["timeout"] = duration_text(requests["timeout"])
        imported.watches[name] = {
            "url": url,
            **({"every": duration_text(every)} if every else {}),
            **settings,
        }
        targets = watch.get("notification_urls") or application.get("notification_urls") or []
        if targets and not watch.get("notification_muted") and not application.get("all_muted"):
            imported.watches[name]["notify"] = [str(target) for target in targets]
    return imported.paused()


def _watch(
    imported: Imported, name: str, watch: Mapping[str, Any], application: Mapping[str, Any]
) -> dict[str, Any]:
    settings: dict[str, Any] = {}
    if watch.get("paused") or application.get("all_paused"):
        settings["enabled"] = False
    backend = str(watch.get("fetch_backend") or "system")
    backend = str(application.get("fetch_backend") or "") if backend == "system" else backend
    if backend in _BROWSERS or backend.startswith("extra_browser"):
        settings["via"] = "chromium"
    elif backend not in _CLIENTS:
        imported.lacks(name, f"fetch_backend {backend}", needed=True)
    _tags(imported, name, watch, application, settings)
    chosen = [str(each) for each in watch.get("include_filters") or []]
    chosen += [str(watch["css_filter"])] if watch.get("css_filter") else []
    css = [each for each in chosen if not each.startswith(("xpath", "/", "json", "jq"))]
    for each in chosen:
        if each not in css:
            imported.lacks(name, f"the filter {each}", needed=True)
    if css:
        settings["select"] = ", ".join(css)
    _ignored(watch, application, settings)
    if isinstance(watch.get("headers"), Mapping):
        import_headers(imported, name, watch["headers"], settings)
    _told(imported, name, watch, settings)
    _steps(imported, name, watch.get("browser_steps") or [], settings)
    if watch.get("processor") not in (None, "text_json_diff"):
        imported.lacks(name, f"the processor {watch['processor']}; ask a question instead", needed=True)
    for key in sorted(watch):
        value = watch[key]
        if key not in _IMPORTED and value and not _KEPT_BOOK.fullmatch(key) and not _plain(key, value):
            imported.lacks(name, key, needed=key in _NEEDED)
    return settings


def _tags(
    imported: Imported,
    name: str,
    watch: Mapping[str, Any],
    application: Mapping[str, Any],
    settings: dict[str, Any],
) -> None:
    """Tags by their titles; what a tag sets for its watches is named."""
    known: Mapping[str, Mapping[str, Any]] = application.get("tags") or {}
    tags = [str(uid) for uid in watch.get("tags") or []]
    titles = [str(known.get(uid, {}).get("title") or uid) for uid in tags]
    if titles or watch.get("tag"):
        settings["tags"] = titles or [part.strip() for part in str(watch["tag"]).split(",")]
    for uid, title in zip(tags, titles, strict=True):
        for key, value in known.get(uid, {}).items():
            if key in ("title", "overrides_watch", "uuid") or not value or _KEPT_BOOK.fullmatch(key):
                continue
            if not _plain(key, value) and not (isinstance(value, Mapping) and not any(value.values())):
                imported.lacks(name, f"{key} of its tag {title}", needed=key in _NEEDED | _IMPORTED)


def _ignored(watch: Mapping[str, Any], application: Mapping[str, Any], settings: dict[str, Any]) -> None:
    """Elements and lines that are left out, of the watch and of all watches."""
    for key, every, own in (
        ("exclude", "global_subtractive_selectors", "subtractive_selectors"),
        ("ignore", "global_ignore_text", "ignore_text"),
    ):
        both = [str(each) for each in (*(application.get(every) or []), *(watch.get(own) or []))]
        if both:
            settings[key] = both if key == "exclude" else [_line(each) for each in both]


def _told(imported: Imported, name: str, watch: Mapping[str, Any], settings: dict[str, Any]) -> None:
    """Which sorts of change are told of."""
    added, removed, replaced = (watch.get(f"filter_text_{k}", True) for k in ("added", "removed", "replaced"))
    if added != removed:
        settings["only"] = "added" if added else "removed"
    if not replaced or not (added or removed):
        unwanted = "filter_text_replaced" if not replaced else "filter_text_added"
        imported.lacks(name, unwanted, needed=True)


def _steps(imported: Imported, name: str, steps: Iterable[Any], settings: dict[str, Any]) -> None:
    """What is done in the browser first: clicks on elements are carried over, in order."""
    done = [
        (str(step.get("operation", "")), str(step.get("selector", "")))
        for step in steps
        if isinstance(step, Mapping)
    ]
    done = [step for step in done if step[0] not in ("", "Choose one", "Goto site")]
    if all(
        does == "Click element" and selector and not selector.startswith(("/", "xpath"))
        for does, selector in done
    ):
        if done:
            settings["clicks"] = [selector for _, selector in done]
        return
    imported.lacks(name, "browser_steps", needed=True)


def _plain(key: str, value: object) -> bool:
    """Whether a setting is as changedetection.io makes it by itself."""
    if key in _ITS_DEFAULT:
        return value == _ITS_DEFAULT[key]
    if key == "notification_format":
        return value in _FORMATS
    return isinstance(value, Mapping) and (not value.get("enabled", True) or not any(value.values()))


def _line(text: str) -> str:
    """A line to ignore: as a regular expression it is written /…/flags, else it is words of the line."""
    written = re.fullmatch(r"/(.+)/([a-z]*)", text, re.S)
    if written:
        flags = "".join(flag for flag in written[2] if flag in "ims")
        return f"(?{flags}){written[1]}" if flags else written[1]
    return f"(?i){line_with(text)}"


def _seconds(parts: object) -> int:
    if not isinstance(parts, Mapping):
        return 0
    return sum(int(parts.get(unit) or 0) * seconds for unit, seconds in _UNITS.items())
