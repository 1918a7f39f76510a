"""Numbers that describe what is in, over and beside a mouth: cloth, what is held, lips, and what is around.

Knows the signs that the rule of `mouth_item` asks about, and the rule; must not know how a model weighs them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from punkdetect.detectors._mouth.beside import BEHIND, INK, PLAIN, SHADE
from punkdetect.detectors._mouth.held_features import held_features
from punkdetect.detectors._mouth.held_view import RGB
from punkdetect.detectors._mouth.signs import MouthSigns, signs_of
from punkdetect.detectors._named_numbers import Numbers, more_and_less, table_of, what_is_said, where_some
from punkdetect.landmarks import Landmarks
from punkdetect.landmarks._cover import is_cloth_color
from punkdetect.landmarks.flat_colors import DISTINCT, SAME_COLOR, color_difference
from punkdetect.pixels import lab_distance, lab_of, unpack_rgb
from punkdetect.punks import SIDE, FloatArray, IntArray, Punks
from punkdetect.vocabulary import TRAITS

CENTER_ROWS, CENTER_COLS = range(-6, 8), range(-4, 5)
"""Rows from the bar and columns from its middle in which it is told what lies over and around the mouth."""

CORE = slice(1, 8)
"""Those of the columns that are counted."""

TOLD_ROWS = slice(2, 12)
"""Those of the rows whose middle pixel's colour is told."""

PANEL_ROWS, PANEL_COLS = range(13), range(-1, 8)
"""Rows from the eyes and columns from the left one in which a mask lies."""

BLOCK_ROWS = range(3, 11)
"""Rows from the eyes in which the main colours of a mask are."""

BEYOND = 3
"""Columns beyond the eyes in which straps and the sides of a mask are."""

MAIN = 2
"""Most frequent colours of the lower face that are told."""

OVER_EYES, THROAT = -1, 10
"""Rows from the eyes over which hair and hats are, and from which throat and clothes are seen."""


