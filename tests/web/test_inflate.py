"""Undoing content-encodings within bounds."""

from __future__ import annotations

import gzip
import zlib

import pytest
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


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, br", "gzip, gzip, gzip", "x"])
def test_encodings_that_were_not_asked_for(encoding: str) -> None:
    """An encoding that we did not ask for is said, not passed on as text."""
    with pytest.raises(EncodingError):
        Inflater(encoding, limit=1, ratio=1)


def test_what_is_not_what_it_says() -> None:
    """Bytes that are not the announced encoding are an error."""
    with pytest.raises(EncodingError):
        _undo("gzip", b"<html>plain</html>", 10)
