"""``browseagent chat``: questions one after another on the same pages."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import click

from browseagent.answer.followup import complete
from browseagent.cli import json_output, render
from browseagent.cli.chat_commands import Ended, carry_out
from browseagent.cli.clean import one_line
from browseagent.cli.conversation import Conversation, Exchange
from browseagent.cli.execute import run_async
from browseagent.cli.failure import exit_status, tell_error, worst
from browseagent.cli.invocation import CommandAgent, Invocation, Source, pass_invocation
from browseagent.cli.lines import Typed, terminal_kept
from browseagent.cli.options import Reading, reading_options
from browseagent.cli.progress import Shown
from browseagent.cli.sources import listed, sources_from_option, sources_of
from browseagent.errors import BrowseAgentError, UsageError
from browseagent.records import Document, ErrorInfo, Failed


@click.command()
@click.argument("sources", nargs=-1, metavar="SOURCE...")
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
    except (asyncio.CancelledError, KeyboardInterrupt):
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
                self._streams.tell(f"{count} page{'s' if count > 1 else ''} read. Ask, or type /help.")
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
            self._streams.write(json_output.dumps(json_output.chat(self._talked, error, model)))

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
        if line.startswith("/"):
            said = await carry_out(line, self._talked)
            (self._streams.tell if self._reading.json else self._streams.write)(said)
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
