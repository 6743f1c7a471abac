"""The server's own secret: keys of feeds and tokens of forms are made from it, and so outlive a restart."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from browseagent.errors import StoreError

NAME = "serve.secret"


def secret_of(home: Path) -> str:
    """The secret in the data folder, which only its owner can read; made where there is none. Raises
    StoreError."""
    path = home / NAME
    try:
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text(encoding="ascii")
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
        return path.read_text(encoding="ascii")
    except OSError as error:
        raise StoreError(f"{path} cannot be read or written: {error.strerror or error}") from error
