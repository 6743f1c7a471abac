"""What can be typed in a chat beside questions: ``/sources``, ``/quote N``, ``/open N``, ``/save FILE``."""

from __future__ import annotations

import asyncio
import webbrowser
from pathlib import Path

from browseagent.cli.clean import clean, one_line
from browseagent.cli.conversation import Conversation, transcript
from browseagent.durable import write_atomically
from browseagent.errors import UsageError
from browseagent.records import Quote
from browseagent.web.find_chromium import display

HELP = """\
/sources     the pages that are asked
/quote N     quote number N with what stands around it
/open N      the link of quote number N; opens it where there is a display
/save FILE   the questions, answers and quotes so far, as Markdown
/help        this list
/quit        ends the chat; so does the end of standard input (Ctrl-D)
Anything else is a question. It may lean on the last one: "and for students?", "how much is it?"."""


class Ended(Exception):
    """The person has ended the chat."""


async def carry_out(line: str, talked: Conversation) -> str:
    """What a command says. Raises :class:`Ended` for /quit, UsageError for one that is none."""
    name, _, given = line.partition(" ")
    given = given.strip()
    match name.lower():
        case "/quit" | "/exit":
            raise Ended
        case "/help":
            return HELP
        case "/sources":
            return _sources(talked)
        case "/quote":
            return _in_context(talked, _quote(talked, name, given))
        case "/open":
            return await _open(_quote(talked, name, given))
        case "/save":
            return await asyncio.to_thread(_save, talked, given)
    raise UsageError(f"{one_line(name)} is no command", hint="/help lists them.")


def _sources(talked: Conversation) -> str:
    lines = []
    for number, document in enumerate(talked.documents, 1):
        lines.append(f"{number}. {one_line(document.title) or one_line(document.url)}")
        lines.append(f"   {one_line(document.url)} · {len(document.text):,} characters")
    return "\n".join(lines)


def _quote(talked: Conversation, command: str, given: str) -> Quote:
    quotes = talked.quotes
    if not quotes:
        raise UsageError("no quote was shown yet", hint="Ask a question first.")
    number = int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else 0
    if not 1 <= number <= len(quotes):
        raise UsageError(f"{command} takes a number from 1 to {len(quotes)}", hint=f"{command} {len(quotes)}")
    return quotes[number - 1]


def _in_context(talked: Conversation, quote: Quote) -> str:
    before, after = talked.around(quote)
    return clean(f"{before}“{quote.text}”{after}").strip() + f"\n{one_line(quote.link)}"


async def _open(quote: Quote) -> str:
    """Opens the link where there is a display; it is that of a page which the person named."""
    link = one_line(quote.link)
    if display() and link.startswith(("https://", "http://", "file://")):
        await asyncio.to_thread(webbrowser.open, link)
    return link


def _save(talked: Conversation, given: str) -> str:
    if not given:
        raise UsageError("/save takes the name of a file", hint="For example /save answers.md")
    try:
        path = Path(given).expanduser()
        if path.exists() and not _is_transcript(path):
            raise UsageError(f"{one_line(given)} is there already, and is no chat", hint="Give another name.")
        write_atomically(path, transcript(talked).encode("utf-8", "replace"))
    except (OSError, ValueError, RuntimeError) as error:
        raise UsageError(f"{one_line(given)} cannot be written: {error}") from error
    return f"saved to {one_line(str(path))}"


def _is_transcript(path: Path) -> bool:
    """Whether a file was written by /save, so that it may be written anew."""
    with path.open("rb") as file:
        return file.readline(100).strip() == transcript(Conversation(())).encode().splitlines()[0].strip()
