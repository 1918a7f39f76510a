"""Makes pictures that hold no 24x24 portrait, for tests of the refusal; same seed, same pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image

from enlarged import (
    BICUBIC,
    BOX,
    HAMMING,
    LANCZOS,
    NEAREST,
    WAYS,
    Rgba,
    flatten,
    jpeg,
    resize,
)

COUNTS = (16, 20, 28, 32, 48)
"""Cells along a side of portraits that are none of ours."""

PHOTOS = 75
SMOOTH = 30
NOISE = 20
GRADIENTS = 30
TEXTS = 30
FLAT = 15
PORTRAITS = 20
"""Pictures of each kind; of portraits for each count: 300 in all."""


class NotPunk(NamedTuple):
    """A picture that is to be refused."""

    kind: str
    name: str
    rgba: Rgba


def make_not_punks(portraits: Sequence[Rgba], seed: int = 0) -> list[NotPunk]:
    """Return 300 pictures that are not 24x24 portraits.

    Parameters
    ----------
    portraits : sequence of ndarray of uint8, shape (24, 24, 4)
        What portraits of other cell counts are made from.
    seed : int
    """
    rng = np.random.default_rng(seed)
    made = [
        *(NotPunk("photo", name, p) for name, p in _photos(rng)),
        *(NotPunk("smooth noise", str(i), _smooth_noise(rng)) for i in range(SMOOTH)),
        *(NotPunk("noise", str(i), _noise(rng, i)) for i in range(NOISE)),
        *(NotPunk("gradient", str(i), _gradient(rng, i)) for i in range(GRADIENTS)),
        *(NotPunk("text", str(i), _text(rng, i)) for i in range(TEXTS)),
        *(NotPunk("flat", str(i), _flat(rng, i)) for i in range(FLAT)),
    ]
    for count in COUNTS:
        made += [NotPunk(f"{count} cells", n, p) for n, p in _other_portraits(portraits, count, rng)]
    assert len(made) == 300
    return made


def _opaque(rgb: np.ndarray) -> Rgba:
    rgba = np.full((*rgb.shape[:2], 4), 255, np.uint8)
    rgba[..., :3] = rgb
    return rgba


def _side(rng: np.random.Generator) -> int:
    return int(rng.integers(60, 700))


def _photos(rng: np.random.Generator) -> Iterator[tuple[str, Rgba]]:
    """Yield the photos inside of scikit-image's package, whole and in parts, in several sizes."""
    import skimage

    folder = Path(skimage.__file__).parent / "data"
    drawn = ("chessboard", "logo", "phantom", "horse", "multipage", "color")
    paths = [
        path
        for path in sorted(folder.iterdir())
        if path.suffix in (".png", ".jpg") and not path.name.startswith(drawn)
    ]
    assert len(paths) >= 5, "scikit-image carries its photos no longer"
    for i in range(PHOTOS):
        path = paths[i % len(paths)]
        photo = np.asarray(Image.open(path).convert("RGBA"))
        if i >= len(paths):
            side = int(rng.integers(min(100, *photo.shape[:2]), min(photo.shape[:2]) + 1))
            row, col = (int(rng.integers(0, size - side + 1)) for size in photo.shape[:2])
            photo = np.ascontiguousarray(photo[row : row + side, col : col + side])
            photo = (
                photo,
                resize(photo, 512, BICUBIC),
                resize(photo, 256, LANCZOS),
                jpeg(photo, 60),
                resize(resize(photo, 64, BOX), 512, BICUBIC),
                resize(resize(photo, 32, BOX), 512),
            )[i % 6]
        yield f"{path.stem} {i}", photo


def _smooth_noise(rng: np.random.Generator) -> Rgba:
    size = int(rng.choice([3, 4, 6, 8, 12, 16, 20, 32, 40, 64]))
    values = rng.normal(size=(size, size, 3))
    values = (values - values.min()) / np.ptp(values) * 255
    return resize(_opaque(values), _side(rng), BICUBIC)


def _noise(rng: np.random.Generator, i: int) -> Rgba:
    side = _side(rng)
    rgba = _opaque(rng.integers(0, 256, (side, side, 1 if i % 3 == 0 else 3)))
    return jpeg(rgba, 70) if i % 4 == 0 else rgba


