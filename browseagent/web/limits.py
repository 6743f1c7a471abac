"""How much of anything one page may cost. Every number here is a ceiling, not a goal."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Ceilings for one page. Sizes in bytes, durations in seconds."""

    body_bytes: int = 30_000_000
    """A body as received. The largest PDF reports that people ask about are some 20 MB."""
    decoded_bytes: int = 100_000_000
    """A body with its content-encoding undone."""
    ratio: float = 200.0
    """Decoded over received size, judged above 1 MB decoded: text compresses 3 to 20 times, tables of
    repeated rows up to 100 times, a bomb 1,000 times."""
    redirects: int = 20
    """As browsers allow."""
    page_bytes: int = 150_000_000
    """All that one page and its subresources may bring through the egress gate."""
    page_connections: int = 1_000
    """Connections that one page may open through the egress gate."""
    dom_nodes: int = 400_000
    """Nodes of a rendered document that are serialised."""
    dom_chars: int = 60_000_000
    """Characters of a serialised document."""
    settle: float = 10.0
    """Longest wait for the text of a loaded page to stop changing."""
    close: float = 3.0
    """Longest wait for a page to close before its browser is given up."""
    recycle_pages: int = 200
    """Pages after which Chromium is started anew."""
    recycle_bytes: int = 1_500_000_000
    """Resident memory of Chromium, all its processes, after which it is started anew."""
