"""What was asked before, and what the answers were: the newest, up to a limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from browseagent.store.asked_schema import asked
from browseagent.store.database import Database
from browseagent.store.rows import plain

MOST = 1000
"""Questions that are kept; the oldest go first."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and its answer."""

    id: int
    at: datetime
    question: str
    status: str
    answer: str | None
    model: str
    document: Mapping[str, Any]
    """``browseagent.answer/1``."""

    @property
    def about(self) -> tuple[str, frozenset[str]]:
        """What makes two askings one question: its words and the pages that were asked."""
        words = " ".join(self.question.casefold().split())
        return words, frozenset(page["url"] for page in self.document["pages"])


class AskedBefore:
    """The questions in a store's database. Every method may raise StoreError."""

    def __init__(self, database: Database, most: int = MOST) -> None:
        self._database, self._most = database, most

    def put(self, document: Mapping[str, Any], at: datetime) -> int:
        """Keeps an answer (``browseagent.answer/1``); gives its number."""
        values = {
            "at": at,
            "question": plain(document["question"]),
            "status": document["status"],
            "answer": None if document["answer"] is None else plain(document["answer"]),
            "model": plain(document["model"]["name"]),
            "document": dict(document),
        }
        with self._database.transaction(write=True) as connection:
            number = connection.execute(asked.insert().values(**values).returning(asked.c.id)).scalar_one()
            newest = sa.select(asked.c.id).order_by(asked.c.id.desc()).offset(self._most).limit(1)
            last = connection.execute(newest).scalar_one_or_none()
            if last is not None:
                connection.execute(asked.delete().where(asked.c.id <= last))
            return int(number)

    def find(self, words: Sequence[str] = (), *, limit: int = 20) -> list[Asked]:
        """The newest whose question or answer holds all the words, newest first."""
        query = sa.select(asked).order_by(asked.c.id.desc()).limit(limit)
        for word in words:
            query = query.where(
                sa.or_(
                    asked.c.question.icontains(word, autoescape=True),
                    asked.c.answer.icontains(word, autoescape=True),
                )
            )
        with self._database.transaction() as connection:
            return [Asked(**row) for row in connection.execute(query).mappings()]

    def get(self, number: int) -> Asked | None:
        """One by its number."""
        with self._database.transaction() as connection:
            row = connection.execute(sa.select(asked).where(asked.c.id == number)).mappings().one_or_none()
        return None if row is None else Asked(**row)

    def earlier(self, than: Asked) -> Asked | None:
        """The last answer before one to the same question about the same sources."""
        words = [asked.c.question.icontains(word, autoescape=True) for word in than.question.split()]
        query = sa.select(asked).where(asked.c.id < than.id, *words).order_by(asked.c.id.desc())
        with self._database.transaction() as connection:
            for row in connection.execute(query).mappings():
                found = Asked(**row)
                if found.about == than.about:
                    return found
        return None

    def clear(self, before: datetime | None = None) -> int:
        """Forgets those asked before a time (default: all); how many."""
        gone = asked.delete() if before is None else asked.delete().where(asked.c.at < before)
        with self._database.transaction(write=True) as connection:
            return connection.execute(gone).rowcount
