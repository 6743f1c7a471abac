"""Imports point one way, and each third-party package is imported in one room."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import browseagent
from tools.house import imports_of, modules, name_of, ours

_WATCH_RECORDS = (
    "codec",
    "health",
    "judge",
    "port",
    "records",
    "retention",
    "schedule",
    "settings",
)
"""What the database knows of watches: their records and what is decided about them, nothing that acts."""

ALLOWED: dict[str, set[str]] = {
    "records": set(),
    "errors": {"records"},
    "session": {"records", "errors"},
    "durable": set(),
    "processes": set(),
    "no_telemetry": set(),
    "packages": {"records", "errors"},
    "config": {"records", "errors", "session"},
    "read": {"records", "errors"},
    "answer": {"records", "errors", "read", "web.port", "model.port", "model.prompts", "model.examples"},
    "watch": {
        *("records", "errors", "session", "durable", "processes", "read", "answer"),
        *("web.port", "web.getter"),
        "web.refusal",
        "model.prompts",
        *("forms.shapes", "forms.watch_shapes"),
    },
    "web": {"records", "errors", "session", "processes", "config", "read"},
    "model": {"records", "errors", "durable", "no_telemetry", "packages", "processes", "config"},
    "store": {
        *("records", "errors", "session", "durable", "config", "read"),
        *(f"watch.{name}" for name in _WATCH_RECORDS),
        "watch.notify.target",
    },
    "agent": {
        *("records", "errors", "session", "durable", "config"),
        *("read", "answer", "watch", "web", "model", "store"),
    },
    "forms": {"records", "errors", "read", "answer", "watch", "store", "agent", "model"},
    "worker": {"records", "errors", "watch", "store"},
    "wiring": {
        *("records", "errors", "session", "durable", "config"),
        *("read", "answer", "watch", "web", "model", "store", "agent"),
    },
    "wiring_workers": {"records", "errors", "config", "watch", "web", "store", "agent", "wiring", "worker"},
    "serve": {
        *("records", "errors", "session", "durable", "config"),
        *("read", "answer", "watch", "store", "agent", "forms", "wiring"),
    },
    "cli": {
        *("records", "errors", "session", "durable", "packages", "config"),
        *("read", "answer", "watch", "web", "model", "store", "agent", "forms", "wiring", "serve"),
        *("wiring_workers", "worker"),
    },
    "__main__": {"cli"},
}
"""What each room may import of ours. The session's modules are one room."""

SESSION = {"session", "session_fields", "session_values"}

ROOM_OF: dict[str, set[str]] = {
    "accelerate": {"model"},
    "babel": {"answer"},
    "backports": {"web"},
    "brotli": {"web"},
    "alembic": {"store"},
    "apprise": {"watch"},
    "bs4": {"read"},
    "certifi": {"web"},
    "charset_normalizer": {"read"},
    "click": {"cli"},
    "cronsim": {"watch"},
    "cssselect": {"read"},
    "fastapi": {"serve"},
    "filelock": {"durable"},
    "gguf": {"model"},
    "httpx": {"web", "watch"},
    "jinja2": {"serve"},
    "jsonschema": {"answer"},
    "llguidance": {"model"},
    "lxml": {"read"},
    "mcp": {"serve"},
    "mcp_types": {"serve"},
    "numpy": {"model", "read"},
    "openai": {"model"},
    "openvino": {"model"},
    "platformdirs": {"config"},
    "playwright": {"web"},
    "procrastinate": {"worker"},
    "psycopg": {"worker"},
    "protego": {"web"},
    "pypdfium2": {"read"},
    "rich": {"cli"},
    "snowballstemmer": {"answer"},
    "pydantic": {"serve"},
    "safetensors": {"model"},
    "starlette": {"serve"},
    "uvicorn": {"serve"},
    "sqlalchemy": {"store"},
    "tokenizers": {"model"},
    "torch": {"model"},
    "trafilatura": {"read"},
    "justext": {"answer"},
    "transformers": {"model"},
    "xllamacpp": {"model"},
    "typing_extensions": {"forms"},
    "yaml": {"cli"},
}
"""The room of each third-party package; one that is not listed is imported nowhere."""


NEW_IN_PYTHON = {"compression"}
"""Of the standard library, though not of the oldest Python that we run on."""


def room_of(module: str) -> str:
    """The room that a module of ours belongs to."""
    first = module.partition(".")[0]
    return "session" if first in SESSION else first


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_imports_point_one_way(path: Path) -> None:
    """A room imports what DESIGN.md puts beneath it, and nothing beside or above."""
    room = room_of(name_of(path))
    if not room:
        return  # the package's own __init__ names where the public names live
    allowed = ALLOWED[room] | {room}
    for imported in filter(None, map(ours, imports_of(path))):
        beneath = any(imported == name or imported.startswith(f"{name}.") for name in allowed)
        markdown = room == "records" and imported.startswith("read.markdown")  # Document.markdown, lazily
        assert beneath or room_of(imported) in allowed or markdown or imported == "__version__"


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_each_third_party_package_has_one_room(path: Path) -> None:
    """Swapping a library is work in one folder."""
    room = room_of(name_of(path))
    for imported in imports_of(path):
        top = imported.partition(".")[0]
        if top in ("browseagent", "__future__", *NEW_IN_PYTHON) or top in sys.stdlib_module_names:
            continue
        assert top in ROOM_OF, f"{top} has no room"
        assert room in ROOM_OF[top], f"{top} belongs to {ROOM_OF[top]}"


