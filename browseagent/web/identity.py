"""Who we say that we are: the user agent and the languages of a request. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from browseagent import __version__
from browseagent.session import Session

LANGUAGES = "en-US,en;q=0.8,*;q=0.5"
"""What is asked for where nobody asked for anything else."""


def user_agent(contact: str = "") -> str:
    """An honest name for us, in the form that servers understand."""
    about = f"; +{contact}" if contact else ""
    return f"Mozilla/5.0 (compatible; browseagent/{__version__}{about})"


@dataclass(frozen=True, slots=True)
class Identity:
    """What is said where a session does not say otherwise."""

    user_agent: str
    languages: str
    """Accept-Language, the preferred language first."""

    def of(self, session: Session) -> Identity:
        """What is said in a session."""
        own = session.user_agent or (user_agent(session.contact) if session.contact else "")
        return Identity(own or self.user_agent, _languages(session.locale) or self.languages)

    @property
    def locale(self) -> str:
        """The preferred language, as a browser takes it."""
        return self.languages.partition(",")[0]


def _languages(locale: str) -> str:
    """``de-AT`` as ``de-AT,de;q=0.8,*;q=0.5``."""
    if not locale:
        return ""
    language = locale.partition("-")[0]
    general = "" if language == locale else f",{language};q=0.8"
    return f"{locale}{general},*;q=0.5"
