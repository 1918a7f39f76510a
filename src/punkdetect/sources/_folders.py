"""What is in folders: each file once, under one name, in an order that stays; links, and what is left out."""

# Paths are plain strings here: a Path object for each file costs more than looking at the file does.
# ruff: noqa: PTH100, PTH114, PTH116, PTH118, PTH119

from __future__ import annotations

import errno
import os
import stat
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

from punkdetect.errors import UnreadableError
from punkdetect.plural import counted
from punkdetect.sources._bytes import STDIN, plain_reason
from punkdetect.sources._list import SourceList

SUFFIXES = (".png", ".gif", ".webp", ".bmp", ".jpg", ".jpeg")
"""What is tried in a folder, in upper or lower case. A file named on its own is tried whatever its name."""

OTHER_SUFFIXES = (
    ".tif", ".tiff", ".ico", ".cur", ".svg", ".psd", ".tga", ".pcx", ".qoi", ".ppm", ".pgm", ".pbm", ".pnm",
    ".avif", ".heic", ".heif", ".jxl", ".jp2", ".jpe", ".jfif", ".apng", ".dib", ".ase", ".aseprite", ".xcf",
)  # fmt: skip
"""Of pictures that are not tried in a folder: how many there are is told."""

_COMPANION = "._"
"""macOS writes such files next to every picture on foreign disks and in ZIP archives."""


class Found:
    """What was found so far, and which of it may be the same file as another."""

    def __init__(self) -> None:
        self.list = SourceList()
        # Of those that were named or may be links: what tells them from other files, and whether they are
        # links. What is met while walking needs no looking at, since each folder is walked once.
        self.special: dict[int, tuple[int | str, bool]] = {}

    def look_at(self, name: str, path: str) -> None:
        """Append one path that is no folder, without opening it; its name is the end of it."""
        place = len(self.list)
        self.special[place] = (path, False)
        if path == STDIN:
            self.list.add(self.list.folder("", ""), path)
            return
        try:
            status = os.stat(path)
        except OSError as error:
            missing = error.errno == errno.ENOENT and os.path.islink(path)
            self.fail(name, path, "missing target" if missing else plain_reason(error))
            return
        if not stat.S_ISREG(status.st_mode):
            self.fail(name, path, "not a regular file")
            return
        base = name.rpartition("/")[2]
        folder = self.list.folder(name[: len(name) - len(base)], path[: len(path) - len(base)])
        self.list.add(folder, base)
        self.special[place] = (_identity(path, status), os.path.islink(path))

    def fail(self, name: str, path: str, reason: str) -> None:
        """Append what cannot be read."""
        self.special[len(self.list)] = (path, False)
        self.list.add_error(name, path, UnreadableError(reason))

    def once_each(self, say: Callable[[str], None]) -> SourceList:
        """Leave out files that are met again, preferring a name that is not a link."""
        if not self.special:
            return self.list
        first: dict[int | str, int] = {}
        again: dict[int | str, list[int]] = {}
        for i in range(len(self.list)):
            identity = self._identity_of(i)
            place = first.setdefault(identity, i)
            if place != i:
                again.setdefault(identity, [place]).append(i)
        left_out: dict[int, int] = {}
        for places in again.values():
            chosen = next((i for i in places if not self._is_link(i)), places[0])
            left_out.update({i: chosen for i in places if i != chosen})
        for i in sorted(left_out):
            say(f"{self.list.path(i)}: the same file as {self.list.path(left_out[i])}, read once")
        return self.list.without(left_out) if left_out else self.list

    def _is_link(self, i: int) -> bool:
        return i in self.special and self.special[i][1]

    def _identity_of(self, i: int) -> int | str:
        if i in self.special:
            return self.special[i][0]
        path = self.list.path(i)
        try:
            return _identity(path, os.stat(path))
        except OSError:  # it is gone already: reading it will say so
            return path


def _identity(path: str, status: os.stat_result) -> int | str:
    """Return what tells a file from others: device and inode in one number, or its path if it has several."""
    if status.st_nlink == 1 and status.st_ino:
        return status.st_dev << _INODE_BITS | status.st_ino
    return os.path.realpath(path)


