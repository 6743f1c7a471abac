"""Writes browseagent/answer/lately.json: how each language tells a past time without a count ("yesterday"),
from CLDR as dateparser has it; babel leaves these out.

Weeks, months and years that still run are no past time, and "now" is said of more than times."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from dateparser.data import date_translation_data  # type: ignore[import-untyped]

TARGET = Path(__file__).parents[1] / "browseagent/answer/lately.json"
NAMED = ("0 day", "1 day", "2 day", "3 day", "1 week", "2 week", "1 month", "1 year")
MORE = {"en": ("just now", "the day before yesterday")}
"""What it lacks and sites often say."""


def main() -> None:
    found: dict[str, list[str]] = {}
    for module in iter_modules(date_translation_data.__path__):
        if len(module.name) not in (2, 3):  # not of one country or script
            continue
        said = import_module(f"{date_translation_data.__name__}.{module.name}").info.get("relative-type", {})
        past = {word for name in NAMED for word in said.get(f"{name} ago", ())} | {*MORE.get(module.name, ())}
        ahead = {word for name, words in said.items() if name.startswith("in ") for word in words}
        words = sorted(word for word in past - ahead if len(word) > 1 and not any(map(str.isdigit, word)))
        if words:
            found[module.name] = words
    lines = (f'"{name}": {json.dumps(words, ensure_ascii=False)}' for name, words in sorted(found.items()))
    TARGET.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


if __name__ == "__main__":
    main()
