"""The models without weights that other tests use."""

from __future__ import annotations

import pytest

from browseagent.errors import ModelError
from browseagent.model.port import LanguageModel, Likelihood
from browseagent.model.scripted import LexicalModel, ScoreCall, ScriptedModel


def test_a_scripted_model_does_as_told_and_remembers() -> None:
    """Scores come from the function, and the history has every call in order."""
    model = ScriptedModel(lambda context, words: Likelihood(-float(len(words)), 1))
    port: LanguageModel = model
    assert port.score([("a", "bb"), ("a", "c")]) == [Likelihood(-2.0, 1), Likelihood(-1.0, 1)]
    assert port.score([("d", "e")]) == [Likelihood(-1.0, 1)]
    assert model.history == [ScoreCall((("a", "bb"), ("a", "c"))), ScoreCall((("d", "e"),))]


def test_what_the_script_does_not_cover_is_an_error() -> None:
    """No scores, and a call after the end, both fail aloud."""
    model = ScriptedModel()
    with pytest.raises(ModelError, match="no scores"):
        model.score([("a", "b")])
    model.close()
    with pytest.raises(ModelError, match="closed"):
        model.score([])


def test_the_lexical_model_prefers_shared_words() -> None:
    """The more of a continuation's words occur in the context, the likelier it is, in Chinese too."""
    model = LexicalModel()
    question = "When does the library open?"
    near, far = model.score(
        [("The library will open at nine, it does.", question), ("Cats sleep.", question)]
    )
    assert near.tokens == far.tokens == 5
    assert near.mean > far.mean
    same, other = model.score([("图书馆九点开门", "图书馆"), ("猫在睡觉", "图书馆")])
    assert (same.mean, other.mean) == (-1.0, -8.0)
