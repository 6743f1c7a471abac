"""Two examples for each command: they end its ``--help`` and its part of the manual, and run in the tests.

A test runs those of one command after those of the commands before it, in a folder of its own, with the
fixture sites in place of example.org.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_SITE = "https://example.org"
_LANTERN = f"{_SITE}/shop/lantern.html"
_TRAM = f"{_SITE}/news/tram-extension.html"

EXAMPLES: Mapping[str, tuple[str, str]] = {
    "read": (f"read {_TRAM}", f"read {_TRAM} --format text --select article"),
    "ask": (
        f'ask "What would it cost to build the line?" {_TRAM}',
        f'ask "What does a single cost?" {_TRAM} --type money --json',
    ),
    "summarize": (f"summarize {_TRAM}", f"summarize {_TRAM} --length short --json"),
    "brief": (f"brief {_TRAM}", f"brief {_TRAM} {_SITE}/news/harbour-wall.html --length short"),
    "chat": (f"chat {_TRAM}", f"chat {_TRAM} --json <questions.txt"),
    "crawl": (f"crawl {_SITE}/museum/ --max-pages 3", f"crawl {_SITE}/museum/ --include /museum/ --depth 1"),
    "record": (f"record {_TRAM} --to tram", f"record {_LANTERN} --to lantern --via http"),
    "login": (
        f"login {_SITE}/session/ --profile me",
        f"login {_SITE}/session/ --profile work --timeout 10m",
    ),
    "watch add": (
        f"watch add {_LANTERN} --name lantern --every 15m --notify stdout",
        f'watch add {_TRAM} --name tram --ask "What does a single cost?" --type money --when "price < 2"',
    ),
    "watch list": ("watch list", "watch list --tag prices --json"),
    "watch check": ("watch check lantern", "watch check --all --json"),
    "watch run": ("watch run --due", "watch run"),
    "watch show": ("watch show lantern", "watch show lantern --snapshot 1"),
    "watch next": ("watch next lantern", "watch next lantern -n 3 --json"),
    "watch test": (f"watch test {_LANTERN} --text", "watch test lantern"),
    "watch history": ("watch history lantern", "watch history lantern -n 3 --json"),
    "watch diff": ("watch diff lantern", "watch diff lantern 1 2"),
    "watch replay": ("watch replay lantern", "watch replay --since 7d --json"),
    "watch pin": ("watch pin lantern 1", "watch pin lantern 1 --off"),
    "watch resend": ("watch resend lantern", "watch resend --all"),
    "watch group add": (
        "watch group add prices --every 1h --notify stdout",
        "watch group add night --between 22:00-06:00 --every 2h",
    ),
    "watch group list": ("watch group list", "watch group list --json"),
    "watch group remove": ("watch group remove prices", "watch group remove night"),
    "watch export": ("watch export", "watch export --to watches.toml"),
    "watch import": ("watch import watches.toml --dry-run", "watch import watches.toml --json"),
    "watch remove": ("watch remove tram", "watch remove lantern --json"),
    "cache list": ("cache list", "cache list --json"),
    "cache show": (f"cache show {_TRAM}", f"cache show {_TRAM} --format raw"),
    "cache history": (f"cache history {_TRAM}", f"cache history {_TRAM} --json"),
    "cache diff": (f"cache diff {_LANTERN}", f"cache diff {_LANTERN} --json"),
    "history list": ("history list", "history list -n 5 --json"),
    "history search": ("history search build", "history search build line --json"),
    "history diff": ("history diff 3", "history diff 3 2 --json"),
    "history show": ("history show 1", "history show 1 --json"),
    "backup": ("backup kept.tar.gz", "backup all.tar.gz --with-secrets"),
    "restore": ("restore kept.tar.gz --over", "restore all.tar.gz --over --json"),
    "history clear": ("history clear --older-than 90d", "history clear --all"),
    "cache clear": (f"cache clear {_TRAM}", "cache clear --older-than 30d"),
    "serve": ("serve", "serve --host 0.0.0.0 --token-file secret.txt --with-watches"),
    "mcp": ("mcp", "mcp --allow-private"),
    "worker": ("worker", "worker --queues checks --concurrency 8"),
    "store move": (
        "store move --to postgresql://user@db.example.org/browseagent",
        "store move --to postgresql:///browseagent --quiet",
    ),
    "model list": ("model list", "model list --json"),
    "model fetch": ("model fetch", "model fetch browseagent-model.whl"),
    "model new": ("model new tiny --num-layers 2", "model new own --embedding-dim 64 --num-heads 4 --seed 7"),
    "model tune": (
        "model tune questions.jsonl --out mine",
        "model tune questions.jsonl --out mine --steps 200",
    ),
    "model eval": ("model eval", "model eval openai:qwen3:4b --base-url http://127.0.0.1:11434/v1"),
    "completion": ("completion bash", "completion fish"),
    "doctor": ("doctor", "doctor --json"),
}

_WORD = re.compile(r"""(?:[^\s"']|"[^"]*"|'[^']*')+""")
_WIDEST = 74
"""Characters of a line on a terminal of 80 columns, after the indentation and before the mark at its end."""


def in_lines(command: str) -> list[str]:
    """A command as it is shown and may be pasted: where it is long, in lines that a shell reads as one."""
    lines = [""]
    for word in _WORD.findall(command):
        if len(lines[-1]) + len(word) >= _WIDEST and lines[-1].strip():
            lines[-1] += " \\"
            lines.append(f"    {word}")
        else:
            lines[-1] += f" {word}" if lines[-1] else word
    return lines
