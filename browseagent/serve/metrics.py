"""Whether the server is alive and ready, and its figures as Prometheus text
(https://prometheus.io/docs/instrumenting/exposition_formats/)."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response

from browseagent.errors import BrowseAgentError
from browseagent.records.clock import utc_now
from browseagent.serve.api import warm_of
from browseagent.serve.replies import JsonReply
from browseagent.serve.warm import Warm
from browseagent.store.figures import Figures, figures

router = APIRouter()


@router.get("/healthz")
async def alive() -> Response:
    """The process answers."""
    return JsonReply({"status": "ok"})


@router.get("/readyz")
async def ready(request: Request) -> Response:
    """Whether questions can be answered: the store can be written; the model is loaded, or on its way."""
    warm = warm_of(request)
    try:
        await asyncio.to_thread(_write, warm)
    except BrowseAgentError as error:
        return JsonReply({"status": "not ready", "reason": error.message}, 503)
    if warm.failed:
        await warm.load()
    if warm.failed:
        return JsonReply({"status": "not ready", "reason": warm.failed}, 503)
    return JsonReply({"status": "ready" if warm.ready else "loading"}, 200 if warm.ready else 503)


def _write(warm: Warm) -> None:
    """Raises StoreError where the store cannot be written."""
    with warm.kept.pages.database.transaction(write=True):
        return


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """What the server has done and what waits."""
    warm = warm_of(request)
    found = await asyncio.to_thread(figures, warm.kept.pages.database, utc_now())
    lines = [
        *_metric("browseagent_work_waiting", "gauge", "Requests that wait.", warm.desk.waiting),
        *_metric("browseagent_work_running", "gauge", "Requests that are being done.", warm.desk.running),
        *_metric("browseagent_work_done_total", "counter", "Requests that were done.", warm.desk.done),
        *_metric(
            "browseagent_work_turned_away_total", "counter", "Requests told to come again.",
            warm.desk.turned_away,
        ),
        *_metric("browseagent_watches_due", "gauge", "Watches that are due.", found.due),
        *_metric("browseagent_oldest_due_seconds", "gauge", "Age of the oldest due check.", found.oldest),
        *_metric(
            "browseagent_checks_a_minute", "gauge", "Checks in the last minute.", found.checks_a_minute
        ),
        *_labelled("browseagent_requests_total", "counter", "Requests by outcome.", "outcome", warm.counts),
        *_labelled("browseagent_watches", "gauge", "Watches by state.", "state", found.states),
        *_cluster(found),
    ]  # fmt: skip
    return PlainTextResponse("\n".join(lines) + "\n", media_type="text/plain; version=0.0.4")


def _cluster(found: Figures) -> list[str]:
    """What workers do (docs/workers.md); nothing where there are none."""
    if not found.queues and not found.workers:
        return []
    jobs = "\n".join(
        f'browseagent_jobs{{queue="{queue}",state="{state}"}} {count}'
        for (queue, state), count in sorted(found.queues.items())
    )
    return [
        "# HELP browseagent_jobs Jobs by queue and state.",
        "# TYPE browseagent_jobs gauge",
        *filter(None, [jobs]),
        *_metric("browseagent_workers", "gauge", "Workers that are at work.", len(found.workers)),
        *_labelled(
            "browseagent_worker_checks", "gauge", "Checks of the workers at work, by outcome.", "outcome",
            found.outcomes,
        ),
        *_labelled("browseagent_browsers", "gauge", "Browsers elsewhere, by state.", "state", found.browsers),
    ]  # fmt: skip


def _metric(name: str, kind: str, told: str, value: float) -> list[str]:
    return [f"# HELP {name} {told}", f"# TYPE {name} {kind}", f"{name} {value}"]


def _labelled(name: str, kind: str, told: str, label: str, values: dict[str, int]) -> list[str]:
    lines = [f'{name}{{{label}="{key}"}} {value}' for key, value in sorted(values.items())]
    return [f"# HELP {name} {told}", f"# TYPE {name} {kind}", *lines]
