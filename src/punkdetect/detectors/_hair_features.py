"""Numbers that describe the hair: its outline, its checkered shading, how far it hangs.

Knows landmarks and texture; must not know what a hairstyle is called or how a model weighs the numbers.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from punkdetect import texture
from punkdetect.landmarks import Landmarks
from punkdetect.pixels import shift
from punkdetect.punks import BoolArray, FloatArray, Punks

USUAL_EYE_ROW = 11
"""Eye row that is assumed where no face was found."""

BANDS = {"top": (-20, -3), "temples": (-3, 3), "cheeks": (3, 8), "shoulders": (8, 13)}
"""Rows relative to the eyes (half open) in which the hair is described apart: curls show in the crown,
waves in what hangs."""

STEPS = {"below": (1, 0), "beside": (0, 1), "across": (1, 1), "two_below": (2, 0), "two_beside": (0, 2)}
"""Neighbours (rows, columns) whose lightness is compared; a checker differs from its direct neighbours and
equals the diagonal ones."""

MOST_CONTRAST = 20.0
"""Lightness difference above which more says no more: it is another thing, not another shade."""

SAME = 1.0
"""Lightness difference under which two pixels are one shade."""

OUTLINE = (
    "area", "edge", "dots", "tips", "sharp", "notches", "gaps", "crown", "left", "right", *BANDS,
)  # fmt: skip
"""Beginnings of the names of what an outline alone tells. Hair of one flat colour has numbers of its own for
them: its curls are drawn by the outline alone, where shaded hair has its checker as well."""

LONGEST_STEP = 4
"""Pixels up to which a step of the outline counts: a longer one is a strand's end, not roughness."""


def hair_features(punks: Punks, landmarks: Landmarks) -> tuple[tuple[str, ...], FloatArray]:
    """Describe the hair of every portrait.

    Parameters
    ----------
    punks : Punks
        N portraits.
    landmarks : Landmarks

    Returns
    -------
    names : tuple of str, length F
    values : ndarray of float64, shape (N, F)
        0 where there is no hair.
    """
    hair = landmarks.regions.hair
    background = landmarks.background.mask
    lightness = np.asarray(landmarks.inked.palette.of_pixels(landmarks.inked.palette.lab[..., 0]), np.float64)
    face = landmarks.face
    rows = (
        np.arange(hair.shape[1])[None, :, None]
        - np.where(face.found, face.eye_row, USUAL_EYE_ROW)[:, None, None]
    )
    out: dict[str, NDArray[Any]] = {}
    out.update(_outline(hair, background))
    out.update(_shading(lightness, hair))
    out.update(_bands(hair, background, rows))
    out.update(_steps_of_outline(hair))
    out["colors"] = ((landmarks.inked.palette.count_in(hair)) > 0).sum(axis=1)
    out["headwear"] = landmarks.regions.headwear.sum(axis=(1, 2))
    out["narrow_chin"] = landmarks.jaw.narrow_chin
    spectrum = texture.fourier_features(lightness, hair)
    patterns = texture.pattern_histogram(texture.local_binary_patterns(lightness), hair)
    out.update({f"fourier_{i}": spectrum[:, i] for i in range(spectrum.shape[1])})
    out.update({f"pattern_{i}": patterns[:, i] for i in range(patterns.shape[1])})
    flat = np.asarray(out["colors"] <= 1)
    values = {name: np.where(flat, 0.0, v) for name, v in out.items()}
    values.update(
        {f"flat_{name}": np.where(flat, v, 0.0) for name, v in out.items() if name.startswith(OUTLINE)}
    )
    values["flat"] = flat
    return tuple(values), np.stack([np.asarray(v, np.float64) for v in values.values()], axis=1)


def _count(mask: BoolArray) -> NDArray[np.intp]:
    counts: NDArray[np.intp] = mask.sum(axis=(1, 2))
    return counts


def _direct_neighbors(mask: BoolArray, outside: bool) -> NDArray[np.int8]:
    """How many of the four direct neighbours of each pixel are in a mask."""
    total = np.zeros(mask.shape, np.int8)
    for rows, cols in ((0, 1), (1, 0), (0, -1), (-1, 0)):
        total += shift(mask, rows, cols, outside).astype(np.int8)
    return total


