"""Puts text where it belongs: standard output, a device, or a file that appears whole or not at all.

A file is written beside its place under a name of its own, flushed, synced, and then renamed over the old
one, so that whatever happens, a reader sees the old output or the new one and never half of either. Knows
nothing of formats.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from punkdetect.errors import EnvironmentUnusableError, UsageError

HEAD_BYTES = 4096
"""Enough to hold the header line of every table this project writes."""

TAIL_BYTES = 1 << 16
"""Enough to hold the end of a Parquet file of many row groups, where its mark is."""

_OPEN_FILE = r"(?:/dev|/proc/self)/fd/([0-9]{1,9})|/dev/(stdin|stdout|stderr)"


def check_output(
    path: Path, recognizes: Callable[[bytes], bool], *, force: bool, inputs: Iterable[str | Path] = ()
) -> Path:
    """Return the file that an output path really means, or refuse it before any work is done.

    Parameters
    ----------
    path : Path
        A symbolic link stands for its target; a stream is returned as it is.
    recognizes : callable
        Tells from the first and last bytes of a file whether the same command wrote it: such a file is
        replaced.
    force : bool
        Replace any other file as well, but never an input.
    inputs : iterable of path
        Files that are read and must not be written.

    Raises
    ------
    UsageError
        If it is a folder, an input, somebody else's file, or cannot be written.
    """
    if is_stream(path):
        return path
    try:
        target = path.resolve(strict=False)
        exists, is_folder = target.exists(), target.is_dir()
    except (OSError, RuntimeError) as error:  # a link that leads to itself
        raise UsageError(f"{path}: cannot be written: {getattr(error, 'strerror', None) or error}") from None
    if is_folder:
        raise UsageError(f"{path} is a folder: name a file to write")
    folder = target.parent
    if not folder.is_dir():
        raise UsageError(f"{path}: the folder {folder} does not exist: make it first")
    if not os.access(folder, os.W_OK) or (exists and not os.access(target, os.W_OK)):
        raise UsageError(f"{path}: no permission to write here")
    if exists and _is_one_of(target, inputs):
        raise UsageError(f"{path} is one of the inputs: write somewhere else")
    if exists and not force and not _is_ours(target, recognizes):
        raise UsageError(
            f"{path} exists and was not made by this command: choose another name, or say --force"
        )
    return target


def is_stream(path: Path) -> bool:
    """Tell whether a path names a device, a pipe or an open file: written to as it is, never replaced."""
    try:
        return _descriptor(path) is not None or (path.exists() and not path.is_file() and not path.is_dir())
    except (OSError, ValueError):  # a name that is too long
        return False


def _descriptor(path: Path) -> int | None:
    """Return the number of the open file that a path stands for, if it is such a path.

    Opening the path instead would begin at the start of a file that a shell has opened to append to.
    """
    found = re.fullmatch(_OPEN_FILE, str(path))
    if found is None:
        return None
    return int(found[1]) if found[1] else ("stdin", "stdout", "stderr").index(found[2])


def check_folder(folder: Path) -> None:
    """Refuse a folder to write into that is none and cannot be made, before any work is done.

    Raises
    ------
    UsageError
    """
    there = folder.absolute()
    try:
        while not _is_there(there):
            there = there.parent
        is_folder = there.is_dir()
    except (OSError, ValueError) as error:  # a name that is too long, a link to itself
        raise UsageError(
            f"{folder}: cannot be written: {getattr(error, 'strerror', None) or error}"
        ) from None
    if not is_folder:
        raise UsageError(f"{folder}: {there} is no folder: name another")
    if not os.access(there, os.W_OK | os.X_OK):
        raise UsageError(f"{folder}: no permission to write here")


def _is_there(path: Path) -> bool:
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it, unless it is there.

    Raises
    ------
    EnvironmentUnusableError
        If the system refuses.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EnvironmentUnusableError(f"{folder}: cannot make this folder: {error.strerror}") from None


def _is_one_of(target: Path, others: Iterable[str | Path]) -> bool:
    own = target.stat()
    for other in others:
        try:
            status = os.stat(other)  # noqa: PTH116  (of a hundred thousand, perhaps)
        except (OSError, ValueError):
            continue
        if (status.st_ino, status.st_dev) == (own.st_ino, own.st_dev):
            return True
    return False


def _is_ours(target: Path, recognizes: Callable[[bytes], bool]) -> bool:
    try:
        with target.open("rb") as file:
            head = file.read(HEAD_BYTES)
            if file.seek(0, os.SEEK_END) > HEAD_BYTES + TAIL_BYTES:
                file.seek(-TAIL_BYTES, os.SEEK_END)
            else:
                file.seek(len(head))
            head += file.read()  # Parquet says at its end who wrote it
    except OSError as error:
        raise UsageError(f"{target}: exists and cannot be read: {error.strerror}; say --force") from None
    return not head or recognizes(head)  # an empty file holds nothing to lose


class Output:
    """A context that takes bytes or text and puts them in place when all went well.

    Parameters
    ----------
    target : Path or None
        As `check_output` returns it; None: standard output.
    synced : bool, default True
        Wait until the disk has it. One of thousands of small files that are easily made again need not:
        it still appears whole or not at all.

    Raises
    ------
    EnvironmentUnusableError
        If another run writes the same file, or the system refuses a write (disk full).
    """

    def __init__(self, target: Path | None, *, synced: bool = True) -> None:
        self.target = target
        self.synced = synced
        self.direct = target is None or is_stream(target)
        self.file: BinaryIO | None = None

    @property
    def part(self) -> Path:
        """The file that is written before it takes its place."""
        assert self.target is not None
        return self.target.with_name(f".{self.target.name}.punkdetect-part")

    @property
    def lock(self) -> Path:
        """Stands beside the output while somebody writes it, and holds their process id."""
        assert self.target is not None
        return self.target.with_name(f".{self.target.name}.punkdetect-lock")

    def __enter__(self) -> Output:
        if self.target is None:
            if sys.stdout is None:
                raise EnvironmentUnusableError("standard output is closed: name a file with -o")
            self.file = sys.stdout.buffer
        elif self.direct:
            self.file = self._open(self.target, os.O_WRONLY)
        else:
            take_lock(self.lock, self.target)
            try:
                # What a killed run left behind is overwritten; a link planted in its place is not followed.
                with contextlib.suppress(FileNotFoundError):
                    self.part.unlink()
                self.file = self._open(self.part, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
                _keep_mode(self.target, self.part)  # before the first byte: nobody reads what was private
            except BaseException:
                self.lock.unlink(missing_ok=True)
                raise
        return self

    def _open(self, path: Path, flags: int) -> BinaryIO:
        number = _descriptor(path)
        try:
            if number is not None:
                return os.fdopen(os.dup(number), "wb")
            return os.fdopen(os.open(path, flags | getattr(os, "O_BINARY", 0), 0o666), "wb")
        except OSError as error:
            raise EnvironmentUnusableError(f"{self.target}: cannot write: {error.strerror}") from None

    def write(self, text: str | bytes) -> None:
        """Append text; what UTF-8 cannot hold is escaped."""
        assert self.file is not None
        data = text.encode("utf-8", "backslashreplace") if isinstance(text, str) else text
        try:
            self.file.write(data)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise self._failed(error) from None

    def _failed(self, error: OSError) -> EnvironmentUnusableError:
        where = self.target or "standard output"
        kept = "" if self.direct else "; what stood there before is untouched"
        return EnvironmentUnusableError(f"{where}: cannot write: {error.strerror or error}{kept}")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._finish()
        finally:
            self._clean_up()

    def _finish(self) -> None:
        assert self.file is not None
        try:
            self.file.flush()
            if not self.direct and self.target is not None:
                if self.synced:
                    os.fsync(self.file.fileno())
                self.file.close()
                self.part.replace(self.target)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise self._failed(error) from None

    def _clean_up(self) -> None:
        if self.target is None:
            return
        if self.file is not None:
            with contextlib.suppress(OSError):  # a full disk has been told already
                self.file.close()
        if not self.direct:
            self.part.unlink(missing_ok=True)
            self.lock.unlink(missing_ok=True)


def _keep_mode(old: Path, new: Path) -> None:
    """Give a file the permissions of the one it takes the place of, if there is one."""
    with contextlib.suppress(OSError):  # no old one; a file system that knows no permissions
        new.chmod(stat.S_IMODE(old.stat().st_mode))


def take_lock(lock: Path, target: Path) -> None:
    """Create a lock file, or take over one whose process is gone.

    Raises
    ------
    EnvironmentUnusableError
        If somebody else holds it.
    """
    if _create_lock(lock, target):
        return
    owner = _owner(lock)
    if owner is not None and not _is_running(owner):
        lock.unlink(missing_ok=True)
        if _create_lock(lock, target):
            return
    raise EnvironmentUnusableError(
        f"{target}: locked: another run is writing it; if that is not so, delete {lock}"
    )


def _create_lock(lock: Path, target: Path) -> bool:
    try:
        with os.fdopen(os.open(lock, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666), "w") as file:
            file.write(str(os.getpid()))
    except FileExistsError:
        return False
    except OSError as error:
        raise EnvironmentUnusableError(f"{target}: cannot write here: {error.strerror}") from None
    return True


def _owner(lock: Path) -> int | None:
    try:
        return int(lock.read_text())
    except (OSError, ValueError):
        return None


def _is_running(process: int) -> bool:
    if os.name == "nt":
        return True  # there, signal 0 would stop the process instead of asking after it
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
