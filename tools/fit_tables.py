"""Fits how answers from tables are chosen: which reading of a question, and how sure it is.

    python -m tools.fit_tables ../shared/data/wikipages browseagent/answer/tables/weights.json

The ranking maximises the log of the probability that all right readings have together (marginal
likelihood, as in Pasupat & Liang, 2015) over the questions of WikiTableQuestions asked of whole pages and
over the visitors' questions of tools/questions/data on pages with tables or records, also on pages that we
wrote, with an L2 penalty. The
pages that ``python -m tools.measure_tables kept`` asks are in neither.
The probability of an answer is a logistic regression on held-out rankings of these questions and of a quarter
as many asked of another page, over the features of its reading, its share and its lead. Prints figures on
folds by page of WikiTableQuestions and by site of the others, each fitted on the rest; stores the
coefficients fitted on everything.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import re
import string
from array import array
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any

import torch

from browseagent.answer.ask import TABLE_THRESHOLD
from browseagent.answer.logistic import probability
from browseagent.answer.question import Question
from browseagent.answer.tables.cells import value_of
from browseagent.answer.tables.choose import Scored, TableWeights, lines_of, ranked, scored
from browseagent.answer.tables.records import page_frames
from browseagent.records import Document
from tools.questions.measure import verdict
from tools.questions.pack import LEARNT, MADE, SITES, WIKIPAGES, merged, read_packed
from tools.questions.pages import MADE_PAGES, PAGES, SITE_PAGES, document, read, urls
from tools.questions.split import site_of
from tools.train.sites import fitted_pages

SEED = 2026
FOLDS = 3
PENALTY = 0.003
LEAST_SEEN = 8
"""Questions in which a feature must differ between readings to be given a weight."""
TELLING = frozenset((
    "share", "lead", "score", "listed share", "listed lead", "listed score", "extreme share", "extreme lead",
    "extreme score", "listed extreme share", "listed extreme lead", "listed extreme score", "listed extreme",
    "table match", "table context", "table headless", "table behind best", "unsaid", "unsaid in table",
    "condition exact", "condition words", "conditions 0", "one row", "answer focus", "answer named",
    "answer focus elsewhere", "answer of another form", "order named", "order unnamed", "order alone",
    "no superlative", "asked for", "not asked for", "unsaid superlative", "unsaid number", "long", "echo",
    "names missing", "counted said", "counted elsewhere", "counted unsaid", "counted unsaid > money",
    "graded said", "graded elsewhere", "graded unsaid", "heading said", "heading said elsewhere",
    "heading unsaid", "listed", "listed rows", "listed order named", "listed order named elsewhere",
    "listed order unnamed", "listed order filled", "listed short / thing",
    "listed middle / thing", "listed own / thing", "listed varied / thing", "listed filled / thing",
    "listed link / thing",
    "listed people / who", "listed own / who", "answer in condition", "answer in condition / select",
    "beaten", "unbeaten", "beaten of some", "unbeaten of some", "order rows behind", "order named on page",
    "answer of the order's kind",
))  # fmt: skip
"""Features of a reading that tell whether to trust it, beside its operation and whether it has digits; of
superlatives they weigh otherwise. With all of them held-out answers are less probable: .394 nats in place of
.388."""
SUPERLATIVE = "superlative: "
TOLD_FORMS = re.compile(r"op [^/+]+|(?:(?:no )?digits|unsaid) / .*|asked for by another name > .*")
CONFIDENCE_PENALTY = 0.0003
OTHER_TIERS = 3
"""Of the visitors' questions whose answer stands in no table, one in so many is taken."""

TIERS = ("table", "record", "second", "main")

