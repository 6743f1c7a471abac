"""Checking the lines that writers write."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tools.questions.check import Report, check_lines, judge_shares, shares
from tools.questions.pack import faults, packed
from tools.questions.spans import Searched

TEXT = (
    "Fathom 400 lantern £44.50 Weight 4 kg Battery up to 9 hours. By Ada Lund, 5 March 2026. "
    "To reset it, unplug the base. Hold the ring until it turns amber. Plug it in again. "
    "Colours: sand, slate, moss. Also bought: Tern £44.50. Pets other than guide dogs are not admitted. "
    "Ring 4 to 6 pm."
)
PAGE = Searched(TEXT)


def line(**fields: Any) -> str:
    return json.dumps({"tier": "main", **fields})


def checked(*lines: str) -> Report:
    return check_lines("0001", lines, PAGE, "0001.jsonl")


GOOD = [
    line(kind="value", q="how much is the lantern", a=["£44.50"], after="Fathom 400 lantern"),
    line(kind="fact", tier="second", q="who wrote this", a=["Ada Lund"]),
    line(kind="yesno", q="can i bring my dog", a=["no"], s="Pets other than … not admitted."),
    line(kind="how", q="How do I get it back to factory state?", steps=["unplug the base", "Hold … amber"]),
    line(kind="list", q="what shades", a=["sand", "slate", "moss"]),
    line(kind="best", q="cheapest one", a=["Tern"], row="Tern £44.50"),
    line(kind="none", q="how long is the cable", tempting="up to 9 hours"),
    line(kind="none", q="is it waterproof"),
]


def test_good_lines() -> None:
    """Each kind's line is accepted, and its spans are those of the page."""
    report = checked(*GOOD)
    assert report.errors == []
    price, author, dogs, reset, shades, cheapest, cable, water = report.questions
    said = [[TEXT[span.start : span.end] for span in each.evidence] for each in report.questions]
    assert said[0] == ["£44.50"] and price.answers[0].start == TEXT.index("£44.50")
    assert said[1] == ["Ada Lund"] and author.written.tier == "second"
    assert said[2] == ["Pets other than guide dogs are not admitted."] and dogs.sentence
    assert said[3] == ["unplug the base", "Hold the ring until it turns amber"] and reset.steps
    assert said[4] == ["sand", "slate", "moss"] and len(shades.answers) == 3
    assert cheapest.row and TEXT[cheapest.row.start : cheapest.row.end] == "Tern £44.50"
    assert said[6] == said[7] == [] and cable.tempting and not water.tempting


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("{", "no JSON"),
        ("[]", "one JSON object"),
        (line(kind="what", q="a b", a=["x"]), "kind is 'what'"),
        (line(kind="fact", q="who is it", a=["Ada Lund"], steps=["x"]), "has no steps"),
        (line(kind="fact", q="who is it"), "needs a"),
        (line(kind="fact", q="who is it", answer=["x"]), "unknown field answer"),
        (line(kind="fact", tier="foot", q="who is it", a=["Ada Lund"]), "tier is 'foot'"),
        (line(kind="fact", q="who " * 31, a=["Ada Lund"]), "at most 30 words"),
        (line(kind="yesno", q="is it so", a=["maybe"], s="Also"), '"yes"] or ["no"]'),
        (line(kind="list", q="what shades", a=["sand"]), "two items or more"),
        (
            line(kind="fact", q="who is it", a=["Ada Berg"]),
            "does not stand in the page's text; nearest: 'Ada Lund",
        ),
        (line(kind="fact", q="who is it", a=[" ".join("abcdefghijklm")]), "more than 12 words"),
        (line(kind="value", q="until when can i call", a=["4"]), "stands in 2 places"),
        (line(kind="value", q="until when can i call", a=["6 pm"], after="Fathom"), "within 160 characters"),
        (line(kind="value", q="until when can i call", a=["6 pm"], after="Fathom 500"), "after: "),
        (line(kind="how", q="how to do it", steps=["throw it away"]), "does not stand"),
        (line(kind="best", q="cheapest one", a=["Tern"], row="Tern £50"), "row: "),
        (
            line(kind="fact", q="hold the ring until it does what", a=["turns amber"]),
            "copies the page's words",
        ),
        (line(kind="fact", q="did Ada Lund write this or who", a=["Ada Lund"]), "holds its own answer"),
    ],
)
def test_wrong_lines(given: str, said: str) -> None:
    """A wrong line is an error that names file and line and says what to mend."""
    (error,) = checked(GOOD[1], given).errors
    assert error.startswith("0001.jsonl:2: ") and said in error


def test_asked_twice() -> None:
    """The same words asked again on a page are an error."""
    again = line(kind="none", q="Who wrote this?")
    assert checked(GOOD[1], again).errors == ["0001.jsonl:2: asked in line 1 already"]


def test_every_place() -> None:
    """Without words before it, an answer's every place is kept."""
    report = checked(line(kind="value", q="what do both cost", a=["£44.50"]))
    assert len(report.questions[0].answers) == 2


def test_shares() -> None:
    """Shares are of all questions; nothing is judged before there are a hundred."""
    report = checked(*GOOD)
    figures = shares(report)
    assert (
        figures["kind none"] == 25 and figures["tempting, of none"] == 50 and figures["tier second"] == 12.5
    )
    assert figures["lower case"] == 87.5 and figures["no question mark"] == 87.5
    assert judge_shares(report) == []
    many = Report(questions=report.questions * 20)
    assert any(wrong.startswith("lower case: 88 %") for wrong in judge_shares(many))


def test_packed() -> None:
    """What is committed holds offsets, short answers, and no sentence; it can be verified beside the text."""
    row = json.loads(json.dumps(packed("0001", TEXT, checked(*GOOD).questions)))
    assert list(faults(row, TEXT)) == []
    price, _, dogs, reset, *_, cable, water = row["questions"]
    assert price["answers"] == [["£44.50", 19, 25]]
    assert dogs["answer"] == "no" and [TEXT[start:end] for start, end in dogs["evidence"]] == [
        "Pets other than guide dogs are not admitted."
    ]
    assert len(reset["steps"]) == 2 and "guide dogs" not in json.dumps(row)
    assert cable["tempting"][0][0] == "up to 9 hours" and water["tempting"] is None


def test_packed_beside_another_text() -> None:
    """Offsets are not trusted beside another text, nor words that do not stand where they should."""
    row = packed("0001", TEXT, checked(GOOD[1]).questions)
    assert "another text" in next(faults(row, TEXT + " more"))
    row["questions"][0]["answers"][0][1] += 1
    assert "stands where" in next(faults(row, TEXT))
