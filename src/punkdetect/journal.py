r"""What a scan has done so far, kept beside its output so that nothing done is ever done again or lost.

Three files, next to the output `t.csv` and hidden:

- `.t.csv.punkdetect-part`: the records, appended as they come; at the end it becomes the output.
- `.t.csv.punkdetect-journal`: a line a record (`recorded`), in the same order. The first line says what made
  the records (`key`) and which file holds them. It stays when the scan is done, for the next one.
- `.t.csv.punkdetect-lock`: there while a scan runs.

A record is written before its line, and a line counts only if the record that it speaks of is there and
whole: a process may be killed at any moment. Knows bytes and files; knows nothing of formats or traits.
"""

from __future__ import annotations

import contextlib
import os
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from punkdetect.errors import EnvironmentUnusableError, UsageError
from punkdetect.recorded import Entries, entry_line, parse_line
from punkdetect.writers.output import take_lock

_NAME = "punkdetect-journal"
_MAGIC = f"{_NAME} 1"
_PART, _OUTPUT = "part", "output"  # which file holds the records
_COPY = 1 << 20  # bytes moved at once
_LONGEST_FIRST = 1000  # bytes looked at for a first line: no journal of ours has a longer one


class Journal:
    """A context in which records are kept as they come, and put in place together when all went well.

    Parameters
    ----------
    target : Path
        The output.
    key : str
        Whatever decides what records look like: config, detectors, models, options. Records of another key
        are of no use.
    header : bytes
        What stands before the first record.
    resume : bool
        Go on from what is there; otherwise it is thrown away.
    must_fit : bool
        Refuse to go on from nothing, or from records of another key, rather than begin anew.
    convert : callable, optional
        `convert(records, path)` writes the output from an iterator of records; otherwise the records are it.
    restore : callable, optional
        `restore(path)` gives the records back from an output that was converted.

    Attributes
    ----------
    goes_on : bool
        Whether there is something to go on from.
    earlier : Entries
        The records that are there.
    stale : bool
        Whether there was a journal, but of another key.
    remade : bool
        Whether the output no longer begins as a scan wrote it, so that no record can be found in it.
    thrown_away : bool
        Whether the records of a scan that did not come to its end were thrown away unasked.

    Raises
    ------
    EnvironmentUnusableError
        If another scan writes the same output, the journal is damaged, or the system refuses a write.
    UsageError
        If `must_fit` and there is nothing to go on from.
    """

    def __init__(
        self,
        target: Path,
        key: str,
        header: bytes,
        *,
        resume: bool = False,
        must_fit: bool = False,
        convert: Callable[[Iterator[bytes], Path], None] | None = None,
        restore: Callable[[Path], Iterator[bytes]] | None = None,
    ) -> None:
        self.target = target
        self.key = key
        self.header = header
        self.resume = resume
        self.must_fit = must_fit
        self.convert = convert
        self.restore = restore
        self.goes_on = self.stale = self.remade = self.thrown_away = False
        self.earlier = Entries()
        self._runs: list[
            list[int]
        ] = []  # offset and length of what the output is made of, joined where it can be
        self._files: dict[str, BinaryIO] = {}
        self._end = 0

    def _beside(self, what: str) -> Path:
        return self.target.with_name(f".{self.target.name}.punkdetect-{what}")

    @property
    def part(self) -> Path:
        """The file that holds the records."""
        return self._beside("part")

    @property
    def journal(self) -> Path:
        """The file that holds a line a record."""
        return self._beside("journal")

    @property
    def lock(self) -> Path:
        """The file that is there while a scan runs."""
        return self._beside("lock")

    def __enter__(self) -> Journal:
        take_lock(self.lock, self.target)
        try:
            self._check_beside()
            with self._refusals():
                for left in ("new", "journal-new"):
                    self._beside(left).unlink(missing_ok=True)
                self.goes_on = self.resume and self._go_on()
                if not self.goes_on:
                    if self.must_fit:
                        raise UsageError(self._why_not())
                    self.thrown_away = not self.resume and self.part.exists() and self.journal.exists()
                    self._begin()
        except BaseException:
            self._close()
            raise
        return self

    def _check_beside(self) -> None:
        """Refuse folders in the places of our own files: nothing but their owner may move them away."""
        for what in ("part", "journal", "new", "journal-new"):
            path = self._beside(what)
            if path.is_dir() and not path.is_symlink():
                raise EnvironmentUnusableError(f"{path}: a folder where a scan keeps a file: move it away")

    def _why_not(self) -> str:
        if self.stale:
            return f"{self.target} was made with another config, detectors or options: scan all of it again"
        if self.remade:
            return f"{self.target} no longer begins as scan wrote it: scan all of it again"
        return f"{self.target} has no journal beside it that says what was done: scan all of it once"

    def _begin(self) -> None:
        self.journal.unlink(missing_ok=True)
        self.part.unlink(missing_ok=True)
        self._files["part"] = self._create(self.part)
        self._files["part"].write(self.header)
        self._files["part"].flush()
        self._end = len(self.header)
        self._files["journal"] = self._create(self.journal)
        self._files["journal"].write(self._first_line(_PART))
        self._files["journal"].flush()

    def _create(self, path: Path) -> BinaryIO:
        # O_EXCL: a link planted in its place is not followed
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        return os.fdopen(os.open(path, flags, 0o666), "wb")

    def _first_line(self, where: str) -> bytes:
        return f"{_MAGIC} {self.key} {where}\n".encode()

    def _go_on(self) -> bool:
        """Take up what is there; return whether there was anything of use."""
        try:
            with self.journal.open("rb") as file:
                first = file.readline(_LONGEST_FIRST)
        except FileNotFoundError:
            return False
        words = first.decode("utf-8", "replace").split()
        if not first.startswith(f"{_NAME} ".encode()) and not self._first_line(_PART).startswith(first):
            raise EnvironmentUnusableError(
                f"{self.journal}: line 1 is damaged: delete this file to scan all again"
            )
        if len(words) != 4 or first != self._first_line(words[3]):
            self.stale = bool(words)
            return False
        if not (words[3] == _PART and self.part.exists()):
            if not self.target.exists():
                return False
            if self._is_remade():
                self.remade = True
                return False
            self._take_back(words[3])
        length = self._read_lines()
        self._files["part"] = self.part.open("r+b")
        self._files["part"].truncate(self._end)
        self._files["part"].seek(self._end)
        self._files["journal"] = self.journal.open("r+b")
        self._files["journal"].truncate(length)
        self._files["journal"].seek(length)
        self._files["journal-new"] = self._create(self._beside("journal-new"))
        self._files["journal-new"].write(self._first_line(_OUTPUT))
        return True

    def _is_remade(self) -> bool:
        """Whether the output no longer begins as a scan wrote it: emptied, or saved by a spreadsheet."""
        if self.restore is not None:
            return False
        with self.target.open("rb") as old:
            return old.read(len(self.header)) != self.header

    def _take_back(self, where: str) -> None:
        """Make the records of a finished output the part file of this scan."""
        import shutil

        new = self._beside("new")
        with self._create(new) as file:
            if self.restore is None:
                with self.target.open("rb") as old:
                    shutil.copyfileobj(old, file, _COPY)
            else:
                file.write(self.header)
                for record in self.restore(self.target):
                    file.write(record)
        new.replace(self.part)
        if where == _OUTPUT:
            with self._create(self._beside("journal-new")) as file, self.journal.open("rb") as journal:
                journal.readline()
                file.write(self._first_line(_PART))
                shutil.copyfileobj(journal, file, _COPY)
            self._beside("journal-new").replace(self.journal)

    def _read_lines(self) -> int:
        """Fill `earlier`; return how long the journal is up to the last line whose record is there."""
        with self.part.open("rb") as part, self.journal.open("rb") as journal:
            if part.read(len(self.header)) != self.header:
                raise EnvironmentUnusableError(f"{self.part}: damaged: delete it, or scan without --resume")
            self._end = len(self.header)
            length = len(journal.readline())
            for number, line in enumerate(journal, 2):
                parsed = parse_line(line, self._end)
                if parsed is None:
                    if journal.read(1):  # a torn last line was being written; one before it never was
                        raise EnvironmentUnusableError(
                            f"{self.journal}: line {number} is damaged: delete this file to scan all again"
                        )
                    break
                name, entry = parsed
                record = part.read(entry.length)
                if len(record) < entry.length:  # the machine stopped before the record reached the disk
                    break
                length += len(line)
                self._end += entry.length
                # where somebody changed the output the picture is done again
                self.earlier.add(name, entry, stands=zlib.crc32(record) == entry.crc)
        self.earlier.sort()
        return length

    def add(self, records: bytes, lengths: Sequence[int], lines: str, order: Sequence[str | None]) -> None:
        """Append records, then their lines; the output gets them in the order that is asked for.

        Parameters
        ----------
        records : bytes
        lengths : sequence of int
            Of each record.
        lines : str
            As `line_of` makes them.
        order : sequence of str or None
            What comes next in the output: None is the next of these records, a name the earlier record of
            that picture.
        """
        start = self._end
        if lengths:
            with self._refusals():
                self._files["part"].write(records)
                self._files["part"].flush()
                self._files["journal"].write(lines.encode())
                self._files["journal"].flush()
            self._end += len(records)
        if not any(order):
            self._use(start, len(records))
            if "journal-new" in self._files:
                self._files["journal-new"].write(lines.encode())
            return
        own = zip(lengths, lines.splitlines(keepends=True), strict=True)
        for name in order:
            if name is None:
                length, line = next(own)
                self._use(start, length)
                start += length
            else:
                entry = self.earlier[name]
                self._use(entry.offset, entry.length)
                line = entry_line(name, entry)
            self._files["journal-new"].write(line.encode())

    def _use(self, offset: int, length: int) -> None:
        if not length:
            return
        if self._runs and sum(self._runs[-1]) == offset:
            self._runs[-1][1] += length
        else:
            self._runs.append([offset, length])

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                with self._refusals():
                    self._finish()
        finally:
            self._close()

    def _finish(self) -> None:
        """Put the output in place, then the journal that speaks of it."""
        for file in self._files.values():
            file.flush()
            os.fsync(file.fileno())
        first = len(self.header)
        whole = self._runs == ([[first, self._end - first]] if self._end > first else [])
        new = self._beside("new")
        if self.convert is not None:
            self.convert(self._records(), new)
        elif not whole:
            with self._create(new) as file:
                file.write(self.header)
                for piece in self._pieces():
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
        if self.convert is None and whole:
            self.part.replace(self.target)
        else:
            new.replace(self.target)
        if "journal-new" in self._files:
            self._beside("journal-new").replace(self.journal)
        self.part.unlink(missing_ok=True)

    def _pieces(self) -> Iterator[bytes]:
        with self.part.open("rb") as part:
            for offset, length in self._runs:
                part.seek(offset)
                while length:
                    piece = part.read(min(length, _COPY))
                    length -= len(piece)
                    yield piece

    def _records(self) -> Iterator[bytes]:
        """Yield whole lines in the order of the output, many at once."""
        rest = b""
        for piece in self._pieces():
            head, newline, tail = (rest + piece).rpartition(b"\n")
            rest = tail
            if newline:
                yield head + newline

    def _close(self) -> None:
        for file in self._files.values():
            with contextlib.suppress(OSError):  # a full disk has been told of already
                file.close()
        for left in ("new", "journal-new", "lock"):
            with contextlib.suppress(OSError):
                self._beside(left).unlink(missing_ok=True)

    @contextlib.contextmanager
    def _refusals(self) -> Iterator[None]:
        """Turn what the system refuses into words."""
        try:
            yield
        except OSError as error:
            where = error.filename or self.target
            raise EnvironmentUnusableError(
                f"{where}: cannot write: {error.strerror or error}; what stood in {self.target.name} before "
                "is untouched, and what was done is kept: run again with --resume"
            ) from None
