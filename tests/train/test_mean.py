"""The mean of adapters of one training."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from browseagent.errors import ModelError
from browseagent.model.convert import Adapter
from browseagent.model.lora import save_adapter
from tools.train.mean import mean


def adapter(path: Path, value: float, rank: int = 2, two_way_from: int | None = 1) -> Path:
    tensors = {"layer.down": torch.full((rank, 4), value), "layer.up": torch.full((3, rank), 2 * value)}
    save_adapter(path, tensors, alpha=2.0 * rank, about="test", two_way_from=two_way_from)
    return path


def test_factors_are_averaged_and_the_rest_stays(tmp_path: Path) -> None:
    """Each factor is the mean of theirs; rank, scale and direction are as they were."""
    out = tmp_path / "mean.safetensors"
    mean(out, [adapter(tmp_path / "a", 1.0), adapter(tmp_path / "b", 3.0)])
    read = Adapter(out)
    assert (read.scale, read.two_way_from) == (2.0, 1)
    assert np.array_equal(read.tensors["layer.down"], np.full((2, 4), 2.0))
    assert np.array_equal(read.tensors["layer.up"], np.full((3, 2), 4.0))


@pytest.mark.parametrize("other", [{"rank": 4}, {"two_way_from": None}])
def test_adapters_that_are_not_alike_have_no_mean(tmp_path: Path, other: dict[str, int | None]) -> None:
    """Another rank, or another direction of reading, is another adapter."""
    both = [adapter(tmp_path / "a", 1.0), adapter(tmp_path / "b", 3.0, **other)]  # type: ignore[arg-type]
    with pytest.raises(ModelError, match="no mean"):
        mean(tmp_path / "mean.safetensors", both)
