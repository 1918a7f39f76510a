"""Some portraits of a batch: what was found in all of them is taken from there, not looked for once more.

Owns how what was found is parted. Must not know what it is.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, Generic, TypeVar, overload

import numpy as np

from punkdetect.punks import IntArray
from punkdetect.records import Record

Owner = TypeVar("Owner")
Found = TypeVar("Found")


def take_rows(found: Any, rows: IntArray) -> Any:
    """Return what was found in some portraits of a batch.

    Parameters
    ----------
    found : ndarray, Record, or object with a method `take`
        Every array of it begins with an axis over portraits, and so does all that its fields hold; what is of
        another build has a `take` of its own.
    rows : ndarray of int, shape (M,)

    Returns
    -------
    of the type of `found`

    Raises
    ------
    TypeError
        If it is none of these.
    """
    if isinstance(found, np.ndarray):
        return found[rows]
    if hasattr(found, "take"):
        return found.take(rows)
    if isinstance(found, Record):
        return type(found)(*(take_rows(part, rows) for part in found))
    raise TypeError(f"{type(found).__name__} does not say how it is parted")


class landmark(cached_property[Any], Generic[Owner, Found]):  # noqa: N801 - used as `property` is
    """A landmark: found on first use, or taken from those of the whole batch where they are there already."""

    def __init__(self, find: Callable[[Owner], Found]) -> None:
        super().__init__(find)

    @overload  # type: ignore[override]
    def __get__(self, instance: None, owner: type[Owner] | None = None) -> landmark[Owner, Found]: ...
    @overload
    def __get__(self, instance: Owner, owner: type[Owner] | None = None) -> Found: ...
    def __get__(self, instance: Any, owner: Any = None) -> Any:
        part = None if instance is None else instance.part_of
        if part is None or self.attrname is None or self.attrname not in vars(part.whole):
            return super().__get__(instance, owner)
        found = take_rows(vars(part.whole)[self.attrname], part.rows)
        vars(instance)[self.attrname] = found
        return found
