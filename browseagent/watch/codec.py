"""What is remembered of a watch, and what came of a look, as JSON for the database and for alerts. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from browseagent.forms import shapes as parts
from browseagent.forms import watch_shapes as shapes
from browseagent.records import Hunk, Quote
from browseagent.watch.judge import Baseline, Memory
from browseagent.watch.places import Place
from browseagent.watch.records import (
    AnswerStatus,
    Question,
    StandingAnswer,
    State,
    Value,
    ValueKind,
    Verdict,
)

Json = dict[str, Any]


def dump_value(value: Value) -> Json:
    """A value, exactly."""
    data = value.data if isinstance(value.data, (bool, str)) else str(value.data)
    return {"kind": value.kind.value, "data": data, "unit": value.unit}


def load_value(data: Mapping[str, Any]) -> Value:
    """The value of :func:`dump_value`."""
    kind, raw = ValueKind(data["kind"]), data["data"]
    if kind in (ValueKind.MONEY, ValueKind.NUMBER):
        return Value(kind, Decimal(raw), data["unit"])
    return Value(kind, date.fromisoformat(raw) if kind is ValueKind.DATE else raw, data["unit"])


def dump_memory(memory: Memory) -> Json:
    """What is remembered between two checks."""
    return {
        "baseline": None if memory.baseline is None else _dump_baseline(memory.baseline),
        "variants": [_dump_baseline(each) for each in memory.variants],
        "elsewhere": memory.elsewhere,
        "values": {key: dump_value(value) for key, value in memory.values.items()},
        "holds": memory.holds,
        "valued": memory.valued,
        "places": [_dump_place(each) for each in memory.places],
        "unshown": memory.unshown,
        "empty": memory.empty,
        "unmodified": memory.unmodified,
        "misled": memory.misled,
    }


def load_memory(data: Mapping[str, Any]) -> Memory:
    """The memory of :func:`dump_memory`; of an empty object, that of a new watch."""
    if not data:
        return Memory()
    return Memory(
        baseline=None if data["baseline"] is None else _load_baseline(data["baseline"]),
        variants=tuple(_load_baseline(each) for each in data["variants"]),
        elsewhere=data["elsewhere"],
        values={key: load_value(value) for key, value in data["values"].items()},
        holds=data["holds"],
        valued=data.get("valued"),
        places=tuple(_load_place(each) for each in data.get("places", ())),
        unshown="places" not in data or data.get("unshown", False),
        empty=data.get("empty", ""),
        unmodified=data.get("unmodified", 0),
        misled=data.get("misled", False),
    )


def _dump_place(place: Place) -> Json:
    return {**asdict(place), "values": list(place.values), "since": place.since.isoformat()}


def _load_place(data: Mapping[str, Any]) -> Place:
    since = datetime.fromisoformat(data["since"])
    return Place(**{**data, "values": tuple(data["values"]), "since": since})


def dump_verdict(verdict: Verdict) -> Json:
    """What came of a look, whole."""
    return {
        "state": verdict.state.value,
        "changes": [dump_hunk(hunk) for hunk in verdict.changes],
        "answers": [_dump_answer(each) for each in verdict.answers],
        "summary": verdict.summary,
        "alert": verdict.alert,
        "reason": verdict.reason,
        "judged": verdict.judged,
        "holds": verdict.holds,
    }


def load_verdict(data: Mapping[str, Any]) -> Verdict:
    """The verdict of :func:`dump_verdict`."""
    return Verdict(
        state=State(data["state"]),
        changes=tuple(map(_load_hunk, data["changes"])),
        answers=tuple(_load_answer(each) for each in data["answers"]),
        summary=data["summary"],
        alert=data["alert"],
        reason=data["reason"],
        judged=data["judged"],
        holds=data["holds"],
    )


def dump_hunk(hunk: Hunk) -> parts.Hunk:
    """A difference."""
    said: parts.Hunk = {
        "before": hunk.before,
        "after": hunk.after,
        "kind": hunk.kind,
        "where": hunk.where,
    }
    if hunk.noise:
        said["noise"] = hunk.noise
    return said


def _load_hunk(data: Mapping[str, Any]) -> Hunk:
    return Hunk(data["before"], data["after"], data["kind"], data.get("where", ""), data.get("noise", ""))


def plain_value(value: Value | None) -> float | int | bool | str | None:
    """A value as JSON has it: numbers and amounts as numbers, dates as ISO 8601."""
    if value is None:
        return None
    data = value.data
    if isinstance(data, Decimal):
        return int(data) if data == data.to_integral_value() else float(data)
    return data if isinstance(data, (bool, str)) else data.isoformat()


def answer_json(answer: StandingAnswer) -> shapes.StandingAnswer:
    """An answer as the contract gives it (``browseagent.check/1``), beside it a name, the unit
    and the values in words."""
    return {
        "question": answer.question.text,
        "name": answer.question.name,
        "type": answer.question.kind.value,
        "status": answer.status.value,
        "value": plain_value(answer.value),
        "previous": plain_value(answer.previous),
        "unit": answer.value.unit if answer.value else "",
        "text": "" if answer.value is None else str(answer.value),
        "previous_text": "" if answer.previous is None else str(answer.previous),
        "quote": None if answer.quote is None else dump_quote(answer.quote),
        "reason": answer.reason,
    }


def _dump_baseline(baseline: Baseline) -> Json:
    return {
        "snapshot": baseline.snapshot,
        "language": baseline.language,
        "words": baseline.words,
        "truncated": baseline.truncated,
        "keys": list(baseline.keys),
    }


def _load_baseline(data: Mapping[str, Any]) -> Baseline:
    return Baseline(**{**data, "keys": tuple(data["keys"])})


def dump_quote(quote: Quote) -> parts.Quote:
    """A quote and the link that opens the page at it."""
    return {
        "text": quote.text,
        "start": quote.start,
        "end": quote.end,
        "url": quote.url,
        "link": quote.link,
        "place": quote.place,
    }


def _dump_answer(answer: StandingAnswer) -> Json:
    question = answer.question
    return {
        "question": question.text,
        "name": question.name,
        "kind": question.kind.value,
        "choices": list(question.choices),
        "status": answer.status.value,
        "value": None if answer.value is None else dump_value(answer.value),
        "previous": None if answer.previous is None else dump_value(answer.previous),
        "quote": None if answer.quote is None else dump_quote(answer.quote),
        "reason": answer.reason,
    }


def _load_answer(data: Mapping[str, Any]) -> StandingAnswer:
    kind = ValueKind(data["kind"])
    return StandingAnswer(
        question=Question(data["question"], kind, tuple(data["choices"]), data["name"]),
        status=AnswerStatus(data["status"]),
        value=None if data["value"] is None else load_value(data["value"]),
        previous=None if data["previous"] is None else load_value(data["previous"]),
        quote=None if data["quote"] is None else Quote(**data["quote"]),
        reason=data["reason"],
    )
