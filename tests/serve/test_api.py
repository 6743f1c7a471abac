"""The HTTP API: each request one of the forms in, one of the forms out."""

from __future__ import annotations

import json
import time

import httpx
import pytest

from browseagent.forms.loaded import load_answer
from fixtures.server import FixtureServer
from tests.command import described
from tests.serve.serving import PAGE, QUESTION, Serving


def _failure(reply: httpx.Response, status: int, kind: str) -> str:
    document = reply.json()
    described(document)
    assert (reply.status_code, document["error"]["kind"]) == (status, kind), reply.text
    message = document["error"]["message"]
    assert isinstance(message, str) and message
    return message


def test_it_is_ready_soon(server: Serving) -> None:
    """Alive at once, ready when the model is loaded; neither tells anything else."""
    assert server.client.get("/healthz").json() == {"status": "ok"}
    until = time.monotonic() + 5
    while (reply := server.client.get("/readyz")).status_code != 200 and time.monotonic() < until:
        time.sleep(0.05)
    assert reply.json() == {"status": "ready"}


def test_a_question_is_answered(server: Serving, site: FixtureServer) -> None:
    """The answer form, with quotes from the page; it reads back as the answer that it was."""
    reply = server.client.post("/v1/ask", json={"question": QUESTION, "sources": [site.url(PAGE)]})
    assert reply.status_code == 200, reply.text
    document = reply.json()
    described(document)
    assert document["status"] in ("answered", "not_found") and document["pages"][0]["outcome"] == "ok"
    assert load_answer(document).question == QUESTION


def test_a_typed_question(server: Serving, site: FixtureServer) -> None:
    """``type`` gives a value; ``schema`` too, and not both."""
    body = {"question": QUESTION, "sources": [site.url(PAGE)], "type": "money"}
    document = server.client.post("/v1/ask", json=body).json()
    described(document)
    assert "leaves" in document
    both = server.client.post("/v1/ask", json={**body, "schema": {"type": "object"}})
    assert "exclude" in _failure(both, 400, "usage")


def test_progress_comes_as_events(server: Serving, site: FixtureServer) -> None:
    """Server-sent events: each step, then the answer under its own name."""
    body = {"question": QUESTION, "sources": [site.url(PAGE)]}
    reply = server.client.post("/v1/ask", json=body, headers={"Accept": "text/event-stream"})
    assert reply.headers["content-type"].startswith("text/event-stream")
    events = [each.partition("\ndata: ") for each in reply.text.split("\n\n") if each.startswith("event:")]
    assert {name for name, _, _ in events[:-1]} == {"event: progress"}
    assert events[-1][0] == "event: answer"
    described(json.loads(events[-1][2]))


def test_a_page_is_read_and_summarised(server: Serving, site: FixtureServer) -> None:
    """Read gives the document, or Markdown; summarize and brief give the summary."""
    url = site.url(PAGE)
    document = server.client.post("/v1/read", json={"source": url}).json()
    described(document)
    assert "harbour" in document["text"].lower()
    markdown = server.client.post("/v1/read", json={"source": url}, headers={"Accept": "text/markdown"})
    assert markdown.headers["content-type"].startswith("text/markdown") and markdown.text.startswith("#")
    for name in ("summarize", "brief"):
        summary = server.client.post(f"/v1/{name}", json={"sources": [url], "length": "short"})
        assert summary.status_code == 200
        described(summary.json())


def test_what_is_stored_is_listed_and_compared(server: Serving, fresh_site: FixtureServer) -> None:
    """Stored pages, the versions of one, and the difference of two by their numbers."""
    url = fresh_site.url("/shop/lantern.html")
    for price in (39.0, 41.5):
        fresh_site.set_state("shop/lantern/price", price)
        body = {"source": url, "options": {"fresh": True}}
        assert server.client.post("/v1/read", json=body).status_code == 200
    listed = server.client.get("/v1/pages", params={"q": "lantern", "limit": 1}).json()
    described(listed)
    assert [each["url"] for each in listed["pages"]] == [url]
    history = server.client.get("/v1/pages/versions", params={"url": url}).json()
    described(history)
    newest, oldest = (each["id"] for each in history["versions"])
    diff = server.client.get("/v1/pages/diff", params={"url": url, "from": oldest, "to": newest})
    described(diff.json())
    assert diff.json()["changed"] and "41.50" in diff.text
    unknown = server.client.get("/v1/pages/versions", params={"url": "https://nowhere.example/"})
    _failure(unknown, 404, "not_found")
    wrong = server.client.get("/v1/pages/diff", params={"url": url, "from": 10**30})
    assert wrong.status_code in (404, 422)


