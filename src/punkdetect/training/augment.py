"""Makes many portraits of a labelled few: shifted, stretched, repainted, dressed, on other backgrounds.

What a label says must stay true of what comes out; labels that a change makes untrue are blanked. Nothing is
written anywhere. Knows `Examples`; must not know how a model is fitted.
"""

from __future__ import annotations

import numpy as np

from punkdetect.landmarks.background import find_background
from punkdetect.landmarks.face import find_face
from punkdetect.pixels import find_palette
from punkdetect.punks import SIDE, BoolArray, ByteArray, IntArray
from punkdetect.training.backdrops import draw_backdrops
from punkdetect.training.examples import Examples
from punkdetect.training.recolor import random_lab, recolor, rgb_of

COLOR_TRAITS = ("hair_color", "skin_tone", "eye_color", "background_color")
"""Traits that name a colour: a repainted portrait no longer has them."""

STAND = (5, 18)
"""Columns between which shoulders are drawn under portraits that stand on a bare neck."""


SURE_FACE = 0.85
"""Score of a face from which it is known where its eyes are."""


def cut_out(rgba: ByteArray) -> tuple[ByteArray, BoolArray]:
    """Make the background of portraits transparent where that can be done safely.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (N, 24, 24, 4)

    Returns
    -------
    rgba : ndarray of uint8, shape (N, 24, 24, 4)
    done : ndarray of bool, shape (N,)
        False where the background found is implausibly small, so that the portrait stays as it was.
    """
    mask = find_background(rgba).mask
    seen = mask.sum(axis=(1, 2))
    done = (seen > 60) & (seen < 480) & ~mask[:, 12, 11:14].any(axis=1)
    out = np.where((mask & done[:, None, None])[..., None], np.uint8(0), rgba)
    return out, done


