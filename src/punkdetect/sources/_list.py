"""The noun `SourceList`: the files that a person means, by name and path, a million in some megabytes.

Knows nothing of how files are found and read.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple, overload

from punkdetect.errors import PictureError
from punkdetect.packed import PackedTexts


class SourceFile(NamedTuple):
    """A file to be read.

    Parameters
    ----------
    name : str
        What the outputs call it: the path relative to the folder that was scanned, with `/`, or the name of a
        file that was given on its own. Unique. Bytes that are no UTF-8 are kept as surrogates (PEP 383).
    path : str
        Where it is; `-` is standard input.
    """

    name: str
    path: str


class SourceError(NamedTuple):
    """Something that was meant to be read and cannot be; it ends as a record.

    Parameters
    ----------
    name : str
    error : PictureError
    """

    name: str
    error: PictureError


class SourceList(Sequence[SourceFile | SourceError]):
    """Files and what cannot be read, in an order that stays.

    Each is put together when it is asked for, of its folder, which many share, and its own name.
    """

    def __init__(self) -> None:
        self._bases = PackedTexts()  # the end that a file's name and its path have in common
        self._folder_of = array("L")
        self._folders: list[tuple[str, str]] = []  # what comes before that end in the name, and in the path
        self._numbers: dict[tuple[str, str], int] = {}
        self._errors: dict[int, PictureError] = {}

    def folder(self, of_name: str, of_path: str) -> int:
        """Return the number of a folder: what stands before a file's own name in its name and in its path."""
        number = self._numbers.setdefault((of_name, of_path), len(self._folders))
        if number == len(self._folders):
            self._folders.append((of_name, of_path))
        return number

    def add(self, folder: int, base: str) -> None:
        """Append a file of a folder by its own name."""
        self._bases.append(base)
        self._folder_of.append(folder)

    def add_error(self, name: str, path: str, error: PictureError) -> None:
        """Append what cannot be read."""
        self._errors[len(self)] = error
        self.add(self.folder(name, path), "")

    def __len__(self) -> int:
        return len(self._bases)

    @overload
    def __getitem__(self, i: int) -> SourceFile | SourceError: ...
    @overload
    def __getitem__(self, i: slice) -> list[SourceFile | SourceError]: ...
    def __getitem__(self, i: int | slice) -> SourceFile | SourceError | list[SourceFile | SourceError]:
        if isinstance(i, slice):
            return [self[k] for k in range(*i.indices(len(self)))]
        i = range(len(self))[i]
        return self._source(i, self._bases[i])

    def __iter__(self) -> Iterator[SourceFile | SourceError]:
        return (self._source(i, base) for i, base in enumerate(self._bases))

    def _source(self, i: int, base: str) -> SourceFile | SourceError:
        of_name, of_path = self._folders[self._folder_of[i]]
        if i in self._errors:
            return SourceError(of_name + base, self._errors[i])
        return SourceFile(of_name + base, of_path + base)

    def path(self, i: int) -> str:
        """Return where the i-th is, or was looked for."""
        return self._folders[self._folder_of[i]][1] + self._bases[i]

    def paths(self) -> Iterator[str]:
        """Yield the paths of those that are files."""
        for i, base in enumerate(self._bases):
            if i not in self._errors:
                yield self._folders[self._folder_of[i]][1] + base

    def without(self, left_out: Collection[int]) -> SourceList:
        """Return a list of all but some."""
        kept = SourceList()
        for i, base in enumerate(self._bases):
            if i in left_out:
                continue
            if i in self._errors:
                kept._errors[len(kept)] = self._errors[i]
            kept.add(kept.folder(*self._folders[self._folder_of[i]]), base)
        return kept

    def make_names_unique(self) -> None:
        """Give each whose name is shared the path as it was given, until no name is shared."""
        while True:
            uses = Counter(source.name for source in self)
            shared = [i for i, source in enumerate(self) if uses[source.name] > 1 and not self._has_path(i)]
            if not shared:
                return
            for i in shared:
                _, of_path = self._folders[self._folder_of[i]]
                self._folder_of[i] = self.folder(of_path, of_path)

    def _has_path(self, i: int) -> bool:
        """Tell whether a path is the name already."""
        of_name, of_path = self._folders[self._folder_of[i]]
        return of_name == of_path
