"""Numbers that describe the lower face: what covers lip, chin and jaw, in which colours, and how far it goes.

Knows the signs that the rule of `facial_hair` asks about, and the rule; must not know how a model weighs
them. Left and right are told only as both together and as more and less: faces turn either way.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from punkdetect.detectors._jaw_view import (
    COLS,
    MIDDLE,
    ROWS,
    JawView,
    both_sides,
    count_in,
    cut_jaw_view,
    most_frequent,
    one_side,
)
from punkdetect.detectors._mouth_signs import mouth_signs
from punkdetect.detectors.facial_hair import FacialHair
from punkdetect.landmarks import Landmarks
from punkdetect.landmarks.jaw import is_shade
from punkdetect.landmarks.regions import lowest_row
from punkdetect.pixels import TRANSPARENT, lab_distance, lab_of
from punkdetect.punks import NOT_FOUND, BoolArray, FloatArray, IntArray, Punks
from punkdetect.vocabulary import TRAITS

Numbers = dict[str, NDArray[Any]]
"""By name, of shape (N,), or (N, M) where a name stands for several."""

VALUES = TRAITS["facial_hair"]

STRIPS = (range(2), range(2, 4), range(4, 6), range(6, 8))
"""Columns from the middle that are counted together: under the nose, at the ends of the mouth, the cheeks, and
the outline with what is beside it."""

CELLS = both_sides(*((range(row, row + 1), strip) for row in ROWS for strip in STRIPS))
"""Every row of every strip."""

SIDES = tuple(
    one_side(side, *((rows, range(3, 7)) for rows in (range(-4, -1), range(-1, 2), range(2, 5))))
    for side in (-1, 1)
)
"""Beside the nose, beside the mouth, and beside the chin, on the left and on the right."""

PLACES = {
    "nose": (range(-4, -2), range(1, 4)),
    "lip": (range(-2, 0), range(3)),
    "corner": (range(1), range(2, 4)),
    "chin": (range(1, 3), range(2)),
    "tip": (range(3, 5), range(3)),
    "throat": (range(5, 7), range(4)),
    "jaw": (range(-1, 3), range(4, 7)),
    "temple": (range(-5, -2), range(5, 8)),
}
"""Places of which it is told how much of a colour is there."""

IN_PLACES = both_sides(*PLACES.values())

INNER_ROWS, INNER_COLS = range(-2, 4), range(-4, 5)
"""Rows from the mouth and columns from its middle in which facial hair shows, whatever else there is."""

COVERS = 2
"""Most frequent colours there, besides the skin's, that are described."""

PATCHES = {
    "forehead": (range(-3, -1), range(1, 6), "eye"),
    "cheeks": (range(-4, -2), range(-2, 5), "mouth"),
    "jaws": (range(-1, 2), range(-4, 7), "mouth"),
    "chin": (range(1, 4), range(-1, 4), "mouth"),
    "throat": (range(5, 7), range(-4, 7), "mouth"),
}
"""Rows and columns of the places whose main colours are held against each other, and what they are counted
from: a face is of one colour from the forehead to the neck."""

PANEL_ROWS, PANEL_COLS = range(1, 13), range(-1, 8)
"""Rows and columns from the left eye in which the face goes down to the chin, wherever a mouth was found."""

LARGEST_APART = 100.0
"""CIELAB distance beyond which more says no more."""


def facial_hair_features(punks: Punks, landmarks: Landmarks) -> tuple[tuple[str, ...], FloatArray]:
    """Describe what covers the lower half of every face.

    Parameters
    ----------
    punks : Punks
        N portraits.
    landmarks : Landmarks

    Returns
    -------
    names : tuple of str, length F
    values : ndarray of float64, shape (N, F)
    """
    view = cut_jaw_view(landmarks)
    covers = _find_covers(view)
    names: list[str] = []
    values: list[NDArray[Any]] = []
    for part in (
        _of_rule(punks, landmarks),
        _of_jaw(landmarks),
        _of_face(landmarks, view),
        _of_cells(view, covers),
        _of_covers(view, covers),
        _of_patches(landmarks, view),
        _of_panel(landmarks, view),
    ):
        for name, numbers in part.items():
            names += [name] if numbers.ndim == 1 else [f"{name}_{i}" for i in range(numbers.shape[1])]
            values.append((numbers[:, None] if numbers.ndim == 1 else numbers).astype(np.float64, copy=False))
    return tuple(names), np.concatenate(values, axis=1)


