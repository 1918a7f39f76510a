"""The nouns `Report` and `Reports`: what is said of one picture, and of a block of them in input order.

The only thing that writers see. `Reports` is parallel arrays, so that a table of thousands costs no
object a cell; a `Report` is a view of one of its rows. Knows no output format and no detector.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from punkdetect.punks import BoolArray, ByteArray, IntArray, Source, TraitColumn

SCHEMA = "punkdetect/1"
"""Name of the contract that reports are written by; it changes when a reader of the old one would stumble."""

OK = "ok"
"""Status of a picture that was answered without an error; any other status is an error's code."""


class TraitHeading(NamedTuple):
    """What a run says of one trait, the same for all its pictures.

    Parameters
    ----------
    trait : str
    detector : str
        `name@version`; empty if none is installed.
    is_color : bool
    answered : bool
        Whether answers stand in the output; otherwise the trait is only named as withheld.
    shown : bool
        Whether it is shown; answers of a withheld trait stand in the output when somebody asked for all.
    reason : str
        Why the gate withholds it, or would if nobody forced it on; empty if it passes.
    forced : bool
        Whether a person forced it on or off.
    """

    trait: str
    detector: str
    is_color: bool
    answered: bool
    shown: bool
    reason: str = ""
    forced: bool = False


class Answer(NamedTuple):
    """One trait of one picture.

    Parameters
    ----------
    value : str or None
        None: nothing was found, or less surely than asked for.
    confidence : float
        In [0, 1]; of the answer that was held back, where one was.
    evidence : bool array, shape (24, 24)
        The pixels that decided.
    """

    value: str | None
    confidence: float
    evidence: BoolArray


class Report(NamedTuple):
    """What is said of one picture.

    Parameters
    ----------
    image : str
    status : str
        `ok`, or the code of an error.
    message : str
        Empty when all is well.
    source : Source or None
        None for a refused picture whose size never became known.
    answers : mapping of str to Answer
        By trait, those that are answered.
    headings : sequence of TraitHeading
        Of every trait of the run.
    errors : mapping of str to str
        Traits that were dropped because their detector failed on this picture, and how.
    rgba : uint8 array, shape (24, 24, 4), or None
        The true pixels; None for a refused picture.
    """

    image: str
    status: str
    message: str
    source: Source | None
    answers: Mapping[str, Answer]
    headings: Sequence[TraitHeading]
    errors: Mapping[str, str]
    rgba: ByteArray | None

    @property
    def palette(self) -> list[tuple[str, int]]:
        """Every visible colour with its number of pixels, the commonest first.

        `#rrggbb`; a partly transparent colour is `#rrggbbaa`; wholly transparent pixels are left out.
        """
        return [] if self.rgba is None else palette_of(self.rgba)


@dataclass(frozen=True, eq=False)
class Reports:
    """What is said of a block of M pictures, in the order they came in.

    Parameters
    ----------
    headings : sequence of TraitHeading
    images, statuses, messages : sequences of str, length M
    sources : sequence of Source or None, length M
    rows : ndarray of int, shape (M,)
        Row of each picture in `rgba` and the columns; -1 for a refused one.
    rgba : ndarray of uint8, shape (K, 24, 24, 4)
    columns : mapping of str to TraitColumn of length K
        The answered traits.
    held_back : mapping of str to bool array, shape (K,)
        By trait, where the answer is less sure than asked for.
    errors : mapping of int to mapping of str to str
        By position in the block, traits whose detector failed, and how.
    """

    headings: Sequence[TraitHeading]
    images: Sequence[str]
    statuses: Sequence[str]
    messages: Sequence[str]
    sources: Sequence[Source | None]
    rows: IntArray
    rgba: ByteArray
    columns: Mapping[str, TraitColumn]
    held_back: Mapping[str, BoolArray]
    errors: Mapping[int, Mapping[str, str]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.images)

    def __iter__(self) -> Iterator[Report]:
        return (self.report(i) for i in range(len(self)))

    def report(self, i: int) -> Report:
        """Return what is said of the picture at position `i` of the block."""
        row = int(self.rows[i])
        errors = self.errors.get(i, {})
        answers = {} if row < 0 else {t: self._answer(t, row) for t in self.columns if t not in errors}
        return Report(
            image=self.images[i],
            status=self.statuses[i],
            message=self.messages[i],
            source=self.sources[i],
            answers=answers,
            headings=self.headings,
            errors=errors,
            rgba=None if row < 0 else self.rgba[row],
        )

    def _answer(self, trait: str, row: int) -> Answer:
        column = self.columns[trait]
        held_back = bool(self.held_back[trait][row])
        return Answer(
            value=None if held_back else column.value(row),
            confidence=float(column.confidence[row]),
            evidence=column.evidence[row],
        )


def palette_of(rgba: ByteArray) -> list[tuple[str, int]]:
    """Count the visible colours of one portrait.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (24, 24, 4)

    Returns
    -------
    list of (str, int)
        Colour and number of pixels, the commonest first, equal counts by colour.
    """
    words = np.ascontiguousarray(rgba).view(">u4").ravel()  # 0xRRGGBBAA
    colors, counts = np.unique(words[(words & 0xFF) != 0], return_counts=True)
    order = np.lexsort((colors, -counts))
    return [
        (f"#{c >> 8:06x}" if c & 0xFF == 0xFF else f"#{c:08x}", n)
        for c, n in zip(colors[order].tolist(), counts[order].tolist(), strict=True)
    ]
