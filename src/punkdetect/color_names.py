"""Names of colours: where in CIELAB one everyday colour word ends and the next begins.

Owns every border between colour names. Knows colours only; must not know where in the picture they are.

The borders are drawn in lightness, chroma and hue (degrees; red 30, yellow 100, green 140, blue 290) the way
people use the words: brown is dark orange, pink is light red, beige is pale brown, and what has little
chroma is black, gray or white.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from punkdetect.punks import BoolArray, FloatArray, IntArray
from punkdetect.vocabulary import TRAITS

BASIC = tuple(name for name in TRAITS["background_color"] if name != "multicolor")
"""Everyday colour words; codes of `name_basic` index it."""

(BLACK, GRAY, WHITE, RED, ORANGE, YELLOW, GREEN, CYAN, BLUE, PURPLE, PINK, BROWN, BEIGE) = range(len(BASIC))

Namer = Callable[[FloatArray], IntArray]

JUST_ANOTHER = 5.0
"""CIELAB distance within which people may name a colour differently: twice what they just see."""


def polar(lab: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return lightness, chroma and hue.

    Parameters
    ----------
    lab : ndarray of float64, shape (..., 3)

    Returns
    -------
    lightness, chroma, hue : ndarray of float64, shape (...)
        Hue in degrees, [0, 360).
    """
    a, b = lab[..., 1], lab[..., 2]
    return lab[..., 0], np.hypot(a, b), np.degrees(np.arctan2(b, a)) % 360


def between(hue: FloatArray, low: float, high: float) -> BoolArray:
    """Tell whether hues lie in [low, high), which may pass through 0."""
    inside: BoolArray = (hue >= low) & (hue < high) if low <= high else (hue >= low) | (hue < high)
    return inside


def name_basic(lab: FloatArray) -> IntArray:
    """Name colours with an everyday word.

    Parameters
    ----------
    lab : ndarray of float64, shape (..., 3)

    Returns
    -------
    ndarray of int, shape (...)
        Index into `BASIC`.
    """
    light, chroma, hue = polar(lab)
    # blue and beige are seen in less chroma than green and red; near white in less still
    cool, sandy, leafy = between(hue, 205, 300), between(hue, 50, 100), between(hue, 105, 205)
    least = np.select([cool | (light > 90) & ~between(hue, 15, 105), sandy, leafy], [7.0, 8.0, 9.8], 8.5)
    yellow_ends = 106 + 0.3 * np.clip(light - 70, 0, 20)  # pale lemon is yellow, dark lemon is green
    blue_ends = 303 + 7 * np.clip(chroma / 80, 0, 1)  # pure blue has hue 306, pale lilac as well
    rules: list[tuple[BoolArray, int]] = [
        ((light < 17) & (chroma < 9) | (light < 9) & (chroma < 20), BLACK),
        ((light > 90.5) & (chroma < 5.5) | (light > 97) & (chroma < 7), WHITE),
        (chroma < least, GRAY),
        # reds and pinks: pink is light red, or bluish red
        (between(hue, 350, 46) & (light >= 60) & ~(between(hue, 20, 46) & (chroma > 60)), PINK),
        (between(hue, 350, 15) & (light >= 45), PINK),
        (between(hue, 350, 8) & (light >= 36) & (chroma >= 50), PINK),
        (between(hue, 15, 43) & (chroma >= 18) & (light < 30), RED),
        (between(hue, 350, 45) & (chroma >= 24 + 12 * between(hue, 30, 43) + 30 * between(hue, 43, 45)), RED),
        (between(hue, 350, 15), PURPLE),
        # brown, beige, orange, yellow: brown is dark orange, beige is pale brown
        (between(hue, 43, 84) & (chroma >= 42) & (light >= 58), ORANGE),
        (between(hue, 15, 84) & (chroma >= 58) & (light >= 46), ORANGE),
        (
            (hue >= 80) & (hue < yellow_ends) & (chroma >= np.where(light < 80, 44, 32)) & (light >= 58),
            YELLOW,
        ),
        (between(hue, 50, 108) & (light >= 72), BEIGE),
        (between(hue, 15, 96), BROWN),
        # green to blue
        (between(hue, 96, 172), GREEN),
        (between(hue, 172, 198) & (light < 42), GREEN),
        (between(hue, 172, 224) & (light >= 40), CYAN),
        ((hue >= 172) & (hue < blue_ends), BLUE),
        # purple and pink
        (between(hue, 334, 350) & (light >= 45) & (chroma >= 20), PINK),
        (between(hue, 327, 350) & (light >= 50) & (chroma >= 60), PINK),
        (between(hue, 303, 350), PURPLE),
    ]
    return np.select([where for where, _ in rules], [code for _, code in rules], GRAY)