def _gradient(rng: np.random.Generator, i: int) -> Rgba:
    side = _side(rng)
    row, col = np.mgrid[0:side, 0:side] / side - 0.5
    angle = rng.uniform(0, 2 * np.pi)
    at = np.hypot(row, col) * 1.4 if i % 4 == 0 else 0.5 + col * np.cos(angle) + row * np.sin(angle)
    ends = rng.integers(0, 256, (2, 3))
    rgba = _opaque(ends[0] + (ends[1] - ends[0]) * np.clip(at, 0, 1)[..., None])
    return jpeg(rgba, 75) if i % 3 == 0 else rgba


def _text(rng: np.random.Generator, i: int) -> Rgba:
    import cv2

    side = int(rng.integers(100, 800))
    rgb = np.full((side, side, 3), rng.integers(0, 256, 3), np.uint8)
    color = [int(v) for v in rng.integers(0, 256, 3)]
    scale = float(rng.uniform(0.4, 2.5))
    for line in range(int(side / (30 * scale)) + 1):
        words = "".join(chr(int(v)) for v in rng.integers(33, 122, 60))
        foot = (5, int((line + 1) * 30 * scale))
        kind = cv2.LINE_AA if i % 2 else cv2.LINE_8
        cv2.putText(rgb, words, foot, i % 8, scale, color, int(rng.integers(1, 4)), kind)
    return jpeg(_opaque(rgb), 80) if i % 3 == 0 else _opaque(rgb)


def _flat(rng: np.random.Generator, i: int) -> Rgba:
    side = _side(rng)
    rgba = np.empty((side, side, 4), np.uint8)
    rgba[:] = (*rng.integers(0, 256, 3), 0 if i == 0 else 255)
    return jpeg(rgba, 75) if i % 3 == 1 else rgba


def _other_portraits(
    portraits: Sequence[Rgba], count: int, rng: np.random.Generator
) -> Iterator[tuple[str, Rgba]]:
    """Yield portraits of another count of cells, enlarged in all ways."""
    ways = list(WAYS.items())
    for i in range(PORTRAITS):
        four = [flatten(portraits[j]) for j in rng.integers(0, len(portraits), 4)]
        how, cells = _recount(four, count, i, rng)
        way, enlarge = ways[i % len(ways)]
        yield f"{how}, {way}, {i}", enlarge(cells)


def _recount(four: Sequence[Rgba], count: int, i: int, rng: np.random.Generator) -> tuple[str, Rgba]:
    """Return a picture of `count` x `count` cells made from portraits, and how it was made."""
    if count == 48:
        # 24 cells, each drawn as 2 x 2 equal ones, are a portrait of 24; these are not.
        if i % 3 == 0:
            return "bicubic", resize(four[0], 48, BICUBIC)
        if i % 3 == 1:
            return "rounded corners", scale2x(four[0])
        return "four portraits", np.vstack([np.hstack(four[:2]), np.hstack(four[2:])])
    if i % 4 == 3:
        if count < 24:
            row, col = rng.integers(0, 25 - count, 2)
            return "cut", np.ascontiguousarray(four[0][row : row + count, col : col + count])
        more = count - 24
        around = ((more // 2, more - more // 2),) * 2
        return "continued", np.pad(four[0], (*around, (0, 0)), "wrap")
    name, kernel = (("nearest", NEAREST), ("box", BOX), ("Hamming", HAMMING))[i % 4]
    return name, resize(four[0], count, kernel)


def scale2x(rgba: Rgba) -> Rgba:
    """Return a drawing twice as large with its corners rounded (the Scale2x rule), 24 to 48 cells."""
    packed = np.pad(np.ascontiguousarray(rgba).view(np.uint32)[..., 0], 1, "edge")
    middle = packed[1:-1, 1:-1]
    up, down, left, right = packed[:-2, 1:-1], packed[2:, 1:-1], packed[1:-1, :-2], packed[1:-1, 2:]
    large = np.empty((2 * len(rgba), 2 * rgba.shape[1]), np.uint32)
    large[0::2, 0::2] = np.where((left == up) & (left != down) & (up != right), up, middle)
    large[0::2, 1::2] = np.where((up == right) & (up != left) & (right != down), right, middle)
    large[1::2, 0::2] = np.where((down == left) & (down != right) & (left != up), left, middle)
    large[1::2, 1::2] = np.where((right == down) & (right != up) & (down != left), down, middle)
    return large.view(np.uint8).reshape(*large.shape, 4)
