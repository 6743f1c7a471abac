"""Ages, sizes and probabilities in words. Pure."""

from __future__ import annotations

from browseagent.records import Outcome, PageReport, Via

FAIR, HIGH = 0.5, 0.8
"""The probabilities from which on a confidence is called so."""
_AGES = ((86_400 * 365, "year"), (86_400, "day"), (3600, "h"), (60, "min"))


def age(seconds: float) -> str:
    """``just now``, ``3 min ago``, ``2 days ago``."""
    for unit, name in _AGES:
        if seconds >= unit:
            count = int(seconds // unit)
            plural = "s" if count > 1 and name in ("day", "year") else ""
            return f"{count} {name}{plural} ago"
    return f"{int(seconds)} s ago" if seconds >= 10 else "just now"


def size(count: int) -> str:
    """``812 B``, ``1.4 MB``: decimal units, as disks are sold."""
    amount = float(count)
    for unit in ("B", "kB", "MB"):
        if amount < 999.5:
            return f"{amount:.0f} {unit}" if unit == "B" or amount >= 10 else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} GB"


def confidence(probability: float) -> str:
    """The probability in a word and as a number."""
    word = "high" if probability >= HIGH else "fair" if probability >= FAIR else "low"
    return f"{word} ({probability:.2f})"


def provenance(page: PageReport) -> str:
    """When and how a page was had: ``read 3 min ago, from cache``."""
    if page.via is Via.FILE:
        return "from a file"
    how = {Via.CACHE: ", from cache", Via.CHROMIUM: ", with Chromium"}.get(page.via, "")
    return f"read {age(page.age_s)}{how}"


def incomplete(page: PageReport) -> str:
    """What to say of a page that was read but is not whole; empty for others."""
    if page.outcome is not Outcome.TRUNCATED:
        return ""
    return f"only part of the page could be read{': ' + page.reason if page.reason else ''}"
