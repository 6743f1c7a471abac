"""``ask --type``, ``--schema`` and ``--rows`` through the command, against the fixture server."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from browseagent.answer.typed.records import Extracted, Json, LeafAnswer
from browseagent.cli.show.typed import csv_of, extracted
from browseagent.records import Answered, Quote
from fixtures.server import FixtureServer
from tests.cli.test_contract import ANSWER_KEYS

Command = Callable[..., Any]
PRODUCTS = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {"name": {"type": "string"}, "price": {"type": "number"}, "weight": {"type": "string"}},
        "required": ["name", "price"],
    },
}


def test_json_that_fits_a_schema_from_a_file(real: Command, site: FixtureServer, tmp_path: Path) -> None:
    """The answer's keys stay; ``value`` is what was asked for, and each leaf has its quote. No model is
    loaded: there is none in this home."""
    schema = tmp_path / "products.json"
    schema.write_text(json.dumps(PRODUCTS), "utf-8")
    page = site.url("/shop/camping.html")
    ended = real("ask", "", page, "--schema", str(schema), "--json", "--via", "http")
    assert ended.status == 0, ended.err
    told = ended.json
    assert told.keys() >= ANSWER_KEYS | {"value", "leaves", "missing"}
    assert (told["schema"], told["status"], told["error"]) == ("browseagent.answer/1", "answered", None)
    assert len(told["value"]) == 12
    assert told["value"][1] == {"name": "Corrie 2 Tent", "price": 229}
    assert json.loads(told["answer"]) == told["value"]
    leaf = next(each for each in told["leaves"] if each["path"] == "[1].price")
    assert (leaf["status"], leaf["value"], leaf["quote"]["text"]) == ("found", 229, "£229.00")
    assert leaf["quote"]["link"].startswith(f"{page}#:~:text=")
    weights = [each for each in told["leaves"] if each["path"].endswith(".weight")]
    assert {(each["status"], each["value"], each["quote"]) for each in weights} == {("not_found", None, None)}


def test_what_is_required_and_missing_is_status_3(real: Command, site: FixtureServer) -> None:
    """The output is still given, the leaf null and its path named."""
    schema = json.loads(json.dumps(PRODUCTS))
    schema["items"]["required"].append("weight")
    schema["items"]["properties"]["weight"] = {"type": "number"}
    ended = real(
        "ask", "", site.url("/shop/camping-2.html"), "--schema", json.dumps(schema), "--json", "--via", "http"
    )
    assert ended.status == 3, ended.err
    assert ended.json["status"] == "not_found" and ended.json["answer"] is None
    assert ended.json["missing"][0] == "[0].weight"
    assert ended.json["value"][0]["weight"] is None and ended.json["value"][0]["price"] > 0
    assert "not on the page: [0].weight, [1].weight" in ended.err


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--schema", '{"type": "text"}'], "the schema, at #/type: it is no JSON Schema"),
        (["--schema", '{"type": "array", "items": {"$ref": "#"}}'], "the reference # leads back to itself"),
        (["--schema", "no-such-file.json"], "the schema no-such-file.json cannot be read"),
        (["--type", "euro"], "'euro' is no type of answer"),
        (["--type", "money", "--rows"], "--type, --schema and --rows exclude each other"),
        (["--format", "csv"], "--format is for --rows"),
    ],
)
def test_what_is_wrong_is_told_before_a_page_is_fetched(
    options: list[str], message: str, capsys: pytest.CaptureFixture[str], fresh_site: FixtureServer
) -> None:
    """Exit status 2, the reason in words and as JSON, and no request was made."""
    from browseagent.cli.program import run

    status = run(["ask", "What?", fresh_site.url("/shop/camping.html"), *options, "--json"])
    out, err = capsys.readouterr()
    assert status == 2
    assert message in err and message in json.loads(out)["error"]["message"]
    assert not fresh_site.log


@pytest.mark.parametrize(("width", "as_table"), [(20, False), (30, False), (46, False), (60, True)])
def test_no_word_of_a_table_is_broken_for_want_of_width(width: int, as_table: bool) -> None:
    """A table that the terminal is too narrow for is told row by row."""
    columns = ["Plan", "Price per month", "Contacts", "E-mails", "Users"]
    cells = (
        ["Solo", "€9", "500", "5,000", "1"],
        ["Enterprise", "Ask us", "Unlimited", "Unlimited", "Unlimited"],
    )
    rows: list[Json] = [dict(zip(columns, row, strict=True)) for row in cells]
    table: Json = {"kind": "table", "title": "Monthly", "url": "", "columns": list(columns), "rows": rows}
    quote = Quote("x", 0, 1, "", "")
    answer = Answered(question="", answer="x", support=(quote,), confidence=1.0)
    out = io.StringIO()
    found = Extracted(answer, [table], (LeafAnswer("", "found", "x", quote),))
    extracted(Console(file=out, width=width, color_system=None), found, "rows")
    assert ("Users: Unlimited" in out.getvalue()) != as_table
    assert {"Solo", "€9", "Enterprise", "Unlimited", "5,000"} <= set(out.getvalue().split())


def test_rows_in_a_terminal_and_as_csv(real: Command, site: FixtureServer) -> None:
    """A table as wide as it may be, and CSV that parses to what stands on the page."""
    page = site.url("/shop/delivery.html")
    shown = real("ask", "", page, "--rows", "--via", "http", "-q", COLUMNS="70")
    assert shown.status == 0, shown.err
    assert max(map(len, shown.out.splitlines())) <= 70
    assert "Northern Ireland        4 to 6 working days   £8.95   never" in shown.out
    ended = real("ask", "", page, "--rows", "--format", "csv", "--offline", "-q")
    lines = list(csv.reader(io.StringIO(ended.out)))
    assert lines[0] == ["Service", "Time", "Price", "Free from"]
    assert lines[1] == ["Standard, UK mainland", "2 to 3 working days", "£3.95", "£60"]
    assert len(lines) == 6


def test_rows_and_a_schema_need_no_question(real: Command, site: FixtureServer, tmp_path: Path) -> None:
    """Without a question each argument is a source: URLs, files; with one it stays the first argument."""
    page, other = site.url("/shop/delivery.html"), tmp_path / "other.html"
    other.write_text("<table><tr><th>Alpha</th><th>Beta</th></tr><tr><td>one</td><td>two</td></tr></table>")
    rows = real("ask", "--rows", page, "--format", "csv", "--via", "http", "-q")
    assert (rows.status, rows.out.splitlines()[0]) == (0, "Service,Time,Price,Free from"), rows.err
    both = real("ask", "--rows", str(other), page, "--json", "--via", "http").json
    assert (len(both["pages"]), both["question"]) == (2, "")
    alone = real("ask", site.url("/shop/camping.html"), "--schema", json.dumps(PRODUCTS), "--json", "-q")
    assert len(alone.json["value"]) == 12
    asked = real("ask", "What does it cost?", page, "--rows", "--json", "--offline", "-q").json
    assert (len(asked["pages"]), asked["question"]) == (1, "What does it cost?")


@pytest.mark.parametrize("options", [[], ["--type", "money"]])
def test_a_missing_question_is_named(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Where a question is needed, a source alone is told for what it is, and what to write."""
    from browseagent.cli.program import run

    status = run(["ask", "https://example.org/fees", *options])
    told = capsys.readouterr().err
    assert status == 2
    assert "there is no question: https://example.org/fees is a source" in told
    assert "hint: The question comes first" in told


