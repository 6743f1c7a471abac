"""The program as a function: arguments in, exit status out."""

from __future__ import annotations

import traceback
from collections.abc import Mapping, Sequence

import click

from browseagent import __version__
from browseagent.cli.failure import report_failure
from browseagent.cli.invocation import Invocation, OpenAgent, open_agent
from browseagent.cli.lazy import Command, LazyGroup
from browseagent.cli.show.streams import Streams
from browseagent.errors import BrowseAgentError, ModelError, UsageError
from browseagent.records import ErrorInfo

INTERRUPTED = 130
"""Exit status after Ctrl-C, SIGTERM or SIGHUP."""
INTERNAL = 1
"""Exit status of an error that is ours and that we did not foresee."""


# A new command is registered here; its module is imported when it is run.
COMMANDS: Mapping[str, Command] = {
    "ask": Command("ask", "ask", "Answer a question from pages, with quotes.", waits=True),
    "summarize": Command("summarize", "summarize", "Summarise pages, with quotes.", waits=True),
    "brief": Command("brief", "brief", "One cited report of several pages.", waits=True),
    "chat": Command("chat", "chat", "Follow-up questions on the same pages.", waits=True),
    "read": Command("read", "read", "Print the readable text of a page.", waits=True),
    "crawl": Command("crawl", "crawl", "Store a site, to ask it without network.", waits=True),
    "watch": Command("watch", "watch", "Watch pages on a schedule."),
    "worker": Command("worker", "worker", "Check on many machines, by a database."),
    "store": Command("store", "store", "Move what is kept to another database."),
    "cache": Command("cache", "cache", "Look at and clear stored page versions."),
    "history": Command("history", "history", "What was asked before."),
    "backup": Command("backup", "backup", "Write all that is kept into one file."),
    "restore": Command("backup", "restore", "Put such a file in place."),
    "record": Command("record", "record", "Save a page as a replayable fixture.", waits=True),
    "login": Command("login", "login", "Log in to a site, and keep that in a profile."),
    "serve": Command("serve", "serve", "A web page and an HTTP API, kept warm."),
    "mcp": Command("mcp", "mcp", "The same for assistants (MCP)."),
    "model": Command("model", "model_group", "List, fetch and make models."),
    "doctor": Command("doctor", "doctor_command", "Say what is missing, and how to get it."),
    "completion": Command("completion", "completion", "Complete commands with the tab key."),
}


@click.group(cls=LazyGroup, table=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="browseagent")
def program() -> None:
    """Ask web pages. Every answer rests on words that stand on the page, and shows them.

    A source is a URL, a path to a saved page or PDF, or - for standard input.

    \b
    browseagent ask "When does it open?" https://example.org/visit
    browseagent summarize report.pdf
    browseagent read https://example.org/ > page.md

    `man browseagent`, and docs/commands.md, hold all of it.
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
    except (click.Abort, KeyboardInterrupt):
        status = report_failure(invocation, ErrorInfo("interrupted", "interrupted"), INTERRUPTED)
    except click.ClickException as error:
        status = _report_usage(invocation, error)
    except BrowseAgentError as error:
        status = report_failure(invocation, error.info(), error.exit_status)
    except ModuleNotFoundError as error:
        status = _report_missing_package(invocation, error)
    except Exception as error:  # noqa: BLE001  a bug of ours: said as such, and as JSON where asked for
        status = _report_bug(invocation, error)
    streams.show("")
    streams.flush()
    return status if isinstance(status, int) else 0


def interrupted(argv: Sequence[str]) -> int:
    """Tells of a signal that came before the command began, and gives the exit status."""
    invocation = Invocation(tuple(argv), Streams.of_this_process(), open_agent)
    return report_failure(invocation, ErrorInfo("interrupted", "interrupted"), INTERRUPTED)


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
