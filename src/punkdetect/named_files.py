"""Reads a file that a person named: all of it, or the reason why not.

Knows nothing of what is in it.
"""

from __future__ import annotations

from codecs import BOM_UTF8
from pathlib import Path

from punkdetect.errors import UsageError


def is_special(path: Path) -> bool:
    """Tell whether something is there that is no file: a folder, or a pipe, which would be waited for."""
    try:
        return path.exists() and not path.is_file()
    except (OSError, ValueError):  # opening it says what is wrong
        return False


def read_named(path: Path, what: str, most: int | None = None) -> bytes:
    """Return the bytes of a file.

    Parameters
    ----------
    path : Path
    what : str
        What it is meant to be, for messages: "config".
    most : int, optional
        More bytes than this are refused, unread.

    Raises
    ------
    UsageError
        If it cannot be read or is too long.
    """
    if is_special(path):
        raise UsageError(f"{path}: cannot be read as {what}: not a regular file")
    try:
        with path.open("rb") as file:
            data = file.read() if most is None else file.read(most + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageError(f"{path}: cannot be read as {what}: {reason}") from None
    if most is not None and len(data) > most:
        raise UsageError(f"{path}: more than {most // 1024} KiB is too much for {what}")
    return data


def read_named_text(path: Path, what: str, most: int | None = None) -> str:
    """Return the text of a file in UTF-8, with or without a byte order mark; as `read_named`."""
    return named_text(path, read_named(path, what, most))


def named_text(path: Path, data: bytes) -> str:
    """Return the bytes of a file as text.

    Raises
    ------
    UsageError
        If they are not UTF-8.
    """
    try:
        return data.removeprefix(BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: not UTF-8 text (byte {error.start}): save it as UTF-8") from None
