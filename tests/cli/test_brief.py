"""``brief``: one report of several pages."""

from __future__ import annotations

from tests.command import Command

URL = "https://example.org/"


def test_each_sentence_has_the_number_of_its_source(scripted: Command) -> None:
    """What is carried is cited by number, what is not says so; the sources follow with their links."""
    ended = scripted("brief", URL + "summary")
    assert ended.status == 0, ended.err
    assert "[1]" in ended.out and "A free sentence [unsupported]" in ended.out
    assert f"{URL}#:~:text=Adults%20pay" in ended.out.splitlines()[-1]


def test_its_json_is_that_of_a_summary(scripted: Command) -> None:
    """Also on failure."""
    assert scripted("brief", URL + "summary", "--json").json["schema"] == "browseagent.summary/1"
    failed = scripted("brief", URL + "no-summary", "--json")
    assert (failed.status, failed.json["error"]["kind"]) == (4, "gone")
