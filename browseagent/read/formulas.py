"""Formulas as TeX, once, whichever way a page draws them.

KaTeX, MathJax and MediaWiki draw a formula from glyphs, set its MathML beside it for screen readers, and
often its TeX in that; as text each of them alone is wrong, and all of them together are the formula twice.
"""

from __future__ import annotations

import re
from functools import lru_cache

from browseagent.read.dom import Element, names_with, parse, text_of
from browseagent.read.text import CURRENCY

_MOST_DEEP = 40
_SIGNS = {
    "−": "-", "×": r"\times ", "·": r"\cdot ", "⋅": r"\cdot ", "≤": r"\le ", "≥": r"\ge ", "≠": r"\ne ",
    "≈": r"\approx ", "±": r"\pm ", "∞": r"\infty ", "→": r"\to ", "∑": r"\sum ", "∏": r"\prod ",
    "∫": r"\int ", "∂": r"\partial ", "∈": r"\in ", "π": r"\pi ", "α": r"\alpha ", "β": r"\beta ",
    "γ": r"\gamma ", "δ": r"\delta ", "θ": r"\theta ", "λ": r"\lambda ", "μ": r"\mu ", "σ": r"\sigma ",
    "φ": r"\varphi ", "ω": r"\omega ", "Δ": r"\Delta ", "{": r"\{", "}": r"\}", "%": r"\%",
    "\u2061": "", "\u2062": "", "\u2063": "", "\u2064": "",
}  # fmt: skip
_ROWS = " \\\\ "
_OVER = {"¯": r"\bar", "‾": r"\overline", "^": r"\hat", "→": r"\vec", "~": r"\tilde", "˙": r"\dot"}


def tex_of_mathml(element: Element, depth: int = 0) -> str:
    """The TeX of a MathML element."""
    tag = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
    if tag in ("mi", "mn", "mo", "ms", "mtext"):
        text = " ".join("".join(element.itertext()).split())
        if tag == "mtext" or (tag == "mi" and len(text) > 1 and text.isalpha() and text not in _SIGNS):
            return rf"\text{{{text}}}" if text else ""
        return "".join(_SIGNS.get(sign, sign) for sign in text)
    if tag in ("annotation", "annotation-xml", "mspace", "mphantom") or depth > _MOST_DEEP:
        return " " if tag == "mspace" else ""
    parts = [tex_of_mathml(child, depth + 1) for child in element]
    first, second, third = ([part.strip() for part in parts] + [""] * 3)[:3]
    if tag == "mfrac":
        return rf"\frac{{{first}}}{{{second}}}"
    if tag == "msqrt":
        return rf"\sqrt{{{''.join(parts).strip()}}}"
    if tag == "mroot":
        return rf"\sqrt[{second}]{{{first}}}"
    if tag == "mover" and second in _OVER:
        return rf"{_OVER[second]}{{{first}}}"
    if tag in ("msub", "munder"):
        return f"{_base(first)}_{{{second}}}"
    if tag in ("msup", "mover"):
        return f"{_base(first)}^{{{second}}}"
    if tag in ("msubsup", "munderover"):
        return f"{_base(first)}_{{{second}}}^{{{third}}}"
    if tag == "mfenced":
        between = (element.get("separators") or ",")[:1]
        return f"{element.get('open') or '('}{between.join(parts)}{element.get('close') or ')'}"
    if tag == "mtable":
        return rf"\begin{{matrix}}{_ROWS.join(parts)}\end{{matrix}}"
    return " & ".join(parts) if tag == "mtr" else "".join(parts)


def _base(tex: str) -> str:
    """What a script is set to; in braces where it is more than one sign."""
    return tex if len(tex) == 1 or (tex.startswith("\\") and " " not in tex.strip()) else f"{{{tex}}}"


_DRAWN = re.compile(r"(?:^|\s)(?:katex|mwe-math-element|MathJax(?:_SVG|_CHTML|_Display|_Preview)?)(?=$|\s)")
_PICTURE = re.compile(r"(?:^|\s)(?:tex|latex|math|mwe-math-fallback-image-(?:inline|display))(?=$|\s)")
_TEX = ("application/x-tex", "application/x-latex", "text/x-tex", "LaTeX")
_DISPLAYED = re.compile(r"^\{?\\(?:display|text)style\s+(.*?)\}?$", re.S)
_WRITTEN = re.compile(r"\\\((?=\S)[^\n]+?\\\)|\\\[(?=\S)[^\n]+?\\\]|\$\$(?=[^$\n]*[\\^_])[^$\n]+\$\$")


@lru_cache(maxsize=4096)
def names_drawn(names: str) -> bool:
    """Whether an element's class names say that it draws a formula."""
    return bool(_DRAWN.search(names))


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
    if tag != "mjx-container" and not (names and names_drawn(names)):
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


def may_draw_formulas(text: str) -> bool:
    """Whether HTML can hold what :func:`lost_formulas` counts, which takes longer to find in its tree."""
    return any(name in text for name in ("mjx-container", "katex", "MathJax"))


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
    return [match.span() for match in _WRITTEN.finditer(text)] if "\\" in text or "$$" in text else []


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


_AMOUNT = re.compile(rf"[{CURRENCY}]\s?\d[\d,.]*$")
_WHOLE = re.compile(r"(?:^|\s)\d{1,3}(?:[ \u00a0\u202f.,]?\d{3})*$|[^\d.,]\d{1,3}(?:[.,]?\d{3})*$")
"""A number before which its digits may go on after a mark: it has no such mark yet."""
_MARK_AFTER = re.compile(rf"\s?(?:[{CURRENCY}]|(?:[A-Z]{{3}}|kr|zł|Kč|Ft|lei|din|лв|грн|руб)(?!\w)|р\.)")
_POWER = re.compile(r"[-−–+]?\d+$")
_FRACTION = re.compile(r"\d+\s?[/⁄]\s?\d+$")
names_cents = names_with(
    re.compile(r"(?:^|[\s_-])(?:cents?|centimes?|decimals?|fractions?|kopecks?)(?=$|[\s_-])")
)


def is_raised(element: Element) -> bool:
    """Whether an inline element sets what it holds apart from the digits before it by place or size alone."""
    names = element.get("class")
    return element.tag in ("sup", "small") or bool(names and names_cents(names))


def raised_sign(element: Element, before: str) -> str:
    """What stands between a number and the digits raised or set small after it, which would make it another
    number: a circumflex before an exponent, a mark before cents, a space before a fraction or the number of
    a footnote."""
    said, tail = text_of(element).strip(), element.tail or ""
    if not before[-1:].isdigit() or not said.lstrip("-−–+")[:1].isdigit():
        return ""
    if tail.lstrip()[:1] in ("/", "⁄") or _FRACTION.match(said) or next(element.iter("a"), None) is not None:
        return " "
    cents, after = said[:2], f"{said[2:]}{tail}"
    priced = _AMOUNT.search(before) is not None or _MARK_AFTER.match(after) is not None
    if priced and cents.isdigit() and not after[:1].isdigit() and _WHOLE.search(before):
        return "," if "." in before.split()[-1] else "."
    if element.tag == "sup":
        return "^" if _POWER.match(said) and not priced else " "
    return " " if _WHOLE.search(before) else ""
