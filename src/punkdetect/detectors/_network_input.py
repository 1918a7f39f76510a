"""What the network sees of a portrait: its colours against the skin, and what the landmarks found.

The face is moved to one place and colours are told against the skin, so that a portrait of another collection
looks as much like the known ones as can be. Knows landmarks; must not know traits or models.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from punkdetect.landmarks import Landmarks
from punkdetect.pixels import lab_distance, lab_of
from punkdetect.punks import SIDE, Punks

CHANNELS = 8
"""Lightness, a, b; distance and lightness difference to the skin; hair against clothing; headwear; figure.
As many bytes as a 64-bit number has: a colour's channels are looked up and moved as one."""

UNIT = 64
"""What counts as 1 for the fit: masks have it, and colours lie within about twice that."""

HOME = (11, 9)
"""Row and left column to which the left eye is moved: where it is in most portraits already."""

FARTHEST = 3
"""Pixels up to which a portrait is moved; a face found farther off is more likely a mistake."""

MIDDLE, MOST = 50.0, 120.0
"""Lightness that stands as 0, and the value at which all channels are cut."""

PER_LIGHTNESS, PER_DISTANCE = 2.0, 1.6
"""Steps for a unit of CIELAB: lightness spans 200 of them, and a distance above 75 is just far."""


def network_input(punks: Punks, landmarks: Landmarks) -> NDArray[np.int8]:
    """Return portraits as a network sees them.

    Parameters
    ----------
    punks : Punks
        N portraits.
    landmarks : Landmarks

    Returns
    -------
    ndarray of int8, shape (N, 24, 24, 8)
        0 everywhere in the background.
    """
    regions, face = landmarks.regions, landmarks.face
    whole = landmarks.inked.palette.of_pixels(_of_colors(landmarks).view(np.uint64)[..., 0])
    seen = whole.view(np.int8).reshape(len(punks), SIDE, SIDE, CHANNELS)
    seen[..., 5] = (regions.hair.view(np.int8) - regions.clothing.view(np.int8)) * np.int8(UNIT)
    seen[..., 6] = regions.headwear.view(np.int8) * np.int8(UNIT)
    np.copyto(whole, np.uint64(0), where=landmarks.background.mask)  # all channels at once
    _move(
        whole,
        np.where(face.found, HOME[0] - face.eye_row, 0),
        np.where(face.found, HOME[1] - face.left_eye_col, 0),
    )
    return seen


def _of_colors(landmarks: Landmarks) -> NDArray[np.int8]:
    """Return the channels of every colour, shape (N, K, 8): worked out once each, not for every pixel."""
    lab = landmarks.inked.palette.lab
    skin_lab = lab_of(landmarks.skin.rgb)[:, None]
    values = np.empty((*lab.shape[:2], 5))
    values[..., 0] = (lab[..., 0] - MIDDLE) * PER_LIGHTNESS
    values[..., 1:3] = lab[..., 1:]
    values[..., 3] = lab_distance(lab, skin_lab) * PER_DISTANCE
    values[..., 4] = (lab[..., 0] - skin_lab[..., 0]) * PER_DISTANCE
    out = np.zeros((*lab.shape[:2], CHANNELS), np.int8)
    out[..., :5] = np.rint(np.clip(values, -MOST, MOST, out=values), out=values)
    out[..., 7] = UNIT
    return out


def _move(pixels: NDArray[np.uint64], down: NDArray[np.intp], right: NDArray[np.intp]) -> None:
    """Move each portrait in its place by its own number of rows and columns; what comes in is 0."""
    down, right = (np.minimum(np.maximum(step, -FARTHEST), FARTHEST) for step in (down, right))
    # every pair of steps as one number
    steps = (down + FARTHEST) * (2 * FARTHEST + 1) + right + FARTHEST
    for step in np.flatnonzero(np.bincount(steps)):
        rows = np.flatnonzero(steps == step)
        d, r = int(down[rows[0]]), int(right[rows[0]])
        if d or r:
            here, there = _overlap(d), _overlap(r)
            moved = np.zeros((len(rows), SIDE, SIDE), np.uint64)
            moved[:, here[0], there[0]] = pixels[rows, here[1], there[1]]
            pixels[rows] = moved


def _overlap(step: int) -> tuple[slice, slice]:
    """Return where rows moved by `step` end up inside of the picture, and where they come from."""
    return slice(max(0, step), SIDE + min(0, step)), slice(max(0, -step), SIDE - max(0, step))
