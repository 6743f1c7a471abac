"""The stored pages that questions are asked of."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from tools.questions.pages import body, document, rows, urls
from tools.questions.pages import read as page_at
from tools.questions.visible import frozen_text


def test_a_page_is_had_by_its_number(tmp_path: Path) -> None:
    """Its row, address, bytes and text; UTF-8, whatever it says of itself."""
    html = '<meta charset="windows-1252"><title>Ferry</title><p>Sails at nine – daily.</p>'.encode()
    (tmp_path / "html").mkdir()
    (tmp_path / "html" / "0007.html.gz").write_bytes(gzip.compress(html))
    row = {"id": "0007", "url": "https://ferry.example/", "page_type": "article"}
    (tmp_path / "gold.jsonl").write_text(json.dumps(row) + "\n", "utf-8")
    assert rows(tmp_path) == [row]
    assert body("0007", tmp_path) == html
    read = document("0007", urls(tmp_path)["0007"], tmp_path)
    assert (read.url, read.text) == ("https://ferry.example/", "Sails at nine – daily.")
    (tmp_path / "html" / "made.html").write_bytes(html)
    packed, plain = (tmp_path / "html" / name for name in ("0007.html.gz", "made.html"))
    assert document("made", read.url, tmp_path).text == page_at(packed, "").text == page_at(plain, "").text
    assert frozen_text(tmp_path, "0007") == "Sails at nine – daily."
