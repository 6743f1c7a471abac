"""Finding a Chromium to start."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

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
_FIXED = {
    "darwin": (
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    ),
    "win32": (
        r"C:\Program Files\Google\Chrome\Application\chrome.exe",
        r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
        r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    ),
}
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
    for fixed in _FIXED.get(sys.platform, ()):
        tried.append(fixed)
        if _runs(Path(fixed)):
            return Search(Path(fixed), tuple(tried))
    folder = _download_folder()
    tried.append(str(folder))
    downloads = [path for pattern in _DOWNLOADS for path in folder.glob(pattern) if _runs(path)]
    downloads.sort(key=lambda path: ("headless" not in path.name, _revision(path, folder)))
    return Search(downloads[-1] if downloads else None, tuple(tried))


def _runs(path: Path) -> bool:
    return path.is_file() and os.access(path, os.X_OK)


def _download_folder() -> Path:
    named = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    if named and named != "0":
        return Path(named)
    if sys.platform == "darwin":
        return Path.home() / "Library/Caches/ms-playwright"
    if sys.platform == "win32":
        return Path.home() / "AppData/Local/ms-playwright"
    return Path.home() / ".cache/ms-playwright"


def _revision(path: Path, folder: Path) -> int:
    digits = path.relative_to(folder).parts[0].rpartition("-")[2]
    return int(digits) if digits.isdigit() else 0
