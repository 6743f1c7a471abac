"""Every kind of target behind one :class:`~browseagent.watch.outbox.Sender`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import assert_never

from browseagent.watch.notify import command, feed
from browseagent.watch.notify.message import Message
from browseagent.watch.notify.target import Target
from browseagent.watch.outbox import DeliveryError


class Senders:
    """Hands messages to their targets. ``write`` is what standard output is written with."""

    def __init__(self, write: Callable[[str], None], *, secret: str | None = None) -> None:
        self._write = write
        self._secret = secret

    async def send(self, target: Target, message: Message) -> None:
        match target.kind:
            case "stdout":
                self._write(f"{message.subject}\n{message.text}\n\n")  # the next one begins apart
            case "command":
                await command.run(target, message)
            case "feed":
                await asyncio.to_thread(feed.append, target, message)
            case "webhook":
                from browseagent.watch.notify.webhook import Webhook

                await Webhook(self._secret).send(target, message)
            case "apprise":
                await asyncio.to_thread(_apprise, target, message)
            case _:
                assert_never(target.kind)


def _apprise(target: Target, message: Message) -> None:
    try:
        import apprise
    except ModuleNotFoundError as error:
        hint = "pip install 'browseagent[notify]'"
        raise DeliveryError(f"Apprise is not installed: {hint}") from error
    sender = apprise.Apprise()
    if not sender.add(target.address):
        raise DeliveryError(f"Apprise does not know {target.shown}", permanent=True)
    # As text: Apprise escapes it for targets that take HTML. The mark keeps a page from calling everybody
    # in a chat.
    said = [text.replace("@", "@\u200b") for text in (message.subject, message.text)]
    taken = sender.notify(title=said[0], body=said[1], body_format=apprise.NotifyFormat.TEXT)
    if not taken:
        raise DeliveryError(f"{target.shown} did not take the message")
