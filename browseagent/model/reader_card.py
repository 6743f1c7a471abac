"""The card of the reader that ships with the program: what it is, what it was trained on, what it reached."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from browseagent.errors import ModelError
from browseagent.model.reader_figures import table

CARD = Path(__file__).with_name("reader.json")
_WIDE = 80


@dataclass(frozen=True, slots=True)
class Source:
    """Data that the reader was trained on."""

    name: str
    passages: int
    questions: int
    licence: str
    credit: str


@dataclass(frozen=True, slots=True)
class ReaderCard:
    """What is known of the adapter ``reader.safetensors``."""

    base: str
    sha256: str
    """Of the adapter's file."""
    examples_sha256: str
    command: str
    settings: Mapping[str, Any]
    sources: tuple[Source, ...]
    figures: Mapping[str, float]
    """On pages and paragraphs that it was not trained on, by what was fitted on others; SQuAD's it has
    learnt."""
    notes: str

    def as_text(self) -> str:
        """The card as a person reads it, 80 columns wide."""
        lines = [
            f"reader    adapter for {self.base}",
            f"SHA-256   {self.sha256[:16]}…",
            *textwrap.wrap(f"made by   {self.command}", _WIDE, subsequent_indent=" " * 10),
            "",
        ]
        lines += ["trained on"]
        for source in self.sources:
            lines += _wrapped(
                f"{source.name}: {source.passages:,} passages, {source.questions:,} questions", 2
            )
            lines += _wrapped(f"{source.credit} ({source.licence})", 4)
        lines += [
            "",
            "measured on what it was not trained on, where not said otherwise",
            *table(self.figures),
        ]
        return "\n".join([*lines, "", *_wrapped(self.notes, 0)])


def _wrapped(text: str, indent: int) -> list[str]:
    margin = " " * indent
    return textwrap.wrap(text, _WIDE, initial_indent=margin, subsequent_indent=margin, break_on_hyphens=False)


def reader_card() -> ReaderCard:
    """The card. Raises :class:`ModelError` where this installation has no reader."""
    try:
        fields = json.loads(CARD.read_text("utf-8"))
        sources = tuple(Source(**source) for source in fields.pop("sources"))
        return ReaderCard(sources=sources, **fields)
    except FileNotFoundError as error:
        raise ModelError("this installation brings no reader", hint="install browseagent again") from error
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ModelError(f"{CARD} is no reader's card: {error}") from error
