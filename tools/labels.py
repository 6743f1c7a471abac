"""What share of each chunk of a page belongs to its main content, by a person's transcript of it.

The words of the page and of the transcript are aligned with ``diff``, as a person would compare two
texts; a chunk of six words or more also counts as found where its 4-grams stand in the transcript,
for transcripts that keep another order.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path


def words(text: str) -> list[str]:
    """The words as score.py counts them."""
    return re.findall(r"\w+", text.lower())


def aligned(page: Sequence[str], gold: Sequence[str]) -> list[bool]:
    """For each word of the page, whether the alignment pairs it with a word of the transcript."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, name) for name in ("page", "gold")]
        for path, text in zip(paths, (page, gold), strict=True):
            path.write_text("\n".join(text) + "\n", encoding="utf8")
        command = ["diff", "--minimal" if len(page) < 4000 else "--speed-large-files"]
        command += [
            "--old-line-format=0",
            "--new-line-format=",
            "--unchanged-line-format=1",
            *map(str, paths),
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return [mark == "1" for mark in done.stdout]


def labels(chunks: Sequence[str], gold: str) -> list[float]:
    """Share of each chunk's words that belong to the main content, 0 to 1."""
    tokens = [words(chunk) for chunk in chunks]
    target = words(gold)
    marks = aligned([word for chunk in tokens for word in chunk], target)
    grams = Counter(tuple(target[i : i + 4]) for i in range(len(target) - 3))
    shares, position = [], 0
    for chunk in tokens:
        found = marks[position : position + len(chunk)]
        position += len(chunk)
        share = sum(found) / len(chunk) if chunk else 0.0
        if len(chunk) >= 6:
            own = [tuple(chunk[i : i + 4]) for i in range(len(chunk) - 3)]
            hits = 0
            for gram in own:
                if grams[gram] > 0:  # each stands for one occurrence: a page's second copy is no content
                    grams[gram] -= 1
                    hits += 1
            share = max(share, hits / len(own)) if hits * 2 > len(own) else min(share, 0.5)
        shares.append(share)
    return shares
