"""OpenVINO is used, and tells nobody."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

WATCHED = """if True:
    import sys
    seen = []

    def watch(event, arguments):
        if event in ("socket.connect", "socket.getaddrinfo", "os.fork", "os.posix_spawn", "subprocess.Popen"):
            seen.append(event)
            raise PermissionError(event)  # should it come to that, nothing leaves this machine

    sys.addaudithook(watch)
"""
INFERENCE = """if True:
    from browseagent.no_telemetry import keep_out
    keep_out()
    import numpy
    import openvino
    from openvino import opset13

    given = opset13.parameter([2, 2], numpy.float32)
    model = openvino.Model([opset13.relu(given)], [given])
    compiled = openvino.Core().compile_model(model, "CPU", {"CACHE_DIR": sys.argv[1]})
    assert compiled(numpy.ones((2, 2), numpy.float32))[0].sum() == 4
"""
QUIET = """if True:
    import time
    from importlib.metadata import version
    assert version("openvino-telemetry")  # it is installed, and kept out
    assert sys.modules["openvino_telemetry"] is None
    time.sleep(0.5)  # it would send from a thread
    assert not seen, seen
"""


def test_openvino_computes_and_calls_nobody(tmp_path: Path) -> None:
    """A model is compiled and run; no process is forked, no name looked up, no client id made."""
    pytest.importorskip("openvino_telemetry", reason="without the package there is nothing to keep out")
    done = subprocess.run(
        [sys.executable, "-c", WATCHED + INFERENCE + QUIET, str(tmp_path / "cache")],
        env={
            "HOME": str(tmp_path),
            "PYTHONPATH": os.pathsep.join(sys.path),
            "PATH": os.environ["PATH"],
        },  # no CI=true, which would keep it silent too
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "intel").exists()


def test_a_program_that_loaded_telemetry_itself_keeps_it() -> None:
    """What a program around us has loaded is its own choice, and stays."""
    program = """if True:
        import sys, types
        theirs = sys.modules["openvino_telemetry"] = types.ModuleType("openvino_telemetry")
        from browseagent.no_telemetry import keep_out
        keep_out()
        assert sys.modules["openvino_telemetry"] is theirs
    """
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def _files() -> Iterator[Path]:
    for folder in ("browseagent", "bench", "tools", "fixtures", "tests"):
        yield from sorted((ROOT / folder).rglob("*.py"))


def test_whoever_imports_openvino_keeps_telemetry_out_first() -> None:
    """In every file of ours, ``keep_out()`` stands before the first import of OpenVINO."""
    for path in _files():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        imports = [
            node.lineno
            for node in ast.walk(tree)
            if (isinstance(node, ast.Import) and any(_is_openvino(alias.name) for alias in node.names))
            or (isinstance(node, ast.ImportFrom) and _is_openvino(node.module or ""))
        ]
        calls = [
            node.lineno
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("keep_out")
        ]
        assert not imports or (calls and min(calls) < min(imports)), (
            f"{path} imports openvino without browseagent.no_telemetry.keep_out() before it"
        )


def _is_openvino(module: str) -> bool:
    return module.partition(".")[0] in ("openvino", "openvino_genai", "openvino_tokenizers")
