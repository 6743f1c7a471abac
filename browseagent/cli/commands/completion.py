"""``browseagent completion``."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from browseagent.cli.invocation import Invocation, pass_invocation

VARIABLE = "_BROWSEAGENT_COMPLETE"
"""By it the shell asks the program what may follow (click's convention)."""


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@pass_invocation
def completion(invocation: Invocation, shell: str) -> int:
    """Print what makes SHELL complete commands and options with the tab key.

    \b
    bash  browseagent completion bash \\
              >~/.local/share/bash-completion/completions/browseagent
    zsh   browseagent completion zsh >"${fpath[1]}/_browseagent"
    fish  browseagent completion fish >~/.config/fish/completions/browseagent.fish
    """
    from browseagent.cli.program import program

    kind = get_completion_class(shell)
    assert kind is not None  # click knows these three
    written = kind(program, {}, "browseagent", VARIABLE)
    invocation.streams.write(written.source_template % written.source_vars())
    return 0
