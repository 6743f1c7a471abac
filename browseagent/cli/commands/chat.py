"""``browseagent chat``: questions one after another on the same pages."""

from __future__ import annotations

import asyncio
import webbrowser
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from browseagent.agent.conversation import Conversation, Exchange
from browseagent.answer.followup import complete
from browseagent.cli.completing import files
from browseagent.cli.failure import exit_status, tell_error, worst
from browseagent.cli.invocation import CommandAgent, Invocation, Source, pass_invocation, run_async
from browseagent.cli.keeping import keep
from browseagent.cli.options.reading import Reading, reading_options
from browseagent.cli.options.sources import Typed, listed, sources_from_option, sources_of, terminal_kept
from browseagent.cli.show import results as render
from browseagent.cli.show.progress import Shown
from browseagent.cli.show.streams import clean, one_line
from browseagent.cli.show.transcript import transcript
from browseagent.durable import write_atomically
from browseagent.errors import BrowseAgentError, UsageError
from browseagent.forms import results as forms
from browseagent.records import Document, ErrorInfo, Failed, Quote
from browseagent.web.find_chromium import display


@click.command()
@click.argument("sources", nargs=-1, metavar="SOURCE...", shell_complete=files)
@sources_from_option
@reading_options
@pass_invocation
def chat(invocation: Invocation, sources: tuple[str, ...], sources_from: str | None, reading: Reading) -> int:
    """Answer questions on the sources, one a line, until /quit or the end of standard input.

    A SOURCE is a URL or a path to a saved page or PDF. A question may lean on the one before it ("and for
    students?", "how much is it?"): it is completed, and the whole question is shown. /help lists what else
    can be typed. Questions may come through a pipe; then the exit status is that of the worst failure.
    """
    if "-" in sources or sources_from == "-":
        raise UsageError(
            "chat reads its questions from standard input, so that no source can come from there",
            hint="Save it to a file, and name the file.",
        )
    talk = _Talk(invocation, reading, sources_of(listed(sources, sources_from)))
    try:
        with terminal_kept():
            run_async(talk.to_the_end)
    except KeyboardInterrupt:
        talk.write_json(ErrorInfo("interrupted", "interrupted"))
        raise
    talk.write_json(None)
    return talk.status


class _Talk:
    """One chat, from its first line to its last."""

    def __init__(self, invocation: Invocation, reading: Reading, sources: Sequence[Source]) -> None:
        self.status = 0
        self._invocation = invocation
        self._reading = reading
        self._sources = sources
        self._streams = invocation.streams
        self._typed = Typed()
        self._talked = Conversation(())
        self._told: set[str] = set()

    async def to_the_end(self) -> None:
        """Reads the sources, then answers line after line. Raises the error of the first source where none
        can be read."""
        shown = Shown(self._streams, quiet=self._reading.quiet, verbose=self._reading.verbose)
        async with self._invocation.open_agent(self._reading.settings, shown) as agent:
            with shown:
                self._talked = Conversation(await self._documents(agent))
            if self._typed.terminal and not self._reading.quiet:
                count = len(self._talked.documents)
                self._streams.tell(f"{render.counted(count, 'page')} read. Ask, or type /help.")
            while not self._streams.reader_gone and (line := await self._typed.line()) is not None:
                if not line.strip():
                    continue
                try:
                    await self._answer(agent, shown, line.strip())
                except Ended:
                    return
                except BrowseAgentError as error:
                    self._failed(error.info())

    def write_json(self, error: ErrorInfo | None) -> None:
        """Where JSON was asked for: all that was said, in one document."""
        if self._reading.json:
            model = self._reading.settings.model
            self._streams.write(forms.dumps(forms.chat(self._talked, error, model)))

    async def _documents(self, agent: CommandAgent) -> tuple[Document, ...]:
        documents: list[Document] = []
        failures: list[BrowseAgentError] = []
        for source in self._sources:
            try:
                documents.append(await agent.read(source))
            except UsageError:
                raise
            except BrowseAgentError as error:
                failures.append(error)
        if not documents:
            raise failures[0]
        for failure in failures:
            self._failed(failure.info())
        return tuple(documents)

    async def _answer(self, agent: CommandAgent, shown: Shown, line: str) -> None:
        command = f"/{line}" if line.lower() in _ENDS else line
        if command.startswith("/"):
            said = await carry_out(command, self._talked)
            if self._reading.json:
                self._streams.tell(said)
            else:
                self._streams.print(lambda console: render.told(console, said))
            return
        question = complete(line, self._talked.turns)
        self._show_question(line, question)
        try:
            with shown:
                answer = await agent.ask(question, *self._talked.documents)
        except BrowseAgentError as error:
            answer = Failed(question=question, failure=error.info())
        first = len(self._talked.quotes) + 1
        self._talked = replace(self._talked, exchanges=(*self._talked.exchanges, Exchange(line, answer)))
        keep(self._streams, self._reading, forms.answer(answer, self._reading.settings.model))
        if answer.error is not None:
            self._failed(answer.error)
        elif not self._reading.json:
            self._streams.print(lambda console: render.answer(console, answer, first=first))
            self._streams.write("")
        self._warn([] if answer.error else render.warnings(answer.pages, answer.model))

    def _show_question(self, typed: str, question: str) -> None:
        """The question as it was understood where it was completed; in a pipe also as it came."""
        if self._reading.json:
            return
        if not self._typed.terminal:
            self._streams.write(f"? {one_line(typed)}")
        if question != typed:
            self._streams.write(f"→ {one_line(question)}")

    def _warn(self, warnings: Sequence[str]) -> None:
        """Each warning once: the pages stay the same."""
        for warning in warnings:
            if warning not in self._told and not self._reading.quiet:
                self._streams.tell(warning)
            self._told.add(warning)

    def _failed(self, info: ErrorInfo) -> None:
        """Tells of a failure that does not end the chat. A person has seen it; a script gets the status."""
        tell_error(self._streams, info)
        if not self._typed.terminal:
            self.status = worst([self.status, exit_status(info)])


HELP = """\
/sources     the pages that are asked
/quote N     quote number N with what stands around it
/open N      the link of quote number N; opens it where there is a display
/save FILE   the questions, answers and quotes so far, as Markdown
/help        this list
/quit        ends the chat; so does the end of standard input (Ctrl-D)
Anything else is a question. It may lean on the last one: "and for students?", "how much is it?"."""


_ENDS = ("quit", "exit")
"""What people type to end, also without the stroke; no page answers it."""


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
