"""Undoing a content-encoding in bounded steps, so that no small body becomes a large one unseen."""

from __future__ import annotations

import re
import sys
import zlib
from collections.abc import Callable, Iterator
from typing import Any

ACCEPTED = "gzip, deflate, br, zstd"
"""What we ask servers for: what we can undo a bounded piece at a time."""
_NO_CODING = re.compile(r"|identity|none|binary|7bit|8bit|utf-?8|us-ascii|(?:iso|windows|cp)-?\d[\d-]*")
"""What servers write where they encode nothing, often a character set: browsers pass over it."""
_STEP = 1_000_000
_WINDOW_LOG = 23
"""Largest zstd window that a browser takes (8 MB, RFC 9659): a frame may ask for gigabytes."""


class EncodingError(Exception):
    """A body that is not encoded as its server says, or in a way that we did not ask for."""


class TooMuch(Exception):
    """A body that grows beyond what was allowed."""


class Inflater:
    """Undoes one chain of content-encodings. ``limit`` bytes come out at most, or ``TooMuch``."""

    def __init__(self, content_encoding: str, *, limit: int, ratio: float) -> None:
        names = [name.strip().lower() for name in content_encoding.split(",")]
        self._names = [name for name in names if not _NO_CODING.fullmatch(name)]
        if len(self._names) > 2:
            raise EncodingError(f"encoded {len(self._names)} times over")
        for name in self._names:
            if name not in _STAGES:
                raise EncodingError(f"encoded as {name!r}, which was not asked for")
        self._stages = [_STAGES[name]() for name in reversed(self._names)]
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

    @property
    def complete(self) -> bool:
        """Whether what was fed so far is whole: no compressed stream stops in its middle."""
        return not self.received or all(stage.complete for stage in self._stages)

    def _checked(self, stage: _Zlib | _Brotli | _Zstd, piece: bytes) -> list[bytes]:
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


class _Zlib:
    """gzip and deflate; ``deflate`` is zlib by the standard and bare by the habit of some servers."""

    def __init__(self, *, gzip: bool) -> None:
        self._gzip = gzip
        self._engine = zlib.decompressobj(zlib.MAX_WBITS | (16 if gzip else 0))
        self._untried = not gzip

    @property
    def complete(self) -> bool:
        return self._engine.eof

    def feed(self, data: bytes) -> Iterator[bytes]:
        while data:
            try:
                part = self._engine.decompress(data, _STEP)
            except zlib.error as error:
                if not self._untried:
                    raise _not_that(error) from error
                self._engine = zlib.decompressobj(-zlib.MAX_WBITS)
                self._untried = False
                continue
            self._untried = False
            if part:
                yield part
            data = self._engine.unconsumed_tail
            if self._engine.eof:
                data = self._engine.unused_data
                if not self._gzip or not data.startswith(b"\x1f\x8b"):
                    break  # Padding after the end is ignored, as browsers do.
                self._engine = zlib.decompressobj(zlib.MAX_WBITS | 16)


class _Brotli:
    """Brotli (RFC 7932)."""

    def __init__(self) -> None:
        import brotli

        self._engine: Any = brotli.Decompressor()
        self._error = brotli.error

    @property
    def complete(self) -> bool:
        return bool(self._engine.is_finished())

    def feed(self, data: bytes) -> Iterator[bytes]:
        while not self._engine.is_finished():  # What comes after the end is ignored.
            try:
                part = self._engine.process(data, output_buffer_limit=_STEP)
            except self._error as error:
                raise _not_that(error) from error
            if part:
                yield part
            data = b""
            if self._engine.can_accept_more_data():
                return


class _Zstd:
    """Zstandard (RFC 8878), one frame after the other."""

    def __init__(self) -> None:
        self._zstd = _zstd_module()
        self._engine = self._new()

    @property
    def complete(self) -> bool:
        return bool(self._engine.eof)

    def _new(self) -> Any:
        return self._zstd.ZstdDecompressor(
            options={self._zstd.DecompressionParameter.window_log_max: _WINDOW_LOG}
        )

    def feed(self, data: bytes) -> Iterator[bytes]:
        while True:
            if self._engine.eof:
                if not data:
                    return
                self._engine = self._new()
            try:
                part = self._engine.decompress(data, _STEP)
            except self._zstd.ZstdError as error:
                raise _not_that(error) from error
            if part:
                yield part
            data = self._engine.unused_data if self._engine.eof else b""
            if not self._engine.eof and self._engine.needs_input:
                return


def _zstd_module() -> Any:
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    return zstd


def _not_that(error: Exception) -> EncodingError:
    return EncodingError(f"not the compressed data that the server announced ({error})")


_STAGES: dict[str, Callable[[], _Zlib | _Brotli | _Zstd]] = {
    "gzip": lambda: _Zlib(gzip=True),
    "x-gzip": lambda: _Zlib(gzip=True),
    "deflate": lambda: _Zlib(gzip=False),
    "br": _Brotli,
    "zstd": _Zstd,
}
