"""What the agent tells while it works: for progress and for ``--trace``."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from browseagent.answer.progress import WRITING
from browseagent.errors import UsageError


@dataclass(frozen=True, slots=True)
class Event:
    """One step of a run, as it happens."""

    step: str
    """open, opened, model, answer, weigh, read, writing, wrote, checked, unsupported, answered, stop, …"""
    message: str
    seconds: float
    """Since the run began."""
    data: Mapping[str, object] = field(default_factory=dict)


class Telling:
    """Hands each step to ``on_event``, and writes it as a line of JSON where a trace was opened."""

    def __init__(self, on_event: Callable[[Event], None] | None = None) -> None:
        self._on_event = on_event
        self._trace: TextIO | None = None
        self._began = time.monotonic()

    def open_trace(self, place: Path) -> None:
        """Writes the trace anew from here on. Raises UsageError where it cannot be written."""
        try:
            self._trace = place.open("w", encoding="utf-8")
        except OSError as error:
            raise UsageError(
                f"the trace {place} cannot be written: {error.strerror or error}",
                hint="Name a file in a folder that is there and that you may write to.",
            ) from error

    def close(self) -> None:
        """Ends the trace."""
        if self._trace is not None:
            self._trace.close()

    def __call__(self, step: str, message: str, data: Mapping[str, object] | None = None) -> None:
        event = Event(step, message, round(time.monotonic() - self._began, 3), data or {})
        if self._on_event is not None:
            self._on_event(event)
        if self._trace is not None and step != WRITING:
            line = {"step": event.step, "message": event.message, "seconds": event.seconds, **event.data}
            self._trace.write(json.dumps(line, ensure_ascii=False) + "\n")
            self._trace.flush()
