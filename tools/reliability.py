"""A reliability diagram: how often what is said with some confidence is right (DeGroot & Fienberg, 1983)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

SIZE, EDGE = 300, 45
BINS = 10


def reliability(judged: Sequence[tuple[float, bool]]) -> str:
    """An SVG of (confidence, whether right): a dot a tenth, its area by the number of questions."""
    groups: dict[int, list[tuple[float, bool]]] = {}
    for confidence, right in judged:
        groups.setdefault(min(BINS - 1, int(confidence * BINS)), []).append((confidence, right))
    dots = [
        (sum(p for p, _ in group) / len(group), sum(right for _, right in group) / len(group), len(group))
        for _, group in sorted(groups.items())
    ]
    return "\n".join(_drawing(dots, len(judged))) + "\n"


def _x(share: float) -> float:
    return EDGE + share * SIZE


def _y(share: float) -> float:
    return EDGE / 2 + (1 - share) * SIZE


def _drawing(dots: Iterable[tuple[float, float, int]], whole: int) -> Iterable[str]:
    width, height = SIZE + EDGE + 25, SIZE + EDGE + 35
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" font-family="sans-serif" font-size="11" role="img">'
    )
    yield f"<title>Share of right answers by confidence, {whole} questions</title>"
    yield f'<rect width="{width}" height="{height}" fill="#fff"/>'
    for tick in range(0, 11, 2):
        share = tick / 10
        yield (
            f'<path d="M{_x(share):.1f} {_y(0):.1f}V{_y(1):.1f}M{_x(0):.1f} {_y(share):.1f}H{_x(1):.1f}" '
            'stroke="#ddd"/>'
        )
        yield f'<text x="{_x(share):.1f}" y="{_y(0) + 15:.1f}" text-anchor="middle">{share:g}</text>'
        yield f'<text x="{_x(0) - 6:.1f}" y="{_y(share) + 4:.1f}" text-anchor="end">{share:g}</text>'
    yield f'<path d="M{_x(0):.1f} {_y(0):.1f}L{_x(1):.1f} {_y(1):.1f}" stroke="#999" stroke-dasharray="4 3"/>'
    for confidence, right, number in dots:
        radius = 3 + 14 * (number / whole) ** 0.5
        yield (
            f'<circle cx="{_x(confidence):.1f}" cy="{_y(right):.1f}" r="{radius:.1f}" fill="#1f6feb" '
            f'fill-opacity=".6"><title>{number} questions</title></circle>'
        )
    yield f'<text x="{_x(0.5):.1f}" y="{_y(0) + 34:.1f}" text-anchor="middle">confidence</text>'
    yield (
        f'<text x="12" y="{_y(0.5):.1f}" text-anchor="middle" '
        f'transform="rotate(-90 12 {_y(0.5):.1f})">share right</text>'
    )
    yield "</svg>"
