"""An alert, or several as a digest, in words. Pure.

What comes from a page is data: control characters are taken out here, and each target escapes the
text for its own form (XML, JSON, an address's mark-up). No word of a page becomes an argument or a header.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from browseagent.watch.port import Delivery

_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_SIGNS = {"added": ("", "+ "), "removed": ("- ", ""), "changed": ("- ", "+ ")}


@dataclass(frozen=True, slots=True)
class Message:
    """What is handed to a target."""

    key: str
    """The same at every try: a receiver may drop what it has seen."""
    subject: str
    """One line."""
    text: str
    items: tuple[Mapping[str, Any], ...]
    """The alerts as data, see :mod:`browseagent.watch.letters`."""
    digest: bool = False

    @property
    def data(self) -> Mapping[str, Any]:
        """The message as one JSON object: the alert itself, or ``browseagent.digest/1``."""
        if not self.digest:
            return {**self.items[0], "key": self.key}
        return {"schema": "browseagent.digest/1", "key": self.key, "alerts": [dict(i) for i in self.items]}


def message_of(delivery: Delivery) -> Message:
    """The message of a delivery."""
    items = delivery.payloads
    if not delivery.digest:
        return Message(delivery.key, subject_of(items[0]), text_of(items[0]), tuple(items))
    count = f"{len(items)} alert{'' if len(items) == 1 else 's'}"
    watches = len({item["watch"] for item in items})
    subject = f"{count} from {watches} watch{'' if watches == 1 else 'es'}"
    parts = [f"{subject_of(item)}\n{text_of(item)}" for item in items]
    return Message(delivery.key, subject, "\n\n".join(parts), tuple(items), digest=True)


def subject_of(alert: Mapping[str, Any]) -> str:
    """The alert in one line: the watch and what happened."""
    summary = one_line(str(alert["summary"])) or "changed"
    name = one_line(str(alert["watch"]))
    line = summary if summary.startswith(name) else f"{name}: {summary}"
    return line if len(line) <= 200 else line[:199] + "…"


def text_of(alert: Mapping[str, Any]) -> str:
    """The alert for a person to read, beneath its subject: answers with their quotes (one that is the whole
    subject is not said again), differences, address, and why."""
    lines, subject = [], one_line(str(alert["summary"]))
    for answer in alert["answers"]:
        line = f"{one_line(answer['question'])} {_told(answer)}"
        lines += [line] if line != subject else []
        if answer["quote"]:
            lines.append(f"  “{one_line(answer['quote']['text'])}”")
            lines.append(f"  {one_line(answer['quote']['link'])}")
    where = ""
    for change in alert["changes"]:
        place = one_line(change.get("where", ""))
        said = one_line(change["after"] or change["before"]).startswith(place)  # a path, or an entry's title
        if not said and place != where:
            lines.append(f"{place}:")
        where = place
        before, after = _SIGNS.get(change["kind"], ("", ""))
        for sign, text in ((before, change["before"]), (after, change["after"])):
            if sign:
                lines += [sign + line for line in cleaned(text).splitlines() if line.strip()]
    if alert["changes_left_out"]:
        lines.append(f"… and {alert['changes_left_out']} more changes")
    why = one_line(str(alert["reason"]))
    if not alert["judged"]:
        why += " (not judged)"
    return "\n".join([*lines, one_line(str(alert["url"])), f"Why: {why}"])


def _told(answer: Mapping[str, Any]) -> str:
    if answer["status"] != "found":
        return str(answer["status"])
    before, now = one_line(answer["previous_text"]), one_line(answer["text"])
    return f"{before} → {now}" if before and before != now else now


def cleaned(text: str) -> str:
    """Without characters that steer a terminal or a reader's eye; tabs and newlines stay."""
    return _SURROGATE.sub("\ufffd", _UNSAFE.sub("", text))


def one_line(text: str) -> str:
    """Cleaned, on one line."""
    return " ".join(cleaned(text).split())
