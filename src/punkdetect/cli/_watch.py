"""`punkdetect scan --watch`: scans again whenever something in the folders is new, changed or gone.

Knows paths and time; what a scan does with what it finds is the caller's.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

LOOK = 1.0
"""Seconds between two looks at the folders."""


def look(paths: Sequence[Path]) -> bytes:
    """Return a digest of which pictures there are, how long they are and when they were last written."""
    from hashlib import blake2b

    from punkdetect.sources import SourceFile, find_sources

    found = blake2b(digest_size=16)
    for source in find_sources(paths):
        found.update(os.fsencode(source.name) + b"\0")
        if isinstance(source, SourceFile):
            try:
                status = Path(source.path).stat()
            except OSError:
                continue
            found.update(f"{status.st_size} {status.st_mtime_ns}\0".encode())
    return found.digest()


def watch(
    paths: Sequence[Path],
    scan: Callable[[], None],
    wait: Callable[[float], None] = time.sleep,
    note: Callable[[str], None] = lambda sentence: None,
) -> None:
    """Scan now, and again after every change, until somebody interrupts.

    A change counts when two looks in a row see the same: a picture that is still being copied waits. Nor does
    anything happen while one of the paths is gone, as a disk is that somebody unplugged: no row is lost.

    Parameters
    ----------
    paths : sequence of Path
    scan : callable
        Brings the output up to date.
    wait : callable
        Called with the seconds until the next look.
    note : callable
        Called with a sentence when a path is gone.
    """
    from punkdetect.errors import UsageError

    done = last = look(paths)
    scan()
    is_gone = False
    while True:
        wait(LOOK)
        try:
            now = look(paths)
            if now == last != done:
                scan()
                done = now
            last, is_gone = now, False
        except UsageError as error:
            if not is_gone:
                note(f"{error.message}: waiting for it")
            is_gone = True
