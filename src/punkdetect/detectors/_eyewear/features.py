"""Numbers that describe what is worn over the eyes: frame, bridge, lenses, what shows through, what is odd.

Knows the signs that the rule of `eyewear` asks about, and the rule; must not know how a model weighs them.
Left and right are told only as both together and how far apart they are: faces turn either way.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from punkdetect.detectors._eyewear.lenses import find_pupils
from punkdetect.detectors._eyewear.signs import VALUES, Signs, signs_of
from punkdetect.detectors._eyewear.view import BARE, COLS, MIDDLE, ROWS, EyeView, apart2, cut_eye_view
from punkdetect.detectors._named_numbers import Numbers, more_and_less, table_of, what_is_said, where_some
from punkdetect.landmarks import Landmarks
from punkdetect.punks import BoolArray, FloatArray, Punks

FLAGS = (
    "seen_through", "near_limit", "rings", "eyes_in_rings", "bar", "covers", "windows", "bottoms", "notch",
    "strap", "domino", "twins", "odd", "whites", "look_out", "flat_patch", "monocle", "patch", "filters",
    "closed", "wide", "strays",
)  # fmt: skip
"""Signs of the rule that are told as they are."""

MAPS = ("covered", "dark", "white", "vivid", "own")
"""What is told of every pixel around the eyes, besides whether it has the colour of the frame."""

ZONES = {"temple": (-4, -1), "lens": (-1, 3), "nose": (2, 4)}
"""First and end column of what is counted row by row."""

NEAR_ROWS, NEAR_COLS = range(-2, 5), range(-2, 4)
"""Rows and columns around an eye in which single pixels are told."""

LENS_ROWS, LENS_COLS = range(-1, 4), range(-1, 3)
"""Rows and columns in which a lens lies, whatever its size."""

LENS_PIXELS = 6
"""Pixels of the middle of a lens that the rule looks at."""

SHADES = 4
"""Most frequent colours around the eyes that are described."""

LARGEST_APART = 100
"""CIELAB distance beyond which more says no more."""


def eyewear_features(punks: Punks, landmarks: Landmarks) -> tuple[tuple[str, ...], FloatArray]:
    """Describe what is over the eyes of every face.

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
    signs, view = signs_of(landmarks), cut_eye_view(landmarks)
    frame, lenses = _frame_color(view), _lens_colors(view)
    maps = {name: getattr(view, name) for name in MAPS} | {"frame": view.like(frame) & view.covered}
    return table_of(
        _of_rule(signs),
        _of_lenses(signs),
        _of_face(landmarks, view),
        _of_rows(maps),
        _of_pixels(view, maps),
        _of_columns(view, maps),
        _of_symmetry(view),
        _of_frame(view, frame, lenses),
        _of_shades(view),
    )


def _of_rule(signs: Signs) -> Numbers:
    """Tell which value the rule says, as far as it is sure, and what it asked."""
    out = what_is_said("rule_says", VALUES, signs.codes, signs.confidence)
    out |= {name: getattr(signs, name) for name in FLAGS}
    band = signs.band
    return out | {"bridged": band.bridged, "bridge_row": np.where(band.bridged, band.bridge, 2)}


def _of_lenses(signs: Signs) -> Numbers:
    """Tell what the rule measures of the middle of both lenses."""
    lenses = signs.lenses
    n = len(lenses.rgb)
    filled = lenses.filled.reshape(n, 2, LENS_PIXELS)
    light = np.rint(lenses.lab[..., 0]).astype(np.int16).reshape(n, 2, LENS_PIXELS)
    spread = np.ptp(lenses.rgb, axis=-1).reshape(n, 2, LENS_PIXELS)
    size = np.maximum(filled.sum(axis=2), 1)
    out: Numbers = {"skin_seen": lenses.skin_seen}
    for name, each in (
        ("pupil", find_pupils(lenses)),
        ("filled", filled.sum(axis=2)),
        ("bare", lenses.bare.sum(axis=(2, 3))),
        ("solid", lenses.solid),
        ("rimless", lenses.rimless),
        ("light", (light * filled).sum(axis=2) / size),
        ("darkest", np.where(filled, light, 100).min(axis=2)),
        ("lightest", np.where(filled, light, 0).max(axis=2)),
        ("spread", (spread * filled).sum(axis=2) / size),
        ("widest_spread", (spread * filled).max(axis=2)),
    ):
        out |= more_and_less(f"lens_{name}", each[:, 0], each[:, 1])
    return out