Row = dict[str, Any]
Top = tuple[dict[str, float], bool]


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A question of a page and what its readings give; the features in rows of a sparse matrix."""

    row: Row
    document: Document
    found: list[Scored]
    """The readings, without their features."""
    right: list[bool]
    ends: list[int]
    """Where the features of each reading end."""
    names: array[int]
    values: array[float]

    @property
    def page(self) -> str:
        """Name of the page."""
        return str(self.row["page"])


NAMES: dict[str, int] = {}
"""Every feature seen, with its number."""
SPELT: list[str] = []
"""The features by their numbers."""


def normal(text: str) -> str:
    """As ../shared/score.py compares: lower case, no punctuation, no articles."""
    text = "".join(c for c in text.lower() if c not in string.punctuation and c not in "–—−“”’‘")
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", text).split())


def says(text: str, gold: str) -> bool:
    """Whether an answer's text says the gold answer: the same words, number or date."""
    one, two = normal(text), normal(gold)
    if one == two:
        return True
    own, asked = value_of(text), value_of(gold)
    if asked.date is not None and asked.date[1] and own.date == asked.date:
        return True
    if asked.number is not None and own.number is not None and (own.leads or own.text[:1] in "+-−"):
        bare = re.fullmatch(
            r"[-+]?[\d.,]+\s?(years?|days?|goals?|points?|weeks?|hours?|minutes?|seconds?|%)?", gold
        )
        if bare and abs(own.number - asked.number) < 1e-6 and not (own.score or (own.date and own.date[1])):
            return True
    return bool(two) and f" {two} " in f" {one} " and len(two) * 2 >= len(one)


def is_right(texts: tuple[str, ...], golds: tuple[str, ...]) -> bool:
    """Whether an answer is the gold answer, all of it and nothing else."""
    left = list(golds)
    for text in texts:
        match = next((gold for gold in left if says(text, gold)), None)
        if match is None:
            return False
        left.remove(match)
    return not left


def is_answer(row: Row, texts: tuple[str, ...]) -> bool:
    """Whether some texts answer a question of either set."""
    if "kind" in row:
        return row["kind"] != "none" and verdict(row, ", ".join(texts), "") == "right"
    return is_right(texts, tuple(row["answers"]))


def load(data: Path) -> tuple[list[Row], dict[str, Document]]:
    """The questions and pages of WikiTableQuestions."""
    rows = [json.loads(line) for line in (data / "questions.jsonl").read_text("utf-8").splitlines()]
    places = {row["page"]: row["url"] or "https://example.org/" for row in rows}
    return rows, {page: read(data / page, url) for page, url in places.items()}


def is_tabled(row: Row) -> bool:
    """Whether a question is one of tables and records: all of WikiTableQuestions, of visitors' those of such
    an answer and superlatives."""
    return "kind" not in row or row["tier"] in ("table", "record") or row["kind"] == "best"


def load_visitors() -> tuple[list[Row], dict[str, Document], dict[str, str]]:
    """Visitors' questions on pages that have tables or records: all that those answer, some that they do
    not; the pages, and the site of each."""
    kept = fitted_pages()
    sources = [(page, PAGES) for page in merged(LEARNT) if page["page"] not in kept]
    sources += [(page, SITE_PAGES) for page in read_packed(SITES)]
    sources += [(page, MADE_PAGES) for page in read_packed(MADE)]
    addresses = {folder: urls(folder) for folder in (PAGES, SITE_PAGES, MADE_PAGES)}
    rows, documents, sites = [], {}, {}
    for page, folder in sources:
        name, url = page["page"], addresses[folder][page["page"]]
        stored = document(name, url, folder)
        if not page_frames(stored):
            continue
        documents[name] = stored
        sites[name] = (site_of(url) if folder is not MADE_PAGES else "") or name
        rows += taken(page, name)
    return rows, documents, sites


def taken(page: Row, name: str) -> list[Row]:
    """The questions of a page that are learnt from."""
    asked = [q for q in page["questions"] if q["kind"] not in ("yesno", "how")]
    tabled = [q for q in asked if is_tabled(q)]
    others = [q for q in asked if q not in tabled][::OTHER_TIERS]
    return [{**q, "question": q["q"], "page": name} for q in tabled + others]


