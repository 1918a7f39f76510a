"""Named pictures for the commands that take a few of them.

Knows paths; the pictures are read by the pipeline.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from punkdetect.errors import UsageError

if TYPE_CHECKING:
    from punkdetect.inputs import Item

STDIN = "-"


def check_pictures(images: Sequence[Path]) -> None:
    """Refuse names that cannot be one picture, before anything is done.

    Raises
    ------
    UsageError
        If one is missing, or is a folder, or standard input is named twice.
    """
    for path in images:
        if str(path) == STDIN:
            continue
        if not os.path.lexists(path):
            raise UsageError(f"{path}: no such file")
        if path.is_dir():
            raise UsageError(f"{path} is a folder: name a picture, or use punkdetect scan")
    if sum(str(path) == STDIN for path in images) > 1:
        raise UsageError("standard input (-) can be read only once")


def picture_items(images: Sequence[Path], forced: bool) -> list[Item]:
    """Return named pictures as items, called by file name, or by whole path where two share a name."""
    from punkdetect.inputs import file_item

    count = Counter(path.name for path in images)
    return [
        stdin_item(forced)
        if str(path) == STDIN
        else file_item(path, path.name if count[path.name] == 1 else str(path), forced)
        for path in images
    ]


def stdin_item(forced: bool) -> Item:
    """Return the picture on standard input as an item."""
    from punkdetect.inputs import Item, bytes_pixels

    return Item(STDIN, lambda: bytes_pixels(sys.stdin.buffer.read(), STDIN, forced))
