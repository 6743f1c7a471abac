"""Results as the JSON documents of the contract. Pure: records in, dictionaries out.

Every key is always present. Offsets count Unicode code points into the document's text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from browseagent.agent.conversation import Conversation
from browseagent.forms import shapes
from browseagent.records import (
    Alternative,
    Answer,
    Answered,
    Block,
    Coverage,
    Document,
    ErrorInfo,
    Failed,
    Hunk,
    Link,
    ModelInfo,
    NotFound,
    PageReport,
    Point,
    Quote,
    Summary,
)
from browseagent.watch.codec import dump_hunk, dump_quote

if TYPE_CHECKING:
    from browseagent.agent.crawl import Crawled
    from browseagent.answer.typed.records import Extracted


# JSON escapes C0 itself. These may steer a terminal too, or break lines; within JSON they can only
# stand in a string, where an escape means the same character.
_STEERING = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def dumps(document: Mapping[str, Any], *, indent: int | None = 2) -> str:
    """One JSON document in readable UTF-8, every string exactly as it was; on one line without an indent."""
    text = json.dumps(document, ensure_ascii=False, indent=indent, allow_nan=False)
    return _STEERING.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def answer(result: Answer, model: str = "") -> shapes.Answer:
    """``browseagent.answer/1``. ``model`` names the model where the answer does not."""
    alternatives = result.alternatives if isinstance(result, Answered) else ()
    perhaps = result.perhaps if isinstance(result, NotFound) else None
    return {
        "schema": "browseagent.answer/1",
        "question": result.question,
        "status": result.status,
        "answer": result.text if result.status == "answered" else None,
        "confidence": result.confidence,
        "quotes": [quote(each) for each in result.quotes],
        "closest": [quote(each) for each in result.closest],
        "alternatives": [_alternative(each) for each in alternatives],
        "perhaps": None if perhaps is None else _alternative(perhaps),
        "sentences": [point(each) for each in result.sentences] if isinstance(result, Answered) else [],
        "pages": [page(each) for each in result.pages],
        "model": model_info(result.model, model),
        "timings": dict(result.timings),
        "stopped": result.stopped,
        "error": error(result.error),
    }


def _alternative(each: Alternative) -> shapes.Alternative:
    return {"text": each.text, "quote": quote(each.quote)}


def typed(result: Extracted, model: str = "") -> shapes.Answer:
    """``browseagent.answer/1`` of a typed answer."""
    whole = answer(result.answer, model)
    whole["value"] = result.value
    whole["leaves"] = [
        {
            "path": leaf.path,
            "value": leaf.value,
            "status": leaf.status,
            "quote": None if leaf.quote is None else quote(leaf.quote),
        }
        for leaf in result.leaves
    ]
    whole["missing"] = list(result.missing)
    return whole


def chat(talked: Conversation, failed: ErrorInfo | None, model: str = "") -> shapes.Chat:
    """``browseagent.chat/1``: the answers in order, each with the question as it was ``typed``."""
    return {
        "schema": "browseagent.chat/1",
        "sources": [{"url": each.url, "title": each.title} for each in talked.documents],
        "answers": [{**answer(each.answer, model), "typed": each.typed} for each in talked.exchanges],
        "error": error(failed),
    }


def crawled(result: Crawled) -> shapes.Crawl:
    """``browseagent.crawl/1``."""
    return {
        "schema": "browseagent.crawl/1",
        "url": result.url,
        "ended": result.ended,
        "resumed": result.resumed,
        "read": result.tally.read,
        "failed": result.tally.failed,
        "waiting": result.tally.waiting,
        "failures": [
            {"url": each.url, "outcome": each.outcome, "reason": each.reason} for each in result.failures
        ],
        "error": error(result.error),
    }


def summary(result: Summary, model: str = "") -> shapes.Summary:
    """``browseagent.summary/1``."""
    return {
        "schema": "browseagent.summary/1",
        "points": [point(each) for each in result.points],
        "coverage": {
            "chars": result.coverage.chars,
            "chars_read": result.coverage.chars_read,
            "passages": result.coverage.passages,
            "passages_read": result.coverage.passages_read,
        },
        "pages": [page(each) for each in result.pages],
        "model": model_info(result.model, model),
        "timings": dict(result.timings),
        "error": error(result.error),
    }


def document(
    result: Document, report: PageReport | None, failed: ErrorInfo | None = None, *, whole: bool = False
) -> shapes.Document:
    """``browseagent.document/1``. ``report`` tells of the page that it was read from; ``whole``: with
    what stands beside the main text."""
    return {
        "schema": "browseagent.document/1",
        "url": result.url,
        "title": result.title,
        "author": result.author,
        "date": result.date,
        "language": result.language,
        "text": result.text,
        "markdown": result.markdown if result.text else "",
        "blocks": [block(each) for each in result.blocks],
        "links": [_link(each) for each in result.links],
        "rest": None if result.rest is None or not whole else _rest(result.rest),
        "hidden": list(result.hidden),
        "parts": [{"url": part.url, "start": part.start, "end": part.end} for part in result.parts],
        "kind": result.kind,
        "kept": result.kept,
        "notes": list(result.notes),
        "page": None if report is None else page(report),
        "error": error(failed),
    }


def _link(each: Link) -> shapes.Link:
    return {"url": each.url, "text": each.text, "start": each.start, "end": each.end}


def _rest(rest: Document) -> shapes.Rest:
    blocks, links = [block(each) for each in rest.blocks], [_link(each) for each in rest.links]
    return {"text": rest.text, "blocks": blocks, "links": links}


def block(each: Block) -> shapes.Block:
    """A block, its cells as spans of the document's text."""
    cells: list[shapes.Cell] = [
        {"start": cell.start, "end": cell.end, "header": cell.header} for cell in each.cells
    ]
    return {
        "kind": each.kind.value,
        "start": each.start,
        "end": each.end,
        "level": each.level,
        "ordered": each.ordered,
        "cells": cells,
        "is_header": each.is_header,
        "table": each.table,
        "language": each.language,
        "anchor": each.anchor,
        "page": each.page,
        "place": each.place,
    }