def _of_face(landmarks: Landmarks, view: EyeView) -> Numbers:
    """How well the face is known, and whether its eyes are seen."""
    face, irises, mouth = landmarks.face, landmarks.irises, landmarks.mouth
    return {
        "score": face.score,
        "skin_weight": landmarks.skin.weight,
        "apart": face.right_eye_col - face.left_eye_col,
        "to_nose": face.nose_row - face.eye_row,
        "to_mouth": face.mouth_row - face.eye_row,
        "mouth_hidden": mouth.covered,
        "skin": view.skin,
        "irises_found": irises.found,
        "irises_clear": irises.clear,
        "irises_open": irises.open,
        "irises_two": (irises.color >= 0).all(axis=1),
        "irises_alike": irises.color[:, 0] == irises.color[:, 1],
    }


def _of_rows(maps: dict[str, BoolArray]) -> Numbers:
    """Count what lies in each row at the temples, over the eyes and between them."""
    out: Numbers = {}
    for name, pixels in maps.items():
        for zone, (first, end) in ZONES.items():
            part = pixels[..., first - COLS.start : end - COLS.start].sum(axis=3)  # (N, 2, R)
            out[f"{name}_{zone}_both"] = part.sum(axis=1)
            if zone != "nose":
                out[f"{name}_{zone}_apart"] = np.abs(part[:, 0] - part[:, 1])
    return out


def _of_pixels(view: EyeView, maps: dict[str, BoolArray]) -> Numbers:
    """Tell of single pixels near the eyes what they are, and how light."""
    rows, cols = _within(NEAR_ROWS, NEAR_COLS)
    out: Numbers = {}
    for name in ("covered", "frame"):
        part = maps[name][:, :, rows, cols].sum(axis=1)
        out[f"{name}_at"] = _flat(part)
    rows, cols = _within(LENS_ROWS, LENS_COLS)
    part = view.pixels[:, :, rows, cols]
    light = part[..., 0].astype(np.int32)
    out["light_at"] = _flat(light.sum(axis=1))
    apart = apart2(part, view.skin[:, None, None, None])
    out["from_skin_at"] = _flat(_distance(apart).sum(axis=1))
    middle = view.pixels[:, 0, :, -1]
    out["middle_from_skin"] = _distance(apart2(middle, view.skin[:, None]))
    out["middle_light"] = middle[..., 0]
    return out


def _of_columns(view: EyeView, maps: dict[str, BoolArray]) -> Numbers:
    """How far up and down things go on in every column from the eyes' rows."""
    start = -ROWS.start
    out: Numbers = {}
    for name in ("covered", "own"):
        pixels = maps[name]
        down = np.logical_and.accumulate(pixels[:, :, start:], axis=2).sum(axis=2)
        up = np.logical_and.accumulate(pixels[:, :, start::-1], axis=2).sum(axis=2)
        for way, runs in (("down", down), ("up", up)):
            out[f"{name}_{way}_both"] = runs.sum(axis=1)
            out[f"{name}_{way}_apart"] = np.abs(runs[:, 0, :-1] - runs[:, 1, :-1])
    return out


def _of_symmetry(view: EyeView) -> Numbers:
    """Whether both eyes show the same, as mirror images or as two copies."""
    rows, cols = _within(LENS_ROWS, LENS_COLS)
    one, other = view.index[:, 0, rows, cols], view.index[:, 1, rows, cols]
    light = view.pixels[:, :, rows, cols, 0].astype(np.int32)
    return {
        "mirrored": (one == other).sum(axis=2),
        "copied": (one == other[:, :, ::-1]).sum(axis=2),
        "light_apart": np.abs(light[:, 0].sum(axis=2) - light[:, 1].sum(axis=2)),
        "across": (one[:, :, 1:] != one[:, :, :-1]).sum(axis=2)
        + (other[:, :, 1:] != other[:, :, :-1]).sum(axis=2),
        "colors_most": _count_colors(one, other)[0],
        "colors_least": _count_colors(one, other)[1],
    }


