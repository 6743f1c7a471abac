"""Prompts: Markdown files with front matter that declares their variables.

    ---
    name: question-likelihood
    description: What the question's likelihood is measured after.
    variables: passage, title
    ---
    {{title}}
    {{passage}}

A variable is written ``{{name}}``. Each declared one must occur in the text and each one in the
text must be declared, and rendering takes exactly those: anything else is a :class:`PromptError`.
Values are put in verbatim, in one pass, so page text that contains ``{{title}}`` stays as it is.
The files are in ``prompts/`` at the top of the checkout, and in ``browseagent/prompts/`` of a wheel.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from browseagent.errors import PromptError

_VARIABLE = re.compile(r"\{\{([a-z][a-z0-9_]*)\}\}")
_BRACES = re.compile(r"\{\{[^{}\n]*\}\}")
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_KEYS = {"name", "description", "variables"}


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt as its file gives it."""

    name: str
    description: str
    variables: tuple[str, ...]
    template: str
    """The text after the front matter, without the line break at its end."""
    sha256: str
    """Of the whole file: part of every cache key that depends on the prompt."""

    def render(self, **values: str) -> str:
        """The text with its variables filled in. Exactly the declared variables must be given."""
        declared = set(self.variables)
        wrong = _differences(missing=declared - set(values), unknown=set(values) - declared)
        if wrong:
            raise PromptError(f"prompt {self.name!r} was given the wrong variables: {wrong}")
        return _VARIABLE.sub(lambda match: values[match[1]], self.template)


def load_prompt(name: str, *, folder: Path | None = None) -> Prompt:
    """The prompt of that name, from the package or the checkout, or from ``folder``.

    Raises :class:`PromptError` where there is none, or where its file is malformed.
    """
    if not _NAME.fullmatch(name):
        raise PromptError(f"{name!r} is no name of a prompt", hint="small letters, digits and hyphens")
    place = folder if folder is not None else _installed()
    try:
        content = (place / f"{name}.md").read_bytes()
    except OSError as error:
        raise PromptError(f"there is no prompt {name!r} in {place}") from error
    return parse_prompt(name, content)


def parse_prompt(name: str, content: bytes) -> Prompt:
    """Reads a prompt's file. Raises :class:`PromptError` if it is malformed or names another prompt."""
    try:
        text = content.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise PromptError(f"prompt {name!r} is not UTF-8: {error}") from error
    front, found, body = text.removeprefix("---\n").partition("\n---\n")
    if not text.startswith("---\n") or not found:
        raise PromptError(f"prompt {name!r} has no front matter", hint="it starts and ends with a line ---")
    fields = _front_matter(name, front)
    variables = tuple(part.strip() for part in fields["variables"].split(",") if part.strip())
    template = body.strip("\n")
    _check(name, fields["name"], variables, template)
    return Prompt(name, fields["description"], variables, template, hashlib.sha256(content).hexdigest())


def fence(text: str, mark: str) -> str:
    """Page text between two lines that carry ``mark``, for prompts that a writer continues.

    The mark is drawn at random by the caller for each prompt; a page cannot know it, and so cannot
    close the fence. Raises ``ValueError`` if the mark is empty or occurs in the text.
    """
    if not mark.strip() or mark in text:
        raise ValueError("the mark must not be empty, nor occur in the text")
    return f"<page {mark}>\n{text}\n</page {mark}>"


def _installed() -> Traversable:
    """The folder of prompts inside the package (wheel), else beside it (checkout, editable)."""
    package = files("browseagent")
    inside = package.joinpath("prompts")
    if inside.is_dir():
        return inside
    if isinstance(package, Path) and (beside := package.parent / "prompts").is_dir():
        return beside
    raise PromptError("the folder of prompts is missing", hint="install browseagent again")


def _front_matter(name: str, front: str) -> dict[str, str]:
    """The fields of the front matter, ``key: value`` a line; all three, once each."""
    fields: dict[str, str] = {}
    for line in front.splitlines():
        key, colon, value = (part.strip() for part in line.partition(":"))
        if not colon or key in fields or key not in _KEYS:
            raise PromptError(f"prompt {name!r}: front matter cannot be read at {line!r}")
        fields[key] = value
    if missing := _KEYS - set(fields):
        raise PromptError(f"prompt {name!r}: front matter lacks {', '.join(sorted(missing))}")
    return fields


def _check(name: str, given: str, variables: tuple[str, ...], template: str) -> None:
    """Raises unless the file says its own name and declares exactly the variables that it uses."""
    if given != name:
        raise PromptError(f"prompt {name!r} calls itself {given!r}")
    if len(set(variables)) != len(variables):
        raise PromptError(f"prompt {name!r} declares a variable twice")
    for braces in _BRACES.findall(template):
        if not _VARIABLE.fullmatch(braces):
            raise PromptError(f"prompt {name!r}: {braces} is no variable", hint="like {{passage}}")
    used = set(_VARIABLE.findall(template))
    wrong = _differences(unused=set(variables) - used, undeclared=used - set(variables))
    if wrong:
        raise PromptError(f"prompt {name!r} does not declare what it uses: {wrong}")


def _differences(**groups: set[str]) -> str:
    """In words: ``missing passage, title; unknown text``."""
    return "; ".join(f"{kind} {', '.join(sorted(names))}" for kind, names in groups.items() if names)
