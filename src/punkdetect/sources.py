"""Paths in, names and bytes out: which files a person means, each of them once, in an order that stays.

Owns folders, links, pipes, standard input and what the file system says when it refuses. Knows nothing of
pictures but the suffixes that they usually have; what a file is, its bytes say.
"""

# Paths are plain strings here: a Path object for each file costs more than looking at the file does.
# ruff: noqa: PTH100, PTH112, PTH114, PTH116, PTH119

from __future__ import annotations

import errno
import os
import stat
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from punkdetect.errors import PictureError, TooLargeError, UnreadableError, UsageError

SUFFIXES = (".png", ".gif", ".webp", ".bmp", ".jpg", ".jpeg")
"""What is tried in a folder, in upper or lower case. A file named on its own is tried whatever its name."""

STDIN = "-"
"""The path that means standard input."""

PORTRAIT_BYTES = 160 << 20
"""Longest file of one portrait: 4096x4096 pixels of 16-bit RGBA take 128 MiB unpacked."""

SHEET_BYTES = 560 << 20
"""Longest file of a sheet: 64 million pixels of 16-bit RGBA take 488 MiB unpacked."""

_PIECE = 4096  # bytes asked for when a file says that it has none, as some that the system makes up do
_COMPANION = "._"  # macOS writes such files next to every picture on foreign disks and in ZIP archives


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


_INODE_BITS = 64
"""Bits of an inode's number: device and inode are one number, which takes a fifth of the memory of a pair."""


@dataclass(slots=True)
class _Found:
    """A file or an error before names are final.

    Parameters
    ----------
    name, path : str
        `path` as it was given on the command line, plus what was walked.
    identity : int or str
        Device and inode as one number; where they do not tell (several names on disk, an error), the path.
    is_link : bool
    error : PictureError, optional
    """

    name: str
    path: str
    identity: int | str
    is_link: bool = False
    error: PictureError | None = None


def find_sources(
    paths: Iterable[str | os.PathLike[str]],
    *,
    follow_links: bool = False,
    folders: bool = True,
    note: Callable[[str], None] | None = None,
) -> list[SourceFile | SourceError]:
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
        Called with one sentence about each thing that was left out: the same file again, a link to a folder.

    Returns
    -------
    list of SourceFile or SourceError
        In the order of `paths`, and inside a folder in the order of the names, subfolders among the files.
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
    found: list[_Found] = []
    seen_folders: set[tuple[int, int]] = set()
    for path in named:
        if path != STDIN and os.path.isdir(path):
            found.extend(_walk(path, follow_links, seen_folders, say))
        else:
            found.append(_look_at(os.path.basename(path), path))
    found = _once_each(found, say)
    _make_names_unique(found)
    found.reverse()
    sources: list[SourceFile | SourceError] = []
    while found:  # one list shrinks as the other grows
        item = found.pop()
        if item.error is None:
            sources.append(SourceFile(item.name, item.path))
        else:
            sources.append(SourceError(item.name, item.error))
    return sources


def read_bytes(path: str, *, max_bytes: int = PORTRAIT_BYTES) -> bytes:
    """Read a file once and whole; never waits for a pipe.

    Parameters
    ----------
    path : str
        `-` is standard input.
    max_bytes : int, default PORTRAIT_BYTES

    Returns
    -------
    bytes

    Raises
    ------
    UnreadableError
        With the reason in plain words.
    TooLargeError
        If there is more than `max_bytes`; memory for it was not taken.
    """
    if path == STDIN:
        return read_stdin(max_bytes=max_bytes)
    try:
        file = os.open(path, _READ_FLAGS)
    except (OSError, ValueError) as error:
        raise UnreadableError(_plain_reason(error)) from error
    try:
        status = os.fstat(file)
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableError("not a regular file")
        if status.st_size > max_bytes:
            raise _too_long(max_bytes)
        parts = []
        room = max_bytes
        while part := os.read(
            file, min(max(status.st_size, _PIECE), room) + 1
        ):  # one more byte shows whether it grew
            parts.append(part)
            room -= len(part)
            if room < 0:
                raise _too_long(max_bytes)
    except OSError as error:
        raise UnreadableError(_plain_reason(error)) from error
    finally:
        os.close(file)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def read_stdin(*, max_bytes: int = PORTRAIT_BYTES) -> bytes:
    """Read standard input to its end.

    Raises
    ------
    UnreadableError, TooLargeError
        As `read_bytes`.
    """
    try:
        data = sys.stdin.buffer.read(max_bytes + 1)
    except (OSError, ValueError, AttributeError) as error:  # closed, or there is none
        raise UnreadableError("standard input cannot be read") from error
    if len(data) > max_bytes:
        raise _too_long(max_bytes)
    return data


