"""The pixels of a PNG, whose chunks `punkdetect.png` has looked at.

What nearly all portraits are, 8 bits a sample and not interlaced, goes straight from the packed data through
Pillow's decoder; the rest, and what the decoder refuses, takes the way through Pillow's own reader, which
is slower and can say why. Many small pictures are decoded as one: what Pillow does around each takes several
times as long as decoding it.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from contextlib import suppress
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np

from punkdetect.errors import CorruptError, PictureError, UnsupportedError
from punkdetect.formats import Limits
from punkdetect.images._decoded import ByteArray, Picture, finish, look_up, palette, rgba_of, samples_of
from punkdetect.png import GREY, GREY_ALPHA, PALETTE, RGB, RGBA, Png, find_fault, packed_size, read_png

if TYPE_CHECKING:
    from PIL.Image import Image

_MODES = {RGBA: ("RGBA", 4), RGB: ("RGB", 3), PALETTE: ("L", 1), GREY: ("L", 1), GREY_ALPHA: ("LA", 2)}
"""Pillow's name for 8-bit samples as a PNG of each colour type stores them, and how many a pixel has."""


def read_png_picture(data: bytes, limits: Limits) -> Picture:
    """Decode a PNG; as `punkdetect.images.read_picture`."""
    png = read_png(data, limits)
    return _picture_of(png, _unpack(png) if _is_plain(png) else None)


def read_small_pngs(files: Sequence[bytes], limits: Limits) -> list[Picture | None]:
    """Decode many small PNGs, those of one size and colour type as one picture.

    Parameters
    ----------
    files : sequence of bytes
    limits : Limits

    Returns
    -------
    list of Picture or None
        As `read_png_picture` returns each; None where that is to be asked, as it can say what is wrong.
    """
    pictures: list[Picture | None] = [None] * len(files)
    alike: dict[_Kind, list[tuple[int, Png, bytes]]] = {}
    for i, data in enumerate(files):
        png = _plain_png(data, limits)
        rows = None if png is None else _unpacked(png)
        if png is not None and rows is not None:
            alike.setdefault((png.width, png.height, png.color), []).append((i, png, rows))
    for kind, group in alike.items():
        decoded = _unfilter(kind, [rows for _, _, rows in group])
        for (i, png, _), samples in zip(group, decoded, strict=False):  # a damaged one spoils them all
            with suppress(PictureError):
                pictures[i] = _picture_of(png, samples)
    return pictures


_Kind = tuple[int, int, int]
"""Width, height and colour type."""

SMALL = 16 << 10
"""Unpacked bytes of a picture up to which it is decoded together with others, and of its packed data."""


def _plain_png(data: bytes, limits: Limits) -> Png | None:
    """Return a PNG that is sound, small and has nothing special; None for all others."""
    try:
        png = read_png(data, limits)
    except PictureError:
        return None
    return png if _is_plain(png) and packed_size(png) <= SMALL and not (png.profile or png.exif) else None


def _unpacked(png: Png) -> bytes | None:
    """Return the rows of a PNG, each after its filter's byte; None unless exactly these are there."""
    packed = png.image_data()
    if len(packed) > SMALL:
        return None
    try:
        rows = zlib.decompress(packed)
    except zlib.error:
        return None
    return rows if len(rows) == packed_size(png) else None


def _unfilter(kind: _Kind, pictures: Sequence[bytes]) -> ByteArray:
    """Undo the filters of N pictures' rows: (N, H, W, channels); N is 0 if any of them is damaged.

    They are put under each other as one picture, an empty row before each, since filters look at the row
    above.
    """
    from PIL import Image

    width, height, color = kind
    mode, channels = _MODES[color]
    empty = bytes(1 + width * channels)
    rows = zlib.compress(empty + empty.join(pictures), level=0)
    try:
        image = Image.frombytes(mode, (width, (1 + height) * len(pictures)), rows, "zip", mode, 0)
    except (ValueError, OSError):  # a filter that does not exist
        return np.empty((0, height, width, channels), np.uint8)
    samples = np.frombuffer(image.tobytes(), np.uint8)
    return samples.reshape(len(pictures), 1 + height, width, channels)[:, 1:]


