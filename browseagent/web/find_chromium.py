"""Where a browser is to be had: one to start, one that runs already, a display for its window; its memory."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from playwright.async_api import Browser, Error, Playwright

_COMMANDS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "microsoft-edge-stable",
    "msedge",
)
_ON_MACOS = (
    "Chromium.app/Contents/MacOS/Chromium",
    "Google Chrome.app/Contents/MacOS/Google Chrome",
    "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
_ON_WINDOWS = (
    "Chromium/Application/chrome.exe",
    "Google/Chrome/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
)
_WINDOWS_FOLDERS = ("LOCALAPPDATA", "PROGRAMFILES", "PROGRAMFILES(X86)")
"""Variables that name where Windows keeps programs: of this person, and of all."""
# Playwright's layout of its download folder, newest revision last when sorted by number.
_DOWNLOADS = (
    "chromium-*/chrome-linux*/chrome",
    "chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
    "chromium-*/chrome-win*/chrome.exe",
    "chromium_headless_shell-*/chrome-*/*headless*shell*",
)
HINT = (
    "Install one with `playwright install chromium` or `apt-get install chromium`, "
    "or name one in BROWSEAGENT_CHROMIUM."
)


@dataclass(frozen=True, slots=True)
class Search:
    """The result: ``found``, or None; ``tried`` says where was looked, in order."""

    found: Path | None
    tried: tuple[str, ...]

    @property
    def explanation(self) -> str:
        """One sentence about a search that found nothing."""
        return "no Chromium was found (looked for " + ", ".join(self.tried) + ")"


def find_chromium(explicit: Path | None = None) -> Search:
    """The browser to start: the one named, else ``$BROWSEAGENT_CHROMIUM``, else one on the system, else
    Playwright's own download. What is named and is not there is not silently replaced by another."""
    named = explicit or (
        Path(os.environ["BROWSEAGENT_CHROMIUM"]) if os.environ.get("BROWSEAGENT_CHROMIUM") else None
    )
    if named is not None:
        path = named.expanduser()
        return Search(path if _runs(path) else None, (str(path),))
    tried: list[str] = []
    for command in _COMMANDS:
        tried.append(command)
        on_path = shutil.which(command)
        if on_path:
            return Search(Path(on_path), tuple(tried))
    for place in _programs():
        tried.append(str(place))
        if _runs(place):
            return Search(place, tuple(tried))
    folder = _download_folder()
    tried.append(str(folder))
    downloads = [path for pattern in _DOWNLOADS for path in folder.glob(pattern) if _runs(path)]
    downloads.sort(key=lambda path: ("headless" not in path.name, _revision(path, folder)))
    return Search(downloads[-1] if downloads else None, tuple(tried))


def _runs(path: Path) -> bool:
    return path.is_file() and os.access(path, os.X_OK)


def _programs() -> list[Path]:
    """Where a system that does not keep browsers on the path keeps them."""
    if sys.platform == "darwin":
        folders = (Path("/Applications"), Path.home() / "Applications")
        return [folder / program for folder in folders for program in _ON_MACOS]
    elif sys.platform == "win32":
        named = filter(None, map(os.environ.get, _WINDOWS_FOLDERS))
        return [Path(folder) / program for folder in named for program in _ON_WINDOWS]
    else:
        return []


def _download_folder() -> Path:
    """Where Playwright puts what it downloads, by its own rules."""
    named = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    if named and named != "0":
        return Path(named)
    home = Path.home()
    if sys.platform == "darwin":
        caches = home / "Library/Caches"
    elif sys.platform == "win32":
        caches = Path(os.environ.get("LOCALAPPDATA") or home / "AppData/Local")
    else:
        caches = Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")
    return caches / "ms-playwright"


def _revision(path: Path, folder: Path) -> int:
    digits = path.relative_to(folder).parts[0].rpartition("-")[2]
    return int(digits) if digits.isdigit() else 0


_PROC = Path("/proc")


def resident_bytes(pid: int) -> int:
    """Proportional resident memory of a process tree in bytes; 0 where ``/proc`` does not tell."""
    return sum(_own_bytes(member) for member in process_tree(pid))


def process_tree(pid: int) -> list[int]:
    """That process and all its descendants, as far as ``/proc`` tells."""
    children: dict[int, list[int]] = {}
    if not _PROC.is_dir():
        return [pid]
    for entry in _PROC.iterdir():
        if not entry.name.isdigit():
            continue
        try:
            stat = (entry / "stat").read_text("utf-8", "replace")
        except OSError:
            continue  # It has ended since.
        parent = int(stat.rpartition(")")[2].split()[1])
        children.setdefault(parent, []).append(int(entry.name))
    tree = [pid]
    for member in tree:
        tree.extend(children.get(member, ()))
    return tree


def _own_bytes(pid: int) -> int:
    """Proportional set size: pages that processes share are counted once in all."""
    try:
        for line in (_PROC / str(pid) / "smaps_rollup").read_text("ascii", "replace").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        return 0
    return 0


def display() -> str:
    """The display's name; empty where there is none."""
    own = sys.platform if sys.platform in ("darwin", "win32") else ""
    return own or os.environ.get("WAYLAND_DISPLAY") or os.environ.get("DISPLAY") or ""


async def attach(playwright: Playwright, address: str, seconds: float) -> Browser:
    """The browser at an address. ``http(s)`` and ``ws(s)://…/devtools/…`` are DevTools, every other ``ws(s)``
    is a Playwright server. Raises Playwright's Error."""
    parts = urlsplit(address)
    if parts.scheme in ("http", "https") or "/devtools/" in parts.path:
        return await playwright.chromium.connect_over_cdp(address, timeout=seconds * 1000)
    return await playwright.chromium.connect(address, timeout=seconds * 1000)


def on_this_machine(address: str) -> bool:
    """Whether such an address is this machine's own, so that the browser can reach our egress gate."""
    host = urlsplit(address).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def refusal(error: Error) -> str:
    """Why a browser could not be had, without its address: that may hold a password or a token."""
    text = str(error)
    for sign, words in (
        ("ECONNREFUSED", "nothing answers there"),
        ("ENOTFOUND", "there is no such host"),
        ("EAI_AGAIN", "there is no such host"),
        ("Timeout", "it did not answer in time"),
        ("version mismatch", "it is a Playwright server of another version"),
        ("401", "it wants a password or a token"),
        ("403", "it wants a password or a token"),
    ):
        if sign in text:
            return words
    return "it is neither a Playwright server nor a Chromium with its DevTools open"
