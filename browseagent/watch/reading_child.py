"""A process that reads pages for :mod:`browseagent.watch.reading_pool`, until its standard input ends.

A message is its length (8 bytes, big-endian) and a pickle, both ways. A job is the name of a function of
:data:`JOBS` and its arguments; the reply is whether it ended well, and its result or what was raised.
"""

from __future__ import annotations

import os
import pickle
import struct
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any, BinaryIO

from browseagent.records import Document, Hunk, Page
from browseagent.watch.reading import Read, differences_now, read_now, unpaged
from browseagent.watch.records import Watch

LENGTH = struct.Struct(">Q")


def _read(page: Page, watch: Watch) -> Read:
    found = read_now(page, watch)
    return replace(found, document=unpaged(found.document))


def _differences(before: Page, after: Document, page: Page | None, watch: Watch) -> tuple[Hunk, ...]:
    return differences_now(before, replace(after, page=page), watch)


JOBS: dict[str, Callable[..., Any]] = {"read": _read, "differences": _differences}


def pack(message: object) -> bytes:
    """A message as it goes through a pipe."""
    data = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    return LENGTH.pack(len(data)) + data


def serve(jobs: BinaryIO, replies: BinaryIO) -> None:
    """Does one job after another."""
    while len(head := jobs.read(LENGTH.size)) == LENGTH.size:
        name, arguments = pickle.loads(jobs.read(LENGTH.unpack(head)[0]))
        try:
            reply = (True, JOBS[name](*arguments))
        except Exception as error:  # noqa: BLE001  said to the parent, which says it of this one check
            reply = (False, f"{type(error).__name__}: {error}")
        replies.write(pack(reply))
        replies.flush()


def main() -> None:
    """Replies go to what was standard output; whatever a library prints goes to standard error."""
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    serve(sys.stdin.buffer, replies)


if __name__ == "__main__":
    main()
