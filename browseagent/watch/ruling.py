"""What a model says of a change, and what of it is believed: whether it matters, and what it claims.

A model that writes replies in JSON; of its claims only those go out whose old and new quotes stand in the
change, and so in the two snapshots. It sees the changed passages alone, between lines with a mark that no
page can know, and has no tools: the worst that a page can talk it into is a wrong judgement of its change.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from browseagent.errors import ModelError
from browseagent.model.prompts import load_prompt
from browseagent.read.text import fold_space
from browseagent.records import Hunk

Write = Callable[[str, str, Mapping[str, Any]], Awaitable[str]]
"""Instructions, what they are about, and the JSON Schema of the reply, to the reply. Raises ModelError."""
_MOST, _LONGEST = 20, 1500
"""Changes that a model is shown, and characters of each side: some 15,000 tokens at most."""
_LONGEST_CLAIM = 300
SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["matters", "claims"],
    "properties": {
        "matters": {"type": "array", "items": {"type": "boolean"}},
        "claims": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["text", "old", "new"],
                "properties": {name: {"type": "string"} for name in ("text", "old", "new")},
            },
        },
    },
}


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence about a change, and the words that carry it."""

    text: str
    old: str
    """Words before; empty where something came."""
    new: str
    """Words after; empty where something went."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a model says of some changes."""

    matters: tuple[bool | None, ...]
    """Of each whether it is about what was asked for; None where that cannot be told."""
    claims: tuple[Claim, ...] = ()


def proved(claims: Sequence[Claim], changes: Sequence[Hunk]) -> tuple[Claim, ...]:
    """The claims whose quotes stand in one change, the old words before and the new ones after it. White
    space is no difference; a quote on both sides of its change proves nothing."""

    def holds(claim: Claim, hunk: Hunk) -> bool:
        before, after, old, new = map(fold_space, (hunk.before, hunk.after, claim.old, claim.new))
        return bool(old or new) and old != new and old in before and new in after

    return tuple(claim for claim in claims if any(holds(claim, hunk) for hunk in changes))


async def written_ruling(
    about: str, changes: Sequence[Hunk], write: Write, mark: Callable[[], str] = lambda: secrets.token_hex(8)
) -> Ruling:
    """The ruling of a model that writes. Raises ModelError, also for a reply that cannot be read. What is
    beyond the changes that it is shown it cannot have judged."""
    shown = changes[:_MOST]
    sign = mark()
    told = load_prompt("watch-changes").render(
        mark=sign, about=about or "anything that changed", count=str(len(shown))
    )
    parts = [_shown(number, hunk, sign) for number, hunk in enumerate(shown, start=1)]
    ruling = ruling_of(await write(told, "\n\n".join(parts), SCHEMA), len(shown))
    return Ruling((*ruling.matters, *[None] * (len(changes) - len(shown))), ruling.claims)


def ruling_of(reply: str, count: int) -> Ruling:
    """The ruling on ``count`` changes that a reply holds. Raises ModelError where it holds none."""
    try:
        data = json.loads(reply)
        matters = data["matters"]
        claims = tuple(Claim(*(each[name] for name in ("text", "old", "new"))) for each in data["claims"])
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise ModelError("the model's reply cannot be read") from error
    texts = [text for claim in claims for text in (claim.text, claim.old, claim.new)]
    if (
        not isinstance(matters, list)
        or len(matters) != count
        or not all(isinstance(each, bool) for each in matters)
        or not all(isinstance(text, str) for text in texts)
    ):
        raise ModelError("the model's reply is not of the form that was asked for")
    return Ruling(tuple(matters), tuple(each for each in claims if 0 < len(each.text) <= _LONGEST_CLAIM))


def _shown(number: int, hunk: Hunk, mark: str) -> str:
    sides = [("where", hunk.where), ("before", hunk.before), ("after", hunk.after)]
    lines = [f"{name}: {fold_space(text)[:_LONGEST].replace(mark, '')}" for name, text in sides]
    return "\n".join([f"<change {number} {mark}>", *lines, f"</change {number} {mark}>"])
