"""Files of other programs with every kind of setting that their manuals tell of, for `docs/tried.md`."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

URLWATCH = r"""
name: Plain
url: https://example.org/plain
---
name: Carried over
url: https://example.org/carried
timeout: 60
user_agent: Ferry/1
headers: {X-Key: abc, Accept-Language: 'de-AT,de;q=0.9'}
https_proxy: http://127.0.0.1:3128
additions_only: true
tags: [boats, news]
note: for the Tuesday crew
filter:
  - css: {selector: main, exclude: .ad}
  - html2text: re
  - delete_lines_containing: Seen by
  - grepi: '\d+ visitors'
  - strip
---
name: Browser
navigate: https://example.org/app
wait_for_selector: '#ready'
wait_until: networkidle0
---
name: Request
url: https://example.org/form
method: POST
data: {a: b}
cookies: {session: x}
http_proxy: http://127.0.0.1:3129
ssl_no_verify: true
ignore_cached: true
encoding: latin-1
ignore_connection_errors: true
ignore_http_error_codes: 404, 5xx
ignore_timeout_errors: true
ignore_too_many_redirects: true
url_for_human: https://example.org/
max_tries: 3
diff_tool: wdiff
diff_filter: [{grep: new}]
treat_new_as_changed: true
compared_versions: 3
---
name: Filters
url: https://example.org/filters
filter:
  - element-by-id: price
  - element-by-class: other
  - element-by-style: 'color: red'
  - element-by-tag: p
  - xpath: {path: //h1, maxitems: 1}
  - css: {selector: li, skip: 1, maxitems: 2}
  - csv2text: {format_string: '{name}'}
  - grep: Current
  - hexdump
  - ocr: {language: eng}
  - re.sub: {pattern: a, repl: b}
  - reverse: '|'
  - sha1sum
  - shellpipe: tail -1
  - sort
  - remove-duplicate-lines
  - jq: '.[0].name'
---
name: Locked paper
url: https://example.org/locked.pdf
filter: [{pdf2text: {password: secret}}]
---
name: Home folder
command: ls -al ~
---
- not a job
"""
BY_ITSELF = {
    "fetch_backend": "system", "filter_text_added": True, "filter_text_removed": True, "uuid": "u1",
    "filter_text_replaced": True, "follow_price_changes": True, "in_stock_only": True, "method": "GET",
    "conditions_match_logic": "ALL", "notification_format": "System default", "processor": "text_json_diff",
    "time_between_check_use_default": True, "filter_failure_notification_send": True, "check_count": 17,
    "time_schedule_limit": {"enabled": False, "monday": {"enabled": True, "start_time": "00:00"}},
}  # fmt: skip
"""What changedetection.io writes of a watch of which a person has set nothing."""
EVERYTHING = {
    "title": "Everything", "url": "https://example.org/everything", "tags": ["t1"], "paused": False,
    "time_between_check": {"hours": 1, "minutes": 30}, "time_between_check_use_default": False,
    "include_filters": [".price", "xpath://h1", "jq:.a"], "subtractive_selectors": ["nav", ".ad"],
    "ignore_text": ["Seen by", "/[0-9]+ views/i"], "headers": {"X-Key": "abc", "Cookie": "a=b"},
    "fetch_backend": "html_webdriver", "notification_urls": ["json://localhost/hook"],
    "browser_steps": [{"operation": "Enter text in field", "selector": "#q", "optional_value": "x"}],
    "filter_text_removed": False, "filter_text_replaced": False, "processor": "restock_diff",
    "price_change_threshold_percent": 5, "price_change_custom_include_filters": [".p"],
    "method": "POST", "body": "a=b", "proxy": "de", "ignore_status_codes": True, "extract_text": ["/[0-9]+/"],
    "trigger_text": ["sold out"], "text_should_not_be_present": ["soon"], "check_unique_lines": True,
    "conditions": [{"field": "page_text", "operator": "contains", "value": "x"}], "webdriver_delay": 3,
    "webdriver_js_execute_code": "scroll()", "remove_duplicate_lines": True, "strip_ignored_lines": True,
    "sort_text_alphabetically": True, "track_ldjson_price_data": "accepted", "notification_body": "{{diff}}",
    "notification_title": "Look", "notification_format": "text", "notification_screenshot": True,
    "time_schedule_limit": {"enabled": True, "monday": {"enabled": True, "start_time": "08:00"}},
    "use_page_title_in_list": False, "filter_failure_notification_send": False,
}  # fmt: skip
SETTINGS = {
    "headers": {"X-All": "1"},
    "requests": {"time_between_check": {"hours": 3}, "timeout": 45, "workers": 10, "proxy": "de",
                 "jitter_seconds": 5, "extra_proxies": [{"proxy_name": "de", "proxy_url": "http://p:1"}],
                 "extra_browsers": [{"browser_name": "b", "browser_connection_url": "ws://b:1"}]},
    "application": {"global_ignore_text": ["Cookie"], "global_subtractive_selectors": ["footer"],
                    "notification_urls": ["mailto://a@b.example"], "notification_title": "Ours",
                    "empty_pages_are_a_change": True, "render_anchor_tag_content": True,
                    "scheduler_timezone_default": "Europe/Berlin", "base_url": "https://cd.example",
                    "webdriver_delay": 2, "rss_diff_length": 5, "password": "salted", "pager_size": 50},
}  # fmt: skip


def write_urlwatch(folder: Path) -> None:
    """``urls.yaml``."""
    (folder / "urls.yaml").write_text(URLWATCH.strip() + "\n", "utf-8")


def write_backup(folder: Path) -> None:
    """``backup.zip``, as changedetection.io has made it since each watch is a file of its own."""
    tag = {"title": "shops", "uuid": "t1", "overrides_watch": True, "include_filters": [".of-tag"]}
    plain = {**BY_ITSELF, "url": "https://example.org/plain"}
    files = {
        "changedetection.json": {"settings": SETTINGS},
        "u1/watch.json": plain,
        "u2/watch.json": {**BY_ITSELF, **EVERYTHING, "uuid": "u2"},
        "t1/tag.json": tag,
    }
    with zipfile.ZipFile(folder / "backup.zip", "w") as archive:
        for name, data in files.items():
            archive.writestr(name, json.dumps(data))