def _outline(hair: BoolArray, background: BoolArray) -> dict[str, NDArray[Any]]:
    """Loose dots, tips and notches: what the edge of curls is made of."""
    area = np.maximum(_count(hair), 1)
    by_hair, by_background = _direct_neighbors(hair, False), _direct_neighbors(background, True)
    edge = np.maximum(_count(hair & (by_background > 0)), 1)
    dots, tips = _count(hair & (by_hair == 0)), _count(hair & (by_hair == 1))
    return {
        "area": _count(hair),
        "edge": edge / np.sqrt(area),
        "dots": dots,
        "tips": tips,
        "dots_share": dots / edge,
        "tips_share": tips / edge,
        "sharp": _count(hair & (by_background >= 2)) / edge,
        "notches": _count(background & (by_hair >= 2)) / edge,
        "gaps": _count(background & (by_hair >= 3)),
    }


def _shading(lightness: FloatArray, hair: BoolArray) -> dict[str, NDArray[Any]]:
    """Contrast between neighbours by direction: a checker, upright strands, level waves or a flat sheet."""
    out: dict[str, NDArray[Any]] = {}
    for name, (rows, cols) in {**STEPS, "against": (1, -1)}.items():
        both = hair & shift(hair, rows, cols, False)
        difference = np.abs(lightness - shift(lightness, rows, cols))
        pairs = np.maximum(_count(both), 1)
        out[name] = np.where(both, np.minimum(difference, MOST_CONTRAST), 0.0).sum(axis=(1, 2)) / pairs
        out[f"{name}_same"] = _count(both & (difference < SAME)) / pairs
    area = np.maximum(_count(hair), 1)
    mean = np.where(hair, lightness, 0.0).sum(axis=(1, 2)) / area
    spread = np.where(hair, (lightness - mean[:, None, None]) ** 2, 0.0).sum(axis=(1, 2)) / area
    checker = out["below"] + out["beside"] - out["across"] - out["against"]
    out.update(mean=mean, spread=np.sqrt(spread), checker=checker, upright=out["below"] - out["beside"])
    # the same step looks stronger in dark hair
    out["checker_of_dark"] = checker / (mean + 8)
    return out


def _bands(hair: BoolArray, background: BoolArray, rows: NDArray[np.intp]) -> dict[str, NDArray[Any]]:
    """Area, width, edge and loose pixels of the hair at crown, temples, cheeks and shoulders."""
    out: dict[str, NDArray[Any]] = {}
    by_hair, by_background = _direct_neighbors(hair, False), _direct_neighbors(background, True)
    for name, (first, end) in BANDS.items():
        band = hair & (rows >= first) & (rows < end)
        width = band.sum(axis=2)
        both = (width[:, 1:] > 0) & (width[:, :-1] > 0)
        out[f"{name}_area"] = _count(band)
        out[f"{name}_width"] = band.any(axis=1).sum(axis=1)
        out[f"{name}_edge"] = _count(band & (by_background > 0))
        out[f"{name}_loose"] = _count(band & (by_hair <= 1))
        changes = (np.abs(np.diff(width, axis=1)) * both).sum(axis=1)
        out[f"{name}_unsteady"] = changes / np.maximum((width > 0).sum(axis=1), 1)
    return out


def _steps_of_outline(hair: BoolArray) -> dict[str, NDArray[Any]]:
    """How much, and how often to and fro, the left, right and upper outline steps."""
    last = hair.shape[1] - 1
    rows, cols = np.asarray(hair.any(axis=2)), np.asarray(hair.any(axis=1))
    lines = {
        "left": (hair.argmax(axis=2), rows),
        "right": (last - hair[:, :, ::-1].argmax(axis=2), rows),
        "crown": (hair.argmax(axis=1), cols),
    }
    out: dict[str, NDArray[Any]] = {}
    for name, (line, seen) in lines.items():
        both = seen[:, 1:] & seen[:, :-1]
        step = np.diff(line, axis=1) * both
        size = np.minimum(np.abs(step), LONGEST_STEP).sum(axis=1)
        out[f"{name}_steps"] = size / np.maximum(both.sum(axis=1), 1)
        out[f"{name}_turns"] = (np.sign(step[:, 1:]) * np.sign(step[:, :-1]) < 0).sum(axis=1)
    return out
