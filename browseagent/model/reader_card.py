"""The card of the reader that ships with the program: what it is, what it was trained on, what it reached."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from browseagent.errors import ModelError

CARD = Path(__file__).with_name("reader.json")


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
        """The card as a person reads it."""
        lines = [
            f"reader    adapter for {self.base}, SHA-256 {self.sha256[:16]}…",
            f"made by   {self.command}",
            "",
        ]
        lines += ["trained on"]
        for source in self.sources:
            lines.append(f"  {source.name}: {source.passages} passages, {source.questions} questions")
            lines.append(f"    {source.credit} ({source.licence})")
        lines += ["", "held out"]
        lines += [f"  {name.replace('_', ' '):<26}{value:>7.3f}" for name, value in self.figures.items()]
        return "\n".join([*lines, "", self.notes])


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
