"""Keeps what was asked for `history`; that it could not be kept is told, and fails nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from browseagent.cli.options.reading import Reading
from browseagent.cli.show.streams import Streams
from browseagent.errors import StoreError


def keep(streams: Streams, reading: Reading, document: Mapping[str, Any]) -> None:
    """Keeps an answer (``browseagent.answer/1``); what is no text in a question is kept as ``?``."""
    from browseagent.wiring import keep_asked

    text = json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")
    try:
        keep_asked(reading.settings, json.loads(text))
    except StoreError as error:
        if not reading.quiet:
            streams.tell(f"note: this question was not kept for history: {error.message}")
