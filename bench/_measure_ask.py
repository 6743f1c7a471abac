"""Seconds and peak memory of ``browseagent ask`` on stored pages, in alternating rounds."""

from __future__ import annotations

import json
import statistics
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench._child import ROOT, Child, Run, run
from bench._pages import Asked, LongPage, long_page
from browseagent.config import Settings
from browseagent.store.pages import SqlPageStore

PAGE = 1_000
"""Words of the page whose cold question is compared with the runtime alone."""
WARMING_UP = 200
"""Words of the page that a warm process is asked about first, so that its model is loaded."""
WANTED = {
    f"cold {PAGE} / runtime": 1.6,
    f"cold {PAGE} peak / runtime peak": 1.15,
    f"cold {PAGE} / former": 0.35,
    f"cold {PAGE} peak / former": 1.0,
    f"warm {PAGE} / former": 0.3,
}
"""At most."""

Figures = dict[str, list[float]]


@dataclass(frozen=True, slots=True)
class Program:
    """A version of the program, with a data folder of its own."""

    root: Path
    """Its checkout."""
    home: Path

    @property
    def environment(self) -> dict[str, str]:
        return {"BROWSEAGENT_HOME": str(self.home)}

    def run(self, *words: str) -> Run:
        """The command, to its end."""
        return run([sys.executable, "-m", "browseagent", *words], self.environment, self.root)

    def asking(self) -> Child:
        """A process that keeps an agent open."""
        return Child([sys.executable, str(self.root / "bench" / "_ask.py")], self.environment, self.root)


def measure_ask(
    lengths: list[int],
    rounds: int,
    settings: Settings,
    folder: Path,
    gguf: Path,
    work: Path,
    former: Path | None,
) -> dict[str, Any]:
    """Runs the rounds, prints the table, and gives its figures. ``former`` is the checkout of an earlier
    version, which is asked the same in the same rounds."""
    pages = {words: long_page(words, questions=3 * rounds) for words in lengths}
    warming = long_page(WARMING_UP)
    programs = {"": Program(ROOT, work / "home")}
    programs[""].home.mkdir()
    (work / "home" / "models").symlink_to(settings.models_path.resolve(), target_is_directory=True)
    if former is not None:
        programs["former "] = Program(former.resolve(), work / "former")
        programs["former "].run("model", "fetch", "--quiet", str(gguf))
    for program in programs.values():
        _store([warming, *pages.values()], program.home)
        for (
            page
        ) in pages.values():  # as when it was first fetched; and byte code is made here, not in a round
            took = program.run("read", "--offline", "--quiet", page.url).seconds
            print(f"page of {page.words:,} words: read into a document in {took:.1f} s", flush=True)
    figures: Figures = {}
    right: list[bool] = []
    for number in range(rounds):
        shortest = pages[min(pages)]
        tokens = _tokens_read(programs[""], shortest, _question(shortest, 3 * number))
        alone = run([sys.executable, str(ROOT / "bench" / "_runtime.py"), str(folder), str(tokens)])
        _note(figures, "tokens", tokens)
        _note(figures, "runtime", alone.seconds)
        _note(figures, "runtime peak", alone.peak_bytes)
        for words, page in pages.items():
            for name, program in programs.items():
                asked = _question(page, 3 * number)
                right.append(_cold(figures, f"{name}cold {words}", page.url, asked, program))
        with ExitStack() as stack:
            children = {name: stack.enter_context(program.asking()) for name, program in programs.items()}
            for child in children.values():
                child.ask(question=warming.questions[0].question, url=warming.url)
            for words, page in pages.items():
                for place, when in ((1, "warm"), (2, "second")):
                    for name, child in children.items():
                        asked = _question(page, 3 * number + place)
                        told = child.ask(question=asked.question, url=page.url)
                        right.append(_is_right(asked, told["answer"]))
                        _note(figures, f"{name}{when} {words}", told["seconds"])
                        _note(figures, f"{name}{when} {words} peak", told["peak"])
    return _summary(lengths, figures, right, list(programs))


def _store(pages: list[LongPage], home: Path) -> None:
    store = SqlPageStore(home / "pages.sqlite", max_bytes=1_000_000_000)
    try:
        for page in pages:
            store.put(page.stored())
    finally:
        store.close()


def _tokens_read(program: Program, page: LongPage, asked: Asked) -> int:
    """How many tokens the model reads for a cold question, counted in a process of its own."""
    counting = [sys.executable, str(program.root / "bench" / "_tokens.py"), asked.question, page.url]
    return int(run(counting, program.environment, program.root).output)


def _question(page: LongPage, number: int) -> Asked:
    """Another section's each time, as long as there are sections."""
    return page.questions[number % len(page.questions)]


def _is_right(asked: Asked, answer: str | None) -> bool:
    return answer is not None and asked.answer in answer


def _cold(figures: Figures, name: str, url: str, asked: Asked, program: Program) -> bool:
    """Asks in a process of its own; whether the answer was right."""
    done = program.run("ask", "--offline", "--json", "--quiet", asked.question, url)
    _note(figures, name, done.seconds)
    _note(figures, f"{name} peak", done.peak_bytes)
    return _is_right(asked, json.loads(done.output)["answer"])


def _note(figures: Figures, name: str, value: float) -> None:
    figures.setdefault(name, []).append(value)


def _summary(lengths: list[int], figures: Figures, right: list[bool], programs: list[str]) -> dict[str, Any]:
    """Prints the tables; the figures for the last line."""
    medians = {name: statistics.median(values) for name, values in figures.items()}
    print("\nask on a stored page: seconds (peak memory, MB), medians")
    print(f"{'words':>18}{'cold process':>22}{'warm, first question':>24}{'second question':>22}")
    for words in lengths:
        for name in programs:
            cells = [
                f"{medians[f'{name}{when} {words}']:.2f} ({medians[f'{name}{when} {words} peak'] / 1e6:,.0f})"
                for when in ("cold", "warm", "second")
            ]
            print(f"{f'{name}{words:,}':>18}{cells[0]:>22}{cells[1]:>24}{cells[2]:>22}")
    print(
        f"the runtime alone, loaded and reading {medians['tokens']:,.0f} tokens: {medians['runtime']:.2f} s, "
        f"{medians['runtime peak'] / 1e6:,.0f} MB"
    )
    print(f"answers with the right words: {sum(right)} of {len(right)}")
    found = {}
    for words in lengths:
        for name in (f"cold {words}", f"cold {words} peak", f"warm {words}", f"second {words}"):
            if "former " in programs:
                found[f"{name} / former"] = _ratio(figures, name, f"former {name}", f"{name} / former")
        for name, by in ((f"cold {words}", "runtime"), (f"cold {words} peak", "runtime peak")):
            found[f"{name} / {by}"] = _ratio(figures, name, by, f"{name} / {by}")
    return {"medians": medians, "ratios": found, "right": sum(right), "asked": len(right)}


def _ratio(figures: Figures, name: str, by: str, title: str) -> float:
    """The median of the rounds' ratios, printed with whether it is what is wanted."""
    each = [a / b for a, b in zip(figures[name], figures[by], strict=True)]
    ratio, wanted = statistics.median(each), WANTED.get(title)
    verdict = "" if wanted is None else f"  wanted {wanted:g} at most: {'yes' if ratio <= wanted else 'NO'}"
    print(f"{title:<34}{ratio:>8.3f} ({min(each):.2f}–{max(each):.2f}){verdict}")
    return ratio