def quote(each: Quote) -> shapes.Quote:
    """A quote and the link that opens the page at it."""
    return dump_quote(each)


def quotes(url: str, text: str, found: Sequence[Quote]) -> shapes.Quotes:
    """``browseagent.quotes/1``."""
    listed = [quote(each) for each in found]
    return {"schema": "browseagent.quotes/1", "url": url, "text": text, "quotes": listed, "error": None}


def hunk(each: Hunk) -> shapes.Hunk:
    """A difference."""
    return dump_hunk(each)


def point(each: Point) -> shapes.Point:
    """A sentence and what carries it."""
    return {
        "text": each.text,
        "support": each.support,
        "quotes": [quote(words) for words in each.quotes],
    }


def page(each: PageReport) -> shapes.Page:
    """A page without its bytes."""
    return {
        "url": each.url,
        "final_url": each.final_url,
        "outcome": each.outcome.value,
        "status": each.status,
        "via": each.via.value,
        "fetched_at": each.fetched_at.isoformat(),
        "age_s": each.age_s,
        "sha256": each.sha256,
        "title": each.title,
        "chars": each.chars,
        "reason": each.reason,
        "hint": each.hint,
        "notes": list(each.notes),
    }


def model_info(info: ModelInfo | None, name: str = "") -> shapes.Model:
    """Which model it was; where none was used, the one that was asked for."""
    if info is None:
        info = ModelInfo(name)
    usage = None if info.usage is None else asdict(info.usage)
    return {
        "name": info.name,
        "digest": info.digest,
        "prompts": dict(info.prompts),
        "note": info.note,
        "usage": usage,
        "measured": info.measured,
    }


def error(info: ErrorInfo | None) -> shapes.Error | None:
    """A failure, or null."""
    return None if info is None else error_of(info)


def error_of(info: ErrorInfo) -> shapes.Error:
    """A failure."""
    return {"kind": info.kind, "message": info.message, "hint": info.hint, "url": info.url}


def failure(
    command: str, info: ErrorInfo
) -> shapes.Answer | shapes.Chat | shapes.Summary | shapes.Document | shapes.Failure:
    """The document of a command that came to nothing: its usual one with the error in it, or
    ``browseagent.error/1`` for a command whose document has no such form."""
    if command == "ask":
        return answer(Failed(question="", failure=info))
    if command == "chat":
        return chat(Conversation(()), info)
    if command in ("summarize", "brief"):
        return summary(Summary(points=(), coverage=Coverage(0, 0, 0, 0), error=info))
    if command == "read":
        return document(Document(info.url, ""), None, info)
    return {"schema": "browseagent.error/1", "error": error(info)}
