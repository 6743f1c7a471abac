"""Which pages are set aside as a development test: decided once, by site, before any question is written.

    python -m tools.questions.split ../shared/data/wcxb tools/questions/split.json

100 pages, the seven kinds of page alike, no site on both sides. A site is its name without subdomain and
suffix (``amazon`` of aws.amazon.com and amazon.co.uk), so that one company's pages stay together; a few
sites of one make are one as well. A page that shows fewer than ``LEAST`` words holds no 10 questions; it
is put aside only where its site is, and no page is dropped here.
"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tools.questions.pages import rows
from tools.questions.visible import frozen_text, word_count

ASIDE = 100
SEED = 15
LEAST = 150
_SECOND = frozenset(["ac", "co", "com", "edu", "gov", "net", "org"])
_ONE_MAKE = {"reactjs": "react", "superuser": "stackexchange", "stackoverflow": "stackexchange"}


@dataclass(frozen=True, slots=True)
class Paged:
    """A page as the split sees it."""

    id: str
    kind: str
    site: str
    words: int


def site_of(url: str) -> str:
    """The site's name; nothing where there is no host."""
    labels = (urlsplit(url).hostname or "").lower().split(".")
    if len(labels) < 2:
        return ""
    labels = labels[:-1]
    if len(labels) > 1 and labels[-1] in _SECOND:
        labels = labels[:-1]
    return _ONE_MAKE.get(labels[-1], labels[-1])


def chosen(pages: Sequence[Paged], most: int = ASIDE, seed: int = SEED) -> set[str]:
    """The ids of exactly ``most`` pages, whole sites only, each kind's share within one page of its due.

    Sites come in a drawn order; one is taken where no kind's pages would exceed its due.
    """
    per_kind = Counter(page.kind for page in pages)
    due: Mapping[str, int] = {kind: -(-most * count // len(pages)) for kind, count in per_kind.items()}
    sites: dict[str, list[Paged]] = {}
    for page in sorted(pages, key=lambda page: page.id):
        sites.setdefault(page.site or page.id, []).append(page)
    order = sorted(sites)
    random.Random(seed).shuffle(order)
    taken: set[str] = set()
    had: Counter[str] = Counter()
    for name in order:
        group = sites[name]
        adds = Counter(page.kind for page in group)
        fits = all(had[kind] + count <= due[kind] for kind, count in adds.items())
        if fits and len(taken) + len(group) <= most and all(page.words >= LEAST for page in group):
            taken |= {page.id for page in group}
            had += adds
    if len(taken) != most:
        raise ValueError(f"{len(taken)} pages could be put aside, not {most}: try another seed")
    return taken


def pages_of(folder: Path) -> list[Paged]:
    """The data set's pages, their words counted in the frozen text."""
    return [
        Paged(
            row["id"], row["page_type"], site_of(row["url"] or ""), word_count(frozen_text(folder, row["id"]))
        )
        for row in rows(folder)
    ]


def main() -> None:
    folder, out = map(Path, sys.argv[1:3])
    pages = pages_of(folder)
    aside = chosen(pages)
    split = {
        "seed": SEED,
        "aside": sorted(aside),
        "train": sorted(page.id for page in pages if page.id not in aside),
    }
    out.write_text(json.dumps(split, indent=1) + "\n", "utf-8")
    print(Counter(page.kind for page in pages if page.id in aside))


if __name__ == "__main__":
    main()
