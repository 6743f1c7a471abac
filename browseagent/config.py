"""Where things are kept, and the settings of one run. Reads the environment; nothing else does.

``BROWSEAGENT_HOME`` moves everything the program keeps into one folder;
``BROWSEAGENT_CHROMIUM`` names the browser to start, ``BROWSEAGENT_CONTACT`` an address at which whoever
runs the program can be reached (it is added to the user agent);
``BROWSEAGENT_DATABASE`` (``postgresql://…``) keeps pages and watches in that database instead of a file;
``BROWSEAGENT_WEBHOOK_SECRET`` signs what is posted to webhooks;
``XDG_RUNTIME_DIR`` has the socket of a running server;
``BROWSEAGENT_NO_LOG=1`` keeps no questions for `history`;
``BROWSEAGENT_ENGINE`` (``openvino`` or ``torch``) says what the embedded model is computed by;
``OPENAI_BASE_URL`` and ``OPENAI_API_KEY`` are where ``openai:`` models are and the key to them,
``BROWSEAGENT_PRICE`` (``0.15,0.60``) what a million tokens in and out cost,
``BROWSEAGENT_TOKENS_A_MINUTE`` how many of both this process may ask for.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal, cast, get_args

from platformdirs import user_data_path

from browseagent.errors import UsageError
from browseagent.records import Elements, Manner
from browseagent.session import Session

Engine = Literal["auto", "openvino", "torch"]
"""What the embedded model is computed by; ``auto``: by OpenVINO, by PyTorch where that does not run."""


@dataclass(frozen=True, slots=True)
class Server:
    """How a model behind an HTTP API is reached."""

    base_url: str = ""
    """Such as ``http://127.0.0.1:11434/v1``; empty: OpenAI's own."""
    key: str = field(default="", repr=False)
    """From the environment; empty: look into the keyring. Never logged, traced or stored."""
    price: tuple[float, float] | None = None
    """What a million tokens cost, in and out."""
    tokens_a_minute: int | None = None
    """Of this process, prompts and replies together; None: no bound."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the person asked for, for one run. Durations are in seconds."""

    home: Path
    """Folder of the page store and of the models."""
    model: str = "embedded"
    engine: Engine = "auto"
    via: Literal["auto", "http", "chromium"] = "auto"
    max_age: float = 3600.0
    """A stored page younger than this is used without asking the server."""
    fresh: bool = False
    """Ask the server even where a stored page is young enough."""
    offline: bool = False
    """Use stored pages only, whatever their age."""
    as_of: datetime | None = None
    """Use the stored version that was current at this time (implies ``offline``)."""
    timeout: float = 30.0
    """Deadline of one page, everything included."""
    max_pages: int = 1
    """How many pages may be read for one question, the named ones among them; links are followed where these
    are fewer."""
    site: bool = False
    """Whether the question is about the whole site: offline, the full-text index says which pages to read."""
    allow_domains: tuple[str, ...] = ()
    """Domains whose pages may be followed to beside those of the named pages' own sites."""
    server: Server = field(default_factory=Server)
    manner: Manner = field(default_factory=Manner)
    model_timeout: float = 120.0
    """Deadline of a model that writes, for one answer with all its calls."""
    fallback: bool = False
    """Let the embedded model answer where the one that was named fails."""
    log: bool = True
    """Whether what is asked is kept for `history`."""
    trace: Path | None = None
    chromium: Path | None = None
    """The browser to start; None: look for one."""
    cache_bytes: int = 2_000_000_000
    """Size limit of the page store."""
    browsers: tuple[str, ...] = ()
    """Addresses of browsers that run already and are used by turns; empty: one of our own."""
    database: str | None = None
    """A PostgreSQL database for pages and watches; None: a file in ``home``."""
    webhook_secret: str | None = None
    session: Session = field(default_factory=Session)
    """What shapes pages besides their URLs."""
    elements: Elements = field(default_factory=Elements)
    """Which elements of a page its document is made of."""
    by_person: bool = True
    """Whether a person at this machine named the sources; else they are got as what a page names is, and so
    not from a private network."""
    screenshot: Path | None = None
    """Where to write the page as it was read, as PNG."""
    profiles: Path | None = None
    """Folder of the profiles; None: below ``home``."""

    @property
    def asks_stored_site(self) -> bool:
        """Whether questions go to a whole site as it is stored, through its full-text index."""
        return self.site and self.offline

    @property
    def store_path(self) -> Path:
        """The page store's database."""
        return self.home / "pages.sqlite"

    @property
    def store_place(self) -> Path | str:
        """Where the page store is: a file, or the URL of a database."""
        return self.database or self.store_path

    @property
    def models_path(self) -> Path:
        """Folder of the models that were fetched, one folder each."""
        return self.home / "models"

    @property
    def profiles_path(self) -> Path:
        """Folder of the profiles, one folder each."""
        return self.profiles or self.home / "profiles"


