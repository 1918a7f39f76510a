"""Paths in, names and bytes out: which files a person means, each of them once, in an order that stays.

Owns folders, links, pipes, standard input and what the file system says when it refuses. Knows nothing of
pictures but the suffixes that they usually have; what a file is, its bytes say.
"""

# Paths are plain strings here: a Path object for each file costs more than looking at the file does.
# ruff: noqa: PTH112, PTH119

from __future__ import annotations

import os
from collections.abc import Callable, Iterable

from punkdetect.errors import UsageError
from punkdetect.sources._bytes import PORTRAIT_BYTES, SHEET_BYTES, STDIN, read_bytes, read_stdin
from punkdetect.sources._folders import SUFFIXES, Found, walk
from punkdetect.sources._list import SourceError, SourceFile, SourceList

__all__ = [
    "PORTRAIT_BYTES", "SHEET_BYTES", "STDIN", "SUFFIXES", "SourceError", "SourceFile", "SourceList",
    "find_sources", "read_bytes", "read_stdin",
]  # fmt: skip


def find_sources(
    paths: Iterable[str | os.PathLike[str]],
    *,
    follow_links: bool = False,
    folders: bool = True,
    note: Callable[[str], None] | None = None,
) -> SourceList:
    """Find the files that a person means.

    Parameters
    ----------
    paths : iterable of path
        Files, folders (with their subfolders) and `-`, in the order in which they were given.
    follow_links : bool, default False
        Whether links to folders, met while walking, are walked too. Links to files always are read; so are
        links to folders that were named.
    folders : bool, default True
        Whether a folder may be named.
    note : callable, optional
        Called with one sentence about each thing that was left out: the same file again, a link to a folder,
        files of a folder whose suffix says that they are pictures of another format.

    Returns
    -------
    SourceList
        Of SourceFile and SourceError, in the order of `paths`, and inside a folder in the order of the names,
        subfolders among the files.
        A file that is met twice, by two arguments or by a link, is there once, under the name that is not a
        link if there is one. Two files of equal content are two, and so are two hard links: the folder has
        two pictures. Names that two files of different folders share become the paths as they were given.

    Raises
    ------
    UsageError
        If a path does not exist, or is a folder where none may be named. Nothing was read then.
    """
    say = note or (lambda sentence: None)
    named = [os.fspath(path) for path in paths]
    for path in named:
        _check_named(path, folders)
    found = Found()
    seen_folders: set[tuple[int, int]] = set()
    for path in named:
        if path != STDIN and os.path.isdir(path):
            walk(found, path, follow_links, seen_folders, say)
        else:
            found.look_at(os.path.basename(path), path)
    listed = found.once_each(say)
    if len(named) > 1:  # inside of one folder all names differ
        listed.make_names_unique()
    return listed


def _check_named(path: str, folders: bool) -> None:
    """Raise UsageError if a path that a person named cannot be meant."""
    if path == STDIN:
        return
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError, ValueError):  # ValueError: a NUL in it
        raise UsageError(f"{path}: no such file or folder") from None
    except OSError:
        return  # it may be there: looking at it says what is wrong, and that is its record
    if not folders and os.path.isdir(path):
        raise UsageError(f"{path}: is a folder; name the pictures in it, or use scan")
