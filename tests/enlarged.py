"""How a 24x24 portrait reaches us: enlarged, smoothed, compressed, in a border. For tests and benchmarks."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

Rgba = NDArray[np.uint8]

NEAREST, BILINEAR, BICUBIC, LANCZOS, HAMMING, BOX = (
    Image.Resampling[name] for name in ("NEAREST", "BILINEAR", "BICUBIC", "LANCZOS", "HAMMING", "BOX")
)


def resize(rgba: Rgba, size: int | tuple[int, int], how: Image.Resampling = NEAREST) -> Rgba:
    """Return a picture in another size: a side, or (height, width)."""
    height, width = (size, size) if isinstance(size, int) else size
    return np.asarray(Image.fromarray(rgba).resize((width, height), how))


def jpeg(rgba: Rgba, quality: int) -> Rgba:
    """Return what is left of a picture once it was saved as JPEG."""
    file = io.BytesIO()
    Image.fromarray(rgba).convert("RGB").save(file, "JPEG", quality=quality)
    return np.asarray(Image.open(file).convert("RGBA"))


def blur(rgba: Rgba, radius: float) -> Rgba:
    """Return a picture under a Gaussian blur."""
    return np.asarray(Image.fromarray(rgba).filter(ImageFilter.GaussianBlur(radius)))


def flatten(rgba: Rgba, color: Sequence[int] = (99, 133, 150)) -> Rgba:
    """Return a picture on a backdrop, with nothing see-through."""
    picture = Image.fromarray(rgba)
    backdrop = Image.new("RGBA", picture.size, (*color, 255))
    backdrop.alpha_composite(picture)
    return np.asarray(backdrop)


def frame(rgba: Rgba, widths: int | Sequence[int], color: Any = (255, 255, 255, 255)) -> Rgba:
    """Return a picture in a plain border: one width, or top, bottom, left, right."""
    top, bottom, left, right = [widths] * 4 if isinstance(widths, int) else widths
    height, width = rgba.shape[:2]
    framed = np.empty((top + height + bottom, left + width + right, 4), np.uint8)
    framed[:] = color
    framed[top : top + height, left : left + width] = rgba
    return framed


WAYS: dict[str, Callable[[Rgba], Rgba]] = {
    "nearest 512": lambda p: resize(p, 512),
    "nearest 1000": lambda p: resize(p, 1000),
    "20x, JPEG 75": lambda p: jpeg(resize(p, 480), 75),
    "bicubic 512": lambda p: resize(p, 512, BICUBIC),
    "Lanczos 512, JPEG 80": lambda p: jpeg(resize(p, 512, LANCZOS), 80),
    "bilinear 512": lambda p: resize(p, 512, BILINEAR),
    "Hamming 400": lambda p: resize(p, 400, HAMMING),
    "nearest 512, Lanczos 256": lambda p: resize(resize(p, 512), 256, LANCZOS),
    "nearest 512, blur 3": lambda p: blur(resize(p, 512), 3),
    "nearest 480x720": lambda p: resize(p, (480, 720)),
    "bicubic 333x271": lambda p: resize(p, (333, 271), BICUBIC),
    "bicubic 100": lambda p: resize(p, 100, BICUBIC),
}
"""Ways by name; all but the nearest ones want a portrait without alpha."""


def share_near(cells: Rgba, portrait: Rgba, levels: int = 10) -> float:
    """Return the share of cells within so many levels of a portrait; hidden colours do not count."""
    pair = [np.where(p[..., 3:] == 0, 0, p).astype(int) for p in (cells, portrait)]
    return float((np.abs(pair[0] - pair[1]).max(axis=-1) <= levels).mean())