_INODE_BITS = 64
"""Bits of an inode's number: one number takes a fifth of the memory of a pair."""


class _Folder(NamedTuple):
    """A folder that is being walked.

    Parameters
    ----------
    name, path : str
        What stands before the names of its files, in their names and in their paths.
    number : int
        As in `SourceList`.
    bases : list of str
        What is in it and not done yet, the next one last.
    odd : dict of str to str
        Of those that are no regular file for certain: what they are.
    """

    name: str
    path: str
    number: int
    bases: list[str]
    odd: dict[str, str]


_FOLDER, _LINK_TO_FOLDER, _ELSE = "folder", "link to a folder", "something else"


def walk(
    found: Found, top: str, follow_links: bool, seen: set[tuple[int, int]], say: Callable[[str], None]
) -> None:
    """Find what looks like a picture in a folder and its subfolders, each folder once; no recursion."""
    inside: list[_Folder] = []  # the innermost last
    left_out: Counter[str] = Counter()

    def enter(name: str, path: str) -> None:
        """Begin with a folder."""
        try:
            status = os.stat(path)
            if (status.st_dev, status.st_ino) in seen:
                say(f"{path}: a folder that was walked already")
                return
            bases, odd = _list_folder(path, left_out)
        except OSError as error:
            label = name or os.path.basename(os.path.abspath(path)) or path
            found.fail(label, path, f"{plain_reason(error)}: folder cannot be listed")
            return
        seen.add((status.st_dev, status.st_ino))
        prefixes = (f"{name}/" if name else "", os.path.join(path, ""))
        inside.append(_Folder(*prefixes, found.list.folder(*prefixes), bases, odd))

    enter("", top)
    while inside:
        here = inside[-1]
        while here.bases:  # strings are given back as they are packed
            base = here.bases.pop()
            kind = here.odd.get(base)
            if kind is None:
                found.list.add(here.number, base)
            elif kind == _ELSE:
                found.look_at(here.name + base, here.path + base)
            elif kind == _LINK_TO_FOLDER and not follow_links:
                say(f"{here.path}{base}: a link to a folder, not followed")
            else:
                enter(here.name + base, here.path + base)
                break
        else:
            inside.pop()
    if companions := left_out.pop(_COMPANION, 0):
        say(f"{top}: {counted(companions, 'companion file')} of macOS ({_COMPANION}*) left out")
    if left_out:
        others = counted(left_out.total(), "picture")
        suffixes = ", ".join(sorted(left_out))
        say(f"{top}: {others} of other suffixes left out ({suffixes}): name them to try them")


def _list_folder(path: str, left_out: Counter[str]) -> tuple[list[str], dict[str, str]]:
    """Return names of folders and possible pictures, the last first; what the odd ones are.

    What is left out is counted: companion files, and pictures by their other suffixes.

    What a name stands for is told by the folder itself on most file systems: no file is looked at.
    """
    bases: list[str] = []
    odd: dict[str, str] = {}
    with os.scandir(path) as listing:
        for entry in listing:
            base = entry.name
            looks = base.lower().endswith(SUFFIXES)
            if _is(entry.is_file):
                kind = None
            elif _is(entry.is_dir):
                kind, looks = _FOLDER, True
            elif entry.is_symlink() and _is_folder(entry):
                kind, looks = _LINK_TO_FOLDER, True
            else:
                kind = _ELSE
            if not looks:
                if base.lower().endswith(OTHER_SUFFIXES) and not base.startswith(_COMPANION):
                    left_out["." + base.lower().rpartition(".")[2]] += 1
                continue
            if kind in (None, _ELSE) and base.startswith(_COMPANION):
                left_out[_COMPANION] += 1
                continue
            bases.append(base)
            if kind is not None:
                odd[base] = kind
    bases.sort(reverse=True)
    return bases, odd


def _is(asked: Callable[..., bool]) -> bool:
    """Ask an entry of a folder what it is itself, be it a link; what cannot be known is looked at later."""
    try:
        return asked(follow_symlinks=False)
    except OSError:
        return False


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """Tell whether an entry is a folder, or a link to one; a link that leads nowhere is none."""
    try:
        return entry.is_dir()
    except OSError:
        return False