def _count_colors(one: NDArray[Any], other: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return how many colours there are in the lens that has more of them, and in the other: (N,) each."""
    counts = []
    for lens in (one, other):
        ordered = np.sort(_flat(lens), axis=1)
        counts.append(1 + (ordered[:, 1:] != ordered[:, :-1]).sum(axis=1))
    return np.maximum(*counts), np.minimum(*counts)


def _of_frame(view: EyeView, frame: NDArray[np.int16], lenses: NDArray[np.int16]) -> Numbers:
    """Colours of the frame and of both lenses, and how far they are from one another."""
    left, right = lenses[:, 0], lenses[:, 1]
    above = view.pixels[:, :, 0]
    out: Numbers = {
        "frame": frame,
        "frame_chroma": _chroma(frame),
        "frame_from_skin": _distance(apart2(frame, view.skin)),
        "lens_from_lens": _distance(apart2(left, right)),
    }
    for name, channel in (("light", 0), ("a", 1), ("b", 2)):
        out |= more_and_less(f"lens_color_{name}", left[:, channel], right[:, channel])
    for name, numbers in (
        ("chroma", [_chroma(each) for each in (left, right)]),
        ("from_skin", [_distance(apart2(each, view.skin)) for each in (left, right)]),
        ("from_frame", [_distance(apart2(each, frame)) for each in (left, right)]),
    ):
        out |= more_and_less(f"lens_color_{name}", *numbers)
    # what goes on above, as hair and hats do, is no frame
    to_above = _distance(apart2(above, frame[:, None, None])).min(axis=(1, 2))
    return out | {"frame_to_above": to_above}


def _of_shades(view: EyeView) -> Numbers:
    """Describe the colours that are most frequent around the eyes, the skin's aside."""
    counts = np.where(view.from_skin > BARE**2, view.counts, 0)
    order = np.argsort(-counts, axis=1, kind="stable")[:, :SHADES]
    out: Numbers = {"shades": (counts > 0).sum(axis=1), "common_shades": (counts > 2).sum(axis=1)}
    for i in range(SHADES):
        if i < order.shape[1]:
            size = np.take_along_axis(counts, order[:, i : i + 1], axis=1)[:, 0]
            everywhere = np.take_along_axis(view.palette.counts, order[:, i : i + 1], axis=1)[:, 0]
            lab = np.take_along_axis(view.lab, order[:, i, None, None], axis=1)[:, 0]
            where = (view.index == order[:, i, None, None, None]) & (size > 0)[:, None, None, None]
        else:
            size = everywhere = np.zeros(len(view), np.intp)
            lab, where = np.zeros((len(view), 3), np.int16), np.zeros(view.index.shape, np.bool_)
        rows, some = where.any(axis=(1, 3)), size > 0
        cols = where.any(axis=(1, 2))
        lens = where[:, :, -ROWS.start : 3 - ROWS.start, -COLS.start : 2 - COLS.start].sum(axis=(2, 3))
        numbers: Numbers = {
            "size": size,
            "elsewhere": np.minimum(everywhere - size, 40),
            "lab": lab,
            "chroma": _chroma(lab),
            "first_row": rows.argmax(axis=1),
            "last_row": len(ROWS) - 1 - rows[:, ::-1].argmax(axis=1),
            "first_col": cols.argmax(axis=1),
            "last_col": len(COLS) - 1 - cols[:, ::-1].argmax(axis=1),
            "eyes": lens.sum(axis=1),
            "eyes_apart": np.abs(lens[:, 0] - lens[:, 1]),
            "sides_apart": np.abs(where[:, 0].sum(axis=(1, 2)) - where[:, 1].sum(axis=(1, 2))),
            "middle": where[:, 0, :, -1].sum(axis=1),
        }
        for name, values in numbers.items():
            out[f"shade{i}_{name}"] = where_some(some, values)
    return out


def _frame_color(view: EyeView) -> NDArray[np.int16]:
    """Return the colour that most of the bridge and of the rims beside the eyes has: (N, 3)."""
    rows, _ = _within(range(-1, 3), COLS)
    cells = np.concatenate(
        [_flat(view.index[:, :, rows, col - COLS.start]) for col in (-1, 2, MIDDLE)], axis=1
    )
    return _most_common(view, cells)


def _lens_colors(view: EyeView) -> NDArray[np.int16]:
    """Return the colour that most of the middle of each lens has: (N, 2, 3)."""
    rows, cols = _within(range(3), range(2))
    parts = (_flat(view.index[:, eye, rows, cols]) for eye in (0, 1))
    return np.stack([_most_common(view, part) for part in parts], axis=1)


def _most_common(view: EyeView, cells: NDArray[Any]) -> NDArray[np.int16]:
    """Return the colour that most cells have, skin only where there is nothing else: (N, M) to (N, 3)."""
    alike = (cells[:, :, None] == cells[:, None]).sum(axis=2)
    alike *= view.palette.at(view.from_skin > BARE**2, cells)
    best = cells[np.arange(len(cells)), alike.argmax(axis=1)]
    return view.palette.at(view.lab, best)


def _within(rows: range, cols: range) -> tuple[slice, slice]:
    """Return where rows and columns, counted from the eye, lie in a view."""
    return (
        slice(rows.start - ROWS.start, rows.stop - ROWS.start),
        slice(cols.start - COLS.start, cols.stop - COLS.start),
    )


def _flat(cells: NDArray[Any]) -> NDArray[Any]:
    """Put all numbers of a portrait in one row: (N, ...) to (N, M)."""
    return cells.reshape(len(cells), math.prod(cells.shape[1:]))


def _distance(apart: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return distances in whole numbers, no larger than says something, of their squares."""
    return np.minimum(np.sqrt(apart).astype(np.int32), LARGEST_APART)


def _chroma(lab: NDArray[np.int16]) -> NDArray[np.int32]:
    """Return the chroma of colours in whole numbers: (N, 3) to (N,)."""
    ab = lab[..., 1:].astype(np.int32)
    chroma: NDArray[np.int32] = np.sqrt((ab**2).sum(axis=-1)).astype(np.int32)
    return chroma
