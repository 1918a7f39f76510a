"""The nouns that everything else passes around: `Punks`, `TraitColumn`, `Detector`.

Parallel arrays over a whole batch; shapes are checked where a noun is made and nowhere else.
Knows numpy and the vocabulary; knows nothing of files, detectors or outputs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from punkdetect.vocabulary import COLORS, TRAITS

if TYPE_CHECKING:
    from punkdetect.landmarks import Landmarks

SIDE = 24
"""Cells along each side of a portrait."""

NOT_FOUND = -1
"""Value code of "nothing was found"; it is not the same as the value `none`."""

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.intp]
FloatArray = NDArray[np.float64]
ByteArray = NDArray[np.uint8]
Scalar = TypeVar("Scalar", bound=np.generic)


class Source(NamedTuple):
    """Where one portrait came from and how its 24x24 cells were found.

    Parameters
    ----------
    name : str
        What the outputs call it (a path relative to the scanned folder, or a tile's name).
    width, height : int
        Size in pixels of the picture it was read from.
    cell : tuple of float
        Height and width in source pixels of one cell.
    offset : tuple of float
        Row and column in source pixels of the top left corner of cell (0, 0).
    fit : float
        How well the 24x24 hypothesis explains the picture, in [0, 1]; 1 for a 24x24 file.
    forced : bool
        Whether a person said that it is a grid of 24 cells although the search would have refused it.
    notes : tuple of str
        What was done to its pixels when it was read, such as a colour profile that was applied.
    """

    name: str = ""
    width: int = SIDE
    height: int = SIDE
    cell: tuple[float, float] = (1.0, 1.0)
    offset: tuple[float, float] = (0.0, 0.0)
    fit: float = 1.0
    forced: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Punks:
    """A batch of portraits; one picture is a batch of one.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (N, 24, 24, 4)
        Straight (not premultiplied) alpha. Pixels with alpha 0 are stored as (0, 0, 0, 0), so that
        colours nobody can see never decide anything.
    sources : sequence of Source, length N, optional

    Raises
    ------
    ValueError
        If `rgba` is no array or has another shape or dtype, or the lengths differ.
    """

    rgba: ByteArray
    sources: Sequence[Source] = field(default=())

    def __post_init__(self) -> None:
        if not isinstance(self.rgba, np.ndarray):
            raise ValueError(f"expected an array of uint8 (N, 24, 24, 4), got a {type(self.rgba).__name__}")
        if self.rgba.dtype != np.uint8 or self.rgba.ndim != 4 or self.rgba.shape[1:] != (SIDE, SIDE, 4):
            raise ValueError(f"expected uint8 (N, 24, 24, 4), got {self.rgba.dtype} {self.rgba.shape}")
        # the four channels as one number, alpha its highest byte: without alpha, but not 0
        whole = np.ascontiguousarray(self.rgba).view("<u4")
        if (whole - np.uint32(1) < np.uint32((1 << 24) - 1)).any():
            hidden = self.rgba[..., 3:] == 0
            object.__setattr__(self, "rgba", np.where(hidden, np.uint8(0), self.rgba))
        if not self.sources:
            object.__setattr__(self, "sources", (Source(),) * len(self.rgba))
        if len(self.sources) != len(self.rgba):
            raise ValueError(f"{len(self.rgba)} portraits but {len(self.sources)} sources")

    def __len__(self) -> int:
        return len(self.rgba)

    def __getitem__(self, rows: slice) -> Punks:
        return replace(self, rgba=self.rgba[rows], sources=self.sources[rows])

    def take(self, rows: IntArray) -> Punks:
        """Return some of the portraits: `rows` is an ndarray of int, shape (M,)."""
        return Punks(self.rgba[rows], [self.sources[row] for row in rows.tolist()])


@dataclass(frozen=True, eq=False)
class TraitColumn:
    """One trait for a whole batch.

    Parameters
    ----------
    trait : str
        A name of `vocabulary.ALL_TRAITS`, or a plug-in's own.
    codes : ndarray of int, shape (N,)
        Index into `vocabulary`; for a colour trait the colour as 0xRRGGBB. -1: nothing found.
    confidence : ndarray of float64, shape (N,), in [0, 1]
        The chance that the value is right, as far as the detector can tell; 0 where nothing was found.
    evidence : ndarray of bool, shape (N, 24, 24)
        The pixels that decided.
    vocabulary : tuple of str
        Values by code; empty for a colour trait.

    Raises
    ------
    ValueError
        If shapes disagree, a code is outside the vocabulary, or a confidence is not in [0, 1].
    """

    trait: str
    codes: IntArray
    confidence: FloatArray
    evidence: BoolArray
    vocabulary: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        n = len(self.codes)
        if self.codes.shape != (n,) or not np.issubdtype(self.codes.dtype, np.integer):
            raise ValueError(f"{self.trait}: codes must be integers of shape (N,), got {self.codes.shape}")
        if self.confidence.shape != (n,):
            raise ValueError(f"{self.trait}: confidence has shape {self.confidence.shape}, not ({n},)")
        if self.evidence.shape != (n, SIDE, SIDE) or self.evidence.dtype != np.bool_:
            raise ValueError(f"{self.trait}: evidence must be bool ({n}, 24, 24), got {self.evidence.shape}")
        if not bool(((self.confidence >= 0) & (self.confidence <= 1)).all()):  # nan fails this as well
            raise ValueError(f"{self.trait}: a confidence is outside [0, 1]")
        top = len(self.vocabulary) if self.vocabulary else 1 << 24
        if not bool(((self.codes >= NOT_FOUND) & (self.codes < top)).all()):
            raise ValueError(f"{self.trait}: a value code is outside the vocabulary")

    def __len__(self) -> int:
        return len(self.codes)

    def value(self, row: int) -> str | None:
        """Return the value of one portrait as a word or `#rrggbb`; None if nothing was found."""
        code = int(self.codes[row])
        if code == NOT_FOUND:
            return None
        return self.vocabulary[code] if self.vocabulary else f"#{code:06x}"


def make_column(
    trait: str, codes: NDArray[Any], confidence: NDArray[Any], evidence: BoolArray
) -> TraitColumn:
    """Make the column of one of the built-in traits, with its vocabulary and tidy dtypes.

    Parameters
    ----------
    trait : str
        A name of `vocabulary.ALL_TRAITS`.
    codes : ndarray of int, shape (N,)
    confidence : ndarray of float, shape (N,)
        Set to 0 where nothing was found; rounded to four places so that the last bits of a sum never show.
    evidence : ndarray of bool, shape (N, 24, 24)

    Returns
    -------
    TraitColumn
    """
    if trait not in COLORS and trait not in TRAITS:
        raise ValueError(f"unknown trait {trait}")
    codes = codes.astype(np.intp, copy=False)
    found = codes != NOT_FOUND
    rounded = np.where(found, np.round(np.asarray(confidence, np.float64), 4), 0.0)
    if evidence[~found].any():  # seldom: what found nothing has pointed at nothing
        evidence = evidence & found[:, None, None]
    return TraitColumn(trait, codes, rounded, evidence, TRAITS.get(trait, ()))


class Detector(Protocol):
    """Finds one trait in a batch.

    Attributes
    ----------
    name : str
        `<trait>.<method>`, unique: `expression.mouth_curvature`.
    version : int or str
        Changes whenever answers may change; measured figures of another version are stale.
    trait : str
    vocabulary : tuple of str
        Values that codes index; empty for a colour trait.

    Notes
    -----
    A learned detector has `model_digest` and `model_card` too. One that needs more than the package installs
    has a method `why_unusable()`, which returns what is missing and what to do, or an empty text; one that
    needs a face model has `with_face_model(path)`, which returns a copy of it.
    """

    name: str
    version: int | str
    trait: str
    vocabulary: tuple[str, ...]

    def detect(self, punks: Punks, landmarks: Landmarks) -> TraitColumn:
        """Return the trait of every portrait of the batch, in its order."""
        ...
