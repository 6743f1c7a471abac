"""Answers and summaries by a model that writes, and what stands in for it where it fails, or where nothing
of it is carried by the pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from browseagent.answer.progress import Tell, untold
from browseagent.answer.question import Question
from browseagent.answer.typed.written import Part, written_values
from browseagent.answer.writing import Draft, Terms, stand_in, write_answer
from browseagent.answer.writing_summary import quotes_instead, write_summary
from browseagent.config import Settings
from browseagent.errors import ModelError
from browseagent.model import embedded
from browseagent.model.port import Writer
from browseagent.model.writer_card import read_card
from browseagent.records import Answer, Document, Length, ModelInfo, Summary


def terms_of(settings: Settings, tell: Tell = untold) -> Terms:
    """On what terms the model that was named writes: freely only where it was measured and passed."""
    card = read_card(settings, settings.model)
    free = card is not None and card.may_write
    precision = card.precision if card and free else None
    return Terms(settings.model_timeout, settings.manner, precision, tell=tell)


async def answer_by_writer(
    question: Question,
    documents: Sequence[Document],
    writer: Writer,
    settings: Settings,
    tell: Tell,
    *,
    read: Callable[[], Awaitable[Answer]],
) -> Answer:
    """The writer's answer. ``read`` gives that of the embedded model: it stands in where the writer fails, if
    the person allowed that, and where nothing that the writer said is carried, if it is here."""
    name = writer.info.name
    try:
        draft = await write_answer(question, documents, writer, terms_of(settings, tell))
    except ModelError as error:
        if not settings.fallback:
            raise
        answer = await read()
        return replace(answer, model=_standing_in(answer.model, f"{name} failed ({error.message})", None))
    if draft.answer is not None:
        return replace(draft.answer, model=draft.info)
    if not reader_is_here(settings):
        return stand_in(question, draft)
    return await _read_instead(question, draft, name, read)


async def _read_instead(
    question: Question, draft: Draft, name: str, read: Callable[[], Awaitable[Answer]]
) -> Answer:
    try:
        answer = await read()
    except ModelError:
        return stand_in(question, draft)
    why = f"nothing that {name} wrote is carried by the pages"
    return replace(answer, model=_standing_in(answer.model, why, draft.info))


async def values_by_writer(
    asked: Mapping[Question, Part],
    documents: Sequence[Document],
    writer: Writer,
    settings: Settings,
    tell: Tell,
    *,
    read: Callable[[Question], Awaitable[Answer]],
) -> dict[Question, Answer]:
    """The writer's answer to each question of a typed answer, by one call. ``read`` gives the embedded
    model's to one; it stands in as for :func:`answer_by_writer`, value by value."""
    try:
        values = await written_values(asked, documents, writer, terms_of(settings, tell))
    except ModelError as error:
        if not settings.fallback:
            raise
        why = f"{writer.info.name} failed ({error.message})"
        answers = {question: await read(question) for question in asked}
        return {
            question: replace(each, model=_standing_in(each.model, why, None))
            for question, each in answers.items()
        }
    info = values.info
    instead: dict[Question, Answer] = {}
    if values.dropped and reader_is_here(settings):
        with suppress(ModelError):
            instead = {question: await read(question) for question in values.dropped}
            info = replace(info, note=f"{info.note}; the embedded model was asked for those instead")
    return {each: replace(instead.get(each, found), model=info) for each, found in values.answers.items()}


async def summary_by_writer(
    documents: Sequence[Document],
    writer: Writer,
    settings: Settings,
    tell: Tell,
    length: Length,
    *,
    read: Callable[[], Awaitable[Summary]],
) -> Summary:
    """The writer's summary. ``read`` gives that of the embedded model, as for :func:`answer_by_writer`."""
    name = writer.info.name
    try:
        draft = await write_summary(documents, writer, length, terms_of(settings, tell))
    except ModelError as error:
        if not settings.fallback:
            raise
        summary = await read()
        return replace(summary, model=_standing_in(summary.model, f"{name} failed ({error.message})", None))
    if draft.summary is not None:
        return replace(draft.summary, model=draft.info)
    if draft.quotes or not reader_is_here(settings):
        return quotes_instead(draft, length)
    summary = await read()
    why = f"nothing that {name} wrote is carried by the pages"
    return replace(summary, model=_standing_in(summary.model, why, draft.info))


def _standing_in(info: ModelInfo | None, why: str, wrote: ModelInfo | None) -> ModelInfo:
    info = info or ModelInfo("embedded")
    usage = wrote.usage if wrote else None
    return replace(info, note=f"{why}; the embedded model answered instead", usage=usage)


def reader_is_here(settings: Settings) -> bool:
    """Whether the embedded model was fetched, which reads beside a model that writes."""
    try:
        return embedded.stored_card(settings) is not None
    except ModelError:
        return False
