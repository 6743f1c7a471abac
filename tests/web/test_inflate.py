"""Undoing content-encodings within bounds."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from collections.abc import Callable

import brotli
import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from browseagent.web.inflate import EncodingError, Inflater, TooMuch


def _undo(encoding: str, data: bytes, step: int, *, limit: int = 10_000_000, ratio: float = 200.0) -> bytes:
    inflater = Inflater(encoding, limit=limit, ratio=ratio)
    return b"".join(inflater.feed(data[at : at + step]) for at in range(0, len(data), step))


@given(st.binary(max_size=4000), st.integers(1, 700))
def test_what_went_in_comes_out(body: bytes, step: int) -> None:
    """Every encoding that we ask for is undone, however the bytes are cut on the wire."""
    raw = zlib.compressobj(wbits=-15)
    bare = raw.compress(body) + raw.flush()
    assert _undo("gzip", gzip.compress(body), step) == body
    assert _undo("deflate", zlib.compress(body), step) == body
    assert _undo("", body, step) == body
    assert _undo("gzip, gzip", gzip.compress(gzip.compress(body)), step) == body
    assert _undo("gzip", gzip.compress(body) + gzip.compress(b"more") + b"\0\0", step) == body + b"more"
    assert _undo("br", brotli.compress(body), step) == body
    assert _undo("zstd", zstd.compress(body), step) == body
    assert _undo("zstd", zstd.compress(body) + zstd.compress(b"more"), step) == body + b"more"
    assert _undo("gzip, br", brotli.compress(gzip.compress(body)), step) == body
    if step >= 2:  # A bare stream is told from a wrapped one by its first two bytes.
        assert _undo("deflate", bare, step) == body


def test_bombs() -> None:
    """A small body that unpacks to a large one stops at the ratio or the limit, also packed twice."""
    bomb = gzip.compress(bytes(50_000_000))
    with pytest.raises(TooMuch, match="200 times"):
        _undo("gzip", bomb, 4096, limit=100_000_000)
    with pytest.raises(TooMuch, match="MB"):
        _undo("gzip", bomb, 65536, limit=5_000_000, ratio=1e9)
    with pytest.raises(TooMuch):
        _undo("gzip, gzip", gzip.compress(bomb), 4096, limit=100_000_000)


@pytest.mark.parametrize(("encoding", "pack"), [("br", brotli.compress), ("zstd", zstd.compress)])
def test_bombs_of_newer_make(encoding: str, pack: Callable[[bytes], bytes]) -> None:
    """Brotli packs zeros a million times, Zstandard ten thousand times: both stop as early as gzip does,
    with no more than a step of it unpacked."""
    bomb = pack(bytes(50_000_000))
    assert len(bomb) < 10_000
    with pytest.raises(TooMuch, match="200 times"):
        _undo(encoding, bomb, 4096, limit=100_000_000)
    with pytest.raises(TooMuch, match="MB"):
        _undo(encoding, bomb, 65536, limit=5_000_000, ratio=1e9)
    inflater = Inflater(encoding, limit=100_000_000, ratio=200.0)
    tracemalloc.start()
    try:
        with pytest.raises(TooMuch):
            inflater.feed(bomb)
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


def test_a_zstd_window_that_no_browser_takes() -> None:
    """A frame that asks for a window of 128 MB is refused, however little it holds."""
    options: dict[int, int] = {zstd.CompressionParameter.window_log: 27}
    packed = zstd.ZstdCompressor(options=options)
    data = packed.compress(b"a" * 1000) + packed.flush()
    with pytest.raises(EncodingError):
        _undo("zstd", data, 10_000)


@pytest.mark.parametrize("encoding", ["compress", "dcb", "gzip, dcz", "gzip, br, gzip", "x"])
def test_encodings_that_were_not_asked_for(encoding: str) -> None:
    """An encoding that we did not ask for is said, not passed on as text."""
    with pytest.raises(EncodingError):
        Inflater(encoding, limit=1, ratio=1)


@pytest.mark.parametrize(
    "encoding", ["", "identity", "UTF-8", "iso-8859-1", "windows-1252", "none", "binary"]
)
def test_what_is_no_encoding_is_passed_over(encoding: str) -> None:
    """A character set in the wrong header: the body is as it is, also beside a real encoding."""
    assert _undo(encoding, b"The gate is open", 100) == b"The gate is open"
    assert _undo(f"{encoding}, gzip", gzip.compress(b"The gate is open"), 100) == b"The gate is open"


def test_what_is_not_what_it_says() -> None:
    """Bytes that are not the announced encoding are an error."""
    for encoding in ("gzip", "br", "zstd"):
        with pytest.raises(EncodingError):
            _undo(encoding, b"<html>plain</html>", 10)
