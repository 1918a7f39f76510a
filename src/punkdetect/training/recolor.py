"""Changes the colours of labelled portraits, so that a model learns shapes and not one artist's palette.

Every distinct colour of a portrait is one patch of paint: it is changed as a whole, in CIELAB, for a whole
batch at once. Knows colours and masks; must not know what a trait is.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from punkdetect.pixels import Palette, grow
from punkdetect.punks import SIDE, BoolArray, ByteArray, FloatArray, IntArray

INK_LIGHTNESS = 12.0
"""CIELAB lightness below which a pixel counts as ink: outlines of every collection seen are darker."""

NEAR_SKIN = 34.0
"""CIE76 distance to the skin colour below which another colour of a similar hue is a shade of it (stubble,
cheeks, highlights); CryptoPunks' shades lie at 10-30."""

_SRGB_OF_XYZ = np.linalg.inv(
    np.array(
        [
            [0.4124564, 0.3575761, 0.1804375],
            [0.2126729, 0.7151522, 0.0721750],
            [0.0193339, 0.1191920, 0.9503041],
        ]
    )
)
_WHITE_D65 = np.array([0.95047, 1.0, 1.08883])


def rgb_of(lab: FloatArray) -> ByteArray:
    """Return CIELAB colours (D65) as sRGB; what sRGB cannot show is clipped.

    Parameters
    ----------
    lab : ndarray of float, shape (..., 3)

    Returns
    -------
    ndarray of uint8, shape (..., 3)
    """
    y = (lab[..., 0] + 16) / 116
    f = np.stack([y + lab[..., 1] / 500, y, y - lab[..., 2] / 200], axis=-1)
    xyz = np.where(f > 6 / 29, f**3, 3 * (6 / 29) ** 2 * (f - 4 / 29)) * _WHITE_D65
    linear = np.clip(xyz @ _SRGB_OF_XYZ.T, 0, 1)
    srgb = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    rgb: ByteArray = np.round(srgb * 255).astype(np.uint8)
    return rgb


def find_ink_mass(lab: FloatArray, figure: BoolArray) -> BoolArray:
    """Find black areas at least two pixels thick, with their tips: hair and hats, not outlines.

    Parameters
    ----------
    lab : ndarray of float, shape (N, 24, 24, 3)
    figure : ndarray of bool, shape (N, 24, 24)

    Returns
    -------
    ndarray of bool, shape (N, 24, 24)
    """
    ink = figure & (lab[..., 0] < INK_LIGHTNESS)
    square = ink[:, :-1, :-1] & ink[:, 1:, :-1] & ink[:, :-1, 1:] & ink[:, 1:, 1:]
    thick = np.zeros_like(ink)
    for row in (0, 1):
        for col in (0, 1):
            thick[:, row : SIDE - 1 + row, col : SIDE - 1 + col] |= square
    return grow(grow(thick) & ink) & ink


def find_skin(palette: Palette, figure: BoolArray) -> NDArray[np.bool_]:
    """Tell which colours of a portrait are its skin and shades of it.

    Parameters
    ----------
    palette : Palette
        N portraits of at most K colours.
    figure : ndarray of bool, shape (N, 24, 24)

    Returns
    -------
    ndarray of bool, shape (N, K)
    """
    cheeks = figure.copy()
    cheeks[:, :9] = cheeks[:, 20:] = False
    cheeks[..., :8] = cheeks[..., 17:] = False
    lab = palette.lab
    counts = np.where(lab[..., 0] < INK_LIGHTNESS, 0, palette.count_in(cheeks))
    main = lab[np.arange(len(lab)), counts.argmax(axis=1)][:, None]
    across = lab[..., 1] * main[..., 2] - lab[..., 2] * main[..., 1]
    chroma = np.hypot(lab[..., 1], lab[..., 2]) * np.hypot(main[..., 1], main[..., 2])
    same_hue = np.abs(across) <= 0.35 * np.maximum(chroma, 60)
    near = np.sqrt(((lab - main) ** 2).sum(axis=-1)) < NEAR_SKIN
    shade: NDArray[np.bool_] = near & same_hue & (lab[..., 0] >= INK_LIGHTNESS)
    return shade


