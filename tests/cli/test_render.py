"""Results in words, as JSON and as HTML: pure functions from records to text."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from browseagent.answer.languages import NOT_READ
from browseagent.answer.weights import reader_weights
from browseagent.cli.commands.read import Format, rendered
from browseagent.cli.failure import exit_status
from browseagent.cli.show import results as render
from browseagent.cli.show import watches
from browseagent.cli.show.document_html import to_html
from browseagent.cli.show.streams import Streams, clean, one_line
from browseagent.forms import results as forms
from browseagent.records import (
    STANDARD_INPUT,
    Alternative,
    Answer,
    Answered,
    Block,
    BlockKind,
    Cell,
    Coverage,
    Document,
    ErrorInfo,
    Hunk,
    Link,
    ModelInfo,
    NotFound,
    Outcome,
    Page,
    PageReport,
    Point,
    Quote,
    Summary,
    Via,
)
from browseagent.records.counted import counted
from browseagent.watch.check import Checked
from browseagent.watch.records import State, Verdict, Watch

URL = "https://example.org/fares"


def page(
    outcome: Outcome = Outcome.OK, via: Via = Via.CACHE, age_s: float = 200.0, title: str = "Fares"
) -> PageReport:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    return PageReport(URL, URL, outcome, via, now, 200, age_s, "0" * 64, title, 10, reason="a paywall")


def quote(text: str) -> Quote:
    return Quote(text, 0, len(text), URL, f"{URL}#:~:text=x")


def shown(result: Answer) -> str:
    """The answer as it goes into a pipe."""
    return Streams(io.StringIO(), io.StringIO()).drawn(lambda console: render.answer(console, result))


def test_an_answer_shows_its_quotes_their_page_and_its_age() -> None:
    """The answer comes first, then each quote with its link; the page and how old it is once."""
    result = Answered(
        question="How much?",
        answer="42 euros",
        support=(quote("Adults pay\n42 euros."), quote("Monday\t09:00")),
        confidence=0.934,
        pages=(page(),),
    )
    assert shown(result).splitlines() == [
        "42 euros",
        "",
        "  “Adults pay 42 euros.”",
        "  Fares · read 3 min ago, from cache",
        f"  {URL}#:~:text=x",
        "",
        "  “Monday | 09:00”",
        f"  {URL}#:~:text=x",
        "",
        "Confidence: high (0.93)",
    ]


def test_not_found_shows_the_three_closest_passages() -> None:
    """Where the answer is not there, that is the first line, and what came nearest follows."""
    result = NotFound(
        question="How much?",
        closest=tuple(quote(f"passage number {number}") for number in range(4)),
        pages=(page(via=Via.HTTP, age_s=1), page(via=Via.FILE, title="")),
        confidence=0.2,
    )
    lines = shown(result).splitlines()
    assert lines[:3] == ["Not on these 2 pages.", "Fares · read just now", f"{URL} · from a file"]
    assert [line.strip() for line in lines if "passage number" in line] == [
        f"“passage number {number}”" for number in range(3)
    ]
    assert lines[-1] == "Confidence that the answer is there: low (0.20)"


def test_a_guess_is_not_shown_again_among_what_comes_closest() -> None:
    """Its quote stands under "Perhaps"; the rest follow."""
    guess, other = (
        quote("Adults pay 42 euros."),
        replace(quote("Tickets are sold here."), link=f"{URL}#:~:text=y"),
    )
    result = NotFound(
        question="How much?",
        closest=(guess, other),
        pages=(page(),),
        confidence=0.45,
        perhaps=Alternative("42 euros", guess),
    )
    lines = [line.strip() for line in shown(result).splitlines()]
    assert lines.count("“Adults pay 42 euros.”") == 1
    assert lines.index("Perhaps: 42 euros") < lines.index("What else comes close:")
    assert shown(replace(result, closest=(guess,))).count("close") == 0


def test_what_was_piped_in_has_no_link_to_open() -> None:
    """A quote from standard input says so, and shows no address that leads nowhere."""
    piped = replace(page(via=Via.FILE), url=STANDARD_INPUT, final_url=STANDARD_INPUT)
    cut = Quote("Adults pay 42 euros.", 0, 20, STANDARD_INPUT, f"{STANDARD_INPUT}#:~:text=Adults")
    result = Answered(question="?", answer="42", support=(cut,), confidence=0.9, pages=(piped,))
    assert shown(result).splitlines()[2:] == [
        "  “Adults pay 42 euros.”",
        "  Fares · from standard input",
        "",
        "Confidence: high (0.90)",
    ]


def test_a_page_that_was_not_understood_has_no_confidence() -> None:
    """A number would say that the model looked for the answer."""
    unread = ModelInfo("embedded", note=NOT_READ)
    told = shown(NotFound(question="?", pages=(page(),), confidence=0.0, model=unread))
    assert told.startswith("Not read: ")
    assert "onfidence" not in told


def test_what_is_believed_is_fair() -> None:
    """No answer of the reader is stated and called low."""
    assert reader_weights().threshold == render.FAIR


def test_a_model_that_was_not_measured_is_not_fair() -> None:
    """Its probability was fitted with another model: no word and no number is said of it."""
    unmeasured = ModelInfo("hf:own", measured=False)
    for result in (
        Answered(question="?", answer="x", support=(quote("some words"),), confidence=0.66, model=unmeasured),
        NotFound(question="?", confidence=0.2, model=unmeasured),
    ):
        last = shown(result).splitlines()[-1]
        assert last.endswith(": not measured with this model") and "fair" not in last and "0." not in last


def test_a_truncated_page_is_told_beside_its_quote() -> None:
    """An answer from a teaser says that only part of the page could be read, and how to have the rest."""
    result = Answered(
        question="?", answer="x", support=(quote("some words"),), pages=(page(Outcome.TRUNCATED),)
    )
    assert "only part of the page could be read: a paywall" in shown(result)
    told = replace(page(Outcome.TRUNCATED), hint="Log in.")
    assert render.warnings([told]) == ["note: Log in."]
    assert render.warnings([replace(told, outcome=Outcome.OK)]) == []


def test_a_summary_shows_each_point_with_what_carries_it() -> None:
    """A point that is its own quote is shown once; a sentence without support is marked."""
    result = Summary(
        points=(
            Point("The fare is 42 euros.", "quote", (quote("The fare is 42 euros."),)),
            Point("It became dearer.", "entailed", (quote("up from 40 euros"),)),
            Point("People like it.", "unsupported", ()),
        ),
        coverage=Coverage(2000, 500, 10, 3),
        pages=(page(),),
        model=ModelInfo("openai:any"),
    )
    streams = Streams(io.StringIO(), io.StringIO())
    lines = streams.drawn(lambda console: render.summary(console, result)).splitlines()
    assert lines == [
        "• The fare is 42 euros.",
        f"  {URL}#:~:text=x",
        "• It became dearer.",
        "  “up from 40 euros”",
        f"  {URL}#:~:text=x",
        "• People like it. (no quote supports this)",
        "",
        "Fares · read 3 min ago, from cache",
        "The model read 500 of 2,000 characters (25%).",
    ]


def test_hunks_are_shown_as_before_and_after() -> None:
    """Removed lines begin with a minus, added ones with a plus."""
    streams = Streams(io.StringIO(), io.StringIO())
    differences = (Hunk("old one\nold two", "new", "changed"), Hunk("", "more\x1b[1m", "added"))
    text = streams.drawn(lambda console: render.hunks(console, differences))
    assert text == "- old one\n- old two\n+ new\n\n+ more[1m\n"


@given(st.text())
def test_cleaned_text_holds_nothing_that_steers(text: str) -> None:
    """No control character but tab and newline is left, no direction mark, and what is left is encodable."""
    cleaned = clean(text)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", cleaned)
    assert cleaned.encode().decode() == cleaned
    assert "\n" not in one_line(text)


@given(st.recursive(st.text() | st.integers() | st.none(), lambda inner: st.lists(inner), max_leaves=5))
def test_json_is_exact_and_steers_nothing(value: object) -> None:
    """Any text survives the JSON, and the JSON holds no raw control character but newlines."""
    written = forms.dumps({"value": value})
    assert json.loads(written) == {"value": value}
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\ud800-\udfff]", written)


def test_a_document_becomes_a_safe_html_page() -> None:
    """Structure and links are kept; markup and scripts in the text or in links are not."""
    text = "T <b>\n\none\n\nA\tB\n1\t2\n\nif a < b:\n\nsee map and run"
    document = Document(
        URL,
        text,
        title="</title><script>",
        language="en",
        blocks=(
            Block(BlockKind.HEADING, 0, 5, level=2),
            Block(BlockKind.ITEM, 7, 10, level=1, ordered=True),
            Block(BlockKind.ROW, 12, 15, is_header=True, table=0, cells=(Cell(12, 13), Cell(14, 15))),
            Block(BlockKind.ROW, 16, 19, table=0, cells=(Cell(16, 17, "A"), Cell(18, 19, "B"))),
            Block(BlockKind.CODE, 21, 30, language="python"),
            Block(BlockKind.PARAGRAPH, 32, 47),
        ),
        links=(Link("https://example.org/m?a&b", "map", 36, 39), Link("javascript:x()", "run", 44, 47)),
    )
    assert to_html(document).splitlines() == [
        "<!doctype html>",
        '<html lang="en">',
        '<meta charset="utf-8">',
        "<title>&lt;/title&gt;&lt;script&gt;</title>",
        f'<link rel="canonical" href="{URL}">',
        "<h2>T &lt;b&gt;</h2>",
        "<ol>",
        "<li>one</li>",
        "</ol>",
        "<table>",
        "<tr><th>A</th><th>B</th></tr>",
        "<tr><td>1</td><td>2</td></tr>",
        "</table>",
        '<pre><code class="language-python">if a &lt; b:</code></pre>',
        '<p>see <a href="https://example.org/m?a&amp;b">map</a> and run</p>',
        "</html>",
    ]


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0, "just now"), (45, "45 s ago"), (60, "1 min ago"), (7300, "2 h ago"), (86_400, "1 day ago"),
     (200_000, "2 days ago"), (800 * 86_400, "2 years ago")],
)  # fmt: skip
def test_ages(seconds: float, told: str) -> None:
    """The age of a page in the largest whole unit."""
    assert render.age(seconds) == told


@pytest.mark.parametrize(
    ("count", "told"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (14_400, "14 kB"),
        (999_900, "1.0 MB"),
        (2 * 10**9, "2.0 GB"),
    ],
)
def test_sizes(count: int, told: str) -> None:
    """Bytes in decimal units."""
    assert render.size(count) == told


def test_every_outcome_and_every_error_has_its_exit_status() -> None:
    """The status of an outcome is that of the contract; an unknown kind is an error of ours."""
    expected = {
        4: "not_found gone http_error timeout unreachable too_large",
        5: "login blocked consent robots policy",
        7: "empty unsupported",
    }
    for status, outcomes in expected.items():
        for outcome in outcomes.split():
            assert exit_status(ErrorInfo(outcome, "")) == status
    kinds = {"usage": 2, "fetch": 4, "refused": 5, "model": 6, "store": 2, "never heard of": 1, "ok": 1}
    assert {kind: exit_status(ErrorInfo(kind, "")) for kind in kinds} == kinds


def test_a_quote_from_beside_the_main_text_says_so() -> None:
    """The place on the page stands under the words."""
    found = replace(quote("Call 01632 960 114."), place="footer")
    result = Answered(question="q", answer="01632 960 114", support=(found,))
    assert "from the page, its footer" in shown(result)


@pytest.mark.parametrize("form", ["md", "text", "html", "json"])
def test_what_stands_beside_the_text_is_read_where_all_is_asked_for(form: Format) -> None:
    """It comes below the main text, in every format; else it is left out."""
    rest = Document(URL, "12 Quay Street", (Block(BlockKind.PARAGRAPH, 0, 14, place="footer"),))
    document = Document(URL, "Fares", (Block(BlockKind.PARAGRAPH, 0, 5),), rest=rest)
    whole = rendered(document, form, whole=True)
    assert whole.index("Fares") < whole.index("12 Quay Street")
    assert "12 Quay Street" not in rendered(document, form)


def test_a_pipe_gets_no_blanks_at_the_end_of_a_line() -> None:
    """A table pads its last column; a comparison of two outputs would stumble over it."""
    streams = Streams(io.StringIO(), io.StringIO())
    assert streams.drawn(lambda console: console.print("one  \ntwo   ")) == "one\ntwo\n"


def test_lines_are_wrapped_between_words_and_addresses_are_not() -> None:
    """On a terminal of twenty columns no word is cut, and a link can still be opened."""
    console = Console(file=io.StringIO(), width=20, force_terminal=True)
    with console.capture() as capture:
        render.told(console, f"The ticket office opens at nine.\n{URL}")
    assert capture.get().splitlines() == ["The ticket office", "opens at nine.", URL]


def test_a_point_stands_beside_its_mark() -> None:
    """Where a terminal breaks its line, the next one begins under its words, not under the mark."""
    console = Console(file=io.StringIO(), width=20, force_terminal=True)
    with console.capture() as capture:
        render.prose(console, "The fare is 42 euros from May on.", mark="• ")
    assert capture.get().splitlines() == ["• The fare is 42", "  euros from May on."]


def test_what_is_said_of_a_name_stands_beside_it() -> None:
    """Where there is room for that; else the line is wrapped as any other."""
    for width, lines in (
        (40, ["/quote N   quote number N with what", "           stands around it"]),
        (20, ["/quote N   quote", "number N with what", "stands around it"]),
    ):
        console = Console(file=io.StringIO(), width=width, force_terminal=True)
        with console.capture() as capture:
            render.told(console, "/quote N   quote number N with what stands around it")
        assert capture.get().splitlines() == lines


def test_a_first_look_says_once_why_nobody_is_told() -> None:
    """The line of a check names what it came to; why stands below it, and only where nothing else is said in
    the line itself. As it happens, where the line is all, it says why."""
    first = Verdict(State.NEW, (), alert=False, reason="the first look is silent")
    watch = Watch("ferry", URL)
    looked = Page(URL, URL, Outcome.OK, Via.HTTP, datetime(2026, 3, 1, tzinfo=UTC))
    checked = Checked(watch, State.NEW, first.reason, looked, None, first)
    below = Streams(io.StringIO(), io.StringIO()).drawn(lambda console: watches.verdict(console, first))
    assert (watches.came_to(checked), below) == ("ferry  new", "  Why: the first look is silent\n")
    told = replace(first, summary="“£8.40” became “£9.10”")
    assert watches.came_to(replace(checked, verdict=told)) == "ferry  new: “£8.40” became “£9.10”"
    assert watches.came_to(replace(checked, verdict=None, reason="not yet judged: x")).endswith("judged: x")
    assert watches.live(checked, looked.fetched_at).endswith("  ferry  new: the first look is silent")


@pytest.mark.parametrize(
    ("count", "told"), [(0, "0 watches"), (1, "1 watch"), (2, "2 watches"), (1200, "1,200 watches")]
)
def test_how_many_of_something(count: int, told: str) -> None:
    """One is one; none and several are several."""
    assert counted(count, "watch", "watches") == told
    assert counted(count, "page") == told.replace("watches", "pages").replace("watch", "page")
