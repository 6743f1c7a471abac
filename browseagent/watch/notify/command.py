"""An alert on the standard input of a program that the person named.

The program is started without a shell, with the arguments that the person wrote; what comes from a
page is on its standard input alone.
"""

from __future__ import annotations

import asyncio
import os

from browseagent.processes import OWN_GROUP, end_group
from browseagent.watch.notify.message import Message
from browseagent.watch.notify.target import Target
from browseagent.watch.outbox import DeliveryError

DEADLINE = 60.0
_TOLD = 300


async def run(target: Target, message: Message) -> None:
    """Runs the program with the message's subject and text on its standard input, and in its environment
    the key. Raises DeliveryError where it fails, or does not end in time."""
    try:
        process = await asyncio.create_subprocess_exec(
            *target.argv,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            env={**os.environ, "BROWSEAGENT_ALERT_KEY": message.key},
            start_new_session=True,
            creationflags=OWN_GROUP,
        )
    except (OSError, ValueError) as error:
        raise DeliveryError(f"{target.argv[0]} cannot be started: {error}") from error
    try:
        async with asyncio.timeout(DEADLINE):
            text = f"{message.subject}\n\n{message.text}\n".encode("utf-8", "replace")
            _, complaint = await process.communicate(text)
    except TimeoutError:
        raise DeliveryError(f"{target.argv[0]} did not end within {DEADLINE:.0f} s") from None
    finally:
        if process.returncode is None:
            end_group(process.pid)
            await process.wait()
    if process.returncode:
        said = complaint.decode("utf-8", "replace").strip()[-_TOLD:]
        raise DeliveryError(f"{target.argv[0]} ended with status {process.returncode}: {said}".rstrip(": "))
