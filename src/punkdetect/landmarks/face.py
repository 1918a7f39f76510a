"""Where the face is: eyes, nose and mouth bar of every portrait of a batch.

Owns the geometry of the face and a first guess of its colour. Must not know what any trait is called.

A punk's face is drawn on a fixed grid: two eyes of about 2x2 px with three columns between them, a nose of
one or two dark pixels under their middle, and a mouth bar under the nose. Collections shift it by a pixel
or two and stretch it by a row, so it is searched for: every placement is scored by what it explains
(dark eyes, nose and mouth on plain skin), and the best one is taken.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from punkdetect.landmarks._mouth_row import find_bar
from punkdetect.landmarks._placement import (
    EYE_SPACING,
    USUAL_PLACE,
    count_features,
    settle_eyes,
    settle_nose,
)
from punkdetect.landmarks._small_heads import Eyes, Mouths, settle_small_heads
from punkdetect.landmarks._templates import (
    OTHER_TEMPLATES,
    Grounds,
    Placed,
    find_grounds,
    join_places,
    place_template,
    place_templates,
    shows_eyes,
)
from punkdetect.landmarks._twin_lenses import has_low_bridge, settle_lenses
from punkdetect.landmarks.flat_colors import (
    DISTINCT,
    SAME_COLOR,
    Window,
    color_difference,
    cut_boxes,
    put_boxes,
)
from punkdetect.pixels import Palette, find_palette
from punkdetect.punks import NOT_FOUND, BoolArray, ByteArray, FloatArray, IntArray, Scalar
from punkdetect.records import Record

__all__ = ["EYE_SPACING", "FaceFrame", "color_difference", "find_face"]

SKIN_WINDOW: Window = (12, 18, 9, 16)
"""Rows and columns (half open) from under the eyes to the mouth: skin in every head that a 24x24 portrait
can hold, and seldom covered. Larger windows take in beards and neck shadows and were right less often."""

NECK_WINDOW: Window = (17, 24, 7, 12)
"""The neck and the side of the jaw: skin when a mask, a VR set or a beard covers the middle of the face."""

OTHER_WINDOWS: tuple[Window, ...] = ((9, 15, 9, 16), (15, 21, 9, 16), (12, 18, 6, 13), (12, 18, 12, 19))
"""Where the skin is looked for when a face explains little: heads that lie three cells higher, lower, or to
one side."""

CLEARLY_BETTER = 0.05
"""Score that the face of another window must have more: two points of 45 may be chance."""

DOUBTFUL = 0.8
"""Score under which the face is searched again with the skin of the other windows; what explains more wins.
Of the labelled portraits 4 % are below it, most of them behind VR sets, goggles and masks."""

ODD_HEAD, ODD_COST = 0.88, 0.02
"""Score under which heads with their eyes nearer or further apart are tried, and what they must have more.
Where two columns are taken out or repeated between the eyes of portraits, two of three are found to the
pixel, one of eight without this; no hand-made head moves, and none of 1,000 of the large collection."""

NEARLY_ALL = 0.9
"""Score from which the face is where the template has it; of 309 small heads whose mouths seemed noses four
have more."""

LEAST_SCORE = 0.5
"""Share of the points under which no face is reported; labelled portraits reach 0.54 (VR set and pipe)."""

LEAST_FEATURES = 5
"""Points that eyes, nose and bar must bring of 19: a masked face has its eyes (8), one behind glasses and a
beard its nose and little else (7), a flat picture nothing."""

LEAST_EDGES = 4
"""Steps between what stands out and what does not, across and down, in the face: a gradient has none in one
direction, labelled portraits 6 or more."""

WIDEST_EYE = 2
"""Columns of an eye, of four; lenses have three and more."""

LEAST_PLAIN = 0.2
"""Share of the face between eyes and mouth that must be flat: labelled portraits have more, noise less."""


class FaceFrame(Record):
    """Rows and columns of the face, for the whole batch; -1 where no face was found.

    Parameters
    ----------
    found : ndarray of bool, shape (N,)
    eye_row : ndarray of int, shape (N,)
        Upper of the two rows of the eyes (usually the lid; the iris is in this row or the next).
    left_eye_col, right_eye_col : ndarray of int, shape (N,)
        Left column of each 2x2 eye; left and right as seen in the picture.
    nose_row, nose_col : ndarray of int, shape (N,)
        The dark pixel of the nose (the left one of two, the skin between two nostrils).
    mouth_row : ndarray of int, shape (N,)
        Row of the mouth bar.
    mouth_col : ndarray of int, shape (N,)
        Left column of the three columns that every mouth bar covers.
    skin_rgb : ndarray of uint8, shape (N, 3)
        The flat colour that most of the face and neck has: a first guess of the skin.
    second_rgb : ndarray of uint8, shape (N, 3)
        The other flat colour of the face, if there is one: a beard, the shade of stubble, a mask, the front
        of a VR set. Equal to `skin_rgb` where the face has one colour.
    score : ndarray of float64, shape (N,), in [0, 1]
        Share of the expected face that the pixels show.
    """

    found: BoolArray
    eye_row: IntArray
    left_eye_col: IntArray
    right_eye_col: IntArray
    nose_row: IntArray
    nose_col: IntArray
    mouth_row: IntArray
    mouth_col: IntArray
    skin_rgb: ByteArray
    second_rgb: ByteArray
    score: FloatArray

    def crop(self, pixels: NDArray[Scalar], rows: range, cols: range, anchor: str = "eye") -> NDArray[Scalar]:
        """Cut the same part of every face out of a batch, wherever each face is.

        Parameters
        ----------
        pixels : ndarray of shape (N, 24, 24, ...)
        rows, cols : range
            Rows and columns relative to the anchor. Outside of the picture the edge pixel is repeated.
        anchor : {"eye", "nose", "mouth"}
            `eye` is the upper left pixel of the left eye, `mouth` the left one of the bar's three columns.

        Returns
        -------
        ndarray of shape (N, len(rows), len(cols), ...)
            Faces that were not found are cut at the usual place.
        """
        row, col = self._anchor(anchor)
        each = np.arange(len(pixels))
        return cut_boxes(pixels, each, row + rows.start, col + cols.start, len(rows), len(cols))

    def place_back(self, mask: BoolArray, rows: range, cols: range, anchor: str = "eye") -> BoolArray:
        """Put what was found in a crop back where it lies in the whole picture: the inverse of `crop`.

        Parameters
        ----------
        mask : ndarray of bool, shape (N, len(rows), len(cols))
        rows, cols, anchor
            As they were given to `crop`.

        Returns
        -------
        ndarray of bool, shape (N, 24, 24)
            What fell outside of the picture is dropped.
        """
        row, col = self._anchor(anchor)
        return put_boxes(mask, row + rows.start, col + cols.start)

    def take(self, which: IntArray) -> FaceFrame:
        """Return the frames of some portraits."""
        return FaceFrame(*(part[which] for part in self))

    def only(self, rows: BoolArray) -> FaceFrame:
        """Return the same frames, with no face found in all other rows of the batch.

        Parameters
        ----------
        rows : ndarray of bool, shape (N,)
        """
        places = (
            "eye_row",
            "left_eye_col",
            "right_eye_col",
            "nose_row",
            "nose_col",
            "mouth_row",
            "mouth_col",
        )
        kept = {name: np.where(rows, getattr(self, name), NOT_FOUND) for name in places}
        return self.replace(found=self.found & rows, **kept)

    def _anchor(self, anchor: str) -> tuple[IntArray, IntArray]:
        """Row and column of an anchor, shape (N,) each; the usual place where no face was found."""
        row, col = {
            "eye": (self.eye_row, self.left_eye_col),
            "nose": (self.nose_row, self.nose_col),
            "mouth": (self.mouth_row, self.mouth_col),
        }[anchor]
        usual = {"eye": USUAL_PLACE, "nose": (15, 12), "mouth": (17, 11)}[anchor]
        return np.where(self.found, row, usual[0]), np.where(self.found, col, usual[1])


def find_face(rgba: ByteArray, palette: Palette | None = None) -> FaceFrame:
    """Find eyes, nose and mouth of every portrait.

    Every placement of the template is scored at once; where two explain the pixels equally well, the usual
    place wins. A picture of something else that happens to have dark spots in the right places on a flat
    ground is taken for a face; a flat picture, a gradient or noise is not.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (N, 24, 24, 4)
    palette : Palette, optional
        Of the same portraits, where it was found before.

    Returns
    -------
    FaceFrame
    """
    palette = find_palette(rgba) if palette is None else palette
    usual = find_grounds(rgba, SKIN_WINDOW)
    face = _find_face_on(rgba, usual, place_template(rgba, palette, usual))
    _try_other_windows(face, rgba, palette, usual)
    _try_other_templates(face, rgba, palette, usual)
    return face


def _try_other_windows(face: FaceFrame, rgba: ByteArray, palette: Palette, usual: Grounds) -> None:
    """Search doubtful faces again on the colours of other windows; what explains more takes their place."""
    doubtful = np.flatnonzero(face.score < DOUBTFUL)
    if not len(doubtful):
        return
    # all windows at once, one after the other; only other colours can tell another face
    grounds = find_grounds(rgba[doubtful], *OTHER_WINDOWS)
    item, window = (
        np.tile(doubtful, len(OTHER_WINDOWS)),
        np.repeat(np.arange(len(OTHER_WINDOWS)), len(doubtful)),
    )
    some = np.flatnonzero(~grounds.has_colors_of(usual.take(item)))
    placed = place_template(rgba[item[some]], palette.take(item[some]), grounds.take(some))
    better = np.flatnonzero(placed.score > face.score[item[some]] + CLEARLY_BETTER)
    some, placed = some[better], placed.take(better)
    again = _find_face_on(rgba[item[some]], grounds.take(some), placed)
    for which in range(len(OTHER_WINDOWS)):
        here = np.flatnonzero((window[some] == which) & again.found)
        here = here[again.score[here] > face.score[item[some[here]]] + CLEARLY_BETTER]
        _overwrite(face, item[some[here]], again, here)


def _try_other_templates(face: FaceFrame, rgba: ByteArray, palette: Palette, usual: Grounds) -> None:
    """Search faces that the usual template does not explain with the others, in place."""
    some = np.flatnonzero(face.score < ODD_HEAD)
    if not len(some):
        return
    rgba, palette, ground, least = rgba[some], palette.take(some), usual.take(some), face.score[some]
    best, parts = np.zeros(len(some)), []
    for placed in place_templates(rgba, palette, ground, OTHER_TEMPLATES):
        better = np.flatnonzero(placed.score > np.maximum(least + ODD_COST, best))
        placed = placed.take(better)
        eyes = np.flatnonzero(shows_eyes(rgba[better], placed))
        best[better[eyes]] = placed.score[eyes]
        parts.append((better[eyes], placed.take(eyes)))
    # the last template that explains more has the last word
    which = np.concatenate([item for item, _ in parts])
    again = _find_face_on(rgba[which], ground.take(which), join_places([placed for _, placed in parts]))
    here = np.flatnonzero(again.found & (again.score >= best[which]))
    _overwrite(face, some[which[here]], again, here)


def _overwrite(face: FaceFrame, which: IntArray, other: FaceFrame, of: IntArray) -> None:
    """Put some of other frames in the place of some, in place."""
    for part, others in zip(face, other, strict=True):
        part[which] = others[of]


def _find_face_on(rgba: ByteArray, ground: Grounds, placed: Placed) -> FaceFrame:
    """Find the face that stands out of some flat colours."""
    first, second, large = ground
    stands_out, eye_row, eye_col, nose_row, spacing, middle, score, _, looking = placed
    grounds = (first, np.where(large[:, None], second, first))
    mouth_row, mouth_col = find_bar(rgba, grounds, nose_row, eye_col + middle - 1, spacing - EYE_SPACING)
    each = np.arange(len(rgba))
    part = cut_boxes(stands_out, each, eye_row, eye_col - 2, 8, 11)
    plain = 1.0 - part[:, 1:7, 2:9].mean(axis=(1, 2))
    down, across = part[:, 1:] ^ part[:, :-1], part[..., 1:] ^ part[..., :-1]
    edges = np.minimum(down.sum(axis=(1, 2)), across.sum(axis=(1, 2)))
    features = count_features(stands_out, (eye_row, eye_col, spacing, middle), nose_row, mouth_row)
    found = (score >= LEAST_SCORE) & (plain >= LEAST_PLAIN) & ((features >= LEAST_FEATURES) | looking.seen)
    found &= edges >= LEAST_EDGES
    skin, other = _order_by_skin(rgba, first, second, eye_row, eye_col)
    between = cut_boxes(rgba, each, eye_row - 2, eye_col + middle, 5, 1)[:, :, 0]
    covered = color_difference(between, skin[:, None]) >= DISTINCT
    # a fringe comes down to the brows as well, but under it are eyes and no lenses
    rows = [
        cut_boxes(stands_out, each, eye_row + 1, col - 1, 1, 4)[:, 0] for col in (eye_col, eye_col + spacing)
    ]
    lenses = np.any([row.sum(axis=1) > WIDEST_EYE for row in rows], axis=0)
    bridge = covered[:, 2:].any(axis=1) | (covered[:, 1] & (~covered[:, 0] | lenses))
    nose_row, nose_col = settle_nose(stands_out, nose_row, eye_col + middle, mouth_row)
    settled_row, left_eye, right_eye = settle_eyes(stands_out, bridge, eye_row, eye_col, spacing)
    worn = np.flatnonzero(bridge & (spacing == EYE_SPACING))
    left_eye[worn], right_eye[worn] = settle_lenses(rgba[worn], eye_row[worn], eye_col[worn])
    settled_row = settled_row + has_low_bridge(rgba, skin, settled_row, left_eye, right_eye)
    settled_row = np.where(looking.seen, looking.eye_row, settled_row)
    left_eye = np.where(looking.seen, looking.left_eye, left_eye)
    right_eye = np.where(looking.seen, looking.right_eye, right_eye)

    eyes, mouths = Eyes(settled_row, left_eye, right_eye), Mouths(mouth_row, mouth_col, nose_row, nose_col)
    settle_small_heads(
        rgba, (skin, *grounds), np.flatnonzero(found & (score < NEARLY_ALL)), eyes, mouths, looking.seen
    )

    def place(value: IntArray) -> IntArray:
        return np.where(found, value, NOT_FOUND)

    return FaceFrame(
        found=found,
        eye_row=place(settled_row),
        left_eye_col=place(left_eye),
        right_eye_col=place(right_eye),
        nose_row=place(nose_row),
        nose_col=place(nose_col),
        mouth_row=place(mouth_row),
        mouth_col=place(mouth_col),
        skin_rgb=skin,
        second_rgb=other,
        score=score,
    )


def _order_by_skin(
    rgba: ByteArray, first: ByteArray, second: ByteArray, eye_row: IntArray, eye_col: IntArray
) -> tuple[ByteArray, ByteArray]:
    """Return the two face colours, that of the brow, the cheeks and the neck first.

    A beard or a mask may cover more of the middle of the face than the skin does.
    """
    n = len(rgba)
    cheeks = cut_boxes(rgba, np.arange(n), eye_row - 1, eye_col, 5, 7)
    top, bottom, left, right = NECK_WINDOW
    neck = rgba[:, top:bottom, left:right]
    around = np.concatenate(
        [part.reshape(n, part.shape[1] * part.shape[2], 4) for part in (cheeks, neck)], axis=1
    )
    votes_first = (color_difference(around, first[:, None]) <= SAME_COLOR).sum(axis=1)
    votes_second = (color_difference(around, second[:, None]) <= SAME_COLOR).sum(axis=1)
    swap = (votes_second > votes_first)[:, None]
    return np.where(swap, second, first), np.where(swap, first, second)