def random_lab(rng: np.random.Generator, shape: tuple[int, ...]) -> FloatArray:
    """Draw colours: any hue, lightness 4-96, greys as often as paints."""
    lightness = rng.uniform(4, 96, shape)
    chroma = rng.uniform(0, 1, shape) ** 0.7 * (70 - np.abs(lightness - 55) * 0.7)
    chroma *= rng.uniform(0, 1, shape) < 0.75
    hue = rng.uniform(0, 2 * np.pi, shape)
    return np.stack([lightness, chroma * np.cos(hue), chroma * np.sin(hue)], axis=-1)


def _rotate(lab: FloatArray, angle: FloatArray) -> FloatArray:
    """Turn the hue of colours by an angle."""
    cos, sin = np.cos(angle), np.sin(angle)
    a, b = lab[..., 1] * cos - lab[..., 2] * sin, lab[..., 1] * sin + lab[..., 2] * cos
    return np.stack([lab[..., 0], a, b], axis=-1)


def recolor(
    rgba: ByteArray, palette: Palette, figure: BoolArray, rng: np.random.Generator
) -> tuple[ByteArray, BoolArray]:
    """Repaint figures: skin, hair and clothes each as a whole.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (N, 24, 24, 4)
    palette : Palette
        Of these portraits.
    figure : ndarray of bool, shape (N, 24, 24)
        Pixels that are not background.
    rng : numpy.random.Generator

    Returns
    -------
    rgba : ndarray of uint8, shape (N, 24, 24, 4)
    repainted : ndarray of bool, shape (N,)
        Portraits whose colours no longer say what their labels say.
    """
    n = len(rgba)
    lab = palette.lab.copy()
    k = lab.shape[1]
    ink = lab[..., 0] < INK_LIGHTNESS
    skin = find_skin(palette, figure) & ~ink

    def some(share: float) -> NDArray[np.bool_]:
        return rng.random(n) < share

    # the skin with its shades, to any human skin or, rarely, to any colour
    change = some(0.6)
    target = np.stack([rng.uniform(25, 92, n), rng.uniform(2, 24, n), rng.uniform(4, 32, n)], axis=-1)
    target = np.where(some(0.15)[:, None], random_lab(rng, (n,)), target)
    middle = (lab * skin[..., None]).sum(axis=1) / np.maximum(skin.sum(axis=1), 1)[:, None]
    moved = lab + (target - middle)[:, None]
    lab = np.where((skin & change[:, None])[..., None], moved, lab)
    repainted = change

    # everything else: hue and lightness together, so that shades of one hair keep their order
    change = some(0.65)
    angle = np.where(some(0.5), rng.uniform(-np.pi, np.pi, n), rng.normal(0, 0.35, n))[:, None]
    other = _rotate(lab, np.broadcast_to(angle, lab.shape[:2]))
    other[..., 1:] *= rng.uniform(0.0, 1.5, n)[:, None, None]
    other[..., 0] = other[..., 0] * rng.uniform(0.7, 1.15, n)[:, None] + rng.uniform(-12, 22, n)[:, None]
    lab = np.where((~skin & ~ink & change[:, None])[..., None], other, lab)
    repainted = repainted | change

    # each colour on its own, lightness nearly kept: accessories of many colours
    each = (rng.random((n, k)) < 0.35) & some(0.35)[:, None] & ~ink & ~skin
    own = random_lab(rng, (n, k))
    own[..., 0] = np.clip(lab[..., 0] + rng.normal(0, 10, (n, k)), 4, 97)
    lab = np.where(each[..., None], own, lab)
    repainted = repainted | each.any(axis=1)

    # the whole portrait grey, or of lower or higher contrast
    grey = some(0.06)[:, None]
    lab[..., 1:] *= np.where(grey, 0.0, 1.0)[..., None]
    contrast = np.where(some(0.3), rng.uniform(0.75, 1.2, n), 1.0)[:, None]
    lab[..., 0] = np.where(ink, lab[..., 0], 50 + (lab[..., 0] - 50) * contrast)
    # outlines that are not black
    softened = (some(0.12) * rng.uniform(4, 22, n))[:, None]
    lab[..., 0] = np.where(ink, lab[..., 0] + softened, lab[..., 0])

    pixels: Any = palette.of_pixels(np.clip(lab, [0, -110, -110], [100, 110, 110]))
    pixels = _repaint_ink_mass(pixels, palette.of_pixels(palette.lab), figure, rng)
    pixels = shade(pixels, palette.index, figure, rng, skin)
    out = rgba.copy()
    changed = figure & (np.abs(pixels - palette.of_pixels(palette.lab)).max(axis=-1) > 0.01)
    out[..., :3] = np.where(changed[..., None], rgb_of(pixels), rgba[..., :3])
    return out, repainted