def certainty(lab: FloatArray, namer: Namer, reach: float = JUST_ANOTHER) -> FloatArray:
    """Return the share of the colours nearby that have the same name: 1 far from every border.

    Parameters
    ----------
    lab : ndarray of float64, shape (..., 3)
    namer : callable
        Names colours of shape (..., 3).
    reach : float
        CIELAB distance of the colours tried.

    Returns
    -------
    ndarray of float64, shape (...), in (0, 1]
    """
    steps = [s * reach * axis for axis in np.eye(3) for s in (-1.0, 1.0)]
    # itself and all steps at once: a namer makes many small steps of its own
    names = namer(np.stack([lab, *(lab + step for step in steps)]))
    same: FloatArray = (names == names[0]).sum(axis=0) / (len(steps) + 1)
    return same


def name_skin(lab: FloatArray) -> IntArray:
    """Name the tone of skin colours.

    Parameters
    ----------
    lab : ndarray of float64, shape (..., 3)

    Returns
    -------
    ndarray of int, shape (...)
        Index into the values of `skin_tone`.
    """
    light_tone, medium, dark, gray, other = range(len(TRAITS["skin_tone"]))
    light, chroma, hue = polar(lab)
    flesh = between(hue, 0, 100)
    rules: list[tuple[BoolArray, int]] = [
        ((light > 90) & ((chroma < 5) | ~flesh), other),  # paper white
        ((chroma < 5.6) | (chroma < 11) & ~flesh, gray),
        (~flesh | (chroma > 62), other),
        (light < 50.5, dark),
        # tanned skin is darker or, at the same lightness, stronger in colour
        (light - 0.5 * (chroma - 20) < 68.2, medium),
    ]
    return np.select([where for where, _ in rules], [code for _, code in rules], light_tone)


def name_eye(lab: FloatArray) -> IntArray:
    """Name the colour of irises.

    Parameters
    ----------
    lab : ndarray of float64, shape (..., 3)

    Returns
    -------
    ndarray of int, shape (...)
        Index into the values of `eye_color`.
    """
    black, brown, blue, green, gray, purple, red, orange, yellow, pink, white, _ = range(12)
    light, chroma, hue = polar(lab)
    rules: list[tuple[BoolArray, int]] = [
        # beside a black pupil artists draw black eyes in charcoal; the darkest labelled gray has 31
        ((light < 12) & (chroma < 8) | (light < 27) & (chroma < 5), black),
        ((light > 90) & (chroma < 8), white),
        # steel gray has 5, the palest labelled brown 8, denim blue 13
        (chroma < 6.5, gray),
        (between(hue, 330, 25) & (light >= 60), pink),
        (between(hue, 350, 45) & (chroma >= 45), red),
        (between(hue, 45, 82) & (chroma >= 52) & (light >= 50), orange),
        (between(hue, 82, 110) & (chroma >= 42) & (light >= 60), yellow),
        (between(hue, 350, 96), brown),
        (between(hue, 96, 192), green),
        (between(hue, 192, 303), blue),
    ]
    return np.select([where for where, _ in rules], [code for _, code in rules], purple)


def name_hair(lab: FloatArray) -> IntArray:
    """Name the colour of hair, given its average.

    Parameters
    ----------
    lab : ndarray of float64, shape (..., 3)

    Returns
    -------
    ndarray of int, shape (...)
        Index into the values of `hair_color`; never `none` nor `multicolor`.
    """
    _, black, brown, blonde, red, orange, gray, white, pink, purple, blue, green, _ = range(13)
    light, chroma, hue = polar(lab)
    warm = between(hue, 345, 105)
    # the darker the hair, the more chroma it takes to be seen as brown
    colorless = np.interp(light, [12, 22], [9.0, 6.0])
    rules: list[tuple[BoolArray, int]] = [
        ((light < 34.5) & (chroma < np.where(warm, colorless, 12)), black),
        ((chroma < np.where(warm, 8, 12)) & (light >= 69.5), white),
        (chroma < np.where(warm, np.where(light > 55, 13, 6.5), 12), gray),
        (between(hue, 330, 25) & (light >= 48), pink),
        (between(hue, 345, 43) & (chroma >= np.where(light >= 18, 19, 25)), red),
        (between(hue, 58, 112) & (light >= 60) & (chroma < 52), blonde),
        (between(hue, 38, 82) & (chroma >= 38) & (light >= 53), orange),
        (between(hue, 38, 70) & (chroma >= 55) & (light >= 42), orange),
        (between(hue, 43, 52) & (chroma >= 40), red),  # copper: brown hair is duller
        (between(hue, 52, 78) & (chroma >= np.where(hue < 65, 42, 51)) & (light >= 40), orange),
        (between(hue, 40, 112) & (light >= 57), blonde),
        (between(hue, 78, 112) & (chroma >= 20) & (light >= 48), blonde),
        (between(hue, 345, 112), brown),
        (between(hue, 112, 190), green),
        (between(hue, 190, 307), blue),
    ]
    return np.select([where for where, _ in rules], [code for _, code in rules], purple)
