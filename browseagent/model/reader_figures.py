"""The figures of the reader's card as a table for a person, 80 columns wide. Pure."""

from __future__ import annotations

from collections.abc import Mapping

_ANSWERED = {
    "pages": "real pages",
    "pages_value": "  a price, date or number",
    "pages_fact": "  another fact",
    "pages_list": "  a list",
    "pages_how": "  how something is done",
    "pages_best": "  the cheapest, newest or best",
    "pages_yesno": "  yes or no",
    "squad2": "paragraphs of SQuAD 2.0",
    "qamr-test": "paragraphs of QAMR",
    "policyqa-dev": "paragraphs of PolicyQA",
}
_REFUSED = {
    "none": "a real page does not answer it",
    "foreign": "it belongs to another article",
    "adversarial": "it was written to fool a reader",
}
_OTHERS = {
    "auroc_right": "a right answer has more confidence than a wrong one (even odds: 50%)",
    "calibration_error": "confidence and the share that is right differ by",
}
_COST = "cost"
_WIDE = 34


def table(figures: Mapping[str, float]) -> list[str]:
    """Lines of what :mod:`tools.fit_reader` reports, by group of question; a group that has no words here is
    told by its own name."""
    left = dict(figures)
    lines = _answered(left)
    refused = [name.removesuffix("_refused") for name in left if name.endswith("_refused")]
    if refused:
        lines += ["", "refused, where"]
        for name in _ordered(refused, _REFUSED):
            lines.append(f"  {_REFUSED.get(name, _plain(name)):<70}{_share(left.pop(f'{name}_refused')):>6}")
    shares = [name for name in left if name != _COST]
    if left:
        lines += ["", "besides"]
    lines += [
        f"  {_OTHERS.get(name, _plain(name)):<70}{_share(left[name]):>6}"
        for name in _ordered(shares, _OTHERS)
    ]
    if _COST in left:
        told = "a question on a page costs (right 0, refused 1, wrong 3)"
        lines.append(f"  {told:<70}{left[_COST]:>6.2f}")
    return lines


def _answered(left: dict[str, float]) -> list[str]:
    """The groups of questions that have an answer, which are taken out of ``left``."""
    names = [name.removesuffix("_wrong") for name in left if name.endswith("_wrong")]
    if not names:
        return []
    lines = [
        f"{'questions with an answer on':<{_WIDE}}{'right':>8}{'wrong':>8}{'refused':>10}{'first *':>10}"
    ]
    for name in _ordered(names, _ANSWERED):
        right, wrong, first = (left.pop(f"{name}_{of}", 0.0) for of in ("right", "wrong", "first"))
        shares = f"{_share(right):>8}{_share(wrong):>8}{_share(1 - right - wrong):>10}{_share(first):>10}"
        lines.append(f"  {_ANSWERED.get(name, _plain(name)):<{_WIDE - 2}}{shares}")
    return [*lines, "  * right if it might not refuse"]


def _ordered(names: list[str], known: Mapping[str, str]) -> list[str]:
    order = [*known]
    return sorted(names, key=lambda name: order.index(name) if name in known else len(order))


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _share(value: float) -> str:
    return f"{100 * value:.0f}%"
