"""A page that the model does not read is told as such to a browser and to a program."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from browseagent.model.port import Reading, ReadPassage
from browseagent.model.scripted import ScriptedModel, lexical_likelihood
from browseagent.serve import told
from fixtures.server import FixtureServer
from tests.serve.serving import serving

QUESTION = "白鹭大桥什么时候通车？"


class NothingReader:
    """Finds no answer in anything."""

    def read(self, question: str, passages: Sequence[ReadPassage]) -> list[Reading]:
        return [Reading(-0.01, ()) for _ in passages]


def test_a_page_in_another_language_is_not_said_to_lack_the_answer(
    site: FixtureServer, tmp_path: Path
) -> None:
    """The nearest passages, and that the model does not read this language, in HTML, JSON and words."""
    model = ScriptedModel(lexical_likelihood, reader=NothingReader())
    with serving(tmp_path, model=model) as server:
        found = re.search(r'name="token" value="([0-9a-f]+)"', server.client.get("/ask").text)
        assert found
        given = {"token": found.group(1), "question": QUESTION, "urls": site.url("/cn/bridge.html")}
        shown = server.client.post("/ask", data=given).text
        assert "Not read: the model does not know this language" in shown
        assert "Not on this page" not in shown
        assert "another language" in shown and "<blockquote>" in shown
        body = {"question": QUESTION, "sources": [site.url("/cn/bridge.html")]}
        document = server.client.post("/v1/ask", json=body).json()
    assert document["status"] == "not_found" and document["closest"]
    assert "another language" in document["model"]["note"]
    assert told.answer(document).startswith("Whether the answer is on the page is not known: the embedded")
