"""``browseagent completion``."""

from __future__ import annotations

import click
from click.shell_completion import FishComplete, get_completion_class

from browseagent.cli.invocation import Invocation, pass_invocation

VARIABLE = "_BROWSEAGENT_COMPLETE"
"""By it the shell asks the program what may follow (click's convention)."""

_FISH_SPLITS = 'string split "," '
"""How click's fish script parts the kind of an offer from the offer: at every comma, which cuts what is said
of a command at its first."""


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
    script = written.source_template % written.source_vars()
    if kind is FishComplete:
        script = script.replace(_FISH_SPLITS, 'string split --max 1 "," ')
    invocation.streams.write(script)
    return 0
