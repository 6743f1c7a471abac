"""Formulas: as TeX, once, however the page draws them."""

from __future__ import annotations

import pytest

from browseagent.read import extract
from browseagent.records import Document

MATHML = (
    "<math "
    "xmlns='http://www.w3.org/1998/Math/MathML'{0}><semantics><mrow><mi>d</mi><mo>=</mo><mn>3.57</mn><msqrt>"
    "<mi>h</mi></msqrt></mrow>{1}</semantics></math>"
)
TEX = r"<annotation encoding='application/x-tex'>d = 3.57\sqrt{h}</annotation>"
GLYPHS = "<span class='mord mathnormal'>d</span><span class=mrel>=</span><span class=mord>3.57</span>"
KATEX = (
    f"<span class=katex><span class=katex-mathml>{MATHML.format('', TEX)}</span><span class=katex-html "
    f"aria-hidden=true>{GLYPHS}</span></span>"
)


def page(formula: str) -> Document:
    told = "The distance to the horizon grows with the square root of the height of the lamp above the water."
    return extract(
        f"<!doctype html><html lang=en><head><title>The "
        f"lamp</title><style>.katex-mathml{{position:absolute;clip:"
        f"rect(1px,1px,1px,1px)}}</style></head><body><article><h1>The lamp</h1><p>{told}</p><p>We write "
        f"{formula} "
        f"where the height is in metres and the distance in kilometres.</p></article></body></html>".encode(),
        "https://a.example/lamp",
        "text/html",
    )


@pytest.mark.parametrize(
    ("drawn", "tex"),
    [
        (KATEX, r"$d = 3.57\sqrt{h}$"),
        (f"<span class=katex-display>{KATEX}</span>", r"$$d = 3.57\sqrt{h}$$"),
        (MATHML.format("", ""), r"$d=3.57\sqrt{h}$"),
        (MATHML.format(" alttext='d = 3.57\\sqrt{h}' display=block", ""), r"$$d = 3.57\sqrt{h}$$"),
        ("<mjx-container class=MathJax jax=CHTML><mjx-math aria-hidden=true><mjx-mi>h</mjx-mi>"
         "<mjx-mo>=</mjx-mo><mjx-mn>49</mjx-mn></mjx-math><mjx-assistive-mml "
         "display=inline><math><mi>h</mi><mo>=</mo><mn>49</mn></math>"
         "</mjx-assistive-mml></mjx-container>", "$h=49$"),
        ("<mjx-container class=MathJax><mjx-math data-latex='h_{ft}'><mjx-mi>h</mjx-mi></mjx-math>"
         "</mjx-container>",
         "$h_{ft}$"),
        ("<span class=MathJax_Preview>h</span><span class=MathJax><span>h</span></span><script "
         "type='math/tex'>h_{ft}</script>", "$h_{ft}$"),
        ("<script type='math/tex; mode=display'>h_{ft}</script>", "$$h_{ft}$$"),
        ("<span class=mwe-math-element><span class=mwe-math-mathml-inline style='display: none;'>"
         "<math alttext='{\\displaystyle h_{ft}}'><mi>h</mi></math></span><img src=x.svg "
         "class=mwe-math-fallback-image-inline "
         "aria-hidden=true alt='{\\displaystyle h_{ft}}'></span>", "$h_{ft}$"),
        ("<img class=latex src=x.png alt='h_{ft}'>", "$h_{ft}$"),
        (r"\(h_{ft} * 2 * 3\)", "$h_{ft} * 2 * 3$"),
        (r"$$h_{ft} * 2 * 3$$", "$$h_{ft} * 2 * 3$$"),
        (r"<s>h</s> \(h_{ft}\)", "~~h~~ $h_{ft}$"),
    ],
)  # fmt: skip
def test_a_formula_is_read_once_as_its_tex(drawn: str, tex: str) -> None:
    """Neither the glyphs, nor the MathML, nor the TeX a second time; Markdown escapes nothing in it."""
    document = page(drawn)
    assert f"We write {tex} where the height" in document.markdown
    assert not document.hidden
    assert not document.notes