def load_articles(documents: Mapping[str, Document]) -> list[Row]:
    """Visitors' questions on the pages of WikiTableQuestions, of which ``documents`` are those by name."""
    named = ((f"html/{page['page']}.html.gz", page) for page in read_packed(WIKIPAGES))
    return [row for name, page in named if name in documents for row in taken(page, name)]


def ask(rows: list[Row], documents: dict[str, Document]) -> list[Asked]:
    """Every reading of every question, and whether it is right."""
    asked = []
    for row in sorted(rows, key=lambda row: str(row["page"])):  # a page's frames are kept for a while
        one = Asked(row, documents[row["page"]], [], [], [], array("i"), array("f"))
        right = lru_cache(maxsize=None)(partial(is_answer, row))
        for each in scored(Question.of(row["question"]), page_frames(one.document)):
            one.names.extend(number_of(name) for name in each.features)
            one.values.extend(each.features.values())
            one.ends.append(len(one.names))
            one.found.append(Scored(each.frame, each.reading, {}))
            one.right.append(right(each.reading.texts))
        asked.append(one)
    return asked


def number_of(name: str) -> int:
    """The number of a feature."""
    if name not in NAMES:
        NAMES[name] = len(SPELT)
        SPELT.append(name)
    return NAMES[name]


def tensor(values: array[int] | array[float]) -> torch.Tensor:
    """A copy of an array, of whole numbers as indices."""
    own = torch.frombuffer(values, dtype=torch.int32 if values.typecode == "i" else torch.float32)
    return own.long() if values.typecode == "i" else own.clone()


def rows_of(ends: list[int]) -> torch.Tensor:
    """The row of each entry, from where the rows end."""
    places = torch.tensor(ends)
    return torch.repeat_interleave(torch.arange(len(ends)), places.diff(prepend=torch.zeros(1).long()))


