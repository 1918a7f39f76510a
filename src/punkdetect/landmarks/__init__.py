"""Where things are in every portrait of a batch: face, background, skin, hair, clothing.

Each landmark is found on first use, once for the batch, so that asking for one trait costs only what that
trait needs. Knows nothing of traits.
"""

from __future__ import annotations

import numpy as np

from punkdetect.landmarks._parts import landmark
from punkdetect.landmarks.background import Background, find_background
from punkdetect.landmarks.eye_band import EyeBand, cut_eye_band
from punkdetect.landmarks.eyes import Irises, find_irises
from punkdetect.landmarks.face import FaceFrame, find_face
from punkdetect.landmarks.ink import Inked, blacken, find_ink
from punkdetect.landmarks.jaw import Jaw, find_jaw
from punkdetect.landmarks.mouth import MouthBar, find_mouth
from punkdetect.landmarks.regions import Regions, find_regions
from punkdetect.landmarks.scalp import Scalp, find_scalp
from punkdetect.landmarks.skin import Skin, find_skin
from punkdetect.pixels import TRANSPARENT, Palette, find_palette, lab_of
from punkdetect.punks import BoolArray, IntArray, Punks
from punkdetect.records import Record

__all__ = [
    "Background", "EyeBand", "FaceFrame", "Irises", "Jaw", "Landmarks", "MouthBar", "Regions", "Scalp",
    "Skin",
]  # fmt: skip


class Part(Record):
    """Which portraits of a batch others are."""

    whole: Landmarks
    rows: IntArray


class Landmarks:
    """The landmarks of one batch.

    Parameters
    ----------
    punks : Punks
        N portraits; every landmark has N rows in the same order.
    drawn : ndarray of bool, shape (N,), optional
        Pictures that may hold a face at all; photos do not, whatever their pixels look like.
    palette : Palette, optional
        Of the portraits, where it was found before.
    """

    def __init__(self, punks: Punks, drawn: BoolArray | None = None, palette: Palette | None = None) -> None:
        self.punks = punks
        self.part_of: Part | None = None
        self._drawn = drawn
        self._palette = palette

    def take(self, rows: IntArray) -> Landmarks:
        """Return the landmarks of some portraits; what is there of the whole batch is not found once more.

        Parameters
        ----------
        rows : ndarray of int, shape (M,)
            Ascending.
        """
        drawn = None if self._drawn is None else self._drawn[rows]
        part = Landmarks(self.punks.take(rows), drawn, self.palette.take(rows))
        part.part_of = Part(self, rows)
        return part

    @landmark
    def face(self) -> FaceFrame:
        """Eyes, nose and mouth."""
        face = find_face(self.punks.rgba, self.palette)
        return face if self._drawn is None else face.only(self._drawn)

    def faceless(self) -> BoolArray | None:
        """Return where no face was found, shape (N,); None if nothing has asked for the face."""
        return ~self.face.found if "face" in vars(self) else None

    @landmark
    def mouth(self) -> MouthBar:
        """The bar of the mouth, its ends and the colour of the lips."""
        return find_mouth(self.inked.rgba, self.face)

    @landmark
    def palette(self) -> Palette:
        """The different colours of every portrait."""
        return find_palette(self.punks.rgba) if self._palette is None else self._palette

    @landmark
    def background(self) -> Background:
        """What is behind the figure."""
        return find_background(self.punks.rgba, self.palette)

    @landmark
    def background_counts(self) -> IntArray:
        """Pixels of each colour in the background, none of them see-through; shape (N, K)."""
        counts = self.palette.count_in(self.background.mask)
        return np.where(self.palette.colors == TRANSPARENT, 0, counts)

    @landmark
    def hair_counts(self) -> IntArray:
        """Pixels of each colour in the hair; shape (N, K)."""
        return self.palette.count_in(self.regions.hair)

    @landmark
    def skin(self) -> Skin:
        """The skin's colour and pixels."""
        return find_skin(self.palette, self.face, self.background)

    @landmark
    def inked(self) -> Inked:
        """The portraits with black outlines: what lines mean is told from these, colours never."""
        ink = find_ink(self.palette, self.skin, self.background)
        return blacken(self.punks.rgba, self.palette, ink)

    @landmark
    def eye_band(self) -> EyeBand:
        """The pixels across the eyes, and what spans the nose there."""
        return cut_eye_band(self.inked.rgba, self.face, self.skin)

    @landmark
    def irises(self) -> Irises:
        """What can be seen of the eyes' colour."""
        return find_irises(self.palette, self.face, lab_of(self.skin.rgb))

    @landmark
    def jaw(self) -> Jaw:
        """What lies over the lower face."""
        return find_jaw(self.inked.palette, self.face, self.mouth, self.skin, self.background)

    @landmark
    def regions(self) -> Regions:
        """Hair, headwear, clothing and neck."""
        return find_regions(self.inked.rgba, self.inked.palette, self.face, self.background, self.skin)

    @landmark
    def scalp(self) -> Scalp:
        """Strands or a shaved shade on heads without a body of hair."""
        return find_scalp(self.inked.palette, self.face, self.background, self.skin, self.regions)
