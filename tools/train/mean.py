"""The mean of adapters of one training, factor by factor.

    python -m tools.train.mean OUT.safetensors ADAPTER.safetensors …

After Izmailov et al., 2018, "Averaging Weights Leads to Wider Optima and Better Generalization": points on
one path of training differ in what they have learnt last, and their mean knows better than each what none was
shown. Only for adapters of which each began with another, or they have no factors in common.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from browseagent.durable import file_sha256
from browseagent.errors import ModelError
from browseagent.model.convert import Adapter
from browseagent.model.lora import save_adapter


def mean(out: Path, adapters: Sequence[Path]) -> None:
    """Stores the mean. Raises :class:`ModelError` where the adapters are not alike."""
    read = [Adapter(path) for path in adapters]
    first = read[0]
    alike = {(each.alpha, each.two_way_from, *_shapes(each)) for each in read}
    if len(alike) > 1:
        raise ModelError("these adapters have no mean: they are of other layers, ranks or directions")
    tensors = {
        name: torch.from_numpy(np.mean([each.tensors[name] for each in read], axis=0))
        for name in first.tensors
    }
    about = f"mean of {', '.join(file_sha256(path) for path in adapters)}"
    save_adapter(out, tensors, alpha=first.alpha, about=about, two_way_from=first.two_way_from)


def _shapes(adapter: Adapter) -> list[tuple[str, tuple[int, ...]]]:
    return sorted((name, tensor.shape) for name, tensor in adapter.tensors.items())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("adapters", type=Path, nargs="+")
    given = parser.parse_args()
    mean(given.out, given.adapters)


if __name__ == "__main__":
    main()
