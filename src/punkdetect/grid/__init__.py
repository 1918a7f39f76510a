"""True 24x24 pixels out of a larger picture, or a plain no.

Owns the search for the grid: whether a picture holds 24 x 24 cells, where they lie, and which colour each of
them has. Knows arrays only; must not know what a face, a trait or a file is.

The count of cells is never estimated: the hypothesis of 24 is tested against finer, coarser and neighbouring
counts (`evidence`), first exactly for clean enlargements (`clean`), then by how much of the picture 24 values
an axis leave unexplained; over the whole picture first, then inside a plain border (`border`). Only then are
the cells read (`cells`).
"""

from __future__ import annotations

from punkdetect.grid.recovery import Recovery, recover_grid
from punkdetect.grid.steps import recovery_steps

__all__ = ["Recovery", "recover_grid", "recovery_steps"]