def test_a_cell_is_no_formula() -> None:
    """A page's words in a CSV do nothing in a spreadsheet."""
    cells: dict[str, Json] = {"a": "=HYPERLINK(1)", "b": "@x", "c": "-5", "d": "-x+1"}
    table: Json = {"columns": list(cells), "rows": [cells], "title": "", "kind": "table"}
    quote = Quote("x", 0, 1, "", "")
    answer = Answered(question="", answer="x", support=(quote,))
    text = csv_of(Extracted(answer, [table], (LeafAnswer("", "found", "x", quote),)))
    assert text.splitlines()[1] == "'=HYPERLINK(1),'@x,-5,'-x+1"


@pytest.mark.browser
def test_what_a_script_fills_in(real: Command, fresh_site: FixtureServer) -> None:
    """Price and stock of a product's page as Chromium shows them now."""
    fresh_site.set_state("shop/lantern/price", 41.25)
    schema = {
        "type": "object",
        "properties": {"name": {"type": "string"}, "price": {"type": "number"}, "stock": {"type": "integer"}},
        "required": ["name", "price", "stock"],
    }
    ended = real("ask", "", fresh_site.url("/shop/lantern.html"), "--schema", json.dumps(schema), "--json")
    assert ended.status == 0, ended.err
    assert ended.json["value"] == {"name": "Fathom 400 Camping Lantern", "price": 41.25, "stock": 23}
    assert ended.json["pages"][0]["via"] == "chromium"
