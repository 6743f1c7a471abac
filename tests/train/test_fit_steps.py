"""How sure a sentence is that is to tell how something is done."""

from __future__ import annotations

from tools.fit_steps import Told, figures, fit, likely


def text(site: str, odds: float, right: bool) -> Told:
    return Told(site, {"odds": odds, "judged": 0.0, "cover": 0.5}, right, 0.1)


def test_what_is_fitted_is_surer_where_answers_are_right() -> None:
    """Of each page's texts the likelier counts: a text that has no answer makes the other no less sure."""
    given = [[text(f"s{n}", 3.0 + n % 2, n % 5 > 0), text(f"s{n}", -3.0, False)] for n in range(20)]
    given += [[text(f"t{n}", -2.0, n % 5 == 0)] for n in range(20)]
    weights = fit(given)
    assert likely(weights, given[0][0]) > 0.7 > 0.3 > likely(weights, given[-1][0])
    told = figures(given, 0.5)
    assert (told["questions"], told["before"], told["held out"]) == (40, [0, 0], [16, 4])
