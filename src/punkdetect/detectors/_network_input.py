"""What the network sees of a portrait: its colours against the skin, and what the landmarks found.

The face is moved to one place and colours are told against the skin, so that a portrait of another collection
looks as much like the known ones as can be. Knows landmarks; must not know traits or models.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from punkdetect.landmarks import Landmarks
from punkdetect.pixels import lab_of
from punkdetect.punks import SIDE, Punks

COLOR_CHANNELS, CHANNELS = 5, 9
"""Lightness, a, b; distance and lightness difference to the skin; hair, headwear, clothing, figure."""

HOME = (11, 9)
"""Row and left column to which the left eye is moved: where it is in most portraits already."""

FARTHEST = 3
"""Pixels up to which a portrait is moved; a face found farther off is more likely a mistake."""

MIDDLE, CHROMA, DISTANCE, MOST_DISTANCE = 50.0, 50.0, 40.0, 1.5
"""Scales that bring lightness, a and b, and distances to about [-1, 1], and where distances are cut."""


def network_input(punks: Punks, landmarks: Landmarks) -> NDArray[np.float32]:
    """Return portraits as a network sees them.

    Parameters
    ----------
    punks : Punks
        N portraits.
    landmarks : Landmarks

    Returns
    -------
    ndarray of float32, shape (N, 9, 24, 24)
        0 everywhere in the background.
    """
    regions, face, palette = landmarks.regions, landmarks.face, landmarks.inked.palette
    # what depends on colour alone is worked out once for each colour of a portrait, not for each pixel
    lab = palette.lab
    difference = lab - lab_of(landmarks.skin.rgb)[:, None]
    distance = np.sqrt((difference**2).sum(axis=-1)) / DISTANCE
    of_color = np.empty((*lab.shape[:2], COLOR_CHANNELS), np.float32)
    of_color[..., 0] = lab[..., 0] / MIDDLE - 1
    of_color[..., 1:3] = lab[..., 1:] / CHROMA
    of_color[..., 3] = np.minimum(distance, MOST_DISTANCE)
    of_color[..., 4] = difference[..., 0] / DISTANCE
    figure = ~landmarks.background.mask
    out = np.empty((len(punks), SIDE, SIDE, CHANNELS), np.float32)
    out[..., :COLOR_CHANNELS] = palette.of_pixels(of_color)
    for i, mask in enumerate((regions.hair, regions.headwear, regions.clothing, figure)):
        out[..., COLOR_CHANNELS + i] = mask
    out *= figure[..., None]
    out = _move(
        out,
        np.where(face.found, HOME[0] - face.eye_row, 0),
        np.where(face.found, HOME[1] - face.left_eye_col, 0),
    )
    return np.ascontiguousarray(out.transpose(0, 3, 1, 2))


def _move(
    planes: NDArray[np.float32], down: NDArray[np.intp], right: NDArray[np.intp]
) -> NDArray[np.float32]:
    """Move each portrait by its own number of rows and columns; what comes in is 0."""
    down, right = np.clip(down, -FARTHEST, FARTHEST), np.clip(right, -FARTHEST, FARTHEST)
    still = (down == 0) & (right == 0)
    if still.all():
        return planes
    out = planes.copy()
    rows = np.flatnonzero(~still)
    place = np.arange(SIDE)
    row, col = place - down[rows, None], place - right[rows, None]
    inside = ((row >= 0) & (row < SIDE))[:, :, None] & ((col >= 0) & (col < SIDE))[:, None, :]
    row, col = np.clip(row, 0, SIDE - 1), np.clip(col, 0, SIDE - 1)
    out[rows] = np.where(inside[..., None], planes[rows[:, None, None], row[:, :, None], col[:, None, :]], 0)
    return out
