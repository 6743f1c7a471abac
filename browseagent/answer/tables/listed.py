"""Features of readings of what a page lists, where no header says what a column holds."""

from __future__ import annotations

from browseagent.answer.tables.columns import Kind
from browseagent.answer.tables.links import FORM_KINDS, Links
from browseagent.answer.tables.vocabulary import COUNTED, PEOPLE, TITLES


def ordered_by(links: Links, by: int) -> dict[str, float]:
    """Whether a column is what the superlative is of: "the most *reviews*", "the *cheapest*", "*highest*
    rated". What is counted must be said of the column, an adjective may speak for itself."""
    question, said, found = links.question, links.mentions[by].words, {}
    kind = links.frame.columns[by].kind
    for place, _ in question.orderings[:1]:
        after = [
            i for i in range(place + 1, min(place + 4, len(question.words))) if question.content >> i & 1
        ]
        counted = question.words[place] in COUNTED
        of = "counted" if counted else "graded"
        own = said >> place & 1 or any(said >> i & 1 for i in after[: 1 + counted])
        known = any(
            links.mentions[other].words >> i & 1 for other in links.orders for i in (place, *after[:1])
        )
        found[f"{of} said" if own else f"{of} elsewhere" if known else f"{of} unsaid"] = 1.0
        if not own:
            found[f"{of} unsaid > {kind}"] = 1.0
    return found


def listed(links: Links, operation: str, target: int) -> dict[str, float]:
    """Whether a listed column is what the question wants: a name, an author, a value; no button."""
    column, form = links.frame.columns[target], links.question.form
    standing, rows = column.standing, len(links.frame.rows)
    group = form if form == "who" else "value" if form in FORM_KINDS and form != "where" else "thing"
    length = "short" if standing.length <= 3 else "middle" if standing.length <= 15 else "long"
    people = not PEOPLE.isdisjoint(standing.aliases | standing.called)
    found = {
        f"listed {length} / {group}": 1.0,
        f"listed own / {group}": standing.own,
        f"listed varied / {group}": column.distinct / rows,
        f"listed filled / {group}": column.filled.bit_count() / rows,
        f"listed link / {group}": standing.linked,
        f"listed people / {group}": float(people),
        f"listed first / {group}": float(target == 0),
        f"listed title / {group}": float(not TITLES.isdisjoint(standing.called)),
    }
    if target == links.frame.subject and column.kind is Kind.TEXT:
        found[f"listed subject / {operation} {group}"] = 1.0
    return found