def _of_rule(punks: Punks, landmarks: Landmarks) -> Numbers:
    """Tell which value the rule says, as far as it is sure."""
    column = FacialHair().detect(punks, landmarks)
    said = np.zeros((len(column.codes), len(VALUES)))
    found = np.flatnonzero(column.codes != NOT_FOUND)
    said[found, column.codes[found]] = column.confidence[found]
    return {f"rule_says_{value}": said[:, code] for code, value in enumerate(VALUES)}


def _of_jaw(landmarks: Landmarks) -> Numbers:
    """Tell what the rule asks about."""
    jaw = landmarks.jaw
    flags = ("around_chin", "is_face", "is_shade", "is_ink", "narrow_chin")
    out: Numbers = {name: getattr(jaw, name) for name in ("lip", "corners", "chin", "chin_tip", *flags)}
    for name, one, other in (("side", jaw.left, jaw.right), ("skin", jaw.skin_left, jaw.skin_right)):
        out |= _both(f"jaw_{name}", one, other)
    return out


def _of_face(landmarks: Landmarks, view: JawView) -> Numbers:
    """Tell how well the face is known, what its mouth is like, and how far the hair of the head comes down."""
    face, mouth, signs = landmarks.face, landmarks.mouth, mouth_signs(landmarks)
    hair = landmarks.regions.hair
    out: Numbers = {name: getattr(mouth, name) for name in ("found", "rows", "covered", "wrapped", "panel")}
    return out | {
        "mouth_width": np.where(mouth.found, mouth.right_col - mouth.left_col + 1, 0),
        "mouth_contrast": np.where(mouth.found, mouth.contrast, 0),
        "mouth_item": signs.codes > 0,
        "item_size": view.item.sum(axis=(1, 2)),
        "score": face.score,
        "skin_weight": landmarks.skin.weight,
        "apart": face.right_eye_col - face.left_eye_col,
        "eyes_to_nose": view.face.nose_row - face.eye_row,
        "nose_to_mouth": view.face.mouth_row - view.face.nose_row,
        "off_middle": np.abs(2 * view.face.mouth_col + 1 - face.left_eye_col - face.right_eye_col),
        "skin": view.skin,
        "lips": view.lips,
        "hair": view.hair,
        "hair_to_skin": _distance(view.hair, view.skin),
        "lips_to_skin": _distance(view.lips, view.skin),
        "hair_size": hair.sum(axis=(1, 2)),
        "hair_under_mouth": lowest_row(hair) - view.face.mouth_row,
    }


def _of_cells(view: JawView, covers: IntArray) -> Numbers:
    """Count row by row, under the nose, beside the mouth and on the cheeks, what is there."""
    main = view.index == covers[:, 0, None, None]
    lightness = view.of(np.rint(view.palette.lab[..., 0])) - np.rint(view.skin[:, 0])[:, None, None]
    maps = {
        "bare": view.bare,
        "shade": view.shade,
        "ink": view.ink,
        "of_hair": view.of_hair,
        "own": view.own,
        "foreign": view.foreign,
        "main": main,
        "behind": view.behind,
        "light": np.where(view.behind | view.bar | view.item, 0, lightness),
    }
    out: Numbers = {f"{name}_at": count_in(pixels, CELLS) for name, pixels in maps.items()}
    for name in ("bare", "shade", "main", "foreign"):
        out |= _both(f"{name}_beside", *(count_in(maps[name], side) for side in SIDES))
    flipped = view.index[:, :, ::-1]
    out["lopsided"] = (view.index != flipped)[:, :, :MIDDLE].sum(axis=2)
    out["checkered"] = _find_checks(view).sum(axis=2)
    for name in ("covered", "main"):
        pixels = view.covered if name == "covered" else main
        out[f"{name}_run"] = _run_from_middle(pixels | view.bar)
    return out


def _find_covers(view: JawView) -> IntArray:
    """Return the most frequent colours around the mouth that are not the skin's: palette numbers (N, COVERS).

    -1 where there is none.
    """
    n, k = view.palette.colors.shape
    rows = slice(INNER_ROWS.start - ROWS.start, INNER_ROWS.stop - ROWS.start)
    cols = slice(MIDDLE + INNER_COLS.start, MIDDLE + INNER_COLS.stop)
    cells = view.index[:, rows, cols].astype(np.intp) + (np.arange(n) * k)[:, None, None]
    counts = np.bincount(cells[view.covered[:, rows, cols]], minlength=n * k).reshape(n, k)
    found = []
    for _ in range(COVERS):
        best = counts.argmax(axis=1)
        found.append(np.where(counts[np.arange(n), best] > 0, best, NOT_FOUND))
        counts[np.arange(n), best] = 0
    return np.stack(found, axis=1)


