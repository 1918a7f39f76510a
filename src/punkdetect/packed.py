"""Very many strings in little memory: their letters in one run of bytes, and where each of them ends.

A Python string costs 49 bytes and more besides its letters. A hundred thousand of them, made between others
that are given back again, keep whole pages of memory in use, which every forked process then copies. Knows
nothing of what the strings mean.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from typing import overload


class PackedTexts(Sequence[str]):
    """A sequence of strings that can only grow.

    Any string will do, those with bytes that are no UTF-8 (PEP 383) too.
    """

    def __init__(self) -> None:
        self._letters = bytearray()
        self._ends = array("Q")

    def append(self, text: str) -> None:
        """Add a string at the end."""
        self._letters += text.encode("utf-8", "surrogatepass")
        self._ends.append(len(self._letters))

    def __len__(self) -> int:
        return len(self._ends)

    @overload
    def __getitem__(self, i: int) -> str: ...
    @overload
    def __getitem__(self, i: slice) -> list[str]: ...
    def __getitem__(self, i: int | slice) -> str | list[str]:
        if isinstance(i, slice):
            return [self[k] for k in range(*i.indices(len(self)))]
        i = range(len(self))[i]
        return self._cut(self._ends[i - 1] if i else 0, self._ends[i])

    def __iter__(self) -> Iterator[str]:
        start = 0
        for end in self._ends:
            yield self._cut(start, end)
            start = end

    def _cut(self, start: int, end: int) -> str:
        return self._letters[start:end].decode("utf-8", "surrogatepass")