def fit_ranking(asked: list[Asked], penalty: float = PENALTY) -> dict[str, float]:
    """Weights that make right readings likely."""
    usable = [one for one in asked if any(one.right) and not all(one.right)]
    seen = Counter(name for one in usable for name in varying(one))
    kept = torch.full((len(NAMES),), -1)
    chosen = sorted(name for name, times in seen.items() if times >= LEAST_SEEN)
    kept[chosen] = torch.arange(len(chosen))
    rows: list[torch.Tensor] = []
    columns: list[torch.Tensor] = []
    values: list[torch.Tensor] = []
    groups: list[int] = []
    right: list[bool] = []
    for number, one in enumerate(usable):
        column = kept[tensor(one.names)]
        rows.append((rows_of(one.ends) + len(groups))[column >= 0])
        columns.append(column[column >= 0])
        values.append(tensor(one.values)[column >= 0])
        groups += [number] * len(one.right)
        right += one.right
    entries = torch.stack([torch.cat(rows), torch.cat(columns)])
    size = (len(groups), len(chosen))
    whole = torch.sparse_coo_tensor(entries, torch.cat(values), size).coalesce()
    matrix, turned = whole.to_sparse_csr(), whole.t().to_sparse_csr()
    group, good = torch.tensor(groups), torch.tensor(right)
    weights = torch.zeros(len(chosen), requires_grad=True)
    optimiser = torch.optim.LBFGS([weights], max_iter=60, history_size=12, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        # the gradient is the features expected of all readings less those expected of the right ones
        with torch.no_grad():
            scores = (matrix @ weights[:, None])[:, 0]
            every = log_sum(scores, group, len(usable))
            ours = log_sum(scores[good], group[good], len(usable))
            share = torch.exp(scores - every[group])
            share -= torch.where(good, torch.exp(scores - ours[group]), torch.zeros(()))
            weights.grad = (turned @ share[:, None])[:, 0] / len(usable) + penalty * weights
            value: torch.Tensor = (every - ours).mean() + penalty * (weights * weights).sum() / 2
            return value

    optimiser.step(closure)  # type: ignore[no-untyped-call]
    spelt = list(NAMES)
    fitted = zip(chosen, weights.detach().tolist(), strict=True)
    return {spelt[name]: round(weight, 4) for name, weight in fitted if abs(weight) > 1e-4}


@cache
def varying(one: Asked) -> tuple[int, ...]:
    """The features that are not the same for all readings of a question."""
    names, place, times = torch.unique(tensor(one.names), return_inverse=True, return_counts=True)
    values, none = tensor(one.values), torch.zeros(len(names))
    most = none.scatter_reduce(0, place, values, "amax", include_self=False)
    least = none.scatter_reduce(0, place, values, "amin", include_self=False)
    return tuple(names[(most != least) | (times < len(one.ends))].tolist())


def log_sum(scores: torch.Tensor, group: torch.Tensor, size: int) -> torch.Tensor:
    """log Σ exp within each group."""
    top = torch.full((size,), -1e9).scatter_reduce(0, group, scores.detach(), "amax")
    total = torch.zeros(size).index_add(0, group, torch.exp(scores - top[group]))
    return top + torch.log(total + 1e-30)


def vector(ranking: dict[str, float]) -> torch.Tensor:
    """The weights of all features by their numbers."""
    return torch.tensor([ranking.get(name, 0.0) for name in SPELT])


def top(one: Asked, weight: torch.Tensor) -> tuple[Top, Scored] | None:
    """The signals of the best answer, whether it is right, and its reading."""
    if not one.found:
        return None
    terms = weight[tensor(one.names)] * tensor(one.values)
    scores = torch.zeros(len(one.ends)).index_add(0, rows_of(one.ends), terms).tolist()
    best, given = ranked(one.found, scores, 1)[0]
    place = next(place for place, each in enumerate(one.found) if each is best)
    its = slice(one.ends[place - 1] if place else 0, one.ends[place])
    own = zip((SPELT[name] for name in one.names[its]), one.values[its], strict=True)
    return (dict(own) | given, is_answer(one.row, best.reading.texts)), best


def fit_confidence(tops: list[Top]) -> tuple[dict[str, float], float]:
    """A logistic regression of whether answers are right; its coefficients and intercept."""
    told = {name for given, _ in tops for name in given}
    names = sorted(
        name for name in told if name.removeprefix(SUPERLATIVE) in TELLING or TOLD_FORMS.fullmatch(name)
    )
    x = torch.tensor([[given.get(name, 0.0) for name in names] for given, _ in tops])
    y = torch.tensor([float(right) for _, right in tops])
    w = torch.zeros(len(names) + 1, requires_grad=True)
    optimiser = torch.optim.LBFGS([w], max_iter=200, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        value: torch.Tensor = torch.nn.functional.binary_cross_entropy_with_logits(x @ w[:-1] + w[-1], y)
        value = value + CONFIDENCE_PENALTY * (w[:-1] * w[:-1]).sum()
        value.backward()  # type: ignore[no-untyped-call]
        return value

    optimiser.step(closure)  # type: ignore[no-untyped-call]
    return {name: round(float(v), 4) for name, v in zip(names, w.detach()[:-1], strict=True)}, float(
        w.detach()[-1]
    )


def loosely_right(one: Asked, best: Scored) -> bool:
    """As ../shared/score.py counts: every gold answer in the answer's words or the rows quoted."""
    rows = " ".join(best.frame.document.text[a:b] for a, b in lines_of(best)[:12])
    shown = normal(", ".join(best.reading.texts) + " " + rows)
    return all(normal(gold) in shown for gold in one.row["answers"])


def folds(pages: Mapping[str, str]) -> list[set[str]]:
    """Pages in parts of about one size, by the hash of the site or page that each belongs to."""
    order = sorted(set(pages.values()), key=lambda group: hashlib.sha1(group.encode()).hexdigest())
    parts = [set(order[number::FOLDS]) for number in range(FOLDS)]
    return [{page for page, group in pages.items() if group in part} for part in parts]


def calibration(chances: list[tuple[float, bool]]) -> float:
    """Prints how often answers are right, by how sure they are; the mean difference of both."""
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for chance, right in chances:
        bins[min(9, int(chance * 10))].append((chance, right))
    for number, members in sorted(bins.items()):
        print(f"   {number / 10:.1f}: {len(members):4} said {sum(p for p, _ in members) / len(members):.2f} "
              f"was {sum(r for _, r in members) / len(members):.2f}")  # fmt: skip
    return sum(abs(sum(p - r for p, r in members)) for members in bins.values()) / len(chances)


def report(name: str, asked: list[Asked], answered: list[tuple[Asked, float, bool]]) -> None:
    """Prints how many questions have a right reading, how many a right first one, and how many are stated
    and right at several thresholds."""
    reachable, first = sum(any(one.right) for one in asked), sum(right for *_, right in answered)
    line = f"{name:8} asked {len(asked):5} reachable {reachable:4} first {first:4}"
    for threshold in (TABLE_THRESHOLD, 0.55, 0.6, 0.7):
        sure = [right for _, probability, right in answered if probability > threshold]
        line += f" | {threshold}: {len(sure):4} right {sum(sure):4}"
    print(line)


def foreign(rows: list[Row]) -> list[Row]:
    """A quarter of the questions of tables and records, each asked of another page: no answer is right."""
    rnd = random.Random(SEED)
    tabled = [row for row in rows if is_tabled(row)][::4]
    pages = sorted({row["page"] for row in rows})
    return [
        {
            "question": row["question"],
            "page": rnd.choice([page for page in pages if page != row["page"]]),
            "answers": ["\0"],
        }
        for row in tabled
    ]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    torch.set_num_threads(1)
    rows, documents = load(args.data)
    visits, seen, sites = load_visitors()
    visits += load_articles(documents)
    parts = zip(folds({page: page for page in documents}), folds(sites), strict=True)
    pages = documents | seen
    asked, others = ask(rows + visits, pages), ask(foreign(rows + visits), pages)
    tops: list[list[tuple[Asked, Top]]] = [[] for _ in range(FOLDS)]
    loosely = 0
    for number, fold in enumerate(one | other for one, other in parts):
        ranking = vector(fit_ranking([one for one in asked if one.page not in fold]))
        for one in (one for one in (*asked, *others) if one.page in fold):
            if (best := top(one, ranking)) is not None:
                tops[number].append((one, best[0]))
                loosely += "id" in one.row and loosely_right(one, best[1])
    answered: list[tuple[Asked, float, bool]] = []
    for number, mine in enumerate(tops):
        rest = [best for other in range(FOLDS) if other != number for _, best in tops[other]]
        told = fit_confidence(rest)
        answered += [(one, probability(told[1], told[0], given), right) for one, (given, right) in mine]
    print(f"calibration error {calibration([(chance, right) for _, chance, right in answered]):.3f}")
    print(f"WikiTableQuestions right with their rows {loosely}")
    report(
        "foreign",
        others,
        [each for each in answered if "tier" not in each[0].row and "id" not in each[0].row],
    )
    report(
        "wiki", [one for one in asked if "id" in one.row], [each for each in answered if "id" in each[0].row]
    )
    for field, values in (("kind", ("best", "value", "fact", "list", "none")), ("tier", TIERS)):
        for value in values:
            its = [one for one in asked if one.row.get(field) == value]
            report(value, its, [each for each in answered if each[0].row.get(field) == value])
    confidence, intercept = fit_confidence([best for part in tops for _, best in part])
    made_by = "python -m tools.fit_tables ../shared/data/wikipages"
    weights = TableWeights(fit_ranking(asked), confidence, round(intercept, 4), made_by)
    stored = {name: getattr(weights, name) for name in ("ranking", "confidence", "intercept", "made_by")}
    args.out.write_text(json.dumps(stored, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
