"""The program as a function: arguments in, exit status out."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module

import click

from browseagent import __version__
from browseagent.cli.failure import report_failure
from browseagent.cli.invocation import Invocation, OpenAgent, open_agent
from browseagent.cli.show.streams import Streams
from browseagent.errors import BrowseAgentError, ModelError, UsageError
from browseagent.records import ErrorInfo

INTERRUPTED = 130
"""Exit status after Ctrl-C, SIGTERM or SIGHUP."""
INTERNAL = 1
"""Exit status of an error that is ours and that we did not foresee."""


@dataclass(frozen=True, slots=True)
class Command:
    """Where a command is written, and what the overview says of it."""

    module: str
    attribute: str
    summary: str


# A new command is registered here; its module is imported when it is run.
COMMANDS: Mapping[str, Command] = {
    "ask": Command("browseagent.cli.commands.ask", "ask", "Answer a question from pages, with quotes."),
    "summarize": Command("browseagent.cli.commands.summarize", "summarize", "Summarise pages, with quotes."),
    "brief": Command("browseagent.cli.commands.brief", "brief", "One cited report of several pages."),
    "chat": Command("browseagent.cli.commands.chat", "chat", "Follow-up questions on the same pages."),
    "read": Command("browseagent.cli.commands.read", "read", "Print the readable text of a page."),
    "crawl": Command("browseagent.cli.commands.crawl", "crawl", "Store a site, to ask it without network."),
    "watch": Command("browseagent.cli.commands.watch", "watch", "Watch pages on a schedule."),
    "cache": Command("browseagent.cli.commands.cache", "cache", "Look at and clear stored page versions."),
    "history": Command("browseagent.cli.commands.history", "history", "What was asked before."),
    "backup": Command("browseagent.cli.commands.backup", "backup", "Write all that is kept into one file."),
    "restore": Command("browseagent.cli.commands.backup", "restore", "Put such a file in place."),
    "record": Command("browseagent.cli.commands.record", "record", "Save a page as a replayable fixture."),
    "login": Command(
        "browseagent.cli.commands.login", "login", "Log in to a site, and keep that in a profile."
    ),
    "serve": Command("browseagent.cli.commands.serve", "serve", "A web page and an HTTP API, kept warm."),
    "mcp": Command("browseagent.cli.commands.mcp", "mcp", "The same for assistants (MCP)."),
    "model": Command("browseagent.cli.commands.model", "model_group", "List, fetch and make models."),
    "doctor": Command(
        "browseagent.cli.commands.doctor", "doctor_command", "Say what is missing, and how to get it."
    ),
}


class _LazyGroup(click.Group):
    """A group that imports a command's module only to run it or to show its own help."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        command = getattr(import_module(entry.module), entry.attribute)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.summary) for name, entry in COMMANDS.items()])


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="browseagent")
def program() -> None:
    """Ask web pages. Every answer rests on words that stand on the page, and shows them.

    A source is a URL, a path to a saved page or PDF, or - for standard input.

    \b
    browseagent ask "When does it open?" https://example.org/visit
    browseagent summarize report.pdf
    browseagent read https://example.org/ > page.md
    """


def run(argv: Sequence[str], *, agent: OpenAgent = open_agent) -> int:
    """Runs one command and gives its exit status. ``agent`` opens the agent that it talks to."""
    streams = Streams.of_this_process()
    invocation = Invocation(tuple(argv), streams, agent)
    try:
        status = program.main(args=list(argv), prog_name="browseagent", standalone_mode=False, obj=invocation)
    except SystemExit:  # click's way to end when the reader of its help text has gone
        streams.reader_has_gone()
        status = 0
    except (click.Abort, KeyboardInterrupt, asyncio.CancelledError):
        status = report_failure(invocation, ErrorInfo("interrupted", "interrupted"), INTERRUPTED)
    except click.ClickException as error:
        status = _report_usage(invocation, error)
    except BrowseAgentError as error:
        status = report_failure(invocation, error.info(), error.exit_status)
    except ModuleNotFoundError as error:
        status = _report_missing_package(invocation, error)
    except Exception as error:  # noqa: BLE001  a bug of ours: said as such, and as JSON where asked for
        status = _report_bug(invocation, error)
    streams.flush()
    return status if isinstance(status, int) else 0


def _report_usage(invocation: Invocation, error: click.ClickException) -> int:
    hint = ""
    if isinstance(error, click.UsageError) and error.ctx is not None:
        if isinstance(error, click.exceptions.NoArgsIsHelpError):
            invocation.streams.tell(error.ctx.get_help())
            return UsageError.exit_status
        hint = f"{error.ctx.get_usage()}\n`{error.ctx.command_path} --help` explains the options."
    info = UsageError(error.format_message(), hint=hint).info()
    return report_failure(invocation, info, UsageError.exit_status)


def _report_missing_package(invocation: Invocation, error: ModuleNotFoundError) -> int:
    """A package that a small install leaves out, wherever it was found missing; else a bug."""
    from browseagent.packages import TORCH_PACKAGES, torch_hint

    package = (error.name or "").partition(".")[0]
    if package not in TORCH_PACKAGES:
        return _report_bug(invocation, error)
    missing = ModelError(f"this model needs {package}, which this install lacks", hint=torch_hint())
    return report_failure(invocation, missing.info(), missing.exit_status)


def _report_bug(invocation: Invocation, error: Exception) -> int:
    if {"-v", "--verbose"} & set(invocation.argv):
        invocation.streams.tell("".join(traceback.format_exception(error)).rstrip())
        hint = "This is a bug in browseagent. Please report it with the lines above."
    else:
        hint = "This is a bug in browseagent. Please report it with what the same command prints with -v."
    place = traceback.extract_tb(error.__traceback__)[-1:]
    where = f" ({place[0].name}, line {place[0].lineno})" if place else ""
    message = f"{type(error).__name__}: {error}{where}"
    return report_failure(invocation, ErrorInfo("internal", message, hint), INTERNAL)
