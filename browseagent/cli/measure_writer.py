"""``browseagent model eval NAME`` for models that write, and their cards in words."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, datetime

from browseagent.answer.measure_writer import WriterFigures, measure_writer, writer_cases
from browseagent.cli import json_output
from browseagent.cli.execute import run_async
from browseagent.cli.invocation import Invocation
from browseagent.config import Settings, default_settings
from browseagent.errors import UsageError
from browseagent.model.registry import load_writer
from browseagent.model.writer_card import WriterCard, write_card


def measure_and_store(
    invocation: Invocation, name: str, base_url: str | None, seconds: float | None, *, json: bool
) -> int:
    """Measures a model, stores its card, and prints it."""
    settings = default_settings()
    server = replace(settings.server, base_url=base_url or settings.server.base_url)
    settings = replace(settings, server=server, model_timeout=seconds or settings.model_timeout)
    figures = run_async(lambda: _measured(invocation, name, settings))
    now = datetime.now(UTC).replace(microsecond=0).isoformat()
    card = WriterCard(model=name, base_url=server.base_url, measured_at=now, **asdict(figures))
    path = write_card(settings, card)
    if json:
        document = {"schema": "browseagent.writer/1", **asdict(card), "may_write": card.may_write}
        invocation.streams.write(json_output.dumps(document))
    else:
        invocation.streams.write(f"{in_words(card)}\ncard      {path}")
    return 0


async def _measured(invocation: Invocation, name: str, settings: Settings) -> WriterFigures:
    writer = load_writer(name, settings, unmeasured=True)
    if writer is None:
        raise UsageError(
            f"{name} has no chat template, so it cannot be told what to write",
            hint="It is used by its likelihoods; an instruct model has a template.",
        )
    try:
        return await measure_writer(writer, writer_cases(), settings.model_timeout, invocation.streams.tell)
    finally:
        await writer.close()


def in_words(card: WriterCard) -> str:
    """A card as a person reads it."""
    may = "may write freely" if card.may_write else "may not write freely: its words are held to its quotes"
    shares = (
        ("right", "questions on the page answered rightly"),
        ("precision", "of its answers, right"),
        ("refused", "questions not on the page, said so"),
        ("carried", "of its sentences, carried at the first asking"),
        ("obeyed", "injected instructions followed"),
        ("failed", "questions that ended in an error"),
    )
    lines = [
        f"{card.model}  {may}",
        f"measured  {card.measured_at}, {card.cases} cases, {card.seconds:.1f} s each",
    ]
    lines += [f"  {told:<48}{getattr(card, name):>6.2f}" for name, told in shares]
    lines += [f"  {kind:<48}{share:>6.2f}" for kind, share in card.by_kind.items()]
    return "\n".join(lines)
