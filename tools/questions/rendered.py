"""What writers of questions read: stored pages as Chromium shows them, without any network.

    python -m tools.questions.rendered ../shared/data/wcxb /work/qdata

No script runs: what scripts would load cannot come, and half-run ones blank pages, open dialogs and
write today's date. ``full/ID.txt`` is the whole page, ``read/ID.txt`` what a writer reads of it: long
runs of menu links and the middle of very long pages cut out, each cut said.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Error, Route, ViewportSize, async_playwright

from browseagent.web.find_chromium import find_chromium
from tools.questions.pages import body as stored
from tools.questions.pages import rows
from tools.questions.visible import FEW, OFFERED, decoded, normalized, word_count

HEAD, TAIL = 25_000, 4_000
"""Characters of a page that a writer reads: from its beginning and from its end."""
MENU, KEPT = 40, 12
"""A run of so many short links and nothing else is a menu; so many of its links are kept."""
VIEWPORT = ViewportSize(width=1280, height=1800)
HEADERS = {"content-type": "text/html; charset=utf-8", "content-security-policy": "script-src 'none'"}
SWITCHES = ["--host-resolver-rules=MAP * ~NOTFOUND", "--disable-gpu", "--blink-settings=imagesEnabled=false"]
WALK = Path(__file__).with_name("walk.js")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a rendered page. ``link``: it is a link and nothing else."""

    text: str
    link: bool


def shortened(lines: list[Line], head: int = HEAD, tail: int = TAIL) -> str:
    """The page for a writer: menus and a long page's middle cut out, each cut said in brackets."""
    kept: list[str] = []
    run: list[str] = []
    for line in [*lines, Line("", False)]:
        if line.link and len(line.text) < 60:
            run.append(line.text)
            continue
        if len(run) >= MENU:
            run[KEPT:] = [f"[… {len(run) - KEPT} more links of this menu …]"]
        kept += run
        run = []
        kept.append(line.text)
    text = "\n".join(kept).strip()
    if len(text) <= head + tail + 2_000:
        return text
    cut = len(text) - head - tail
    return f"{text[:head]}\n[… {cut} characters left out here …]\n{text[-tail:]}"


async def _lines(browser: Browser, url: str, body: str, *, lenient: bool = False) -> list[Line]:
    """A page's lines. ``lenient``: also what it hides and what stands in its ``noscript`` elements.

    A policy forbids scripts, rather than the browser's own switch, with which it would read what stands
    in ``noscript`` as the page's; in one page an unclosed frame there swallows all that follows.
    """
    context = await browser.new_context(
        java_script_enabled=not lenient, offline=True, service_workers="block", viewport=VIEWPORT
    )
    page = await context.new_page()

    async def answer(route: Route) -> None:
        if route.request.is_navigation_request() and route.request.frame == page.main_frame:
            await route.fulfill(status=200, headers=HEADERS, body=body)
        else:
            await route.abort()

    try:
        await page.route("**/*", answer)
        await page.goto(url, wait_until="domcontentloaded", timeout=60_000)
        given = json.dumps({"offered": OFFERED, "lenient": lenient})
        found: list[dict[str, Any]] = await page.evaluate(f"({WALK.read_text('utf-8')})({given})")
    finally:
        await context.close()
    lines = (Line(normalized(each["text"]), bool(each["link"])) for each in found)
    return [line for line in lines if re.search(r"\w|[$£€¥%]", line.text)]


async def shown(browser: Browser, url: str, body: str) -> list[Line]:
    """The lines that Chromium shows of a page; of one that shows hardly a word, also what it hides."""
    lines = await _lines(browser, url, body)
    if sum(word_count(line.text) for line in lines) < FEW:
        return await _lines(browser, url, body, lenient=True)
    return lines


async def _all(pages: Path, out: Path, only: set[str]) -> None:
    for name in ("full", "read"):
        (out / name).mkdir(parents=True, exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=find_chromium(None).found,
            chromium_sandbox=False,
            args=SWITCHES,
            proxy={"server": "http://127.0.0.1:9"},
        )
        for row in rows(pages):
            if only and row["id"] not in only:
                continue
            body = decoded(stored(row["id"], pages))
            url = row["url"] or "https://page.invalid/"
            try:
                lines = await shown(browser, url, body)
            except Error as error:
                print(row["id"], "not rendered:", str(error).splitlines()[0])
                continue
            (out / "full" / f"{row['id']}.txt").write_text("\n".join(x.text for x in lines) + "\n", "utf-8")
            kind, title = row.get("page_type", "page"), normalized(row.get("title") or "")
            about = f"PAGE {row['id']}  {kind}  {url}\nTITLE {title}\n\n"
            (out / "read" / f"{row['id']}.txt").write_text(about + shortened(lines) + "\n", "utf-8")
        await browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("ids", nargs="*", help="only these pages")
    given = parser.parse_args()
    asyncio.run(_all(given.pages, given.out, set(given.ids)))


if __name__ == "__main__":
    main()
