"""The bytes of a file, or of standard input; and what the file system means when it refuses.

Never waits for a pipe, and takes no more memory than it may.
"""

from __future__ import annotations

import errno
import os
import stat
import sys

from punkdetect.errors import TooLargeError, UnreadableError

STDIN = "-"
"""The path that means standard input."""

PORTRAIT_BYTES = 160 << 20
"""Longest file of one portrait: 4096x4096 pixels of 16-bit RGBA take 128 MiB unpacked."""

SHEET_BYTES = 560 << 20
"""Longest file of a sheet: 64 million pixels of 16-bit RGBA take 488 MiB unpacked."""

_PIECE = 4096
"""Bytes asked for when a file says that it has none, as some that the system makes up do."""


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
        raise UnreadableError(plain_reason(error)) from error
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
        raise UnreadableError(plain_reason(error)) from error
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


def plain_reason(error: OSError | ValueError) -> str:
    """Return what an error of the file system means, in plain words."""
    if not isinstance(error, OSError) or error.errno is None:
        return str(error)
    return _REASONS.get(error.errno) or (error.strerror or str(error)).lower()


def _too_long(max_bytes: int) -> TooLargeError:
    return TooLargeError(f"a file of more than {max_bytes >> 20} MiB")