def _of_covers(view: JawView, covers: IntArray) -> Numbers:
    """Tell of the most frequent colours over the skin where they are, and what else has nearly that colour."""
    each = np.arange(len(covers))
    out: Numbers = {}
    for which in range(COVERS):
        color = covers[:, which]
        some = color != NOT_FOUND
        lab = view.palette.lab[each, color]
        pixels = view.index == color[:, None, None]
        size = view.palette.counts[each, color]
        chroma = [np.hypot(one[:, 1], one[:, 2]) for one in (lab, view.skin)]
        rows = pixels[:, :, MIDDLE + INNER_COLS.start : MIDDLE + INNER_COLS.stop].any(axis=2)
        of_color: Numbers = {
            "size": size,
            "here": pixels.sum(axis=(1, 2)),
            "in": count_in(pixels, IN_PLACES),
            "first_row": rows.argmax(axis=1),
            "last_row": rows.shape[1] - rows[:, ::-1].argmax(axis=1),
            "lighter": lab[:, 0] - view.skin[:, 0],
            "more_chroma": chroma[0] - chroma[1],
            "from_skin": _distance(lab, view.skin),
            "from_hair": _distance(lab, view.hair),
            "from_lips": _distance(lab, view.lips),
            "is_shade": is_shade(lab, view.skin),
            "lab": lab,
        }
        for name, numbers in of_color.items():
            known = some if numbers.ndim == 1 else some[:, None]
            out[f"cover_{which}_{name}"] = np.where(known, numbers, 0)
    return out


def _of_patches(landmarks: Landmarks, view: JawView) -> Numbers:
    """Hold the main colours of forehead, cheeks, jaw, chin and neck against each other and the skin."""
    index, each = view.palette.index, np.arange(len(view.index))
    labs = {}
    for name, (rows, cols, anchor) in PATCHES.items():
        cells = view.face.crop(index, rows, cols, anchor)
        labs[name] = view.palette.lab[each, most_frequent(cells.reshape(len(cells), len(rows) * len(cols)))]
    out: Numbers = {f"{name}_from_skin": _distance(lab, view.skin) for name, lab in labs.items()}
    out |= {f"{name}_lighter": lab[:, 0] - view.skin[:, 0] for name, lab in labs.items()}
    pairs = [(one, other) for i, one in enumerate(labs) for other in [*labs][i + 1 :]]
    return out | {f"{one}_from_{other}": _distance(labs[one], labs[other]) for one, other in pairs}


def _of_panel(landmarks: Landmarks, view: JawView) -> Numbers:
    """Tell row by row under the eyes how much is bare, and how light it is, wherever the mouth may be."""
    face, palette = landmarks.face, view.palette
    index = face.crop(palette.index, PANEL_ROWS, PANEL_COLS)
    light = palette.at(np.rint(palette.lab[..., 0]), index) - np.rint(view.skin[:, 0])[:, None, None]
    return {
        "panel_bare": (palette.at(view.from_skin, index) <= 4.0).sum(axis=2),
        "panel_changes": (index[:, 1:] != index[:, :-1]).sum(axis=2),
        "panel_light": light.sum(axis=2),
    }


def _find_checks(view: JawView) -> BoolArray:
    """Find squares of four pixels whose diagonals have a colour each: hair and stubble drawn as a dither."""
    index = view.index[:, :, MIDDLE + INNER_COLS.start : MIDDLE + INNER_COLS.stop]
    upper, lower = index[:, :-1], index[:, 1:]
    crossed = (upper[:, :, :-1] == lower[:, :, 1:]) & (upper[:, :, 1:] == lower[:, :, :-1])
    return np.asarray(crossed & (upper[:, :, :-1] != upper[:, :, 1:]))


def _run_from_middle(pixels: BoolArray) -> IntArray:
    """Count in each row the pixels that follow each other from the middle to both sides: (N, R)."""
    right = np.logical_and.accumulate(pixels[:, :, MIDDLE:], axis=2)
    left = np.logical_and.accumulate(pixels[:, :, MIDDLE::-1], axis=2)
    run: IntArray = left.sum(axis=2) + right.sum(axis=2)
    return run


def _both(name: str, one: NDArray[Any], other: NDArray[Any]) -> Numbers:
    """Tell of both sides which has more and which less."""
    return {f"{name}_most": np.maximum(one, other), f"{name}_least": np.minimum(one, other)}


def _distance(one: FloatArray, other: FloatArray) -> FloatArray:
    """Return CIELAB distances, no larger than says something."""
    return np.minimum(lab_distance(one, other), LARGEST_APART)