def augment(examples: Examples, rng: np.random.Generator, strength: float = 1.0) -> Examples:
    """Return changed copies of labelled portraits, one of each.

    Parameters
    ----------
    examples : Examples
        Portraits as they are; those already cut out have a transparent background.
    rng : numpy.random.Generator
    strength : float
        Share of the portraits that are changed at all.

    Returns
    -------
    `Examples`
    """
    n = len(examples)
    rgba = _shift(_stretch(part_eyes(examples.rgba, rng), rng), rng)
    flip = rng.random(n) < 0.08
    rgba = np.where(flip[:, None, None, None], rgba[:, :, ::-1], rgba)
    clear = rgba[..., 3] == 0
    is_cut = clear.any(axis=(1, 2))
    background = clear | (find_background(rgba).mask & ~is_cut[:, None, None])
    repaint = rng.random(n) < 0.8
    painted, repainted = recolor(rgba, find_palette(rgba), ~background, rng)
    rgba = np.where(repaint[:, None, None, None], painted, rgba)
    rgba = _dress(rgba, rng)
    backdrop, kind = draw_backdrops(n, rng)
    new_ground = is_cut & (backdrop[..., 3] > 0).all(axis=(1, 2))
    alpha = rgba[..., 3:].astype(np.uint16)
    blended = ((rgba * alpha + backdrop * (255 - alpha)) // 255).astype(np.uint8)
    blended[..., 3] = 255
    rgba = np.where(new_ground[:, None, None, None], blended, rgba)

    keep = rng.random(n) >= strength
    rgba = np.where(keep[:, None, None, None], examples.rgba, rgba)
    targets = {t: v.copy() for t, v in examples.targets.items()}
    if "background" in targets:
        targets["background"][new_ground & ~keep] = np.eye(7, dtype=np.bool_)[kind[new_ground & ~keep]]
        targets["background"][is_cut & ~new_ground & ~keep] = np.eye(7, dtype=np.bool_)[6]
    for trait in COLOR_TRAITS:
        if trait in targets:
            gone = is_cut & ~keep if trait == "background_color" else repaint & repainted & ~keep
            targets[trait][gone] = False
    return examples.replaced(rgba, targets)


def _pick(rgba: ByteArray, row: IntArray, col: IntArray) -> ByteArray:
    """Read each portrait at its own rows (N, 24) and columns (N, 24)."""
    picked: ByteArray = rgba[np.arange(len(rgba))[:, None, None], row[:, :, None], col[:, None, :]]
    return picked


def _shift(rgba: ByteArray, rng: np.random.Generator) -> ByteArray:
    """Move portraits by up to two pixels; what comes in repeats the edge."""
    n = len(rgba)
    steps = np.array([-2, -1, 0, 1, 2])
    down = rng.choice(steps, n, p=(0.06, 0.19, 0.4, 0.25, 0.1))
    right = rng.choice(steps, n, p=(0.1, 0.2, 0.4, 0.2, 0.1))
    # hats that touch the upper edge are not pushed out of the picture
    full = (rgba[:, :2, :, 3] > 0).any(axis=(1, 2)) & (rgba[..., 3] == 0).any(axis=(1, 2))
    down = np.where(full, np.maximum(down, 0), down)
    place = np.arange(SIDE)
    return _pick(
        rgba, np.clip(place - down[:, None], 0, SIDE - 1), np.clip(place - right[:, None], 0, SIDE - 1)
    )


def _stretch(rgba: ByteArray, rng: np.random.Generator) -> ByteArray:
    """Make heads a row taller or shorter above the eyes, or a column wider or narrower beside the nose."""
    n = len(rgba)
    place = np.arange(SIDE)
    at = rng.integers(7, 10, n)[:, None]
    tall = rng.choice([-1, 0, 1], n, p=(0.12, 0.7, 0.18))[:, None]
    row = np.where(place < at, place + tall, place)
    at = rng.choice([8, 9, 14, 15], n)[:, None]
    wide = rng.choice([-1, 0, 1], n, p=(0.08, 0.8, 0.12))[:, None]
    # the side farther from the middle moves, so that the face stays where it is
    outer = np.where(at < 12, place < at, place > at)
    col = np.where(outer, place + np.where(at < 12, wide, -wide), place)
    return _pick(rgba, np.clip(row, 0, SIDE - 1), np.clip(col, 0, SIDE - 1))


def part_eyes(rgba: ByteArray, rng: np.random.Generator) -> ByteArray:
    """Put the eyes of some a column nearer, or up to three further apart, with what is between them."""
    wider = rng.choice([-1, 0, 1, 2, 3], len(rgba), p=(0.04, 0.85, 0.04, 0.04, 0.03))
    some = np.flatnonzero(wider)
    face = find_face(rgba[some])
    sure = np.flatnonzero(face.score >= SURE_FACE)
    some, face = some[sure], face.take(sure)
    parted = rgba.copy()
    parted[some] = widen(rgba[some], (face.left_eye_col + face.right_eye_col + 1) // 2, wider[some])
    return parted


def widen(rgba: ByteArray, middle: IntArray, wider: IntArray) -> ByteArray:
    """Repeat a column of each portrait, or take some out around it.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (N, 24, 24, 4)
    middle, wider : ndarray of int, shape (N,)
        Which column, and how many more there are then; fewer where negative. Both halves move outwards, the
        left one by half of it, rounded down.
    """
    middle, wider = middle[:, None], wider[:, None]
    col = np.arange(SIDE) + wider // 2
    last = middle + (np.minimum(wider, 0) + 1) // 2  # of the left half
    col = np.where(col <= last, col, np.maximum(col - wider, last + (wider < 0)))
    row = np.broadcast_to(np.arange(SIDE), (len(rgba), SIDE))
    return _pick(rgba, row, np.clip(col, 0, SIDE - 1))


def _dress(rgba: ByteArray, rng: np.random.Generator) -> ByteArray:
    """Draw shoulders behind the neck of figures that end in a bare one."""
    n = len(rgba)
    bare = (rgba[:, 23, :, 3] > 0).sum(axis=1)
    wanted = (bare > 0) & (bare <= 10) & (rng.random(n) < 0.5)
    row, col = np.mgrid[0:SIDE, 0:SIDE]
    top = rng.integers(21, 24, n)[:, None, None]
    slope = rng.integers(1, 4, n)[:, None, None]
    left = STAND[0] + rng.integers(-2, 4, n)[:, None, None] - (row - top) * slope
    right = STAND[1] + rng.integers(-4, 3, n)[:, None, None] + (row - top) * slope
    area = (row >= top) & (col >= left) & (col <= right) & (rgba[..., 3] == 0) & wanted[:, None, None]
    lab = np.broadcast_to(random_lab(rng, (n, 1, 1)), (n, SIDE, SIDE, 3)).copy()
    lab[..., 0] += ((row + col) % 2) * (rng.uniform(0, 14, n) * (rng.random(n) < 0.4))[:, None, None]
    color = np.concatenate([rgb_of(lab), np.full((n, SIDE, SIDE, 1), 255, np.uint8)], axis=-1)
    return np.where(area[..., None], color, rgba)
