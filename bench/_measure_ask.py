"""Seconds and peak memory of ``browseagent ask`` on stored pages, in alternating rounds."""

from __future__ import annotations

import json
import statistics
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from bench._child import ROOT, Child, run
from bench._pages import Asked, LongPage, long_page
from browseagent.config import Settings
from browseagent.store.pages import SqlPageStore

FED = 10_000
"""Words of the page that is fed whole for comparison."""
WARM_AT_MOST = 0.25
"""Wanted: a warm question on that page over feeding it whole."""
COLD_BELOW = 2.0
"""Wanted: a cold ask of a stored page over importing and loading alone."""
WARMING_UP = 200
"""Words of the page that a warm process is asked about first, so that its model is loaded."""
BARE = """
import sys, torch, transformers
transformers.AutoModelForCausalLM.from_pretrained(sys.argv[1], dtype=torch.bfloat16)
"""

Figures = dict[str, list[float]]


def measure_ask(
    lengths: list[int], rounds: int, settings: Settings, folder: Path, work: Path
) -> dict[str, Any]:
    """Runs the rounds, prints the table, and gives its figures."""
    home = work / "home"
    home.mkdir()
    (home / "models").symlink_to(settings.models_path.resolve(), target_is_directory=True)
    environment = {"BROWSEAGENT_HOME": str(home)}
    pages = {words: long_page(words, questions=3 * rounds) for words in lengths}
    warming = long_page(WARMING_UP)
    _store([warming, *pages.values()], home)
    for page in pages.values():  # as when it was first fetched; and byte code is made here, not in a round
        took = run(_command("read", "--offline", "--quiet", page.url), environment).seconds
        print(f"page of {page.words:,} words: read into a document in {took:.1f} s", flush=True)
    ids = _ids_of(pages.get(FED), folder)
    figures: Figures = {}
    right: list[bool] = []
    engine = [sys.executable, str(ROOT / "bench" / "_engines.py"), "transformers", str(folder), "-"]
    with Child(engine) if ids else nullcontext() as feeding:
        for number in range(rounds):
            _note(figures, "bare", run([sys.executable, "-c", BARE, str(folder)], environment).seconds)
            for words, page in pages.items():
                right.append(_cold(figures, words, page.url, _question(page, 3 * number), environment))
            with Child([sys.executable, str(ROOT / "bench" / "_ask.py")], environment) as child:
                child.ask(question=warming.questions[0].question, url=warming.url)
                for words, page in pages.items():
                    if words == FED and feeding is not None:
                        told = feeding.ask(do="prefill", texts=[], ids=[ids], new=0)
                        _note(figures, "fed", told["seconds"])
                    for place, when in ((1, "warm"), (2, "second")):
                        asked = _question(page, 3 * number + place)
                        told = child.ask(question=asked.question, url=page.url)
                        right.append(_is_right(asked, told["answer"]))
                        _note(figures, f"{when} {words}", told["seconds"])
                        _note(figures, f"{when} {words} peak", told["peak"])
    return _summary(lengths, figures, right, len(ids))


def _store(pages: list[LongPage], home: Path) -> None:
    store = SqlPageStore(home / "pages.sqlite", max_bytes=1_000_000_000)
    try:
        for page in pages:
            store.put(page.stored())
    finally:
        store.close()


def _command(*words: str) -> list[str]:
    return [sys.executable, "-m", "browseagent", *words]


def _ids_of(page: LongPage | None, folder: Path) -> list[int]:
    """The tokens of a page's text; none without a page."""
    if page is None:
        return []
    ids: list[int] = Tokenizer.from_file(str(folder / "tokenizer.json")).encode(page.text).ids
    return ids


def _question(page: LongPage, number: int) -> Asked:
    """Another section's each time, as long as there are sections."""
    return page.questions[number % len(page.questions)]


def _is_right(asked: Asked, answer: str | None) -> bool:
    return answer is not None and asked.answer in answer


def _cold(figures: Figures, words: int, url: str, asked: Asked, environment: dict[str, str]) -> bool:
    """Asks in a process of its own; whether the answer was right."""
    done = run(_command("ask", "--offline", "--json", "--quiet", asked.question, url), environment)
    _note(figures, f"cold {words}", done.seconds)
    _note(figures, f"cold {words} peak", done.peak_bytes)
    return _is_right(asked, json.loads(done.output)["answer"])


def _note(figures: Figures, name: str, value: float) -> None:
    figures.setdefault(name, []).append(value)


def _summary(lengths: list[int], figures: Figures, right: list[bool], fed: int) -> dict[str, Any]:
    """Prints the tables; the figures for the last line."""
    medians = {name: statistics.median(values) for name, values in figures.items()}
    print("\nask on a stored page: seconds (peak memory, MB), medians")
    print(f"{'words':>10}{'cold process':>22}{'warm, first question':>24}{'second question':>22}")
    for words in lengths:
        cells = [
            f"{medians[f'{when} {words}']:.2f} ({medians[f'{when} {words} peak'] / 1e6:,.0f})"
            for when in ("cold", "warm", "second")
        ]
        print(f"{words:>10,}{cells[0]:>22}{cells[1]:>24}{cells[2]:>22}")
    print(f"import of torch and Transformers and load of the model alone: {medians['bare']:.2f} s")
    if "fed" in medians:
        print(f"the page of {FED:,} words ({fed:,} tokens) fed to the model once: {medians['fed']:.2f} s")
    print(f"answers with the right words: {sum(right)} of {len(right)}")
    found = {}
    for words in lengths:
        found[f"cold {words} / bare"] = _ratio(figures, f"cold {words}", "bare", COLD_BELOW)
        if "fed" in figures:
            wanted = WARM_AT_MOST if words == FED else None
            found[f"warm {words} / fed"] = _ratio(figures, f"warm {words}", "fed", wanted)
            found[f"second {words} / fed"] = _ratio(figures, f"second {words}", "fed", None)
    return {"medians": medians, "ratios": found, "right": sum(right), "asked": len(right)}


def _ratio(figures: Figures, name: str, by: str, wanted: float | None) -> float:
    """The median of the rounds' ratios, printed with whether it is what is wanted."""
    ratio = statistics.median(a / b for a, b in zip(figures[name], figures[by], strict=True))
    verdict = "" if wanted is None else f"  wanted {wanted:g} at most: {'yes' if ratio <= wanted else 'NO'}"
    print(f"{name + ' / ' + by:<24}{ratio:>8.3f}{verdict}")
    return ratio