@pytest.mark.parametrize(
    ("mathml", "tex"),
    [
        ("<mfrac><mi>a</mi><mrow><mi>b</mi><mo>+</mo><mn>1</mn></mrow></mfrac>", r"\frac{a}{b+1}"),
        ("<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>", "x_{i}^{2}"),
        ("<msup><mfenced><mi>a</mi><mi>b</mi></mfenced><mn>2</mn></msup>", "{(a,b)}^{2}"),
        ("<mroot><mi>a</mi><mn>3</mn></mroot><mo>≤</mo><mi>π</mi>", r"\sqrt[3]{a}\le \pi"),
        (
            "<munderover><mo>∑</mo><mi>i</mi><mi>n</mi></munderover><mtext>of it</mtext>",
            r"\sum_{i}^{n}\text{of it}",
        ),
        ("<mtable><mtr><mtd>1</mtd></mtr></mtable>", r"\begin{matrix}\end{matrix}"),
    ],
)
def test_mathml_without_tex_is_written_as_tex(mathml: str, tex: str) -> None:
    """Fractions, roots and scripts keep their parts apart."""
    assert f"We write ${tex}$ where" in page(f"<math>{mathml}</math>").text


def test_a_formula_in_a_cell() -> None:
    """Tables hold formulas as well."""
    document = page(f"this: <table><tr><th>Lamp<th>Sight</tr><tr><td>Merrow<td>{KATEX}</tr></table>")
    assert "| Merrow | $d = 3.57\\sqrt{h}$ |" in document.markdown


def test_formulas_that_cannot_be_read_are_counted() -> None:
    """Glyphs without MathML or TeX are left out, and a note says how many."""
    drawn = f"<span class=katex><span class=katex-html aria-hidden=true>{GLYPHS}</span></span>"
    document = page(f"{drawn} and {drawn} and {KATEX}")
    assert "We write and and $d" in document.text
    assert any(note.startswith("2 formulas") for note in document.notes)


@pytest.mark.parametrize(
    ("raised", "read"),
    [
        ("10<sup>6</sup> lamps", "10^6 lamps"),
        ("10<sup>−3</sup> lux", "10^−3 lux"),
        ("£45<sup>99</sup> a lamp", "£45.99 a lamp"),
        ("5<sup>1</sup>/<sub>2</sub> feet", "5 1/2 feet"),
        ("in 1934<sup><a href=#n3>3</a></sup> and", "in 1934 3 and"),
        ("H<sub>2</sub>O and x<sup>2</sup>", "H2O and x2"),
        ("the 21<sup>st</sup> lamp", "the 21st lamp"),
        ("R$ 2.879<sup>20</sup> cada", "R$ 2.879,20 cada"),
        ("nur 12<sup>99</sup> € heute", "nur 12.99 € heute"),
        ("od <b>12</b><sup>99 zł</sup> dziś", "od 12.99 zł dziś"),
        ("12<sup>1/2</sup> feet", "12 1/2 feet"),
        ("5<sup>2</sup> lamps in 2026<sup>4</sup>", "5^2 lamps in 2026^4"),
        ("£45.50<sup>2</sup> a lamp", "£45.50 2 a lamp"),
        ("£12<small>99</small> a lamp", "£12.99 a lamp"),
        ("<span>£12</span><small>99</small> a lamp", "£12.99 a lamp"),
        ("12<span class=price__decimals>99</span> € a lamp", "12.99 € a lamp"),
        ("at 1.08<small>43</small> now", "at 1.0843 now"),
        ("Level 5<small>2026 edition</small>", "Level 5 2026 edition"),
        ("from 12<small>th</small> on", "from 12th on"),
    ],
)
def test_raised_digits_do_not_make_another_number(raised: str, read: str) -> None:
    """A power of ten is no hundred and six, cents are no pounds, a footnote is no part of a year."""
    assert read in page(raised).text