@pytest.mark.parametrize(
    ("path", "body", "status", "kind"),
    [
        ("/v1/ask", "{", 400, "usage"),
        ("/v1/ask", "[" * 100_000, 400, "usage"),
        ("/v1/ask", {}, 422, "invalid"),
        ("/v1/ask", {"question": "?", "sources": ["https://a.example/"]}, 400, "usage"),
        ("/v1/ask", {"question": "Why?", "sources": []}, 422, "invalid"),
        ("/v1/ask", {"question": "Why?", "sources": ["https://a.example/"], "profile": "x"}, 422, "invalid"),
        (
            "/v1/ask",
            {"question": "Why?", "sources": ["https://a.example/"], "options": {"headers": ["A: b"]}},
            422,
            "invalid",
        ),
        (
            "/v1/ask",
            {"question": "Why?", "sources": ["https://a.example/"], "options": {"timeout": 1e9}},
            400,
            "usage",
        ),
        ("/v1/read", {}, 400, "usage"),
        ("/v1/nothing", {}, 404, "not_found"),
    ],
)
def test_wrong_requests_are_told(server: Serving, path: str, body: object, status: int, kind: str) -> None:
    """What a request lacks, or has too much, comes back as our Error with a status of the contract."""
    content = body if isinstance(body, str) else json.dumps(body)
    reply = server.client.post(path, content=content, headers={"Content-Type": "application/json"})
    _failure(reply, status, kind)


def test_a_page_that_is_not_there_is_a_bad_gateway(server: Serving, site: FixtureServer) -> None:
    """502 with the outcome of the page: of read in the Error, of ask in its own form."""
    gone = site.url("/cases/no-such-page.html")
    _failure(server.client.post("/v1/read", json={"source": gone}), 502, "not_found")
    asked = server.client.post("/v1/ask", json={"question": QUESTION, "sources": [gone]})
    assert asked.status_code == 502 and asked.json()["status"] == "failed"


def test_the_schema_is_published(server: Serving) -> None:
    """OpenAPI names each request of the contract."""
    paths = server.client.get("/openapi.json").json()["paths"]
    wanted = {"/v1/ask", "/v1/summarize", "/v1/read", "/v1/brief", "/v1/pages", "/v1/pages/versions"}
    assert wanted | {"/v1/watches", "/v1/watches/{name}/check", "/healthz", "/metrics"} <= set(paths)


def test_a_watch_lives_over_http(server: Serving, fresh_site: FixtureServer) -> None:
    """Made, shown, changed, checked, its history and answers told, and removed."""
    url = fresh_site.url("/shop/lantern.html")
    made = server.client.post(
        "/v1/watches",
        json={"url": url, "name": "lantern", "via": "http", "ask": ["price: money: What does it cost?"]},
    )
    assert made.status_code == 201, made.text
    described(made.json())
    _failure(server.client.post("/v1/watches", json={"url": url, "name": "lantern"}), 409, "conflict")
    changed = server.client.patch("/v1/watches/lantern", json={"every": "2h", "tags": ["shop"]})
    assert changed.status_code == 200, changed.text
    assert changed.json()["watch"]["settings"]["every"] == "2h"
    listed = server.client.get("/v1/watches", params={"tag": "shop", "q": "lantern"}).json()
    described(listed)
    assert len(listed["watches"]) == 1
    for past in ({"limit": 0}, {"offset": 1000}):
        assert server.client.get("/v1/watches", params=past).json()["watches"] == []
    assert server.client.get("/v1/watches", params={"limit": -1}).status_code == 422
    checked = server.client.post("/v1/watches/lantern/check")
    assert checked.status_code == 200, checked.text
    described(checked.json())
    for name in ("history", "answers"):
        described(server.client.get(f"/v1/watches/lantern/{name}").json())
    assert server.client.delete("/v1/watches/lantern").status_code == 200
    _failure(server.client.get("/v1/watches/lantern"), 404, "not_found")


def test_watches_are_not_changed_without_leave(strict: Serving) -> None:
    """Without --allow-writes whatever writes is refused; reading is not."""
    made = strict.client.post("/v1/watches", json={"url": "https://example.org/"})
    _failure(made, 403, "closed")
    _failure(strict.client.patch("/v1/watches/a", json={"every": "1h"}), 403, "closed")
    _failure(strict.client.delete("/v1/watches/a"), 403, "closed")
    assert strict.client.get("/v1/watches").json()["watches"] == []


def test_figures_for_prometheus(server: Serving) -> None:
    """Each figure has its help and its type, and one value a line."""
    lines = server.client.get("/metrics").text.splitlines()
    named = {line.split()[2] for line in lines if line.startswith("# TYPE")}
    assert {"browseagent_work_done_total", "browseagent_work_waiting", "browseagent_watches_due"} <= named
    assert all(line.startswith("#") or float(line.rsplit(" ", 1)[1]) >= 0 for line in lines)
