"""Alerts as an Atom feed in a file (RFC 4287), the newest first. Written atomically, under a lock."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

from browseagent.durable import Locked, locked
from browseagent.watch.notify.message import Message, one_line, subject_of, text_of
from browseagent.watch.notify.target import Target
from browseagent.watch.outbox import DeliveryError

_ATOM = "http://www.w3.org/2005/Atom"
_MOST = 100
"""Entries of a feed."""
_PATIENCE = 60
"""Seconds to wait for another process that writes the same feed."""


def append(target: Target, message: Message) -> None:
    """Puts the message's alerts at the front of the feed; one that is in it already stays as it is.

    Raises DeliveryError, also for a file that is there and is no feed of ours: it is left as it is.
    """
    path = Path(target.address).expanduser()
    Xml.register_namespace("", _ATOM)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with locked(path.with_name(f".{path.name}.lock"), _PATIENCE):  # two alerts at once are both in it
            feed = _read(path)
            known = {entry.findtext(_tag("id")) for entry in feed.iter(_tag("entry"))}
            fresh = [_entry(item) for item in message.items if _id(item) not in known]
            if not fresh:
                return
            head = [child for child in feed if child.tag not in (_tag("entry"), _tag("updated"))]
            updated = Xml.Element(_tag("updated"))
            updated.text = str(message.items[-1]["at"])
            entries = [*reversed(fresh), *feed.findall(_tag("entry"))][:_MOST]
            feed[:] = [*head, updated, *entries]
            _write(path, feed)
    except Locked as error:
        raise DeliveryError(str(error)) from error
    except OSError as error:
        raise DeliveryError(f"{path} cannot be written: {error.strerror or error}") from error
    except Xml.ParseError as error:
        raise DeliveryError(f"{path} is there, and is no feed: {error}") from error


def written(title: str, name: str, alerts: Sequence[Mapping[str, Any]]) -> bytes:
    """A whole feed of alerts, newest first."""
    Xml.register_namespace("", _ATOM)
    feed = _new(title, name)
    at = str(alerts[0]["at"]) if alerts else "1970-01-01T00:00:00+00:00"
    Xml.SubElement(feed, _tag("updated")).text = at
    feed.extend(_entry(alert) for alert in alerts)
    return bytes(Xml.tostring(feed, encoding="utf-8", xml_declaration=True)) + b"\n"


def _tag(name: str) -> str:
    return f"{{{_ATOM}}}{name}"


def _id(alert: Any) -> str:
    return f"urn:browseagent:event:{alert['event']}"


def _read(path: Path) -> Xml.Element:
    if path.exists() and path.stat().st_size:
        root = Xml.fromstring(path.read_text(encoding="utf-8"))
        if root.tag != _tag("feed"):
            raise Xml.ParseError("its root is not an Atom feed")
        return root
    return _new("browseagent alerts", path.name)


def _new(title: str, name: str) -> Xml.Element:
    feed = Xml.Element(_tag("feed"))
    for tag, text in (("title", title), ("id", f"urn:browseagent:feed:{name}")):
        Xml.SubElement(feed, _tag(tag)).text = one_line(text)
    Xml.SubElement(Xml.SubElement(feed, _tag("author")), _tag("name")).text = "browseagent"
    return feed


def _entry(alert: Any) -> Xml.Element:
    """An entry; its content is plain text, and ElementTree escapes what would be markup in it."""
    entry = Xml.Element(_tag("entry"))
    values = (("id", _id(alert)), ("title", subject_of(alert)), ("updated", alert["at"]))
    for name, text in values:
        Xml.SubElement(entry, _tag(name)).text = str(text)
    Xml.SubElement(entry, _tag("link"), href=one_line(str(alert["url"])))
    for tag in alert["tags"]:
        Xml.SubElement(entry, _tag("category"), term=one_line(str(tag)))
    Xml.SubElement(entry, _tag("content"), type="text").text = text_of(alert)
    return entry


def _write(path: Path, feed: Xml.Element) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(Xml.tostring(feed, encoding="utf-8", xml_declaration=True) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
