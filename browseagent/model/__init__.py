"""Language models: what reads, what rates, what writes.

The threads of GNU's OpenMP, which PyTorch and llama.cpp compute in, wait for each other in a loop,
milliseconds long, before they sleep. Beside other busy processes that takes the time of the very thread
that is waited for (docs/engine.md has figures); so the loop is made short here, before either is loaded.
Who has said how long it should be is heeded.
"""

import os

SPINS = "2000"
"""Some microseconds. With none at all llama.cpp, which waits often, is a third as fast on a quiet machine."""
if "OMP_WAIT_POLICY" not in os.environ:
    os.environ.setdefault("GOMP_SPINCOUNT", SPINS)
