"""What the answer to a question was and what it is now. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from browseagent.records import Answer


@dataclass(frozen=True, slots=True)
class AnswerDiff:
    """Two answers to one question, from two versions of its pages or from two askings."""

    question: str
    before: Answer
    after: Answer
    before_at: datetime
    """The time of which ``before`` holds."""
    after_at: datetime

    @property
    def changed(self) -> bool:
        """Whether the answer became another one; how it is spaced, set in capitals or ended is no change."""
        return _said(self.before) != _said(self.after)


def _said(answer: Answer) -> str | None:
    """What an answer says, for comparison; None for one that says nothing."""
    if answer.status != "answered":
        return None
    return re.sub(r"\s+", " ", answer.text or "").strip(" .").casefold()
