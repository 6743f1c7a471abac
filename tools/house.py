"""Draws the house in CONTRIBUTING.md from the imports of ``browseagent/``: which room leans on which.

    python tools/house.py           # draws it anew
    python tools/house.py --check   # exit status 1 where the picture is old

A package below ``browseagent/`` is a room, named by the first words of its docstring; so is a module beside
them that imports one. The other modules beside them, and a package that imports none of ours, are the ground
that the house stands on. An arrow leads to what is imported, and is left out where others lead there.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "browseagent"
PAGE = ROOT / "CONTRIBUTING.md"
GROUND = "ground"
_BLOCK = re.compile(r"```mermaid\n(.*?)```\n", re.S)

Leanings = Mapping[str, set[str]]
"""The rooms that each room imports from."""


def modules() -> list[Path]:
    """Every module of the package."""
    return sorted(PACKAGE.rglob("*.py"))


def name_of(path: Path) -> str:
    """The dotted name of a module below the package: ``read.html``; the package itself is empty."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def imports_of(path: Path, *, whole: bool = True) -> tuple[str, ...]:
    """Every module that a file imports, inside functions too where ``whole``; not what is for type checkers
    alone."""
    return tuple(_imports(ast.parse(path.read_text(encoding="utf-8")), whole=whole))


def _imports(tree: ast.AST, *, whole: bool) -> Iterator[str]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif whole or not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield from _imports(node, whole=whole)


def ours(imported: str) -> str | None:
    """The part of an import below our package, or None where it is another package's."""
    return imported.removeprefix("browseagent.") if imported.startswith("browseagent.") else None


def leanings() -> tuple[Leanings, list[str]]:
    """Which room imports from which, and the modules of the ground."""
    tops: dict[str, list[Path]] = {}
    for path in modules():
        top = name_of(path).partition(".")[0]
        if top and not top.startswith("__"):
            tops.setdefault(top, []).append(path)
    begun = {top: _tops(tops[top], tops, whole=False) - {top} for top in tops}
    begun = {top: its for top, its in begun.items() if not its or not (PACKAGE / top).is_dir()}
    while above := {top for top in begun if begun[top] - begun.keys()}:  # they import a room
        begun = {top: begun[top] for top in begun.keys() - above}
    room = {top: GROUND if top in begun else top for top in tops}
    found: dict[str, set[str]] = {each: set() for each in room.values()}
    for top, paths in tops.items():
        found[room[top]] |= {room[other] for other in _tops(paths, tops, whole=True)} - {room[top]}
    return found, sorted(begun)


def _tops(paths: list[Path], tops: Mapping[str, object], *, whole: bool) -> set[str]:
    imported = (ours(each) for path in paths for each in imports_of(path, whole=whole))
    return {each.partition(".")[0] for each in imported if each is not None} & tops.keys()


def reduced(leans: Leanings) -> list[tuple[str, str]]:
    """The arrows that remain where one is left out which others make up for; those of a circle all remain."""
    reach = {each: set(its) for each, its in leans.items()}
    for middle, each in product(leans, leans):
        if middle in reach[each]:
            reach[each] |= reach[middle]

    def between(a: str, b: str) -> bool:
        """Whether a third room leads from one to the other, and lies in a circle with neither."""
        return any(
            via in reach[a] and b in reach[via] and a not in reach[via] and via not in reach[b]
            for via in leans
            if via not in (a, b)
        )

    return [(a, b) for a in sorted(leans) for b in sorted(leans[a]) if a in reach[b] or not between(a, b)]


def picture() -> str:
    """The house in Mermaid's words, which GitHub draws."""
    leans, ground = leanings()
    told = {each: _about(each) for each in sorted(leans) if each != GROUND}
    nodes = [f'    {each}["<b>{each}</b>{f"<br/>{about}" if about else ""}"]' for each, about in told.items()]
    nodes.append(f'    {GROUND}["{", ".join(ground)}"]')
    arrows = [f"    {a} --> {b}" for a, b in reduced(leans)]
    return "\n".join(["flowchart TD", *nodes, *arrows, ""])


def _about(room: str) -> str:
    """The first words of a room's docstring, up to a full stop, a colon or a comma."""
    path = PACKAGE / room / "__init__.py"
    module = ast.parse((path if path.exists() else PACKAGE / f"{room}.py").read_text(encoding="utf-8"))
    return re.split(r"[.:;,]", ast.get_docstring(module) or "")[0].replace('"', "").replace("\n", " ").strip()


def drawn(page: str) -> str:
    """A page with its picture as it is now."""
    return _BLOCK.sub(lambda _: f"```mermaid\n{picture()}```\n", page)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    before = PAGE.read_text("utf-8")
    after = drawn(before)
    if after != before and not check:
        PAGE.write_text(after, "utf-8")
    print("as it was" if after == before else "old" if check else "drawn anew")
    return int(check and after != before)


if __name__ == "__main__":
    sys.exit(main())
