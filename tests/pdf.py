"""PDFs for tests, written by hand."""

from __future__ import annotations

from collections.abc import Sequence


def pdf_of(pages: Sequence[Sequence[str]]) -> bytes:
    """A PDF of some pages, each of some lines: the first as large as a heading, the rest below it."""
    return pdf_at(
        [
            [(72, 740 - 40 * (i > 0) - 14 * i, text, 24 if i == 0 else 11) for i, text in enumerate(lines)]
            for lines in pages
        ]
    )


def pdf_at(pages: Sequence[Sequence[tuple[float, float, str, float]]]) -> bytes:
    """A PDF of some pages, each of texts at a place: from the left, from below, and the size of the type."""
    first = 4
    kids = " ".join(f"{first + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    for number, texts in enumerate(pages):
        ops = " ".join(f"BT /F1 {size} Tf {x} {y} Td ({text}) Tj ET" for x, y, text, size in texts)
        resources = f"/Contents {first + 2 * number + 1} 0 R/Resources<</Font<</F1 3 0 R>>>>"
        objects += [
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]{resources}>>",
            f"<</Length {len(ops)}>>stream\n{ops}\nendstream",
        ]
    out = b"%PDF-1.4\n"
    offsets = []
    for number, value in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj{value}endobj\n".encode()
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{offset:010} 00000 n \n".encode() for offset in offsets)
    return out + f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF".encode()
