"""MathML as TeX, as far as formulas on pages go: fractions, roots, scripts, fences, rows of a matrix."""

from __future__ import annotations

from browseagent.read.dom import Element

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
