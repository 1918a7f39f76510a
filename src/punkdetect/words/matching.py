"""Finds the picture that words speak of: by its path, its name, or the number at the end of its name.

Knows names; knows nothing of files and pixels, nor of what words mean.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from punkdetect.labels import image_stem, last_number
from punkdetect.words.claims import Claim

_HEX_ID = re.compile(r"[0-9a-f]{64}\Z")


class Wording(NamedTuple):
    """What words say of one picture.

    Parameters
    ----------
    keys : tuple of str
        Names the picture may have, the likeliest first; without suffix.
    claims : tuple of Claim
    speaks : bool
        Whether these words describe the whole portrait, so that what they do not mention means something; a
        blank cell of a label table means nothing.
    where : str
        Where they stand, for messages.
    error : str
        Why they could not be read; empty if they were.
    unread : tuple of (str, str)
        Named values of which nothing was understood.
    blank : bool
        Whether there are no words in the place that was made for them: an empty caption.
    """

    keys: tuple[str, ...]
    claims: tuple[Claim, ...]
    speaks: bool
    where: str
    error: str = ""
    unread: tuple[tuple[str, str], ...] = ()
    blank: bool = False


class Given(NamedTuple):
    """Words and their pictures.

    Parameters
    ----------
    by_image : dict of str to Wording
        By the name of the picture.
    homeless : tuple of Wording
        Words that belong to no picture.
    files : tuple of Path
        Every file of words that was read.
    numbered : int
        How many found their picture by nothing but the number in its name.
    doubled : tuple of (Wording, Wording)
        Words for a picture that has some already, and those that it has.
    misnumbered : tuple of str
        The number of some words that has no picture, and the name of a picture whose number has no words:
        they are numbered differently, so none was matched by number. Empty if nothing speaks against it.
    """

    by_image: dict[str, Wording]
    homeless: tuple[Wording, ...]
    files: tuple[Path, ...]
    numbered: int = 0
    doubled: tuple[tuple[Wording, Wording], ...] = ()
    misnumbered: tuple[str, ...] = ()


def match_words(wordings: Iterable[Wording], names: Sequence[str], files: tuple[Path, ...]) -> Given:
    """Give each wording to the picture it names.

    By path or name first; then by the number at the end of the name, which takes no picture from words that
    have its name. Numbers are believed only if they leave nobody out: where both some words and some pictures
    have a number that the other side lacks, tokens and pictures are counted differently, and a match by
    number would give each portrait the words of another.

    Parameters
    ----------
    wordings : iterable of Wording
    names : sequence of str
        What outputs call the pictures.
    files : tuple of Path
        Where the words were read from.
    """
    index = _Index(names)
    by_name, left, doubled = _house(wordings, index.by_name, {})
    by_number, homeless, twice = _house(left, index.by_number, by_name)
    both = {**by_name, **by_number}
    wordless = [name for name in index.numbers.values() if name and name not in both]
    unpictured = [n for w in homeless if not w.error and (n := index.number(w.keys)) is not None]
    if by_number and wordless and unpictured:
        differ = (str(unpictured[0]), wordless[0])
        return Given(by_name, tuple(left), files, doubled=tuple(doubled), misnumbered=differ)
    return Given(both, tuple(homeless), files, len(by_number), (*doubled, *twice))


def _house(
    wordings: Iterable[Wording], find: Callable[[Iterable[str]], str | None], taken: dict[str, Wording]
) -> tuple[dict[str, Wording], list[Wording], list[tuple[Wording, Wording]]]:
    """Return words by the picture they find, those that find none, and those that find theirs spoken of."""
    found: dict[str, Wording] = {}
    left, doubled = [], []
    for wording in wordings:
        name = find(wording.keys)
        if name is None or name in taken:
            left.append(wording)
        elif name in found:
            doubled.append((wording, found[name]))
        else:
            found[name] = wording
    return found, left, doubled


class _Index:
    """Finds pictures by the names that words give them."""

    def __init__(self, names: Iterable[str]) -> None:
        self.exact: dict[str, str] = {}
        self.stems: dict[str, str | None] = {}
        self.numbers: dict[int, str | None] = {}
        for name in names:
            self.exact[without_suffix(name)] = name
            stem = image_stem(name)
            self.stems[stem] = None if stem in self.stems else name  # two of a name: nobody can say which
            number = _number(stem)
            if number is not None:
                self.numbers[number] = None if number in self.numbers else name

    def by_name(self, keys: Iterable[str]) -> str | None:
        for key in keys:
            found = self.exact.get(key) or self.stems.get(PurePosixPath(key).name)
            if found:
                return found
        return None

    def by_number(self, keys: Iterable[str]) -> str | None:
        for key in keys:
            number = _number(key)
            if number is not None and (found := self.numbers.get(number)):
                return found
        return None

    def number(self, keys: Iterable[str]) -> int | None:
        """Return the number of words, unless it is one that two pictures share."""
        number = next((n for key in keys if (n := _number(key)) is not None), None)
        return None if number in self.numbers else number


def _number(text: str) -> int | None:
    return int(text, 16) if _HEX_ID.match(text) else last_number(text)


def without_suffix(name: str) -> str:
    """Return a picture's name or path without the suffix of a picture."""
    path = PurePosixPath(name.replace("\\", "/"))
    return str(path.with_name(image_stem(path.name))) if path.name else name