HELP: Mapping[str, str] = {
    "model": "embedded (the default), hf:REPO_OR_FOLDER, gguf:FILE, openai:MODEL, ollama:MODEL.",
    "via": "How to get pages.  [default: auto]",
    "max_age": "Use a stored page up to this age.  [default: 1h]",
    "fresh": "Ask the server even where a stored page is young enough.",
    "offline": "Use stored pages only.",
    "as_of": "Use the stored version that was current then.",
    "timeout": "Deadline of one page.  [default: 30s]",
    "max_pages": "How many pages may be read; an article on several pages is one.",
    "site": "Look through the site too: 8 pages, or as many as you say.",
    "trace": "Write each step here.",
}
"""What the settings of one run that a person may give do: for the command line, watches and the server."""


def default_home() -> Path:
    """The user's data folder for this program, or ``$BROWSEAGENT_HOME``."""
    named = os.environ.get("BROWSEAGENT_HOME")
    return Path(named).expanduser() if named else user_data_path("browseagent", appauthor=False)


def runtime_folder() -> Path | None:
    """The folder for sockets of this user's session; None where the system has none."""
    named = os.environ.get("XDG_RUNTIME_DIR")
    return Path(named) / "browseagent" if named else None


def default_settings() -> Settings:
    """Settings as the environment gives them, before any option. Raises UsageError for what cannot be."""
    named = os.environ.get("BROWSEAGENT_CHROMIUM")
    return Settings(
        home=default_home(),
        chromium=Path(named) if named else None,
        session=Session(contact=os.environ.get("BROWSEAGENT_CONTACT", "")),
        database=os.environ.get("BROWSEAGENT_DATABASE") or None,
        log=os.environ.get("BROWSEAGENT_NO_LOG", "") in ("", "0"),
        webhook_secret=os.environ.get("BROWSEAGENT_WEBHOOK_SECRET") or None,
        engine=_engine(os.environ.get("BROWSEAGENT_ENGINE") or "auto"),
        server=Server(
            base_url=os.environ.get("OPENAI_BASE_URL", ""),
            key=os.environ.get("OPENAI_API_KEY", ""),
            price=_price(os.environ.get("BROWSEAGENT_PRICE", "")),
            tokens_a_minute=_whole(os.environ.get("BROWSEAGENT_TOKENS_A_MINUTE", "")),
        ),
    )


def _engine(named: str) -> Engine:
    if named not in get_args(Engine):
        raise UsageError(f"BROWSEAGENT_ENGINE is {named!r}", hint=f"one of: {', '.join(get_args(Engine))}")
    return cast("Engine", named)


def _price(written: str) -> tuple[float, float] | None:
    """``0.15,0.60`` as two numbers. Raises UsageError for anything else."""
    if not written.strip():
        return None
    try:
        into, out = map(float, written.split(","))
    except ValueError:
        raise UsageError(
            f"BROWSEAGENT_PRICE is {written!r}", hint="write two numbers, in and out: 0.15,0.60"
        ) from None
    return into, out


def _whole(written: str) -> int | None:
    """A number above nought. Raises UsageError for anything else."""
    if not written.strip():
        return None
    if not written.isdecimal() or not int(written):
        raise UsageError(
            f"BROWSEAGENT_TOKENS_A_MINUTE is {written!r}", hint="write a whole number, such as 200000"
        )
    return int(written)


def local_timezone() -> str:
    """The name of this machine's time zone; UTC where it does not say."""
    named = os.environ.get("TZ", "").removeprefix(":")
    if named and "/" in named:
        return named
    link = str(Path("/etc/localtime").resolve())
    return link.partition("/zoneinfo/")[2] or "UTC"