DISTRIBUTION = {
    "backports": "backports.zstd",
    "bs4": "beautifulsoup4",
    "charset_normalizer": "charset-normalizer",
    "mcp_types": "mcp",
    "yaml": "pyyaml",
}
"""The name on the package index, where it is not the name that is imported."""


def test_what_is_imported_is_declared_and_explained() -> None:
    """Each package with a room stands in pyproject.toml and docs/dependencies.md, and no other does."""
    root = Path(__file__).parent.parent
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [
        line
        for name in ("constrained", "gguf", "mcp", "notify", "postgres", "openai", "workers")
        for line in project["optional-dependencies"][name]
    ]
    declared = {re.split(r"[<>=\[ ]", line)[0] for line in (*project["dependencies"], *extras)}
    imported = {name.partition(".")[0] for path in modules() for name in imports_of(path)} & set(ROOM_OF)
    assert {DISTRIBUTION.get(name, name) for name in imported} <= declared
    # trafilatura imports lxml_html_clean, which some versions of pip do not install for it, and SQLAlchemy
    # imports psycopg
    assert declared - {"lxml_html_clean", "psycopg"} <= {DISTRIBUTION.get(name, name) for name in ROOM_OF}
    explained = (root / "docs" / "dependencies.md").read_text(encoding="utf-8")
    for name in declared:
        assert f"\n| {name} " in explained, f"{name} has no line in docs/dependencies.md"


PURE = (
    "read",
    "answer",
    *(
        f"agent.{name}"
        for name in ("believe", "conversation", "decide", "frontier", "leads", "rank", "scope")
    ),
    "forms",
    "records",
    "errors",
    *(
        f"watch.{name}"
        for name in "compare judge predicate records schedule settings summary worddiff".split()  # noqa: SIM905
    ),
)
FORBIDDEN = {"socket", "subprocess", "urllib.request", "http.client", "asyncio", "sqlite3"}


@pytest.mark.parametrize("path", [path for path in modules() if name_of(path).startswith(PURE)], ids=name_of)
def test_pure_rooms_do_no_input_or_output(path: Path) -> None:
    """Reading and answering touch no network, process or database."""
    assert not FORBIDDEN & set(imports_of(path))


def test_only_the_command_line_prints() -> None:
    """print and sys.stdout are used in browseagent/cli and nowhere else."""
    for path in modules():
        if room_of(name_of(path)) == "cli":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            assert not (isinstance(node, ast.Name) and node.id == "print"), path
            assert not (isinstance(node, ast.Attribute) and ast.unparse(node) == "sys.stdout"), path


HEAVY = ("torch", "transformers", "playwright", "trafilatura", "sqlalchemy")


@pytest.mark.parametrize(
    "program",
    [
        "import browseagent",
        "import browseagent; browseagent.Answer",
        "from browseagent.cli.program import run; assert run(['--help']) == 0",
        "from browseagent.cli.program import run; assert run(['--version']) == 0",
    ],
)
def test_what_is_light_stays_light(program: str) -> None:
    """The package and its --help import neither torch, transformers nor playwright, nor other weights."""
    check = f"import sys; heavy = set({HEAVY!r}) & set(sys.modules); assert not heavy, heavy"
    done = subprocess.run(
        [sys.executable, "-c", f"{program}\n{check}"], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        *(["ask", "Who?", "page.html"], ["chat", "page.html"], ["summarize", "page.html"]),
        *(["read", "page.html"], ["crawl", "http://127.0.0.1:9/"], ["watch", "check", "--all"]),
    ],
)
def test_the_first_line_waits_for_no_package(arguments: list[str]) -> None:
    """A terminal shows that a command has begun before the packages are loaded that it needs."""
    program = f"""if True:
        import os, sys
        from browseagent.cli.program import run
        from browseagent.cli.show.streams import Streams

        def show(self, words, after="", **_):
            known = {{name.partition(".")[0] for name in sys.modules}}
            heavy = {{*{HEAVY!r}, "rich", "babel", "snowballstemmer", "lxml", "httpx", "numpy"}} & known
            os._exit(bool(heavy) or words != "starting")

        Streams.shows_progress, Streams.show = True, show
        run({arguments!r})
        os._exit(2)
    """
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def test_a_stored_page_needs_no_web(tmp_path: Path) -> None:
    """A page in the store is read without importing httpx or Playwright, which cost half a second."""
    program = """if True:
        import asyncio, sys
        from datetime import UTC, datetime
        from pathlib import Path
        from browseagent.agent.agent import Agent
        from browseagent.config import Settings
        from browseagent.records import Outcome, Page, Via
        from browseagent.store.pages import SqlPageStore

        async def main(home):
            url = "http://127.0.0.1:9/"
            store = SqlPageStore(home / "pages.sqlite", max_bytes=1_000_000)
            store.put(Page(url, url, Outcome.OK, Via.HTTP, datetime.now(UTC), body=b"<p>Opens at nine.</p>"))
            store.close()
            async with Agent(settings=Settings(home=home, offline=True)) as agent:
                assert "nine" in (await agent.read(url)).text
            assert not {"httpx", "playwright", "torch"} & set(sys.modules)

        asyncio.run(main(Path(sys.argv[1])))
    """
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr


def test_the_public_names_are_what_the_contract_says() -> None:
    """Agent, Answer, Document, Summary, compare and extract are there; nothing else is promised."""
    assert {"Agent", "Answer", "Document", "Summary", "compare", "extract"} <= set(browseagent.__all__)
    for name in browseagent.__all__:
        assert getattr(browseagent, name) is not None
    with pytest.raises(AttributeError):
        browseagent.__getattr__("nothing")