def _is_plain(png: Png) -> bool:
    return png.depth == 8 and not png.interlaced


def _picture_of(png: Png, samples: ByteArray | None) -> Picture:
    """Return the picture of 8-bit samples, (H, W, channels); None: they are still to be read."""
    if samples is None:
        rgba = _read_slowly(png)
    elif png.color == RGBA:
        rgba = samples
    elif png.color == PALETTE:
        rgba = look_up(samples[..., 0], palette(png.palette, png.transparency))
    else:
        rgba = _spread(samples, png)
    notes = (*png.notes, "16-bit samples were cut to their high byte") if png.depth == 16 else png.notes
    return finish(rgba, "PNG", png.profile, png.exif, notes, grey=png.color in (GREY, GREY_ALPHA))


def _unpack(png: Png) -> ByteArray | None:
    """Return 8-bit samples as they are stored, (H, W, channels); None if the image data may be damaged."""
    from PIL import Image

    mode, channels = _MODES[png.color]
    try:
        image = Image.frombytes(mode, (png.width, png.height), png.image_data(), "zip", mode, 0)
    except MemoryError:
        raise
    except Exception:  # on damaged data Pillow raises about anything; the slow way says what is wrong
        return None
    samples = np.frombuffer(image.tobytes(), np.uint8).reshape(png.height, png.width, channels)
    if not samples[-1].any():  # rows that are not there are left at 0 without a word
        return None
    return samples


def _spread(samples: ByteArray, png: Png) -> ByteArray:
    """Return RGBA of grey or RGB samples (H, W, channels) that may have one transparent colour."""
    rgba = np.full((png.height, png.width, 4), 255, np.uint8)
    channels = samples.shape[2]
    rgba[..., :3] = samples[..., :3] if channels == 3 else samples[..., :1]
    if channels == 2:
        rgba[..., 3] = samples[..., 1]
    elif png.transparency:
        if png.depth == 16:
            raise UnsupportedError("16-bit RGB with a transparent colour; save it with 8 bits")
        scale = 255 // ((1 << png.depth) - 1)  # grey of 1, 2 and 4 bits was spread over 0-255
        see_through = np.frombuffer(png.transparency, ">u2").astype(np.int64) * scale
        rgba[(samples == see_through).all(-1), 3] = 0
    return rgba


def _read_slowly(png: Png) -> ByteArray:
    """Return the pixels, (H, W, 4), of any PNG.

    Raises
    ------
    CorruptError
        With the reason.
    """
    from PIL.PngImagePlugin import PngImageFile

    try:
        image = PngImageFile(BytesIO(png.pixels))
        stored = np.frombuffer(image.tobytes(), np.uint8).reshape(png.height, -1)
    except MemoryError:
        raise
    except Exception as error:  # on damaged data Pillow raises about anything
        fault = find_fault(png) or "filter (a row is coded in a way that does not exist)"
        raise CorruptError(fault) from error
    if png.interlaced or not stored[-1].any():  # Pillow leaves rows that are not there at 0, without a word
        fault = find_fault(png)
        if fault:
            raise CorruptError(fault)
    if image.mode == "RGBA":
        return stored.reshape(png.height, png.width, 4)
    if png.palette:
        return look_up(stored, palette(png.palette, png.transparency))
    if image.mode == "RGB":
        opaque = rgba_of(image)
        return _spread(opaque[..., :3], png) if png.transparency else opaque
    if image.mode.startswith("I"):
        return _high_bytes(image, png)
    grey = samples_of(image.convert("L"), 1) if image.mode == "1" else stored
    return _spread(grey.reshape(png.height, png.width, -1), png)


def _high_bytes(image: Image, png: Png) -> ByteArray:
    """Return RGBA of 16-bit grey, which Pillow would clip at 255."""
    wide = np.frombuffer(image.tobytes("raw", "I;16B"), ">u2").reshape(png.height, png.width)
    rgba = np.full((png.height, png.width, 4), 255, np.uint8)
    rgba[..., :3] = (wide >> 8)[..., None]
    if png.transparency:
        rgba[wide == int.from_bytes(png.transparency, "big"), 3] = 0
    return rgba
