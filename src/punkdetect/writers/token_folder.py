"""A folder of metadata: a JSON file a token, and its picture beside it if one is wanted.

Refuses before anything is written what is not an earlier output of its own. Knows nothing of traits.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from punkdetect.errors import UsageError
from punkdetect.writers.metadata_format import is_metadata, metadata_text
from punkdetect.writers.output import HEAD_BYTES, Output, check_folder, check_output, make_folder
from punkdetect.writers.png_format import is_marked_png


def write_tokens(
    folder: Path,
    stems: Sequence[str],
    objects: Sequence[Mapping[str, Any]],
    pictures: Iterable[bytes] | None,
    *,
    inputs: Iterable[str],
    force: bool,
) -> list[str]:
    """Write `stem.json`, and `stem.png`, for each token.

    Parameters
    ----------
    folder : Path
        Made if it is not there.
    stems : sequence of str
    objects : sequence of mapping
        Metadata in the order of `stems`.
    pictures : iterable of bytes, optional
        PNGs in the order of `stems`, made one at a time.
    inputs : iterable of str
        Files that are read and never written.
    force : bool
        Write over files that `export` did not make.

    Returns
    -------
    list of str
        Names of tokens of an earlier export that are still there and not among these.

    Raises
    ------
    UsageError
        If a file is there that may not be written over; nothing has been written then.
    """
    check_folder(folder)
    read = {os.path.realpath(path) for path in inputs}
    suffixes = (".json",) if pictures is None else (".json", ".png")
    for path in (folder / f"{stem}{suffix}" for stem in stems for suffix in suffixes):
        if os.path.realpath(path) in read:
            raise UsageError(f"{path} is one of the inputs: write somewhere else")
        if os.path.lexists(path):
            check_output(path, _is_ours, force=force)
    make_folder(folder)
    drawn = None if pictures is None else iter(pictures)
    for stem, value in zip(stems, objects, strict=True):
        if drawn is not None:
            _put(folder / f"{stem}.png", next(drawn))
        _put(folder / f"{stem}.json", metadata_text(value))
    written = set(stems)
    return sorted(path.name for path in folder.glob("*.json") if path.stem not in written and _is_token(path))


def _is_token(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return is_metadata(file.read(HEAD_BYTES))
    except OSError:
        return False


def _is_ours(head: bytes) -> bool:
    return is_metadata(head) or is_marked_png(head, "export")


def _put(path: Path, content: str | bytes) -> None:
    with Output(path.resolve(), synced=False) as output:
        output.write(content)
