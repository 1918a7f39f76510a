"""The noun `Picture`, and what all decoders share: samples, palettes, the last steps to sRGB.

Knows Pillow's decoded pictures and arrays; knows no file format.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from punkdetect.errors import CorruptError, PictureError

if TYPE_CHECKING:
    from PIL.Image import Image

ByteArray = NDArray[np.uint8]

CONVERTED = "its colour profile was converted to sRGB"
TURNED = "turned as its EXIF says"
"""Notes of a picture whose stored pixels are not those that are seen."""

OPENING = threading.Lock()
"""Held while Pillow's warnings are caught: `warnings.catch_warnings` is not safe in threads."""


class Picture(NamedTuple):
    """A decoded picture of any size.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (H, W, 4)
        sRGB with straight (not premultiplied) alpha, the right way up. Read-only.
    format : str
        `PNG`, `GIF`, `WebP`, `BMP` or `JPEG`: what the bytes are, whatever the file is called.
    notes : tuple of str
        What was done to the pixels, or left aside, that a person may want to know.
    """

    rgba: ByteArray
    format: str
    notes: tuple[str, ...] = ()


def samples_of(image: Image, channels: int) -> ByteArray:
    """Return the samples of a decoded picture as they are stored, (H, W, channels), read-only."""
    return np.frombuffer(image.tobytes(), np.uint8).reshape(image.height, image.width, channels)


def rgba_of(image: Image) -> ByteArray:
    """Return the pixels of a decoded picture, shape (H, W, 4)."""
    if image.mode == "RGB":
        image.putalpha(255)  # in place; convert() would hold the picture twice
        return samples_of(image, 4)
    return samples_of(image.convert("RGBA"), 4)


def palette(colors: bytes, alphas: bytes = b"") -> ByteArray:
    """Return a palette as RGBA, shape (colours, 4); colours without an alpha of their own are opaque."""
    table = np.full((len(colors) // 3, 4), 255, np.uint8)
    table[:, :3] = np.frombuffer(colors, np.uint8).reshape(-1, 3)
    table[: len(alphas), 3] = np.frombuffer(alphas, np.uint8)
    return table


def look_up(indices: ByteArray, table: ByteArray) -> ByteArray:
    """Return the colours (H, W, 4) of palette indices (H, W); an index beyond the palette has none."""
    if len(table) < 256 and int(indices.max()) >= len(table):
        raise beyond_palette()
    return table[indices]


def beyond_palette() -> PictureError:
    return CorruptError("a pixel's colour is not in the palette")


def finish(
    rgba: ByteArray,
    name: str,
    profile: bytes | None = None,
    exif: bytes | None = None,
    notes: tuple[str, ...] = (),
    *,
    grey: bool = False,
) -> Picture:
    """Bring the colours to sRGB and the picture the right way up."""
    if profile or exif:
        from punkdetect.images import _upright

        if profile and (converted := _upright.to_srgb(rgba, profile, grey)) is not rgba:
            rgba, notes = converted, (*notes, CONVERTED)
        if exif and (turned := _upright.set_upright(rgba, exif)) is not rgba:
            rgba, notes = turned, (*notes, TURNED)
    rgba.flags.writeable = False
    return Picture(rgba, name, notes)
