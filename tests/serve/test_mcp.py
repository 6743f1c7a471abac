"""MCP: the SDK's own client, one of its former major version, and recorded sessions of two protocols."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import venv
from pathlib import Path
from queue import Queue
from typing import IO, Any

import pytest
from mcp import Client
from mcp.client.client import ConnectMode

from fixtures.server import FixtureServer
from tests.command import described
from tests.serve.serving import PAGE, QUESTION, STARTS, Serving

TOOLS = {
    "ask_page",
    "read_page",
    "summarize_page",
    "find_quote",
    "page_changes",
    "list_watches",
    "check_watch",
}
SESSIONS = Path(__file__).with_name("sessions")


@pytest.mark.parametrize("mode", ["legacy", "2026-07-28"])
async def test_the_client_of_today(server: Serving, site: FixtureServer, mode: ConnectMode) -> None:
    """Over HTTP, by either protocol: each tool gives a JSON form and the same in words."""
    url = site.url(PAGE)
    async with Client(f"{server.url}/mcp", mode=mode) as client:
        assert {tool.name for tool in (await client.list_tools()).tools} == TOOLS
        for name, arguments in (
            ("ask_page", {"question": QUESTION, "urls": [url]}),
            ("read_page", {"url": url}),
            ("summarize_page", {"url": url}),
            ("find_quote", {"url": url, "text": "£4.2 million"}),
            ("page_changes", {"url": url, "since": "2026-01-01"}),
            ("list_watches", {}),
        ):
            result = await client.call_tool(name, arguments)
            assert not result.is_error, result.content
            assert result.structured_content is not None
            described(result.structured_content)
            assert result.content[0].type == "text" and result.content[0].text
        quotes = (
            await client.call_tool("find_quote", {"url": url, "text": "£4.2 MILLION"})
        ).structured_content
        assert quotes is not None and quotes["quotes"][0]["text"] == "£4.2 million"
        nothing = (
            await client.call_tool("find_quote", {"url": url, "text": "no such words"})
        ).structured_content
        assert nothing is not None and nothing["quotes"] == []
        resources = (await client.list_resources()).resources
        wanted = next(each.uri for each in resources if each.name == url)
        contents = (await client.read_resource(wanted)).contents
        assert "harbour" in getattr(contents[0], "text", "").lower()


async def test_private_addresses_and_unknown_watches(strict: Serving, site: FixtureServer) -> None:
    """What a tool may not read, or does not find, is a call that failed, in words."""
    async with Client(f"{strict.url}/mcp") as client:
        for name, arguments, word in (
            ("read_page", {"url": site.url(PAGE)}, "public internet"),
            ("read_page", {"url": "file:///etc/passwd"}, "no http"),
            ("ask_page", {"question": "?", "urls": ["https://a.example/"]}, "no words"),
            ("check_watch", {"name": "nothing"}, "no watch"),
            ("ask_page", {"question": "Why?", "urls": []}, "urls"),
        ):
            result = await client.call_tool(name, arguments)
            assert result.is_error and word in getattr(result.content[0], "text", ""), result.content


@pytest.fixture(scope="session")
def former_python() -> Path:
    """The Python of an environment with the SDK's former major version, made once; CI makes it before."""
    folder = Path(tempfile.gettempdir()) / f"browseagent-mcp1-{os.getuid()}"
    python = folder / "bin" / "python"
    if not (folder / "whole").exists():
        venv.create(folder, with_pip=True, clear=True)
        install = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", "mcp<2"]
        done = subprocess.run(install, capture_output=True, text=True, timeout=300, check=False)
        if done.returncode:
            pytest.skip(f"mcp<2 cannot be installed: {done.stderr[-300:]}")
        (folder / "whole").touch()
    return python


def test_the_client_of_the_former_version(server: Serving, site: FixtureServer, former_python: Path) -> None:
    """It initialises, lists, calls, is told of an error, and reads a stored page."""
    program = str(Path(__file__).with_name("former_client.py"))
    command = [str(former_python), "-I", program, server.url, site.url(PAGE)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=STARTS, check=False)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["version"].startswith("2025") and set(said["tools"]) == TOOLS and said["wrong"]
    assert said["found"]["quotes"] == [] or "4.2 million" in said["text"]
    described(said["found"])
    assert said["page"]


def _holds(got: Any, wanted: Any) -> bool:
    """Whether everything that is wanted is there; what else is there is not looked at."""
    if isinstance(wanted, dict):
        return isinstance(got, dict) and all(key in got and _holds(got[key], wanted[key]) for key in wanted)
    if isinstance(wanted, list) and wanted:
        return isinstance(got, list) and all(map(_holds, got, wanted))
    return bool(got == wanted)


def _put(written: IO[bytes], lines: Queue[bytes]) -> None:
    for line in written:
        lines.put(line)


@pytest.mark.parametrize("name", ["2025", "2026"])
def test_recorded_sessions(name: str, site: FixtureServer, tmp_path: Path) -> None:
    """On standard input and output, line by line: begin, list, call, cancel, errors. Nothing else is written
    there; a call that was cancelled gets no result; and the end of the input ends the program."""
    text = (SESSIONS / f"{name}.jsonl").read_text("utf-8").replace("{site}", site.origin)
    environment = {**os.environ, "BROWSEAGENT_HOME": str(tmp_path)}
    command = [sys.executable, "-m", "browseagent", "mcp", "--allow-private"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdin is not None and process.stdout is not None
        lines: Queue[bytes] = Queue()
        stdout = process.stdout
        threading.Thread(target=_put, args=(stdout, lines), daemon=True).start()
        cancelled: set[int] = set()
        for step in map(json.loads, text.splitlines()):
            if message := step.get("send"):
                if message["method"] == "notifications/cancelled":
                    cancelled.add(message["params"]["requestId"])
                process.stdin.write(json.dumps(message).encode() + b"\n")
                process.stdin.flush()
                continue
            got = json.loads(lines.get(timeout=STARTS))
            while got.get("id") in cancelled:
                assert "result" not in got
                got = json.loads(lines.get(timeout=STARTS))
            assert _holds(got, step["got"]), (got, step["got"])
        process.stdin.close()
        assert process.wait(STARTS) == 0
