"""PNG files that can be told to be ours: the pixels, and one text chunk that names the command.

Knows the chunk layout of PNG; knows nothing of pixels.
"""

from __future__ import annotations

import struct
import zlib

_HEADER_END = 33
"""Signature (8 bytes) and IHDR chunk (25 bytes): what comes before is the same in every PNG."""


def _mark(command: str) -> bytes:
    body = b"tEXt" + b"Software\0" + f"punkdetect {command}".encode("ascii")
    return struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))


def mark_png(png: bytes, command: str) -> bytes:
    """Return PNG bytes with a text chunk that names the command that made them.

    Parameters
    ----------
    png : bytes
    command : str
        Such as ``recover``.
    """
    return png[:_HEADER_END] + _mark(command) + png[_HEADER_END:]


def is_marked_png(head: bytes, command: str) -> bool:
    """Tell from the first bytes of a file whether `command` made it."""
    return _mark(command) in head
