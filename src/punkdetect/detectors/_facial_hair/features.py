"""Numbers that describe the lower face: what covers lip, chin and jaw, in which colours, and how far it goes.

Knows the signs that the rule of `facial_hair` asks about, and the rule; must not know how a model weighs
them. Left and right are told only as both together and as more and less: faces turn either way.
"""

from __future__ import annotations

import numpy as np

from punkdetect.detectors._facial_hair.signs import VALUES
from punkdetect.detectors._facial_hair.signs import signs_of as rule_of
from punkdetect.detectors._facial_hair.view import (
    MIDDLE,
    ROWS,
    JawView,
    both_sides,
    count_in,
    cut_jaw_view,
    most_frequent,
)
from punkdetect.detectors._mouth.signs import signs_of
from punkdetect.detectors._named_numbers import Numbers, more_and_less, table_of, what_is_said, where_some
from punkdetect.landmarks import Landmarks
from punkdetect.landmarks.jaw import DISTINCT, is_shade
from punkdetect.landmarks.regions import lowest_row
from punkdetect.pixels import lab_distance
from punkdetect.punks import NOT_FOUND, BoolArray, FloatArray, IntArray, Punks

STRIPS = (range(2), range(2, 4), range(4, 6), range(6, 8))
"""Columns from the middle that are counted together: under the nose, at the ends of the mouth, the cheeks,
and the outline with what is beside it."""

CELLS = both_sides(*((range(row, row + 1), strip) for row in ROWS for strip in STRIPS))
"""Every row of every strip."""

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

INNER_ROWS = slice(-2 - ROWS.start, 4 - ROWS.start)
INNER_COLS = slice(MIDDLE - 4, MIDDLE + 5)
"""Rows and columns of the view, from two rows above the mouth and four columns to either side of its middle,
in which facial hair shows, whatever else there is."""

BLACK_ROWS, BLACK_COLS = slice(-1 - ROWS.start, 2 - ROWS.start), slice(MIDDLE - 2, MIDDLE + 3)
"""Those of them in which black may be hair: further out it is the outline, or the nose."""

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
    main = _find_main(view)
    return table_of(
        _of_rule(landmarks),
        _of_jaw(landmarks),
        _of_face(landmarks, view),
        _of_cells(view, main),
        _of_main(view, main),
        _of_patches(view),
        _of_panel(landmarks, view),
    )


def _of_rule(landmarks: Landmarks) -> Numbers:
    """Tell which value the rule says, as far as it is sure."""
    codes, confidence = rule_of(landmarks)
    codes = np.where(landmarks.face.found, codes, NOT_FOUND)
    return what_is_said("rule_says", VALUES, codes, confidence)


def _of_jaw(landmarks: Landmarks) -> Numbers:
    """Tell what the rule asks about."""
    jaw = landmarks.jaw
    flags = ("around_chin", "is_face", "is_shade", "is_ink", "narrow_chin")
    out: Numbers = {name: getattr(jaw, name) for name in ("lip", "corners", "chin", "chin_tip", *flags)}
    for name, one, other in (("side", jaw.left, jaw.right), ("skin", jaw.skin_left, jaw.skin_right)):
        out |= more_and_less(f"jaw_{name}", one, other)
    return out


def _of_face(landmarks: Landmarks, view: JawView) -> Numbers:
    """Tell how well the face is known, what its mouth is like, and how far the head's hair comes down."""
    face, mouth, signs = landmarks.face, landmarks.mouth, signs_of(landmarks)
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


def _of_cells(view: JawView, main: IntArray) -> Numbers:
    """Count row by row, under the nose, beside the mouth and on the cheeks, what is there."""
    maps = {
        "bare": view.bare,
        "shade": view.shade,
        "ink": view.ink,
        "own": view.own,
        "foreign": view.foreign,
        "main": view.index == main[:, None, None],
    }
    out: Numbers = {f"{name}_at": count_in(pixels, CELLS) for name, pixels in maps.items()}
    mirrored = view.index[:, :, ::-1]
    out["lopsided"] = (view.index != mirrored)[:, :, :MIDDLE].sum(axis=2)
    out["checkered"] = _find_checks(view).sum(axis=2)
    return out


def _find_main(view: JawView) -> IntArray:
    """Return the palette's number of the most frequent colour over the skin around the mouth, -1 for none."""
    n, k = view.palette.colors.shape
    cells = view.index[:, INNER_ROWS, INNER_COLS].astype(np.intp) + (np.arange(n) * k)[:, None, None]
    covered = view.covered & ~view.ink
    covered[:, BLACK_ROWS, BLACK_COLS] = view.covered[:, BLACK_ROWS, BLACK_COLS]
    counts = np.bincount(cells[covered[:, INNER_ROWS, INNER_COLS]], minlength=n * k).reshape(n, k)
    return np.where(counts.any(axis=1), counts.argmax(axis=1), NOT_FOUND)


def _of_main(view: JawView, main: IntArray) -> Numbers:
    """Tell of that colour how much of it is where, and which other colours it is near to."""
    each, some = np.arange(len(main)), main != NOT_FOUND
    lab = view.palette.lab[each, main]
    pixels = view.index == main[:, None, None]
    rows = pixels[:, :, INNER_COLS].any(axis=2)
    chroma = [np.hypot(color[:, 1], color[:, 2]) for color in (lab, view.skin)]
    of_main: Numbers = {
        "size": view.palette.counts[each, main],
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
    return {f"main_{name}": where_some(some, numbers) for name, numbers in of_main.items()}


def _of_patches(view: JawView) -> Numbers:
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
        "panel_bare": palette.at(view.from_skin <= DISTINCT, index).sum(axis=2),
        "panel_changes": (index[:, 1:] != index[:, :-1]).sum(axis=2),
        "panel_light": light.sum(axis=2),
    }


def _find_checks(view: JawView) -> BoolArray:
    """Find squares of four pixels whose diagonals have a colour each: hair and stubble drawn as a dither."""
    index = view.index[:, :, INNER_COLS]
    upper, lower = index[:, :-1], index[:, 1:]
    crossed = (upper[:, :, :-1] == lower[:, :, 1:]) & (upper[:, :, 1:] == lower[:, :, :-1])
    return np.asarray(crossed & (upper[:, :, :-1] != upper[:, :, 1:]))


def _distance(one: FloatArray, other: FloatArray) -> FloatArray:
    """Return CIELAB distances, no larger than says something."""
    return np.minimum(lab_distance(one, other), LARGEST_APART)
