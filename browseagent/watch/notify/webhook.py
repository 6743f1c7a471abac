"""An alert as an HTTP POST of JSON, signed after the Standard Webhooks specification.

``webhook-id`` is the idempotency key (also sent as ``Idempotency-Key``), ``webhook-signature`` is
``v1,`` and the Base64 of HMAC-SHA256 over ``id.timestamp.body``. Redirects are not followed: an alert
goes where the person said, or nowhere.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time

import httpx

from browseagent import __version__
from browseagent.watch.notify.message import Message
from browseagent.watch.notify.target import Target
from browseagent.watch.outbox import DeliveryError

DEADLINE = 30.0


def signature(secret: str, key: str, timestamp: str, body: bytes) -> str:
    """What a receiver computes to see that a message is ours."""
    signed = b".".join([key.encode(), timestamp.encode(), body])
    digest = hmac.new(secret.encode(), signed, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


class Webhook:
    """Posts messages; ``secret`` signs them where there is one."""

    def __init__(self, secret: str | None, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._secret = secret
        self._transport = transport

    async def send(self, target: Target, message: Message) -> None:
        """Posts a message. Raises DeliveryError; HTTP 410 is a permanent one."""
        body = json.dumps(message.data, ensure_ascii=True).encode()
        timestamp = str(int(time.time()))
        headers = {
            "content-type": "application/json",
            "user-agent": f"browseagent/{__version__}",
            "idempotency-key": message.key,
            "webhook-id": message.key,
            "webhook-timestamp": timestamp,
        }
        if self._secret:
            headers["webhook-signature"] = signature(self._secret, message.key, timestamp, body)
        try:
            async with (
                httpx.AsyncClient(
                    timeout=DEADLINE, follow_redirects=False, transport=self._transport
                ) as client,
                client.stream("POST", target.address, content=body, headers=headers) as reply,
            ):
                status = reply.status_code
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise DeliveryError(f"{type(error).__name__}: {error}") from error
        if not 200 <= status < 300:
            raise DeliveryError(f"the receiver answered {status}", permanent=status == 410)
