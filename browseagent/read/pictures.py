"""What stands on a page in the place of words: pictures, drawings, films, other pages in frames."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from browseagent.read.dom import Element, text_of
from browseagent.read.inline import resolve
from browseagent.read.text import clean, fold_space
from browseagent.read.visibility import style_of
from browseagent.records.counted import counted

PLAYED = frozenset(("audio", "embed", "frame", "iframe", "object", "video"))
LONGEST = 200
"""Characters of what is kept of a label."""
_ICONS = frozenset(("i", "span"))
_SOURCES = ("data-src", "data-original", "data-lazy-src", "data-srcset", "srcset", "src")
"""Where an image's address is; before ``src``, which holds an empty picture until a script has run."""
_SHORT_DATA = 400
"""Characters of a picture within its address that keeps the place of another one."""
_FILE = re.compile(r"[^?&=#\s]*\.(?:jpe?g|png|gif|webp|avif|svg|bmp)(?![\w.])", re.I)
_HOST = re.compile(r"^(?:https?:)?//[^/]*", re.I)
_SIZED = re.compile(r"\d+x\d*|x\d+|\d+px|[wh]\d+|v\d+|\d+(?:\.\d+)+|(?:[a-z]{1,2}_[\w.:-]+,?)+", re.I)
_STEM = re.compile(
    r"^\d+px-|\.\w+$|[-_.@](?:\d+x\d*|\d+w|\d+px|[1-4]x|scaled|min|(?=[a-f]*\d)(?=\d*[a-f])[\da-f]{8,})"
    r"(?=$|[-_.@])",
    re.I,
)
_SIZES = re.compile(
    r"(?<=[?&])(?:w|h|q|s|width|height|quality|size|dpr|fit|crop|auto|fm|format)=[^&]*&?", re.I
)
_URL = re.compile(r"(?<![-\w])background(?:-image)?\s*:[^;]*?url\(\s*['\"]?([^'\")]+)", re.I)
_SHOWN = 80
_NAMED = 5
"""Characters of a name, and names, in a note."""


def short(text: str) -> str:
    """A label as it is kept."""
    return fold_space(clean(text))[:LONGEST]


def is_icon(element: Element) -> bool:
    """Whether an element without words is a picture that a style sheet draws, and says what it shows."""
    named = element.tag in _ICONS and (element.get("aria-label") or element.get("title"))
    return bool(named) and not text_of(element).strip()


def image(element: Element, base: str) -> Iterator[str]:
    """An image by its words and its file, and the words in a drawing."""
    title = next((each.text for each in element.iter("title")), "") if element.tag == "svg" else ""
    label = short(element.get("alt") or element.get("aria-label") or title or element.get("title") or "")
    file = _file_of(element, base) if element.tag == "img" and not _is_dot(element) else ""
    if label:
        yield f"image “{label}” ({file})" if file else f"image “{label}”"
    elif file and not _in_cell(element):
        yield f"picture “{file}”"
    if words := short(" ".join(text_of(each) for each in element.iter("text", "foreignobject"))):
        yield f"drawn “{words}”"


def _in_cell(element: Element) -> bool:
    """Whether it is all that a cell of a table shows, which is known by it."""
    cell = next(element.iterancestors("td", "th"), None)
    return cell is not None and not text_of(cell).strip()


def behind(element: Element, base: str) -> Iterator[str]:
    """A picture that the style of an element paints behind it."""
    if (found := _URL.search(style_of(element))) and (file := _file(found[1], base)):
        yield f"picture “{file}”"


def played(element: Element, base: str) -> Iterator[str]:
    """A film, a sound, or another page within this one."""
    source = next(element.iter("source"), element)
    address = source.get("src") or element.get("src") or element.get("data") or ""
    if not address or address.startswith("about:"):
        address = element.get("data-src") or ""
    url = resolve(base, address)
    if url and not _is_dot(element):
        label = short(element.get("title") or element.get("aria-label") or "")
        if poster := _file(element.get("poster") or "", base):
            yield f"picture “{poster}”"
        yield f"{element.tag} “{label or _HOST.sub('', url.partition('?')[0])[:LONGEST]}” → {url}"


def _is_dot(element: Element) -> bool:
    """Whether it is too small to be seen: it counts readers."""
    return any(
        (element.get(name) or "").strip().removesuffix("px") in ("0", "1", "2")
        for name in ("width", "height")
    )


def _file_of(img: Element, base: str) -> str:
    """The file of the first source, which a window of today takes, or its own."""
    above = img.getparent()
    source = (
        next(above.iterchildren("source"), None) if above is not None and above.tag == "picture" else None
    )
    return (_named_file(source, base) if source is not None else "") or _named_file(img, base)


def _named_file(img: Element, base: str) -> str:
    found = ""
    for name in _SOURCES:
        said = (img.get(name) or "").strip()
        if said.startswith("data:"):
            found = found or _within(said)
        elif said:
            return _file(said.split()[0].rstrip(",") if "srcset" in name else said, base)
    return found


def _within(address: str) -> str:
    """A picture that stands in its own address, unless it only keeps a place."""
    return f"data {hashlib.sha256(address.encode()).hexdigest()[:8]}" if len(address) > _SHORT_DATA else ""


def _file(address: str, base: str) -> str:
    """By what a picture is known: the path of its file without server, size, format and what only passes
    caches; where no file is named, its address."""
    if address.startswith("data:"):
        return _within(address)
    url = resolve(base, address)
    files = _FILE.findall(unquote(url))
    if not files:
        bare = url.partition("?")[0]
        named = any(each.isdigit() for each in bare.rpartition("/")[2])
        return bare if named else _SIZES.sub("", url).rstrip("?&")
    *folders, name = _HOST.sub("", files[-1]).strip("/").split("/")
    kept = [each for each in folders if not _SIZED.fullmatch(each)]
    return "/".join((*kept, _STEM.sub("", name) or name))[-LONGEST:]


def unread(beside: Iterable[str]) -> Iterator[str]:
    """Notes of what is seen on a page and cannot be read: frames, drawings with words, canvases."""
    for kind, noun, several in (
        ("iframe", "frame", ""), ("frame", "frame", ""),
        ("drawn", "drawing with words", "drawings with words"),
        ("canvas", "canvas, drawn by a script,", "canvases, drawn by scripts,"),
    ):  # fmt: skip
        said = [
            each.removeprefix(f"{kind} ").partition(" → ")[0]
            for each in beside
            if each.startswith(f"{kind} ")
        ]
        if said:
            names = [name for name in (each.strip("“”")[:_SHOWN] for each in said) if name]
            listed = ", ".join(f"“{name}”" for name in names[:_NAMED])
            more = f", and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
            yield f"{counted(len(said), noun, several)} left out" + (f": {listed}{more}" if listed else "")
