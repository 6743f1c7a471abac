"""Options that commands share."""

import click

json_option = click.option("--json", is_flag=True, help="Print one JSON document.")
"""What every command that prints one document takes."""
