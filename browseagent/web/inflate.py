"""Undoing a content-encoding in bounded steps, so that no small body becomes a large one unseen."""

from __future__ import annotations

import zlib

ACCEPTED = "gzip, deflate"
"""What we ask servers for: what the standard library undoes, a bounded piece at a time."""
_STEP = 1_000_000


class EncodingError(Exception):
    """A body that is not encoded as its server says, or in a way that we did not ask for."""


class TooMuch(Exception):
    """A body that grows beyond what was allowed."""


class Inflater:
    """Undoes one chain of content-encodings. ``limit`` bytes come out at most, or ``TooMuch``."""

    def __init__(self, content_encoding: str, *, limit: int, ratio: float) -> None:
        names = [name.strip().lower() for name in content_encoding.split(",")]
        self._names = [name for name in names if name not in ("", "identity")]
        if len(self._names) > 2:
            raise EncodingError(f"encoded {len(self._names)} times over")
        for name in self._names:
            if name not in ("gzip", "x-gzip", "deflate"):
                raise EncodingError(f"encoded as {name!r}, which was not asked for")
        self._stages = [_Stage(name) for name in reversed(self._names)]
        self._limit = limit
        self._ratio = ratio
        self.received = 0
        self.produced = 0

    def feed(self, data: bytes) -> bytes:
        """The next piece of the body. Raises ``TooMuch`` or ``EncodingError``."""
        self.received += len(data)
        pieces = [data]
        for stage in self._stages:
            pieces = [out for piece in pieces for out in self._checked(stage, piece)]
        out = b"".join(pieces)
        self.produced += len(out)
        if self.produced > self._limit:
            raise TooMuch(f"more than {self._limit // 1_000_000} MB")
        return out

    def _checked(self, stage: _Stage, piece: bytes) -> list[bytes]:
        out: list[bytes] = []
        size = 0
        for part in stage.feed(piece):
            size += len(part)
            total = self.produced + size
            if total > self._limit:
                raise TooMuch(f"more than {self._limit // 1_000_000} MB once unpacked")
            if total > _STEP and total > self._ratio * self.received:
                raise TooMuch(f"a compressed body that unpacks to more than {self._ratio:.0f} times its size")
            out.append(part)
        return out


class _Stage:
    """One encoding. ``deflate`` is zlib by the standard and bare by the habit of some servers."""

    def __init__(self, name: str) -> None:
        self._gzip = name != "deflate"
        self._engine = zlib.decompressobj(zlib.MAX_WBITS | (16 if self._gzip else 0))
        self._untried = not self._gzip

    def feed(self, data: bytes) -> list[bytes]:
        parts: list[bytes] = []
        while data:
            try:
                part = self._engine.decompress(data, _STEP)
            except zlib.error as error:
                if not self._untried:
                    raise EncodingError(
                        f"not the compressed data that the server announced ({error})"
                    ) from error
                self._engine = zlib.decompressobj(-zlib.MAX_WBITS)
                self._untried = False
                continue
            self._untried = False
            if part:
                parts.append(part)
            data = self._engine.unconsumed_tail
            if self._engine.eof:
                data = self._engine.unused_data
                if not self._gzip or not data.startswith(b"\x1f\x8b"):
                    break  # Padding after the end is ignored, as browsers do.
                self._engine = zlib.decompressobj(zlib.MAX_WBITS | 16)
        return parts
