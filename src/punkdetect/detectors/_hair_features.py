"""Numbers that describe the hair: its outline, its checkered shading, how far it hangs.

Knows landmarks and texture; must not know what a hairstyle is called or how a model weighs the numbers.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from punkdetect import texture
from punkdetect.bitrows import Bits, bits_of, count, count_bits, first_bit, last_bit, neighbors
from punkdetect.detectors._named_numbers import Numbers, table_of
from punkdetect.landmarks import Landmarks
from punkdetect.punks import SIDE, BoolArray, FloatArray, IntArray, Punks

USUAL_EYE_ROW = 11
"""Eye row that is assumed where no face was found."""

BANDS = {"top": (-20, -3), "temples": (-3, 3), "cheeks": (3, 8), "shoulders": (8, 13)}
"""Rows relative to the eyes (half open) in which the hair is described apart: curls show in the crown,
waves in what hangs."""

STEPS = {"below": (1, 0), "beside": (0, 1), "across": (1, 1), "two_below": (2, 0), "two_beside": (0, 2)}
"""Neighbours (rows, columns) whose lightness is compared; a checker differs from its direct neighbours and
equals the diagonal ones."""

MARGIN = 2
"""Pixels that the longest of these steps reaches."""

MOST_CONTRAST = 20.0
"""Lightness difference above which more says no more: it is another thing, not another shade."""

SAME = 1.0
"""Lightness difference under which two pixels are one shade."""

OUTLINE = (
    "area", "edge", "dots", "tips", "sharp", "notches", "gaps", "crown", "sides", *BANDS,
)  # fmt: skip
"""Beginnings of the names of what an outline alone tells. Hair of one flat colour has numbers of its own for
them: its curls are drawn by the outline alone, where shaded hair has its checker as well."""

TEMPLE_AND_CHEEK, CLOSE_HAIR = (-1, 4), 14
"""Rows relative to the eyes whose widths of hair are compared, and columns that close-lying hair has there:
flat hair that is labelled straight has 15 at most, where it is labelled curly 15 to
19. Chosen on the same portraits."""

SMALL = np.int8
"""Kind of number that holds columns and their differences: eight times as many go through the cache."""

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
    hair, palette = landmarks.regions.hair, landmarks.inked.palette
    face = landmarks.face
    eye_row = np.where(face.found, face.eye_row, USUAL_EYE_ROW)
    bits, behind = bits_of(hair), bits_of(landmarks.background.mask)
    out: Numbers = {}
    out.update(_outline(bits, behind))
    colors = (landmarks.hair_counts > 0).sum(axis=1)
    # hair of one flat colour has neither shading nor pattern
    flat = np.asarray(colors <= 1)
    shaded = np.flatnonzero(~flat)
    part = palette.take(shaded)
    lightness, mask = part.of_pixels(part.lab[..., 0]), hair[shaded]
    some = _shading(lightness, mask)
    out.update(some)
    out.update(_bands(bits, behind, np.arange(SIDE) - eye_row[:, None]))
    out.update(_steps_of_outline(hair, bits))
    out["colors"] = colors
    out["headwear"] = landmarks.regions.headwear.sum(axis=(1, 2))
    out["narrow_chin"] = landmarks.jaw.narrow_chin
    spectrum = texture.fourier_features(lightness, mask)
    patterns = texture.pattern_histogram(texture.local_binary_patterns(lightness, mask), mask)
    rings, sectors = np.split(spectrum, [texture.FOURIER_RINGS], axis=1)
    some.update({f"fourier_ring_{i}": share for i, share in enumerate(rings.T)})
    some.update(_regardless_of_side("fourier_slanted", sectors[:, 1], sectors[:, 3]))
    some.update(fourier_beside=sectors[:, 0], fourier_below=sectors[:, 2])
    some.update({f"pattern_{i}": patterns[:, i] for i in range(patterns.shape[1])})
    for name, values in some.items():
        out[name] = np.zeros(len(hair))
        out[name][shaded] = values
    described = {name: np.where(flat, 0.0, v) for name, v in out.items()}
    described.update(
        {f"flat_{name}": np.where(flat, v, 0.0) for name, v in out.items() if name.startswith(OUTLINE)}
    )
    for name, of_flat in _silhouette(bits, eye_row).items():
        described[f"flat_{name}"] = np.where(flat, of_flat, 0.0)
    described["flat"] = flat
    return table_of(described)


def _outline(hair: Bits, background: Bits) -> Numbers:
    """Loose dots, tips and notches: what the edge of curls is made of."""
    area = count(hair)
    one, two, three = neighbors(hair, SIDE)
    by_background, beside_two, _ = neighbors(background, SIDE, outside=True)
    edge = np.maximum(count(hair & by_background), 1)
    dots, tips = count(hair & ~one), count(hair & one & ~two)
    return {
        "area": area,
        "edge": edge / np.sqrt(np.maximum(area, 1)),
        "dots": dots,
        "tips": tips,
        "dots_share": dots / edge,
        "tips_share": tips / edge,
        "sharp": count(hair & beside_two) / edge,
        "notches": count(background & two) / edge,
        "gaps": count(background & three),
    }


def _shading(lightness: FloatArray, hair: BoolArray) -> Numbers:
    """Contrast between neighbours by direction: a checker, upright strands, level waves or a flat sheet.

    Every portrait has hair.
    """
    out: Numbers = {}
    n, side = len(hair), SIDE + 2 * MARGIN
    # all that counts are the hair's own pixels, one after the other; the margin keeps each in its portrait
    wide = np.full((n, side, side), np.inf)
    middle = slice(MARGIN, MARGIN + SIDE)
    np.copyto(wide[:, middle, middle], lightness, where=hair)
    padded = wide.reshape(-1)
    place = np.flatnonzero(padded < np.inf)
    portrait, light = place // (side * side), padded[place]
    first = np.flatnonzero(np.diff(portrait, prepend=-1))

    def number(pixels: BoolArray) -> IntArray:
        counted: IntArray = np.add.reduceat(pixels, first, dtype=np.intp)
        return counted

    def total(values: NDArray[Any]) -> FloatArray:
        summed: FloatArray = np.asarray(np.bincount(portrait, values, minlength=n), np.float64)
        return summed

    for name, (rows, cols) in {**STEPS, "against": (1, -1)}.items():
        difference = padded.take(place - (rows * side + cols), mode="clip")
        difference -= light
        np.abs(difference, out=difference)
        both = difference < np.inf
        pairs = np.maximum(number(both), 1)
        same = number(difference < SAME) / pairs
        np.minimum(difference, MOST_CONTRAST, out=difference)
        difference *= both
        out.update({name: total(difference) / pairs, f"{name}_same": same})
    out.update(_regardless_of_side("slanted", out.pop("across"), out.pop("against")))
    alike = out.pop("across_same"), out.pop("against_same")
    out.update(_regardless_of_side("slanted_same", *alike))
    area = number(np.ones(len(light), np.bool_))
    mean = total(light) / area
    spread = total((light - mean[portrait]) ** 2) / area
    checker = out["below"] + out["beside"] - out["slanted"]
    out.update(mean=mean, spread=np.sqrt(spread), checker=checker, upright=out["below"] - out["beside"])
    # the same step looks stronger in dark hair
    out["checker_of_dark"] = checker / (mean + 8)
    return out


def _bands(hair: Bits, background: Bits, rows: IntArray) -> Numbers:
    """Area, width, edge and loose pixels of the hair at crown, temples, cheeks and shoulders."""
    out: Numbers = {}
    _, two, _ = neighbors(hair, SIDE)
    by_background, _, _ = neighbors(background, SIDE, outside=True)
    for name, (first, end) in BANDS.items():
        band = np.where((rows >= first) & (rows < end), hair, np.uint32(0))
        width = count_bits(band).astype(SMALL)
        seen = width > 0
        out[f"{name}_area"] = width.sum(axis=1)
        out[f"{name}_width"] = count(np.bitwise_or.reduce(band, axis=1)[:, None])
        out[f"{name}_edge"] = count(band & by_background)
        out[f"{name}_loose"] = count(band & ~two)
        changes = (np.abs(np.diff(width, axis=1)) * (seen[:, 1:] & seen[:, :-1])).sum(axis=1)
        out[f"{name}_unsteady"] = changes / np.maximum(seen.sum(axis=1), 1)
    return out


def _silhouette(hair: Bits, eye_row: IntArray) -> Numbers:
    """How wide hair is, and by how much it stands off at the temples without hanging down beside the cheeks.

    That is all that tells a wig of curls in one flat colour with an even outline from a smooth sheet.
    """
    extent = np.where(hair > 0, last_bit(hair) - first_bit(hair) + 1, 0)
    rows = np.clip(eye_row[:, None] + np.asarray(TEMPLE_AND_CHEEK), 0, SIDE - 1)
    temples, cheeks = extent[np.arange(len(hair))[:, None], rows].T
    flare = np.minimum(temples - cheeks, np.maximum(temples - CLOSE_HAIR, 0))
    return {"flare": flare, "widest": extent.max(axis=1)}


def _steps_of_outline(hair: BoolArray, bits: Bits) -> Numbers:
    """How much, and how often to and fro, the left, right and upper outline steps."""
    rows, cols = bits > 0, np.any(hair, axis=1)
    lines = {
        "left": (first_bit(bits).astype(SMALL), rows),
        "right": (last_bit(bits).astype(SMALL), rows),
        "crown": (hair.argmax(axis=1).astype(SMALL), cols),
    }
    out: Numbers = {}
    for name, (line, seen) in lines.items():
        both = seen[:, 1:] & seen[:, :-1]
        step = np.diff(line, axis=1) * both
        size = np.minimum(np.abs(step), LONGEST_STEP).sum(axis=1)
        out[f"{name}_steps"] = size / np.maximum(both.sum(axis=1), 1)
        out[f"{name}_turns"] = (np.sign(step[:, 1:]) * np.sign(step[:, :-1]) < 0).sum(axis=1)
    for what in ("steps", "turns"):
        out[f"sides_{what}"] = out.pop(f"left_{what}") + out.pop(f"right_{what}")
    return out


def _regardless_of_side(name: str, one: FloatArray, other: FloatArray) -> Numbers:
    """Put what is told of both slants together.

    A mirrored portrait has the same hair, and fewer numbers are learned better from few portraits.
    """
    return {name: one + other, f"{name}_apart": np.abs(one - other)}