def _repaint_ink_mass(
    pixels: FloatArray, before: Any, figure: BoolArray, rng: np.random.Generator
) -> FloatArray:
    """Give black hair and hats a colour of their own; outlines stay."""
    n = len(pixels)
    mass = find_ink_mass(before, figure) & (rng.random(n) < 0.55)[:, None, None]
    color = np.where(
        (rng.random(n) < 0.4)[:, None], rng.uniform([8, -4, -4], [40, 14, 22], (n, 3)), random_lab(rng, (n,))
    )
    return np.where(mass[..., None], color[:, None, None], pixels)


CHECKER = (np.add.outer(np.arange(SIDE), np.arange(SIDE)) % 2).astype(float) - 0.5
"""One pixel up, one down: the texture that hand-made portraits shade hair with."""

FLAT = 10
"""Pixels from which an area of one colour is large enough to be shaded."""


def shade(
    pixels: FloatArray, index: IntArray, figure: BoolArray, rng: np.random.Generator, skin: NDArray[np.bool_]
) -> FloatArray:
    """Shade large flat areas: checkered, speckled or lit from one side.

    Parameters
    ----------
    pixels : ndarray of float, shape (N, 24, 24, 3)
        CIELAB.
    index : ndarray of int, shape (N, 24, 24)
        Which colour each pixel has.
    figure : ndarray of bool, shape (N, 24, 24)
    skin : ndarray of bool, shape (N, K)
        Colours of the face, which are shaded less often than hair and clothes, and less.

    Returns
    -------
    ndarray of float, shape (N, 24, 24, 3)
    """
    n, k = skin.shape
    cell = index + np.arange(n)[:, None, None] * k
    counts = np.bincount(cell[figure].ravel(), minlength=n * k).reshape(n, k)
    at_all = np.asarray(rng.random(n) < 0.6)[:, None]
    wanted = (counts >= FLAT) & (rng.random((n, k)) < np.where(skin, 0.15, 0.6)) & at_all
    amount: FloatArray = wanted * rng.uniform(1.5, 7, (n, k)) * np.where(skin, 0.3, 1.0)
    strength = amount[np.arange(n)[:, None, None], index]
    kind = np.asarray(rng.integers(0, 4, n))[:, None, None]
    row, col = np.mgrid[0:SIDE, 0:SIDE] / SIDE - 0.5
    slope = rng.uniform(-2, 2, (2, n, 1, 1))
    texture = np.select(
        [kind == 0, kind == 1, kind == 2],
        [
            np.broadcast_to(CHECKER * 2, (n, SIDE, SIDE)),
            rng.normal(0, 0.7, (n, SIDE, SIDE)),
            np.sign(rng.uniform(-1, 1, (n, SIDE, SIDE))) * (rng.random((n, SIDE, SIDE)) < 0.4),
        ],
        slope[0] * row + slope[1] * col,
    )
    out = pixels.copy()
    ink_line = pixels[..., 0] < INK_LIGHTNESS
    out[..., 0] += np.where(figure & ~ink_line, strength * texture, 0)
    return out
