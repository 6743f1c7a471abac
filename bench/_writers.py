"""Our models that write, as engines: asked as ``ask`` asks them, by a chat and held to a form."""

from __future__ import annotations

from pathlib import Path

LONG = {"type": "string", "minLength": 100_000}
"""A form that a reply does not come to the end of: all tokens that are asked for are written."""


class GgufWriter:
    """:class:`browseagent.model.llama_cpp.LlamaCppModel` on the GGUF of the others. Its prompts are longer
    than theirs by the chat template."""

    packages = ("xllamacpp", "llguidance")

    def __init__(self, folder: Path, gguf: Path) -> None:
        from browseagent.model.llama_cpp import LlamaCppModel

        self._model = LlamaCppModel(gguf, name=f"gguf:{gguf}")

    def read(self, texts: list[str], ids: list[list[int]]) -> None:
        self.write(texts, ids, 1)

    def write(self, texts: list[str], ids: list[list[int]], new: int) -> int:
        told = [self._write(text, new) for text in texts]
        return told[0]

    def _write(self, text: str, new: int) -> int:
        # Another prompt in between: nothing but the template's beginning is known from the one before.
        self._ask(".", 1)
        return self._ask(text, new)

    def _ask(self, text: str, new: int) -> int:
        turns = [{"role": "user", "content": text}]
        return self._model.chat(turns, max_new_tokens=new, seconds=1200.0, schema=LONG)[2]
