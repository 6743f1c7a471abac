"""What requests say, checked by pydantic: anything else is refused with what is wrong."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from browseagent.config import HELP

Address = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
Sources = Annotated[list[Address], Field(min_length=1, max_length=20)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Options(_Body):
    """How pages are got; durations in seconds."""

    via: Literal["auto", "http", "chromium"] | None = Field(default=None, description=HELP["via"])
    max_age: float | None = Field(default=None, description=HELP["max_age"])
    fresh: bool | None = Field(default=None, description=HELP["fresh"])
    offline: bool | None = Field(default=None, description=HELP["offline"])
    as_of: datetime | None = Field(default=None, description=HELP["as_of"])
    timeout: float | None = Field(default=None, description=HELP["timeout"])
    max_pages: int | None = Field(default=None, description=HELP["max_pages"])
    site: bool | None = Field(default=None, description=HELP["site"])

    def said(self) -> dict[str, Any]:
        """What was given."""
        return self.model_dump(exclude_none=True)


class Ask(_Body):
    """``POST /v1/ask``."""

    question: Annotated[str, Field(max_length=2000)]
    sources: Sources
    json_schema: dict[str, Any] | None = Field(None, alias="schema")
    type: Annotated[str, Field(max_length=200)] | None = None
    options: Options = Field(default_factory=Options)


class Summarize(_Body):
    """``POST /v1/summarize`` and ``POST /v1/brief``."""

    sources: Sources
    length: Literal["short", "medium", "long"] = "medium"
    options: Options = Field(default_factory=Options)


class Read(_Body):
    """``POST /v1/read``."""

    source: Address | None = None
    sources: Annotated[list[Address], Field(min_length=1, max_length=1)] | None = None
    options: Options = Field(default_factory=Options)


class NewWatch(_Body):
    """``POST /v1/watches``: the settings are those of a watch file (``watch export``)."""

    model_config = ConfigDict(extra="allow")
    url: Address
    name: Name | None = None


class WatchSettings(_Body):
    """``PATCH /v1/watches/NAME``: settings to change; null takes one away."""

    model_config = ConfigDict(extra="allow")
