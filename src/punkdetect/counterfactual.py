"""What a portrait would be without the pixels that decided a trait, and whether the answer then turns.

Evidence is a claim: "these pixels are why". Painting them over with what surrounds them and asking again puts
the claim to the test: if it is true, the answer is another one. Knows the pipeline; knows no output format.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from punkdetect.pipeline import Analyzer, Loaded
from punkdetect.punks import SIDE, BoolArray, ByteArray, Scalar, Source
from punkdetect.reports import Report

ABSENT = "none"
"""The value of a thing that is not there: no pixel shows it, so none can be taken away."""

INK = 90
"""Sum of the channels up to which a pixel is black like outlines and frames."""

_STEPS = ((-1, 0, 2), (1, 0, 2), (0, -1, 2), (0, 1, 2), (-1, -1, 1), (-1, 1, 1), (1, -1, 1), (1, 1, 1))
"""Where a pixel's neighbours are, and how much each counts: a shared edge binds more than a shared corner."""


class Turn(NamedTuple):
    """What became of one answer when its evidence was painted over.

    Parameters
    ----------
    trait : str
    value : str
        The answer with the evidence.
    without : str or None
        The answer without it; None: nothing is found any more.
    """

    trait: str
    value: str
    without: str | None

    @property
    def turned(self) -> bool:
        """Whether the answer depends on its evidence."""
        return self.value != self.without


def repaint(rgba: ByteArray, masks: BoolArray) -> ByteArray:
    """Paint pixels over with what surrounds them, from the rim of the hole inwards.

    Each pixel takes the commonest colour among its neighbours that are not to be painted, or already were;
    no new colour comes in, so that the portrait remains one that an artist could have drawn. Ink comes in
    only where nothing else is beside the hole: an outline or a frame is a line, and lines do not spread.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (M, 24, 24, 4)
    masks : ndarray of bool, shape (M, 24, 24)
        What to paint over.

    Returns
    -------
    ndarray of uint8, shape (M, 24, 24, 4)
        A portrait that is masked everywhere stays as it is.
    """
    packed = np.ascontiguousarray(rgba).view(np.uint32)[..., 0].copy()
    ink = (rgba[..., :3].sum(axis=-1, dtype=np.intp) <= INK) & (rgba[..., 3] > 0)
    hole = masks.copy()
    for source in (~masks & ~ink, ~masks):
        while True:
            known = _neighbours(source | (masks & ~hole))
            rim = hole & known.any(axis=0)
            if not rim.any():
                break
            packed[rim] = _commonest(_neighbours(packed)[:, rim], known[:, rim])
            hole &= ~rim
    return packed[..., None].view(np.uint8)


def _neighbours(grid: NDArray[Scalar]) -> NDArray[Scalar]:
    """Return the eight neighbours of every pixel, 0 outside of the picture: shape (8, M, 24, 24)."""
    padded = np.pad(grid, ((0, 0), (1, 1), (1, 1)))
    return np.stack([padded[:, 1 + r : 1 + r + SIDE, 1 + c : 1 + c + SIDE] for r, c, _ in _STEPS])


def _commonest(colors: NDArray[np.uint32], known: BoolArray) -> NDArray[np.uint32]:
    """Return for each column of (8, P) the known colour with the most weight, the first of equals: (P,)."""
    weights = known * np.array([weight for *_, weight in _STEPS])[:, None]
    votes = ((colors[:, None] == colors[None]) * weights[None]).sum(axis=1) * known
    return np.asarray(colors[votes.argmax(axis=0), np.arange(colors.shape[1])])


def take_evidence_away(report: Report, analyzer: Analyzer) -> list[Turn]:
    """Paint over the evidence of each answer in turn, and ask the same detectors again.

    Parameters
    ----------
    report : Report
        Of a picture that was not refused.
    analyzer : Analyzer
        What made the report.

    Returns
    -------
    list of Turn
        For every trait that something was found for; colours are left out, for each is its own evidence, and
        so are absences, which no pixel shows.

    Raises
    ------
    ValueError
        If the picture was refused.
    """
    if report.rgba is None:
        raise ValueError(f"{report.image} was refused: there is nothing to take away")
    colors = {heading.trait for heading in report.headings if heading.is_color}
    found = [
        (trait, answer.value, answer.evidence)
        for trait, answer in report.answers.items()
        if answer.value not in (None, ABSENT) and answer.evidence.any() and trait not in colors
    ]
    if not found:
        return []
    masks = np.stack([evidence for *_, evidence in found])
    painted = repaint(np.repeat(report.rgba[None], len(found), axis=0), masks)
    again = analyzer.examine([Loaded(report.image, portrait, Source(report.image)) for portrait in painted])
    return [
        Turn(trait, str(value), again.report(i).answers[trait].value)
        for i, (trait, value, _) in enumerate(found)
    ]
