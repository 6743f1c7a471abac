"""Keeps what was asked for `history`; that it could not be kept is told, and fails nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from browseagent.cli.options.reading import Reading
from browseagent.cli.show.streams import Streams
from browseagent.errors import StoreError, UsageError


def keep(streams: Streams, reading: Reading, document: Mapping[str, Any]) -> None:
    """Keeps an answer (``browseagent.answer/1``), but not to what was typed wrongly and so asked of nothing;
    what is no text in a question is kept as ``?``."""
    from browseagent.wiring import keep_asked

    if (document["error"] or {}).get("kind") == UsageError.kind:
        return
    text = json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")
    try:
        keep_asked(reading.settings, json.loads(text))
    except StoreError as error:
        if not reading.quiet:
            streams.tell(f"note: this question was not kept for history: {error.message}")