def mouth_features(punks: Punks, landmarks: Landmarks) -> tuple[tuple[str, ...], FloatArray]:
    """Describe what is in, over and beside every mouth.

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
    signs = signs_of(landmarks)
    return table_of(
        _of_rule(signs),
        _of_mouth(landmarks, signs),
        _of_center(landmarks, signs),
        _of_panel(landmarks),
        _of_main_colors(landmarks),
        held_features(landmarks, signs),
    )


def _of_rule(signs: MouthSigns) -> Numbers:
    """Tell which value the rule says, as far as it is sure."""
    return what_is_said("rule_says", TRAITS["mouth_item"], signs.codes, signs.confidence)


def _of_mouth(landmarks: Landmarks, signs: MouthSigns) -> Numbers:
    """Tell what is known of the bar, of what covers it, and of the face around it."""
    face, mouth, jaw = landmarks.face, landmarks.mouth, landmarks.jaw
    lip, skin = lab_of(mouth.lip_rgb), lab_of(landmarks.skin.rgb)
    out: Numbers = {name: getattr(mouth, name) for name in ("found", "rows", "covered", "wrapped", "panel")}
    out |= {
        "width": np.where(mouth.found, mouth.right_col - mouth.left_col + 1, 0),
        "contrast": np.where(mouth.found, mouth.contrast, 0),
        "raised": mouth.raised.sum(axis=(1, 2)),
        "lowered": mouth.lowered.sum(axis=(1, 2)),
        "cover_size": mouth.cover.sum(axis=(1, 2)),
        "lip": lip,
        "skin": skin,
        "lip_to_skin": lab_distance(lip, skin),
        "score": face.score,
        "eyes_to_mouth": signs.mouths.row - face.eye_row,
        "nose_to_mouth": signs.mouths.row - face.nose_row,
    }
    for name in ("lip", "corners", "chin", "chin_tip", "around_chin", "is_face", "is_shade", "is_ink"):
        out[f"jaw_{name}"] = getattr(jaw, name)
    for name, one, other in (("cover", jaw.left, jaw.right), ("skin", jaw.skin_left, jaw.skin_right)):
        out |= more_and_less(f"jaw_{name}", one, other)
    return out


def _of_center(landmarks: Landmarks, signs: MouthSigns) -> Numbers:
    """Tell row by row what lies over and around the mouth, and whether it is the same on both sides."""
    mouths, palette = signs.mouths, landmarks.inked.palette
    rows = np.clip(mouths.row[:, None] + np.asarray(CENTER_ROWS), 0, SIDE - 1)[:, :, None]
    cols = np.clip(mouths.col[:, None] + np.asarray(CENTER_COLS), 0, SIDE - 1)[:, None]
    each = np.arange(len(rows))[:, None, None]
    kinds, color = mouths.kinds[each, rows, cols], palette.index[each, rows, cols]
    core, part = kinds[:, :, CORE], color[:, :, CORE]
    middle = palette.lab_at(color[:, TOLD_ROWS, len(CENTER_COLS) // 2])
    return {
        "center_plain": (core & (BEHIND | INK | PLAIN) == PLAIN).sum(axis=2),
        "center_shade": (core & (BEHIND | INK | PLAIN | SHADE) == SHADE).sum(axis=2),
        "center_ink": (core & (BEHIND | INK) == INK).sum(axis=2),
        "center_foreign": (core == 0).sum(axis=2),
        "center_lopsided": (part != part[:, :, ::-1]).sum(axis=2),
        "center_steps": (part[:, :, 1:] != part[:, :, :-1]).sum(axis=2),
        "center_lab": middle.reshape(len(middle), middle.shape[1] * middle.shape[2]),
    }


def _of_panel(landmarks: Landmarks) -> Numbers:
    """Tell row by row under the eyes how much skin there is and where all columns change at once."""
    face, inked = landmarks.face, landmarks.inked
    part = face.crop(inked.rgba, PANEL_ROWS, PANEL_COLS)
    skin = face.crop(landmarks.skin.mask, PANEL_ROWS, PANEL_COLS)
    return {
        "panel_skin": skin.sum(axis=2),
        "panel_changes": (color_difference(part[:, 1:], part[:, :-1]) >= DISTINCT).sum(axis=2),
        "panel_across": (color_difference(part[:, :, 1:], part[:, :, :-1]) >= DISTINCT).sum(axis=2),
    }


def _of_main_colors(landmarks: Landmarks) -> Numbers:
    """Tell the most frequent colours of the lower face: how much of each, and where else it is."""
    face, palette = landmarks.face, landmarks.inked.palette
    index, each = np.arange(SIDE), np.arange(len(face.eye_row))
    rows = index - face.eye_row[:, None]
    inside = (index >= face.left_eye_col[:, None] - 1) & (index <= face.right_eye_col[:, None] + 2)
    wide = (index >= face.left_eye_col[:, None] - BEYOND) & (
        index <= face.right_eye_col[:, None] + 1 + BEYOND
    )
    figure = ~landmarks.background.mask
    in_rows = (rows >= BLOCK_ROWS.start) & (rows < BLOCK_ROWS.stop)

    def count(in_row: NDArray[np.bool_], in_col: NDArray[np.bool_]) -> IntArray:
        return palette.count_in(in_row[:, :, None] & in_col[:, None] & figure)

    anywhere = np.ones_like(inside)
    lower, beside = count(in_rows, inside), count(in_rows, wide & ~inside)
    over, throat = count(rows < OVER_EYES, anywhere), count(rows >= THROAT, anywhere)
    at_eyes = count((rows >= OVER_EYES) & (rows < BLOCK_ROWS.start), inside)
    rgb = unpack_rgb(palette.colors)
    skin = lab_of(landmarks.skin.rgb)
    out: Numbers = {"lower_colors": (lower > 0).sum(axis=1)}
    rest = np.where(palette.colors & RGB == 0, 0, lower)
    for which in range(MAIN):
        pick = rest.argmax(axis=1)
        lab, color = palette.lab[each, pick], rgb[each, pick]
        some = rest[each, pick] > 0
        of_color: Numbers = {
            "size": lower[each, pick],
            "beside": beside[each, pick],
            "over": over[each, pick],
            "at_eyes": at_eyes[each, pick],
            "throat": throat[each, pick],
            "to_skin": lab_distance(lab, skin),
            "chroma": np.hypot(lab[:, 1], lab[:, 2]),
            "cloth": is_cloth_color(color),
            "like_face": color_difference(color, face.skin_rgb) <= SAME_COLOR,
            "lab": lab,
        }
        out |= {f"lower_{which}_{name}": where_some(some, numbers) for name, numbers in of_color.items()}
        rest[each, pick] = 0
    return out
