"""The manual of the command line, made from the program's own help.

    python tools/manual.py          # rewrite docs/commands.md and docs/browseagent.1 (`man browseagent`)
    python tools/manual.py --check  # exit status 1 where one of them tells other things than --help

An option that ``SHARED`` commands or more have, with the same words, is told once, at the end.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

import click  # noqa: E402

from browseagent.cli.examples import EXAMPLES  # noqa: E402
from browseagent.cli.program import program  # noqa: E402

SHARED = 4
STATUSES = (
    (0, "done (ask: answered), of a page that is only partly open, such as a teaser, with a note"),
    (1, "an error of browseagent itself, or standard output cannot be written"),
    (2, "wrong usage or configuration"),
    (3, "the pages were read, the answer is not on them"),
    (4, "a page could not be fetched (network, time-out, HTTP error)"),
    (5, "a page was refused (bot wall, login, robots.txt, a policy)"),
    (6, "the model could not be loaded or failed"),
    (7, "the page holds no readable text"),
    (130, "interrupted"),
)
VARIABLES = (
    ("BROWSEAGENT_HOME", "the data folder"),
    ("BROWSEAGENT_CONTACT", "your address, told to the sites that are asked"),
    ("BROWSEAGENT_CHROMIUM", "the browser to use"),
    ("BROWSEAGENT_DATABASE", "postgresql://… for pages and watches, in place of a file in the data folder"),
    ("BROWSEAGENT_NO_LOG", "keep no question for `history`"),
    ("BROWSEAGENT_ENGINE", "torch: compute the embedded model with PyTorch, not OpenVINO"),
    ("BROWSEAGENT_PRICE", "of a million tokens in and out, 0.15,0.60: adds the cost of a model that writes"),
    ("OPENAI_BASE_URL, OPENAI_API_KEY", "where an openai: model is, and its key"),
    ("NO_COLOR", "no colours"),
)
_PAGES = ("commands.md", "browseagent.1")
Option = tuple[str, str]
"""How it is written, and its help."""


@dataclass(frozen=True)
class Told:
    """One command, as its help tells it."""

    name: str
    usage: str
    paragraphs: tuple[str, ...]
    options: tuple[Option, ...]

    @property
    def examples(self) -> tuple[str, ...]:
        return tuple(f"browseagent {each}" for each in EXAMPLES.get(self.name, ()))


def commands(
    command: click.Command = program, name: str = "", above: click.Context | None = None
) -> Iterator[Told]:
    """The program and every command, in the order of the help."""
    context = click.Context(command, info_name=name.rpartition(" ")[2] or "browseagent", parent=above)
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    options = [each for each in command.params if isinstance(each, click.Option)]
    records = [option.get_help_record(context) for option in options]
    paragraphs = tuple(inspect.cleandoc(command.help or "").split("\n\n"))
    yield Told(name, usage, paragraphs, tuple(record for record in records if record))
    if isinstance(command, click.Group):
        for each in command.list_commands(context):
            found = command.get_command(context, each)
            assert found is not None
            yield from commands(found, f"{name} {each}".strip(), context)


def shared(told: list[Told]) -> list[Option]:
    """The options that many commands have."""
    counted = Counter(option for each in told for option in dict.fromkeys(each.options))
    return [option for option, count in counted.items() if count >= SHARED]


def markdown(told: list[Told]) -> str:
    """The manual for the web."""
    common = shared(told)
    lines = [
        "# Commands",
        "",
        "Made from the program's own help by `python tools/manual.py`; `man browseagent` shows the same.",
    ]
    for each in told:
        lines += ["", f"{'#' * (2 + each.name.count(' '))} {each.name or 'browseagent'}", ""]
        lines += ["```", each.usage, "```"]
        for paragraph in each.paragraphs:
            plain = paragraph.removeprefix("\b\n")
            lines += [
                "",
                *(["```sh", plain, "```"] if plain != paragraph else [_code(" ".join(plain.split()))]),
            ]
        own = [option for option in each.options if option not in common]
        if own:
            lines += ["", "| option | does |", "| --- | --- |"]
            lines += [f"| `{_cell(name)}` | {_cell(_code(said))} |" for name, said in own]
        if also := _also(each, common):
            lines += ["", f"Also: {', '.join(f'`{name}`' for name in also)} ([shared](#shared-options))."]
        if each.examples:
            lines += ["", "```sh", *each.examples, "```"]
    lines += ["", "## Shared options", "", "| option | does |", "| --- | --- |"]
    lines += [f"| `{_cell(name)}` | {_cell(_code(said))} |" for name, said in common]
    lines += ["", "## Exit status", "", "| status | meaning |", "| --- | --- |"]
    lines += [f"| {status} | {meaning} |" for status, meaning in STATUSES]
    lines += ["", "## Environment", "", "| variable | says |", "| --- | --- |"]
    lines += [f"| `{name}` | {said} |" for name, said in VARIABLES]
    return "\n".join(lines) + "\n"


def roff(told: list[Told]) -> str:
    """The manual for `man`, in the macros of man(7)."""
    common = shared(told)
    head, *rest = told
    lines = ['.TH BROWSEAGENT 1 "" browseagent "User Commands"', ".SH NAME"]
    lines += [
        "browseagent \\- ask web pages, and watch them",
        ".SH SYNOPSIS",
        _roff(head.usage),
        ".SH DESCRIPTION",
    ]
    lines += _paragraphs(head)
    lines += [".SH COMMANDS"]
    for each in rest:
        lines += [f'.SS "{_roff(each.name)}"', f".B {_roff(each.usage)}", *_paragraphs(each)]
        lines += _options([option for option in each.options if option not in common])
        if also := _also(each, common):
            lines += [".PP", _roff(f"Also: {', '.join(also)} (see SHARED OPTIONS).")]
        if each.examples:
            lines += [".PP", ".nf", *(f".B {_roff(example)}" for example in each.examples), ".fi"]
    lines += [".SH SHARED OPTIONS", *_options(common)]
    lines += [".SH EXIT STATUS", *_options([(str(status), meaning) for status, meaning in STATUSES])]
    lines += [".SH ENVIRONMENT", *_options(list(VARIABLES))]
    return "\n".join(lines) + "\n"


def _paragraphs(each: Told) -> list[str]:
    lines: list[str] = []
    for paragraph in each.paragraphs:
        if paragraph.startswith("\b\n"):
            lines += [".PP", ".nf", *map(_roff, paragraph.removeprefix("\b\n").splitlines()), ".fi"]
        else:
            lines += [".PP", _roff(" ".join(paragraph.split()))]
    return lines


def _options(options: list[Option]) -> list[str]:
    return [line for name, said in options for line in (".TP", f".B {_roff(name)}", _roff(said))]


def _also(each: Told, common: list[Option]) -> list[str]:
    return [option[0].split()[0].rstrip(",") for option in common if option in each.options and each.name]


def _roff(text: str) -> str:
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("`", "\\(ga")
    return re.sub(r"^\.", r"\\&.", escaped)


def _code(text: str) -> str:
    """Options within prose as code; what is code already stays whole."""
    return re.sub(r"(`[^`]*`)|(?<![\w-])(--?[a-z][\w-]*)", lambda found: found[1] or f"`{found[2]}`", text)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def main() -> int:
    told = list(commands())
    stale = []
    for name, made in zip(_PAGES, (markdown(told), roff(told)), strict=True):
        page = ROOT / "docs" / name
        if not page.is_file() or page.read_text("utf-8") != made:
            stale.append(name)
            if "--check" not in sys.argv:
                page.write_text(made, "utf-8")
    print(f"{'stale' if '--check' in sys.argv else 'rewritten'}: {', '.join(stale) or 'nothing'}")
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