# O_NONBLOCK: opening a pipe must not wait for its writer; a regular file does not mind. O_NOCTTY: a terminal
# named by mistake must not become ours. O_BINARY and the lack of the others: Windows.
_READ_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)

_REASONS = {
    errno.ELOOP: "link loop",
    errno.EACCES: "permission denied",
    errno.EPERM: "permission denied",
    errno.EISDIR: "a folder",
    errno.ENXIO: "not a regular file",  # a socket, or a device without its hardware
    errno.ENOENT: "gone: it was there a moment ago",
    errno.ENOTDIR: "gone: it was there a moment ago",
    errno.ENAMETOOLONG: "its path is too long",
    errno.EIO: "the disk cannot read it",
}


def _plain_reason(error: OSError | ValueError) -> str:
    """Return what an error of the file system means, in plain words."""
    if not isinstance(error, OSError) or error.errno is None:
        return str(error)
    return _REASONS.get(error.errno) or (error.strerror or str(error)).lower()


def _too_long(max_bytes: int) -> TooLargeError:
    return TooLargeError(f"a file of more than {max_bytes >> 20} MiB")


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


def _look_at(name: str, path: str) -> _Found:
    """Look at one path that is no folder, without opening it."""
    if path == STDIN:
        return _Found(name, path, path)
    try:
        status = os.stat(path)
    except OSError as error:
        reason = (
            "missing target" if error.errno == errno.ENOENT and os.path.islink(path) else _plain_reason(error)
        )
        return _failed(name, path, reason)
    if not stat.S_ISREG(status.st_mode):
        return _failed(name, path, "not a regular file")
    tells = status.st_nlink == 1 and status.st_ino
    identity = status.st_dev << _INODE_BITS | status.st_ino if tells else os.path.realpath(path)
    return _Found(name, path, identity, os.path.islink(path))


def _failed(name: str, path: str, reason: str) -> _Found:
    return _Found(name, path, path, error=UnreadableError(reason))


def _walk(
    top: str, follow_links: bool, seen: set[tuple[int, int]], say: Callable[[str], None]
) -> Iterator[_Found]:
    """Find what looks like a picture in a folder and its subfolders, each folder once; no recursion."""
    waiting: list[tuple[str, str, bool]] = [
        ("", top, True)
    ]  # name, path, whether it is a folder; last one first
    companions = 0
    while waiting:
        name, path, is_folder = waiting.pop()
        if not is_folder:
            yield _look_at(name, path)
            continue
        try:
            status = os.stat(path)
            if (status.st_dev, status.st_ino) in seen:
                say(f"{path}: a folder that was walked already")
                continue
            with os.scandir(path) as listing:
                entries = sorted(listing, key=lambda entry: entry.name, reverse=True)
        except OSError as error:
            label = name or os.path.basename(os.path.abspath(path)) or path
            yield _failed(label, path, f"{_plain_reason(error)}: folder cannot be listed")
            continue
        seen.add((status.st_dev, status.st_ino))
        for entry in entries:
            inner = f"{name}/{entry.name}" if name else entry.name
            if _is_folder(entry):
                if entry.is_symlink() and not follow_links:
                    say(f"{entry.path}: a link to a folder, not followed")
                else:
                    waiting.append((inner, entry.path, True))
            elif entry.name.lower().endswith(SUFFIXES):
                if entry.name.startswith(_COMPANION):
                    companions += 1
                else:
                    waiting.append((inner, entry.path, False))
        del entries  # a hundred thousand of them are megabytes, and the files come one by one
    if companions:
        say(f"{top}: {companions} companion files of macOS ({_COMPANION}*) left out")


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """Tell whether an entry is a folder, or a link to one; a link that leads nowhere is none."""
    try:
        return entry.is_dir()
    except OSError:
        return False


def _once_each(found: list[_Found], say: Callable[[str], None]) -> list[_Found]:
    """Leave out files that are met again, preferring a name that is not a link."""
    kept: dict[int | str, _Found] = {}
    for item in found:
        first = kept.setdefault(item.identity, item)
        if first.is_link and not item.is_link:
            kept[item.identity] = item
    result = []
    for item in found:
        chosen = kept[item.identity]
        if chosen is item:
            result.append(item)
        else:
            say(f"{item.path}: the same file as {chosen.path}, read once")
    return result


def _make_names_unique(found: list[_Found]) -> None:
    """Give every source whose name is shared the path as it was given, until no name is shared."""
    while True:
        uses = Counter(item.name for item in found)
        shared = [item for item in found if uses[item.name] > 1 and item.name != item.path]
        if not shared:
            return
        for item in shared:
            item.name = item.path
