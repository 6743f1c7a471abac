"""Prompt files: read, checked and rendered."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from browseagent.errors import PromptError
from browseagent.model.prompts import fence, load_prompt, parse_prompt

GREETING = (
    b"---\nname: greeting\ndescription: Says hello.\nvariables: who, when\n---\nGood {{when}}, {{who}}!\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one prompt."""
    (tmp_path / "greeting.md").write_bytes(GREETING)
    return tmp_path


def test_a_prompt_is_rendered_with_its_variables(folder: Path) -> None:
    """The text after the front matter, its variables filled in, without the last line break."""
    prompt = load_prompt("greeting", folder=folder)
    assert prompt.render(who="Ada", when="evening") == "Good evening, Ada!"
    assert prompt.description == "Says hello."
    assert prompt.variables == ("who", "when")
    assert prompt.sha256 == hashlib.sha256(GREETING).hexdigest()


@given(st.text(), st.text())
def test_values_are_put_in_verbatim(who: str, when: str) -> None:
    """Whatever a value holds, braces and names of other variables too, stands in the text as it is."""
    prompt = parse_prompt("greeting", GREETING)
    assert prompt.render(who=who, when=when) == f"Good {when}, {who}!"


def test_a_value_with_a_variable_in_it_is_not_expanded(folder: Path) -> None:
    """Page text cannot reach another variable."""
    prompt = load_prompt("greeting", folder=folder)
    assert prompt.render(who="{{when}}", when="{{who}}") == "Good {{who}}, {{when}}!"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"who": "Ada"}, "missing when"),
        ({}, "missing when, who"),
        ({"who": "Ada", "when": "now", "why": "x"}, "unknown why"),
        ({"who": "Ada", "why": "x"}, "missing when; unknown why"),
    ],
)
def test_wrong_variables_are_all_named(folder: Path, values: dict[str, str], words: str) -> None:
    """Every missing and every unknown variable is named in one error."""
    with pytest.raises(PromptError, match=words):
        load_prompt("greeting", folder=folder).render(**values)


FRONT = "---\nname: x\ndescription: d\nvariables: {}\n---\n"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (FRONT.format("a") + "no variable", "unused a"),
        (FRONT.format("") + "{{a}}", "undeclared a"),
        (FRONT.format("a, a") + "{{a}}", "twice"),
        (FRONT.format("a") + "{{a}} {{ a }}", "is no variable"),
        (FRONT.format("") + "{{A}}", "is no variable"),
        ("no front matter", "no front matter"),
        ("---\nname: x\n", "no front matter"),
        ("---\nname: x\ndescription: d\n---\n", "lacks variables"),
        ("---\nname: x\nname: x\n---\n", "cannot be read"),
        ("---\nname: x\nauthor: y\n---\n", "cannot be read"),
        ("---\njust words\n---\n", "cannot be read"),
        (FRONT.format("").replace("name: x", "name: y"), "calls itself 'y'"),
    ],
)
def test_a_malformed_file_is_an_error_that_says_where(content: str, words: str) -> None:
    """What is undeclared, unused, missing or unreadable is named."""
    with pytest.raises(PromptError, match=words):
        parse_prompt("x", content.encode())


def test_a_file_that_is_not_utf8_is_an_error() -> None:
    """Bytes that are no UTF-8 are a PromptError, not a UnicodeDecodeError."""
    with pytest.raises(PromptError, match="UTF-8"):
        parse_prompt("x", b"---\nname: \xff")


@pytest.mark.parametrize("name", ["absent", "../greeting", "Greeting", "", "greeting.md"])
def test_a_prompt_that_is_not_there_is_an_error(folder: Path, name: str) -> None:
    """No file, or no name that a file could have (so no path leads out of the folder)."""
    with pytest.raises(PromptError):
        load_prompt(name, folder=folder)


def test_prompts_are_read_from_a_zipped_wheel(tmp_path: Path) -> None:
    """A wheel that is imported as a zip file gives its prompts too."""
    import subprocess
    import sys

    import browseagent

    package = Path(browseagent.__file__).parent
    wheel = tmp_path / "browseagent.zip"
    with zipfile.ZipFile(wheel, "w") as archive:
        records = (f"records/{path.name}" for path in (package / "records").glob("*.py"))
        for path in ("__init__.py", "errors.py", "model/prompts.py", *records):
            archive.write(package / path, f"browseagent/{path}")
        archive.writestr("browseagent/model/__init__.py", "")
        archive.writestr("browseagent/prompts/greeting.md", GREETING)
    program = (
        f"import sys; sys.path.insert(0, {str(wheel)!r})\n"
        "from browseagent.model import prompts\n"
        f"assert prompts.__file__.startswith({str(wheel)!r}), prompts.__file__\n"
        "print(prompts.load_prompt('greeting').render(who='Ada', when='day'))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
    assert done.stdout == "Good day, Ada!\n"


def test_every_prompt_of_the_checkout_is_well_formed() -> None:
    """Each file in prompts/ loads under its own name."""
    import browseagent

    beside = Path(browseagent.__file__).parent.parent / "prompts"
    names = sorted(path.stem for path in beside.glob("*.md"))
    assert names
    for name in names:
        assert load_prompt(name).name == name


def test_a_fence_holds_the_text_between_marks() -> None:
    """The text is unchanged, and the mark stands on both sides."""
    assert fence("a\nb", "k7") == "<page k7>\na\nb\n</page k7>"


@pytest.mark.parametrize(("text", "mark"), [("the mark k7 is known", "k7"), ("text", ""), ("text", " ")])
def test_a_mark_that_the_text_knows_is_refused(text: str, mark: str) -> None:
    """A fence that the page could close is no fence."""
    with pytest.raises(ValueError, match="mark"):
        fence(text, mark)
