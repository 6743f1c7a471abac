"""Text from a page, made safe for a terminal: a page must not move the cursor or set the title."""

from __future__ import annotations

import re

# C0 but tab and newline, DEL and C1 (0x9b begins an escape sequence in a UTF-8 xterm too), the
# marks that change the direction of what follows, and lone surrogates (undecodable bytes).
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_ROWS = re.compile(r"\s*\t\s*")


def clean(text: str) -> str:
    """Without control characters; tabs and newlines stay."""
    return _SURROGATE.sub("�", _UNSAFE.sub("", text))


def one_line(text: str) -> str:
    """Clean, on one line, and with the cells of table rows set apart."""
    return " ".join(clean(_ROWS.sub(" | ", text.strip())).split())
