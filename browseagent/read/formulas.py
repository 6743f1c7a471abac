"""Formulas as TeX, once, whichever way a page draws them.

KaTeX, MathJax and MediaWiki draw a formula from glyphs, set its MathML beside it for screen readers, and
often its TeX in that; as text each of them alone is wrong, and all of them together are the formula twice.
"""

from __future__ import annotations

import re

from browseagent.read.dom import Element, parse, text_of
from browseagent.read.mathml import tex_of_mathml

_DRAWN = re.compile(r"(?:^|\s)(?:katex|mwe-math-element|MathJax(?:_SVG|_CHTML|_Display|_Preview)?)(?=$|\s)")
_PICTURE = re.compile(r"(?:^|\s)(?:tex|latex|math|mwe-math-fallback-image-(?:inline|display))(?=$|\s)")
_TEX = ("application/x-tex", "application/x-latex", "text/x-tex", "LaTeX")
_DISPLAYED = re.compile(r"^\{?\\(?:display|text)style\s+(.*?)\}?$", re.S)
_WRITTEN = re.compile(r"\\\((?=\S)[^\n]+?\\\)|\\\[(?=\S)[^\n]+?\\\]")


def formula_of(element: Element) -> str | None:
    """The formula that an element draws, as TeX between dollar signs (two where it stands by itself); empty
    for one whose TeX the page does not hold, or holds beside it; None for what is no formula."""
    tag, names = element.tag, element.get("class") or ""
    if tag == "math":
        return _set(_tex_of(element), element.get("display") == "block")
    if tag == "script" and (element.get("type") or "").startswith("math/tex"):
        return _set(element.text or "", "mode=display" in element.get("type"))
    if tag == "img" and names and _PICTURE.search(names):
        return _set(element.get("alt") or "", "display" in names)
    if tag != "mjx-container" and not (names and _DRAWN.search(names)):
        return None
    if "MathJax" in names and tag != "mjx-container" and _follows_in_tex(element):
        return ""
    latex = next((each.get("data-latex") for each in element.iter() if each.get("data-latex")), "")
    math = next(element.iter("math"), None)
    if math is None and element.get("data-mathml"):
        root = parse(element.get("data-mathml"))
        math = next(root.iter("math"), None) if root is not None else None
    image = next((img.get("alt") for img in element.iter("img") if img.get("alt")), "")
    above = element.getparent()
    around = f"{names} {above.get('class') or ''}" if above is not None else names
    displayed = element.get("display") == "true" or "display" in around or "Display" in names
    return _set(latex or (_tex_of(math) if math is not None else "") or image, displayed)


def lost_formulas(root: Element) -> int:
    """How many formulas of a page are drawn without their TeX or MathML: all that cannot be read."""
    drawn = root.xpath("//mjx-container | //*[contains(@class, 'katex') or contains(@class, 'MathJax')]")
    inner = {id(each) for top in drawn if formula_of(top) is not None for each in top.iterdescendants()}
    return sum(
        id(each) not in inner
        and formula_of(each) == ""
        and not _follows_in_tex(each)
        and bool(text_of(each).strip())
        for each in drawn
    )


def written(text: str) -> list[tuple[int, int]]:
    r"""Where a text holds formulas as TeX between ``\(`` and ``\)``, which a script would draw."""
    return [match.span() for match in _WRITTEN.finditer(text)] if "\\" in text else []


def _tex_of(math: Element) -> str:
    for annotation in math.iter("annotation"):
        if annotation.get("encoding") in _TEX:
            return "".join(annotation.itertext())
    return math.get("alttext") or tex_of_mathml(math)


def _follows_in_tex(element: Element) -> bool:
    """Whether the source of a formula, as MathJax 2 keeps it, stands right after what it draws."""
    after = element.getnext()
    while after is not None and after.tag == "span" and "MathJax" in (after.get("class") or ""):
        after = after.getnext()
    if (
        after is None
        and (above := element.getparent()) is not None
        and "MathJax" in (above.get("class") or "")
    ):
        return _follows_in_tex(above)
    return after is not None and after.tag == "script" and (after.get("type") or "").startswith("math/tex")


def _set(tex: str, displayed: bool) -> str:
    tex = " ".join(tex.split())
    if (found := _DISPLAYED.match(tex)) is not None:
        tex = found[1].strip()
    tex = tex.removeprefix("\\(").removesuffix("\\)").strip("$ ")
    sign = "$$" if displayed else "$"
    return f"{sign}{tex}{sign}" if tex else ""


_FOOTNOTE = ("a",)
_AMOUNT = re.compile(r"[£$€¥₹]\s?\d[\d,.]*$")
_POWER = re.compile(r"(?<![\d.,])(?:10|2)$")
_NUMBER = re.compile(r"[-−–+]?\d+$")


def raised_sign(element: Element, before: str) -> str:
    """What stands between a number and the digits raised after it, which would make it another number: a
    circumflex before an exponent, a point before cents, a space before a fraction or a footnote's number."""
    if not before[-1:].isdigit() or not _NUMBER.match(said := text_of(element).strip()):
        return ""
    if (element.tail or "").lstrip()[:1] in ("/", "⁄") or next(element.iter(*_FOOTNOTE), None) is not None:
        return " "
    if _AMOUNT.search(before) and len(said) == 2:
        return "."
    return "^" if _POWER.search(before) else ""
