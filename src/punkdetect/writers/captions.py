"""Captions put where they belong: NAME.txt for NAME.png, never over somebody's words unless told to.

Knows places and texts; knows nothing of how captions are worded.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

from punkdetect.errors import UsageError
from punkdetect.labels import IMAGE_SUFFIXES
from punkdetect.writers.output import Output, check_folder, check_output, make_folder

SUFFIX = ".txt"

WRITTEN, SAME, KEPT = "written", "same", "kept"
"""What became of a caption: it was written, it was there already, or another text is there and was kept."""


def mirrored_places(names: Sequence[str], folder: Path) -> dict[str, Path]:
    """Return where each caption goes in a folder that mirrors the pictures' own.

    Parameters
    ----------
    names : sequence of str
        What outputs call the pictures, with `/`.
    folder : Path

    Raises
    ------
    UsageError
        If two pictures would share a caption.
    """
    places = {}
    for name in names:
        parts = [part for part in PurePosixPath(name).parts if part not in ("/", "..", ".")]
        places[name] = folder.joinpath(*parts[:-1], _caption_name(parts[-1]))
    _check_apart(places)
    return places


def places_beside(pictures: Mapping[str, str]) -> dict[str, Path]:
    """Return where each caption goes beside its picture.

    Parameters
    ----------
    pictures : mapping of str to str
        Path of each picture by the name that outputs call it.

    Raises
    ------
    UsageError
        If two pictures would share a caption.
    """
    places = {name: Path(path).with_name(_caption_name(Path(path).name)) for name, path in pictures.items()}
    _check_apart(places)
    return places


def _caption_name(picture: str) -> str:
    """Return NAME.txt for NAME.png: in a file's name neither `'` nor a backslash means anything."""
    path = PurePosixPath(picture)
    return (path.stem if path.suffix.lower() in IMAGE_SUFFIXES else path.name) + SUFFIX


def _check_apart(places: Mapping[str, Path]) -> None:
    shared, n = max(Counter(places.values()).items(), key=lambda item: item[1], default=(None, 0))
    if n > 1:
        names = [name for name, path in places.items() if path == shared]
        raise UsageError(f"{' and '.join(names[:2])} would share the caption {shared}: rename one of them")


class CaptionWriter:
    """Writes captions one by one, each whole or not at all.

    Parameters
    ----------
    places : mapping of str to Path
        Where the caption of each picture goes.
    inputs : sequence of str
        Pictures: never written over.
    force : bool
        Write over captions that say something else.

    Raises
    ------
    UsageError
        If a place cannot be written to; nothing has been written then.
    """

    def __init__(self, places: Mapping[str, Path], inputs: Sequence[str], *, force: bool) -> None:
        self.places = places
        self.force = force
        pictures = {os.path.realpath(path) for path in inputs}
        for folder in {path.parent for path in places.values()}:
            check_folder(folder)
        for path in places.values():
            if os.path.realpath(path) in pictures:
                raise UsageError(f"{path} is one of the inputs: write somewhere else")
            if path.is_dir():
                raise UsageError(f"{path} is a folder: a caption goes here")

    def write(self, name: str, text: str) -> str:
        """Put a caption in its place and say what became of it."""
        place = self.places[name]
        if os.path.lexists(place):
            if _says(place, text):
                return SAME
            if not self.force:
                return KEPT
        make_folder(place.parent)
        with Output(check_output(place, lambda head: False, force=True), synced=False) as output:
            output.write(text + "\n")
        return WRITTEN


class PrintedCaptions:
    """Prints captions: the picture's name, a tab, the caption."""

    def write(self, name: str, text: str) -> str:
        """Print one caption."""
        from punkdetect.cells import printable_text

        with Output(None) as output:
            output.write(f"{printable_text(name)}\t{text}\n")
        return WRITTEN


def _says(place: Path, text: str) -> bool:
    try:
        return place.is_file() and place.read_bytes() == (text + "\n").encode()
    except OSError:
        return False
